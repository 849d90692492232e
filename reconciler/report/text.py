"""The document as text for people, in Terraform's layout: what goes first, then what is stopped, changed and moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.report.document import (
    Document,
    calls_line,
    change_text,
    conditions,
    counted,
    cycle_line,
    definition_twins,
    moved,
    moving,
    source_lines,
    summary_lines,
    verdict,
)
from reconciler.report.lint import plan_lines
from reconciler.report.sizes import size_words
from reconciler.report.style import STYLES, Paint, painter


def render_text(doc: Document, *, colour: bool = False) -> str:
    """The whole plan as text, ending with the two lines of the summary."""
    paint = painter(colour=colour)
    parts = [_head(doc, paint)]
    parts += [_section(title, lines, paint) for title, lines in _sections(doc, paint)]
    parts.append(_foot(doc, paint))
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(doc: Document, paint: Paint) -> str:
    first = f"{paint('bold', doc['workspace'])} as of {doc['as_of']}"
    said = verdict(doc)
    return f"{first}\n\n{paint('bold', said)}" if said else first


def _sections(doc: Document, paint: Paint) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Resources", _resources(doc, paint)
    yield "Blocked", (paint("!", f"! {each['address']} ({each['guard']}): {each['message']}") for each in doc["blocks"])
    yield "Changes", _changes(doc, paint)
    yield "Changed at Criteo since we last wrote", _drift(doc, paint)
    yield "Members", _members(doc, paint)
    if not doc["summary"]["empty"] or doc["blocks"]:
        yield "Source", source_lines(doc)
    yield "Cycles", map(cycle_line, doc["cycles"])
    yield "Notes", doc["notes"]
    yield "Lint", (paint(STYLES[severity], line) for severity, line in plan_lines(doc))


def _section(title: str, lines: Iterable[str], paint: Paint) -> str:
    body = "\n".join(f"  {line}" for line in lines)
    return f"{paint('bold', title)}\n{body}" if body else ""


def _resources(doc: Document, paint: Paint) -> Iterator[str]:
    shown = [each for each in doc["resources"] if each["action"] != "none" or each["drift"]]
    width, sizes = max((len(each["address"]) for each in shown), default=0), size_words(doc)
    signs = max((len(each["sign"]) for each in shown), default=1)
    for each in shown:
        owner = f", owned by {each['owner']}" if each["owner"] else ""
        size = f", Criteo's size {sizes[each['address']]}" if each["address"] in sizes else ""
        words = {"none": "as it is"}.get(each["action"], each["action"])
        head = f"{each['sign']:>{signs}} {each['address']:<{width}}  {words}"
        yield paint(each["sign"], f'{head}: "{each["name"]}"{owner}{size}')
    if shown and doc["unchanged"]:
        yield paint("dim", f"  {doc['unchanged']:,} more as they should be")


def _changes(doc: Document, paint: Paint) -> Iterator[str]:
    twins = definition_twins(doc)
    for each in doc["resources"]:
        if not each["changes"]:
            continue
        yield paint(each["sign"], f"{each['sign']} {each['address']}")
        if each["reason"]:
            yield f"    reason: {each['reason']}"
        twin = twins.get(each["address"])
        for change in each["changes"]:
            if twin is None or change not in conditions(each):
                yield f"    {_sign(change, paint)} {change_text(change)}"
        if twin:
            yield f"    {paint('~', '~')} definition: as in {twin}"


def _sign(change: Document, paint: Paint) -> str:
    going, coming = change["after"] is None, change["before"] is None
    return paint("-" if going else "+" if coming else "~", "~")


def _drift(doc: Document, paint: Paint) -> Iterator[str]:
    for each in doc["resources"]:
        if each["drift"]:
            yield each["address"]
            yield from (f"    {_sign(change, paint)} {change_text(change)}" for change in each["drift"])


def _members(doc: Document, paint: Paint) -> Iterator[str]:
    for each in moving(doc):
        yield f"{paint('bold', each['address'])}  {each['before']:,} -> {each['after']:,}"
        yield f"    by this change:    {moved(each['by_change'])}"
        yield f"    by time and data:  {moved(each['by_time'])}"
        yield from (f"    {name:<17}  {words}" for name, words in _details(each))


def _details(each: Document) -> Iterator[tuple[str, str]]:
    if each["removed_by"]:
        stay = f"; {sum(each['moved_by'].values()):,} of them to another slice" if each["moved_by"] else ""
        yield "removed:", counted(each["removed_by"]) + stay
    if sum(each["held_back"].values()):
        yield "held back:", moved(each["held_back"])
    if sum(each["said_again"].values()):
        yield "said again:", f"{moved(each['said_again'])} (in doubt since an earlier run)"
    if each["left_out"]:
        yield "left out:", counted(each["left_out"])


def _foot(doc: Document, paint: Paint) -> str:
    calls = () if doc["summary"]["empty"] else (calls_line(doc), "")
    return "\n".join((*calls, *(paint("bold", line) for line in summary_lines(doc))))
