"""A first test of a segment: somebody who meets everything, and for each condition somebody who just fails it.

The people are guessed and tried, all of them at once, on the compiler of a plan: who meets what is never decided here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice, product

from reconciler.errors import Usage
from reconciler.explain.conditions import Clause, clauses_of
from reconciler.membership.trial import Trial
from reconciler.model.address import Address
from reconciler.model.conditions import Condition
from reconciler.model.membership import AskedSegment
from reconciler.model.workspace import SegmentConfig, Workspace
from reconciler.testing.facts import Facts, keys_for
from reconciler.testing.guesses import meeting, undoing
from reconciler.testing.questions import Meaning
from reconciler.testing.rows import Tables, complete, given_of, tables_of

TRIED = 600
"""So many guesses are tried at once."""
ALTERNATIVES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggested:
    """One person of the test: her key, the facts, and the sentence that says what she is there for."""

    key: str
    facts: Facts
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A test to begin with. `expected` are the keys of those who belong, by slice (None where there are none);
    `uncovered` are the conditions that nobody was found for.
    """

    segment: SegmentConfig
    as_of: dt.datetime
    people: tuple[Suggested, ...]
    expected: Mapping[str | None, tuple[str, ...]]
    uncovered: tuple[str, ...]


def suggested_for(workspace: Workspace, name: str, now: dt.datetime) -> tuple[Suggestion, Tables]:
    """A suggestion with its rows, at the clock of the first test there is. Raises Usage for a name of no segment."""
    segment = next((each for each in workspace.segments if each.key == name), None)
    if segment is None:
        close = get_close_matches(name, [each.key for each in workspace.segments], n=1)
        hint = f"Did you mean `{close[0]}`?" if close else "`--suggest` takes the key of a segment, without slice."
        raise Usage("There is no such segment.", f"No segment is called `{name}`.", hint)
    as_of = workspace.tests[0].as_of if workspace.tests else now.replace(minute=0, second=0, microsecond=0)
    suggestion = suggest(workspace, segment, as_of)
    tables = tables_of(workspace, [(each.key, each.facts) for each in suggestion.people])
    complete(workspace, segment.key, tables)
    return suggestion, tables


def suggest(workspace: Workspace, segment: SegmentConfig, as_of: dt.datetime) -> Suggestion:
    """Guess, try, and choose."""
    parts: list[str | None] = [each.name for each in segment.slices] or [None]
    roots = {part: clauses_of(workspace, segment.key, part) for part in parts}
    people: dict[Facts, str] = {}
    uncovered: list[str] = []
    with _guessing(workspace, roots.values(), as_of) as guesses:
        for part, root in roots.items():
            found, missing = _Search(guesses, root).people(first=part == parts[0])
            label = f" ({part})" if part else ""
            for facts, why in found:
                people.setdefault(facts, f"{why}{label}")
            uncovered += missing
        chosen = tuple(_named(people))
        met = guesses.try_out([(each.key, each.facts) for each in chosen])
    expected = {
        part: tuple(each.key for each in chosen if root.hidden in met[each.key]) for part, root in roots.items()
    }
    return Suggestion(segment=segment, as_of=as_of, people=chosen, expected=expected, uncovered=tuple(uncovered))


def _named(people: Mapping[Facts, str]) -> Iterator[Suggested]:
    taken: set[str] = set()
    for number, (facts, why) in enumerate(people.items(), 1):
        key = next(key for key in keys_for(facts, f"person-{number}") if key not in taken)
        taken.add(key)
        yield Suggested(key=key, facts=facts, why=why)


@dataclass(frozen=True, slots=True)
class Guesses:
    """Tries people out on conditions that were compiled once."""

    workspace: Workspace
    as_of: dt.datetime
    trial: Trial

    def try_out(self, people: Sequence[tuple[str, Facts]]) -> Mapping[str, frozenset[Address]]:
        """The hidden addresses of the conditions that each person meets, by her key."""
        answer = self.trial.answer(given_of(self.workspace, people, self.as_of))
        return {key: frozenset(each for each, held in answer.who.items() if key in held) for key, _ in people}


@contextmanager
def _guessing(workspace: Workspace, roots: Iterable[Clause], as_of: dt.datetime) -> Iterator[Guesses]:
    asked = {
        each.hidden: AskedSegment(key=each.hidden, lists=((each.hidden, None),), wanted=each.definition)
        for root in roots
        for each in root.walk()
    }
    shape = Meaning.of(workspace).shape(())
    with Trial(workspace.settings, workspace.columns, asked.values(), as_of, shape) as trial:
        yield Guesses(workspace, as_of, trial)


@dataclass(frozen=True, slots=True)
class _Search:
    guesses: Guesses
    root: Clause

    def people(self, *, first: bool) -> tuple[list[tuple[Facts, str]], list[str]]:
        """Who meets it, by each way there is; and, of the first slice, who just fails each condition."""
        bases = self._bases(every_way=first)
        found = [(facts, f"meets it{way}") for facts, way in bases]
        if not first:
            return found, []
        if not bases:
            return [], [leaf.text for leaf in self._leaves()]
        failing, missing = self._failing([facts for facts, _ in bases])
        return found + failing, missing

    def _leaves(self) -> list[Clause]:
        return [each for each in self.root.walk() if each.is_leaf]

    def _conditions(self) -> list[Condition]:
        return [each.condition for each in self._leaves()]

    def _bases(self, *, every_way: bool) -> list[tuple[Facts, str]]:
        """The least that meets it, for each of the alternatives of `any` once."""
        found: list[tuple[Facts, str]] = []
        for way, leaves in self._ways() if every_way else list(self._ways())[:1]:
            guesses = list(_combined([each.condition for each in leaves]))
            met = self._met(guesses)
            chosen = next((facts for facts, clauses in met if self.root.hidden in clauses), None)
            if chosen is not None:
                found.append((self._smallest(chosen), f": {way}" if way else ""))
        return found

    def _smallest(self, facts: Facts) -> Facts:
        """Without the events that she meets it without as well."""
        while True:
            fewer = [facts.with_deed(number) for number in range(len(facts.deeds))]
            left = [found for found, clauses in self._met(fewer) if self.root.hidden in clauses] if fewer else []
            if not left:
                return facts
            facts = left[0]

    def _ways(self) -> Iterator[tuple[str, list[Clause]]]:
        """The leaves that have to hold, with the first of each `any`; then with each other one."""
        choices = [each for each in self.root.walk() if each.role == "any"]
        yield "", list(_needed(self.root, None))
        for choice in choices:
            leaves = list(_needed(self.root, choice))
            if leaves != list(_needed(self.root, None)):
                yield choice.text, leaves

    def _failing(self, bases: Sequence[Facts]) -> tuple[list[tuple[Facts, str]], list[str]]:
        before = dict(self._met(bases))
        tried = [(base, changed) for base in bases for changed in islice(undoing(base, self._conditions()), TRIED)]
        after = self._met([changed for _, changed in tried])
        found: list[tuple[Facts, str]] = []
        missing: list[str] = []
        for leaf in self._leaves():
            best = self._best(leaf, before, [(base, *each) for (base, _), each in zip(tried, after, strict=True)])
            if best is None:
                missing.append(leaf.text)
            else:
                found.append((best, f"{_what(leaf, before)}: {leaf.text}"))
        return found, missing

    def _best(
        self,
        leaf: Clause,
        before: Mapping[Facts, frozenset[Address]],
        tried: Iterable[tuple[Facts, Facts, frozenset[Address]]],
    ) -> Facts | None:
        """Who no longer belongs, and by nothing else than this condition, as far as that can be."""
        leaves = {each.hidden for each in self._leaves()}
        turned = [
            (len((before[base] ^ clauses) & leaves), number, facts)
            for number, (base, facts, clauses) in enumerate(tried)
            if (leaf.hidden in clauses) is not (leaf.hidden in before[base]) and self.root.hidden not in clauses
        ]
        return min(turned, key=lambda each: each[:2])[2] if turned else None

    def _met(self, guesses: Sequence[Facts]) -> list[tuple[Facts, frozenset[Address]]]:
        named = [(f"person-{number}", facts) for number, facts in enumerate(guesses)]
        keyed = [(next(keys_for(facts, key)), facts) for key, facts in named]
        met = self.guesses.try_out(keyed)
        return [(facts, met[key]) for key, facts in keyed]


def _what(leaf: Clause, before: Mapping[Facts, frozenset[Address]]) -> str:
    return "just fails" if any(leaf.hidden in clauses for clauses in before.values()) else "is kept out by"


def _needed(clause: Clause, choice: Clause | None) -> Iterator[Clause]:
    """The leaves that have to hold; of each `any` the choice, or what it is in, or else the first."""
    if clause.is_leaf:
        yield clause
        return
    alternatives = [each for each in clause.children if each.role == "any"]
    meant = [each for each in alternatives if any(choice is inner for inner in each.walk())]
    chosen = next(iter(meant or alternatives), None)
    for child in clause.children:
        if child.role == "all" or child is chosen:
            yield from _needed(child, choice)


def _combined(conditions: Sequence[Condition]) -> Iterator[Facts]:
    """Guesses at what meets all of them, the shortest first: each by facts of its own, or by those of the others."""
    options = [[Facts(), *islice(meeting(condition), ALTERNATIVES)] for condition in conditions]
    every = {_all_of(parts): None for parts in islice(product(*options), TRIED)}
    return iter(sorted(every, key=lambda facts: facts.size))


def _all_of(parts: Iterable[Facts]) -> Facts:
    found = Facts()
    for part in parts:
        found = found.over(part)
    return found
