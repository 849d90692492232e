"""Quotients compared exactly: both sides are multiplied out, and the products taken apart where no type holds them.

Taking apart costs ten times what a product does, so it is done only for numbers beyond all that a shop counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from reconciler.membership.comparisons import met
from reconciler.membership.sql import Sql, decimal, each, either, integer, negated, text, when
from reconciler.membership.values import NUMBER
from reconciler.model.conditions import Comparison

USUAL = decimal(27, 18)
"""Figures of less than a milliard: their products with usual literals have a type on every engine."""
COUNT = decimal(12, 0)
"""The number of a person's events: small enough that its product with any literal has a type."""
WHOLE = decimal(20, 0)
LARGE = decimal(38, 0)
REST = decimal(37, 36)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A number beyond the exact types: its whole part and what is left, both of its sign."""

    whole: Sql
    rest: Sql

    def equals(self, other: _Parts) -> Sql:
        return self.whole.eq(other.whole).and_(self.rest.eq(other.rest))

    def is_less(self, other: _Parts) -> Sql:
        same = self.whole.eq(other.whole).and_(self.rest < other.rest)
        return (self.whole < other.whole).or_(same)


def quotient_satisfies(comparisons: Iterable[Comparison], of: Sql, to: Sql, *, by_count: bool) -> Sql:
    """Whether `of / to` meets all comparisons; false where a part is NULL or `to` is 0.

    `by_count` says that `to` is a number of events or values.
    """
    told = [_compare(comparison, of, to, by_count) for comparison in comparisons]
    return exp.func("COALESCE", each([to.neq(integer(0)), *told]), exp.false())


def _compare(comparison: Comparison, of: Sql, to: Sql, by_count: bool) -> Sql:
    """`of / to` against each literal as `of` against `literal * to`, both turned where `to` is less than nothing."""
    turned = of if by_count else when(to < integer(0), -exp.paren(of), of)
    literals = [literal for literal in comparison.values if isinstance(literal, Decimal)]
    sizes = [_digits(literal) for literal in literals]
    if by_count and all(whole <= 8 for whole, _ in sizes):
        return _direct(comparison, turned, exp.cast(to, COUNT), literals, scale=18)
    parts = _in_parts(comparison, turned, to, literals, by_count)
    if by_count or any(fraction > 6 or whole + fraction > 10 for whole, fraction in sizes):
        return parts
    small = each(exp.Abs(this=figure) < integer(10**9) for figure in (of, to))
    scale = 18 + max(fraction for _, fraction in sizes)
    return when(small, _direct(comparison, turned, exp.cast(exp.Abs(this=to), USUAL), literals, scale=scale), parts)


def _direct(comparison: Comparison, turned: Sql, size: Sql, literals: Sequence[Decimal], *, scale: int) -> Sql:
    """By products that have a type, whose digits after the point are at most `scale`."""
    wide = decimal(38, scale)
    left = exp.cast(turned, wide)
    return met(comparison, [(left, exp.cast(exp.paren(_exact(each) * size), wide)) for each in literals])


def _in_parts(comparison: Comparison, turned: Sql, to: Sql, literals: Sequence[Decimal], by_count: bool) -> Sql:
    """By products of whatever size."""
    left = _apart(exp.cast(turned, NUMBER))
    products = [_product(literal, to, by_count) for literal in literals]
    match comparison.operator:
        case "is":
            return either(left.equals(right) for right in products)
        case "not":
            return each(negated(left.equals(right)) for right in products)
        case "at_least":
            return negated(left.is_less(products[0]))
        case "at_most":
            return negated(products[0].is_less(left))
        case "more_than":
            return products[0].is_less(left)
        case _:
            return left.is_less(products[0])


def _product(literal: Decimal, to: Sql, by_count: bool) -> _Parts:
    factor = _exact(literal)
    if by_count:
        return _apart(exp.paren(exp.Mul(this=factor, expression=exp.cast(to, COUNT))))
    size = exp.cast(exp.Abs(this=to), NUMBER)
    of_whole = exp.paren(exp.Mul(this=factor, expression=exp.cast(_whole(size), WHOLE)))
    of_rest = exp.paren(exp.Mul(this=factor, expression=exp.cast(_rest(size), decimal(18, 18))))
    rests = exp.paren(exp.Add(this=_rest(of_whole), expression=_rest(of_rest)))
    wholes = [exp.cast(_whole(part), LARGE) for part in (of_whole, of_rest, rests)]
    return _Parts(exp.cast(exp.paren(wholes[0] + wholes[1] + wholes[2]), LARGE), exp.cast(_rest(rests), REST))


def _apart(value: Sql) -> _Parts:
    """In types that all parts share, so that comparing them casts nothing."""
    return _Parts(exp.cast(_whole(value), LARGE), exp.cast(_rest(value), REST))


def _rest(value: Sql) -> Sql:
    return exp.paren(exp.Mod(this=value, expression=exp.cast(integer(1), decimal(1, 0))))


def _whole(value: Sql) -> Sql:
    return exp.paren(exp.Sub(this=value, expression=_rest(value)))


def _exact(literal: Decimal) -> Sql:
    """A literal in the narrowest type that holds it, so that products have room."""
    whole, fraction = _digits(literal)
    return exp.cast(text(format(literal, "f")), decimal(whole + fraction or 1, fraction))


def _digits(literal: Decimal) -> tuple[int, int]:
    """How many digits it has before and after its point."""
    whole, _, fraction = format(literal, "f").removeprefix("-").partition(".")
    return len(whole.lstrip("0")), len(fraction)
