"""Segments that must not share anybody: what would break it waits, what restricts goes on."""

from __future__ import annotations

import pytest

from tests.flows.shop import NOW, Document, Shop, blocked_by, members_of, names, span

SEGMENTS = """\
windows: { hot: 0h..4h, warm: 4h..24h }
segments:
  carts: { name: Carts, slices: [hot, warm], who: { event: cart_added, latest: true, within: slice } }
  buyers: { name: Buyers, who: { event: purchase, within: 30d } }
  gold: { name: Gold, who: { attribute: tier, is: gold } }
"""
APART = SEGMENTS + "exclusive: { one-voice: { segments: [carts, buyers], reason: One campaign a person } }\n"
TIERS = """\
segments:
  silver: { name: Silver, who: { attribute: tier, is: silver } }
  gold: { name: Gold, who: { attribute: tier, is: gold } }
exclusive: { tiers: [silver, gold] }
"""
APPROVAL = "  - { step: segment.STEP, guard: exclusive, up_to: UP_TO, until: UNTIL, reason: A test until Friday }\n"
BOTH = {("segment.buyers", "exclusive"), ("segment.carts", "exclusive")}


def approvals(*steps: str, up_to: int = 3, until: str = "2026-11-21") -> str:
    """The `approvals` of these steps."""
    entries = (APPROVAL.replace("STEP", step).replace("UP_TO", str(up_to)).replace("UNTIL", until) for step in steps)
    return "approvals:\n" + "".join(entries)


@pytest.fixture
def apart(shop: Shop) -> Shop:
    """Two groups of twenty who share nobody, on their lists."""
    shop.definitions = APART
    shop.people(names("cart", 20), "cart_added", "1h")
    shop.people(names("buyer", 20), "purchase", "2d")
    shop.apply()
    return shop


def share(shop: Shop, count: int) -> None:
    """So many of those with a cart buy, and somebody else comes to both lists."""
    for key in names("cart", count):
        shop.event(key, "purchase", "30m")
    shop.people(["later-cart"], "cart_added", "5m")
    shop.people(["later-buyer"], "purchase", "5m")


def block(document: Document, address: str) -> str:
    """The message of the guard."""
    (found,) = (each for each in document["blocks"] if each["address"] == address and each["guard"] == "exclusive")
    message: str = found["message"]
    return message


def test_segments_that_share_nobody_go_their_way(apart: Shop) -> None:
    """Without anybody in both, nothing is held back."""
    share(apart, 0)
    apart.apply()
    assert "later-cart" in apart.members("Carts (hot)")
    assert "later-buyer" in apart.members("Buyers")


def test_who_is_in_both_stops_what_is_added_to_both(apart: Shop) -> None:
    """Exit 3, with how many, of which two, why, and the approval to add; nobody enters either list."""
    share(apart, 3)
    before = {name: apart.members(name) for name in apart.lists()}
    document = apart.plan(code=3)
    assert blocked_by(document) == BOTH
    assert block(document, "segment.carts") == (
        "3 people would be in segment.buyers too, against `exclusive.one-voice` (One campaign a person); what would be "
        "added here waits; change one of the two so that they share nobody, or, if this is right for now, add to "
        "`approvals`: { step: segment.carts, guard: exclusive, up_to: 3, until: 2026-12-21, reason: … }"
    )
    assert members_of(document, "carts.hot")["held_back"] == {"added": 1, "removed": 0}
    assert document["summary"]["blocked"] == 3
    apart.apply(code=3)
    assert {name: apart.members(name) for name in apart.lists()} == before


def test_a_plain_list_is_one_group(shop: Shop) -> None:
    """`exclusive: [a, b]` needs no name."""
    shop.definitions = SEGMENTS + "exclusive: [carts, buyers]\n"
    shop.people(["both"], "cart_added", "1h")
    shop.event("both", "purchase", "2d")
    document = shop.plan(code=3)
    assert blocked_by(document) == BOTH
    assert "would be in segment.carts too, against `exclusive`;" in block(document, "segment.buyers")


def test_what_restricts_goes_on(apart: Shop) -> None:
    """Removals from both lists are sent although additions wait; so do additions to a list that is excluded."""
    share(apart, 3)
    apart.customer("cart19", consent="no")
    apart.customer("buyer19", consent="no")
    apart.definitions += "audiences: { keen: { include: [carts], exclude: [buyers] } }\n"
    done = apart.apply(code=3)
    assert "what is added here goes on, since it leaves people out" in done.out
    assert "cart19" not in apart.members("Carts (hot)")
    assert "later-cart" not in apart.members("Carts (hot)")
    assert {"cart0", "later-buyer"} <= apart.members("Buyers")
    assert "buyer19" not in apart.members("Buyers")


def test_an_approval_lets_it_pass_up_to_a_number_and_a_day(apart: Shop) -> None:
    """On its last day and for as many as were looked at; the plan says whose reason it is."""
    share(apart, 3)
    apart.definitions = APART + approvals("carts", "buyers")
    document = apart.plan()
    said = "3 people in both segment.buyers and segment.carts: approved until 2026-11-21 (A test until Friday)."
    assert said in document["notes"]
    apart.apply()
    assert {"cart0", "later-buyer"} <= apart.members("Buyers")
    assert "later-cart" in apart.members("Carts (hot)")


@pytest.mark.parametrize(
    ("approved", "blocked"),
    [
        (approvals("carts", "buyers", up_to=2), BOTH),
        (approvals("carts", "buyers", until="2026-11-20"), BOTH),
        (approvals("carts", up_to=9), {("segment.buyers", "exclusive")}),
        (approvals("carts.hot", "gold", up_to=9), BOTH),
    ],
    ids=["one more", "a day later", "one of two", "another list"],
)
def test_an_approval_covers_no_more_than_it_says(apart: Shop, approved: str, blocked: set[tuple[str, str]]) -> None:
    """Not one person more, not one day longer, and no other list."""
    share(apart, 3)
    apart.definitions = APART + approved
    assert blocked_by(apart.plan(code=3)) == blocked


def test_an_approval_that_is_over_is_named(apart: Shop) -> None:
    """It does nothing any more, so it can go."""
    apart.definitions = APART + approvals("carts", until="2026-11-20")
    note = "The approval of segment.carts for exclusive ended on 2026-11-20: it can go."
    assert [each for each in apart.plan()["notes"] if "approval" in each] == [note]


def test_a_first_fill_is_looked_at_too(shop: Shop) -> None:
    """Lists that hold nobody yet stay empty rather than share somebody."""
    shop.definitions = APART
    shop.people(["ann"], "cart_added", "1h")
    shop.event("ann", "purchase", "2h")
    assert "1 person would be in segment.buyers too" in shop.apply(code=3).out
    assert (shop.members("Buyers"), shop.members("Carts (hot)")) == (set(), set())


def test_one_address_of_two_people_is_in_both(shop: Shop) -> None:
    """Criteo can't tell apart who shares an address: both of its holders would be reached by both."""
    shop.definitions = APART
    shop.customer("ann", email="home@example.com")
    shop.customer("bob", email="Home@example.com")
    shop.event("ann", "cart_added", "1h")
    shop.event("bob", "purchase", "1h")
    assert "2 people would be in segment.buyers too" in block(shop.plan(code=3), "segment.carts")


def test_slices_can_be_kept_apart_by_themselves(shop: Shop) -> None:
    """A slice of a segment, and not its sister."""
    shop.definitions = SEGMENTS + "exclusive: { late: [carts.warm, buyers] }\n"
    shop.people(["ann"], "cart_added", "1h")
    shop.event("ann", "purchase", "2h")
    assert shop.plan()["blocks"] == []
    assert blocked_by(shop.plan(at=NOW + span("4h"), code=3)) == {
        ("segment.buyers", "exclusive"),
        ("segment.carts.warm", "exclusive"),
    }


def test_a_sync_keeps_them_apart_too(apart: Shop) -> None:
    """The schedule's command ends in 3 as well, and goes on once an approval is there."""
    share(apart, 2)
    apart.sync(code=3)
    assert "later-cart" not in apart.members("Carts (hot)")
    apart.definitions = APART + approvals("carts", "buyers")
    apart.sync()
    assert "later-cart" in apart.members("Carts (hot)")


def test_who_moves_between_them_leaves_first(shop: Shop) -> None:
    """The addition needs the removal: somebody who changes sides is never in both."""
    shop.definitions = TIERS
    shop.customer("ann", tier="silver")
    shop.customer("bob", tier="gold")
    shop.customer("eve", tier="silver")
    shop.apply()
    shop.customer("ann", tier="gold")
    steps = {each["id"]: each["needs"] for each in shop.plan()["steps"]}
    assert steps["add segment.gold"] == ["remove segment.silver"]
    shop.apply()
    assert (shop.members("Silver"), shop.members("Gold")) == ({"eve"}, {"ann", "bob"})


def test_who_may_not_leave_keeps_others_out(apart: Shop) -> None:
    """Where a guard holds removals from one, nobody enters the other: it may be the same people."""
    apart.guards(max_gone="10%", min_count=0)
    for key in names("buyer", 5):
        apart.customers.pop(key)
    apart.people(["later-cart"], "cart_added", "5m")
    document = apart.plan(code=3)
    assert blocked_by(document) == {("segment.buyers", "max_gone"), ("segment.carts", "exclusive")}
    assert "5 who should leave segment.buyers are held there by a guard" in block(document, "segment.carts")
    assert members_of(document, "carts.hot")["held_back"] == {"added": 1, "removed": 0}


def test_a_frozen_list_keeps_others_out(apart: Shop) -> None:
    """Where purchases have dried up, nobody can leave the buyers: so nobody enters what they must not share."""
    apart.fresh_within({"purchase": "1d"})
    apart.people(["later-cart"], "cart_added", "5m")
    document = apart.plan(code=3)
    assert blocked_by(document) == {("segment.buyers", "frozen"), ("segment.carts", "exclusive")}
    assert "segment.buyers is frozen" in block(document, "segment.carts")
    assert members_of(document, "carts.hot")["held_back"] == {"added": 1, "removed": 0}


def test_a_changed_definition_is_not_applied_while_it_shares_somebody(apart: Shop) -> None:
    """The next plan shows the change again, until nobody is in both."""
    apart.people(["ann"], "cart_added", "1h")
    apart.event("ann", "refund", "1h")
    apart.definitions = APART.replace("event: purchase", "event: [purchase, refund]")
    apart.apply(code=3)
    assert any(each["action"] == "blocked" for each in apart.plan(code=3)["resources"])
    apart.events = [each for each in apart.events if each["event"] != "refund" or each["customer_id"] != "ann"]
    apart.people(["zoe"], "refund", "1h")
    apart.apply()
    assert "zoe" in apart.members("Buyers")
    assert apart.plan()["summary"]["empty"]
