"""Segments that are only named: they exist at Criteo, and nothing of ours ever changes them."""

from __future__ import annotations

import pytest

from tests.flows.shop import Shop

BUYERS = "segments:\n  buyers: { who: { event: purchase, within: 7d } }\n"


@pytest.fixture
def named(shop: Shop) -> tuple[Shop, str]:
    """A shop with a list of somebody else at Criteo, and its id."""
    shop.people([f"buyer{number}" for number in range(3)], "purchase", "1d")
    shop.criteo.authorize()
    return shop, shop.criteo.new_list("Theirs")


def test_audiences_may_name_it_and_it_is_left_alone(named: tuple[Shop, str]) -> None:
    """It is included here and excluded there by its id, the next plan is empty, and every write is about ours."""
    shop, theirs = named
    shop.definitions = (
        f'{BUYERS}  theirs: {{ criteo_id: "{theirs}" }}\naudiences:\n'
        "  with: { include: [buyers, theirs] }\n  without: { include: [buyers], exclude: [theirs] }\n"
    )
    plan = shop.plan()
    assert not [each for each in plan["resources"] if "theirs" in each["address"]]
    shop.apply()
    ours = shop.lists()["buyers"]
    either = [{"audienceSegmentId": each} for each in sorted((ours, theirs))]
    assert shop.audiences()["with"]["algebra"] == {"or": either}
    neither = {"and": [{"audienceSegmentId": ours}, {"not": {"audienceSegmentId": theirs}}]}
    assert shop.audiences()["without"]["algebra"] == neither
    assert shop.plan()["summary"]["empty"]
    shop.definitions = f"{BUYERS}audiences:\n  with: {{ include: [buyers] }}\n  without: {{ include: [buyers] }}\n"
    shop.apply()
    assert shop.plan()["summary"]["empty"]
    assert set(shop.lists()) == {"buyers", "Theirs"}


def test_an_audience_of_theirs_alone_can_be_edited_step_by_step(named: tuple[Shop, str]) -> None:
    """A new exclusion goes first although a segment that is not ours is included."""
    shop, theirs = named
    start = f'{BUYERS}  theirs: {{ criteo_id: "{theirs}" }}\naudiences:\n'
    shop.definitions = f"{start}  with: {{ include: [theirs] }}\n"
    shop.apply()
    shop.definitions = f"{start}  with: {{ include: [theirs], exclude: [buyers] }}\n"
    steps = {each["operation"]: each["phase"] for each in shop.plan()["steps"]}
    assert steps["update audience"] == "restrict"
    shop.apply()
    assert shop.plan()["summary"]["empty"]


def test_what_does_not_exist_is_told_with_its_place(named: tuple[Shop, str]) -> None:
    """The plan stops with file, line and column; one of another advertiser is not there for this one either."""
    shop, _ = named
    shop.definitions = f'{BUYERS}  theirs: {{ criteo_id: "99999" }}\n'
    done = shop.run("plan")
    assert done.code == 78
    assert "definitions.yaml:4:13: segments.theirs.criteo_id: " in done.err
    assert 'advertiser 42 has no segment with the id "99999" at Criteo' in done.err


def test_one_of_our_own_is_named_by_its_key(named: tuple[Shop, str]) -> None:
    """An id of what the workspace keeps itself is an error that says which segment it is."""
    shop, _ = named
    shop.definitions = BUYERS
    shop.apply()
    shop.definitions = f'{BUYERS}  again: {{ criteo_id: "{shop.lists()["buyers"]}" }}\n'
    done = shop.run("plan")
    assert done.code == 78
    assert "is the id of segment.buyers, which this workspace keeps itself" in done.err
