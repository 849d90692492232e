"""The portfolio, campaigns, ad sets and their audiences."""

from __future__ import annotations

import pytest

from tests.emulator.caller import Caller, audience_of, codes, list_of
from tests.emulator.conftest import Make

A = {"audienceSegmentId": "500"}
AD_SETS = [str(number) for number in range(700_123, 700_135)]


@pytest.fixture
def stocked(caller: Caller) -> Caller:
    """A world with the audiences 900 and 901."""
    caller.new_list()
    caller.new_audience("one", A)
    caller.new_audience("two", A)
    return caller


def test_a_new_world_has_an_advertiser_two_campaigns_and_a_dozen_ad_sets(caller: Caller) -> None:
    """All belong together; the ad sets are 700123 and on."""
    advertisers = caller.send("GET", "/2026-07/advertisers/me").json()["data"]
    assert [("42", "advertiser")] == [(item["id"], item["type"]) for item in advertisers]
    campaigns = caller.ids(caller.send("POST", "/campaigns/search", {"filters": {"advertiserIds": ["42"]}}))
    assert 2 == len(campaigns)
    found = caller.send("POST", "/ad-sets/search", {})
    assert AD_SETS == caller.ids(found)
    assert set(campaigns) == {item["attributes"]["campaignId"] for item in found.json()["data"]}


def test_each_advertiser_has_ad_sets_of_its_own(make_caller: Make) -> None:
    """The first one's numbers do not depend on the others."""
    caller = make_caller(advertisers=("42", "43"))
    ours, theirs = (
        caller.ids(caller.send("POST", "/ad-sets/search", {"filters": {"advertiserIds": [advertiser]}}))
        for advertiser in ("42", "43")
    )
    assert AD_SETS == ours
    assert 12 == len(set(theirs) - set(ours))


def test_ad_set_search_needs_no_body_and_passes_over_bad_ids(caller: Caller) -> None:
    """No filter means everything that is accessible; there is no paging and no `meta`."""
    everything = caller.send("POST", "/ad-sets/search")
    assert AD_SETS == caller.ids(everything)
    assert "meta" not in everything.json()
    some = caller.send("POST", "/ad-sets/search", {"filters": {"adSetIds": ["700125", "9", "x"], "campaignIds": None}})
    assert ["700125"] == caller.ids(some)


def test_fields_that_are_not_asked_for_are_null_from_2026_07_on(caller: Caller) -> None:
    """2026-01 has no such choice and shows everything."""
    body = {"meta": {"fields": ["Name", "CampaignId"]}}
    current = caller.send("POST", "/ad-sets/search", body).json()["data"][0]["attributes"]
    assert {"name", "campaignId"} == {name for name, value in current.items() if value is not None}
    older = caller.send("POST", "/2026-01/marketing-solutions/ad-sets/search", body).json()["data"][0]["attributes"]
    assert "42" == older["advertiserId"]
    unknown = caller.send("POST", "/ad-sets/search", {"meta": {"fields": ["Audience"]}})
    assert (400, ["invalid"]) == (unknown.status_code, codes(unknown))


def test_an_ad_set_has_one_audience_and_an_audience_many_ad_sets(stocked: Caller) -> None:
    """A new link takes the place of the old one; null unlinks."""

    def ad_sets() -> list[list[str]]:
        return [item["attributes"]["adSetIds"] for item in stocked.search("/audiences").json()["data"]]

    answer = stocked.link("700124", "900").json()
    assert {"id": "700124", "type": "AdSetAudience", "attributes": {"audienceId": "900"}} == answer["data"]
    stocked.link("700123", "900")
    assert [["700123", "700124"], []] == ad_sets()
    stocked.link("700123", "901")
    assert [["700124"], ["700123"]] == ad_sets()
    stocked.link("700123", None)
    assert [["700124"], []] == ad_sets()


@pytest.mark.parametrize(
    ("ad_set", "audience", "code"),
    [("777", "900", "ad-set-not-found"), ("777", None, "ad-set-not-found"), ("700123", "777", "audience-not-found")],
)
def test_a_link_to_or_of_nothing_is_400(stocked: Caller, ad_set: str, audience: str | None, code: str) -> None:
    """The link that was there stays."""
    stocked.link("700123", "900")
    answer = stocked.link(ad_set, audience)
    assert (400, [code]) == (answer.status_code, codes(answer))
    assert ["900"] == stocked.ids(stocked.search("/audiences", {"adSetIds": ["700123"]}))


def test_an_ad_set_of_another_advertiser_is_not_linked(make_caller: Make) -> None:
    """The audience is not found from there."""
    caller = make_caller(advertisers=("42", "43"))
    caller.bulk("POST", "/audience-segments/create", list_of("L"))
    caller.bulk("POST", "/audiences/create", audience_of("A", A))
    assert ["audience-not-found"] == codes(caller.link("700223", "900"))


def test_the_id_in_the_body_must_be_the_one_in_the_path(stocked: Caller) -> None:
    """It may be left out."""
    path, attributes = "/ad-sets/700123/audience", {"audienceId": "900"}
    assert 400 == stocked.send("PUT", path, {"data": {"id": "700124", "attributes": attributes}}).status_code
    assert 200 == stocked.send("PUT", path, {"data": {"attributes": attributes}}).status_code
    assert 400 == stocked.send("PUT", path, {"data": {"attributes": {"audienceId": 900}}}).status_code


def test_the_application_describes_itself(caller: Caller) -> None:
    """Its ids are numbers."""
    attributes = caller.send("GET", "/me").json()["data"]["attributes"]
    assert all(isinstance(attributes[name], int) for name in ("applicationId", "organizationId"))


def test_one_campaign_or_ad_set_can_be_shown(caller: Caller) -> None:
    """One that is not there is 404."""
    ad_set = caller.send("GET", "/ad-sets/700123").json()["data"]
    campaign = caller.send("GET", f"/campaigns/{ad_set['attributes']['campaignId']}").json()["data"]
    assert ("700123", "42") == (ad_set["id"], campaign["attributes"]["advertiserId"])
    answers = [caller.send("GET", path) for path in ("/ad-sets/1", "/campaigns/1")]
    assert [404, 404] == [answer.status_code for answer in answers]
    assert [["ad-set-not-found"], ["campaign-not-found"]] == [codes(answer) for answer in answers]
