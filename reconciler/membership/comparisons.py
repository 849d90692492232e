"""Tests of values as SQL: one value or many, which together decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from sqlglot import exp

from reconciler.membership.ages import after, before, moment
from reconciler.membership.sql import Sql, call, each, either, element, negated, some_element
from reconciler.membership.values import Kind, Stored, as_text, as_time, literal_sql, typed
from reconciler.model.conditions import Comparison, Operator, Scalar, Test
from reconciler.model.time import Window

Merge = Callable[[Sql], Sql]
"""From "a record has a value for which this holds" to "one of the person's records has"."""


def only(held: Sql) -> Sql:
    """The record at hand is all there is."""
    return held


def satisfies(
    test: Test, stored: Stored, value: Sql, as_of: dt.datetime, merge: Merge = only, *, several: bool = False
) -> Sql:
    """Whether the values of a column meet a test: true or false, never NULL.

    Some value has to meet all comparisons together, and none may fail a `not` or an `is: false`. `several` says that
    a person may have several records, which `merge` brings together.
    """
    existing = [comparison for comparison in test.comparisons if comparison.operator == "exists"]
    others = [comparison for comparison in test.comparisons if comparison.operator != "exists"]
    parts: list[Sql] = []
    for comparison in existing:
        there = merge(some(value, stored, lambda one: is_there(one, stored.kind)))
        parts.append(there if comparison.values[0] is True else negated(there))
    if others:
        parts.append(merge(some(value, stored, lambda one: _meets(others, one, stored.kind, as_of))))
    denying = [comparison for comparison in others if _denies(comparison)]
    if denying and (several or stored.is_list):
        failing = some(value, stored, lambda one: _fails(denying, one, stored.kind, as_of))
        parts.append(negated(merge(failing)))
    return each(parts)


def some(value: Sql, stored: Stored, holds: Callable[[Sql], Sql]) -> Sql:
    """Whether it holds for the value, or for some element of the list."""
    return some_element(value, holds(element())) if stored.is_list else holds(value)


def is_there(value: Sql, kind: Kind) -> Sql:
    """Whether a value is not missing."""
    return negated(as_text(value, kind).is_(exp.null()))


def _denies(comparison: Comparison) -> bool:
    """What no value may fail."""
    return comparison.operator == "not" or (comparison.operator == "is" and comparison.values == (False,))


def _meets(comparisons: Iterable[Comparison], value: Sql, kind: Kind, as_of: dt.datetime) -> Sql:
    met = each(_compare(comparison, value, kind, as_of) for comparison in comparisons)
    return exp.func("COALESCE", met, exp.false())


def _fails(comparisons: Iterable[Comparison], value: Sql, kind: Kind, as_of: dt.datetime) -> Sql:
    return is_there(value, kind).and_(negated(_meets(comparisons, value, kind, as_of)))


def _compare(comparison: Comparison, value: Sql, kind: Kind, as_of: dt.datetime) -> Sql:
    """Whether one value satisfies one comparison; NULL where it can't be read."""
    match comparison.values:
        case (Window() as window,):
            return _on_the_clock(comparison.operator, window, as_time(value, kind), as_of)
    return met(comparison, [(typed(value, kind, literal), literal_sql(literal)) for literal in comparison.values])


def _on_the_clock(operator: Operator, window: Window, time: Sql, as_of: dt.datetime) -> Sql:
    """`within` and `older_than` look back from the clock, `in_next` ahead; never across it."""
    if operator == "in_next":
        end = None if window.end is None else after(as_of, window.end)
        late = time >= moment(after(as_of, window.start))
        return late if end is None else late.and_(time < moment(end))
    young = time <= moment(before(as_of, window.start))
    return young if window.end is None else young.and_(time > moment(before(as_of, window.end)))


def number_satisfies(comparisons: Sequence[Comparison], value: Sql) -> Sql:
    """Whether a count, a sum or another figure meets all comparisons; NULL where it is."""
    return each(met(c, [(value, _number(literal)) for literal in c.values]) for c in comparisons)


def _number(literal: Scalar) -> Sql:
    """Whole numbers as such, which is quick beside a count; never a floating-point literal, however it is written."""
    if isinstance(literal, Decimal) and abs(literal) < 10**18 and literal == literal.to_integral_value():
        return exp.Literal.number(int(literal))
    return literal_sql(literal)


def met(comparison: Comparison, pairs: Sequence[tuple[Sql, Sql]]) -> Sql:
    """A comparison between each value, read as a literal's type, and that literal."""
    left, right = pairs[0]
    match comparison.operator:
        case "is":
            return either(a.eq(b) for a, b in pairs)
        case "not":
            return each(a.neq(b) for a, b in pairs)
        case "at_least":
            return left >= right
        case "at_most":
            return left <= right
        case "more_than":
            return left > right
        case "less_than":
            return left < right
        case "contains":
            return call("contains", left, right)
        case _:
            return call("starts_with", left, right)
