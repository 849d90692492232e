"""Walks over conditions: what a definition reads, what its names mean, which part of it denies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reconciler.model.address import Address
from reconciler.model.conditions import Condition, Event, Group, Occurs, Pick, Query, Ratio, SegmentRef
from reconciler.model.definition import Definition, Who
from reconciler.model.time import Window


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A definition to evaluate for some lists, each with its slice (None where there are none)."""

    definition: Definition
    lists: tuple[tuple[Address, str | None], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean inside a definition: the segments it refers to, and the window that `within: slice` stands for.

    `digest` is the definition's: within one definition a key has one meaning.
    """

    digest: str
    whos: Mapping[str, Who]
    window: Window | None = None


def scope_of(definition: Definition) -> Scope:
    """The scope of a definition's own `who`."""
    return Scope(definition.digest, MappingProxyType(dict(definition.segments)))


def top_level_none(who: Who) -> tuple[Condition, ...]:
    """The conditions that deny."""
    return who.condition.none if isinstance(who.condition, Group) else ()


def positive(who: Who) -> Condition:
    """What remains of a `who` without the conditions that deny."""
    if not isinstance(who.condition, Group):
        return who.condition
    return Group(all=who.condition.all, any=who.condition.any)


def windows_of(who: Who) -> Mapping[str | None, Window | None]:
    """The window of each slice; None has none where there are no slices."""
    return {part.name: part.window for part in who.slices} or {None: None}


def plain_window(condition: Condition) -> Event | None:
    """The event, when the condition is nothing but one such event in a fixed window."""
    if isinstance(condition, Group) and len(condition.all) == 1 and not condition.any and not condition.none:
        condition = condition.all[0]
    plain = isinstance(condition, Event) and condition.measure == Occurs() and isinstance(condition.within, Window)
    return condition if plain and isinstance(condition, Event) else None


def refs_of(condition: Condition) -> Iterator[SegmentRef]:
    """The segments that a condition names itself."""
    return (leaf for leaf in leaves_of(condition) if isinstance(leaf, SegmentRef))


def events_of(condition: Condition) -> Iterator[Event]:
    """The events that a condition reads itself."""
    for leaf in leaves_of(condition):
        if isinstance(leaf, Event):
            yield leaf
        elif isinstance(leaf, Ratio):
            yield from (leaf.of, leaf.to)


ANY_KIND = "*"
"""Stands for every kind of event: nothing tells which ones a query reads."""


def leaves_of(condition: Condition) -> Iterator[Condition]:
    """The conditions that are no groups."""
    if isinstance(condition, Group):
        for member in (*condition.all, *condition.any, *condition.none):
            yield from leaves_of(member)
    else:
        yield condition


def kinds_of(condition: Condition, whos: Mapping[str, Who]) -> set[str]:
    """The kinds of event that decide a condition, through the segments it refers to."""
    kinds: set[str] = set()
    seen: set[str] = set()
    todo = [condition]
    while todo:
        here = todo.pop()
        for event in events_of(here):
            kinds |= {*event.kinds, *(_following(event.measure) if isinstance(event.measure, Pick) else ())}
        if any(isinstance(leaf, Query) for leaf in leaves_of(here)):
            kinds.add(ANY_KIND)
        new = {ref.key for ref in refs_of(here)} - seen
        seen |= new
        todo += [whos[key].condition for key in sorted(new)]
    return kinds


def _following(pick: Pick) -> tuple[str, ...]:
    return (*pick.not_followed_by, *(pick.followed_by.kinds if pick.followed_by else ()))


def followed_events(condition: Condition, whos: Mapping[str, Who]) -> list[Event]:
    """The events with `not_followed_by` that are met rather than denied, through the segments referred to."""
    found: list[Event] = []
    seen: set[str] = set()
    todo = [condition]
    while todo:
        here = todo.pop()
        if isinstance(here, Event) and isinstance(here.measure, Pick) and here.measure.not_followed_by:
            found.append(here)
        elif isinstance(here, Group):
            todo += [*here.all, *here.any]
        elif isinstance(here, SegmentRef) and here.key not in seen:
            seen.add(here.key)
            todo.append(whos[here.key].condition)
    return found
