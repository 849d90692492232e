from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from reconciler.demo.addresses import KINDS
from reconciler.demo.customers import Customer
from reconciler.demo.shop import build, pass_time
from reconciler.demo.story import edited, meanwhile, opening
from reconciler.demo.workspace import Edit
from tests.demo.conftest import HOURS, NOW, Shop, washed

# How each kind of dirt is told from the text alone, the first that fits.
MARKS: Mapping[str, Callable[[str], bool]] = {
    "blank": lambda text: not text.strip(),
    "endless": lambda text: text.startswith("x" * 65),
    "spaces_around": lambda text: text.startswith("  "),
    "no_break_space": lambda text: text.endswith("\u00a0"),
    "full_width_at": lambda text: "\uff20" in text,
    "zero_width": lambda text: text.startswith("\u200b"),
    "split_accent": lambda text: text.startswith("o\u0308"),
    "upper_case": str.isupper,
    "no_at": lambda text: "@" not in text,
    "double_at": lambda text: "@@" in text,
    "space_inside": lambda text: " " in text,
    "half_domain": lambda text: text.endswith("@example"),
    "clean": lambda _: True,
}

LEFT = "max(occurred_at) filter (event in ('cart_added', 'checkout_started'))"
LEFT_AGE = "min(age) filter (event in ('cart_added', 'checkout_started'))"
BOUGHT = "max(occurred_at) filter (event = 'purchase')"
BOUGHT_AGE = "min(age) filter (event = 'purchase')"
ABANDONED = f"{LEFT} > coalesce({BOUGHT}, timestamp '1970-01-01')"
# What each list of the sample workspace asks of the events, roughly, and how many people there must be at least.
LISTS = {
    "cart-abandoners.hot": (f"{ABANDONED} and {LEFT_AGE} < 1 / 6.0", 200),
    "cart-abandoners.warm": (f"{ABANDONED} and {LEFT_AGE} >= 1 / 6.0 and {LEFT_AGE} < 1", 200),
    "cart-abandoners.cooling": (f"{ABANDONED} and {LEFT_AGE} >= 2 and {LEFT_AGE} < 7", 200),
    "full-carts": (f"{ABANDONED} and sum(amount) filter (event = 'cart_added' and age < 1) >= 150", 100),
    "browsers-keen": (
        f"count(*) filter (event = 'product_viewed' and age < 3) >= 3 and coalesce({LEFT_AGE}, 9) >= 3",
        500,
    ),
    "recent-purchasers": (f"{BOUGHT_AGE} < 7", 500),
    "replenishment": ("min(age) filter (event = 'purchase' and category = 'refill') between 25 and 35", 200),
    "one-time-buyers": (f"{BOUGHT_AGE} between 14 and 45 and count(*) filter (event = 'purchase') = 1", 200),
    "winback": (f"{BOUGHT_AGE} between 60 and 120 and count(*) filter (event = 'purchase') >= 2", 500),
    "vips": ("sum(amount) filter (event = 'purchase' and age < 120) >= 500", 50),
    "discount-seekers": ("count(coupon) filter (event = 'purchase') >= 2", 200),
    "support-cases": (
        "min(age) filter (event = 'support_opened') < 30 and count(*) filter (event = 'support_resolved') = 0",
        50,
    ),
}


def content(folder: Path) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    with duckdb.connect() as db:
        customers = db.execute(f"from '{folder}/data/customers.parquet'").fetchall()
        return customers, db.execute(f"from '{folder}/data/events/*.parquet' order by all").fetchall()


def people(shop: Shop, having: str) -> set[object]:
    query = f"select customer_id from events where customer_id is not null group by 1 having {having}"  # noqa: S608
    return {who for (who,) in shop.ask(query)}


def kind_of(customer: Customer) -> str:
    text = customer.email
    return "missing" if text is None else next(kind for kind, fits in MARKS.items() if fits(text))


def test_same_seed_same_shop(tmp_path: Path) -> None:
    """Seed and clock decide every row, through the hours that pass too; another seed makes another shop."""
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        build(tmp_path / name, NOW, seed, customers=1500)
        pass_time(tmp_path / name, NOW, HOURS, seed)
    assert content(tmp_path / "one") == content(tmp_path / "two")
    for same, other in zip(content(tmp_path / "one"), content(tmp_path / "other"), strict=True):
        assert same != other


def test_clock_needs_a_zone(tmp_path: Path) -> None:
    """A clock without zone is refused, since it would be read as the machine's."""
    with pytest.raises(ValueError, match="time zone"):
        build(tmp_path, datetime(2026, 11, 21, 14), customers=10)  # noqa: DTZ001


def test_any_zone_same_moment(tmp_path: Path) -> None:
    """A clock in another zone is the same moment: events end before it, in UTC."""
    build(tmp_path / "utc", NOW, customers=300)
    build(tmp_path / "zone", datetime.fromisoformat("2026-11-21T19:30:00+05:30"), customers=300)
    assert content(tmp_path / "utc") == content(tmp_path / "zone")


def test_size(shop: Shop) -> None:
    """Tens of thousands of customers and hundreds of thousands of events, all of them before the clock."""
    assert len(shop.customers()) == shop.summary.customers == 40_000
    ((count, youngest, oldest),) = shop.ask("select count(*), min(age), max(age) from events")
    assert count == shop.summary.events
    assert shop.summary.events > 300_000
    assert isinstance(youngest, float)
    assert 0 < youngest < 0.01
    assert isinstance(oldest, float)
    assert 145 < oldest <= 150


def test_dirt(shop: Shop) -> None:
    """The summary counts every kind of dirt as the table holds it, and there is enough of each to be noticed."""
    counted = Counter(kind_of(customer) for customer in shop.customers().values())
    assert counted == dict(shop.summary.dirt.kinds)
    assert all(counted[kind] >= 50 for kind in KINDS)
    assert shop.summary.useless_addresses < 0.1 * shop.summary.customers


def test_shared_addresses(shop: Shop) -> None:
    """Some people share an address, and some of those disagree about consent."""
    consents: dict[str, list[str | None]] = {}
    for customer in shop.customers().values():
        consents.setdefault(washed(customer.email or ""), []).append(customer.marketing_consent)
    shared = [given for address, given in consents.items() if address.count("@") == 1 and len(given) > 1]
    assert len(shared) > 1000
    assert len([given for given in shared if "yes" in given and "no" in given]) > 100
    assert shop.summary.dirt.shared >= len(shared)


def test_nobody_real(shop: Shop) -> None:
    """Every address that names a domain is at one kept for examples."""
    domains = {washed(customer.email or "").rpartition("@")[2] for customer in shop.customers().values()}
    named = {domain for domain in domains if domain.endswith((".com", ".org", ".net")) and domain.count(".") == 1}
    assert named == {"example.com", "example.org", "example.net"}
    assert all("example" in domain for domain in domains if domain)


def test_consent(shop: Shop) -> None:
    """Consent is given, refused, missing and unclear, and the summary counts all that is not given."""
    counted = Counter(customer.marketing_consent for customer in shop.customers().values())
    assert set(counted) == {"yes", "no", None, "n/a"}
    assert shop.summary.without_consent == counted["no"] + counted[None] + counted["n/a"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_have_members(shop: Shop, later: Shop, name: str) -> None:
    """Every list of the sample workspace finds people, now and six hours later, and not everybody."""
    having, at_least = LISTS[name]
    for moment in (shop, later):
        assert at_least <= len(people(moment, having)) < 10_000


def test_attribute_lists_have_members(shop: Shop) -> None:
    """The lists that go by a customer's attributes find people."""
    counted = Counter(
        mark
        for customer in shop.customers().values()
        for mark in (customer.tier, customer.support_case, customer.unsubscribed)
    )
    assert min(counted["vip"], counted["open"], counted[True]) > 100


def test_purchase_exclusion_matters(shop: Shop, later: Shop) -> None:
    """Hundreds bought within a week and filled a cart again: dropping the purchase exclusion has to show."""
    windows = f"({LEFT_AGE} < 1 or {LEFT_AGE} between 2 and 7)"
    for moment in (shop, later):
        assert len(people(moment, f"{ABANDONED} and {windows} and {BOUGHT_AGE} < 7")) > 200


def test_guests(shop: Shop) -> None:
    """Some visits are by people who did not log in: their events are nobody's."""
    ((guests,),) = shop.ask("select count(*) from events where customer_id is null")
    assert isinstance(guests, int)
    assert 1000 < guests < 0.05 * shop.summary.events


def test_hours_pass(shop: Shop, later: Shop) -> None:
    """New events lie within the hours that passed and in a file of their own; those before stay as they were."""
    old, new = sorted((later.folder / "data" / "events").iterdir())
    assert old.read_bytes() == (shop.folder / "data" / "events" / old.name).read_bytes()
    with duckdb.connect() as db:
        query = f"select count(*), min(occurred_at), max(occurred_at) from '{new}'"  # noqa: S608
        ((count, first, last),) = db.execute(query).fetchall()
    assert later.passed is not None
    assert count == later.passed.events
    assert later.now == later.passed.until
    assert shop.now <= first.replace(tzinfo=UTC) < last.replace(tzinfo=UTC) < later.now
    # a feed that stops early would be called stale
    assert last.replace(tzinfo=UTC) > later.now - timedelta(minutes=10)


def test_people_move_on(shop: Shop, later: Shop) -> None:
    """Of those who had just left a cart, some have bought six hours later and many wait in the next slice."""
    hot = people(shop, LISTS["cart-abandoners.hot"][0])
    warm = people(later, LISTS["cart-abandoners.warm"][0])
    bought = people(later, f"{BOUGHT_AGE} < {HOURS / 24}")
    assert len(hot & warm) > 100
    assert len(hot & bought) > 30
    assert not warm & bought - people(later, ABANDONED)


def test_records_change(shop: Shop, later: Shop) -> None:
    """What is said of the records is what the table shows: refusals, new addresses, deletions and newcomers."""
    before, after = shop.customers(), later.customers()
    both = [(before[key], after[key]) for key in before.keys() & after.keys()]
    assert later.passed is not None
    said = later.passed.records
    assert said["signed up"] == len(after.keys() - before.keys()) > 0
    assert said["deleted"] == len(before.keys() - after.keys()) > 0
    assert said["new address"] == sum(old.email != new.email for old, new in both) > 0
    # somebody may refuse what was refused already
    assert said["unsubscribed"] >= sum(old.unsubscribed < new.unsubscribed for old, new in both) > 0
    refused = sum(old.marketing_consent != new.marketing_consent for old, new in both)
    assert said["consent withdrawn"] >= refused > 0
    assert all(old.unsubscribed <= new.unsubscribed for old, new in both)


def test_nothing_left_lying(later: Shop) -> None:
    """Making the data leaves nothing beside the tables, where addresses would lie about in clear."""
    left = {path.relative_to(later.folder).as_posix() for path in later.folder.rglob("*") if path.is_file()}
    assert left == {
        "data/customers.parquet",
        "data/events/until-20261121T140000Z.parquet",
        "data/events/until-20261121T200000Z.parquet",
    }


def test_words_name_nobody(later: Shop) -> None:
    """What the demo tells of the shop, and how its records show themselves, holds figures and no address."""
    assert later.passed is not None
    edit = Edit(path=Path("segments", "cart.yaml"), line=21, removed="- segment: recent-purchasers")
    told = "\n".join((opening(later.summary), meanwhile(later.passed), edited(edit)))
    shown = told + repr(later.summary) + repr(later.passed) + repr(next(iter(later.customers().values())))
    assert "40,000 customers" in told
    assert f"{later.passed.came_back:,} of the people" in told
    assert "@" not in shown
    assert "example" not in shown
