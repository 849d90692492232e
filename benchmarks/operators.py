"""The operators of mutation: every small mistake that is tried on every condition, fixed before any test was written.

| operator | what it does |
|---|---|
| drop | takes a member out of `all`, `any` or `none` |
| negate | turns a member round; one of `none` has to hold instead |
| all to any, any to all | the other way to put several members together |
| bound | each number, and each end of each window, one step up and one down |
| sharp | `at_least` for `more_than` and the like, and the comparison the other way round |
| swap window | another named window |
| swap event | another kind; one kind of several left out |
| latest, first, occurs | another event picked, or any |
| follow | `followed_by` and each kind of `not_followed_by` left out or swapped |
| where | each test of `where` left out |
| measure | another figure for `total`, `same` left out, a count or total left out |
| value | another text, one value of several left out, the other boolean, `is` for `not`, `exists` the other way |
| ratio | its parts changed for each other |
| sample | one percent up and down, another seed |
| segment | a reference to another segment |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.model.conditions import (
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Follow,
    Group,
    Measure,
    Occurs,
    Operator,
    Pick,
    Ratio,
    Sample,
    Scalar,
    SegmentRef,
    Test,
    Times,
    Total,
)
from reconciler.model.definition import Slice
from reconciler.model.time import Window, format_duration

HOUR, DAY = 60, 1440
FLIPPED: dict[Operator, tuple[Operator, ...]] = {
    "at_least": ("more_than", "at_most"),
    "more_than": ("at_least", "less_than"),
    "at_most": ("less_than", "at_least"),
    "less_than": ("at_most", "more_than"),
    "is": ("not",),
    "not": ("is",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """What a mutation can be swapped for: kinds of events, named windows, and segments to refer to."""

    kinds: tuple[str, ...]
    windows: tuple[Window, ...]
    references: tuple[str, ...]


Mutations = Iterator[tuple[str, Condition]]


def of_who(condition: Condition, world: World) -> Mutations:
    """Every mutation of a whole `who`, each with what was done and where."""
    if not isinstance(condition, Group):
        yield "negate", Group(all=(Group(none=(condition,)),))
    for label, found in _of(condition, world):
        empty = isinstance(found, Group) and not (found.all or found.any)
        yield label, replace(found, all=(Everyone(),)) if isinstance(found, Group) and empty else found


def of_slices(slices: tuple[Slice, ...]) -> Iterator[tuple[str, tuple[Slice, ...]]]:
    """Each end of each slice one step up and down, as long as no two overlap."""
    for number, part in enumerate(slices):
        others = (*slices[:number], *slices[number + 1 :])
        for label, window in _bounds(part.window):
            if not any(window.overlaps(other.window) for other in others):
                yield f"slice {part.name}: {label}", (*slices[:number], Slice(part.name, window), *slices[number + 1 :])


def _of(condition: Condition, world: World) -> Mutations:
    match condition:
        case Group():
            yield from _of_group(condition, world)
        case Attribute(test):
            yield from ((label, Attribute(found)) for label, found in _of_test(test))
        case Event():
            yield from _of_event(condition, world)
        case Ratio():
            yield from _of_ratio(condition, world)
        case Sample(percent, seed):
            yield "sample: 1 more", replace(condition, percent=percent + 1)
            yield "sample: 1 less", replace(condition, percent=percent - 1)
            yield "sample: another seed", replace(condition, seed=f"{seed}x")
        case SegmentRef(key):
            other = next((each for each in world.references if each != key), None)
            if other is not None:
                yield f"segment: {other}", SegmentRef(other)


def _of_group(group: Group, world: World) -> Mutations:
    for role in ("all", "any", "none"):
        members: tuple[Condition, ...] = getattr(group, role)
        for number, member in enumerate(members):
            at, rest = f"{role}[{number}]", (*members[:number], *members[number + 1 :])
            dropped = replace(group, **{role: rest})
            yield f"{at}: drop", dropped if dropped != Group() else Everyone()
            if role == "none":
                yield f"{at}: negate", replace(dropped, all=(*dropped.all, member))
            else:
                turned = (*members[:number], Group(none=(member,)), *members[number + 1 :])
                yield f"{at}: negate", replace(group, **{role: turned})
            for label, found in _of(member, world):
                changed = (*members[:number], found, *members[number + 1 :])
                yield f"{at}: {label}", replace(group, **{role: changed})
    if len(group.all) > 1 and not group.any:
        yield "all to any", replace(group, all=(), any=group.all)
    if len(group.any) > 1:
        yield "any to all", replace(group, all=(*group.all, *group.any), any=())


def _of_event(event: Event, world: World) -> Mutations:
    for label, kinds in _of_kinds(event.kinds, world):
        yield label, replace(event, kinds=kinds)
    if isinstance(event.within, Window):
        for label, window in _windows(event.within, world):
            yield label, replace(event, within=window)
    for number, test in enumerate(event.where):
        rest = (*event.where[:number], *event.where[number + 1 :])
        yield f"where {test.column}: drop", replace(event, where=rest)
        for label, found in _of_test(test):
            yield f"where {label}", replace(event, where=(*event.where[:number], found, *event.where[number + 1 :]))
    for label, measure in _of_measure(event.measure, event.kinds, world):
        yield label, replace(event, measure=measure)


def _windows(window: Window, world: World) -> Iterator[tuple[str, Window]]:
    yield from _bounds(window)
    other = next((each for each in world.windows if each != window), None)
    if other is not None and window != Window():
        yield f"swap window: {other}", other


def _bounds(window: Window) -> Iterator[tuple[str, Window]]:
    ends = [("start", window.start)] + ([("end", window.end)] if window.end is not None else [])
    for name, bound in ends if window != Window() else ():
        step = HOUR if bound < 2 * DAY else DAY
        for moved in (bound - step, bound + step):
            start, end = (moved, window.end) if name == "start" else (window.start, moved)
            if start >= 0 and (end is None or end > start):
                yield f"bound: {name} {format_duration(moved)}", Window(start, end)


def _of_kinds(kinds: tuple[str, ...], world: World) -> Iterator[tuple[str, tuple[str, ...]]]:
    for number, kind in enumerate(kinds):
        rest = (*kinds[:number], *kinds[number + 1 :])
        if rest:
            yield f"event {kind}: drop", rest
        other = _other(kind, [each for each in world.kinds if each not in kinds])
        if other is not None:
            yield f"swap event {kind}: {other}", (*rest, other)


def _other(kind: str, kinds: list[str]) -> str | None:
    """The next kind by name, so that each is tried somewhere."""
    return next((each for each in kinds if each > kind), kinds[0] if kinds else None)


def _of_measure(measure: Measure, kinds: tuple[str, ...], world: World) -> Iterator[tuple[str, Measure]]:
    match measure:
        case Pick():
            yield from _of_pick(measure, kinds, world)
        case Times(comparisons, same):
            yield "measure: drop", Occurs()
            if same is not None:
                yield "same: drop", replace(measure, same=None)
            for label, found in _of_comparisons(comparisons):
                yield f"times {label}", replace(measure, comparisons=found)
        case Total(_, comparisons, figure):
            yield "measure: drop", Occurs()
            yield "measure: another", replace(measure, measure="average" if figure == "sum" else "sum")
            yield "measure: largest", replace(measure, measure="largest")
            for label, found in _of_comparisons(comparisons):
                yield f"total {label}", replace(measure, comparisons=found)


def _of_pick(pick: Pick, kinds: tuple[str, ...], world: World) -> Iterator[tuple[str, Measure]]:
    if not pick.not_followed_by and pick.followed_by is None:
        yield "occurs", Occurs()
    other_pick = "first" if pick.which == "latest" else "latest"
    yield other_pick, replace(pick, which="first" if pick.which == "latest" else "latest")
    for kind in pick.not_followed_by:
        rest = tuple(each for each in pick.not_followed_by if each != kind)
        yield f"not_followed_by {kind}: drop", replace(pick, not_followed_by=rest)
        other = _other(kind, [each for each in world.kinds if each not in (kind, *kinds)])
        if other is not None:
            yield f"not_followed_by {kind}: {other}", replace(pick, not_followed_by=(*rest, other))
    if pick.followed_by is not None:
        yield "followed_by: drop", replace(pick, followed_by=None)
        for label, follow in _of_follow(pick.followed_by, world):
            yield f"followed_by {label}", replace(pick, followed_by=follow)


def _of_follow(follow: Follow, world: World) -> Iterator[tuple[str, Follow]]:
    for label, kinds in _of_kinds(follow.kinds, world):
        yield label, replace(follow, kinds=kinds)
    for label, window in _windows(follow.within, world):
        yield label, replace(follow, within=window)


def _of_ratio(ratio: Ratio, world: World) -> Mutations:
    yield "ratio: changed", replace(ratio, of=ratio.to, to=ratio.of)
    for label, found in _of_comparisons(ratio.comparisons):
        yield f"ratio {label}", replace(ratio, comparisons=found)
    for part in ("of", "to"):
        event: Event = getattr(ratio, part)
        for label, changed in _of_event(replace(event, measure=Occurs()), world):
            if isinstance(changed, Event):
                figure = replace(changed, measure=event.measure)
                yield f"ratio {part} {label}", replace(ratio, of=figure) if part == "of" else replace(ratio, to=figure)


def _of_test(test: Test) -> Iterator[tuple[str, Test]]:
    for label, comparisons in _of_comparisons(test.comparisons):
        yield f"{test.column} {label}", replace(test, comparisons=comparisons)


def _of_comparisons(comparisons: tuple[Comparison, ...]) -> Iterator[tuple[str, tuple[Comparison, ...]]]:
    for number, comparison in enumerate(comparisons):
        for label, found in _of_comparison(comparison):
            yield label, (*comparisons[:number], found, *comparisons[number + 1 :])


def _of_comparison(comparison: Comparison) -> Iterator[tuple[str, Comparison]]:
    for operator in FLIPPED.get(comparison.operator, ()):
        yield f"sharp: {operator}", Comparison(operator, comparison.values)
    for number, value in enumerate(comparison.values):
        rest = (*comparison.values[:number], *comparison.values[number + 1 :])
        if rest:
            yield f"value {value}: drop", Comparison(comparison.operator, rest)
        for label, other in _of_value(value):
            yield label, Comparison(comparison.operator, (*rest, other))


def _of_value(value: Scalar) -> Iterator[tuple[str, Scalar]]:
    if isinstance(value, bool):
        yield f"value {value}: {not value}", not value
    elif isinstance(value, Decimal):
        step = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent)))
        yield f"bound: {value + step}", value + step
        yield f"bound: {value - step}", value - step
    elif isinstance(value, Window):
        yield from _bounds(value)
    else:
        yield f"value {value}: another", f"not {value}"
