"""Lookalikes: they grow from a segment of the workspace or of somebody else, and wait for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.flows.shop import AMEND, NOW, Shop, blocked_by, names, resource

pytestmark = pytest.mark.switches(empty_seed="taken", kind_limits="none")

BUYERS = "  buyers: { name: Buyers, who: { event: purchase, within: 7d } }\n"
LIKE = "  like: { name: Like, criteo: { lookalike: { seed: buyers, targetSize: 1000 } } }\n"


@pytest.fixture
def grown(shop: Shop) -> Shop:
    """A shop with buyers, and a lookalike of them in an audience; nothing is applied yet."""
    shop.people(names("buyer", 3), "purchase", "1d")
    shop.criteo.authorize()
    shop.definitions = f"segments:\n{BUYERS}{LIKE}audiences:\n  far: {{ include: [like], exclude: [buyers] }}\n"
    return shop


def test_it_is_made_after_its_seed_is_filled(grown: Shop) -> None:
    """The plan shows the seed, the creation waits for the seed's first addition, and the next plan is empty."""
    plan = grown.plan()
    assert {"path": "criteo.lookalike.seed", "before": None, "after": "segment.buyers"} in resource(
        plan, "segment.like"
    )["changes"]
    (step,) = (each for each in plan["steps"] if each["id"] == "create segment.like")
    assert set(step["needs"]) == {"create segment.buyers", "add segment.buyers"}
    grown.apply()
    filled, *_ = grown.requests(0, AMEND)
    made = grown.requests(0, "CreateAudienceSegments")[-1]
    assert filled["answered_order"] < made["arrived_order"]
    found = grown.criteo.search("/audience-segments", {"advertiserIds": ["42"]}).json()["data"]
    (like,) = (each["attributes"]["lookalike"] for each in found if each["attributes"]["name"] == "Like")
    assert like == {"seedSegmentId": grown.lists()["Buyers"], "targetSize": 1000}
    assert grown.plan()["summary"]["empty"]


def test_its_size_changes_in_place_and_stays_when_it_is_no_longer_declared(grown: Shop) -> None:
    """Criteo can change a size and never take it back."""
    grown.apply()
    ids = grown.lists()
    grown.definitions = grown.definitions.replace("1000", "2000")
    grown.apply()
    grown.definitions = grown.definitions.replace(", targetSize: 2000", "")
    grown.apply()
    assert grown.lists() == ids
    found = grown.criteo.search("/audience-segments", {"advertiserIds": ["42"]}).json()["data"]
    sizes = [each["attributes"]["lookalike"]["targetSize"] for each in found if each["attributes"]["name"] == "Like"]
    assert sizes == [2000]
    assert grown.plan()["summary"]["empty"]


def test_a_seed_that_fails_leaves_it_out_by_name(grown: Shop) -> None:
    """The seed's list can't be filled: the lookalike and its audience are skipped, and the next run makes them."""
    grown.criteo.fault("503", operation=AMEND, count=4)
    done = grown.apply(code=6)
    assert "segment.like (create segment)" in done.out + done.err or "create segment segment.like" in done.out
    assert "it needs segment.buyers (add members)" in done.out
    assert set(grown.lists()) == {"Buyers"}
    grown.criteo.http.delete("/emulator/faults")
    grown.apply()
    assert set(grown.lists()) == {"Buyers", "Like"}
    assert grown.plan()["summary"]["empty"]


def test_a_seed_that_a_guard_stops_blocks_it(grown: Shop) -> None:
    """While the first fill waits for somebody to look, the lookalike is blocked, and the plan says by what."""
    grown.definitions = grown.definitions.replace("within: 7d }", "within: 7d }, expected_members: { at_least: 500 }")
    plan = grown.plan(code=3)
    assert ("segment.like", "dependency") in blocked_by(plan)
    grown.apply(code=3)
    assert set(grown.lists()) == {"Buyers"}


def test_a_seed_goes_after_what_grows_from_it(grown: Shop) -> None:
    """With both in `removed` the lookalike is deleted first; the seed alone is refused, since something names it."""
    grown.apply()
    grown.definitions = f"segments:\n{LIKE}removed: {{ segment.buyers: {{ contents: drain }} }}\n"
    done = grown.run("plan")
    assert done.code == 78
    assert "there is no segment `buyers`" in done.err
    drain = "{ contents: drain }"
    grown.definitions = (
        f"removed: {{ segment.buyers: {drain}, segment.like: {drain}, audience.far: {drain} }}\n"
        "segments: { others: { who: { attribute: tier, is: gold } } }\n"
    )
    steps = [each["id"] for each in grown.plan()["steps"]]
    assert steps.index("delete segment.like") < steps.index("delete segment.buyers")
    grown.apply()
    assert set(grown.lists()) == {"others"}


def test_a_lookalike_that_is_let_go_of_keeps_its_seed(grown: Shop) -> None:
    """`keep` leaves it at Criteo, where it is somebody's: its seed is not deleted from under it, and that is told."""
    grown.apply()
    grown.definitions = (
        "removed: { segment.like: { contents: keep }, audience.far: { contents: drain } }\n" + f"segments:\n{BUYERS}"
    )
    grown.apply()
    grown.definitions = (
        "removed: { segment.buyers: { contents: drain } }\nsegments: { others: { who: { attribute: tier, is: gold } } }"
        "\nguards: {}\n"
    ).replace("guards: {}\n", "")
    grown.settings["guards"] = {"max_gone": "100%"}
    plan = grown.plan(code=3)
    assert ("segment.buyers", "in_use") in blocked_by(plan)


def test_it_is_not_held_up_by_what_waits_for_it(grown: Shop) -> None:
    """An audience that includes the empty seed and newly excludes the lookalike: the filling waits for the exclusion,
    so that the lookalike is made before the filling, and all is done in one apply.
    """
    grown.customers.clear()
    grown.events.clear()
    grown.people(names("viewer", 2), "page_viewed", "1h")
    grown.definitions = f"segments:\n{BUYERS}audiences:\n  near: {{ include: [buyers] }}\n"
    grown.apply()
    grown.people(names("buyer", 3), "purchase", "1d")
    grown.definitions = f"segments:\n{BUYERS}{LIKE}audiences:\n  near: {{ include: [buyers], exclude: [like] }}\n"
    grown.apply()
    assert grown.members("Buyers") == set(names("buyer", 3))
    assert grown.plan()["summary"]["empty"]


def test_it_may_grow_from_somebody_elses(grown: Shop) -> None:
    """An id at Criteo, given as such or by a segment of `criteo_id`; one that is not there is told with its place."""
    theirs = grown.criteo.new_list("Theirs")
    grown.definitions = (
        f'segments:\n{BUYERS}  theirs: {{ criteo_id: "{theirs}" }}\n'
        f'  one: {{ criteo: {{ lookalike: {{ seedSegmentId: "{theirs}" }} }} }}\n'
        "  two: { criteo: { lookalike: { seed: theirs } } }\n"
    )
    grown.apply()
    found = grown.criteo.search(
        "/audience-segments", {"advertiserIds": ["42"], "audienceSegmentTypes": ["Lookalike"]}
    ).json()["data"]
    assert [each["attributes"]["lookalike"]["seedSegmentId"] for each in found] == [theirs, theirs]
    assert grown.plan()["summary"]["empty"]
    grown.definitions += '  three: { criteo: { lookalike: { seedSegmentId: "99999" } } }\n'
    done = grown.run("plan")
    assert done.code == 78
    assert (
        'segments.three.criteo.lookalike.seedSegmentId: advertiser 42 has no segment with the id "99999" at Criteo'
        in done.err
    )


def test_a_seed_whose_period_is_over_is_noted(grown: Shop) -> None:
    """While its days last nothing is said; from the day after on plan and sync say that it holds nobody more."""
    grown.definitions = grown.definitions.replace("within: 7d }", "within: 7d }, active: { to: 2026-11-22 }")
    grown.apply()
    assert not [note for note in grown.plan()["notes"] if "grows from" in note]
    later = NOW + timedelta(days=2)
    said = "segment.like grows from segment.buyers, whose period ended on 2026-11-22: that list holds nobody more."
    assert [note for note in grown.plan(at=later)["notes"] if note.startswith(said)]
    assert said in grown.sync(at=later).out
    assert grown.members("Buyers") == set()
