"""Conditions and periods to plain JSON and back, in one canonical form close to the YAML."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, get_args

from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Group,
    Latest,
    Measure,
    Occurs,
    Operator,
    Scalar,
    SegmentRef,
    SliceMark,
    Test,
    Times,
    Total,
)
from reconciler.model.time import EVER, Period, Window, parse_window

OPERATORS: tuple[Operator, ...] = get_args(Operator)


def condition_to_dict(condition: Condition) -> dict[str, Any]:
    """The canonical form of a condition."""
    match condition:
        case Everyone():
            return {"everyone": True}
        case Attribute(test):
            return {"attribute": test.column, **comparisons_to_dict(test.comparisons)}
        case SegmentRef(key, part):
            return {"segment": f"{key}.{part}" if part else key}
        case Group():
            return _group_to_dict(condition)
        case Event():
            return _event_to_dict(condition)


def _group_to_dict(group: Group) -> dict[str, Any]:
    parts = {"all": group.all, "any": group.any, "none": group.none}
    return {name: [condition_to_dict(each) for each in members] for name, members in parts.items() if members}


def _event_to_dict(event: Event) -> dict[str, Any]:
    out: dict[str, Any] = {"event": list(event.kinds)}
    if event.where:
        out["where"] = {test.column: comparisons_to_dict(test.comparisons) for test in event.where}
    if event.within != EVER:
        out["within"] = "slice" if event.within is SLICE else str(event.within)
    return out | _measure_to_dict(event.measure)


def _measure_to_dict(measure: Measure) -> dict[str, Any]:
    match measure:
        case Occurs():
            return {}
        case Times(comparisons):
            return {"times": comparisons_to_dict(comparisons)}
        case Total(of, comparisons):
            return {"total": {"of": of, **comparisons_to_dict(comparisons)}}
        case Latest(kinds):
            return {"latest": True} | ({"not_followed_by": list(kinds)} if kinds else {})


def comparisons_to_dict(comparisons: tuple[Comparison, ...]) -> dict[str, Any]:
    """`{operator: value}`; `is` and `not` of several values hold a list.

    Numbers are `{"number": "1.5"}`: exact in JSON.
    """
    return {each.operator: _values_to_json(each.values) for each in comparisons}


def _values_to_json(values: tuple[Scalar, ...]) -> Any:
    encoded = [{"number": format(value.normalize(), "f")} if isinstance(value, Decimal) else value for value in values]
    return encoded[0] if len(encoded) == 1 else encoded


def condition_from_dict(data: dict[str, Any]) -> Condition:
    """Read what `condition_to_dict` wrote. Raises KeyError, TypeError or ValueError on anything else."""
    if "everyone" in data:
        return Everyone()
    if "attribute" in data:
        return Attribute(Test(data["attribute"], _comparisons_from_dict(data)))
    if "segment" in data:
        key, _, part = data["segment"].partition(".")
        return SegmentRef(key, part or None)
    if "event" in data:
        return _event_from_dict(data)
    parts = {name: tuple(map(condition_from_dict, data.get(name, ()))) for name in ("all", "any", "none")}
    return Group(**parts)


def _event_from_dict(data: dict[str, Any]) -> Event:
    where = tuple(Test(column, _comparisons_from_dict(tests)) for column, tests in data.get("where", {}).items())
    return Event(tuple(data["event"]), where, _within_from_json(data.get("within")), _measure_from_dict(data))


def _within_from_json(text: str | None) -> Window | SliceMark:
    if text is None:
        return EVER
    return SLICE if text == "slice" else parse_window(text)


def _measure_from_dict(data: dict[str, Any]) -> Measure:
    if "times" in data:
        return Times(_comparisons_from_dict(data["times"]))
    if "total" in data:
        return Total(data["total"]["of"], _comparisons_from_dict(data["total"]))
    if "latest" in data:
        return Latest(tuple(data.get("not_followed_by", ())))
    return Occurs()


def _comparisons_from_dict(data: dict[str, Any]) -> tuple[Comparison, ...]:
    return tuple(Comparison(name, _values_from_json(data[name])) for name in OPERATORS if name in data)


def _values_from_json(data: Any) -> tuple[Scalar, ...]:
    values = data if isinstance(data, list) else [data]
    return tuple(Decimal(value["number"]) if isinstance(value, dict) else value for value in values)


def period_to_dict(period: Period) -> dict[str, str]:
    """`{from, to}` as ISO dates; a missing bound is left out."""
    bounds = {"from": period.first, "to": period.last}
    return {name: day.isoformat() for name, day in bounds.items() if day is not None}


def period_from_dict(data: dict[str, str]) -> Period:
    """Read what `period_to_dict` wrote. Raises ValueError on a text that is no date."""
    return Period(_date(data.get("from")), _date(data.get("to")))


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
