"""Guesses at facts: what could meet a condition, and what little could undo it. Membership tells which of them do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from reconciler.model.conditions import (
    Attribute,
    Comparison,
    Condition,
    Event,
    Follow,
    Pick,
    Ratio,
    Sample,
    Test,
    Times,
    Total,
)
from reconciler.model.time import EVER, Window
from reconciler.testing.facts import Ago, Deed, Fact, Facts

LONG_AGO = 400 * 1440
SOON = 10
"""Minutes: where a window leaves the choice."""


def meeting(condition: Condition) -> Iterator[Facts]:
    """What may meet a condition that is no group, the likeliest first."""
    match condition:
        case Attribute(test):
            yield from (Facts(attributes=((test.column, fact),)) for fact in values(test))
        case Event():
            yield from (Facts(deeds=deeds) for deeds in _deeds(condition))
        case Ratio(of, to):
            yield from (Facts(deeds=deeds) for deeds in (_some(of, 2), (*_some(of, 2), *_some(to, 1)), _some(to, 2)))
        case Sample():
            yield Facts(samples=((condition, True),))


def values(test: Test) -> Iterator[Fact]:
    """What may satisfy comparisons."""
    for comparison in test.comparisons:
        for value in comparison.values:
            yield from _value(comparison, value)


def _value(comparison: Comparison, value: object) -> Iterator[Fact]:
    if isinstance(value, Window):
        ages = _ages(value)
        yield from (Ago(-age if comparison.operator == "in_next" else age) for age in ages)
    elif comparison.operator == "exists":
        yield "something" if value is True else None
    elif isinstance(value, bool):
        yield _word(value is (comparison.operator == "is"))
    elif isinstance(value, Decimal):
        step = {"more_than": 1, "less_than": -1, "not": 1}.get(comparison.operator, 0)
        yield str(value + step)
    else:
        yield f"not {value}" if comparison.operator in ("not", "less_than") else f"{value}"
        yield f"{value} and more"


def _word(value: bool) -> str:
    return "true" if value else "false"


def _ages(window: Window) -> list[int]:
    """Ages in a window: its first instant, where that is not now, and a later one."""
    if window == EVER:
        return [SOON, LONG_AGO]
    inside = window.start or SOON
    last = (window.end - 1) if window.end is not None else max(LONG_AGO, window.start)
    return list(dict.fromkeys([min(inside, last), last]))


def _deeds(event: Event) -> Iterator[tuple[Deed, ...]]:
    window = event.within if isinstance(event.within, Window) else EVER
    for age in _ages(window):
        match event.measure:
            case Pick():
                yield from _picked(event, event.measure, age)
            case Times(comparisons, same):
                for number in _numbers(comparisons):
                    yield _spread(event, age, number, {same: "one"} if same else {})
            case Total():
                yield from _totals(event, event.measure, age)
            case _:
                yield _spread(event, age, 1, {})


def _picked(event: Event, pick: Pick, age: int) -> Iterator[tuple[Deed, ...]]:
    first = _spread(event, age, 1, {})
    if pick.followed_by is None:
        yield first
        return
    follow = pick.followed_by
    for gap in _ages(follow.within):
        if gap <= age:
            yield (*first, Deed(follow.kinds[0], age - gap))
    yield (*first, Deed(follow.kinds[0], age))


def _totals(event: Event, total: Total, age: int) -> Iterator[tuple[Deed, ...]]:
    for fact in values(Test(total.of, total.comparisons)):
        if total.measure != "distinct":
            yield _spread(event, age, 1, {total.of: fact})
        elif isinstance(fact, str) and fact.isdecimal():
            yield tuple(
                replace(each, columns=(*each.columns, (total.of, f"value {number}")))
                for number, each in enumerate(_spread(event, age, int(fact), {}))
            )


def _numbers(comparisons: Iterable[Comparison]) -> Iterator[int]:
    found = (fact for fact in values(Test("", tuple(comparisons))) if isinstance(fact, str))
    yield from dict.fromkeys(int(Decimal(fact)) for fact in found if 0 <= Decimal(fact) <= 100)


def _spread(event: Event, age: int, number: int, columns: dict[str, Fact]) -> tuple[Deed, ...]:
    """So many events of the first kind from an age on, a minute apart, towards now where there is room."""
    told = {test.column: next(values(test), None) for test in event.where} | columns
    step = -1 if age >= number else 1
    return tuple(Deed(event.kinds[0], max(age + step * each, 0), tuple(told.items())) for each in range(number))


def _some(event: Event, number: int) -> tuple[Deed, ...]:
    window = event.within if isinstance(event.within, Window) else EVER
    columns: dict[str, Fact] = {event.measure.of: "100"} if isinstance(event.measure, Total) else {}
    return _spread(event, _ages(window)[0], number, columns)


def undoing(facts: Facts, leaves: Iterable[Condition]) -> Iterator[Facts]:
    """The same with one little change, the smallest first."""
    conditions = tuple(leaves)
    bounds = sorted({bound for each in conditions for bound in _bounds(each)})
    for number, deed in enumerate(facts.deeds):
        nearest = sorted(bounds, key=lambda bound, ago=deed.ago: abs(bound - ago))  # type: ignore[misc]
        ages = [age for bound in nearest for age in (bound, bound - 1) if age >= 0]
        yield from (facts.with_deed(number, replace(deed, ago=age)) for age in ages)
        yield from (facts.with_deed(number, replace(deed, columns=columns)) for columns in _changed(deed.columns))
        yield facts.with_deed(number)
    yield from _folded(facts)
    for column, fact in facts.attributes:
        yield from (facts.with_attribute(column, other) for other in (*_near(fact), *_of_column(column, conditions)))
    for condition in conditions:
        yield from _added(facts, condition)


def _folded(facts: Facts) -> Iterator[Facts]:
    """One event less, and what was told of it told of another of its kind: fewer, and nothing else."""
    for number, deed in enumerate(facts.deeds):
        for place, other in enumerate(facts.deeds):
            if place != number and other.kind == deed.kind:
                columns = tuple((dict(deed.columns) | dict(other.columns)).items())
                yield facts.with_deed(place, replace(other, columns=columns)).with_deed(number)


def _of_column(column: str, conditions: Iterable[Condition]) -> Iterator[Fact]:
    """The bounds of the windows that a time is held against."""
    tests = [each.test for each in conditions if isinstance(each, Attribute) and each.test.column == column]
    for value in (value for test in tests for comparison in test.comparisons for value in comparison.values):
        if isinstance(value, Window):
            ends = (value.start - 1, value.start, value.end)
            yield from (Ago(sign * end) for end in ends if end is not None for sign in (1, -1))


def _added(facts: Facts, condition: Condition) -> Iterator[Facts]:
    if isinstance(condition, Sample):
        yield facts.over(Facts(samples=((condition, dict(facts.samples).get(condition) is not True),)))
        return
    if isinstance(condition, Event) and isinstance(condition.measure, Pick):
        for kind in condition.measure.not_followed_by:
            for number, deed in enumerate(facts.deeds):
                yield facts.with_deed(number, deed, Deed(kind, deed.ago // 2))
    yield from (facts.over(found) for found in meeting(condition))


def _bounds(condition: Condition) -> Iterator[int]:
    events = (condition.of, condition.to) if isinstance(condition, Ratio) else (condition,)
    for event in events:
        if isinstance(event, Event) and isinstance(event.within, Window):
            yield from _ends(event.within)
            yield from _ends_of_follow(event)


def _ends(window: Window) -> Iterator[int]:
    if window != EVER:
        yield from (end for end in (window.start, window.end) if end is not None)


def _ends_of_follow(event: Event) -> Iterator[int]:
    if isinstance(event.measure, Pick) and isinstance(event.measure.followed_by, Follow):
        yield from _ends(event.measure.followed_by.within)


def _changed(columns: tuple[tuple[str, Fact], ...]) -> Iterator[tuple[tuple[str, Fact], ...]]:
    for number, (column, fact) in enumerate(columns):
        for other in _near(fact):
            yield (*columns[:number], (column, other), *columns[number + 1 :])


def _near(fact: Fact) -> Iterator[Fact]:
    if isinstance(fact, str):
        try:
            number = Decimal(fact)
        except ArithmeticError:
            yield {"true": "false", "false": "true"}.get(fact, f"other than {fact}")
        else:
            yield from (str(number + step) for step in (Decimal("-0.01"), Decimal(-1), Decimal(1)))
    yield None
