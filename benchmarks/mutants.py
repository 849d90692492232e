"""How many small mistakes in its definitions the tests of a workspace notice.

    python -m benchmarks.mutants [WORKSPACE]

Every condition of every segment is changed by every operator (operators.py), one at a time, and the tests run on each
mutant. One that no test notices has survived. Those that nobody can tell from the definition stand in equivalents.csv,
each with the reason. All mutants of a segment are evaluated together, beside each other, by the compiler of a plan.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.operators import World, of_slices, of_who
from reconciler.config.load import load
from reconciler.membership.trial import Trial
from reconciler.model.address import Address
from reconciler.model.membership import AskedSegment
from reconciler.model.reads import closure, kinds_of
from reconciler.model.tests import Answer, Expectation, TestConfig
from reconciler.model.time import Window
from reconciler.model.workspace import SegmentConfig, Workspace
from reconciler.testing.judge import compared
from reconciler.testing.questions import Meaning

ROOT = Path(__file__).parents[1]
EQUIVALENTS = Path(__file__).with_name("equivalents.csv")
ENOUGH = 0.9


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """A workspace with one change in one segment."""

    segment: str
    change: str
    workspace: Workspace

    @property
    def name(self) -> str:
        return f"{self.segment}: {self.change}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """What became of the mutants, by name; `equivalent` tells why."""

    killed: tuple[str, ...]
    survived: tuple[str, ...]
    equivalent: Mapping[str, str]

    @property
    def share(self) -> float:
        """Of all that can be noticed."""
        return len(self.killed) / max(1, len(self.killed) + len(self.survived))


def mutants_of(workspace: Workspace) -> Iterator[Mutant]:
    """Every mutant of every segment that differs from it."""
    for segment in workspace.segments:
        world = world_of(workspace, segment)
        for label, condition in of_who(segment.condition, world):
            if condition != segment.condition:
                yield _mutant(workspace, segment, replace(segment, condition=condition), label)
        for label, slices in of_slices(segment.slices):
            yield _mutant(workspace, segment, replace(segment, slices=slices), label)


def world_of(workspace: Workspace, segment: SegmentConfig) -> World:
    """What there is to swap with; no segment that would refer to itself."""
    conditions = {each.key: each.condition for each in workspace.segments}
    kinds = {kind for condition in conditions.values() for kind in kinds_of(condition)}
    windows = {part.window for each in workspace.segments for part in each.slices} | {Window(0, 1440)}
    references = (each for each in conditions if segment.key not in closure(each, conditions))
    return World(kinds=tuple(sorted(kinds)), windows=tuple(sorted(windows)), references=tuple(references))


def _mutant(workspace: Workspace, old: SegmentConfig, new: SegmentConfig, label: str) -> Mutant:
    segments = tuple(new if each.key == old.key else each for each in workspace.segments)
    return Mutant(segment=old.key, change=label, workspace=replace(workspace, segments=segments))


def score(workspace: Workspace, equivalents: Mapping[str, str], keys: Collection[str] = ()) -> Score:
    """Run the tests on every mutant, or on those of some segments."""
    mutants = [each for each in mutants_of(workspace) if not keys or each.segment in keys]
    alive: set[str] = set()
    for key in dict.fromkeys(each.segment for each in mutants):
        own = [each for each in mutants if each.segment == key]
        left = _survivors(workspace, own, directly=True)
        alive |= {each.name for each in _survivors(workspace, left, directly=False)}
    killed = [each.name for each in mutants if each.name not in alive]
    return Score(
        killed=tuple(killed),
        survived=tuple(each.name for each in mutants if each.name in alive - equivalents.keys()),
        equivalent={each.name: equivalents[each.name] for each in mutants if each.name in alive & equivalents.keys()},
    )


def _survivors(workspace: Workspace, mutants: list[Mutant], *, directly: bool) -> list[Mutant]:
    """The mutants of one segment that no test notices: those about it, or those about what refers to it."""
    if not mutants:
        return []
    meaning = Meaning.of(workspace)
    key = mutants[0].segment
    concerned = {test.name: _concerned(meaning, test, key, directly=directly) for test in workspace.tests}
    alive = mutants
    for as_of in dict.fromkeys(test.as_of for test in workspace.tests):
        tests = [test for test in workspace.tests if test.as_of == as_of and concerned[test.name]]
        if tests and alive:
            alive = _left(meaning, alive, tests, concerned)
    return alive


def _concerned(meaning: Meaning, test: TestConfig, key: str, *, directly: bool) -> list[Expectation]:
    conditions = {each.key: each.condition for each in meaning.workspace.segments}
    found = []
    for expectation in test.expectations:
        segments = _of_audience(meaning, expectation.key) if expectation.audience else [expectation.key]
        itself = segments == [key]
        if itself if directly else not itself and any(key in closure(each, conditions) for each in segments):
            found.append(expectation)
    return found


def _of_audience(meaning: Meaning, key: str) -> list[str]:
    audience = next(each for each in meaning.workspace.audiences if each.key == key)
    excepted = {reference for reference, _ in audience.excepted}
    always = [each for each in meaning.workspace.always_exclude if each not in excepted]
    return [each.partition(".")[0] for each in (*audience.include, *audience.exclude, *always)]


def _left(
    meaning: Meaning, mutants: list[Mutant], tests: list[TestConfig], concerned: Mapping[str, list[Expectation]]
) -> list[Mutant]:
    """Those that tests of one clock do not notice."""
    meanings = {each.name: Meaning.of(each.workspace) for each in mutants}
    expectations = [each for test in tests for each in concerned[test.name]]
    asked = [_renamed(segment, name) for name, meant in meanings.items() for segment in meant.asked(expectations)]
    settings, columns = meaning.workspace.settings, meaning.workspace.columns
    alive = dict.fromkeys(meanings)
    with Trial(settings, columns, asked, tests[0].as_of, meaning.shape(tests)) as trial:
        for test in tests if alive else ():
            answer = trial.answer(test.given)
            noticed = [name for name in alive if _notices(meanings[name], _of_mutant(answer, name), test, concerned)]
            alive = {name: None for name in alive if name not in noticed}
    return [each for each in mutants if each.name in alive]


def _notices(meaning: Meaning, answer: Answer, test: TestConfig, concerned: Mapping[str, list[Expectation]]) -> bool:
    return any(
        compared(each, meaning.found(each, answer, test), answer.persons) is not None for each in concerned[test.name]
    )


def _renamed(segment: AskedSegment, name: str) -> AskedSegment:
    lists = tuple((Address(f"{name} | {address}"), part) for address, part in segment.lists)
    return replace(segment, key=f"{name} | {segment.key}", lists=lists)


def _of_mutant(answer: Answer, name: str) -> Answer:
    prefix = f"{name} | "
    return replace(
        answer,
        who={Address(a.removeprefix(prefix)): found for a, found in answer.who.items() if a.startswith(prefix)},
        held=tuple(
            (person, frozenset(Address(a.removeprefix(prefix)) for a in lists if a.startswith(prefix)))
            for person, lists in answer.held
        ),
    )


def read_equivalents(path: Path = EQUIVALENTS) -> Mapping[str, str]:
    """Names of mutants that nobody can notice, each with the reason."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["mutant"]: row["why"] for row in csv.DictReader(file)}


def told(found: Score) -> Iterable[str]:
    """The table by operator, the survivors, and the share."""
    every = [*found.killed, *found.survived]
    by_segment = Counter(name.partition(":")[0] for name in every)
    killed = Counter(name.partition(":")[0] for name in found.killed)
    for segment, number in sorted(by_segment.items()):
        yield f"{segment:22} {killed[segment]:4} of {number:4}"
    yield from (f"survived: {name}" for name in found.survived)
    yield f"equivalent: {len(found.equivalent)}"
    yield f"killed: {len(found.killed)} of {len(every)}, {found.share:.1%}"


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "audiences"
    found = score(load(root), read_equivalents())
    for line in told(found):
        print(line)
    return 0 if found.share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
