"""What a segment's definition has to be like, where the switches say that Criteo is strict.

No limit is declared in Criteo's audience API 2026-07; these are made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.emulator import market, sizes
from reconciler.emulator.calls import Call
from reconciler.emulator.responses import RefusedError, invalid
from reconciler.emulator.world import Segment

MOST_DAYS = 180
MOST_POINTS = 100
LARGEST_RADIUS = 100
LOOKALIKES = (10_000, 10_000_000)

_DAYS = ("daysSinceLastVisitMin", "daysSinceLastVisitMax")


def check_definition(call: Call, attribute: str, definition: Mapping[str, Any]) -> None:
    """Raise `RefusedError` for a definition that the switches do not allow.

    `attribute` is that of the kind, as `inMarket`.
    """
    lowest, highest = (definition.get(name) for name in _DAYS)
    if call.switches.day_ranges == "ordered" and lowest is not None and highest is not None and lowest > highest:
        raise invalid("Days are out of range", "daysSinceLastVisitMin is above daysSinceLastVisitMax")
    if call.switches.kind_limits == "tight":
        _check_limits(definition)
    if attribute == "inMarket" and call.switches.in_market_ids == "needed":
        _check_ids(definition)
    if attribute == "inMarket" and call.switches.unlisted_ids == "refused":
        _check_listed(definition)


def check_seed(call: Call, seed: Segment) -> None:
    """Raise `RefusedError` for a list that nothing can grow from yet, where the switches say so."""
    held = call.world.contact_lists.get(seed.id)
    if call.switches.empty_seed == "refused" and held is not None and not sizes.count(call, held):
        raise invalid("Seed is empty", f"Nobody was counted in segment {seed.id} yet", field="lookalike.seedSegmentId")


def _check_limits(definition: Mapping[str, Any]) -> None:
    limits = {
        **dict.fromkeys(_DAYS, (0, MOST_DAYS)),
        "radiusInKm": (1, LARGEST_RADIUS),
        "targetSize": LOOKALIKES,
    }
    for name, (lowest, highest) in limits.items():
        value = definition.get(name)
        if value is not None and not lowest <= value <= highest:
            raise _out_of_range(name)
    if len(definition.get("pointsOfInterest") or ()) > MOST_POINTS:
        raise _out_of_range("pointsOfInterest")


def _check_ids(definition: Mapping[str, Any]) -> None:
    for name in ("interestIds", "brandIds"):
        if definition.get(name) is None:
            raise invalid("Definition is incomplete", f"{name} is missing", field=name)


def _check_listed(definition: Mapping[str, Any]) -> None:
    country = str(definition.get("country")).upper()
    listed = {
        "interestIds": {number for number, _ in market.interests(country)},
        "brandIds": {brand.id for brand in market.brands(country)},
    }
    for name, ids in listed.items():
        if not ids.issuperset(definition.get(name) or ()):
            raise invalid("Definition is invalid", f"{name} names what is not listed for the country", field=name)


def _out_of_range(name: str) -> RefusedError:
    return invalid("Definition is out of range", f"{name} is out of range", field=name)
