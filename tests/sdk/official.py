"""Criteo's official Python SDK, unmodified, pointed at an emulator."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from criteo_api_marketingsolutions_v2027_01 import ApiClientBuilder, models
from criteo_api_marketingsolutions_v2027_01.api.advertiser_api import AdvertiserApi
from criteo_api_marketingsolutions_v2027_01.api.audience_api import AudienceApi
from criteo_api_marketingsolutions_v2027_01.api.campaign_api import CampaignApi
from criteo_api_marketingsolutions_v2027_01.api.gateway_api import GatewayApi
from criteo_api_marketingsolutions_v2027_01.exceptions import ApiException

from tests.sdk.bodies import (
    AD_SET,
    ADVERTISER,
    ad_sets_to_find,
    algebra_of,
    amendment,
    audience_to_create,
    audience_to_estimate,
    audience_to_update,
    audiences_to_delete,
    audiences_to_find,
    audiences_to_size,
    campaigns_to_find,
    link_to,
    segment_to_create,
    segment_to_estimate,
    segment_to_update,
    segments_to_delete,
    segments_to_find,
    segments_to_size,
)


class Official:
    """The SDK's calls, with its models in and out."""

    def __init__(self, url: str, client_secret: str = "any") -> None:
        self._client = ApiClientBuilder.WithClientCredentials("app", client_secret, host=url)
        self.audiences = AudienceApi(self._client)
        self.campaigns = CampaignApi(self._client)
        self.advertisers = AdvertiserApi(self._client)
        self.gateway = GatewayApi(self._client)

    def close(self) -> None:
        """Close the connections."""
        self._client.rest_client.pool_manager.clear()
        self._client.close()

    def new_segment(self, name: str = "VIP", **kind: Any) -> str:
        """Create a segment, a contact list unless a kind is given, and return its id."""
        made = self.audiences.create_audience_segments(segment_to_create(name, **kind))
        return str(made.data[0].id)

    def new_audience(self, name: str, segment: str) -> str:
        """Create an audience of one segment and return its id."""
        algebra = models.AlgebraNodeV1(audience_segment_id=segment)
        return str(self.audiences.create_audiences(audience_to_create(name, algebra)).data[0].id)


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """What a call can be about: a contact list, an in-market segment, an audience."""

    segment: str
    in_market: str
    audience: str


def made_world(official: Official, number: str = "") -> World:
    """A world with one of each."""
    segment = official.new_segment(f"List{number}")
    in_market = official.new_segment(
        f"Market{number}", in_market=models.InMarketCreateV1(country="FR", interest_ids=["187"], brand_ids=["1002"])
    )
    return World(segment=segment, in_market=in_market, audience=official.new_audience(f"Audience{number}", segment))


def codes(failed: ApiException) -> list[str]:
    """The codes of the problems in an answer that the SDK raised."""
    return [problem["code"] for problem in json.loads(failed.body)["errors"]]


Call = Callable[[Official, World], Any]

CALLS: Mapping[str, Call] = {
    "list_advertisers": lambda sdk, _: sdk.advertisers.list_advertisers(),
    "get_current_application": lambda sdk, _: sdk.gateway.get_current_application(),
    "search_audience_segments": lambda sdk, _: sdk.audiences.search_audience_segments(
        segments_to_find(advertiser_ids=[ADVERTISER])
    ),
    "create_audience_segments": lambda sdk, _: sdk.audiences.create_audience_segments(segment_to_create()),
    "update_audience_segments": lambda sdk, world: sdk.audiences.update_audience_segments(
        segment_to_update(world.segment, name="Another")
    ),
    "delete_audience_segments": lambda sdk, world: sdk.audiences.delete_audience_segments(
        segments_to_delete(world.in_market)
    ),
    "compute_audience_segments_sizes": lambda sdk, world: sdk.audiences.compute_audience_segments_sizes(
        segments_to_size(world.in_market)
    ),
    "estimate_audience_segments_sizes": lambda sdk, _: sdk.audiences.estimate_audience_segments_sizes(
        segment_to_estimate(in_market=models.InMarketSizeEstimationV1(country="FR"))
    ),
    "get_audience_segments_in_market_brands": lambda sdk, _: sdk.audiences.get_audience_segments_in_market_brands(
        ADVERTISER, "FR"
    ),
    "get_audience_segments_in_market_interests": lambda sdk, _: sdk.audiences.get_audience_segments_in_market_interests(
        ADVERTISER, "FR"
    ),
    "update_contact_list_by_audience_segment": lambda sdk, world: sdk.audiences.update_contact_list_by_audience_segment(
        world.segment, amendment("add", ["a@example.com"], identifier_type="email")
    ),
    "delete_contact_list_by_audience_segment": lambda sdk, world: sdk.audiences.delete_contact_list_by_audience_segment(
        world.segment
    ),
    "get_audience_segment_contact_list_statistics": lambda sdk, world: (
        sdk.audiences.get_audience_segment_contact_list_statistics(world.segment)
    ),
    "search_audiences": lambda sdk, _: sdk.audiences.search_audiences(audiences_to_find(advertiser_ids=[ADVERTISER])),
    "create_audiences": lambda sdk, world: sdk.audiences.create_audiences(
        audience_to_create("New", algebra_of(world.segment, world.in_market))
    ),
    "update_audiences": lambda sdk, world: sdk.audiences.update_audiences(
        audience_to_update(world.audience, name="Another")
    ),
    "delete_audiences": lambda sdk, world: sdk.audiences.delete_audiences(audiences_to_delete(world.audience)),
    "compute_audiences_sizes": lambda sdk, world: sdk.audiences.compute_audiences_sizes(
        audiences_to_size(world.audience)
    ),
    "estimate_audiences_sizes": lambda sdk, world: sdk.audiences.estimate_audiences_sizes(
        audience_to_estimate(algebra_of(world.segment, world.in_market))
    ),
    "update_ad_set_audience": lambda sdk, world: sdk.campaigns.update_ad_set_audience(
        AD_SET, ad_set_audience_link_input_entity_v1=link_to(AD_SET, world.audience)
    ),
    "search_ad_sets": lambda sdk, _: sdk.campaigns.search_ad_sets(ad_set_search_request_v26_q1=ad_sets_to_find()),
    "get_ad_set": lambda sdk, _: sdk.campaigns.get_ad_set(AD_SET),
    "search_campaigns": lambda sdk, _: sdk.campaigns.search_campaigns(
        campaign_search_request_v23_q1=campaigns_to_find()
    ),
    "get_campaign": lambda sdk, _: sdk.campaigns.get_campaign(
        sdk.campaigns.search_campaigns(campaign_search_request_v23_q1=campaigns_to_find()).data[0].id
    ),
}
"""Every call of the SDK's that is about audiences, their links, what they are linked to, and who may do so."""
