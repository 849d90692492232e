"""How the tests of a workspace ended: as text for people, as JSON for scripts, as JUnit's XML for build servers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

from reconciler.explain.answers import Judged
from reconciler.model.settings import Place
from reconciler.model.tests import Expectation
from reconciler.report.document import clean
from reconciler.report.explain import seen
from reconciler.report.style import Paint, painter
from reconciler.testing.verdicts import Failure, Verdict, Verdicts, Why

_SHOWN = 20


def render_tests(found: Verdicts, *, colour: bool = False) -> str:
    """A line a test under its file, what failed below it, and the sum in the last lines."""
    paint = painter(colour=colour)
    lines: list[str] = []
    file = None
    for verdict in found.verdicts:
        if verdict.test.place.file != file:
            file = verdict.test.place.file
            lines += ["", paint("bold", clean(file))] if lines else [paint("bold", clean(file))]
        lines += _told(verdict, paint)
    lines += ["", paint("bold", _sum(found)), *_untested(found)]
    return "\n".join(lines) + "\n"


def _told(verdict: Verdict, paint: Paint) -> Iterator[str]:
    sign = paint("+", "✓") if verdict.passed else paint("-", "✗")
    yield f"  {sign} {clean(verdict.test.name)} {paint('dim', f'({_milliseconds(verdict.seconds)})')}"
    if verdict.error is not None:
        yield from (f"      {line}" for line in verdict.error.splitlines())
    for failure in verdict.failures:
        yield f"      {_at(failure.expectation.place)} {_about(failure.expectation)}"
        yield from (f"        {line}" for line in _difference(failure))


def _difference(failure: Failure) -> Iterator[str]:
    yield f"expected: {_expected(failure.expectation)}"
    yield f"there:    {_people(failure.there)}"
    if failure.missing:
        yield f"missing:  {_people(failure.missing)}"
    if failure.unexpected:
        yield f"unexpected: {_people(failure.unexpected)}"
    sent = failure.expectation.sent
    yield from (line for why in failure.why for line in _why(why, sent=sent))


def _why(why: Why, *, sent: bool) -> Iterator[str]:
    """What decided about one of the people, condition by condition."""
    yield f"{clean(why.key)} is {'there' if why.belongs else 'not there'}:"
    if why.included is not None:
        noun = _noun(why.included or 1, "identifier is", "identifiers are")
        yield f"  {why.included or 'no'} {noun} on an included list"
        yield from (f"  held out by {address}" for address in why.held_out)
    for standing in why.standings:
        yield f"  {standing.address}:"
        reasons = standing.reasons if sent and standing.judged.holds else ()
        yield from (f"    {clean(reason)}" for reason in reasons)
        yield from (f"    {line}" for line in _deciding(standing.judged, why, denies=False))


def _deciding(judged: Judged, why: Why, *, denies: bool) -> Iterator[str]:
    """The conditions that decide; where all holds, those that it is met by."""
    clause = judged.clause
    denies = denies or clause.role == "none"
    if judged.decides and clause.is_leaf:
        where = f" ({clean(clause.place.file)}:{clause.place.line})" if clause.place else ""
        what = "kept out by: " if denies and judged.holds else ""
        yield f"{'✓' if judged.holds else '✗'} {what}{clean(clause.text)}{where}"
        yield from (f"    {clean(line)}" for line in seen(judged, why.as_of))
    for child in judged.children:
        if child.clause.role != "none" or child.holds:
            yield from _deciding(child, why, denies=denies)


def _about(expectation: Expectation) -> str:
    kind = "audience " if expectation.audience else ""
    return f"{kind}{expectation.label}, {'who is sent' if expectation.sent else 'who meets it'}"


def _expected(expectation: Expectation) -> str:
    if expectation.members is not None:
        return _people(sorted(expectation.members))
    least, most = expectation.at_least, expectation.at_most
    if least == most:
        return f"{least} {_noun(least or 0, 'person', 'people')}"
    bounds = [f"at least {least}" if least is not None else "", f"at most {most}" if most is not None else ""]
    return f"{' and '.join(each for each in bounds if each)} people"


def _people(keys: Iterable[str]) -> str:
    named = [clean(key) for key in keys]
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return ", ".join(named[:_SHOWN]) + more if named else "nobody"


def _sum(found: Verdicts) -> str:
    tests = len(found.verdicts)
    failed = f"{found.failed} failed, {tests - found.failed} passed" if found.failed else "all passed"
    each = f"{_milliseconds(sum(v.seconds for v in found.verdicts) / max(tests, 1))} a test"
    took = f"{found.seconds:.1f} s in all, {found.compiling:.1f} s of it to compile, {each}"
    return f"{tests} {_noun(tests, 'test', 'tests')}: {failed} ({took})."


def _untested(found: Verdicts) -> list[str]:
    if not found.untested:
        return []
    return [f"Warning: no test has anybody in {', '.join(found.untested)}."]


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _noun(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _at(place: Place) -> str:
    return f"{clean(place.file)}:{place.line}:{place.column}:"


def render_tests_json(found: Verdicts) -> str:
    """Indented, with a line end; keys that stay."""
    told = {
        "passed": len(found.verdicts) - found.failed,
        "failed": found.failed,
        "seconds": round(found.seconds, 6),
        "untested": list(found.untested),
        "tests": [_as_dict(verdict) for verdict in found.verdicts],
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _as_dict(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": verdict.test.name,
        "file": verdict.test.place.file,
        "line": verdict.test.place.line,
        "passed": verdict.passed,
        "seconds": round(verdict.seconds, 6),
        "error": verdict.error,
        "failures": [_failure_as_dict(failure) for failure in verdict.failures],
    }


def _failure_as_dict(failure: Failure) -> dict[str, Any]:
    expectation = failure.expectation
    return {
        "about": f"audience.{expectation.key}" if expectation.audience else f"segment.{expectation.label}",
        "sent": expectation.sent,
        "line": expectation.place.line,
        "column": expectation.place.column,
        "expected": {
            "members": None if expectation.members is None else list(expectation.members),
            "at_least": expectation.at_least,
            "at_most": expectation.at_most,
        },
        "there": list(failure.there),
        "missing": list(failure.missing),
        "unexpected": list(failure.unexpected),
        "why": [line for why in failure.why for line in _why(why, sent=expectation.sent)],
    }


def render_tests_junit(found: Verdicts) -> str:
    """JUnit's XML, as build servers read it: a suite for each file, a case for each test."""
    root = ET.Element("testsuites", _counted(found.verdicts, found.seconds))
    for file in dict.fromkeys(verdict.test.place.file for verdict in found.verdicts):
        verdicts = [verdict for verdict in found.verdicts if verdict.test.place.file == file]
        seconds = sum(verdict.seconds for verdict in verdicts)
        suite = ET.SubElement(root, "testsuite", {"name": file, **_counted(verdicts, seconds)})
        for verdict in verdicts:
            _add_case(suite, verdict)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _counted(verdicts: Iterable[Verdict], seconds: float) -> dict[str, str]:
    listed = list(verdicts)
    return {
        "tests": str(len(listed)),
        "failures": str(sum(bool(each.failures) for each in listed)),
        "errors": str(sum(each.error is not None for each in listed)),
        "time": f"{seconds:.6f}",
    }


def _add_case(suite: ET.Element, verdict: Verdict) -> None:
    place = verdict.test.place
    told = {"name": verdict.test.name, "classname": place.file, "file": place.file, "line": str(place.line)}
    case = ET.SubElement(suite, "testcase", {**told, "time": f"{verdict.seconds:.6f}"})
    if verdict.error is not None:
        ET.SubElement(case, "error", {"message": verdict.error.splitlines()[0]}).text = verdict.error
    for failure in verdict.failures:
        lines = [f"{_at(failure.expectation.place)} {_about(failure.expectation)}", *_difference(failure)]
        message = f"{_about(failure.expectation)}: expected {_expected(failure.expectation)}"
        ET.SubElement(case, "failure", {"message": message}).text = "\n".join(lines)
