"""The document of `status` as text: when it last ran, who is at work, and a table of lists and one of audiences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from reconciler.report.document import Document
from reconciler.report.moments import moment, span
from reconciler.report.style import Paint, painter

_LIST_TITLES = ("Lists", "ledger", "Criteo counts", "matches", "match rate", "asked", "Criteo's size", "")
_KIND_TITLES = ("Criteo's own segments", "kind", "Criteo's size", "")
_AUDIENCE_TITLES = ("Audiences", "Criteo's size", "")


def render_status_text(doc: Document, *, colour: bool = False) -> str:
    """For people. What is not known is a dash."""
    paint = painter(colour=colour)
    parts = [
        f"{paint('bold', doc['workspace'])}, advertiser {doc['advertiser']}, at {_moment(doc['now'])}",
        "\n".join(f"  {name:<10}{line}" for name, line in _facts(doc, paint)),
        _table(_LIST_TITLES, map(_list_row, doc["lists"]), paint),
        _table(_KIND_TITLES, map(_kind_row, doc["kinds"]), paint),
        _table(_AUDIENCE_TITLES, map(_audience_row, doc["audiences"]), paint),
        _section("Counts that no lag explains", map(_difference, filter(_differs, doc["lists"])), paint),
        _section("In doubt", _doubts(doc), paint),
        _section("Not applied yet", map(_unapplied, doc["unapplied"]), paint),
        _section("Notes", doc["notes"], paint),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(doc: Document, paint: Paint) -> Iterator[tuple[str, str]]:
    state, schedule = doc["state"], doc["schedule"]
    yield "applied", f"as of {_moment(state['as_of'])}" if state and state["as_of"] else "nothing yet"
    yield "schedule", _schedule(schedule, doc["now"], paint)
    yield "lock", _lock(doc["lock"])


def _schedule(schedule: Document, now: str, paint: Paint) -> str:
    every = f"every {span(dt.timedelta(minutes=schedule['minutes']))}"
    if schedule["last_as_of"] is None:
        return every
    ago = _parsed(now) - _parsed(schedule["last_as_of"])
    last = f"{every}; the last run was as of {_moment(schedule['last_as_of'])}, {_ago(ago)}"
    late = schedule["late_by_minutes"]
    return paint("!", f"{last}: late by {span(dt.timedelta(minutes=late))}") if late else last


def _lock(lock: Document | None) -> str:
    if lock is None:
        return "nobody is at work"
    who = f"`{lock['operation']}` on {lock['host']} (process {lock['pid']}) since {_moment(lock['since'])}"
    return f"{who}: {lock['free']}, so that the next run takes it over" if lock["free"] else who


def _list_row(each: Document) -> Sequence[str]:
    counts = each["counts"] or {}
    rate, age = counts.get("match_rate"), counts.get("age_minutes")
    return (
        each["address"],
        _count(each["held"]) if each["criteo_id"] else "-",
        _count(counts.get("identifiers")),
        _count(counts.get("matches")),
        f"{rate:.1f}%" if rate is not None else "-",
        _ago(dt.timedelta(minutes=age)) if age is not None else "-",
        _count(each["size"]),
        _remark(each),
    )


def _remark(each: Document) -> str:
    if each["criteo_id"] is None:
        return "not made yet"
    return "" if each["fit"] in (None, "counted") else str(each["fit"])


def _kind_row(each: Document) -> Sequence[str]:
    made = "" if each["criteo_id"] else "not made yet"
    return each["address"], each["kind"] or "-", _count(each["size"]), made


def _audience_row(each: Document) -> Sequence[str]:
    return each["address"], _count(each["size"]), "" if each["criteo_id"] else "not made yet"


def _differs(each: Document) -> bool:
    return bool(each["fit"] == "differs")


def _difference(each: Document) -> str:
    counts = each["counts"]
    low, high = counts["held_low"], counts["held_high"]
    held = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return (
        f"{each['address']}: Criteo counts {counts['identifiers']:,} identifiers, the ledger held {held} in the day "
        f"before. Somebody else may write to the list, or Criteo may have lost a part of it or call it invalid."
    )


def _doubts(doc: Document) -> Iterator[str]:
    for each in doc["doubts"]:
        named = [*each["lists"], *(f"{address} (its making)" for address in each["creates"])]
        yield f"{', '.join(named)}: a run did not learn how it ended; the next apply or sync says it again"


def _unapplied(each: Document) -> str:
    return f"{each['address']}: {', '.join(each['what'])}"


def _section(title: str, lines: Iterable[str], paint: Paint) -> str:
    body = "\n".join(f"  {line}" for line in lines)
    return f"{paint('bold', title)}\n{body}" if body else ""


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], paint: Paint) -> str:
    """Numbers end below each other; the first and the last column begin so."""
    body = [(f"  {first}", *others) for first, *others in rows]
    if not body:
        return ""
    widths = [max(map(len, column)) for column in zip(titles, *body, strict=True)]
    head, *lines = (_line(row, widths) for row in (titles, *body))
    return "\n".join((paint("bold", head), *lines))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    numbers = (f"{cell:>{width}}" for cell, width in zip(row[1:-1], widths[1:-1], strict=True))
    return "  ".join((f"{row[0]:<{widths[0]}}", *numbers, row[-1])).rstrip()


def _count(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"


def _ago(value: dt.timedelta) -> str:
    return f"{span(value)} ago" if value >= dt.timedelta(minutes=1) else "just now"


def _parsed(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _moment(text: str) -> str:
    return moment(_parsed(text))
