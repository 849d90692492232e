"""Whether a condition holds for a person at a moment, by plain loops: written from the language alone."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from reconciler.model.conditions import (
    Attribute,
    Condition,
    Event,
    Everyone,
    Group,
    Keys,
    Occurs,
    Pick,
    Query,
    Ratio,
    Sample,
    SegmentRef,
    SliceMark,
    Test,
    Times,
    Total,
)
from reconciler.model.definition import Who
from reconciler.model.time import Window
from tests.membership.brute_identifiers import Found
from tests.membership.brute_values import as_number, as_text, as_time, figure, inside, satisfied, there

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Happened:
    """An event: its kind, when, and its row."""

    kind: str
    at: dt.datetime
    row: Row


@dataclass(frozen=True)
class Person:
    """One human being: her records, her events and her valid identifiers.

    `tried`: some identifier is not blank. `consents`: what her records say together.
    """

    keys: tuple[Any, ...]
    records: tuple[Row, ...]
    events: tuple[Happened, ...]
    identifiers: frozenset[Found]
    tried: bool
    consents: bool


@dataclass(frozen=True)
class Outside:
    """What files say: the keys of each key file, and the keys that each query yields at a moment."""

    files: Mapping[str, frozenset[str]] = field(default_factory=dict)
    queries: Mapping[str, Callable[[dt.datetime], frozenset[str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Clock:
    """A definition at one moment: what a person's conditions are judged by."""

    as_of: dt.datetime
    segments: Mapping[str, Who]
    outside: Outside = field(default_factory=Outside)

    def counted(self, person: Person, kinds: Iterable[str], where: Iterable[Test] = ()) -> list[Happened]:
        """Her events of some kinds that have happened, narrowed."""
        wanted = set(kinds)
        happened = [each for each in person.events if each.kind in wanted and each.at <= self.as_of]
        return [each for each in happened if all(self.is_met([each.row], test) for test in where)]

    def is_met(self, rows: Iterable[Row], test: Test) -> bool:
        """Whether the values of these rows satisfy a test."""
        return satisfied([row.get(test.column) for row in rows], test.comparisons, self.as_of)

    def within(self, event: Happened, window: Window) -> bool:
        """By its age."""
        return inside(self.as_of - event.at, window)

    def who(self, person: Person, who: Who, part: str | None) -> bool:
        """One slice of a `who`, or all of them together."""
        if not who.slices:
            return self.holds(person, who.condition, None)
        windows = [each.window for each in who.slices if part in (None, each.name)]
        return any(self.holds(person, who.condition, window) for window in windows)

    def but_for_none(self, person: Person, who: Who, part: str | None) -> bool:
        """The same with the top-level `none` left aside."""
        top = who.condition
        left = Group(all=top.all, any=top.any) if isinstance(top, Group) else top
        return self.who(person, Who(left, who.slices), part)

    def holds(self, person: Person, condition: Condition, window: Window | None) -> bool:
        """Whether a condition holds for her; `window` is that of the slice at hand."""
        match condition:
            case Everyone():
                return True
            case Attribute(test):
                return self.is_met(person.records, test)
            case SegmentRef(key, part):
                return self.who(person, self.segments[key], part)
            case Group():
                return self.all_and_any(person, condition, window) and not self.some(person, condition.none, window)
            case Event():
                return self.event(person, condition, window)
            case Ratio():
                return self.ratio(person, condition)
            case _:
                return self.by_key(person, condition)

    def by_key(self, person: Person, condition: Sample | Query | Keys) -> bool:
        """What is decided by her keys."""
        match condition:
            case Sample(percent, seed):
                digest = hashlib.sha256(f"{seed}:{as_text(min(person.keys))}".encode()).hexdigest()
                return Fraction(int(digest[:8], 16), 2**32) < Fraction(percent) / 100
            case Keys(file):
                return any(as_text(key) in self.outside.files[file] for key in person.keys)
            case Query(sql):
                return any(as_text(key) in self.outside.queries[sql](self.as_of) for key in person.keys)

    def all_and_any(self, person: Person, group: Group, window: Window | None) -> bool:
        """A group without its `none`."""
        every = all(self.holds(person, each, window) for each in group.all)
        return every and (not group.any or self.some(person, group.any, window))

    def some(self, person: Person, conditions: Iterable[Condition], window: Window | None) -> bool:
        """At least one holds."""
        return any(self.holds(person, each, window) for each in conditions)

    def event(self, person: Person, event: Event, at_hand: Window | None) -> bool:
        """`where` narrows, `latest` or `first` picks, `within` looks at what is picked."""
        within = event.within
        if isinstance(within, SliceMark):
            assert at_hand is not None
            within = at_hand
        found = self.counted(person, event.kinds, event.where)
        match event.measure:
            case Pick():
                return bool(found) and self.picked(person, event, found, within)
            case Occurs():
                return any(self.within(each, within) for each in found)
            case Times() | Total():
                value = self.value([each for each in found if self.within(each, within)], event.measure)
                return figure(value, event.measure.comparisons)

    def picked(self, person: Person, event: Event, found: list[Happened], window: Window) -> bool:
        """The picked one lies in the window, what has to follow it does, and nothing that must not."""
        assert isinstance(event.measure, Pick)
        chosen = self.chosen(found, event.measure)
        asked = event.measure.followed_by
        followed = asked is None or any(
            inside(each.at - chosen.at, asked.within) for each in self.followers(person, chosen, event, asked.kinds)
        )
        stopped = self.followers(person, chosen, event, event.measure.not_followed_by)
        return self.within(chosen, window) and followed and not stopped

    def chosen(self, found: list[Happened], pick: Pick) -> Happened:
        """The latest or the first of all that ever happened."""
        return (max if pick.which == "latest" else min)(found, key=lambda each: each.at)

    def followers(self, person: Person, chosen: Happened, event: Event, kinds: Iterable[str]) -> list[Happened]:
        """Events at its instant or later; of the kinds that are picked from, later alone."""
        return [
            each
            for each in self.counted(person, kinds)
            if each.at > chosen.at or (each.at == chosen.at and each.kind not in event.kinds)
        ]

    def value(self, events: list[Happened], measure: Times | Total) -> Fraction | None:
        """A figure over events; None when it is missing."""
        if isinstance(measure, Times):
            if measure.same is None:
                return Fraction(len(events))
            told = Counter(as_text(value) for each in events for value in there([each.row.get(measure.same)]))
            return Fraction(max(told.values(), default=0))
        values = list(there(each.row.get(measure.of) for each in events))
        if measure.measure == "distinct":
            return Fraction(len(set(values)))
        numbers = [Fraction(number) for value in values if (number := as_number(value)) is not None]
        return _FIGURES[measure.measure](numbers)

    def ratio(self, person: Person, ratio: Ratio) -> bool:
        """Exact; missing when a figure is, and when it would be by 0."""
        of, to = (self.part(person, each) for each in (ratio.of, ratio.to))
        return figure(None if of is None or not to else of / to, ratio.comparisons)

    def part(self, person: Person, event: Event) -> Fraction | None:
        """One figure of a ratio."""
        assert isinstance(event.measure, Times | Total)
        assert isinstance(event.within, Window)
        found = self.counted(person, event.kinds, event.where)
        return self.value([each for each in found if self.within(each, event.within)], event.measure)


_FIGURES: Mapping[str, Callable[[list[Fraction]], Fraction | None]] = {
    "sum": lambda numbers: sum(numbers, Fraction(0)),
    "average": lambda numbers: sum(numbers, Fraction(0)) / len(numbers) if numbers else None,
    "smallest": lambda numbers: min(numbers, default=None),
    "largest": lambda numbers: max(numbers, default=None),
}


def happened(row: Row, kind: str | None, at: Any) -> Happened | None:
    """An event of a row; None for one without kind or time."""
    moment = as_time(at)
    return None if kind is None or moment is None else Happened(kind, moment, row)
