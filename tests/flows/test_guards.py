"""Each limit, on both of its sides: it stops what would do damage, and nothing else."""

from __future__ import annotations

import pytest

from tests.flows.shop import NOW, Shop, blocked_by, members_of, names, span

DEFINITIONS = """\
windows: { hot: 0h..4h, warm: 4h..24h }
segments:
  buyers:
    name: Buyers
    who:
      all: [ { event: purchase, within: 30d } ]
      none: [ { attribute: unsubscribed, is: true } ]
"""
TIERED = "segments:\n  gold: { name: Gold, who: { attribute: tier, is: gold } }\n"
SLICED = """\
windows: { hot: 0h..4h, warm: 4h..30d }
segments:
  carts:
    name: Carts
    slices: [hot, warm]
    who: { event: cart_added, latest: true, within: slice, where: { amount: { exists: true } } }
"""


@pytest.fixture
def buyers(shop: Shop) -> Shop:
    """A hundred buyers in a list, and limits of 30 % and ten people."""
    shop.definitions = DEFINITIONS
    shop.guards(max_gone="30%", max_changed="30%", min_count=10)
    shop.people(names("buyer", 100), "purchase", "2d")
    shop.people(names("lapsed", 100), "purchase", "60d")
    shop.apply()
    return shop


def stops(shop: Shop, address: str, guard: str, *figures: str) -> None:
    """An apply ends in 3 with one block, its message has the figures, and nothing of the list has moved."""
    before = {name: shop.members(name) for name in shop.lists()}
    (block,) = (line for line in shop.apply(code=3).out.splitlines() if line.startswith("  ! ") and "): " in line)
    assert block.startswith(f"  ! {address} ({guard}): ")
    assert [each for each in figures if each not in block] == []
    assert before == {name: shop.members(name) for name in shop.lists()}


def passes(shop: Shop, removed: dict[str, int], address: str = "buyers") -> None:
    """The plan is free of blocks and says who goes."""
    document = shop.plan()
    assert (document["blocks"], members_of(document, address)["removed_by"]) == ([], removed)
    assert members_of(document, address)["sent"]["removed"] == sum(removed.values())


@pytest.mark.parametrize(("count", "stopped"), [(30, False), (31, True)])
def test_max_gone_limits_who_is_gone(buyers: Shop, count: int, stopped: bool) -> None:
    """Of a hundred, thirty may vanish from the data and thirty-one may not."""
    for key in names("buyer", count):
        buyers.customer(key, email=f"another-{key}@example.com")
    if stopped:
        stops(buyers, "segment.buyers", "max_gone", "31 of 100", "as gone", "31 %", "max_gone 30 %", "guards.max_gone")
    else:
        passes(buyers, {"gone": 30})


@pytest.mark.parametrize(("count", "stopped"), [(30, False), (31, True)])
def test_max_gone_limits_who_no_longer_fits(shop: Shop, count: int, stopped: bool) -> None:
    """The same share holds for people whose data no longer satisfy the definition."""
    shop.definitions = TIERED
    shop.guards(min_count=10)
    for key in names("gold", 100):
        shop.customer(key, tier="gold")
    shop.apply()
    for key in names("gold", count):
        shop.customer(key, tier="silver")
    if stopped:
        stops(shop, "segment.gold", "max_gone", "31 of 100", "as unmet", "max_gone 30 %")
    else:
        passes(shop, {"unmet": 30}, "gold")


@pytest.mark.parametrize(("count", "stopped"), [(60, False), (61, True)])
def test_twice_max_gone_limits_who_is_excluded(buyers: Shop, count: int, stopped: bool) -> None:
    """Exclusions may take twice as many, since they restrict."""
    for key in names("buyer", count):
        buyers.customer(key, unsubscribed="yes")
    if stopped:
        stops(buyers, "segment.buyers", "max_gone", "61 of 100", "as excluded", "twice max_gone", "60 %")
    else:
        passes(buyers, {"excluded": 60})


@pytest.mark.parametrize(("count", "stopped"), [(30, False), (31, True)])
def test_max_changed_limits_what_an_edit_removes(buyers: Shop, count: int, stopped: bool) -> None:
    """An edit may take thirty of a hundred off a list; raising the limit in YAML lets it pass."""
    for key in names("buyer", count):
        buyers.event(key, "refund", "1d")
    buyers.definitions = DEFINITIONS.replace("is: true }", "is: true }, { event: refund }")
    if stopped:
        stops(buyers, "segment.buyers", "max_changed", "31 of 100", "as definition", "max_changed 30 %")
        buyers.guards(max_changed="31%", min_count=10)
    passes(buyers, {"definition": count})


def test_min_count_lets_small_numbers_pass(buyers: Shop) -> None:
    """Two guards of share stop nothing up to min_count people, whatever their share."""
    buyers.guards(max_gone="1%", min_count=40)
    for key in names("buyer", 40):
        buyers.customer(key, email=f"another-{key}@example.com")
    passes(buyers, {"gone": 40})


def test_people_who_grow_too_old_are_never_too_many(buyers: Shop) -> None:
    """Ninety of a hundred and ten leave because time went by, and no limit minds."""
    buyers.people(names("latest", 10), "purchase", "1h")
    buyers.apply()
    later = NOW + span("28d")
    document = buyers.plan(at=later)
    assert (document["blocks"], members_of(document, "buyers")["removed_by"]) == ([], {"aged": 100})


@pytest.fixture
def carts(shop: Shop) -> Shop:
    """Ten carts in one slice and ninety in the other, and a limit on shares alone."""
    shop.definitions = SLICED
    shop.guards(min_count=0)
    for ago, keys in {"1h": names("hot", 10), "2d": names("warm", 90)}.items():
        for key in keys:
            shop.customer(key)
            shop.event(key, "cart_added", ago, amount="1")
    shop.apply()
    return shop


def empty_carts(shop: Shop, keys: list[str]) -> None:
    shop.events = [{**event, "amount": "" if event["customer_id"] in keys else "1"} for event in shop.events]


def test_slices_of_one_segment_are_counted_together(carts: Shop) -> None:
    """Half of a slice is a small part of its segment, and thirty-one people of both slices are too many."""
    empty_carts(carts, names("hot", 5))
    document = carts.plan()
    assert (document["blocks"], members_of(document, "carts.hot")["removed_by"]) == ([], {"unmet": 5})
    empty_carts(carts, [*names("hot", 5), *names("warm", 26)])
    stops(carts, "segment.carts", "max_gone", "31 of 100", "as unmet")


def test_who_moves_to_another_slice_is_no_loss(carts: Shop) -> None:
    """Sixty of ninety filled another cart: they leave the older slice for the younger one, and no limit minds."""
    for key in names("warm", 60):
        carts.event(key, "cart_added", "30m", amount="1")
    part = members_of(carts.plan(), "carts.warm")
    assert (part["removed_by"], part["moved_by"]) == ({"unmet": 60}, {"unmet": 60})
    carts.apply()
    assert len(carts.members("Carts (hot)")) == 70


def test_a_list_that_would_hold_nobody_is_stopped(buyers: Shop) -> None:
    """Emptiness is asked about whatever the causes: here everybody is merely too old."""
    later = NOW + span("40d")
    document = buyers.plan(at=later, code=3)
    assert blocked_by(document) == {("segment.buyers", "emptiness")}
    assert "holds 100 and would hold nobody" in document["blocks"][0]["message"]
    assert "allow_empty: true" in document["blocks"][0]["message"]
    buyers.apply(at=later, code=3)
    assert len(buyers.members("Buyers")) == 100


def test_allow_empty_lets_a_list_run_dry(buyers: Shop) -> None:
    """Who says that it may be empty is not asked."""
    buyers.definitions = DEFINITIONS + "    allow_empty: true\n"
    buyers.apply(at=NOW + span("40d"))
    assert buyers.members("Buyers") == set()


@pytest.mark.parametrize(("window", "stopped"), [("24h", False), ("25h", True)])
def test_lists_of_a_day_may_run_dry(shop: Shop, window: str, stopped: bool) -> None:
    """Where every window ends by 24 hours a quiet day is no accident; an hour longer and it is asked about."""
    shop.definitions = f"segments:\n  fresh: {{ name: Fresh, who: {{ event: purchase, within: {window} }} }}\n"
    shop.people(names("buyer", 5), "purchase", "1h")
    shop.apply()
    shop.apply(at=NOW + span("2d"), code=3 if stopped else 0)
    assert len(shop.members("Fresh")) == (5 if stopped else 0)


@pytest.mark.parametrize(
    ("limits", "figures"),
    [
        ("at_least: 101", ("would come to 100", "fewer than at_least 101")),
        ("at_most: 99", ("would come to 100", "more than at_most 99")),
        ("at_least: 100, at_most: 100", ()),
    ],
)
def test_expected_members_limits_the_first_fill(shop: Shop, limits: str, figures: tuple[str, ...]) -> None:
    """A first fill outside its bounds is not sent, and the list waits empty; at the bounds it passes."""
    shop.definitions = f"{DEFINITIONS}    expected_members: {{ {limits} }}\n"
    shop.people(names("buyer", 100), "purchase", "2d")
    document = shop.plan(code=3 if figures else 0)
    assert blocked_by(document) == ({("segment.buyers", "expected_members")} if figures else set())
    assert [figure for figure in figures if figure not in document["blocks"][0]["message"]] == []
    shop.apply(code=3 if figures else 0)
    assert len(shop.members("Buyers")) == (0 if figures else 100)


def test_without_expected_members_a_first_fill_may_have_any_size(shop: Shop) -> None:
    """A single person is as good a first fill as any: a share of nothing is no limit."""
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 1), "purchase", "2d")
    shop.apply()
    assert shop.members("Buyers") == {"buyer0"}


def test_expected_members_holds_removals_that_lead_below_it(buyers: Shop) -> None:
    """Twenty of a hundred may vanish by max_gone, but not where at least ninety are expected."""
    for key in names("buyer", 20):
        buyers.customer(key, email=f"another-{key}@example.com", consent="no")
    buyers.definitions = DEFINITIONS + "    expected_members: { at_least: 90 }\n"
    stops(buyers, "segment.buyers", "expected_members", "holds 100", "come to 80", "at_least 90")


def test_a_block_stops_the_removals_of_its_cause_alone(buyers: Shop) -> None:
    """While too many are gone, whoever withdraws consent leaves all the same."""
    for key in names("buyer", 31):
        buyers.customer(key, email=f"another-{key}@example.com")
    buyers.customer("buyer50", consent="no")
    buyers.apply(code=3)
    assert buyers.members("Buyers") == set(names("buyer", 100)) - {"buyer50"}
