"""Criteo's own kinds of segment ↔ Criteo's JSON (Criteo's audience API 2026-07).

What an update can take back to none is wrapped there, and plain in a creation. Criteo's word `Unknown`, and a required
attribute that is null, say nothing: such an attribute is left out of what we read.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reconciler.model.address import criteo_address, criteo_id_of
from reconciler.model.kinds import ATTRIBUTES, KINDS, Attribute, Kind, KindName, Point, Value, attribute_of, rounded

_KEYS: Mapping[KindName, str] = {kind: "inMarket" if kind == "in_market" else kind for kind in KINDS}
_TYPES: Mapping[KindName, str] = {kind: f"{key[0].upper()}{key[1:]}" for kind, key in _KEYS.items()}
_SEED = "seedSegmentId"
_UNKNOWN = "Unknown"


def new_kind(kind: Kind) -> dict[str, Any]:
    """The attribute that makes a segment one of this kind. Raises ValueError where its seed is no id of Criteo's."""
    values: dict[str, Any] = {name: _written(value) for name, value in kind.said().attributes}
    if kind.seed is not None:
        if (seed := criteo_id_of(kind.seed)) is None:
            raise ValueError(kind.seed)
        values[_SEED] = seed
    return {_KEYS[kind.name]: values}


def changed_kind(kind: Kind) -> dict[str, Any]:
    """The attribute that changes a segment of this kind: what is left out stays, and the seed always does."""
    values = {name: _changed(attribute_of(kind.name, name), value) for name, value in kind.attributes}
    return {_KEYS[kind.name]: values}


def read_kind(attributes: Mapping[str, Any]) -> Kind | None:
    """The kind of a segment at Criteo, with what can be told of it; None for contact lists and all that we can't make.

    The seed is the address of a segment that is not ours, whosever it is.
    """
    for kind, key in _KEYS.items():
        given = attributes.get(key)
        if isinstance(given, dict) or attributes.get("type") == _TYPES[kind]:
            return _read(kind, given if isinstance(given, dict) else {})
    return None


def _read(kind: KindName, given: Mapping[str, Any]) -> Kind:
    values: dict[str, Value] = {}
    for attribute in ATTRIBUTES[kind]:
        if attribute.name in given:
            read = _readable(attribute, given[attribute.name])
            values |= {attribute.name: read[0]} if read else {}
    seed = given.get(_SEED)
    return Kind.of(kind, values, criteo_address(str(seed)) if seed is not None else None)


def _readable(attribute: Attribute, value: Any) -> tuple[Value] | None:
    """The value in a tuple, or None where it can't be told."""
    if value is None:
        return None if attribute.is_required else (() if attribute.form == "set" else None,)
    if attribute.form == "number":
        return (value,) if isinstance(value, int) else None
    if attribute.form == "word":
        return (value,) if isinstance(value, str) and value != _UNKNOWN else None
    if not isinstance(value, list):
        return None
    return _points(value) if attribute.form == "points" else _set(value)


def _set(value: list[Any]) -> tuple[Value] | None:
    return None if _UNKNOWN in value else (tuple(sorted({str(each) for each in value})),)


def _points(value: list[Any]) -> tuple[Value] | None:
    try:
        return (tuple(sorted({_point(each) for each in value})),)
    except (KeyError, TypeError, ArithmeticError):
        return None


def _point(given: Mapping[str, Any]) -> Point:
    latitude, longitude = (rounded(Decimal(str(given[name]))) for name in ("latitude", "longitude"))
    return Point(str(given["name"] or ""), latitude, longitude)


def _changed(attribute: Attribute, value: Value) -> Any:
    return {"value": value} if attribute.is_nullable else _written(value)


def _written(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_place(each) if isinstance(each, Point) else each for each in value]
    return value


def _place(point: Point) -> dict[str, Any]:
    return {"name": point.name, "latitude": float(point.latitude), "longitude": float(point.longitude)}
