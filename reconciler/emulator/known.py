"""The attributes of a segment's kind, and nothing else: Criteo keeps only what it knows (its audience API 2026-07)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DAYS = ("daysSinceLastVisitMin", "daysSinceLastVisitMax")

_CREATED: Mapping[str, tuple[str, ...]] = {
    "inMarket": ("country", "buyingPower", "gender", "interestIds", "priceRange", "brandIds"),
    "location": ("pointsOfInterest", "radiusInKm"),
    "lookalike": ("seedSegmentId", "targetSize"),
    "prospecting": ("usersType", *_DAYS),
    "retargeting": ("visitorsType", *_DAYS),
}
_CHANGED: Mapping[str, tuple[str, ...]] = {
    **_CREATED,
    "location": (*_CREATED["location"], "registryType"),
    "lookalike": ("targetSize",),
}
"""What an update takes: the seed of a lookalike stays what it is."""

_WHOLE = {*_DAYS, "radiusInKm", "targetSize"}
_POINT = ("name", "latitude", "longitude")


def known(attribute: str, given: Mapping[str, Any], *, changed: bool = False) -> dict[str, Any]:
    """Return what is kept of the attributes of a kind that is created or changed; `attribute` is the kind's."""
    kept = _only((_CHANGED if changed else _CREATED).get(attribute, ()), given)
    if "pointsOfInterest" in kept:
        kept["pointsOfInterest"] = [_only(_POINT, point) for point in kept["pointsOfInterest"]]
    return kept


def _only(names: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _whole(given[name]) if name in _WHOLE else given[name] for name in names if name in given}


def _whole(value: Any) -> Any:
    """Read `5.0` as the whole number that it is, also where an update wraps it."""
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    return int(value) if isinstance(value, float) else value
