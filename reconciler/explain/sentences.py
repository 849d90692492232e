"""Conditions in plain English. Names and values of the workspace stand in backquotes, as it writes them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconciler.model.conditions import (
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Follow,
    Group,
    Keys,
    Occurs,
    Pick,
    Query,
    Ratio,
    Sample,
    Scalar,
    SegmentRef,
    SliceMark,
    Test,
    Times,
    Total,
)
from reconciler.model.time import EVER, Window

_UNITS = ((1440, "day"), (60, "hour"), (1, "minute"))
_FIGURES = {
    "sum": "the sum of {of} over",
    "average": "the average {of} of",
    "smallest": "the smallest {of} of",
    "largest": "the largest {of} of",
    "distinct": "the number of different values of {of} in",
}
_WORDS = {
    "at_least": "at least",
    "at_most": "at most",
    "more_than": "more than",
    "less_than": "less than",
}


def sentence(condition: Condition) -> str:
    """What a condition asks, without a capital and a full stop."""
    match condition:
        case Everyone():
            return "everyone"
        case Attribute(test):
            return _test(test)
        case SegmentRef(key, part):
            return f"is in segment {_quoted(f'{key}.{part}' if part else key)}"
        case Group():
            return _group(condition)
        case Event():
            return event_sentence(condition)
        case _:
            return _special(condition)


def _special(condition: Ratio | Sample | Query | Keys) -> str:
    match condition:
        case Ratio(of, to, comparisons):
            return f"{_figure(of)}, divided by {_figure(to)}, {_compared(comparisons)}"
        case Sample(percent, seed):
            return f"falls into a stable sample of {percent.normalize():f}% (seed {_quoted(seed)})"
        case Query():
            return "is found by the query"
        case Keys(file):
            return f"stands in the file {_quoted(file)}"


def _group(group: Group) -> str:
    parts = [
        *(["all of these hold"] if group.all else []),
        *(["at least one of these holds"] if group.any else []),
        *(["none of these holds"] if group.none else []),
    ]
    return " and ".join(parts)


def event_sentence(event: Event) -> str:
    """What a condition on events asks."""
    match event.measure:
        case Occurs():
            return f"has {_article(event.kinds)}{_kinds(event)}{_when(event.within)}"
        case Times(comparisons, same):
            shared = f" that share one {_quoted(same)}" if same is not None else ""
            return f"the number of {_events(event)}{shared}{_when(event.within)} {_compared(comparisons)}"
        case Total(_, comparisons):
            return f"{_figure(event)} {_compared(comparisons)}"
        case Pick():
            return _picked(event, event.measure)


def _figure(event: Event) -> str:
    events = f"{_events(event)}{_when(event.within)}"
    if isinstance(event.measure, Total):
        return f"{_FIGURES[event.measure.measure].format(of=_quoted(event.measure.of))} {events}"
    return f"the number of {events}"


def _picked(event: Event, pick: Pick) -> str:
    told = f"the {pick.which} {_kinds(event)} {_aged(event.within)}"
    if pick.followed_by is not None:
        told += f", {_followed(pick.followed_by)} came after it"
    if pick.not_followed_by:
        told += f", and no {_any_of(pick.not_followed_by)} came after it"
    return told


def _followed(follow: Follow) -> str:
    if follow.within == EVER:
        return f"{_article(follow.kinds)}{_any_of(follow.kinds)}"
    return f"{_article(follow.kinds)}{_any_of(follow.kinds)} {_span(follow.within)} later"


def _kinds(event: Event) -> str:
    return f"{_any_of(event.kinds)}{_where(event)}"


def _events(event: Event) -> str:
    return f"{_any_of(event.kinds)} events{_where(event)}"


def _where(event: Event) -> str:
    return f" where {' and '.join(map(_test, event.where))}" if event.where else ""


def _test(test: Test) -> str:
    return f"{_quoted(test.column)} {' and '.join(_comparison(each) for each in test.comparisons)}"


def _comparison(comparison: Comparison) -> str:
    values = comparison.values
    match comparison.operator:
        case "is":
            return f"is {_listed(values)}"
        case "not":
            return f"is not {_listed(values)}"
        case "contains":
            return f"contains {_value(values[0])}"
        case "starts_with":
            return f"starts with {_value(values[0])}"
        case "exists":
            return "is there" if values[0] is True else "is missing"
        case "within" | "older_than" | "in_next":
            return _on_the_clock(comparison.operator, values[0])
        case operator:
            return f"is {_WORDS[operator]} {_value(values[0])}"


def _on_the_clock(operator: str, window: Scalar) -> str:
    if not isinstance(window, Window):
        return ""
    return f"lies {_span(window)} ahead" if operator == "in_next" else f"lies {_span(window)} back"


def _compared(comparisons: Sequence[Comparison]) -> str:
    return " and ".join(map(_comparison, comparisons))


def _listed(values: Sequence[Scalar]) -> str:
    return _or([_value(value) for value in values])


def _value(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else _quoted(str(value))


def _any_of(kinds: Sequence[str]) -> str:
    return _or([_quoted(kind) for kind in kinds])


def _or(told: Sequence[str]) -> str:
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}"


def _article(kinds: Sequence[str]) -> str:
    return "an " if kinds[0][:1].lower() in "aeiou" else "a "


def _when(window: Window | SliceMark) -> str:
    """When events happened that are counted."""
    if isinstance(window, SliceMark):
        return " in the window of the slice"
    return "" if window == EVER else f" {_span(window)} ago" if window.start else f" in the last {_end(window)}"


def _aged(window: Window | SliceMark) -> str:
    """How old the picked event is."""
    if isinstance(window, SliceMark):
        return "lies in the window of the slice"
    return "is there" if window == EVER else f"is {_span(window)} old"


def _span(window: Window) -> str:
    if window.end is None:
        return f"at least {duration(window.start)}" if window.start else "any time"
    return f"{_from(window)}less than {duration(window.end)}"


def _from(window: Window) -> str:
    return f"at least {duration(window.start)} and " if window.start else ""


def _end(window: Window) -> str:
    return duration(window.end or 0).removeprefix("1 ")


def duration(minutes: int) -> str:
    """Minutes in the largest unit that is exact: `7 days`, `90 minutes`."""
    size, unit = next((size, unit) for size, unit in _UNITS if minutes % size == 0)
    number = minutes // size
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _quoted(text: str) -> str:
    return f"`{text}`"
