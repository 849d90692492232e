"""Ad sets and their audiences, in and outside of a period."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.time import Period
from reconciler.plan.changes import AttributeChange
from tests.plan.builders import (
    AS_OF,
    at_criteo,
    audience,
    desired,
    segment,
)
from tests.plan.planning import PAST, blocks, ids, planned, step


def test_an_ad_set_of_another_audience_is_not_taken() -> None:
    """Somebody else linked it."""
    new = desired(segment("a"), audience("x", ["a"], ad_sets=("1", "2")))
    old = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)))

    plan = planned(new, old, actual=at_criteo(old, carried={"2": "900"}))

    assert plan.is_empty
    assert [("audience.x", "ad_set")] == blocks(plan)
    assert 'ad_set["2"] carries audience 900' in plan.blocks[0].message


def test_an_unknown_ad_set_is_blocked() -> None:
    """The others are linked."""
    old, new = (
        desired(segment("a"), audience("x", ["a"])),
        desired(segment("a"), audience("x", ["a"], ad_sets=("1", "9"))),
    )

    plan = planned(new, old)

    assert ['link audience.x ad_set["1"]'] == ids(plan)
    assert [("audience.x", "ad_set")] == blocks(plan)


def test_an_ad_set_moves_between_audiences_of_ours_in_one_step() -> None:
    """The new link replaces the old one, so that the ad set never targets everybody."""
    old = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)), audience("y", ["a"]))
    new = desired(segment("a"), audience("x", ["a"]), audience("y", ["a"], ad_sets=("1",)))

    assert ['link audience.y ad_set["1"]'] == ids(planned(new, old))


def test_ad_sets_that_somebody_swapped_are_swapped_back_in_one_step_each() -> None:
    """Both audiences are ours and say what they carry: neither ad set targets everybody for a moment."""
    wanted = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)), audience("y", ["a"], ad_sets=("2",)))

    plan = planned(wanted, actual=at_criteo(wanted, carried={"1": "id-audience.y", "2": "id-audience.x"}))

    assert ['link audience.x ad_set["1"]', 'link audience.y ad_set["2"]'] == ids(plan)
    assert [] == blocks(plan)


def test_a_link_of_an_audience_that_declares_none_is_left_to_it() -> None:
    """Somebody linked it by hand, and nothing here says that they may not."""
    old = desired(segment("a"), audience("x", ["a"]), audience("y", ["a"]))
    new = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)), audience("y", ["a"]))

    plan = planned(new, old, actual=at_criteo(old, carried={"1": "id-audience.y"}))

    assert [("audience.x", "ad_set")] == blocks(plan)


def test_an_audience_goes_after_its_ad_set_was_taken_over() -> None:
    """Criteo refuses to delete what an ad set carries."""
    old = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)), audience("y", ["a"]))
    new = desired(segment("a"), audience("y", ["a"], ad_sets=("1",)), removed={"audience.x": "drain"})

    plan = planned(new, old)

    assert ['link audience.y ad_set["1"]', "delete audience.x"] == ids(plan)
    assert {'link audience.y ad_set["1"]'} == step(plan, "delete audience.x").needs


def test_a_link_that_somebody_made_is_undone_where_ad_sets_are_declared() -> None:
    """Declared sets are compared as sets, and the drift is shown; undeclared ones are left alone."""
    none = desired(segment("a"), audience("x", ["a"]))
    one = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)))
    linked = {"2": "id-audience.x"}

    plan = planned(one, actual=at_criteo(one, carried=linked))

    assert ['unlink audience.x ad_set["2"]'] == ids(plan)
    assert (AttributeChange("ad_sets", None, 'ad_set["2"]'),) == plan.resources[0].drift
    assert planned(none, actual=at_criteo(none, carried=linked)).is_empty


def test_outside_its_period_an_audience_has_no_links() -> None:
    """Its algebra and its lists stay as they are."""
    old = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)))
    new = desired(segment("a"), audience("x", ["a"], ad_sets=("1",), active=PAST))

    plan = planned(new, old)

    assert ['unlink audience.x ad_set["1"]'] == ids(plan)


def test_a_period_is_judged_in_the_workspaces_zone() -> None:
    """At 18:00 UTC it is the next day in Auckland already."""
    last_day = Period(None, AS_OF.date())
    new = desired(segment("a"), audience("x", ["a"], ad_sets=("1",), active=last_day))
    there = replace(new, settings=replace(new.settings, time_zone="Pacific/Auckland"))

    assert planned(new).is_empty
    assert ['unlink audience.x ad_set["1"]'] == ids(planned(there))
