"""Nothing to do means that nothing is done; and the clock alone moves only whom it must."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.flows.conftest import Opener
from tests.flows.shop import NOW, Shop, members_of, names, span
from tests.switches.positions import usual

DEFINITIONS = """\
windows: { hot: 0h..4h, warm: 4h..24h, cooling: 2d..7d }
segments:
  buyers:
    name: Buyers
    who: { event: purchase, within: 7d }
  unsubscribed:
    name: Unsubscribed
    purpose: suppression
    reason: They asked not to be advertised to
    who: { attribute: unsubscribed, is: true }
  carts:
    name: Carts
    slices: [hot, warm, cooling]
    allow_empty: true
    who:
      all: [ { event: cart_added, latest: true, within: slice } ]
      none: [ { event: purchase, within: 3d..5d }, { attribute: unsubscribed, is: true } ]
audiences:
  recovery:
    name: Recovery
    include: [carts.hot, carts.warm]
    exclude: [buyers, unsubscribed]
    ad_sets: ["700123"]
"""
SLICES = {"hot": ("0h", "4h"), "warm": ("4h", "24h"), "cooling": ("2d", "7d")}
CART_AGES = ["30m", "90m", "3h", "5h", "18h", "23h", "26h", "47h", "3d", "6d", "167h", "9d"]
BUY_AGES = ["1d", "60h", "71h", "4d", "119h", "166h", "8d"]


@pytest.fixture
def shop(open_shop: Opener) -> Shop:
    """A shop at a Criteo that takes two exclusions in one audience."""
    return open_shop(switches=usual(algebra="any"))


def stock(shop: Shop) -> None:
    """Everybody with a cart of some age and perhaps a purchase of some age; everything is past already."""
    shop.definitions = DEFINITIONS
    for cart in CART_AGES:
        for bought in ["never", *BUY_AGES]:
            key = f"cart-{cart}-buy-{bought}"
            shop.customer(key)
            shop.event(key, "cart_added", cart)
            if bought != "never":
                shop.event(key, "purchase", bought)
    for key in names("silent", 10):
        shop.customer(key, unsubscribed="yes")
        shop.event(key, "cart_added", "1h")


def expected(shop: Shop, at: datetime) -> dict[str, set[str]]:
    """Who belongs where, told from the test's own events."""
    ages: dict[tuple[str, str], list[timedelta]] = {}
    for event in shop.events:
        age = at - datetime.fromisoformat(event["occurred_at"])
        ages.setdefault((event["event"], event["customer_id"]), []).append(age)
    buyers = {who for (kind, who), all_of in ages.items() if kind == "purchase" and min(all_of) < span("7d")}
    silent = {who for who, row in shop.customers.items() if row["unsubscribed"] == "yes"}
    found = {"Buyers": buyers, "Unsubscribed": silent}
    for name, (start, end) in SLICES.items():
        inside = {
            who
            for (kind, who), all_of in ages.items()
            if kind == "cart_added" and span(start) <= min(all_of) < span(end)
        }
        found[f"Carts ({name})"] = inside - silent - recent(ages)
    return found


def recent(ages: dict[tuple[str, str], list[timedelta]]) -> set[str]:
    """Whom the top-level `none` keeps out by age."""
    inside = [(who, age) for (kind, who), all_of in ages.items() if kind == "purchase" for age in all_of]
    return {who for who, age in inside if span("3d") <= age < span("5d")}


def at_criteo(shop: Shop) -> dict[str, set[str]]:
    """Who is in which list."""
    return {name: shop.members(name) for name in shop.lists()}


def test_a_plan_after_an_apply_is_empty_and_writes_nothing(shop: Shop) -> None:
    """Same clock, same data: exit 0 where every change would count, and neither state nor Criteo is touched."""
    stock(shop)
    shop.apply()
    asked, files, counters = shop.asked(), shop.state_files(), shop.counters()
    done = shop.run("plan", "--detailed-exitcode", "--include-members", "--format", "json")
    assert done.code == 0
    assert done.document["summary"]["empty"]
    assert (done.document["steps"], done.document["blocks"], done.document["resources"]) == ([], [], [])
    assert files == shop.state_files()
    assert counters == shop.counters()
    assert [] == shop.writes(asked)


def test_an_apply_after_an_apply_writes_nothing(shop: Shop) -> None:
    """With nothing to do apply and sync send nothing that writes, move no counter and leave the snapshot as it is; what
    Criteo counts is all that a sync writes down.
    """
    stock(shop)
    shop.apply()
    asked, counters, files = shop.asked(), shop.counters(), shop.state_files()
    again = shop.apply()
    assert files.keys() == shop.state_files().keys()
    assert changed(files, shop.state_files()) == []
    synced = shop.sync(at=NOW + span("1m"))
    assert "No changes." in again.out
    assert "No changes." in synced.out
    assert [] == shop.writes(asked)
    assert counters == shop.counters()
    after = shop.state_files()
    assert [Path(path).name for path in after.keys() - files.keys()] == ["statistics.json"]
    assert changed(files, after) == []


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """The files that are not as they were."""
    return [path for path in before if Path(path).is_file() and before[path] != after[path]]


def test_the_clock_alone_moves_exactly_those_whose_age_crossed_a_bound(shop: Shop) -> None:
    """At each later clock the lists are as plain Python has them; removals are `aged` or, by a `none`, `excluded`."""
    stock(shop)
    shop.apply()
    before = expected(shop, NOW)
    assert before == at_criteo(shop)
    for hours in (3, 20, 40):
        later = NOW + timedelta(hours=hours)
        after = expected(shop, later)
        document = shop.plan(at=later)
        shop.apply(at=later)
        assert after == at_criteo(shop)
        assert counted(before, after) == shown(document)
        assert causes(shop, before, after, later) == shown_causes(document)
        before = after


ADDRESSES = {
    "Buyers": "buyers",
    "Unsubscribed": "unsubscribed",
    **{f"Carts ({name})": f"carts.{name}" for name in SLICES},
}


def counted(before: dict[str, set[str]], after: dict[str, set[str]]) -> dict[str, dict[str, int]]:
    """How many enter and leave each list."""
    return {
        name: {"added": len(after[name] - before[name]), "removed": len(before[name] - after[name])} for name in before
    }


def shown(document: dict[str, object]) -> dict[str, dict[str, int]]:
    """The same as a plan tells it, all of it by time."""
    parts = {name: members_of(document, address) for name, address in ADDRESSES.items()}
    assert all(part["by_change"] == {"added": 0, "removed": 0} for part in parts.values())
    assert all(part["by_time"] == part["sent"] for part in parts.values())
    return {name: part["sent"] for name, part in parts.items()}


def causes(
    shop: Shop, before: dict[str, set[str]], after: dict[str, set[str]], at: datetime
) -> dict[str, dict[str, int]]:
    """Why they leave: the `none` holds now, or else they are too old."""
    ages: dict[tuple[str, str], list[timedelta]] = {}
    for event in shop.events:
        moment = datetime.fromisoformat(event["occurred_at"])
        ages.setdefault((event["event"], event["customer_id"]), []).append(at - moment)
    found = {}
    for name, members in before.items():
        left = members - after[name]
        denied = left & recent(ages) if name.startswith("Carts") else set()
        counts = {"excluded": len(denied), "aged": len(left - denied)}
        found[name] = {cause: count for cause, count in counts.items() if count}
    return found


def shown_causes(document: dict[str, object]) -> dict[str, dict[str, int]]:
    """The same as a plan tells it."""
    return {name: members_of(document, address)["removed_by"] for name, address in ADDRESSES.items()}
