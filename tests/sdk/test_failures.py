"""Every failure that Criteo documents reaches who uses the official SDK as the SDK's own errors."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from criteo_api_marketingsolutions_v2027_01 import models
from criteo_api_marketingsolutions_v2027_01.exceptions import (
    ApiException,
    ForbiddenException,
    ServiceException,
    UnauthorizedException,
)

from reconciler.emulator import Switches
from tests.sdk import bodies
from tests.sdk.bodies import AD_SET, ADVERTISER
from tests.sdk.conftest import Meet, Meeting
from tests.sdk.official import CALLS, World, codes, made_world

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:criteo_api_marketingsolutions_v2027_01")

Calls = tuple[Callable[[], object], ...]

STATUSES = {401: UnauthorizedException, 403: ForbiddenException, 429: ApiException, 500: ServiceException}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_fails_as_a_whole(meeting: Meeting, name: str) -> None:
    """Whichever call it is, 401, 403, 429, 500 and 503 are raised with their status, and a code to tell them by."""
    world = made_world(meeting.official)
    for status in (*STATUSES, 503):
        meeting.levers.fault(str(status), path="^/2027-01")
        with pytest.raises(STATUSES.get(status, ServiceException)) as raised:
            CALLS[name](meeting.official, world)
        assert raised.value.status == status
        assert codes(raised.value) != [""]
        assert ("x-ratelimit-reset" in raised.value.headers) == (status == 429)


def test_a_secret_that_is_wrong(meet: Meet) -> None:
    """The token endpoint answers as OAuth does, and the SDK adds which call it was."""
    meeting = meet(client_secret="right")

    with pytest.raises(UnauthorizedException) as raised:
        meeting.another("wrong").advertisers.list_advertisers()

    told = json.loads(raised.value.body)
    assert told["error"] == "invalid_client"
    assert told["token_error"] == f"Cannot refresh token by calling '{meeting.url}/oauth2/token'"
    assert len(meeting.another("right").advertisers.list_advertisers().data) == 1


def test_a_token_that_died(meeting: Meeting) -> None:
    """A 401 for a dead token is raised, call after call: this SDK renews a token only when its own clock says so."""
    meeting.levers.fault("token_dead", path="^/2027-01")

    for _ in range(2):
        with pytest.raises(UnauthorizedException) as raised:
            meeting.official.advertisers.list_advertisers()
        assert codes(raised.value) == ["authorization-token-expired"]

    assert len(meeting.another().advertisers.list_advertisers().data) == 1


def test_calls_above_the_limit(meet: Meet) -> None:
    """The SDK does not wait on a 429; its error carries the headers that say when."""
    meeting = meet(rate_limit=2)
    meeting.levers.set_clock("2027-05-05T11:00:01Z")  # no minute ends in between
    for _ in range(2):
        meeting.official.advertisers.list_advertisers()

    with pytest.raises(ApiException) as raised:
        meeting.official.advertisers.list_advertisers()

    assert raised.value.status == 429
    assert raised.value.headers["x-ratelimit-limit"] == "2"
    assert raised.value.headers["x-ratelimit-remaining"] == "0"
    assert json.loads(raised.value.body)["errors"][0]["type"] == "quota"


@pytest.mark.parametrize(
    ("lack", "names"),
    [
        ("audience-read", ["search_audience_segments", "get_audience_segments_in_market_brands", "search_audiences"]),
        ("audience-manage", ["create_audience_segments", "delete_contact_list_by_audience_segment"]),
        ("campaign-read", ["search_ad_sets", "search_campaigns"]),
        ("campaign-manage", ["update_ad_set_audience"]),
    ],
)
def test_a_right_that_is_missing(meet: Meet, lack: str, names: list[str]) -> None:
    """Criteo says 403, and which code."""
    meeting = meet(without=(lack,))
    world = World(segment="500", in_market="500", audience="900")

    for name in names:
        with pytest.raises(ForbiddenException) as raised:
            CALLS[name](meeting.official, world)
        assert codes(raised.value) == ["insufficient-advertiser-permissions"]


def test_lists_that_are_not_there(meeting: Meeting) -> None:
    """The contact-list calls say `audience-invalid`, as 404."""
    audiences = meeting.official.audiences
    calls: Calls = (
        lambda: audiences.update_contact_list_by_audience_segment("999", bodies.amendment("add", ["a@example.com"])),
        lambda: audiences.delete_contact_list_by_audience_segment("999"),
        lambda: audiences.get_audience_segment_contact_list_statistics("999"),
    )
    for call in calls:
        with pytest.raises(ApiException) as raised:
            call()
        assert raised.value.status == 404
        assert codes(raised.value) == ["audience-invalid"]


def test_a_segment_that_is_no_list(meeting: Meeting) -> None:
    """Only contact lists take identifiers."""
    world = made_world(meeting.official)

    with pytest.raises(ApiException) as raised:
        meeting.official.audiences.update_contact_list_by_audience_segment(
            world.in_market, bodies.amendment("add", ["a@example.com"])
        )

    assert raised.value.status in (400, 403, 404)
    assert codes(raised.value) == ["audience-invalid"]


def test_ad_sets_and_campaigns_that_are_not_there(meeting: Meeting) -> None:
    """They are not found by their ids, nor linked, and not an error in a search."""
    campaigns = meeting.official.campaigns
    calls: Calls = (
        lambda: campaigns.get_ad_set("999"),
        lambda: campaigns.get_campaign("999"),
        lambda: campaigns.update_ad_set_audience(
            "999", ad_set_audience_link_input_entity_v1=bodies.link_to("999", None)
        ),
        lambda: campaigns.update_ad_set_audience(
            AD_SET, ad_set_audience_link_input_entity_v1=bodies.link_to(AD_SET, "999")
        ),
    )
    for call in calls:
        with pytest.raises(ApiException) as raised:
            call()
        assert raised.value.status in (400, 404)

    assert campaigns.search_ad_sets(ad_set_search_request_v26_q1=bodies.ad_sets_to_find(ad_set_ids=["999"])).data == []


PLACES = ("errors", "warnings", "bad_request")


@pytest.mark.parametrize("place", PLACES)
class TestItems:
    """Items of a bulk call that fail, wherever Criteo reports them."""

    def told(self, meet: Meet, place: str, name: str) -> list[str]:
        """The codes of one call about what is not there, from wherever they are."""
        meeting = meet(switches=Switches(failed_items=place))  # type: ignore[arg-type]
        gone = World(segment="999", in_market="999", audience="999")
        if place == "bad_request":
            with pytest.raises(ApiException) as raised:
                CALLS[name](meeting.official, gone)
            assert raised.value.status == 400
            return codes(raised.value)
        answer = CALLS[name](meeting.official, gone)
        assert answer.data == []
        assert answer["errors" if place == "warnings" else "warnings"] == []
        return [problem.code for problem in answer[place]]

    @pytest.mark.parametrize("name", ["update_audience_segments", "delete_audience_segments"])
    def test_segments_that_are_not_there(self, meet: Meet, place: str, name: str) -> None:
        """A segment that is gone is neither changed nor deleted."""
        assert self.told(meet, place, name) == ["segment-not-found"]

    @pytest.mark.parametrize("name", ["update_audiences", "delete_audiences", "compute_audiences_sizes"])
    def test_audiences_that_are_not_there(self, meet: Meet, place: str, name: str) -> None:
        """An audience that is gone is neither changed nor deleted nor counted."""
        assert self.told(meet, place, name) == ["audience-not-found"]


def test_a_name_that_is_taken(meeting: Meeting) -> None:
    """Names are unique for each advertiser, of segments and of audiences; the clash is told by its code."""
    segments = meeting.official.audiences
    world = made_world(meeting.official)
    node = models.AlgebraNodeV1(audience_segment_id=world.segment)

    answers = [
        segments.create_audience_segments(bodies.segment_to_create("List")),
        segments.update_audience_segments(bodies.segment_to_update(world.in_market, name="List")),
        segments.create_audiences(bodies.audience_to_create("Audience", node)),
        segments.create_audience_segments(bodies.segment_to_create(" ")),
    ]

    taken = "name-must-be-unique"
    assert [[each.code for each in answer.errors] for answer in answers] == [
        [taken],
        [taken],
        [taken],
        ["name-must-not-be-empty"],
    ]


def test_what_is_deleted_twice(meeting: Meeting) -> None:
    """The second deletion finds nothing, of segments and of audiences."""
    world = made_world(meeting.official)
    audiences, segments = bodies.audiences_to_delete(world.audience), bodies.segments_to_delete(world.segment)
    audience_api = meeting.official.audiences

    assert audience_api.delete_audiences(audiences).data[0].id == world.audience
    assert audience_api.delete_audience_segments(segments).data[0].id == world.segment
    assert [each.code for each in audience_api.delete_audiences(audiences).errors] == ["audience-not-found"]
    assert [each.code for each in audience_api.delete_audience_segments(segments).errors] == ["segment-not-found"]


def test_somebody_elses_advertiser(meeting: Meeting) -> None:
    """An advertiser without consent is refused as a whole or by item, and a search finds nothing there."""
    audiences = meeting.official.audiences

    with pytest.raises(ForbiddenException):
        audiences.get_audience_segments_in_market_brands("43", "FR")

    assert audiences.search_audience_segments(bodies.segments_to_find(advertiser_ids=["43"])).data == []
    assert ADVERTISER == meeting.official.advertisers.list_advertisers().data[0].id
