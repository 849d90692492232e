"""The portfolio, campaigns, ad sets, and the audience that an ad set targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.emulator.calls import Call, allows, not_found
from reconciler.emulator.responses import Answer, invalid, success
from reconciler.emulator.world import AdSet, Campaign, link

PROJECTED_FROM = "2026-07"
"""The first version whose ad-set search takes `meta.fields`."""

_AD_SET_CONSTANTS: Mapping[str, Any] = {
    "datasetId": "1",
    "destinationEnvironment": "web",
    "objective": "conversions",
    "schedule": {
        "activationStatus": "on",
        "deliveryStatus": "live",
        "startDate": {"value": "2026-01-01T00:00:00Z"},
        "endDate": {"value": None},
    },
    "bidding": {"bidAmount": 1.0, "costController": "maxCPC"},
    "targeting": None,
    "budget": {"budgetStrategy": "uncapped", "budgetRenewal": "undefined", "budgetAmount": None},
    "mediaType": "display",
    "videoChannel": None,
    "attributionConfiguration": None,
}


def advertisers(call: Call) -> Answer:
    """List the advertisers that gave consent."""
    return success(
        [
            {"id": number, "type": "advertiser", "attributes": {"advertiserName": f"Shop {number}"}}
            for number in call.world.advertisers
        ]
    )


def application(call: Call) -> Answer:
    """Describe the calling application."""
    attributes = {
        "applicationId": 1,
        "organizationId": 2,
        "name": "emulator",
        "description": "An application of the emulator",
        "criteoService": "MarketingSolutions",
    }
    return success({"type": "ApplicationSummary", "attributes": attributes})


def search_campaigns(call: Call) -> Answer:
    """Find campaigns by id and advertiser; there is no paging."""
    wanted = _filters(call)
    return success(
        [
            _campaign(campaign)
            for campaign in call.world.campaigns.values()
            if allows(wanted.get("campaignIds"), campaign.id)
            and allows(wanted.get("advertiserIds"), campaign.advertiser)
        ]
    )


def get_campaign(call: Call) -> Answer:
    """Show one campaign."""
    number = call.arguments["campaign"]
    if number not in call.world.campaigns:
        raise not_found("Campaign", number, 404)
    return success(_campaign(call.world.campaigns[number]))


def search_ad_sets(call: Call) -> Answer:
    """Find ad sets by id, campaign and advertiser; there is no paging.

    Fields that `meta.fields` leaves out come back null. The audience of an ad set is not shown.
    """
    wanted = _filters(call)
    fields = ((call.body or {}).get("meta") or {}).get("fields")
    projection = fields if call.version >= PROJECTED_FROM else None
    return success(
        [
            _ad_set(ad_set, projection)
            for ad_set in call.world.ad_sets.values()
            if allows(wanted.get("adSetIds"), ad_set.id)
            and allows(wanted.get("campaignIds"), ad_set.campaign)
            and allows(wanted.get("advertiserIds"), ad_set.advertiser)
        ]
    )


def get_ad_set(call: Call) -> Answer:
    """Show one ad set, without its audience."""
    return success(_ad_set(_find_ad_set(call, 404), None))


def set_audience(call: Call) -> Answer:
    """Point an ad set at an audience, or at none with `audienceId: null`."""
    ad_set = _find_ad_set(call, call.switches.failed_link)
    data = call.body["data"]
    if data.get("id") not in (None, ad_set.id):
        raise invalid("Ad set is invalid", "The id in the body is not the one in the path")
    audience_id = data["attributes"].get("audienceId")
    if audience_id is not None:
        _check_audience(call, ad_set, audience_id)
    call.commit(link(call.now, ad_set.id, audience_id))
    attributes = {"audienceId": audience_id}
    return success({"id": ad_set.id, "type": "AdSetAudience", "attributes": attributes})


def _find_ad_set(call: Call, status: int) -> AdSet:
    number = call.arguments["ad_set"]
    call.touched.ad_sets.add(number)
    ad_set = call.world.ad_sets.get(number)
    if ad_set is None:
        raise not_found("Ad set", number, status)
    return ad_set


def _check_audience(call: Call, ad_set: AdSet, audience_id: str) -> None:
    call.touched.audiences.add(audience_id)
    audience = call.world.audiences.get(audience_id)
    if audience is None or audience.advertiser != ad_set.advertiser:
        raise not_found("Audience", audience_id, call.switches.failed_link)


def _filters(call: Call) -> Mapping[str, Any]:
    wanted: Mapping[str, Any] = (call.body or {}).get("filters") or {}
    return wanted


def _campaign(campaign: Campaign) -> dict[str, Any]:
    attributes = {
        "id": campaign.id,
        "name": campaign.name,
        "advertiserId": campaign.advertiser,
        "goal": "unspecified",
        "spendLimit": None,
        "budgetAutomation": None,
    }
    return {"id": campaign.id, "type": "Campaign", "attributes": attributes}


def _ad_set(ad_set: AdSet, projection: list[str] | None) -> dict[str, Any]:
    attributes = {
        "name": ad_set.name,
        "advertiserId": ad_set.advertiser,
        "campaignId": ad_set.campaign,
        **_AD_SET_CONSTANTS,
    }
    if projection is not None:
        shown = {field[0].lower() + field[1:] for field in projection}
        attributes = {name: attributes[name] if name in shown else None for name in attributes}
    return {"id": ad_set.id, "type": "ReadAdSet", "attributes": attributes}
