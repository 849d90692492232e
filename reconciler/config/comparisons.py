"""Comparisons of the YAML → the model's, in one canonical order."""

from __future__ import annotations

from decimal import Decimal

from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.model.codec import OPERATORS
from reconciler.model.conditions import Comparison, Operator, Scalar


def read_comparisons(node: Node, problems: Problems) -> tuple[Comparison, ...]:
    """The comparisons under a node; a bare value, or a list of them, means `is`."""
    if not isinstance(node.value, dict):
        return (Comparison("is", _values(node)),)
    found = tuple(Comparison(name, _values(child)) for name in OPERATORS if (child := node.get(name)) is not None)
    _refuse_contradictions(node, found, problems)
    return found


def _values(node: Node) -> tuple[Scalar, ...]:
    """The values, in an order that does not depend on how they were written; kinds of values stay apart."""
    values = {(type(value).__name__, value): value for value in map(_scalar, node.items())}
    return tuple(values[key] for key in sorted(values))


def _scalar(node: Node) -> Scalar:
    if isinstance(node.value, bool | str):
        return node.value
    return (Decimal(node.raw) + 0).normalize()  # + 0: there is no minus nought


def _refuse_contradictions(node: Node, found: tuple[Comparison, ...], problems: Problems) -> None:
    by_operator = {each.operator: each.values[0] for each in found}
    if by_operator.get("exists") is False and len(found) > 1:
        problems.add(node, "`exists: false` leaves nothing to compare with")
    lows = _numbers(by_operator, "at_least", "more_than")
    highs = _numbers(by_operator, "at_most", "less_than")
    if lows and highs and max(lows) > min(highs):
        problems.add(node, "no number is as great and as small as that")


def _numbers(values: dict[Operator, Scalar], *names: Operator) -> list[Decimal]:
    return [value for name in names if isinstance(value := values.get(name), Decimal)]
