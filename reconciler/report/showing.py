"""What `show` found, as text: one resource, or the whole workspace on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reconciler.plan.definitions import in_flow
from reconciler.report.style import painter

Document = dict[str, Any]
_GROUPS = ("all", "any", "none")


def render_shown(doc: Document, *, colour: bool = False) -> str:
    """A resource: what it is, who, and where it is used."""
    paint = painter(colour=colour)
    lines = [f"{paint('bold', doc['address'])}  {paint('dim', doc['written'])}" if "written" in doc else doc["address"]]
    lines += _facts(doc)
    for title, body in _sections(doc):
        lines += ["", paint("bold", title), *(f"  {line}" for line in body)]
    return "\n".join(lines) + "\n"


def _facts(doc: Document) -> Iterator[str]:
    """The plain attributes that there are, below each other."""
    told = {key: text for key, text in _attributes(doc) if text}
    width = max(map(len, told), default=0)
    for key, text in told.items():
        yield f"  {key:<{width}}  {text}"


def _attributes(doc: Document) -> Iterator[tuple[str, str | None]]:
    yield "name", doc.get("name")
    yield "description", doc.get("description")
    yield "owner", doc.get("owner")
    if "published" in doc and not doc["published"]:
        yield "publish", "no: a helper, never sent to Criteo"
    if doc.get("published"):
        reason = f": {doc['reason']}" if doc["reason"] else ""
        yield "consent", f"{doc['consent']}{reason}"
    if doc.get("active"):
        yield "active", " ".join(f"{key} {day}" for key, day in doc["active"].items())
    if doc.get("expected_members"):
        yield "expected", " and ".join(f"{key.replace('_', ' ')} {n:,}" for key, n in doc["expected_members"].items())
    if doc.get("allow_empty"):
        yield "may be empty", "yes"
    if doc.get("offer"):
        offer = doc["offer"]
        stage = f", touch {offer['touch']} of {offer['ladder']}" if "ladder" in offer else ""
        yield "offer", f"{offer['discount']}{stage}"
    if "ad_sets" in doc:
        yield "ad sets", ", ".join(doc["ad_sets"]) or "none"
    if "audience" in doc:
        yield "targeted by", f'{doc["audience"]["address"]} "{doc["audience"]["name"]}", {doc["audience"]["written"]}'


def _sections(doc: Document) -> Iterator[tuple[str, Iterable[str]]]:
    if doc.get("lists"):
        rows = [(each["address"], f'"{each["name"]}"', each.get("window", "")) for each in doc["lists"]]
        yield "Lists at Criteo", _columns(rows)
    yield from _criteos(doc)
    if "stands_for" in doc:
        yield "Stands for", _columns([(e["address"], f'"{e["name"]}"', e["written"]) for e in doc["stands_for"]])
    if "who" in doc:
        yield "Who", _who(doc["who"])
    if doc.get("refers_to"):
        rows = [(each["address"], each["written"], in_flow(each["who"])) for each in doc["refers_to"]]
        yield "Refers to", _columns(rows)
    if "algebra" in doc:
        yield "Algebra", [doc["algebra"]]
    for key in ("include", "exclude"):
        if doc.get(key):
            used = [(e["address"], f'"{e["name"]}"', e["written"], _always(e)) for e in doc[key]]
            yield f"{key.capitalize()}s", _columns(used)
    if doc.get("not_excluded"):
        yield "Does not exclude", [f"{key}: {why}" for key, why in doc["not_excluded"].items()]
    if "used_by" in doc:
        yield "Used by", _columns(list(_users(doc["used_by"]))) or ["nothing"]
    yield from _checks(doc)


def _criteos(doc: Document) -> Iterator[tuple[str, Iterable[str]]]:
    """What it is where Criteo alone knows who is in it."""
    if doc.get("criteo_id"):
        yield "At Criteo", [f"id {doc['criteo_id']}: not ours, and never changed"]
    if doc.get("criteo"):
        yield "One of Criteo's own kinds", [in_flow(doc["criteo"])]


def _checks(doc: Document) -> Iterator[tuple[str, Iterable[str]]]:
    """What is held against it."""
    if doc.get("exclusive"):
        rows = [(each["name"], ", ".join(each["segments"]), each["written"]) for each in doc["exclusive"]]
        yield "Nobody may be in two of", _columns(rows)
    if "tests" in doc:
        yield "Tested by", _columns([(each["name"], each["written"]) for each in doc["tests"]]) or ["nothing"]
    if doc.get("lint_ignored"):
        yield "Ignored by lint", [f"{rule}: {why}" for rule, why in doc["lint_ignored"].items()]


def _always(each: Document) -> str:
    return "by always_exclude" if each.get("always") else ""


def _who(who: Document) -> Iterator[str]:
    """The conditions as the YAML has them, each on a line."""
    if not set(who) <= set(_GROUPS):
        yield in_flow(who)
        return
    for role, members in who.items():
        yield f"{role}:"
        for member in members:
            lines = list(_who(member))
            yield f"  - {lines[0]}"
            yield from (f"    {line}" for line in lines[1:])


def _users(used_by: Document) -> Iterator[Sequence[str]]:
    for each in used_by["segments"]:
        yield each["address"], "refers to it", "", each["written"]
    for each in used_by["audiences"]:
        parts = [one.rpartition(".")[2] for one in each["lists"] if one.count(".") == 2]
        which = f"its {', '.join(parts)}" if parts else "it"
        ad_sets = f"ad sets {', '.join(each['ad_sets'])}" if each["ad_sets"] else "no ad set"
        yield each["address"], f"{each['how']}s {which}", ad_sets, each["written"]


def render_overview(doc: Document, *, colour: bool = False) -> str:
    """A line for each segment and audience."""
    paint = painter(colour=colour)
    head = f"{paint('bold', doc['workspace'])}, advertiser {doc['advertiser']}"
    segments = [_segment_row(each) for each in doc["segments"]]
    audiences = [_audience_row(each) for each in doc["audiences"]]
    parts = [head]
    for title, rows in (("Segments", segments), ("Audiences", audiences)):
        if rows:
            parts.append("\n".join([paint("bold", title), *(f"  {line}" for line in _columns(rows))]))
    return "\n\n".join(parts) + "\n"


def _segment_row(each: Document) -> tuple[str, ...]:
    name = f'"{each["name"]}"' if each["name"] else "not ours" if "criteo" in each else "not sent"
    slices = each.get("criteo") or ", ".join(f"{part} {window}" for part, window in each["slices"].items())
    used = f"{each['audiences']} audience{'' if each['audiences'] == 1 else 's'}" if each["audiences"] else "-"
    return each["address"], name, slices, used, each["written"]


def _audience_row(each: Document) -> tuple[str, ...]:
    exclude = f"not {', '.join(each['exclude'])}" if each["exclude"] and "algebra" not in each else ""
    include = each.get("algebra") or ", ".join(each["include"])
    ad_sets = ", ".join(each["ad_sets"]) or "no ad set"
    return each["address"], f'"{each["name"]}"', include, exclude, ad_sets, each["written"]


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows below each other; columns that are empty throughout are left out."""
    kept = [number for number in range(len(rows[0]) if rows else 0) if any(row[number] for row in rows)]
    widths = {number: max(len(row[number]) for row in rows) for number in kept}
    return ["  ".join(f"{row[number]:<{widths[number]}}" for number in kept).rstrip() for row in rows]
