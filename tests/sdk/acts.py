"""The same acts by the official SDK and by our client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from criteo_api_marketingsolutions_v2027_01 import models

from reconciler.criteo.client import CriteoClient
from reconciler.model.identifiers import Identifiers
from reconciler.model.remote import AudienceDraft, SegmentDraft, Targeting
from tests.emulator.caller import digest
from tests.sdk import bodies
from tests.sdk.bodies import AD_SET, ADVERTISER
from tests.sdk.official import Official, World

PEOPLE = [digest(number) for number in range(3)]
DIGESTS = Identifiers(tuple(map(bytes.fromhex, PEOPLE)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One thing done by both."""

    official: Callable[[Official, World], object]
    ours: Callable[[CriteoClient, World], object]


def _ours_of(world: World) -> Targeting:
    return Targeting(include=frozenset({world.segment}), exclude=frozenset({world.in_market}))


ACTS: Mapping[str, Act] = {
    "read the portfolio": Act(
        official=lambda sdk, _: sdk.advertisers.list_advertisers(),
        ours=lambda client, _: client.advertisers(),
    ),
    "read the application": Act(
        official=lambda sdk, _: sdk.gateway.get_current_application(),
        ours=lambda client, _: client.application(),
    ),
    "search segments": Act(
        official=lambda sdk, _: sdk.audiences.search_audience_segments(
            bodies.segments_to_find(advertiser_ids=[ADVERTISER]), limit=100, offset=0
        ),
        ours=lambda client, _: client.segments(),
    ),
    "create a contact list": Act(
        official=lambda sdk, _: sdk.audiences.create_audience_segments(bodies.segment_to_create("New")),
        ours=lambda client, _: client.create_segments([SegmentDraft(name="New", description=None)]),
    ),
    "create a contact list with a description": Act(
        official=lambda sdk, _: sdk.audiences.create_audience_segments(
            bodies.segment_to_create("New – ⅔", description="two", contact_list={})
        ),
        ours=lambda client, _: client.create_segments([SegmentDraft(name="New – ⅔", description="two")]),
    ),
    "rename a segment": Act(
        official=lambda sdk, world: sdk.audiences.update_audience_segments(
            bodies.segment_to_update(world.segment, name="New")
        ),
        ours=lambda client, world: client.update_segments(
            [SegmentDraft(id=world.segment, name="New", description=None)]
        ),
    ),
    "describe a segment": Act(
        official=lambda sdk, world: sdk.audiences.update_audience_segments(
            bodies.segment_to_update(world.segment, description=models.NillableString(value="new"))
        ),
        ours=lambda client, world: client.update_segments(
            [SegmentDraft(id=world.segment, name=None, description="new")]
        ),
    ),
    "delete segments": Act(
        official=lambda sdk, world: sdk.audiences.delete_audience_segments(
            bodies.segments_to_delete(world.in_market, "999")
        ),
        ours=lambda client, world: client.delete_segments([world.in_market, "999"]),
    ),
    "count segments": Act(
        official=lambda sdk, world: sdk.audiences.compute_audience_segments_sizes(
            bodies.segments_to_size(world.in_market, world.segment)
        ),
        ours=lambda client, world: client.segment_sizes([world.in_market, world.segment]),
    ),
    "estimate an in-market segment": Act(
        official=lambda sdk, _: sdk.audiences.estimate_audience_segments_sizes(
            bodies.segment_to_estimate(in_market=models.InMarketSizeEstimationV1(country="FR", gender="Male"))
        ),
        ours=lambda client, _: client.estimate_segment("inMarket", {"country": "FR", "gender": "Male"}),
    ),
    "read brands": Act(
        official=lambda sdk, _: sdk.audiences.get_audience_segments_in_market_brands(ADVERTISER, "FR"),
        ours=lambda client, _: client.in_market_brands("FR"),
    ),
    "read interests": Act(
        official=lambda sdk, _: sdk.audiences.get_audience_segments_in_market_interests(ADVERTISER, "FR"),
        ours=lambda client, _: client.in_market_interests("FR"),
    ),
    "add to a list": Act(
        official=lambda sdk, world: sdk.audiences.update_contact_list_by_audience_segment(
            world.segment, bodies.amendment("add", PEOPLE, identifier_type="email")
        ),
        ours=lambda client, world: client.amend_list(world.segment, "add", DIGESTS),
    ),
    "remove from a list": Act(
        official=lambda sdk, world: sdk.audiences.update_contact_list_by_audience_segment(
            world.segment, bodies.amendment("remove", PEOPLE, identifier_type="email")
        ),
        ours=lambda client, world: client.amend_list(world.segment, "remove", DIGESTS),
    ),
    "empty a list": Act(
        official=lambda sdk, world: sdk.audiences.delete_contact_list_by_audience_segment(world.segment),
        ours=lambda client, world: client.clear_list(world.segment),
    ),
    "read a list's statistics": Act(
        official=lambda sdk, world: sdk.audiences.get_audience_segment_contact_list_statistics(world.segment),
        ours=lambda client, world: client.statistics(world.segment),
    ),
    "search audiences": Act(
        official=lambda sdk, _: sdk.audiences.search_audiences(
            bodies.audiences_to_find(advertiser_ids=[ADVERTISER]), limit=100, offset=0
        ),
        ours=lambda client, _: client.audiences(),
    ),
    "create an audience": Act(
        official=lambda sdk, world: sdk.audiences.create_audiences(
            bodies.audience_to_create("New", bodies.algebra_of(world.segment, world.in_market), description="two")
        ),
        ours=lambda client, world: client.create_audiences(
            [AudienceDraft(name="New", description="two", targeting=_ours_of(world))]
        ),
    ),
    "rename an audience": Act(
        official=lambda sdk, world: sdk.audiences.update_audiences(
            bodies.audience_to_update(world.audience, name="New", description=models.NillableString(value="two"))
        ),
        ours=lambda client, world: client.update_audiences(
            [AudienceDraft(id=world.audience, name="New", description="two", targeting=None)]
        ),
    ),
    "retarget an audience": Act(
        official=lambda sdk, world: sdk.audiences.update_audiences(
            bodies.audience_to_update(world.audience, algebra=bodies.algebra_of(world.segment, world.in_market))
        ),
        ours=lambda client, world: client.update_audiences(
            [AudienceDraft(id=world.audience, name=None, description=None, targeting=_ours_of(world))]
        ),
    ),
    "delete audiences": Act(
        official=lambda sdk, world: sdk.audiences.delete_audiences(bodies.audiences_to_delete(world.audience)),
        ours=lambda client, world: client.delete_audiences([world.audience]),
    ),
    "count audiences": Act(
        official=lambda sdk, world: sdk.audiences.compute_audiences_sizes(bodies.audiences_to_size(world.audience)),
        ours=lambda client, world: client.audience_sizes([world.audience]),
    ),
    "estimate an audience": Act(
        official=lambda sdk, world: sdk.audiences.estimate_audiences_sizes(
            bodies.audience_to_estimate(bodies.algebra_of(world.segment, world.in_market))
        ),
        ours=lambda client, world: client.estimate_audience(_ours_of(world)),
    ),
    "link an ad set": Act(
        official=lambda sdk, world: sdk.campaigns.update_ad_set_audience(
            AD_SET, ad_set_audience_link_input_entity_v1=bodies.link_to(AD_SET, world.audience)
        ),
        ours=lambda client, world: client.link(AD_SET, world.audience),
    ),
    "unlink an ad set": Act(
        official=lambda sdk, _: sdk.campaigns.update_ad_set_audience(
            AD_SET, ad_set_audience_link_input_entity_v1=bodies.link_to(AD_SET, None)
        ),
        ours=lambda client, _: client.link(AD_SET, None),
    ),
    "search ad sets": Act(
        official=lambda sdk, _: sdk.campaigns.search_ad_sets(
            ad_set_search_request_v26_q1=bodies.ad_sets_to_find(
                ["Name", "AdvertiserId", "CampaignId"], advertiser_ids=[ADVERTISER], ad_set_ids=[AD_SET]
            )
        ),
        ours=lambda client, _: client.ad_sets([AD_SET]),
    ),
    "read an ad set": Act(
        official=lambda sdk, _: sdk.campaigns.get_ad_set(AD_SET),
        ours=lambda client, _: client.ad_set(AD_SET),
    ),
    "search campaigns": Act(
        official=lambda sdk, _: sdk.campaigns.search_campaigns(
            campaign_search_request_v23_q1=bodies.campaigns_to_find(advertiser_ids=[ADVERTISER], campaign_ids=["1"])
        ),
        ours=lambda client, _: client.campaigns(["1"]),
    ),
}
