"""Who bought since: a definition turned into the one that asks whether a purchase came after what brought her in.

A pick (`latest`, `first`) is brought in by the event that it picks, every other condition on events by the latest that
it counts. Of `all` the purchase has to come after each of them, of `any` after one that holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from reconciler.membership.scopes import positive
from reconciler.model.conditions import (
    Comparison,
    Condition,
    Event,
    Follow,
    Group,
    Measure,
    Pick,
    SegmentRef,
    SliceMark,
    Times,
    Total,
)
from reconciler.model.definition import Definition, Who
from reconciler.model.time import Window


def bought_since(definition: Definition, purchases: tuple[str, ...]) -> Definition | None:
    """The same slices, of those who bought since; None where no event brings anybody in."""
    since = _since(positive(definition.who), dict(definition.segments), Follow(purchases))
    return None if since is None else Definition(Who(since, definition.who.slices), segments=definition.segments)


def _since(condition: Condition, whos: Mapping[str, Who], follow: Follow) -> Condition | None:
    match condition:
        case Event():
            return _after(condition, follow)
        case Group():
            return _of_group(condition, whos, follow)
        case SegmentRef(key, part):
            return _of_segment(whos[key], part, whos, follow)
        case _:
            return None


def _after(event: Event, follow: Follow) -> Condition | None:
    measure = event.measure
    if isinstance(measure, Pick):
        return replace(event, measure=Pick(followed_by=follow, which=measure.which))
    return None if _holds_of_nothing(measure) else replace(event, measure=Pick(followed_by=follow))


def _holds_of_nothing(measure: Measure) -> bool:
    """Whether it holds for people without any such event: then none brought them in."""
    match measure:
        case Times(comparisons) | Total(_, comparisons, "sum" | "distinct"):
            return all(_met_by_zero(each) for each in comparisons)
        case _:
            return False


def _met_by_zero(comparison: Comparison) -> bool:
    numbers = [value for value in comparison.values if isinstance(value, Decimal)]
    match comparison.operator:
        case "is":
            return 0 in numbers
        case "not":
            return 0 not in numbers
        case "at_least":
            return numbers[0] <= 0
        case "at_most":
            return numbers[0] >= 0
        case "more_than":
            return numbers[0] < 0
        case _:
            return numbers[0] > 0


def _of_group(group: Group, whos: Mapping[str, Who], follow: Follow) -> Condition | None:
    """In `any`, what is met without an event leaves open when somebody came in."""
    every = _told(_since(member, whos, follow) for member in group.all)
    held = [(member, _since(member, whos, follow)) for member in group.any]
    some = tuple(Group(all=(member, since)) for member, since in held if since is not None)
    parts = (*every, *([Group(any=some)] if some else []))
    return Group(all=parts) if parts else None


def _told(parts: Iterable[Condition | None]) -> tuple[Condition, ...]:
    return tuple(part for part in parts if part is not None)


def _of_segment(who: Who, part: str | None, whos: Mapping[str, Who], follow: Follow) -> Condition | None:
    windows = [each.window for each in who.slices if part in (None, each.name)]
    conditions = [_at(positive(who), window) for window in windows] or [positive(who)]
    return _of_group(Group(any=tuple(conditions)), whos, follow)


def _at(condition: Condition, window: Window) -> Condition:
    """With the slice's window where `within: slice` stands: at the condition itself or directly in its `all`."""
    if isinstance(condition, Event) and isinstance(condition.within, SliceMark):
        return replace(condition, within=window)
    if isinstance(condition, Group):
        return replace(condition, all=tuple(_at(member, window) for member in condition.all))
    return condition
