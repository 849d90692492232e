"""What somebody changed by hand at Criteo: shown, put back in one apply, for everything that we keep there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.shop import Document, Shop, resource

pytestmark = pytest.mark.switches(
    empty_seed="taken", in_market_ids="optional", kind_limits="none", left_out="unchanged"
)

KINDS = {
    "retargeting": "retargeting: { visitorsType: NonBuyers, daysSinceLastVisitMin: 0, daysSinceLastVisitMax: 30 }",
    "inMarket": "in_market: { country: FR, interestIds: ['187'], buyingPower: [High], gender: Female }",
    "location": "location: { radiusInKm: 5, pointsOfInterest: [ { name: Paris, latitude: 48.8, longitude: 2.3 } ] }",
    "prospecting": "prospecting: { usersType: ProspectsOrNonBuyers, daysSinceLastVisitMin: 10 }",
    "lookalike": "lookalike: { seed: buyers, targetSize: 1000 }",
}
WIDER: dict[str, Document] = {
    "retargeting": {"daysSinceLastVisitMax": 60},
    "inMarket": {"buyingPower": [], "gender": {"value": None}},
    "location": {"radiusInKm": 50},
    "prospecting": {"daysSinceLastVisitMin": {"value": None}},
    "lookalike": {"targetSize": 9000},
}


@pytest.fixture
def kept(shop: Shop) -> Shop:
    """A list and one segment of each of Criteo's kinds, in two audiences, all applied."""
    kinds = "".join(f"  {key.lower()}: {{ name: {key}, criteo: {{ {kind} }} }}\n" for key, kind in KINDS.items())
    names = ", ".join(key.lower() for key in KINDS)
    shop.definitions = (
        f"segments:\n  buyers: {{ name: Buyers, who: {{ event: purchase, within: 7d }} }}\n{kinds}audiences:\n"
        f"  far: {{ name: Far, include: [{names}], exclude: [buyers], ad_sets: ['700123'] }}\n"
    )
    shop.people(["ann", "bob", "cat"], "purchase", "1d")
    shop.criteo.authorize()
    shop.apply()
    return shop


def console(shop: Shop, which: str, **attributes: Any) -> None:
    """Change a segment as somebody does in Criteo's console."""
    item = {"id": shop.lists()[which], "type": "AudienceSegment", "attributes": attributes}
    assert not shop.criteo.bulk("PATCH", "/audience-segments", item).json().get("errors")


def settled(shop: Shop) -> None:
    """One apply is enough."""
    shop.apply()
    assert shop.plan()["summary"]["empty"]


@pytest.mark.parametrize("key", KINDS)
def test_a_kind_that_was_changed_renamed_and_described_is_put_back_at_once(kept: Shop, key: str) -> None:
    """What it is, its name and its description, in one apply; our mark comes back too."""
    console(kept, key, name="By hand", description={"value": "no mark"}, **{key: WIDER[key]})
    plan = kept.plan()
    address = f"segment.{key.lower()}"
    assert resource(plan, address)["action"] == "update"
    assert {each["path"].partition(".")[0] for each in resource(plan, address)["drift"]} >= {"name", "criteo"}
    settled(kept)
    assert key in kept.lists()


def test_an_audience_that_was_changed_and_described_is_put_back_at_once(kept: Shop) -> None:
    """Its formula, widened and narrowed at once, its name and its description, in one apply."""
    ids = kept.lists()
    tree = {"or": [{"audienceSegmentId": ids["retargeting"]}, {"audienceSegmentId": ids["Buyers"]}]}
    item = {
        "id": kept.audiences()["Far"]["id"],
        "type": "Audience",
        "attributes": {"name": "By hand", "description": {"value": "no mark"}, "algebra": tree},
    }
    assert not kept.criteo.bulk("PATCH", "/audiences", item).json().get("errors")
    settled(kept)
    assert "Far" in kept.audiences()


@pytest.mark.parametrize("key", KINDS)
def test_a_kind_that_was_deleted_is_made_again(kept: Shop, key: str) -> None:
    """Somebody takes it out of the audience and deletes it: it is made anew, and the audience names the new one."""
    ids = kept.lists()
    tree = {"or": [{"audienceSegmentId": each} for name, each in ids.items() if name not in (key, "Buyers")]}
    item = {"id": kept.audiences()["Far"]["id"], "type": "Audience", "attributes": {"algebra": tree}}
    assert not kept.criteo.bulk("PATCH", "/audiences", item).json().get("errors")
    gone = {"id": ids[key], "type": "AudienceSegment"}
    assert not kept.criteo.bulk("POST", "/audience-segments/delete", gone).json().get("errors")
    plan = kept.plan()
    assert resource(plan, f"segment.{key.lower()}")["action"] == "create"
    assert f"segment.{key.lower()} is no longer at Criteo and is made anew." in plan["notes"]
    settled(kept)
    assert kept.lists()[key] != ids[key]
    assert kept.lists()[key] in str(kept.audiences()["Far"]["algebra"])


def test_ad_sets_that_were_swapped_are_swapped_back_at_once(shop: Shop) -> None:
    """Each goes from one audience of ours to the other in one call: none is without an audience for a moment."""
    shop.definitions = (
        "segments: { buyers: { name: Buyers, who: { event: purchase, within: 7d } } }\naudiences:\n"
        "  one: { name: One, include: [buyers], ad_sets: ['700123'] }\n"
        "  two: { name: Two, include: [buyers], ad_sets: ['700124'] }\n"
    )
    shop.people(["ann"], "purchase", "1d")
    shop.criteo.authorize()
    shop.apply()
    ids = {name: each["id"] for name, each in shop.audiences().items()}
    for ad_set, name in (("700123", "Two"), ("700124", "One")):
        assert shop.criteo.link(ad_set, ids[name]).status_code == 200
    before = shop.asked()
    settled(shop)
    assert len(shop.requests(before, "UpdateAdSetAudience")) == 2
    assert {name: each["adSetIds"] for name, each in shop.audiences().items()} == {"One": ["700123"], "Two": ["700124"]}
