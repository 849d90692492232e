"""In-market segments: brands and interests are looked up before anything is sent, what is there already is not."""

from __future__ import annotations

import pytest

from tests.flows.shop import Shop

pytestmark = pytest.mark.switches(in_market_ids="optional")

LOOKS = {"GetAudienceSegmentsInMarketBrands", "GetAudienceSegmentsInMarketInterests"}
"""Which brands and interests there are: these only read."""


def market(shop: Shop, attributes: str) -> None:
    """One in-market segment."""
    shop.definitions = f"segments:\n  market: {{ criteo: {{ in_market: {{ {attributes} }} }} }}\n"
    shop.customer("ann")
    shop.event("ann", "purchase", "1d")


def looked(shop: Shop, after: int) -> list[str]:
    """What of Criteo's choices was asked for since."""
    return sorted(each["operation"] for each in shop.requests(after) if each["operation"] in LOOKS)


@pytest.mark.parametrize(
    ("attributes", "place", "message"),
    [
        ("country: FR, brandIds: ['1002', '9999']", "3:68: segments.market.criteo.in_market.brandIds[1]", "no brand"),
        ("country: FR, interestIds: ['568']", "3:63: segments.market.criteo.in_market.interestIds[0]", "no interest"),
        ("country: FR, brandIds: [ember goods]", "3:60: segments.market.criteo.in_market.brandIds[0]", '"1013" (Ember'),
        ("country: IS, brandIds: ['1002']", "3:60: segments.market.criteo.in_market.brandIds[0]", "no brands at all"),
    ],
    ids=["brand", "interest", "name of a brand", "country without data"],
)
def test_what_criteo_does_not_list_is_an_error_before_anything_is_written(
    shop: Shop, attributes: str, place: str, message: str
) -> None:
    """Plan and apply end with 78, the place of the id and what there is instead; nothing is made, not even a state."""
    market(shop, attributes)
    for done in (shop.run("plan"), shop.run("apply", "--auto-approve")):
        assert done.code == 78, done
        assert f"definitions.yaml:{place}" in done.err, done.err
        assert message in done.err
    assert not [each for each in shop.writes() if each["operation"] not in LOOKS]
    assert not shop.state.exists()


def test_what_is_there_already_is_not_looked_up(shop: Shop) -> None:
    """A segment that stands is not asked about again; a change asks for what it names anew, and for no more."""
    market(shop, "country: FR, brandIds: ['1002'], interestIds: ['187']")
    shop.apply()
    asked = shop.asked()
    assert shop.plan()["summary"]["empty"]
    assert looked(shop, asked) == []
    market(shop, "country: FR, brandIds: ['1002'], interestIds: ['187', '188']")
    shop.plan()
    assert looked(shop, asked) == ["GetAudienceSegmentsInMarketInterests"]
    market(shop, "country: DE, brandIds: ['1002'], interestIds: ['187']")
    assert "for DE Criteo has no brand" in shop.run("plan").err


def test_where_criteo_gives_no_list_the_plan_says_so_and_goes_on(shop: Shop) -> None:
    """It is noted; whether the brands are right Criteo has to judge."""
    market(shop, "country: FR, brandIds: ['1002']")
    shop.criteo.fault("503", operation="GetAudienceSegmentsInMarketBrands", count=None)
    document = shop.plan()
    assert any(note.startswith("Whether Criteo has all brands") for note in document["notes"])
    shop.apply()
    assert "market" in shop.lists()


def test_no_ids_no_question(shop: Shop) -> None:
    """What names no brand and no interest asks for none."""
    market(shop, "country: IS, gender: Male")
    shop.apply()
    assert looked(shop, 0) == []
