"""Conditions and periods to plain JSON and back, in one canonical form close to the YAML."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal, get_args

from reconciler.model.conditions import (
    SLICE,
    TIMES,
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Follow,
    Group,
    Keys,
    Measure,
    Occurs,
    Operator,
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
from reconciler.model.numbers import EXACT
from reconciler.model.time import EVER, Period, Window, format_duration, parse_duration, parse_window

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
        case _:
            return _special_to_dict(condition)


def _special_to_dict(condition: Ratio | Sample | Query | Keys) -> dict[str, Any]:
    match condition:
        case Ratio(of, to, comparisons):
            figures = {"of": _event_to_dict(of), "to": _event_to_dict(to)}
            return {"ratio": {**figures, **comparisons_to_dict(comparisons)}}
        case Sample(percent, seed):
            return {"sample": {"percent": format(EXACT.normalize(percent), "f"), "seed": seed}}
        case Query(sql):
            return {"query": sql}
        case Keys(file):
            return {"keys": file}


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
        case Times(comparisons, same):
            return {"times": comparisons_to_dict(comparisons) | ({"same": same} if same is not None else {})}
        case Total(of, comparisons, how):
            told = {} if how == "sum" else {"measure": how}
            return {"total": {"of": of, **told, **comparisons_to_dict(comparisons)}}
        case Pick():
            return _pick_to_dict(measure)


def _pick_to_dict(pick: Pick) -> dict[str, Any]:
    out: dict[str, Any] = {pick.which: True}
    if pick.followed_by is not None:
        window = pick.followed_by.within
        within = {} if window == EVER else {"within": str(window)}
        out["followed_by"] = {"event": list(pick.followed_by.kinds), **within}
    return out | ({"not_followed_by": list(pick.not_followed_by)} if pick.not_followed_by else {})


def comparisons_to_dict(comparisons: tuple[Comparison, ...]) -> dict[str, Any]:
    """`{operator: value}`; `is` and `not` of several values hold a list.

    Numbers are `{"number": "1.5"}`: exact in JSON. Windows are written as in the YAML.
    """
    return {each.operator: _values_to_json(each.operator, each.values) for each in comparisons}


def _values_to_json(operator: Operator, values: tuple[Scalar, ...]) -> Any:
    encoded = [_value_to_json(operator, value) for value in values]
    return encoded[0] if len(encoded) == 1 else encoded


def _value_to_json(operator: Operator, value: Scalar) -> Any:
    if isinstance(value, Decimal):
        return {"number": format(EXACT.normalize(value), "f")}
    if isinstance(value, Window):
        return format_duration(value.start) if operator == "older_than" else str(value)
    return value


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
    if (special := _special_from_dict(data)) is not None:
        return special
    parts = {name: tuple(map(condition_from_dict, data.get(name, ()))) for name in ("all", "any", "none")}
    return Group(**parts)


def _special_from_dict(data: dict[str, Any]) -> Condition | None:
    if "ratio" in data:
        ratio = data["ratio"]
        return Ratio(_event_from_dict(ratio["of"]), _event_from_dict(ratio["to"]), _comparisons_from_dict(ratio))
    if "sample" in data:
        return Sample(Decimal(data["sample"]["percent"]), data["sample"]["seed"])
    if "query" in data:
        return Query(data["query"])
    return Keys(data["keys"]) if "keys" in data else None


def _event_from_dict(data: dict[str, Any]) -> Event:
    where = tuple(Test(column, _comparisons_from_dict(tests)) for column, tests in data.get("where", {}).items())
    return Event(tuple(data["event"]), where, _within_from_json(data.get("within")), _measure_from_dict(data))


def _within_from_json(text: str | None) -> Window | SliceMark:
    if text is None:
        return EVER
    return SLICE if text == "slice" else parse_window(text)


def _measure_from_dict(data: dict[str, Any]) -> Measure:
    if "times" in data:
        return Times(_comparisons_from_dict(data["times"]), data["times"].get("same"))
    if "total" in data:
        total = data["total"]
        return Total(total["of"], _comparisons_from_dict(total), total.get("measure", "sum"))
    if "latest" in data or "first" in data:
        which: Literal["latest", "first"] = "first" if "first" in data else "latest"
        return Pick(tuple(data.get("not_followed_by", ())), _follow_from_dict(data.get("followed_by")), which)
    return Occurs()


def _follow_from_dict(data: dict[str, Any] | None) -> Follow | None:
    if data is None:
        return None
    return Follow(tuple(data["event"]), parse_window(data["within"]) if "within" in data else EVER)


def _comparisons_from_dict(data: dict[str, Any]) -> tuple[Comparison, ...]:
    return tuple(Comparison(name, _values_from_json(name, data[name])) for name in OPERATORS if name in data)


def _values_from_json(operator: Operator, data: Any) -> tuple[Scalar, ...]:
    values = data if isinstance(data, list) else [data]
    return tuple(_value_from_json(operator, value) for value in values)


def _value_from_json(operator: Operator, value: Any) -> Scalar:
    if operator in TIMES:
        return Window(parse_duration(value)) if operator == "older_than" else parse_window(value)
    return Decimal(value["number"]) if isinstance(value, dict) else value


def period_to_dict(period: Period) -> dict[str, str]:
    """`{from, to}` as ISO dates; a missing bound is left out."""
    bounds = {"from": period.first, "to": period.last}
    return {name: day.isoformat() for name, day in bounds.items() if day is not None}


def period_from_dict(data: dict[str, str]) -> Period:
    """Read what `period_to_dict` wrote. Raises ValueError on a text that is no date."""
    return Period(_date(data.get("from")), _date(data.get("to")))


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
