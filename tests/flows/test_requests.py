"""What Criteo sees of us: in which order, how much at a time, how often."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from threading import Lock
from typing import Any

import duckdb
import pytest

import reconciler.run
from reconciler.criteo.connect import connect
from reconciler.emulator import Switches
from tests.flows.conftest import Opener
from tests.flows.shop import AMEND, NOW, Request, Shop, names
from tests.switches.positions import usual

DEFINITIONS = """\
segments:
  carts:
    name: Carts
    who: { event: cart_added, within: 3d }
  lookers:
    name: Lookers
    who: { event: product_viewed, within: 3d }
  buyers:
    name: Buyers
    who: { event: purchase, within: 7d }
audiences:
  recovery:
    name: Recovery
    include: [carts]
    exclude: [buyers]
    ad_sets: ["700123"]
"""


def stock(shop: Shop) -> None:
    shop.definitions = DEFINITIONS
    shop.people(names("cart", 30), "cart_added", "60h")
    shop.people(names("looker", 30), "product_viewed", "2h")
    shop.people(names("buyer", 30), "purchase", "2h")


def answered_before(first: Request, then: Request) -> bool:
    """Whether one request was answered before the other arrived."""
    return bool(first["answered_order"] < then["arrived_order"])


def amendments(shop: Shop, asked: int, name: str, operation: str) -> list[Request]:
    """Calls that add to a list, or remove from it."""
    found = shop.requests(asked, AMEND)
    here = [each for each in found if shop.lists()[name] in each["segment_ids"]]
    return [each for each in here if each["contact_list_operation"] == operation]


def test_a_plan_only_reads(shop: Shop) -> None:
    """Before the first apply, with changes at hand and with nothing to do: no request of a plan writes."""
    stock(shop)
    shop.plan()
    shop.apply()
    asked = shop.asked()
    shop.definitions = DEFINITIONS.replace("Lookers", "Watchers").replace("Recovery", "Recover")
    assert not shop.plan()["summary"]["empty"]
    assert [] == shop.writes(asked)
    assert {each["operation"] for each in shop.requests(asked)} >= {"SearchAudienceSegments", "SearchAudiences"}


def test_a_first_plan_writes_nothing_at_all(shop: Shop) -> None:
    """Where there is no state yet a plan leaves none behind, nor anything at Criteo."""
    stock(shop)
    document = shop.plan()
    assert document["summary"]["add"] == 4
    assert not shop.state.exists()
    assert [] == shop.writes()


def test_bulk_calls_are_bulked(shop: Shop) -> None:
    """Three lists are made by one call, and three renamed by one."""
    stock(shop)
    shop.apply()
    shop.definitions = DEFINITIONS.replace("name: ", "name: My ")
    shop.apply()
    operations = [each["operation"] for each in shop.writes()]
    assert operations.count("CreateAudienceSegments") == 1
    assert operations.count("CreateAudiences") == 1
    assert operations.count("UpdateAudienceSegments") == 1
    assert set(shop.lists()) == {"My Carts", "My Lookers", "My Buyers"}


def test_the_first_fill_excludes_before_it_includes(shop: Shop) -> None:
    """The excluded list is filled before the included one, and the ad set is linked after both."""
    stock(shop)
    shop.apply()
    (buyers,), (carts,) = amendments(shop, 0, "Buyers", "add"), amendments(shop, 0, "Carts", "add")
    (link,) = shop.requests(0, "UpdateAdSetAudience")
    assert answered_before(buyers, carts)
    assert answered_before(carts, link)


def test_whoever_restricts_is_answered_before_whoever_loosens_begins(open_shop: Opener) -> None:
    """Additions to the excluded list and removals from the included one end before additions to the included one and
    removals from the excluded one begin, and so does an edit that adds an exclusion.
    """
    shop = open_shop(switches=usual(algebra="any"))
    stock(shop)
    shop.people(names("former", 20), "purchase", "167h")
    shop.apply()
    asked = shop.asked()
    later = NOW.replace(hour=23)
    shop.people(names("latest", 5), "purchase", "1h")
    shop.people(names("next", 5), "cart_added", "1h")
    shop.customers["cart0"]["consent"] = "no"
    shop.definitions = DEFINITIONS.replace("exclude: [buyers]", "exclude: [buyers, lookers]")
    shop.apply(at=later)
    restricting = [
        *amendments(shop, asked, "Buyers", "add"),
        *amendments(shop, asked, "Carts", "remove"),
        *shop.requests(asked, "UpdateAudiences"),
    ]
    loosening = [*amendments(shop, asked, "Carts", "add"), *amendments(shop, asked, "Buyers", "remove")]
    assert (len(restricting), len(loosening)) == (3, 2)
    assert all(answered_before(first, then) for first in restricting for then in loosening)


def test_a_swap_of_an_audience_restricts_in_a_call_of_its_own(open_shop: Opener) -> None:
    """An edit that drops one exclusion and adds another adds first, then drops: two calls, never both gone."""
    shop = open_shop(switches=usual(algebra="any"))
    stock(shop)
    shop.apply()
    asked = shop.asked()
    shop.definitions = DEFINITIONS.replace("exclude: [buyers]", "exclude: [lookers]")
    shop.apply()
    first, then = shop.requests(asked, "UpdateAudiences")
    assert answered_before(first, then)
    algebra = str(shop.audiences()["Recovery"]["algebra"])
    assert shop.lists()["Lookers"] in algebra
    assert shop.lists()["Buyers"] not in algebra


@pytest.mark.switches(most_identifiers=50_000, largest_body=32 << 20)
def test_no_call_carries_more_than_fifty_thousand(shop: Shop) -> None:
    """120,000 people go out in three calls, the first of them alone, and come back the same way."""
    shop.settings["source"] = {"customers": {"table": "big.parquet", "key": "id", "identifiers": {"email": "email"}}}
    shop.definitions = "segments:\n  all-of-them:\n    allow_empty: true\n    who: { attribute: kind, is: a }\n"
    write_many(shop, "a")
    shop.criteo.fault("slow", operation=AMEND, seconds=0.5)
    shop.apply()
    calls = amendments(shop, 0, "all-of-them", "add")
    assert sorted(each["identifiers"] for each in calls) == [20_000, 50_000, 50_000]
    assert all(answered_before(calls[0], each) for each in calls[1:])
    asked = shop.asked()
    shop.guards(max_gone="100%")
    write_many(shop, "b")
    shop.apply()
    assert sorted(each["identifiers"] for each in amendments(shop, asked, "all-of-them", "remove")) == [
        20_000,
        50_000,
        50_000,
    ]


def write_many(shop: Shop, kind: str) -> None:
    """A table of 120,000 customers."""
    with duckdb.connect() as db:
        db.execute(
            f"copy (select 'c' || i as id, 'person' || i || '@example.com' as email, '{kind}' as kind "  # noqa: S608
            f"from range(120000) t(i)) to '{shop.root / 'big.parquet'}' (format parquet)"
        )


class Time:
    """A clock that sleeping moves, here and at Criteo at once, so that minutes take no time."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.now = 0.0
        self._moves = Lock()

    def sleep(self, seconds: float) -> None:
        with self._moves:
            self.shop.criteo.advance(seconds)
            self.now += seconds

    def clock(self) -> float:
        with self._moves:  # no thread sees one of the two clocks moved and the other not
            return self.now


@pytest.mark.parametrize(
    ("criteos", "ours"), [(4, 4), (4, 0), (0, 4)], ids=["the same limit", "Criteo's alone", "ours alone"]
)
def test_calls_stay_within_the_budget(
    open_shop: Opener, monkeypatch: pytest.MonkeyPatch, criteos: int, ours: int
) -> None:
    """With four calls a minute the apply takes its minutes, and not one call is refused for its rate."""
    shop = open_shop(rate_limit=criteos, switches=Switches(rate_headers="always"))
    shop.criteo.set_clock(NOW.isoformat())
    stock(shop)
    shop.settings["criteo"]["calls_per_minute"] = ours
    time = Time(shop)
    timed: Any = partial(connect, sleep=time.sleep, clock=time.clock)
    monkeypatch.setattr(reconciler.run, "connect", timed)
    shop.apply()
    statuses = [each["status"] for each in shop.requests()]
    assert set(statuses) == {200}
    assert len(statuses) > 8
    assert time.now > 60


def test_a_refusal_for_the_rate_is_waited_out(open_shop: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """A 429 out of the blue costs its wait and nothing else: the call is made again and the apply ends 0."""
    shop = open_shop(rate_limit=250)
    stock(shop)
    time = Time(shop)
    timed: Any = partial(connect, sleep=time.sleep, clock=time.clock)
    monkeypatch.setattr(reconciler.run, "connect", timed)
    shop.criteo.fault("429", operation=AMEND)
    shop.apply()
    assert [each["status"] for each in shop.requests(0, AMEND)].count(429) == 1
    assert time.now >= 1
    assert shop.members("Carts") == set(names("cart", 30))


@pytest.mark.switches(phone_numbers="taken", bulk_answers="full", bulk_cap=0)
def test_an_apply_takes_the_requests_that_its_plan_counts(shop: Shop) -> None:
    """A first apply, one that moves members of two types both ways and changes structure, one that unlinks and deletes:
    each sends as many requests as the plan before it said.
    """
    stock(shop)
    phones = {"columns": ["tier"], "hashed": "sha256"}
    shop.settings["source"]["customers"]["identifiers"] = {"email": "email", "phoneNumber": phones}
    for key, row in shop.customers.items():
        row["tier"] = sha256(key.encode()).hexdigest()
    assert estimated(shop) == taken(shop)
    shop.customers["cart1"]["consent"] = "no"
    shop.event("looker1", "cart_added", "1h")
    shop.definitions = DEFINITIONS.replace("Lookers", "Watchers").replace("[carts]", "[carts, lookers]")
    assert estimated(shop) == taken(shop)
    shop.definitions = DEFINITIONS.partition("audiences:")[0] + "removed: { audience.recovery: { contents: drain } }\n"
    assert estimated(shop) == taken(shop)


def estimated(shop: Shop) -> int:
    """The requests that a plan counts."""
    found: int = shop.plan()["calls"]["requests"]
    return found


def taken(shop: Shop) -> int:
    """The requests of an apply."""
    asked = shop.asked()
    shop.apply()
    return len(shop.requests(asked))
