"""Findings of lint as text, as JSON and as annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from reconciler.lint.inspection import Inspection
from reconciler.lint.rule import Finding, Ignored
from reconciler.model.lint import Severity
from reconciler.report.annotations import annotation
from reconciler.report.document import Document, clean
from reconciler.report.style import STYLES, Paint, painter

FORMAT_VERSION = "1.0"
_SHOWN = 20
_NAMED = 3
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def lint_document(inspection: Inspection) -> Document:
    """The inspection as `schemas/lint.schema.json` describes it."""
    return {
        "format_version": FORMAT_VERSION,
        "workspace": clean(inspection.workspace),
        "with_data": inspection.with_data,
        "summary": {**_counts(inspection), "ignored": len(inspection.ignored)},
        "findings": [finding_document(each) for each in inspection.findings],
        "ignored": [ignored_document(each) for each in inspection.ignored],
    }


def finding_document(each: Finding) -> Document:
    """One finding as JSON values."""
    return {
        "rule": each.rule,
        "name": each.name,
        "severity": each.severity.value,
        "address": clean(each.address),
        "file": clean(each.file),
        "line": each.line,
        "column": each.column,
        "path": clean(each.path),
        "message": clean(each.message),
        "hint": clean(each.hint),
    }


def ignored_document(each: Ignored) -> Document:
    """One finding that is ignored, with the reason."""
    return {**finding_document(each.finding), "reason": clean(each.reason)}


def _counts(inspection: Inspection) -> dict[str, int]:
    return {severity.value: inspection.count(severity) for severity in Severity}


def render_lint_json(inspection: Inspection) -> str:
    """Indented, with a line end."""
    return json.dumps(lint_document(inspection), indent=2, ensure_ascii=False) + "\n"


def render_lint_text(inspection: Inspection, *, colour: bool = False) -> str:
    """Each finding with its place, its rule and the next step; then what is ignored, then the counts."""
    paint = painter(colour=colour)
    parts = ["\n".join(_finding(each, paint)) for each in map(finding_document, inspection.findings)]
    ignored = [f"  {line}" for line in ignored_lines(map(ignored_document, inspection.ignored))]
    parts += ["\n".join((paint("bold", "Ignored"), *ignored))] if ignored else []
    return "\n\n".join((*parts, paint("bold", summary_line(inspection)))) + "\n"


def _finding(each: Document, paint: Paint) -> Iterator[str]:
    yield f"{_place(each)}: {paint(STYLES[each['severity']], each['severity'])} {each['rule']} {each['name']}"
    yield f"  {each['address']}: {each['message']}"
    yield f"  {each['hint']}"


def _place(each: Document) -> str:
    return f"{each['file']}:{each['line']}:{each['column']}"


def ignored_lines(ignored: Iterable[Document]) -> list[str]:
    """What is ignored, one line for each rule and reason, with where."""
    where: dict[str, list[str]] = {}
    for each in ignored:
        where.setdefault(f"{each['rule']} {each['name']}: {each['reason']}", []).append(each["address"])
    return [f"{told} ({_some(list(dict.fromkeys(addresses)))})" for told, addresses in where.items()]


def _some(addresses: list[str]) -> str:
    """The first of them, and how many there are."""
    rest = len(addresses) - _NAMED
    return ", ".join(addresses) if rest <= 1 else f"{', '.join(addresses[:_NAMED])} and {rest:,} more"


def summary_line(inspection: Inspection) -> str:
    """`Lint: 1 error, 2 warnings, 0 infos; 3 ignored with a reason.`"""
    counted = ", ".join(f"{count:,} {word}{'' if count == 1 else 's'}" for word, count in _counts(inspection).items())
    unread = "" if inspection.with_data else " The data was not read."
    return f"Lint: {counted}; {len(inspection.ignored):,} ignored with a reason.{unread}"


def render_lint_github(inspection: Inspection, in_checkout: Callable[[str], str]) -> str:
    """A workflow command for each finding, and the counts; `in_checkout` turns the name of a file into its path within
    the checkout, which is what GitHub takes.
    """
    lines = [_command(finding_document(each), in_checkout) for each in inspection.findings]
    return "\n".join([*lines, summary_line(inspection)]) + "\n"


def _command(each: Document, in_checkout: Callable[[str], str]) -> str:
    """The message says the place again: the log of the run shows nothing else of it."""
    where = {"file": in_checkout(each["file"]), "line": str(each["line"]), "col": str(each["column"])}
    title = f"{each['rule']} {each['name']}"
    text = f"{_place(each)}: {each['address']}: {each['message']}. {each['hint']}"
    return annotation(_LEVELS[Severity(each["severity"])], {**where, "title": title}, text)


def with_lint(doc: Document, inspection: Inspection | None) -> Document:
    """The document of a plan, with what lint says where it was asked."""
    if inspection is None:
        return doc
    told = lint_document(inspection)
    return {**doc, "lint": {key: told[key] for key in ("summary", "findings", "ignored")}}


def plan_lines(doc: Document) -> Iterator[tuple[str, str]]:
    """What a plan shows of it, each line with its severity: what weighs most first, and everything ignored."""
    lint = doc.get("lint")
    if lint is None:
        return
    order = [severity.value for severity in Severity]
    heavy = [each for each in lint["findings"] if each["severity"] != Severity.INFO.value]
    heavy.sort(key=lambda each: order.index(each["severity"]))
    for each in heavy[:_SHOWN]:
        text = f"{each['rule']} {each['name']}: {each['address']} {each['message']} ({_place(each)})"
        yield each["severity"], f"{each['severity']} {text}"
    rest = len(heavy) - _SHOWN
    light = lint["summary"]["info"]
    more = [f"{rest:,} more"] if rest > 0 else []
    more += [f"{light:,} info{'' if light == 1 else 's'}"] if light else []
    if heavy or more:
        yield "info", f"{' and '.join(more)}; what to do: reconciler lint" if more else "what to do: reconciler lint"
    yield from (("info", f"ignored {line}") for line in ignored_lines(lint["ignored"]))
