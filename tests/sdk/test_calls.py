"""Criteo's official Python SDK takes the emulator for Criteo: what goes in comes back through the SDK's models."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from criteo_api_marketingsolutions_v2027_01 import models
from criteo_api_marketingsolutions_v2027_01.api.advertiser_api import AdvertiserApi
from criteo_api_marketingsolutions_v2027_01.api.audience_api import AudienceApi
from criteo_api_marketingsolutions_v2027_01.api.gateway_api import GatewayApi
from criteo_api_marketingsolutions_v2027_01.exceptions import ApiValueError

from tests.contract.document import document
from tests.emulator.caller import digest
from tests.sdk import bodies
from tests.sdk.bodies import AD_SET, ADVERTISER
from tests.sdk.conftest import Meeting
from tests.sdk.official import CALLS, made_world

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:criteo_api_marketingsolutions_v2027_01")

POINT = {"name": "Shop", "latitude": 48.85837, "longitude": 2.29448}


def test_no_call_is_left_out(meeting: Meeting) -> None:
    """Every call of the SDK's about audiences and portfolios is in the table, and they reach every operation."""
    own = {
        name
        for api in (AudienceApi, AdvertiserApi, GatewayApi)
        for name in vars(api)
        if not name.startswith("_") and callable(getattr(api, name))
    }
    linking = {"update_ad_set_audience", "search_ad_sets", "get_ad_set", "search_campaigns", "get_campaign"}
    assert own | linking == set(CALLS)

    for number, call in enumerate(CALLS.values()):
        call(meeting.official, made_world(meeting.official, str(number)))

    reached = {entry["operation"] for entry in meeting.levers.requests()} - {None}
    assert reached == {each["id"] for each in document()["endpoints"]}
    assert {entry["status"] for entry in meeting.levers.requests()} == {200}


KINDS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "InMarket": (
        {
            "in_market": models.InMarketCreateV1(
                country="FR",
                interest_ids=["166"],
                brand_ids=["1"],
                buying_power=["High", "VeryHigh"],
                price_range=["Low"],
                gender="Female",
            )
        },
        {"country": "FR", "interest_ids": ["166"], "brand_ids": ["1"], "price_range": ["Low"], "gender": "Female"},
        {"in_market": models.InMarketUpdateV1(gender=models.NillableGenderV1(value=None), brand_ids=[])},
        {"country": "FR", "interest_ids": ["166"], "brand_ids": [], "gender": None},
    ),
    "Prospecting": (
        {
            "prospecting": models.ProspectingCreateV1(
                users_type="ProspectsOrNonBuyers", days_since_last_visit_min=5, days_since_last_visit_max=30
            )
        },
        {"users_type": "ProspectsOrNonBuyers", "days_since_last_visit_min": 5, "days_since_last_visit_max": 30},
        {"prospecting": models.ProspectingUpdateV1(days_since_last_visit_min=models.NillableInt32(value=7))},
        {"users_type": "ProspectsOrNonBuyers", "days_since_last_visit_min": 7, "days_since_last_visit_max": 30},
    ),
    "Location": (
        {"location": models.LocationCreateV1(points_of_interest=[models.PointOfInterestV1(**POINT)], radius_in_km=5)},
        {"points_of_interest": [POINT], "radius_in_km": 5, "registry_type": "PointOfInterest"},
        {"location": models.LocationUpdateV1(radius_in_km=7)},
        {"points_of_interest": [POINT], "radius_in_km": 7},
    ),
    "Retargeting": (
        {
            "retargeting": models.RetargetingCreateV1(
                visitors_type="NonBuyers", days_since_last_visit_min=0, days_since_last_visit_max=30
            )
        },
        {"visitors_type": "NonBuyers", "days_since_last_visit_min": 0, "days_since_last_visit_max": 30},
        {"retargeting": models.RetargetingUpdateV1(visitors_type="All", days_since_last_visit_max=60)},
        {"visitors_type": "All", "days_since_last_visit_min": 0, "days_since_last_visit_max": 60},
    ),
    "ContactList": ({"contact_list": {}}, {"is_read_only": False}, {}, {"is_read_only": False}),
}
"""Of each type: what it is made of, what is read back, what is changed of it, what is read then."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_segment_of_each_type(meeting: Meeting, kind: str) -> None:
    """Created, changed and found again, with the attributes of its type and no other's."""
    made_of, expected, changes, expected_then = KINDS[kind]
    audiences = meeting.official.audiences

    segment = audiences.create_audience_segments(bodies.segment_to_create("One", **made_of)).data[0]
    read = segment.attributes
    assert (read.name, read.type, read.advertiser_id, read.description) == ("One", kind, ADVERTISER, None)
    assert isinstance(read.created_at, dt.datetime)
    assert {name: of_type(read, kind).get(name) for name in expected} == expected

    described = models.NillableString(value="Crème – two")
    update = bodies.segment_to_update(segment.id, name="Two", description=described, **changes)
    assert audiences.update_audience_segments(update).data[0].id == segment.id
    found = audiences.search_audience_segments(bodies.segments_to_find(audience_segment_types=[kind])).data
    assert [(each.id, each.attributes.name, each.attributes.description) for each in found] == [
        (segment.id, "Two", "Crème – two")
    ]
    assert {name: of_type(found[0].attributes, kind).get(name) for name in expected_then} == expected_then
    others = set(KINDS) - {kind}
    assert audiences.search_audience_segments(bodies.segments_to_find(audience_segment_types=[*others])).data == []

    cleared = bodies.segment_to_update(segment.id, description=models.NillableString(value=None))
    assert audiences.update_audience_segments(cleared).data[0].attributes.description is None


def of_type(attributes: Any, kind: str) -> dict[str, Any]:
    """The attributes of a segment's type, in the SDK's own names."""
    name = {"InMarket": "in_market", "ContactList": "contact_list"}.get(kind, kind.lower())
    found: dict[str, Any] = attributes[name].to_dict()
    return found


def test_a_lookalike(meeting: Meeting) -> None:
    """It has a seed and, if asked for, a size, which alone can be changed."""
    audiences = meeting.official.audiences
    seed = meeting.official.new_segment("Seed")
    made = models.LookalikeCreateV1(seed_segment_id=seed, target_size=100_000)

    segment = meeting.official.new_segment("Alike", lookalike=made)
    audiences.update_audience_segments(
        bodies.segment_to_update(segment, lookalike=models.LookalikeUpdateV1(target_size=200_000))
    )

    (found,) = audiences.search_audience_segments(bodies.segments_to_find(audience_segment_ids=[segment])).data
    assert found.attributes.type == "Lookalike"
    assert found.attributes.lookalike.to_dict() == {"seed_segment_id": seed, "target_size": 200_000}


def test_the_life_of_a_list(meeting: Meeting) -> None:
    """Identifiers are added and taken off, counted after the next run, and the list is emptied."""
    meeting.levers.set_clock("2027-05-05T11:00:00Z")
    audiences, segment = meeting.official.audiences, meeting.official.new_segment()
    people = [digest(number) for number in range(100)]

    added = audiences.update_contact_list_by_audience_segment(
        segment, bodies.amendment("add", [*people, "nobody"], identifier_type="email")
    )
    told = added.data.attributes
    assert (added.errors, added.warnings) == ([], [])
    assert (told.contact_list_id, told.operation, told.identifier_type) == (int(segment), "add", "email")
    assert (told.nb_valid_identifiers, told.nb_invalid_identifiers) == (100, 1)
    assert told.sample_invalid_identifiers == ["nobody"]
    assert isinstance(told.request_date, dt.datetime)

    audiences.update_contact_list_by_audience_segment(segment, bodies.amendment("remove", people[:40]))
    assert sorted(meeting.levers.members(segment)) == sorted(people[40:])
    audiences.update_contact_list_by_audience_segment(
        segment, bodies.amendment("add", ["gum-1"], identifier_type="gum", gum_caller_id=7)
    )
    assert meeting.levers.members(segment, "gum") == ["gum-1"]

    meeting.levers.set_clock("2027-05-05T12:30:00Z")
    counted = meeting.another().audiences.get_audience_segment_contact_list_statistics(segment).data
    assert counted.attributes.number_of_identifiers == 61
    assert 0 <= counted.attributes.number_of_matches <= 61
    assert isinstance(counted.attributes.match_rate, float)

    emptied = meeting.another().audiences.delete_contact_list_by_audience_segment(segment)
    assert (emptied.data.id, emptied.data.type) == (segment, "AudienceContactlist")
    assert meeting.levers.members(segment) == []


def test_the_life_of_an_audience(meeting: Meeting) -> None:
    """Its tree is read back as it was sent, it is found by what it is of, changed, linked, unlinked and deleted."""
    sdk = meeting.official
    one, two, three = (sdk.new_segment(name) for name in ("one", "two", "three"))
    algebra = bodies.algebra_of(one, two)
    made = sdk.audiences.create_audiences(bodies.audience_to_create("A", algebra, description="of one")).data[0]
    assert (made.attributes.name, made.attributes.description) == ("A", "of one")
    assert made.attributes.algebra.to_dict() == algebra.to_dict()
    assert [*made.attributes.ad_set_ids] == []

    either = models.AlgebraNodeV1(_or=[models.AlgebraNodeV1(audience_segment_id=each) for each in (one, three)])
    changed = bodies.audience_to_update(made.id, name="B", description=models.NillableString(), algebra=either)
    sdk.audiences.update_audiences(changed)
    link = bodies.link_to(AD_SET, made.id)
    linked = sdk.campaigns.update_ad_set_audience(AD_SET, ad_set_audience_link_input_entity_v1=link).data
    assert (linked.id, linked.attributes.audience_id) == (AD_SET, made.id)

    for filters in ({"ad_set_ids": [AD_SET]}, {"audience_segment_ids": [three]}, {"audience_ids": [made.id]}):
        (found,) = sdk.audiences.search_audiences(bodies.audiences_to_find(**filters)).data
        assert (found.id, found.attributes.name, found.attributes.description) == (made.id, "B", None)
        assert found.attributes.algebra.to_dict() == either.to_dict()
        assert [*found.attributes.ad_set_ids] == [AD_SET]
    assert sdk.audiences.search_audiences(bodies.audiences_to_find(audience_segment_ids=[two])).data == []

    unlink = bodies.link_to(AD_SET, None)
    unlinked = sdk.campaigns.update_ad_set_audience(AD_SET, ad_set_audience_link_input_entity_v1=unlink).data
    assert (unlinked.id, unlinked.attributes.audience_id) == (AD_SET, None)
    assert sdk.audiences.delete_audiences(bodies.audiences_to_delete(made.id)).data[0].id == made.id
    assert sdk.audiences.search_audiences(bodies.audiences_to_find()).data == []


def test_pages(meeting: Meeting) -> None:
    """The searches are paged, from 0 to 100 at a time; the SDK itself refuses 101."""
    sdk = meeting.official.audiences
    made = [meeting.official.new_segment(f"list {number:02}") for number in range(12)]

    pages = [sdk.search_audience_segments(bodies.segments_to_find(), limit=5, offset=offset) for offset in (0, 5, 10)]

    assert [each.id for page in pages for each in page.data] == made
    assert [page.meta.to_dict() for page in pages] == [
        {"total_items": 12, "limit": 5, "offset": offset} for offset in (0, 5, 10)
    ]
    assert sdk.search_audience_segments(bodies.segments_to_find(), limit=0).data == []
    assert sdk.search_audiences(bodies.audiences_to_find()).meta.to_dict() == {
        "total_items": 0,
        "limit": 50,
        "offset": 0,
    }
    with pytest.raises(ApiValueError):
        sdk.search_audience_segments(bodies.segments_to_find(), limit=101)


def test_sizes(meeting: Meeting) -> None:
    """What can be counted is, of segments and audiences that are there and of such that are only thought of."""
    world = made_world(meeting.official)
    node = models.AlgebraNodeV1(audience_segment_id=world.in_market)
    points = [models.PointOfInterestV1(**POINT)]
    sdk = meeting.official.audiences

    sizes = [
        sdk.compute_audience_segments_sizes(bodies.segments_to_size(world.in_market)).data[0].attributes.size,
        sdk.compute_audiences_sizes(bodies.audiences_to_size(world.audience)).data[0].attributes.size,
        sdk.estimate_audiences_sizes(bodies.audience_to_estimate(node)).data.attributes.size,
        sdk.estimate_audience_segments_sizes(
            bodies.segment_to_estimate(in_market=models.InMarketSizeEstimationV1(country="FR"))
        ).data.attributes.size,
        sdk.estimate_audience_segments_sizes(
            bodies.segment_to_estimate(
                location=models.LocationSizeEstimationV1(points_of_interest=points, radius_in_km=5)
            )
        ).data.attributes.size,
    ]

    assert all(isinstance(size, int) and size >= 0 for size in sizes)
    assert sizes[0] == sizes[2] > 0


def test_what_an_in_market_segment_can_be_of(meeting: Meeting) -> None:
    """Brands have names and sizes, interests a parent among them; what is offered can be chosen."""
    sdk = meeting.official.audiences
    brands = sdk.get_audience_segments_in_market_brands(ADVERTISER, "FR").data
    interests = sdk.get_audience_segments_in_market_interests(ADVERTISER, "FR").data

    assert all(brand.attributes.name and brand.attributes.size > 0 for brand in brands)
    ids = {interest.id for interest in interests}
    parents = {interest.attributes.parent_id for interest in interests}
    assert parents - {None} <= ids
    assert parents - {None}
    chosen = models.InMarketCreateV1(country="FR", brand_ids=[brands[0].id], interest_ids=[interests[0].id])
    assert meeting.official.new_segment("Chosen", in_market=chosen)


def test_ad_sets_campaigns_and_who_may(meeting: Meeting) -> None:
    """Ad sets are found by campaign and advertiser, with the fields that are asked for, campaigns by themselves."""
    sdk = meeting.official
    campaigns = sdk.campaigns.search_campaigns(campaign_search_request_v23_q1=bodies.campaigns_to_find()).data
    some = bodies.ad_sets_to_find(campaign_ids=[campaigns[0].id], advertiser_ids=[ADVERTISER])
    ad_sets = sdk.campaigns.search_ad_sets(ad_set_search_request_v26_q1=some).data
    projected = bodies.ad_sets_to_find(["Name"], ad_set_ids=[AD_SET])
    (named,) = sdk.campaigns.search_ad_sets(ad_set_search_request_v26_q1=projected).data

    assert len(campaigns) == 2
    assert {each.attributes.campaign_id for each in ad_sets} == {campaigns[0].id}
    assert sdk.campaigns.get_campaign(campaigns[0].id).data.attributes.name == campaigns[0].attributes.name
    whole = sdk.campaigns.get_ad_set(AD_SET).data
    assert (whole.id, whole.attributes.advertiser_id) == (AD_SET, ADVERTISER)
    assert named.attributes.name == whole.attributes.name
    assert named.attributes.campaign_id is None

    (advertiser,) = sdk.advertisers.list_advertisers().data
    assert (advertiser.id, advertiser.type) == (ADVERTISER, "advertiser")
    assert isinstance(sdk.gateway.get_current_application().data.attributes.application_id, int)
