"""Estimates of what does not exist yet, and the choices of in-market segments.

The figures are made up, and the same for the same question (Criteo's audience API 2026-07).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from reconciler.emulator import sizes
from reconciler.emulator.audiences import check_algebra
from reconciler.emulator.calls import Call, check_advertiser
from reconciler.emulator.responses import Answer, invalid, success
from reconciler.emulator.sizes import ESTIMATED_TYPES

BRANDS: Mapping[str, tuple[str, int]] = {"1001": ("Brand A", 51_234), "1002": ("Brand B", 48_700)}
INTERESTS: Mapping[str, str | None] = {"166": None, "1604": "166", "187": "166"}


def segment_size(call: Call) -> Answer:
    """Estimate an in-market or a location segment; other types cannot be estimated."""
    attributes = call.body["data"]["attributes"]
    check_advertiser(call, attributes["advertiserId"])
    given = [name for name in ESTIMATED_TYPES if name in attributes]
    if len(given) != 1:
        raise invalid("Segment type is invalid", f"Give exactly one of {', '.join(ESTIMATED_TYPES)}")
    asked = json.dumps(attributes[given[0]], sort_keys=True)
    return _size("AudienceSegmentSizeEstimation", sizes.made_up(asked))


def audience_size(call: Call) -> Answer:
    """Estimate an audience of stored segments."""
    attributes = call.body["data"]["attributes"]
    check_advertiser(call, attributes["advertiserId"])
    tree = attributes["algebra"]
    check_algebra(call, tree, attributes["advertiserId"])
    return _size("AudienceSizeEstimation", sizes.of_algebra(call, tree))


def in_market_brands(call: Call) -> Answer:
    """List the brands that an in-market segment may name."""
    _check_query(call)
    return success(
        [
            {"id": number, "type": "InMarketAudienceSegmentBrand", "attributes": {"name": name, "size": size}}
            for number, (name, size) in BRANDS.items()
        ]
    )


def in_market_interests(call: Call) -> Answer:
    """List the interests that an in-market segment may name, without names, as Criteo does."""
    _check_query(call)
    return success(
        [
            {"id": number, "type": "InMarketAudienceSegmentInterest", "attributes": {"parentId": parent}}
            for number, parent in INTERESTS.items()
        ]
    )


def _size(resource_type: str, size: int) -> Answer:
    return success({"type": resource_type, "attributes": {"size": size}})


def _check_query(call: Call) -> None:
    missing = [name for name in ("advertiser-id", "country") if not call.query.get(name)]
    if missing:
        raise invalid("Query parameter is missing", f"'{missing[0]}' is missing", parameter=missing[0])
    check_advertiser(call, call.query["advertiser-id"])
