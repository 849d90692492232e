"""What the plan tells of the source, counted by plain loops: written from the language alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from reconciler.model.conditions import (
    Attribute,
    Comparison,
    Condition,
    Event,
    Group,
    Ratio,
    Scalar,
    SliceMark,
    Test,
    Total,
)
from reconciler.model.definition import Definition, Who
from reconciler.model.time import Window
from tests.membership.brute import MANY, Brute, Feed, World
from tests.membership.brute_conditions import Happened
from tests.membership.brute_moves import kinds_read
from tests.membership.brute_values import as_number, as_time, as_truth, inside, missing, there

Counts = Mapping[str, int]
READERS: tuple[tuple[type, Any], ...] = ((bool, as_truth), (Decimal, as_number), (Window, as_time))


@dataclass(frozen=True)
class Table:
    """A source of events: its rows, the newest of each kind, and how many lie ahead of the clock."""

    rows: int
    newest: Mapping[str, dt.datetime]
    future: int


@dataclass(frozen=True)
class Figures:
    """All that is told of a source. Of events of nobody the least and the most: older ones than any condition can
    notice need not be looked at.
    """

    customers: int
    tables: tuple[Table, ...]
    identifiers: Counts
    uncast: Counts
    silent: int
    merged: tuple[int, int, int] | None
    orphans: range = field(compare=False)


@dataclass(frozen=True)
class Health:
    """A source beside the definitions that are asked of it, and those of them that are computed today."""

    brute: Brute
    definitions: tuple[Definition, ...]
    computed: tuple[Definition, ...]
    as_of: dt.datetime

    @property
    def world(self) -> World:
        """The source."""
        return self.brute.world

    def figures(self) -> Figures:
        """Everything."""
        world = self.world
        return Figures(
            len(world.customers),
            tuple(map(self.table, world.all_feeds)),
            self.identifiers(),
            self.uncast(),
            self.silent(),
            self.merged(),
            range(self.of_nobody(self.noticed), self.of_nobody(self.read) + 1),
        )

    def table(self, feed: Feed) -> Table:
        """One source of events."""
        at = [(feed.kind_of(row), moment) for row in feed.rows if (moment := as_time(row[feed.time])) is not None]
        past = [(kind, moment) for kind, moment in at if kind is not None and moment <= self.as_of]
        newest = {kind: max(moment for each, moment in past if each == kind) for kind, _ in past}
        return Table(len(feed.rows), newest, sum(moment > self.as_of for _, moment in at))

    def identifiers(self) -> Counts:
        """How many are valid, and how many neither valid nor blank: of every record every column and every element."""
        read = [each for row in self.world.customers for each in self.world.read(row, self.world.columns)]
        return Counter("valid" if each.found else "wrong" for each in read if not each.blank)

    # ------------------------------------------------------------------------------------------ what can't be read

    def uncast(self) -> Counts:
        """By column, the values that are there and can't be read as what they are compared with."""
        counts: Counter[str] = Counter()
        for owner, column, kind in self.readings():
            counts[f"{owner}.{column}"] = max(counts[f"{owner}.{column}"], self.unread(owner, column, kind))
        for owner, feed in self.owners():
            counts[f"{owner}.{feed.time}"] = sum(
                not missing(row[feed.time]) and as_time(row[feed.time]) is None for row in feed.rows
            )
        return +counts

    def owners(self) -> Iterator[tuple[str, Feed]]:
        """The sources of events by what messages call them."""
        feeds = self.world.all_feeds
        return ((f"events[{n}]" if len(feeds) > 1 else "events", feed) for n, feed in enumerate(feeds))

    def readings(self) -> set[tuple[str, str, type]]:
        """Which columns are read as what."""
        found: set[tuple[str, str, type]] = set()
        if self.world.consent:
            found.add(("customers", self.world.consent, bool))
        for definition in self.definitions:
            for who in (definition.who, *(each for _, each in definition.segments)):
                for owner, test in tests_of(who.condition):
                    found |= {(owner, test.column, kind) for kind in kinds_of_literals(test.comparisons)}
        return found

    def unread(self, owner: str, column: str, kind: type) -> int:
        """Rows of a table with a value that can't be read so."""
        tables = [self.world.customers] if owner == "customers" else [feed.rows for feed in self.world.all_feeds]
        read = dict(READERS)[kind]
        values = [list(there([row.get(column)])) for rows in tables for row in rows]
        return sum(any(read(each) is None for each in told) for told in values)

    # ------------------------------------------------------------------------------------------ people

    def silent(self) -> int:
        """Records that say nothing about consent."""
        column = self.world.consent
        return 0 if column is None else sum(missing(row[column]) for row in self.world.customers)

    def merged(self) -> tuple[int, int, int] | None:
        """Records that are one person with others, these persons, and identifiers that too many records share."""
        if self.world.same_person is None:
            return None
        several = [len(person.keys) for person in self.brute.persons if len(person.keys) > 1]
        shared = [each for each in self.world.columns if each.column == self.world.same_person]
        held = Counter(found for row in self.world.customers for found in self.world.valid(row, shared))
        return sum(several), len(several), sum(count > MANY for count in held.values())

    # ------------------------------------------------------------------------------------------ events of nobody

    def of_nobody(self, windows: Mapping[str, Collection[Window]]) -> int:
        """How many events of nobody lie in one of the windows for their kind."""
        return sum(any(self.within(event, each) for each in windows.get(event.kind, ())) for event in self.nobodys())

    def within(self, event: Happened, window: Window) -> bool:
        """By its age; those ahead of the clock never."""
        return inside(self.as_of - event.at, window)

    def nobodys(self) -> Iterator[Happened]:
        """The events that are of no person."""
        owned = {id(event.row) for person in self.brute.persons for event in person.events}
        for feed in self.world.all_feeds:
            for row in feed.rows:
                if (event := feed.event(row)) is not None and id(row) not in owned:
                    yield event

    @property
    def read(self) -> Mapping[str, Collection[Window]]:
        """Every event of a kind that somebody asks for."""
        return {kind: [Window(0)] for each in self.definitions for kind in kinds_read(each)}

    @property
    def noticed(self) -> Mapping[str, Collection[Window]]:
        """What conditions count or look for."""
        found: dict[str, list[Window]] = {}
        for definition in self.computed:
            for event, window in windows_of(definition.who):
                for kind in event.kinds:
                    found.setdefault(kind, []).append(window)
        return found


def windows_of(who: Who) -> Iterator[tuple[Event, Window]]:
    """The events that a segment itself counts or looks for, and within which time."""
    for event in events_of(who.condition):
        if isinstance(event.within, SliceMark):
            yield from ((event, each.window) for each in who.slices)
        else:
            yield event, event.within


def events_of(condition: Condition) -> Iterator[Event]:
    """The events of a condition, those of segments that it names left aside."""
    match condition:
        case Event():
            yield condition
        case Ratio(of, to):
            yield from (of, to)
        case Group():
            for each in (*condition.all, *condition.any, *condition.none):
                yield from events_of(each)


def tests_of(condition: Condition) -> Iterator[tuple[str, Test]]:
    """What is compared in which table."""
    if isinstance(condition, Attribute):
        yield "customers", condition.test
    elif isinstance(condition, Group):
        for each in (*condition.all, *condition.any, *condition.none):
            yield from tests_of(each)
    else:
        for event in events_of(condition):
            yield from (("events", test) for test in event.where)
            if isinstance(event.measure, Total) and event.measure.measure != "distinct":
                yield "events", Test(event.measure.of, (Comparison("at_least", (Decimal(0),)),))


def kinds_of_literals(comparisons: Iterable[Comparison]) -> set[type]:
    """As what the values are read; whether there is any is told without reading."""
    literals: list[Scalar] = [each for one in comparisons if one.operator != "exists" for each in one.values]
    return {kind for each in literals for kind, _ in READERS if isinstance(each, kind)}
