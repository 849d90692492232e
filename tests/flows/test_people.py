"""What becomes of people whose address, consent or campaign changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.flows.shop import AMEND, NOW, Shop, members_of, names

BUYERS = """\
segments:
  buyers:
    name: Buyers
    who: { event: purchase, within: 7d }
"""
CAMPAIGN = """\
segments:
  sale:
    name: Sale
    active: { from: 2026-11-20, to: 2026-11-21 }
    who: { event: purchase, within: 7d }
audiences:
  sale:
    name: Sale
    include: [sale]
    active: { from: 2026-11-20, to: 2026-11-21 }
    ad_sets: ["700123"]
"""


def stock(shop: Shop) -> None:
    shop.definitions = BUYERS
    shop.people(names("buyer", 10), "purchase", "2h")


def test_a_changed_address_removes_the_old_identifier_and_adds_the_new_one(shop: Shop) -> None:
    """Nobody stays at Criteo under an address that she has given up; the plan calls it `gone`."""
    stock(shop)
    shop.apply()
    shop.customer("buyer3", email="moved@example.com")
    document = shop.plan()
    part = members_of(document, "buyers")
    assert (part["sent"], part["removed_by"]) == ({"added": 1, "removed": 1}, {"gone": 1})
    shop.apply()
    assert shop.members("Buyers") == {*names("buyer", 10), "moved"} - {"buyer3"}


def test_the_same_address_in_another_spelling_is_no_change(shop: Shop) -> None:
    """Case and white space around an address make no other person of anybody."""
    stock(shop)
    shop.apply()
    shop.customer("buyer3", email="  Buyer3@EXAMPLE.com ")
    assert shop.plan()["summary"]["empty"]


def test_a_broken_address_is_counted_and_never_sent(shop: Shop) -> None:
    """Each broken address is counted by its reason and fails nothing; Criteo calls nothing that was sent invalid."""
    stock(shop)
    broken = {"no_at": "example.com", "several_at": "a@b@example.com", "domain": "ann@example", "blank": " "}
    for reason, address in {**broken, "space": "an n@example.com", "local": f"{'x' * 65}@example.com"}.items():
        shop.customer(reason, email=address)
        shop.event(reason, "purchase", "1h")
    document = shop.plan()
    expected = {"no_at": 1, "several_at": 1, "domain": 1, "blank": 1, "space": 1, "local": 1}
    assert document["source"]["invalid"] == expected
    assert members_of(document, "buyers")["left_out"] == {"no identifier": 1, "invalid identifier": 5}
    shop.apply()
    assert shop.members("Buyers") == set(names("buyer", 10))
    (call,) = shop.requests(0, AMEND)
    assert (call["identifiers"], call["invalid_identifiers"]) == (10, 0)


def test_an_address_that_breaks_takes_its_identifier_back(shop: Shop) -> None:
    """Whoever's address was good and is not any more leaves the list."""
    stock(shop)
    shop.apply()
    shop.customer("buyer3", email="buyer3(at)example.com")
    shop.apply()
    assert shop.members("Buyers") == set(names("buyer", 10)) - {"buyer3"}


def test_refused_consent_on_one_of_two_records_keeps_the_address_out(shop: Shop) -> None:
    """Two customers share an address and one says no: exclusion wins, now and when the no comes later."""
    stock(shop)
    shop.customer("other", email="buyer1@example.com", consent="no")
    assert members_of(shop.plan(), "buyers")["wanted"] == 9
    shop.apply()
    assert shop.members("Buyers") == set(names("buyer", 10)) - {"buyer1"}
    shop.customer("another", email="BUYER2@example.com", consent="no")
    assert members_of(shop.plan(), "buyers")["removed_by"] == {"consent": 1}
    shop.apply()
    assert shop.members("Buyers") == set(names("buyer", 10)) - {"buyer1", "buyer2"}


def test_whoever_withdraws_consent_leaves_at_once_and_in_any_number(shop: Shop) -> None:
    """No share of withdrawals is too large to be carried out; only a list left with nobody is asked about."""
    stock(shop)
    shop.guards(min_count=0)
    shop.apply()
    for key in names("buyer", 9):
        shop.customer(key, consent="no")
    assert members_of(shop.plan(), "buyers")["removed_by"] == {"consent": 9}
    shop.apply()
    assert shop.members("Buyers") == {"buyer9"}


def test_a_period_that_ends_drains_its_list(shop: Shop) -> None:
    """The day after the last one the list is empty and its ad set let go of, with nothing blocked; both stay there."""
    shop.definitions = CAMPAIGN
    shop.guards(min_count=0)
    shop.people(names("buyer", 10), "purchase", "2h")
    shop.apply()
    assert (len(shop.members("Sale")), shop.audiences()["Sale"]["adSetIds"]) == (10, ["700123"])
    later = NOW + timedelta(hours=6)
    document = shop.plan(at=later)
    assert (document["blocks"], members_of(document, "sale")["removed_by"]) == ([], {"period": 10})
    shop.apply(at=later)
    assert (shop.members("Sale"), shop.audiences()["Sale"]["adSetIds"]) == (set(), [])
    assert shop.plan(at=later)["summary"]["empty"]


def test_the_last_day_of_a_period_is_part_of_it(shop: Shop) -> None:
    """Until midnight of its last day nobody leaves."""
    shop.definitions = CAMPAIGN
    shop.people(names("buyer", 10), "purchase", "2h")
    shop.apply()
    assert shop.plan(at=datetime(2026, 11, 21, 23, 59, tzinfo=UTC))["summary"]["empty"]


def test_before_its_period_a_list_exists_and_is_empty(shop: Shop) -> None:
    """Criteo needs a day to get a list going: it is made ahead of time, and filled when its day comes."""
    shop.definitions = CAMPAIGN.replace("2026-11-20", "2026-11-22").replace("to: 2026-11-21", "to: 2026-12-24")
    shop.people(names("buyer", 10), "purchase", "2h")
    shop.apply()
    assert (shop.members("Sale"), shop.audiences()["Sale"]["adSetIds"]) == (set(), [])
    shop.apply(at=NOW + timedelta(hours=6))
    assert (len(shop.members("Sale")), shop.audiences()["Sale"]["adSetIds"]) == (10, ["700123"])


def test_what_a_sync_does_at_the_end_of_a_period(shop: Shop) -> None:
    """The schedule's command drains the list too, as the definition that it runs by says when it ends."""
    shop.definitions = CAMPAIGN
    shop.people(names("buyer", 10), "purchase", "2h")
    shop.apply()
    shop.sync(at=NOW + timedelta(hours=6))
    assert shop.members("Sale") == set()
