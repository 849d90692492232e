"""Who belongs, worked out person by person in plain Python: slow, obvious, and written from the language alone.

Nothing here looks at the SQL or at the package's normaliser; only the definitions' types are shared. A world is lists
of dicts, as a table's rows would be read with their types; records are persons.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import operator as operators
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from reconciler.model.conditions import (
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Group,
    Occurs,
    Pick,
    Scalar,
    SegmentRef,
    SliceMark,
    Test,
    Times,
    Total,
)
from reconciler.model.definition import Definition, Who
from reconciler.model.membership import LeftOut
from reconciler.model.time import Window

Row = Mapping[str, Any]
Slices = dict[str | None, frozenset[str]]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_YES = {"true", "t", "yes", "y", "1"}
_NO = {"false", "f", "no", "n", "0"}


@dataclass(frozen=True, kw_only=True)
class World:
    """All rows of a source, and how to read them: `consent` None means that everybody has given it."""

    customers: Sequence[Row]
    events: Sequence[Row]
    email: tuple[str, ...] = ("email",)
    consent: str | None = None
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Person:
    """One record with her events and her valid identifiers."""

    record: Row
    events: tuple[Row, ...]
    identifiers: frozenset[str]
    tried: bool
    consents: bool


# ---------------------------------------------------------------------------------------------- addresses


def verdict(raw: str | None) -> tuple[str, str | None]:
    """An address in its one spelling, and why it is not valid (None when it is)."""
    spelled = unicodedata.normalize("NFKC", raw or "")
    spelled = "".join(letter for letter in spelled if unicodedata.category(letter) != "Cf")
    spelled = spelled.strip().lower()
    return spelled, _wrong(spelled)


def _wrong(spelled: str) -> str | None:
    local, _, domain = spelled.partition("@")
    labels = domain.split(".")
    checks = (
        ("blank", spelled == ""),
        ("no_at", spelled.count("@") == 0),
        ("several_at", spelled.count("@") > 1),
        ("space", any(letter.isspace() or unicodedata.category(letter) == "Cc" for letter in spelled)),
        ("local", not 1 <= len(local) <= 64),
        ("domain", len(labels) < 2 or not all(map(_label, labels)) or len(labels[-1]) < 2 or labels[-1].isdigit()),
        ("too_long", len(spelled) > 254),
    )
    return next((reason for reason, holds in checks if holds), None)


def _label(label: str) -> bool:
    known = all(letter.isalnum() or letter == "-" for letter in label)
    return known and 1 <= len(label) <= 63 and "-" not in (label[0], label[-1])


def identifier(raw: str | None) -> str | None:
    """What is sent for an address; None when it is not valid."""
    spelled, reason = verdict(raw)
    return None if reason else hashlib.sha256(spelled.encode()).hexdigest()


# ---------------------------------------------------------------------------------------------- values


def missing(value: Any) -> bool:
    """NULL, or text that is blank."""
    return value is None or (isinstance(value, str) and not value.strip())


def as_text(value: Any) -> str:
    """How a typed value is written."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_number(value: Any) -> Decimal | None:
    """An exact decimal, or None."""
    written = as_text(value).strip()
    return Decimal(written) if not isinstance(value, bool) and _NUMBER.fullmatch(written) else None


def as_truth(value: Any) -> bool | None:
    """A boolean, or None; of numbers, 1 and 0 whatever their type."""
    if isinstance(value, float | Decimal):
        return bool(value) if value in (0, 1) else None
    word = as_text(value).lower()
    return True if word in _YES else False if word in _NO else None


def _alike(value: Any, literal: Scalar) -> Any:
    """The value in the type of the literal; None where it can't be cast."""
    if isinstance(literal, bool):
        return as_truth(value)
    return as_number(value) if isinstance(literal, Decimal) else as_text(value)


def _compares(value: Any, operator: str, literal: Scalar) -> bool:
    cast = _alike(value, literal)
    if cast is None:
        return False
    return _OPERATORS[operator](cast, literal)


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": operators.eq,
    "not": operators.ne,
    "at_least": operators.ge,
    "at_most": operators.le,
    "more_than": operators.gt,
    "less_than": operators.lt,
    "contains": operators.contains,
    "starts_with": lambda value, start: bool(value.startswith(start)),
}


def satisfies(value: Any, comparisons: Iterable[Comparison]) -> bool:
    """Whether one value meets all comparisons together."""
    return all(_meets(value, comparison) for comparison in comparisons)


def _meets(value: Any, comparison: Comparison) -> bool:
    if comparison.operator == "exists":
        return missing(value) is not comparison.values[0]
    if missing(value):
        return False
    found = [_compares(value, comparison.operator, literal) for literal in comparison.values]
    return all(found) if comparison.operator == "not" else any(found)


# ---------------------------------------------------------------------------------------------- conditions


def in_utc(moment: dt.datetime) -> dt.datetime:
    """Times without a zone are UTC."""
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


@dataclass(frozen=True)
class Clock:
    """A definition at one moment: what a person's conditions are judged by."""

    as_of: dt.datetime
    segments: Mapping[str, Who]

    def age(self, event: Row) -> dt.timedelta | None:
        """How long ago; None for a time that is missing."""
        return None if event["occurred_at"] is None else self.as_of - in_utc(event["occurred_at"])

    def counted(self, person: Person, kinds: Iterable[str], where: Iterable[Test] = ()) -> list[Row]:
        """Her events of some kinds that have happened, narrowed."""
        happened = [each for each in person.events if (age := self.age(each)) is not None and age >= dt.timedelta(0)]
        of_kind = [each for each in happened if each["event"] in set(kinds)]
        return [each for each in of_kind if all(satisfies(each[test.column], test.comparisons) for test in where)]

    def within(self, event: Row, window: Window) -> bool:
        """Half-open and exact."""
        age = self.age(event)
        assert age is not None
        older = window.end is not None and age >= dt.timedelta(minutes=window.end)
        return age >= dt.timedelta(minutes=window.start) and not older

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
                return satisfies(person.record[test.column], test.comparisons)
            case SegmentRef(key, part):
                return self.who(person, self.segments[key], part)
            case Group():
                return self.all_and_any(person, condition, window) and not self.some(person, condition.none, window)
            case Event():
                return self.event(person, condition, window)
            case _:
                raise NotImplementedError(condition)

    def all_and_any(self, person: Person, group: Group, window: Window | None) -> bool:
        """A group without its `none`."""
        every = all(self.holds(person, each, window) for each in group.all)
        return every and (not group.any or self.some(person, group.any, window))

    def some(self, person: Person, conditions: Iterable[Condition], window: Window | None) -> bool:
        """At least one holds."""
        return any(self.holds(person, each, window) for each in conditions)

    def event(self, person: Person, event: Event, at_hand: Window | None) -> bool:
        """`where` narrows, `latest` picks, `within` looks at what is picked."""
        within = event.within
        if isinstance(within, SliceMark):
            assert at_hand is not None
            within = at_hand
        found = self.counted(person, event.kinds, event.where)
        if isinstance(event.measure, Pick):
            return bool(found) and self.latest(person, found, within, event.measure)
        there = [each for each in found if self.within(each, within)]
        match event.measure:
            case Occurs():
                return bool(there)
            case Times(comparisons):
                return satisfies(len(there), comparisons)
            case Total(column, comparisons):
                values = [as_number(each[column]) for each in there if not missing(each[column])]
                return satisfies(sum((value for value in values if value is not None), Decimal(0)), comparisons)

    def latest(self, person: Person, found: list[Row], window: Window, measure: Pick) -> bool:
        """The latest lies in the window, and nothing of `not_followed_by` came at its instant or later."""
        picked = max(found, key=lambda each: in_utc(each["occurred_at"]))
        when = in_utc(picked["occurred_at"])
        later = [each for each in self.counted(person, measure.not_followed_by) if in_utc(each["occurred_at"]) >= when]
        return self.within(picked, window) and not later


# ---------------------------------------------------------------------------------------------- lists


@dataclass
class Brute:
    """A world with its persons."""

    world: World
    persons: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find every record's events and identifiers."""
        for record in self.world.customers:
            raw = [record[column] for column in self.world.email]
            self.persons.append(
                Person(
                    record,
                    tuple(each for each in self.world.events if each["customer_id"] == record["customer_id"]),
                    frozenset(found for each in raw if (found := identifier(each))),
                    any(verdict(each)[0] for each in raw),
                    self._consents(record),
                )
            )

    def _consents(self, record: Row) -> bool:
        if self.world.consent is None:
            return True
        said = record[self.world.consent]
        return not missing(said) and as_truth(said) is True

    def holders(self, found: str) -> list[Person]:
        """The persons who hold an identifier."""
        return [person for person in self.persons if found in person.identifiers]

    def excluded(self, person: Person, definition: Definition, as_of: dt.datetime) -> bool:
        """The top-level `none` holds for her."""
        top = definition.who.condition
        clock = Clock(as_of, dict(definition.segments))
        return isinstance(top, Group) and clock.some(person, top.none, None)

    def in_period(self, definition: Definition, as_of: dt.datetime) -> bool:
        """Whether `as_of` is within the segment's period."""
        if definition.active is None:
            return True
        day = as_of.astimezone(ZoneInfo(self.world.time_zone)).date()
        first, last = definition.active.first, definition.active.last
        return (first is None or first <= day) and (last is None or day <= last)

    def refused(self, person: Person, definition: Definition) -> bool:
        """Her consent is needed and not given. Who says nothing has not given it: no other record is hers."""
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
        clock = Clock(as_of, dict(definition.segments))
        for part in self.parts(definition):
            those = [person for person in self.persons if clock.who(person, definition.who, part)]
            out[part] = frozenset(found for person in those for found in person.identifiers) - taken
            taken |= out[part]
        return out

    def left_out(self, definition: Definition, part: str | None, as_of: dt.datetime) -> dict[LeftOut, int]:
        """The persons who meet the conditions of a list and are not sent, each once."""
        counts: Counter[LeftOut] = Counter()
        if self.in_period(definition, as_of):
            clock = Clock(as_of, dict(definition.segments))
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
