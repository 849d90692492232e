"""The asked segments sorted out: which definitions to evaluate, for which lists, at which clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from reconciler.membership.scopes import Evaluated, events_of, kinds_of, scope_of
from reconciler.membership.unions import Unions
from reconciler.model.address import Address
from reconciler.model.conditions import Attribute, Comparison, Condition, Group, Measure, Scalar, Test, Times, Total
from reconciler.model.definition import Definition
from reconciler.model.membership import AskedSegment


@dataclass(frozen=True, kw_only=True, slots=True)
class Questions:
    """`wanted` are the definitions to evaluate now, without lists outside their period; `changed` the applied ones that
    differ; `denying` the applied ones of every list; `then` the applied ones by the clock of their last apply.

    `alike` are the lists whose applied definition is the wanted one, `drained` those outside their period. `slices` are
    the lists of each segment from the youngest as it is wanted, `slices_then` as it was applied. `unions` are made of
    other lists, which is all that decides of them; `unions_then` as they were applied.
    """

    wanted: tuple[Evaluated, ...]
    changed: tuple[Evaluated, ...]
    denying: tuple[Evaluated, ...]
    then: Mapping[dt.datetime, tuple[Evaluated, ...]]
    addresses: tuple[Address, ...]
    alike: tuple[Address, ...]
    drained: tuple[Address, ...]
    consenting: tuple[Address, ...]
    consenting_then: tuple[Address, ...]
    slices: tuple[tuple[Address, ...], ...]
    slices_then: tuple[tuple[Address, ...], ...]
    kinds: Mapping[Address, frozenset[str]]
    unions: Unions = field(default_factory=dict)
    unions_then: Unions = field(default_factory=dict)

    @property
    def all_alike(self) -> bool:
        """Whether no definition changed, so that one evaluation tells both sides."""
        return len(self.alike) == len(self.addresses)


def sort_out(asked: Iterable[AskedSegment], as_of: dt.datetime, time_zone: str) -> Questions:
    """Decide what to evaluate."""
    everything = tuple(asked)
    segments = tuple(segment for segment in everything if not _is_union(segment))
    changed = [segment for segment in segments if not _alike(segment)]
    return Questions(
        wanted=tuple(_evaluated(segment, segment.wanted, as_of, time_zone) for segment in segments if segment.wanted),
        changed=tuple(_evaluated(segment, segment.applied, as_of, time_zone) for segment in changed if segment.applied),
        denying=tuple(Evaluated(segment.applied, segment.lists) for segment in segments if segment.applied),
        then=_then(segments, time_zone),
        addresses=tuple(_addresses(everything)),
        alike=tuple(_addresses(segment for segment in everything if _alike(segment))),
        drained=tuple(_addresses(s for s in segments if s.wanted and not _runs(s.wanted, as_of, time_zone))),
        consenting=tuple(_addresses(s for s in segments if s.wanted and not s.wanted.suppression)),
        consenting_then=tuple(_addresses(s for s in segments if s.applied and not s.applied.suppression)),
        slices=tuple(_youngest_first(s.lists, s.wanted) for s in segments if len(s.lists) > 1),
        slices_then=tuple(_youngest_first(s.lists, s.applied) for s in segments if len(s.lists) > 1),
        kinds=MappingProxyType({a: _kinds(s.wanted) for s in segments if s.wanted for a, _ in s.lists}),
        unions={address: s.wanted.union for s in everything if s.wanted and s.wanted.union for address, _ in s.lists},
        unions_then={a: s.applied.union for s in everything if s.applied and s.applied.union for a, _ in s.lists},
    )


def _is_union(segment: AskedSegment) -> bool:
    return any(each is not None and bool(each.union) for each in (segment.wanted, segment.applied))


def _alike(segment: AskedSegment) -> bool:
    return (
        segment.wanted is not None and segment.applied is not None and segment.wanted.digest == segment.applied.digest
    )


def _addresses(segments: Iterable[AskedSegment]) -> Iterator[Address]:
    return (address for segment in segments for address, _ in segment.lists)


def _runs(definition: Definition, as_of: dt.datetime, time_zone: str) -> bool:
    return definition.active is None or definition.active.holds(as_of, time_zone)


def _evaluated(segment: AskedSegment, definition: Definition, as_of: dt.datetime, time_zone: str) -> Evaluated:
    return Evaluated(definition, segment.lists if _runs(definition, as_of, time_zone) else ())


def _then(segments: Iterable[AskedSegment], time_zone: str) -> Mapping[dt.datetime, tuple[Evaluated, ...]]:
    by_clock: dict[dt.datetime, list[Evaluated]] = {}
    for segment in segments:
        clock = segment.applied_as_of
        if segment.applied is not None and clock is not None:
            by_clock.setdefault(clock, []).append(_evaluated(segment, segment.applied, clock, time_zone))
    return MappingProxyType({clock: tuple(evaluated) for clock, evaluated in by_clock.items()})


def _youngest_first(lists: tuple[tuple[Address, str | None], ...], by: Definition | None) -> tuple[Address, ...]:
    """By the windows of a definition; lists that only another one has come last."""
    order = [part.name for part in by.who.slices] if by else []
    return tuple(a for a, part in sorted(lists, key=lambda each: _place(order, each[1])))


def _place(order: list[str], part: str | None) -> int:
    return order.index(part) if part in order else len(order)


def _kinds(definition: Definition) -> frozenset[str]:
    return frozenset(kinds_of(definition.who.condition, scope_of(definition).whos))


def kinds_read(definitions: Iterable[Definition]) -> frozenset[str]:
    """Every kind of event that decides one of the definitions."""
    return frozenset(kind for definition in definitions for kind in _kinds(definition))


Typed = tuple[str, str, Scalar]
"""Owner (`customers` or `events`), column, and a literal of the type that its values are read as."""


def typed_columns(definitions: Iterable[Definition]) -> tuple[Typed, ...]:
    """Every column that some condition reads as a number or a boolean."""
    found: dict[tuple[str, str, type], Typed] = {}
    for owner, test in (
        pair for definition in definitions for who in definition.whos() for pair in _tests(who.condition)
    ):
        for value in _literals(test):
            found.setdefault((owner, test.column, type(value)), (owner, test.column, value))
    return tuple(found.values())


def _literals(test: Test) -> Iterator[Scalar]:
    """What the column is read as: `exists` and text take it as it stands."""
    compared = (comparison for comparison in test.comparisons if comparison.operator != "exists")
    return (value for comparison in compared for value in comparison.values if not isinstance(value, str))


def columns_read(definitions: Iterable[Definition]) -> Iterator[tuple[str, str]]:
    """Every (owner, column) that some condition reads."""
    for definition in definitions:
        for who in definition.whos():
            yield from ((owner, test.column) for owner, test in _tests(who.condition))


def _tests(condition: Condition) -> Iterator[tuple[str, Test]]:
    if isinstance(condition, Attribute):
        yield "customers", condition.test
    elif isinstance(condition, Group):
        for member in (*condition.all, *condition.any, *condition.none):
            yield from _tests(member)
    for event in events_of(condition) if not isinstance(condition, Group) else ():
        yield from (("events", test) for test in event.where)
        yield from (("events", test) for test in _measured(event.measure))


def _measured(measure: Measure) -> Iterator[Test]:
    """The column that a measure looks at: as a number, or only at which values there are."""
    match measure:
        case Times(_, str(same)):
            yield Test(same, ())
        case Total(of, _, "distinct"):
            yield Test(of, ())
        case Total(of):
            yield Test(of, (Comparison("at_least", (Decimal(0),)),))
