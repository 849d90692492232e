"""A feed that stops freezes what depends on it, and only that."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.flows.shop import NOW, Shop, blocked_by, members_of, names

DEFINITIONS = """\
segments:
  buyers:
    name: Buyers
    who: { event: purchase, within: 7d }
  viewers:
    name: Viewers
    who: { event: page_viewed, within: 7d }
  prospects:
    name: Prospects
    who:
      all: [ { event: page_viewed, within: 7d } ]
      none:
        - { event: purchase, within: 30d }
        - { attribute: unsubscribed, is: true }
"""
LATER = NOW + timedelta(hours=12)
DAY = timedelta(days=1)


@pytest.fixture
def halted(shop: Shop) -> Shop:
    """Purchases end at noon, page views go on until the later clock; in between somebody withdrew and somebody left."""
    shop.definitions = DEFINITIONS
    shop.fresh_within({"purchase": "6h"})
    shop.people(names("buyer", 10), "purchase", "1h")
    shop.people(names("viewer", 10), "page_viewed", "1h")
    shop.people(names("prospect", 10), "page_viewed", "3d")
    shop.people(["ageing-buyer"], "purchase", "160h")
    shop.people(["ageing-viewer"], "page_viewed", "160h")
    shop.apply()
    shop.people(["new-viewer"], "page_viewed", "-11h")
    shop.customer("buyer1", consent="no")
    shop.customer("prospect1", consent="no")
    shop.customer("prospect2", unsubscribed="yes")
    return shop


def test_the_lists_that_depend_on_purchases_are_frozen(halted: Shop) -> None:
    """Exit 3, and the message names the kind, how old its newest event is and what is allowed."""
    document = halted.plan(at=LATER, code=3)
    assert blocked_by(document) == {("segment.buyers", "frozen"), ("segment.prospects", "frozen")}
    message = document["blocks"][0]["message"]
    assert message.startswith("purchase: ")
    assert "13h" in message
    assert "6h" in message


def test_the_other_lists_go_on(halted: Shop) -> None:
    """Who belongs by page views alone comes and goes as ever, and the apply ends 3."""
    halted.apply(at=LATER, code=3)
    assert halted.members("Viewers") == {*names("viewer", 10), *names("prospect", 10), "new-viewer"} - {"prospect1"}


def test_a_frozen_list_still_lets_go_of_those_who_must_leave(halted: Shop) -> None:
    """Consent and an exclusion by what is fresh take people off a frozen list; nobody else moves."""
    document = halted.plan(at=LATER, code=3)
    assert members_of(document, "buyers")["removed_by"] == {"consent": 1}
    assert members_of(document, "prospects")["removed_by"] == {"consent": 1, "excluded": 1}
    halted.apply(at=LATER, code=3)
    assert halted.members("Buyers") == {*names("buyer", 10), "ageing-buyer"} - {"buyer1"}
    expected = {*names("viewer", 10), *names("prospect", 10), "ageing-viewer"} - {"prospect1", "prospect2"}
    assert halted.members("Prospects") == expected


def test_the_schedule_freezes_in_the_same_way(halted: Shop) -> None:
    """A sync holds back what an apply would, and ends 3."""
    halted.sync(at=LATER, code=3)
    assert halted.members("Buyers") == {*names("buyer", 10), "ageing-buyer"} - {"buyer1"}
    assert "new-viewer" in halted.members("Viewers")
    assert "new-viewer" not in halted.members("Prospects")


def test_a_feed_that_comes_back_thaws_the_lists(halted: Shop) -> None:
    """With one new purchase everything moves to where it belongs."""
    halted.apply(at=LATER, code=3)
    halted.people(["new-buyer"], "purchase", "-11h")
    halted.apply(at=LATER)
    assert halted.members("Buyers") == {*names("buyer", 10), "new-buyer"} - {"buyer1"}
    assert "new-viewer" in halted.members("Prospects")
    assert halted.plan(at=LATER)["summary"]["empty"]


def test_fresh_purchases_freeze_nothing(halted: Shop) -> None:
    """At exactly the age that is allowed a kind is still trusted, and a minute later it is not."""
    halted.fresh_within({"purchase": "13h"})
    assert halted.plan(at=LATER)["blocks"] == []
    assert len(halted.plan(at=LATER + timedelta(minutes=1), code=3)["blocks"]) == 2


def test_a_kind_that_never_occurs_is_stale(halted: Shop) -> None:
    """A limit on a kind that is not in the data at all freezes whoever depends on it: it may be misspelt."""
    halted.events = [event for event in halted.events if event["event"] != "purchase"]
    halted.guards(max_gone="100%")
    document = halted.plan(at=LATER, code=3)
    assert ("segment.buyers", "frozen") in blocked_by(document)
    assert "purchase: no event at all" in document["blocks"][0]["message"]


def test_a_source_that_stops_freezes_whatever_depends_on_events(halted: Shop) -> None:
    """With a limit on every kind together, a day without anything freezes all of the three."""
    halted.fresh_within({"*": "12h"})
    assert halted.plan(at=LATER)["blocks"] == []
    document = halted.plan(at=LATER + DAY, code=3)
    assert {address for address, guard in blocked_by(document) if guard == "frozen"} == {
        "segment.buyers",
        "segment.viewers",
        "segment.prospects",
    }


class TwoFeeds:
    """A shop whose orders come in a feed of their own."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.orders: list[tuple[str, datetime]] = []
        visits = shop.settings["source"]["events"]
        orders = {"table": "orders.csv", "customer": "buyer", "name": {"is": "purchase"}, "time": "ordered"}
        shop.settings["source"]["events"] = [
            {**visits, "fresh_within": {"*": "6h"}},
            {**orders, "fresh_within": {"*": "1d"}},
        ]
        shop.definitions = DEFINITIONS
        shop.people(names("viewer", 10), "page_viewed", "1h")
        shop.people(names("prospect", 10), "page_viewed", "3d")
        for name in names("buyer", 10):
            shop.customer(name)
            self.order(name, NOW)
        shop.apply()

    def order(self, name: str, at: datetime) -> None:
        """Somebody orders."""
        self.orders.append((name, at))
        self.write()

    def write(self) -> None:
        """Put the orders on disk."""
        rows = "".join(f"{name},{at.isoformat()}\n" for name, at in self.orders)
        (self.shop.root / "orders.csv").write_text(f"buyer,ordered\n{rows}")


class TestSeveralFeeds:
    @pytest.fixture
    def feeds(self, shop: Shop) -> TwoFeeds:
        """Everything is fresh, and applied once."""
        return TwoFeeds(shop)

    def test_a_feed_that_stops_freezes_what_reads_it(self, feeds: TwoFeeds) -> None:
        """Page views stop; who is chosen by orders alone comes and goes."""
        feeds.order("viewer0", LATER)
        document = feeds.shop.plan(at=LATER, code=3)
        assert blocked_by(document) == {("segment.viewers", "frozen"), ("segment.prospects", "frozen")}
        assert document["blocks"][0]["message"].startswith("the events in events.csv: the newest is of")
        feeds.shop.apply(at=LATER, code=3)
        assert "viewer0" in feeds.shop.members("Buyers")

    def test_orders_that_stop_freeze_what_they_decide(self, feeds: TwoFeeds) -> None:
        """Also where they only exclude."""
        feeds.shop.people(["new-viewer"], "page_viewed", "-30h")
        document = feeds.shop.plan(at=NOW + timedelta(hours=30), code=3)
        assert blocked_by(document) == {("segment.buyers", "frozen"), ("segment.prospects", "frozen")}
        assert "the events in orders.csv" in document["blocks"][0]["message"]

    def test_a_feed_that_shrinks_is_told_by_itself(self, feeds: TwoFeeds) -> None:
        """Its sizes at the last apply are kept beside those of the others, which grew."""
        feeds.orders = feeds.orders[:5]
        feeds.write()
        feeds.shop.people(names("more", 40), "page_viewed", "1h")
        document = feeds.shop.plan(code=3)
        assert {address for address, guard in blocked_by(document) if guard == "frozen"} == {
            "segment.buyers",
            "segment.prospects",
        }
        message = document["blocks"][0]["message"]
        assert message.startswith("events in orders.csv: 5 now, 10 at the last apply, 50 % fewer")

    def test_the_plan_tells_of_each(self, feeds: TwoFeeds) -> None:
        """Rows and newest events by table, and of all together."""
        source = feeds.shop.plan()["source"]
        assert [(each["table"], each["events"]) for each in source["event_tables"]] == [
            ("events.csv", 20),
            ("orders.csv", 10),
        ]
        assert source["event_tables"][1]["newest"] == {"purchase": "2026-11-21T18:00:00Z"}
        assert source["events"] == 30
        assert source["newest"].keys() == {"page_viewed", "purchase"}
