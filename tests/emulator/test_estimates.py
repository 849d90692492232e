"""Estimates of sizes, and the choices of in-market segments."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.caller import Caller, codes, digest

IN_MARKET = {"country": "FR", "interestIds": ["166"]}


def _estimate(caller: Caller, what: str, **attributes: Any) -> Any:
    body = {"data": {"attributes": {"advertiserId": "42", **attributes}}}
    return caller.send("POST", f"/{what}/estimate-size", body)


def test_the_same_segment_is_estimated_the_same(caller: Caller) -> None:
    """And another one differently."""
    sizes = [
        _estimate(caller, "audience-segments", inMarket={**IN_MARKET, "country": country}).json()["data"]
        for country in ("FR", "FR", "DE")
    ]
    assert "AudienceSegmentSizeEstimation" == sizes[0]["type"]
    assert sizes[0] == sizes[1] != sizes[2]


@pytest.mark.parametrize("attributes", [{}, {"contactList": {}}, {"inMarket": {}}])
def test_only_in_market_and_location_are_estimated(caller: Caller, attributes: dict[str, Any]) -> None:
    """Each with what it needs."""
    assert 400 == _estimate(caller, "audience-segments", **attributes).status_code


def test_an_audience_is_estimated_from_its_segments(caller: Caller) -> None:
    """As of the last processing run; an unknown segment is refused."""
    caller.set_clock("2026-11-21T11:55:00Z")
    caller.authorize()
    caller.amend(caller.new_list(), "add", [digest(number) for number in range(100)])
    caller.advance(600)
    estimate = _estimate(caller, "audiences", algebra={"audienceSegmentId": "500"})
    assert {"type": "AudienceSizeEstimation", "attributes": {"size": 64}} == estimate.json()["data"]
    unknown = _estimate(caller, "audiences", algebra={"audienceSegmentId": "777"})
    assert (400, ["segment-not-found"]) == (unknown.status_code, codes(unknown))


def test_interests_have_no_names_and_brands_have(caller: Caller) -> None:
    """Both need an advertiser and a country."""
    path = "/2026-07/marketing-solutions/audience-segments/in-market-"
    query = {"advertiser-id": "42", "country": "FR"}
    interests, brands = (
        caller.http.get(f"{path}{what}", params=query).json()["data"] for what in ("interests", "brands")
    )
    assert {"parentId"} == set(interests[0]["attributes"])
    assert {"name", "size"} == set(brands[0]["attributes"])
    assert 400 == caller.http.get(f"{path}brands", params={"country": "FR"}).status_code
    assert 403 == caller.http.get(f"{path}brands", params={**query, "advertiser-id": "9"}).status_code


def test_brands_differ_by_country(caller: Caller) -> None:
    """Each country has some of them, of its own sizes, the same whenever it is asked; one without data has none."""

    def ask(what: str, country: str) -> list[dict[str, Any]]:
        path = f"/2026-07/marketing-solutions/audience-segments/in-market-{what}"
        found = caller.http.get(path, params={"advertiser-id": "42", "country": country}).json()["data"]
        return list(found)

    assert ask("brands", "FR") == ask("brands", "fr") != ask("brands", "US")
    assert [10 < len(ask("brands", country)) < 32 for country in ("FR", "US")] == [True, True]
    parents = {each["id"]: each["attributes"]["parentId"] for each in ask("interests", "FR")}
    assert {parent for parent in parents.values() if parent} < set(parents)
    assert ask("brands", "XX") == ask("interests", "XX") == []
