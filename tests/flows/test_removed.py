"""How resources go: never by being forgotten in the YAML, always by a word about their contents."""

from __future__ import annotations

import pytest

from tests.flows.shop import Shop, names

BUYERS = "segments:\n  buyers: { name: Buyers, who: { event: purchase, within: 7d } }\n"
VIEWERS = "  viewers: { name: Viewers, who: { event: page_viewed, within: 7d } }\n"
AUDIENCE = 'audiences:\n  loyal: { name: Loyal, include: [viewers], exclude: [buyers], ad_sets: ["700123"] }\n'
SLICED = """\
windows: { hot: 0h..4h, warm: 4h..24h, cooling: 2d..7d }
segments:
  carts:
    name: Carts
    slices: [hot, warm]
    who: { event: cart_added, latest: true, within: slice }
"""


@pytest.fixture
def two(shop: Shop) -> Shop:
    """Two lists, and an audience that uses both on an ad set."""
    shop.definitions = BUYERS + VIEWERS + AUDIENCE
    shop.people(names("buyer", 5), "purchase", "2h")
    shop.people(names("viewer", 5), "page_viewed", "2h")
    shop.apply()
    return shop


def refused(shop: Shop, *words: str) -> None:
    """Plan and apply end in 78, say so, and nothing is done."""
    asked, files = shop.asked(), shop.lists()
    for command in (["plan"], ["apply", "--auto-approve"]):
        done = shop.run(*command)
        assert done.code == 78
        assert [word for word in words if word not in done.err] == [], done.err
    assert [] == shop.writes(asked)
    assert files == shop.lists()


def test_a_deleted_segment_needs_an_entry(two: Shop) -> None:
    """The message has the entry to add, for every resource that the YAML no longer has."""
    two.definitions = BUYERS
    refused(
        two,
        "removed: { segment.viewers: { contents: drain } }",
        "removed: { audience.loyal: { contents: drain } }",
        "contents: keep",
    )


def test_publish_false_on_a_published_segment_needs_an_entry(two: Shop) -> None:
    """Taking a list from Criteo is as much as deleting it."""
    two.definitions = (
        BUYERS
        + VIEWERS.replace("name: Viewers", "publish: false")
        + "removed: { audience.loyal: { contents: drain } }\n"
    )
    refused(two, "removed: { segment.viewers: { contents: drain } }")
    two.definitions = two.definitions.replace("removed: {", "removed: { segment.viewers: { contents: drain },")
    two.apply()
    assert set(two.lists()) == {"Buyers"}


def test_an_entry_for_something_that_is_declared_is_refused(two: Shop) -> None:
    """Asked for and removed at once is a contradiction, told with its place."""
    two.definitions += "removed: { segment.buyers: { contents: drain } }\n"
    refused(two, "definitions.yaml:", "segment.buyers", "is still defined")


def test_drain_empties_unlinks_and_deletes(two: Shop) -> None:
    """The ad set is let go of, then audience and list are deleted, the list after it was emptied."""
    two.definitions = BUYERS + (
        "removed: { audience.loyal: { contents: drain }, segment.viewers: { contents: drain } }\n"
    )
    asked = two.asked()
    two.apply()
    assert (set(two.lists()), two.audiences()) == ({"Buyers"}, {})
    operations = [each["operation"] for each in two.writes(asked)]
    last = ["UpdateAdSetAudience", "DeleteAudiences", "DeleteAudienceSegments"]
    assert [each for each in operations if each in last] == last
    assert operations.index("UpdateContactListByAudienceSegment") < operations.index("DeleteAudienceSegments")
    plan = two.plan()
    assert plan["summary"]["empty"]
    assert [note for note in plan["notes"] if "tells no size" not in note] == [
        "audience.loyal is gone: its entry in `removed` can go too.",
        "segment.viewers is gone: its entry in `removed` can go too.",
    ]


def test_draining_is_stopped_by_no_limit(two: Shop) -> None:
    """Who says `drain` means everybody."""
    two.guards(max_gone="0%", max_changed="0%", min_count=0)
    two.definitions = BUYERS + (
        "removed: { audience.loyal: { contents: drain }, segment.viewers: { contents: drain } }\n"
    )
    assert two.plan()["blocks"] == []


def test_keep_lets_go_and_leaves_everything_at_criteo(two: Shop) -> None:
    """List and audience stay, with members and links, but without our mark: later plans take them for somebody's."""
    two.definitions = BUYERS + "removed: { audience.loyal: { contents: keep }, segment.viewers: { contents: keep } }\n"
    asked = two.asked()
    document = two.plan()
    assert document["summary"]["forget"] == 2
    two.apply()
    assert len(two.writes(asked)) == 2
    assert two.members("Viewers") == set(names("viewer", 5))
    assert two.audiences()["Loyal"]["adSetIds"] == ["700123"]
    assert two.run("state", "list", at=None).out.split()[::3] == ["segment.buyers"]
    two.definitions = BUYERS
    assert two.plan()["summary"]["empty"]


def test_a_dropped_slice_needs_an_entry(shop: Shop) -> None:
    """A slice is a list: dropped without a word it is refused with its place, with one it is drained and deleted."""
    shop.definitions = SLICED
    shop.people(names("hot", 5), "cart_added", "2h")
    shop.people(names("warm", 5), "cart_added", "6h")
    shop.apply()
    shop.definitions = SLICED.replace("[hot, warm]", "[hot]")
    refused(shop, "definitions.yaml:", "removed: { segment.carts.warm: { contents: drain } }")
    shop.definitions += "removed: { segment.carts.warm: { contents: drain } }\n"
    shop.apply()
    assert set(shop.lists()) == {"Carts (hot)"}
    assert shop.members("Carts (hot)") == set(names("hot", 5))


def test_a_swapped_slice_moves_nobody_else(shop: Shop) -> None:
    """One slice goes and another comes: the list that stays is not touched."""
    shop.definitions = SLICED
    shop.people(names("hot", 5), "cart_added", "2h")
    shop.people(names("warm", 5), "cart_added", "6h")
    shop.people(names("cooling", 5), "cart_added", "3d")
    shop.apply()
    shop.definitions = SLICED.replace("[hot, warm]", "[hot, cooling]")
    shop.definitions += "removed: { segment.carts.warm: { contents: drain } }\n"
    asked, hot = shop.asked(), shop.lists()["Carts (hot)"]
    shop.apply()
    assert shop.members("Carts (cooling)") == set(names("cooling", 5))
    assert hot not in [each for request in shop.writes(asked) for each in request["segment_ids"]]


def test_a_segment_that_is_cut_into_slices_lets_go_of_its_old_list(shop: Shop) -> None:
    """What was one list becomes two: the old one needs an entry, and goes once the new ones are there."""
    shop.definitions = "segments:\n  carts: { name: Carts, who: { event: cart_added, latest: true, within: 24h } }\n"
    shop.people(names("hot", 5), "cart_added", "2h")
    shop.people(names("warm", 5), "cart_added", "6h")
    shop.apply()
    shop.definitions = SLICED
    refused(shop, "removed: { segment.carts: { contents: drain } }")
    shop.definitions += "removed: { segment.carts: { contents: drain } }\n"
    shop.apply()
    assert set(shop.lists()) == {"Carts (hot)", "Carts (warm)"}
    assert shop.members("Carts (hot)") == set(names("hot", 5))
    assert shop.plan()["summary"]["empty"]


def test_slices_that_become_one_list_are_let_go_of(shop: Shop) -> None:
    """The other way round: each slice needs its entry, and the one list is filled."""
    shop.definitions = SLICED
    shop.people(names("hot", 5), "cart_added", "2h")
    shop.people(names("warm", 5), "cart_added", "6h")
    shop.apply()
    shop.definitions = "segments:\n  carts: { name: Carts, who: { event: cart_added, latest: true, within: 24h } }\n"
    refused(shop, "removed: { segment.carts.hot: ", "removed: { segment.carts.warm: ")
    shop.definitions += "removed: { segment.carts.hot: { contents: drain }, segment.carts.warm: { contents: drain } }\n"
    shop.apply()
    assert set(shop.lists()) == {"Carts"}
    assert shop.members("Carts") == {*names("hot", 5), *names("warm", 5)}
