"""The attributes of a segment's kind, and nothing else: Criteo keeps only what it knows (its audience API 2026-07)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DAYS = ("daysSinceLastVisitMin", "daysSinceLastVisitMax")

_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "inMarket": ("country", "buyingPower", "gender", "interestIds", "priceRange", "brandIds"),
    "location": ("pointsOfInterest", "radiusInKm", "registryType"),
    "lookalike": ("seedSegmentId", "targetSize"),
    "prospecting": ("usersType", *_DAYS),
    "retargeting": ("visitorsType", *_DAYS),
}
_WHOLE = {*_DAYS, "radiusInKm", "targetSize"}
_POINT = ("name", "latitude", "longitude")


def known(attribute: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of the attributes of a kind; `attribute` is the kind's, as `inMarket`."""
    kept = _only(_ATTRIBUTES.get(attribute, ()), given)
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
