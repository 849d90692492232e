"""Estimates of what does not exist yet, and the choices of in-market segments.

The figures are made up, and the same for the same question (Criteo's audience API 2026-07).
"""

from __future__ import annotations

import json

from reconciler.emulator import market, sizes
from reconciler.emulator.audiences import check_algebra
from reconciler.emulator.calls import Call, check_advertiser
from reconciler.emulator.responses import Answer, invalid, success
from reconciler.emulator.sizes import ESTIMATED_TYPES


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
    """List the brands that an in-market segment may name in a country."""
    country = _country(call)
    return success(
        [
            {
                "id": brand.id,
                "type": "InMarketAudienceSegmentBrand",
                "attributes": {"name": brand.name, "size": brand.size},
            }
            for brand in market.brands(country)
        ]
    )


def in_market_interests(call: Call) -> Answer:
    """List the interests that an in-market segment may name in a country, without names, as Criteo does."""
    country = _country(call)
    return success(
        [
            {"id": number, "type": "InMarketAudienceSegmentInterest", "attributes": {"parentId": parent}}
            for number, parent in market.interests(country)
        ]
    )


def _size(resource_type: str, size: int) -> Answer:
    return success({"type": resource_type, "attributes": {"size": size}})


def _country(call: Call) -> str:
    """Return the country that is asked for; raises `RefusedError` where a parameter is missing."""
    missing = [name for name in ("advertiser-id", "country") if not call.query.get(name)]
    if missing:
        raise invalid("Query parameter is missing", f"'{missing[0]}' is missing", parameter=missing[0])
    check_advertiser(call, call.query["advertiser-id"])
    return call.query["country"].upper()
