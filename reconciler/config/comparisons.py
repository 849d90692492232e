"""Comparisons of the YAML → the model's, in one canonical order."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.config.context import Context
from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.config.values import read_duration, read_span, read_window
from reconciler.model.codec import OPERATORS
from reconciler.model.conditions import TIMES, Comparison, Operator, Scalar, Test
from reconciler.model.mentions import MentionedValue
from reconciler.model.numbers import EXACT
from reconciler.model.time import Window

MAX_SIGNIFICANT = 15
"""The digits of a number that an average or a ratio is compared with: these are compared by multiplying."""


def read_test(owner: str, column: str, node: Node, context: Context) -> Test:
    """The comparisons under a node, of a column whose values are looked for when the data is there."""
    comparisons = {"is": node} if not isinstance(node.value, dict) else dict(node.entries())
    test = Test(column, read_comparisons(node, context))
    for comparison in test.comparisons if not context.problems.broken(node) else ():
        for item in comparisons[comparison.operator].items():
            value = comparison.values[0] if comparison.operator in TIMES else _scalar(item)
            context.values.append(
                MentionedValue(owner=owner, column=column, operator=comparison.operator, value=value, place=item.place)
            )
    return test


def read_comparisons(node: Node, context: Context) -> tuple[Comparison, ...]:
    """The comparisons under a node; a bare value, or a list of them, means `is`."""
    if not isinstance(node.value, dict):
        return (Comparison("is", _values(node)),)
    read = [_comparison(name, child, context) for name in OPERATORS if (child := node.get(name)) is not None]
    found = tuple(comparison for comparison in read if comparison is not None)
    _refuse_contradictions(node, found, context.problems)
    return found


def refuse_long_numbers(node: Node, problems: Problems) -> None:
    """Beside an average or a ratio: numbers of more digits than can be multiplied exactly."""
    for name in OPERATORS:
        child = node.get(name)
        for item in child.items() if child is not None else ():
            if len(EXACT.normalize(Decimal(item.raw)).as_tuple().digits) > MAX_SIGNIFICANT:
                problems.add(item, f"has more than {MAX_SIGNIFICANT} digits, too many to compare a quotient with")


def _comparison(name: Operator, node: Node, context: Context) -> Comparison | None:
    if name not in TIMES:
        return Comparison(name, _values(node))
    window = _time(name, node, context)
    return None if window is None else Comparison(name, (window,))


def _time(name: Operator, node: Node, context: Context) -> Window | None:
    if name == "within":
        return read_span(node, context)
    if name == "in_next":
        return read_window(node, context.problems)
    minutes = read_duration(node, context.problems)
    return None if minutes is None else Window(minutes)


def _values(node: Node) -> tuple[Scalar, ...]:
    """The values, in an order that does not depend on how they were written; kinds of values stay apart."""
    values: Mapping[tuple[str, str | bool | Decimal], Scalar] = {
        (type(value).__name__, value): value for value in map(_scalar, node.items())
    }
    return tuple(values[key] for key in sorted(values))


def _scalar(node: Node) -> str | bool | Decimal:
    if isinstance(node.value, bool | str):
        return node.value
    return EXACT.normalize(EXACT.plus(Decimal(node.raw)))  # plus: there is no minus nought


def _refuse_contradictions(node: Node, found: tuple[Comparison, ...], problems: Problems) -> None:
    by_operator = {each.operator: each.values[0] for each in found}
    if by_operator.get("exists") is False and len(found) > 1:
        problems.add(node, "`exists: false` leaves nothing to compare with")
    lows = _numbers(by_operator, "at_least", "more_than")
    highs = _numbers(by_operator, "at_most", "less_than")
    if lows and highs and max(lows) > min(highs):
        problems.add(node, "no number is as great and as small as that")
    within, older = by_operator.get("within"), by_operator.get("older_than")
    if isinstance(within, Window) and isinstance(older, Window) and not within.overlaps(older):
        problems.add(node, "no time is as old and as recent as that")


def _numbers(values: dict[Operator, Scalar], *names: Operator) -> list[Decimal]:
    return [value for name in names if isinstance(value := values.get(name), Decimal)]
