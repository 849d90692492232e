"""What a value is read as, and whether a person's values satisfy comparisons: written from the language alone."""

from __future__ import annotations

import datetime as dt
import operator as operators
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from reconciler.model.conditions import TIMES, Comparison, Scalar
from reconciler.model.time import Window

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ]([0-9]{2}:[0-9]{2})(:[0-9]{2}(\.[0-9]{1,6})?)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_ASCII_SPACE = " \t\n\r\v\f"
_YES = {"true", "t", "yes", "y", "1"}
_NO = {"false", "f", "no", "n", "0"}
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def missing(value: Any) -> bool:
    """NULL, or text that is blank."""
    return value is None or (isinstance(value, str) and not value.strip())


def there(values: Iterable[Any]) -> Iterator[Any]:
    """What is not missing, of lists each element."""
    for value in values:
        if isinstance(value, list | tuple):
            yield from there(value)
        elif not missing(value):
            yield value


def as_text(value: Any) -> str:
    """How a typed value is written."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_number(value: Any) -> Decimal | None:
    """An exact decimal of 20 digits before and 18 after the point, or None."""
    if isinstance(value, bool | dt.date):
        return None
    written = as_text(value).strip(_ASCII_SPACE)
    if not _NUMBER.fullmatch(written):
        return None
    rounded = _EXACT.create_decimal(written).quantize(Decimal("1e-18"), context=_EXACT)
    return rounded if abs(rounded) < 10**20 else None


def as_truth(value: Any) -> bool | None:
    """A boolean, or None; of numbers, 1 and 0 whatever their type."""
    if isinstance(value, float | Decimal):
        return bool(value) if value in (0, 1) else None
    word = as_text(value).lower()
    return True if word in _YES else False if word in _NO else None


def in_utc(moment: dt.datetime) -> dt.datetime:
    """Times without a zone are UTC."""
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def as_time(value: Any) -> dt.datetime | None:
    """A moment; a date is its midnight, no zone is UTC."""
    if isinstance(value, dt.datetime):
        return in_utc(value)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(), dt.UTC)
    told = _TIME.fullmatch(value) if isinstance(value, str) else None
    if told is None:
        return None
    try:
        return in_utc(dt.datetime.fromisoformat(_padded(told)))
    except ValueError:
        return None


def _padded(told: re.Match[str]) -> str:
    day, clock, minutes, seconds, _, zone = told.groups()
    whole = (seconds or ":00") if clock else ""
    return f"{day}T{minutes or '00:00'}{whole or ':00'}{'+00:00' if zone in (None, 'Z') else zone}"


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": operators.eq,
    "not": operators.ne,
    "at_least": operators.ge,
    "at_most": operators.le,
    "more_than": operators.gt,
    "less_than": operators.lt,
    "contains": operators.contains,
    "starts_with": lambda value, start: bool(value.startswith(start)),
}


def alike(value: Any, literal: Scalar) -> Any:
    """The value in the type of the literal; None where it can't be cast."""
    if isinstance(literal, bool):
        return as_truth(value)
    return as_number(value) if isinstance(literal, Decimal) else as_text(value)


def inside(span: dt.timedelta, window: Window) -> bool:
    """Half-open and exact, and never before the clock."""
    older = window.end is not None and span >= dt.timedelta(minutes=window.end)
    return span >= dt.timedelta(0) and span >= dt.timedelta(minutes=window.start) and not older


def on_the_clock(value: Any, operator: str, window: Window, as_of: dt.datetime) -> bool:
    """`within` and `older_than` look back, `in_next` ahead."""
    moment = as_time(value)
    if moment is None:
        return False
    return inside(moment - as_of if operator == "in_next" else as_of - moment, window)


def meets(value: Any, comparison: Comparison, as_of: dt.datetime) -> bool:
    """Whether one value that is there satisfies one comparison."""
    if comparison.operator in TIMES:
        (window,) = comparison.values
        assert isinstance(window, Window)
        return on_the_clock(value, comparison.operator, window, as_of)
    found = [_compares(value, comparison.operator, literal) for literal in comparison.values]
    return all(found) if comparison.operator == "not" else any(found)


def _compares(value: Any, operator: str, literal: Scalar) -> bool:
    cast = alike(value, literal)
    return cast is not None and _OPERATORS[operator](cast, literal)


def _denies(comparison: Comparison) -> bool:
    """What no value of hers may fail."""
    return comparison.operator == "not" or (comparison.operator == "is" and comparison.values == (False,))


def satisfied(values: Sequence[Any], comparisons: Sequence[Comparison], as_of: dt.datetime) -> bool:
    """Whether values of one column, a person's or an event's, satisfy comparisons together."""
    known = list(there(values))
    existing = [each for each in comparisons if each.operator == "exists"]
    others = [each for each in comparisons if each.operator != "exists"]
    if any(bool(known) is not each.values[0] for each in existing):
        return False
    if not others:
        return True
    some = any(all(meets(value, each, as_of) for each in others) for value in known)
    return some and all(meets(value, each, as_of) for each in others if _denies(each) for value in known)


def figure(value: Fraction | None, comparisons: Iterable[Comparison]) -> bool:
    """Whether a number of ours satisfies comparisons; None satisfies nothing."""
    if value is None:
        return False
    return all(
        (all if each.operator == "not" else any)(_counts(value, each.operator, literal) for literal in each.values)
        for each in comparisons
    )


def _counts(value: Fraction, operator: str, literal: Scalar) -> bool:
    assert isinstance(literal, Decimal)
    return _OPERATORS[operator](value, Fraction(literal))
