"""What an apply does about what nobody knows of Criteo: it comes to the same on either side."""

from __future__ import annotations

import pytest

from tests.flows.shop import NOW, Shop, names, resource, span

DEFINITIONS = """\
segments:
  carts:
    name: Carts
    description: Left a cart
    who: { event: cart_added, within: 3d }
    allow_empty: true
  keen:
    name: Keen
    description: In the market
    criteo: { in_market: { country: FR, gender: Male, priceRange: [Low], interestIds: ["187"], brandIds: ["1002"] } }
  buyers:
    name: Buyers
    who: { event: purchase, within: 7d }
audiences:
  recovery:
    name: Recovery
    description: Carts again
    include: [carts]
    exclude: [buyers]
"""


@pytest.mark.parametrize("left_out", ["unchanged", "cleared"])
def test_an_update_says_again_what_must_stay(shop: Shop, left_out: str) -> None:
    """New names, countries and targets leave descriptions, marks and genders as they were, whatever is left out."""
    assert shop.criteo.send("POST", "/emulator/switches", {"left_out": left_out}).status_code == 200
    shop.definitions = DEFINITIONS
    shop.people(["ann"], "cart_added", "1h")
    shop.people(["bob"], "purchase", "1h")
    shop.apply()
    shop.definitions = (
        DEFINITIONS.replace("name: Carts\n", "name: Carts left\n")
        .replace("priceRange: [Low]", "priceRange: [High]")
        .replace("    exclude: [buyers]\n", "")
    )
    shop.apply()
    plan = shop.plan()
    changed = [each["address"] for each in plan["resources"] if each["action"] != "none"]
    assert changed == [], resource(plan, changed[0])


@pytest.mark.switches(remove_absent="invalid")
def test_removals_are_no_mistake_where_criteo_calls_them_invalid(shop: Shop) -> None:
    """A list that somebody emptied at Criteo is no reason to stop what is to leave it."""
    shop.definitions = DEFINITIONS.partition("  keen:")[0]
    shop.people(names("shopper", 150), "cart_added", "71h")
    shop.apply()
    shop.criteo.authorize()
    number = shop.lists()["Carts"]
    assert shop.criteo.send("DELETE", f"/audience-segments/{number}/contact-list").status_code == 200
    shop.apply(at=NOW + span("2h"))
    assert shop.members("Carts") == set()
