"""The same act by the official SDK and by our client: what each puts on the wire, compared field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from criteo_api_marketingsolutions_v2027_01 import models

from reconciler.criteo.client import CriteoClient
from reconciler.emulator import EmulatorTransport, create_app
from reconciler.model.identifiers import Identifiers
from reconciler.model.remote import AudienceDraft, SegmentDraft, Targeting
from tests.contract.document import TOKEN, document, find
from tests.criteo.pretend import UNLIMITED, new_client
from tests.emulator.caller import digest
from tests.sdk import bodies
from tests.sdk.bodies import AD_SET, ADVERTISER
from tests.sdk.conftest import Meeting
from tests.sdk.official import Official, World, made_world
from tests.sdk.recording import Recording, Wire

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:criteo_api_marketingsolutions_v2027_01")

PEOPLE = [digest(number) for number in range(3)]
ALWAYS_DIFFERS = {"User-Agent": ("OpenAPI-Generator", "reconciler")}
"""Each says who it is. All else is the same, even a Content-Type where there is no content."""


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
        ours=lambda client, world: client.amend_list(world.segment, "add", Identifiers(tuple(PEOPLE))),
    ),
    "remove from a list": Act(
        official=lambda sdk, world: sdk.audiences.update_contact_list_by_audience_segment(
            world.segment, bodies.amendment("remove", PEOPLE, identifier_type="email")
        ),
        ours=lambda client, world: client.amend_list(world.segment, "remove", Identifiers(tuple(PEOPLE))),
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


def places(value: Any, place: str = "body") -> dict[str, Any]:
    """Every leaf of a JSON value by its place; empty objects and lists are leaves too."""
    if isinstance(value, dict) and value:
        return {key: each for name in value for key, each in places(value[name], f"{place}.{name}").items()}
    if isinstance(value, list) and value:
        return {key: each for at, item in enumerate(value) for key, each in places(item, f"{place}[{at}]").items()}
    return {place: value}


def fields(sent: Wire) -> dict[str, Any]:
    """Everything that a request says, each thing by its place."""
    query = {f"?{name}": text for name, text in sent.query.items()}
    return {"method": sent.method, "path": sent.path, **query, **sent.headers, **places(sent.body)}


def differences(theirs: Wire, ours: Wire) -> dict[str, tuple[object, object]]:
    """What is not the same: place → (the SDK's, ours)."""
    one, other = fields(theirs), fields(ours)
    found = {place for place in one.keys() | other.keys() if one.get(place) != other.get(place)}
    return {place: (one.get(place), other.get(place)) for place in found}


def what_we_send(act: Act) -> tuple[list[Wire], Recording]:
    """What our client sends in a world like the SDK's."""
    wire = Recording(create_app(rate_limit=0))
    settings = replace(UNLIMITED, api_version="2027-01")
    transport = EmulatorTransport(wire)
    with new_client(transport, settings) as client:
        segment = client.create_segments([SegmentDraft(name="List", description=None)])[0]
        market = client.create_segments([SegmentDraft(name="Market", description=None)])[0]
        targeting = Targeting(include=frozenset({str(segment)}))
        audience = client.create_audiences([AudienceDraft(name="Audience", description=None, targeting=targeting)])[0]
        before = len(wire.requests)
        act.ours(client, World(segment=str(segment), in_market=str(market), audience=str(audience)))
    wire.close()
    return wire.requests[before:], wire


@pytest.mark.parametrize("name", ACTS)
def test_the_same_act(meeting: Meeting, name: str) -> None:
    """Method, path, query, headers and every field of the body are the same."""
    act = ACTS[name]
    world = made_world(meeting.official)
    before = len(meeting.wire.requests)
    act.official(meeting.official, world)

    (theirs,) = meeting.wire.requests[before:]
    (ours,) = what_we_send(act)[0]

    assert differences(theirs, ours) == ALWAYS_DIFFERS


def test_another_act_differs(meeting: Meeting) -> None:
    """The comparison would notice another method, path, query or field."""
    world = made_world(meeting.official)
    before = len(meeting.wire.requests)
    ACTS["rename a segment"].official(meeting.official, world)
    (theirs,) = meeting.wire.requests[before:]

    assert differences(theirs, what_we_send(ACTS["describe a segment"])[0][0]) == {
        **ALWAYS_DIFFERS,
        "body.data[0].attributes.name": ("New", None),
        "body.data[0].attributes.description.value": (None, "new"),
    }
    assert {"method", "path", "?limit"} <= differences(
        theirs, what_we_send(ACTS["search segments"])[0][0]
    ).keys() | differences(theirs, what_we_send(ACTS["empty a list"])[0][0]).keys()


def test_the_same_token_request(meeting: Meeting) -> None:
    """Both ask for tokens with the same form."""
    meeting.official.advertisers.list_advertisers()
    ours = what_we_send(ACTS["read the portfolio"])[1].tokens[0]
    (theirs,) = meeting.wire.tokens

    form = dict(ours.body)
    assert differences(replace(theirs, body=None), replace(ours, body=None)) == ALWAYS_DIFFERS
    assert form.keys() == dict(theirs.body).keys()
    assert form["grant_type"] == dict(theirs.body)["grant_type"] == "client_credentials"


def test_nothing_that_we_do_is_left_out() -> None:
    """Every operation that our client can call is compared with the SDK's call of it."""
    sent = [wire for act in ACTS.values() for wire in what_we_send(act)[0]]
    called = [find(wire.method, f"/2027-01{wire.path}") for wire in sent]
    compared = {each.name for each in called if each}
    ours = _operations_of_ours()

    assert compared | {TOKEN} == ours
    assert ours <= {each["id"] for each in document()["endpoints"]}


def _operations_of_ours() -> set[str]:
    """Criteo's names of the operations on our client's own list."""
    from reconciler.criteo import endpoints

    own = [each for each in vars(endpoints).values() if isinstance(each, endpoints.Endpoint)]
    paths = {each: each.template.format(version="2027-01", segment="1", ad_set="1", campaign="1") for each in own}
    found = {each: find(each.method, path) for each, path in paths.items()}
    assert None not in found.values()
    return {each.name for each in found.values() if each}
