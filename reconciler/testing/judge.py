"""Runs tests: the definitions of all tests at one clock are compiled once, and asked of each test's people in turn."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.errors import EngineFailed, SourceInvalid
from reconciler.membership.trial import Shape, Trial
from reconciler.model.tests import Answer, Expectation, TestConfig
from reconciler.model.workspace import Workspace
from reconciler.testing.coverage import untested
from reconciler.testing.questions import Meaning
from reconciler.testing.verdicts import Failure, Verdict, Verdicts
from reconciler.testing.why import explained

EXPLAINED = 5
"""Of so many failed tests it is told what decided."""
_CAST = "If that is a query of yours: in a test all columns but the times of events are text, which it has to cast."


def run_tests(workspace: Workspace, tests: Iterable[TestConfig]) -> Verdicts:
    """Run some tests of a workspace, offline. Raises SourceInvalid for a file of keys that can't be read."""
    began = time.perf_counter()
    chosen = tuple(tests)
    meaning = Meaning.of(workspace)
    shape = meaning.shape(chosen)
    verdicts: dict[str, Verdict] = {}
    compiling = 0.0
    for as_of in dict.fromkeys(test.as_of for test in chosen):
        found, took = _group(meaning, [test for test in chosen if test.as_of == as_of], shape)
        verdicts |= found
        compiling += took
    verdicts |= _explained(workspace, verdicts, shape)
    return Verdicts(
        verdicts=tuple(verdicts[test.name] for test in chosen),
        seconds=time.perf_counter() - began,
        compiling=compiling,
        untested=untested(workspace, chosen) if len(chosen) == len(workspace.tests) else (),
    )


def _group(meaning: Meaning, tests: Sequence[TestConfig], shape: Shape) -> tuple[Mapping[str, Verdict], float]:
    """The tests of one clock, and the seconds that compiling took. Where that fails each test is tried by itself, so
    that a query that can't be run fails those alone that need it.
    """
    workspace, as_of = meaning.workspace, tests[0].as_of
    asked = meaning.asked(each for test in tests for each in test.expectations)
    start = time.perf_counter()
    try:
        with Trial(workspace.settings, workspace.columns, asked, as_of, shape) as trial:
            compiling = time.perf_counter() - start
            return {test.name: judged(meaning, trial, test) for test in tests}, compiling
    except EngineFailed as error:
        seconds = time.perf_counter() - start
        if len(tests) == 1:
            return {tests[0].name: Verdict(test=tests[0], seconds=seconds, error=f"{error}\n{_CAST}")}, seconds
        groups = [_group(meaning, [test], shape) for test in tests]
        return {name: each for found, _ in groups for name, each in found.items()}, sum(took for _, took in groups)


def judged(meaning: Meaning, trial: Trial, test: TestConfig) -> Verdict:
    """Ask one test's people."""
    start = time.perf_counter()
    try:
        answer = trial.answer(test.given)
    except SourceInvalid as error:
        return Verdict(test=test, seconds=time.perf_counter() - start, error=str(error))
    failures = tuple(_failures(meaning, answer, test))
    return Verdict(test=test, seconds=time.perf_counter() - start, failures=failures)


def _explained(workspace: Workspace, verdicts: Mapping[str, Verdict], shape: Shape) -> Mapping[str, Verdict]:
    """The first failures with what decided; it is told once they are known, because it takes longer than a test."""
    failed = [each for each in verdicts.values() if each.failures][:EXPLAINED]
    return {
        each.test.name: replace(
            each, failures=tuple(explained(workspace, each.test, failure, shape) for failure in each.failures)
        )
        for each in failed
    }


def _failures(meaning: Meaning, answer: Answer, test: TestConfig) -> Iterator[Failure]:
    for expectation in test.expectations:
        there = meaning.found(expectation, answer, test)
        if (failure := compared(expectation, there, answer.persons)) is not None:
            yield failure


def compared(expectation: Expectation, there: frozenset[str], persons: Mapping[str, str]) -> Failure | None:
    """Whether those are there who should be; a person may be named by any of her records."""
    if expectation.members is None:
        least, most = expectation.at_least or 0, expectation.at_most
        met = least <= len(there) and (most is None or len(there) <= most)
        return None if met else Failure(expectation=expectation, there=tuple(sorted(there)))
    expected = {persons[key]: key for key in reversed(expectation.members)}
    if expected.keys() == there:
        return None
    return Failure(
        expectation=expectation,
        there=tuple(sorted(expected.get(person, person) for person in there)),
        missing=tuple(sorted(key for person, key in expected.items() if person not in there)),
        unexpected=tuple(sorted(there - expected.keys())),
    )
