"""Ad sets and campaigns: Criteo's JSON ↔ our types (Criteo's audience API 2026-07)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from reconciler.criteo.envelope import Body, attributes_of, body, others_of, read_id, text_of
from reconciler.model.remote import RemoteAdSet, RemoteCampaign

PROJECTED_FROM = "2026-07"
"""The first version whose search of ad sets gives only the attributes that are asked for."""

_FIELDS = ("Name", "AdvertiserId", "CampaignId")


def search_body(advertiser: str, ids: Collection[str], version: str) -> Body:
    """Certain ad sets of one advertiser; this search alone has no `data` around its filters."""
    filters = {"advertiserIds": [advertiser], "adSetIds": sorted(ids)}
    projection = {"meta": {"fields": _FIELDS}} if version >= PROJECTED_FROM else {}
    return body({"filters": filters, **projection})


def campaigns_body(advertiser: str, ids: Collection[str]) -> Body:
    """Certain campaigns of one advertiser."""
    return body({"filters": {"advertiserIds": [advertiser], "campaignIds": sorted(ids)}})


def link_body(ad_set_id: str, audience_id: str | None) -> Body:
    """Link an ad set to an audience, or to none."""
    return body({"data": {"id": ad_set_id, "type": "AdSetAudience", "attributes": {"audienceId": audience_id}}})


def read_ad_set(item: Any) -> RemoteAdSet:
    """An ad set."""
    attributes = attributes_of(item)
    return RemoteAdSet(
        id=read_id(item),
        name=text_of(attributes.get("name")) or "",
        advertiser=text_of(attributes.get("advertiserId")),
        campaign=text_of(attributes.get("campaignId")),
        others=others_of(attributes, "name", "advertiserId", "campaignId"),
    )


def read_campaign(item: Any) -> RemoteCampaign:
    """A campaign."""
    return RemoteCampaign(id=read_id(item), name=text_of(attributes_of(item).get("name")) or "")
