"""Comparisons as SQL: the literal of the YAML decides how a value is read, and what can't be read satisfies nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from sqlglot import exp

from reconciler.membership.sql import Sql, call, decimal, element, negated, one_of, some_element, text, when
from reconciler.model.conditions import Scalar
from reconciler.model.time import Window

TRUE_WORDS = ("true", "t", "yes", "y", "1")
FALSE_WORDS = ("false", "f", "no", "n", "0")
BLANKS = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""White space by name, since engines differ in what a bare trim removes."""
NUMBER = decimal(38, 18)
"""Exact numbers on every engine: 20 digits before the point and 18 after it."""
_SPACE = "[ \t\n\r\x0b\x0c]*"
NUMERAL = (
    f"{_SPACE}[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+"
    "|([0-9]{1,20}([.][0-9]{0,18})?|[.][0-9]{1,18})[eE][+-]?[0-9]{1,2})" + _SPACE
)
"""Numbers in text, the same on every engine. With an exponent no more digits than an exact number has: beyond these
engines differ in what they keep.
"""
_YEAR = "(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
MOMENT = f"{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]{_CLOCK})?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?"
"""Times in text: ISO 8601 and nothing else."""
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
    match kind:
        case Kind.EXACT:
            return exp.TryCast(this=value, to=NUMBER)
        case Kind.FLOAT:
            return exp.TryCast(this=exp.cast(value, "TEXT"), to=NUMBER)
        case Kind.BOOLEAN | Kind.TIME:
            return exp.cast(exp.null(), NUMBER)
    written = value if kind is Kind.TEXT else exp.cast(value, "TEXT")
    number = exp.TryCast(this=written, to=NUMBER)
    return when(call("regexp_full_match", written, text(NUMERAL)), number, exp.null())


def as_time(value: Sql, kind: Kind) -> Sql:
    """The value as a time in UTC, NULL where it is none. A date is its midnight; text is ISO 8601, without zone UTC."""
    match kind:
        case Kind.TIME:
            return exp.cast(value, "TIMESTAMP")
        case Kind.TEXT:
            return when(call("regexp_full_match", value, text(MOMENT)), _moment(value), exp.null())
    return exp.cast(exp.null(), "TIMESTAMP")


def _moment(value: Sql) -> Sql:
    """A zone right after the date is read by no engine: midnight is put between."""
    day, rest = exp.Substring(this=value, start=exp.Literal.number(1), length=exp.Literal.number(10)), _after_day(value)
    zoned = one_of(
        exp.Substring(this=value, start=exp.Literal.number(11), length=exp.Literal.number(1)), ("Z", "+", "-")
    )
    whole = when(zoned, exp.func("CONCAT", day, text("T00:00:00"), rest), value)
    return exp.cast(exp.TryCast(this=whole, to=exp.DataType.build("TIMESTAMPTZ")), "TIMESTAMP")


def _after_day(value: Sql) -> Sql:
    return exp.Substring(this=value, start=exp.Literal.number(11))


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
    if isinstance(literal, Window):
        return as_time(value, kind)
    return as_number(value, kind) if isinstance(literal, Decimal) else as_text(value, kind)


def literal_sql(literal: Scalar) -> Sql:
    """The literal itself; a number beyond all that a value can be is as good as the greatest one."""
    if isinstance(literal, bool):
        return exp.true() if literal else exp.false()
    if isinstance(literal, Decimal):
        return exp.cast(text(format(max(-GREATEST, min(literal, GREATEST)), "f")), NUMBER)
    return text(str(literal))


def as_key(value: Sql, kind: Kind) -> Sql:
    """A key as text, whatever it is stored as: 7.0 is 7."""
    written = exp.cast(value, "TEXT")
    match kind:
        case Kind.EXACT:
            return exp.RegexpReplace(this=written, expression=text("[.]0+$"), replacement=text(""))
        case Kind.FLOAT:
            return whole_number(exp.TryCast(this=written, to=NUMBER), written)
        case _:
            return written


def whole_number(number: Sql, written: Sql) -> Sql:
    """A whole number without a point, anything else as it is written."""
    one = exp.cast(exp.Literal.number(1), decimal(1, 0))
    whole = exp.cast(exp.cast(number, decimal(20, 0)), "TEXT")
    return when(exp.Mod(this=number, expression=one).eq(exp.Literal.number(0)), whole, written)


def unreadable(value: Sql, stored: Stored, literal: Scalar) -> Sql | None:
    """Whether a value is there but can't be read as the literal's type, of a list some element; None where every value
    can.
    """
    certain = {Decimal: Kind.EXACT, bool: Kind.BOOLEAN, Window: Kind.TIME}.get(type(literal))
    if certain is None or stored.kind is certain:
        return None
    return some_element(value, _odd(element(), stored, literal)) if stored.is_list else _odd(value, stored, literal)


def _odd(value: Sql, stored: Stored, literal: Scalar) -> Sql:
    there = negated(as_text(value, stored.kind).is_(exp.null()))
    return there.and_(typed(value, stored.kind, literal).is_(exp.null()))
