from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from reconciler.emulator import EmulatorTransport
from reconciler.errors import CriteoError, NotAuthorised, OutcomeUnknown, Refused
from reconciler.model.figures import Application, Brand, Interest, Statistics
from reconciler.model.remote import AudienceDraft, RemoteAdSet, RemoteCampaign, SegmentDraft, Targeting
from reconciler.model.settings import Criteo
from tests.contract.layer import on_purpose
from tests.criteo.pretend import Pretend, Scripted, always, new_client, people, problem, sent

FIELDS = ["Name", "AdvertiserId", "CampaignId"]


@pytest.mark.switches(figures="exact", counters="after_runs", match_rate=0.64)
def test_the_statistics_of_a_list(pretend: Pretend) -> None:
    """Criteo's counts come after its next processing run, and the match rate is in percent."""
    client = pretend.connect()
    (made,) = client.create_segments([SegmentDraft(name="VIP", description=None)])
    assert isinstance(made, str)
    client.amend_list(made, "add", people(*range(100)))
    assert client.statistics(made).identifiers == 0
    pretend.pass_time(24 * 3600)
    found = client.statistics(made)
    assert found.identifiers == 100
    assert found.match_rate == pytest.approx(found.matches)


def test_statistics_that_criteo_does_not_tell() -> None:
    """Every count may be null or of an unknown shape, which is no error; a list that is not there is refused."""
    attributes = {"numberOfIdentifiers": None, "numberOfMatches": "many", "matchRate": 71, "new": [1]}
    server = Scripted(always(200, {"data": {"id": "501", "attributes": attributes}}))
    assert server.connect().statistics("501") == Statistics(identifiers=None, matches=None, match_rate=71.0)
    with pytest.raises(Refused):
        Scripted(always(404, {"errors": [problem("segment-not-found")]})).connect().statistics("501")


@pytest.mark.switches(computable_sizes="all")
def test_sizes_in_one_call(pretend: Pretend) -> None:
    """The sizes of several segments, and of audiences of them, take a call each and come in the order asked for."""
    client = pretend.connect()
    small, large = client.create_segments([SegmentDraft(name=name, description=None) for name in ("small", "large")])
    assert isinstance(small, str)
    assert isinstance(large, str)
    client.amend_list(small, "add", people(*range(10)))
    client.amend_list(large, "add", people(*range(100)))
    pretend.pass_time(24 * 3600)
    sizes = client.segment_sizes([large, small])
    assert [isinstance(size, int) for size in sizes] == [True, True]
    assert sizes == tuple(client.statistics(each).matches for each in (large, small))
    draft = AudienceDraft(name="A", description=None, targeting=Targeting(include=frozenset({large})))
    (audience,) = client.create_audiences([draft])
    assert isinstance(audience, str)
    assert client.audience_sizes([audience]) == (sizes[0],)
    assert client.estimate_audience(Targeting(include=frozenset({large}))) == sizes[0]
    assert pretend.statuses("ComputeAudienceSegmentsSizes") == [200]


@pytest.mark.switches(item_codes="not-found", computable_sizes="all")
def test_a_size_that_cannot_be_told(pretend: Pretend) -> None:
    """Of several sizes, the one of a segment that is not there is an error of its own."""
    client = pretend.connect()
    (made,) = client.create_segments([SegmentDraft(name="VIP", description=None)])
    assert isinstance(made, str)
    size, error = client.segment_sizes([made, "77777"])
    assert size == 0
    assert isinstance(error, Refused)
    assert error.code == "segment-not-found"


def test_sizes_without_the_right_to_manage() -> None:
    """Where Criteo refuses the call, every size is NotAuthorised, and nothing is raised."""
    server = Scripted(always(403, {"errors": [problem("insufficient-permissions", type="authorization")]}))
    assert [type(size) for size in server.connect().segment_sizes(["501", "502"])] == [NotAuthorised] * 2


def test_a_size_that_an_answer_leaves_out() -> None:
    """A size that is null is None; one of which an answer says nothing is an error that had no effect."""
    data = [{"id": "501", "attributes": {"size": None}}]
    server = Scripted(always(200, {"data": data, "errors": [problem("internal-error", detail="about 503")]}))
    null, missing, failed = server.connect().segment_sizes(["501", "502", "503"])
    assert null is None
    assert isinstance(missing, CriteoError)
    assert isinstance(failed, CriteoError)
    assert not isinstance(missing, OutcomeUnknown)
    assert not isinstance(failed, OutcomeUnknown)


def test_sizes_of_nothing() -> None:
    """No call is made for no segment, and a hundred go into one."""
    server = Scripted(always(200, {"data": []}))
    assert server.connect().segment_sizes([]) == ()
    assert server.requests == []
    assert len(server.connect().segment_sizes([str(number) for number in range(1, 151)])) == 150
    assert [len(sent(request)["data"]) for request in server.requests] == [100, 50]


def test_estimates(pretend: Pretend) -> None:
    """The size of a segment that does not exist yet is estimated by Criteo's own names; a wrong one is refused."""
    client = pretend.connect()
    assert isinstance(client.estimate_segment("inMarket", {"country": "FR", "interestIds": ["166"]}), int)
    points = [{"name": "Shop", "latitude": 48.85, "longitude": 2.35}]
    assert isinstance(client.estimate_segment("location", {"pointsOfInterest": points, "radiusInKm": 5}), int)
    with on_purpose(), pytest.raises(Refused):
        client.estimate_segment("inMarket", {"country": 7})


def test_the_choices_of_an_in_market_segment(pretend: Pretend) -> None:
    """Brands have a name and a size, interests a parent alone; both are asked for by country."""
    client = pretend.connect()
    brands, interests = client.in_market_brands("FR"), client.in_market_interests("FR")
    assert brands
    assert all(each.id and each.name for each in brands)
    assert {each.parent for each in interests} - {None} <= {each.id for each in interests}
    server = Scripted(always(200, {"data": [{"id": 7, "attributes": {"parentId": 3, "size": True}}]}))
    assert server.connect().in_market_brands("FR") == (Brand(id="7", name="", size=None),)
    assert server.connect().in_market_interests("DE") == (Interest(id="7", parent=None),)
    assert [str(request.url.query, "ascii") for request in server.requests] == [
        "advertiser-id=42&country=FR",
        "advertiser-id=42&country=DE",
    ]


def test_who_we_are(pretend: Pretend) -> None:
    """The app and the advertisers that have let it in."""
    client = pretend.connect()
    assert client.advertisers() == {"42"}
    assert client.application().name
    attributes: dict[str, Any] = {"applicationId": 7, "organizationId": None, "name": "ours", "new": {}}
    server = Scripted(always(200, {"data": {"type": "ApplicationSummary", "attributes": attributes}}))
    assert server.connect().application() == Application(id="7", name="ours", organization=None)


def test_one_ad_set_and_its_campaign(pretend: Pretend) -> None:
    """An ad set tells its campaign, and the campaign its name; what is not there is refused, or left out."""
    client = pretend.connect()
    one = client.ad_set("700123")
    assert (one.name, one.advertiser) == ("Ad set 700123", "42")
    assert one.others["budget"]
    assert one.campaign
    (campaign,) = client.campaigns([one.campaign, "999"])
    assert campaign == RemoteCampaign(id=one.campaign, name=campaign.name)
    assert campaign.name
    with pytest.raises(Refused):
        client.ad_set("1")


@pytest.mark.parametrize(
    ("version", "projection"),
    [("2026-01", None), ("2026-07", FIELDS), ("2027-01", FIELDS)],
)
def test_ad_sets_are_searched_with_what_the_version_takes(
    make_pretend: Callable[..., Pretend], version: str, projection: list[str] | None
) -> None:
    """From 2026-07 on only the attributes that we read are asked for; before it there is no such thing to send."""
    settings = Criteo(api_version=version, calls_per_minute=0)
    (found,) = make_pretend().connect(settings).ad_sets(["700123"])
    assert found == RemoteAdSet(id="700123", name="Ad set 700123")
    assert found.campaign
    server = Scripted(always(200, {"data": []}))
    new_client(httpx.MockTransport(server), settings).ad_sets(["700123"])
    assert sent(server.requests[0]).get("meta", {}).get("fields") == projection


class Newer(httpx.BaseTransport):
    """A Criteo that is ahead of us: every resource has more attributes, and segments are of a type nobody knew."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        answer.read()
        if not request.url.path.endswith("/search"):
            return answer
        document = answer.json()
        for item in document["data"]:
            item["attributes"] |= {"type": "FilterBased", "filterBased": {"countryCodes": ["FR"]}, "colour": "Unseen"}
        document["novelty"] = [1, 2]
        return httpx.Response(answer.status_code, json=document)


def test_what_is_newer_than_we_are_is_carried(pretend: Pretend) -> None:
    """Unknown types, enum values and attributes arrive as they are; equality and repr pass them over."""
    plain = pretend.connect()
    (made,) = plain.create_segments([SegmentDraft(name="VIP", description="words")])
    assert isinstance(made, str)
    plain.create_audiences([AudienceDraft(name="A", description=None, targeting=Targeting(include=frozenset({made})))])
    client = new_client(Newer(EmulatorTransport(pretend.app)))
    (segment,), (audience,), (ad_set,) = client.segments(), client.audiences(), client.ad_sets(["700123"])
    assert (segment.id, segment.name, segment.description, segment.type) == (made, "VIP", "words", "FilterBased")
    more: list[Mapping[str, Any]] = [segment.others, audience.others, ad_set.others]
    assert [each["filterBased"] for each in more] == [{"countryCodes": ["FR"]}] * 3
    assert [each["colour"] for each in more] == ["Unseen"] * 3
    assert (audience,) == plain.audiences()
    assert "Unseen" not in repr(more[0] and segment)
