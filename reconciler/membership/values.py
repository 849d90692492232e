"""Comparisons as SQL: the literal of the YAML decides how a value is read, and what can't be read satisfies nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from sqlglot import exp

from reconciler.membership.sql import Sql, call, each, either, name, negated, one_of, text, when
from reconciler.model.conditions import Comparison, Scalar, Test

TRUE_WORDS = ("true", "t", "yes", "y", "1")
FALSE_WORDS = ("false", "f", "no", "n", "0")
BLANKS = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""White space by name, since engines differ in what a bare trim removes."""
NUMBER = exp.DataType.build("DECIMAL(38, 18)")
"""Exact numbers on every engine: 20 digits before the point and 18 after it."""
GREATEST = Decimal("9" * 20 + "." + "9" * 18)


class Kind(Enum):
    """How an engine stores a column, as far as comparisons care."""

    TEXT = "text"
    EXACT = "exact number"
    FLOAT = "floating-point number"
    BOOLEAN = "boolean"
    TIME = "time"
    OTHER = "nested"


@dataclass(frozen=True, slots=True)
class Stored:
    """How an engine stores a column: one value of a kind in each row, or a list of them."""

    kind: Kind
    is_list: bool = False


ABSENT = Stored(Kind.TEXT)
"""A column that only an earlier definition names may be there no more: then every value is a missing text."""


def as_text(value: Sql, kind: Kind) -> Sql:
    """The value as text, NULL where it is missing (NULL or blank).

    What starts with a visible character is not trimmed.
    """
    if kind is not Kind.TEXT:
        return exp.cast(value, "TEXT")
    starts_plainly = (value >= text("!")).and_(value < text("\x7f"))
    blank = exp.Trim(this=value, expression=text(BLANKS)).eq(text(""))
    return when(starts_plainly, value, when(blank, exp.null(), value))


def as_number(value: Sql, kind: Kind) -> Sql:
    """The value as an exact decimal, NULL where it is none. Floats go by their shortest text: 0.1 is 0.1."""
    if kind is Kind.EXACT:
        return exp.TryCast(this=value, to=NUMBER)
    written = value if kind is Kind.TEXT else exp.cast(value, "TEXT")
    number = exp.TryCast(this=written, to=NUMBER)
    return when(call("contains", written, text("_")), exp.null(), number) if kind is Kind.TEXT else number


def as_boolean(value: Sql, kind: Kind) -> Sql:
    """The value as a boolean by its word, NULL where it is neither yes nor no."""
    if kind is Kind.BOOLEAN:
        return value
    if kind in (Kind.EXACT, Kind.FLOAT):
        branches = [exp.If(this=value.eq(1), true=exp.true()), exp.If(this=value.eq(0), true=exp.false())]
        return exp.Case(ifs=branches)
    word = exp.Lower(this=exp.cast(value, "TEXT"))
    branches = [
        exp.If(this=one_of(word, TRUE_WORDS), true=exp.true()),
        exp.If(this=one_of(word, FALSE_WORDS), true=exp.false()),
    ]
    return exp.Case(ifs=branches)


def typed(value: Sql, kind: Kind, literal: Scalar) -> Sql:
    """The value read as the literal's type."""
    if isinstance(literal, bool):
        return as_boolean(value, kind)
    return as_number(value, kind) if isinstance(literal, Decimal) else as_text(value, kind)


def literal_sql(literal: Scalar) -> Sql:
    """The literal itself; a number beyond all that a value can be is as good as the greatest one."""
    if isinstance(literal, bool):
        return exp.true() if literal else exp.false()
    if isinstance(literal, Decimal):
        return exp.cast(text(format(max(-GREATEST, min(literal, GREATEST)), "f")), NUMBER)
    return text(str(literal))


def satisfies(test: Test, kind: Kind, table: str | None = None, column: str | None = None) -> Sql:
    """Whether one value meets all comparisons of a test: true or false, never NULL."""
    value = name(column or test.column, table)
    met = each(_compare(comparison, value, kind) for comparison in test.comparisons)
    return exp.func("COALESCE", met, exp.false())


def _compare(comparison: Comparison, value: Sql, kind: Kind) -> Sql:
    if comparison.operator == "exists":
        missing = as_text(value, kind).is_(exp.null())
        return negated(missing) if comparison.values[0] is True else missing
    return _met(comparison, [(typed(value, kind, each), literal_sql(each)) for each in comparison.values])


def number_satisfies(comparisons: tuple[Comparison, ...], value: Sql) -> Sql:
    """Whether a count or a sum, never NULL, meets all comparisons."""
    return each(_met(c, [(value, _number(each)) for each in c.values]) for c in comparisons)


def _number(literal: Scalar) -> Sql:
    """Whole numbers as such, which is quick beside a count; never a floating-point literal, however it is written."""
    if isinstance(literal, Decimal) and abs(literal) < 10**18 and literal == literal.to_integral_value():
        return exp.Literal.number(int(literal))
    return literal_sql(literal)


def _met(comparison: Comparison, pairs: list[tuple[Sql, Sql]]) -> Sql:
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


def unreadable(value: Sql, kind: Kind, literal: Scalar) -> Sql | None:
    """Whether a value is there but can't be read as the literal's type; None where every value can."""
    certain = {Decimal: Kind.EXACT, bool: Kind.BOOLEAN}.get(type(literal))
    if certain is None or kind is certain:
        return None
    there = negated(as_text(value, kind).is_(exp.null()))
    return there.and_(typed(value, kind, literal).is_(exp.null()))
