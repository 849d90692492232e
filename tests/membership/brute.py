"""Who belongs, worked out person by person in plain Python: slow, obvious, and written from the language alone.

Nothing here looks at the SQL or at the package's normaliser; only the definitions' and the settings' types are shared.
A world is lists of dicts, as a table's rows would be read with their types.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo

from reconciler.model.conditions import Group
from reconciler.model.definition import Definition
from reconciler.model.identifiers import Form
from reconciler.model.membership import LeftOut
from reconciler.model.settings import IdentifierColumn
from tests.membership.brute_conditions import Clock, Happened, Outside, Person, Row, happened
from tests.membership.brute_identifiers import Found, Read, identifier, reads, verdict
from tests.membership.brute_values import as_text, as_truth, in_utc, missing

__all__ = ["Brute", "Clock", "Feed", "Found", "Person", "World", "as_text", "identifier", "in_utc", "verdict"]

Slices = dict[str | None, frozenset[Found]]
MANY = 20
"""The most records that may share an identifier and still be taken for one person."""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The rows of one source of events: their kinds stand in the column `name`, or are `kind` all."""

    rows: Sequence[Row]
    name: str | None = "event"
    kind: str | None = None
    customer: str = "customer_id"
    time: str = "occurred_at"
    fresh_within: tuple[tuple[str, int], ...] = ()
    identifiers: tuple[IdentifierColumn, ...] = ()

    def event(self, row: Row) -> Happened | None:
        """A row as an event; None for one without kind or time."""
        return happened(row, self.kind_of(row), row[self.time])

    def kind_of(self, row: Row) -> str | None:
        """The kind of a row."""
        return self.kind if self.name is None else row[self.name]


@dataclass(frozen=True, kw_only=True)
class World:
    """All rows of a source, and how to read them: `consent` None means that everybody has given it.

    `email` names plain columns of addresses, `identifiers` are columns beside them; `feeds` stand in place of `events`
    where there are several sources, or one that is not plain.
    """

    customers: Sequence[Row]
    events: Sequence[Row] = ()
    email: tuple[str, ...] = ("email",)
    consent: str | None = None
    missing: Literal["ignore", "refuse"] = "ignore"
    time_zone: str = "UTC"
    key: str = "customer_id"
    identifiers: tuple[IdentifierColumn, ...] = ()
    same_person: str | None = None
    feeds: tuple[Feed, ...] = ()
    form: Form = "sha256"
    outside: Outside = field(default_factory=Outside)

    @property
    def all_feeds(self) -> tuple[Feed, ...]:
        """Every source of events."""
        return self.feeds or (Feed(rows=self.events),)

    @property
    def columns(self) -> tuple[IdentifierColumn, ...]:
        """Every column of identifiers of the customers."""
        return (*(IdentifierColumn(type="email", column=each) for each in self.email), *self.identifiers)

    def read(self, row: Row, columns: Iterable[IdentifierColumn]) -> list[Read]:
        """The identifiers of a row."""
        return [found for column in columns for found in reads(row[column.column], column, self.form)]

    def valid(self, row: Row, columns: Iterable[IdentifierColumn]) -> frozenset[Found]:
        """The valid identifiers of a row."""
        return frozenset(each.found for each in self.read(row, columns) if each.found is not None)


@dataclass
class Brute:
    """A world with its persons."""

    world: World
    persons: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find every person's records, events and identifiers."""
        groups = list(self._groups())
        held = [self._identifiers(records) for records in groups]
        events = self._events(groups, held)
        for number, records in enumerate(groups):
            tried = any(not each.blank for record in records for each in self.world.read(record, self.world.columns))
            keys = tuple(record[self.world.key] for record in records)
            consents = self._consents(records)
            self.persons.append(Person(keys, records, tuple(events[number]), held[number], tried, consents))

    def _identifiers(self, records: Iterable[Row]) -> frozenset[Found]:
        return frozenset(found for record in records for found in self.world.valid(record, self.world.columns))

    def _groups(self) -> Iterator[tuple[Row, ...]]:
        """Records that share an identifier of the column `same_person`, if not too many do."""
        shared = [each for each in self.world.columns if each.column == self.world.same_person]
        together: dict[frozenset[Found], list[Row]] = defaultdict(list)
        for record in self.world.customers:
            together[self.world.valid(record, shared)].append(record)
        for found, records in together.items():
            if found and len(records) <= MANY:
                yield tuple(records)
            else:
                yield from ((record,) for record in records)

    def _events(self, groups: Sequence[Sequence[Row]], held: Sequence[frozenset[Found]]) -> dict[int, list[Happened]]:
        """By number of the group: events of its records, and those of nobody that name one of its identifiers."""
        owner = {as_text(row[self.world.key]): number for number, records in enumerate(groups) for row in records}
        holders: dict[Found, set[int]] = defaultdict(set)
        for number, identifiers in enumerate(held):
            for found in identifiers:
                holders[found].add(number)
        out: dict[int, list[Happened]] = defaultdict(list)
        for feed in self.world.all_feeds:
            for row in feed.rows:
                if (event := feed.event(row)) is not None:
                    for number in self._whose(feed, row, owner, holders):
                        out[number].append(event)
        return out

    def _whose(
        self, feed: Feed, row: Row, owner: Mapping[str, int], holders: Mapping[Found, set[int]]
    ) -> frozenset[int]:
        key = row[feed.customer]
        if not missing(key) and as_text(key) in owner:
            return frozenset({owner[as_text(key)]})
        found = (holders.get(each, set()) for each in self.world.valid(row, feed.identifiers))
        return frozenset().union(*found)

    def named(self, kinds: Collection[str]) -> frozenset[Found]:
        """The identifiers that guests name in events of some kinds."""
        known = {as_text(row[self.world.key]) for row in self.world.customers}
        found = (
            self.world.valid(row, feed.identifiers)
            for feed in self.world.all_feeds
            for row in feed.rows
            if feed.kind_of(row) in kinds and as_text(row[feed.customer]) not in known
        )
        return frozenset().union(*found)

    def _consents(self, records: Iterable[Row]) -> bool:
        if self.world.consent is None:
            return True
        said = [self._says(record[self.world.consent]) for record in records]
        return True in said and False not in said

    def _says(self, value: Any) -> bool | None:
        """Yes, no, or nothing; what is neither is a no."""
        if missing(value):
            return None if self.world.missing == "ignore" else False
        return as_truth(value) is True

    def clock(self, definition: Definition, as_of: dt.datetime) -> Clock:
        """A definition at a moment."""
        return Clock(as_of, dict(definition.segments), self.world.outside)

    def holders(self, found: Found) -> list[Person]:
        """The persons who hold an identifier."""
        return [person for person in self.persons if found in person.identifiers]

    def excluded(self, person: Person, definition: Definition, as_of: dt.datetime) -> bool:
        """The top-level `none` holds for her."""
        top = definition.who.condition
        return isinstance(top, Group) and self.clock(definition, as_of).some(person, top.none, None)

    def in_period(self, definition: Definition, as_of: dt.datetime) -> bool:
        """Whether `as_of` is within the segment's period."""
        if definition.active is None:
            return True
        day = as_of.astimezone(ZoneInfo(self.world.time_zone)).date()
        first, last = definition.active.first, definition.active.last
        return (first is None or first <= day) and (last is None or day <= last)

    def refused(self, person: Person, definition: Definition) -> bool:
        """Her consent is needed and not given."""
        return not definition.suppression and not person.consents

    def denied(self, person: Person, definition: Definition, as_of: dt.datetime) -> bool:
        """Whether none of her identifiers may be sent, whoever else holds it."""
        outside = not self.in_period(definition, as_of)
        return outside or self.refused(person, definition) or self.excluded(person, definition, as_of)

    def parts(self, definition: Definition) -> list[str | None]:
        """Its lists, from the youngest slice to the oldest."""
        return [each.name for each in definition.who.slices] or [None]

    def lists(self, definition: Definition, as_of: dt.datetime) -> Slices:
        """The identifiers of every list of a segment; of its slices an identifier goes to the youngest alone."""
        taken = {
            found for person in self.persons if self.denied(person, definition, as_of) for found in person.identifiers
        }
        out: Slices = {}
        clock = self.clock(definition, as_of)
        for part in self.parts(definition):
            those = [person for person in self.persons if clock.who(person, definition.who, part)]
            out[part] = frozenset(found for person in those for found in person.identifiers) - taken
            taken |= out[part]
        return out

    def left_out(self, definition: Definition, part: str | None, as_of: dt.datetime) -> dict[LeftOut, int]:
        """The persons who meet the conditions of a list and are not sent, each once."""
        counts: Counter[LeftOut] = Counter()
        if self.in_period(definition, as_of):
            clock = self.clock(definition, as_of)
            counts.update(
                reason
                for person in self.persons
                if clock.but_for_none(person, definition.who, part)
                and (reason := self._why_not(person, definition, as_of)) is not None
            )
        return dict(counts)

    def _why_not(self, person: Person, definition: Definition, as_of: dt.datetime) -> LeftOut | None:
        reasons = {
            LeftOut.EXCLUDED: self.excluded(person, definition, as_of),
            LeftOut.NO_CONSENT: self.refused(person, definition),
            LeftOut.NO_IDENTIFIER: not person.tried,
            LeftOut.INVALID: not person.identifiers,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)
