"""Segments that Criteo makes itself: they can be found and used, and neither changed nor deleted."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from reconciler.emulator.calls import Call
from reconciler.emulator.world import Segment

FIRST = 100
"""The first id of these segments; those that clients make come after them."""

_MADE_AT = 1_767_225_600.0  # 2026-01-01

_BEHAVIORAL: Mapping[str, Any] = {
    "category": "Seasonal",
    "country": "FR",
    "startDate": "2026-11-01T00:00:00Z",
    "endDate": "2026-12-31T00:00:00Z",
}
_FILTER_BASED: Mapping[str, Any] = {"algebra": None, "countryCodes": ["FR"]}


def segments(call: Call) -> Mapping[str, Segment]:
    """Return all segments by id, those that Criteo makes among them where the switches say that there are some."""
    made = {}
    for place, advertiser in enumerate(call.world.advertisers):
        if call.switches.behavioral == "on":
            segment = _segment(FIRST + 2 * place, advertiser, "Holiday shoppers", "Behavioral", _BEHAVIORAL)
            made[segment.id] = segment
        if call.switches.filter_based == "on":
            segment = _segment(FIRST + 1 + 2 * place, advertiser, "Visitors of partners", "FilterBased", _FILTER_BASED)
            made[segment.id] = segment
    return ChainMap(call.world.segments, made) if made else call.world.segments


def _segment(number: int, advertiser: str, name: str, kind: str, definition: Mapping[str, Any]) -> Segment:
    return Segment(
        id=str(number),
        advertiser=advertiser,
        name=name,
        description=None,
        type=kind,
        definition=definition,
        created_at=_MADE_AT,
        updated_at=_MADE_AT,
    )
