"""What a condition reads of the source: columns of `customers`, and columns of the events of some kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.model.conditions import Attribute, Condition, Event, Group, Pick, Ratio, SegmentRef, Times, Total


@dataclass(frozen=True, slots=True)
class Read:
    """A column that a condition looks at; of events, those of these kinds."""

    column: str
    kinds: tuple[str, ...] = ()


def reads_of(condition: Condition) -> Iterator[Read]:
    """What a condition reads itself, not through the segments that it refers to."""
    match condition:
        case Attribute(test):
            yield Read(test.column)
        case Event():
            yield from _of_event(condition)
        case Ratio(of, to):
            yield from _of_event(of)
            yield from _of_event(to)
        case Group():
            for member in members_of(condition):
                yield from reads_of(member)


def _of_event(event: Event) -> Iterator[Read]:
    yield from (Read(test.column, event.kinds) for test in event.where)
    match event.measure:
        case Times(_, str(same)):
            yield Read(same, event.kinds)
        case Total(of):
            yield Read(of, event.kinds)


def members_of(group: Group) -> tuple[Condition, ...]:
    """All conditions of a group."""
    return (*group.all, *group.any, *group.none)


def kinds_of(condition: Condition) -> Iterator[str]:
    """Every kind of event that a condition names itself."""
    match condition:
        case Event():
            yield from condition.kinds
            if isinstance(condition.measure, Pick):
                pick = condition.measure
                yield from (*pick.not_followed_by, *(pick.followed_by.kinds if pick.followed_by else ()))
        case Ratio(of, to):
            yield from (*of.kinds, *to.kinds)
        case Group():
            for member in members_of(condition):
                yield from kinds_of(member)


def leaves_of(condition: Condition) -> Iterator[Condition]:
    """The conditions that are no groups."""
    if isinstance(condition, Group):
        for member in members_of(condition):
            yield from leaves_of(member)
    else:
        yield condition


def closure(key: str, conditions: Mapping[str, Condition]) -> tuple[str, ...]:
    """A segment and all that it refers to, directly or not, sorted; `conditions` are those of all segments."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        here = waiting.pop()
        if here in conditions and here not in found:
            found.add(here)
            waiting += [leaf.key for leaf in leaves_of(conditions[here]) if isinstance(leaf, SegmentRef)]
    return tuple(sorted(found))
