"""Edits of audiences, and what waits for what."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from reconciler.errors import Blocked
from reconciler.model.definition import Definition
from reconciler.model.membership import Cause, ListMembership
from reconciler.model.remote import RemoteAudience, Targeting
from reconciler.model.workspace import Expected
from reconciler.plan.changes import AttributeChange
from tests.plan.builders import (
    AS_OF,
    applied,
    at_criteo,
    audience,
    cart,
    definition,
    desired,
    members,
    segment,
)
from tests.plan.planning import PAST, WHOLE, A, B, X, blocks, ids, moving, planned, step


def test_an_edit_that_does_both_restricts_first() -> None:
    """First the common inclusions with all exclusions, then what is wanted."""
    old = desired(*(segment(key) for key in "abcd"), audience("x", ["a", "b"], ["c"]))
    new = desired(*(segment(key) for key in "abcd"), audience("x", ["b", "d"], ["a"]))

    plan = planned(new, old)

    assert ["restrict audience.x", "loosen audience.x"] == ids(plan)
    assert (("segment.b",), ("segment.a", "segment.c")) == (plan.steps[0].include, plan.steps[0].exclude)
    assert (("segment.b", "segment.d"), ("segment.a",)) == (plan.steps[1].include, plan.steps[1].exclude)
    assert {"restrict audience.x"} == plan.steps[1].needs


def test_an_edit_without_common_inclusions_is_not_narrowed() -> None:
    """An audience never includes nobody."""
    old = desired(segment("a"), segment("b"), audience("x", ["a"]))
    new = desired(segment("a"), segment("b"), audience("x", ["b"]))

    plan = planned(new, old)

    assert ["loosen audience.x"] == ids(plan)


@pytest.mark.parametrize(
    ("include", "exclude", "verb"),
    [
        (["a"], ["c"], "restrict"),
        (["a", "b"], ["c", "d"], "restrict"),
        (["a", "b", "d"], ["c"], "loosen"),
        (["a", "b"], [], "loosen"),
    ],
)
def test_an_edit_that_does_one_thing_is_one_call(include: list[str], exclude: list[str], verb: str) -> None:
    """Only mixed edits are cut."""
    lists = [segment(key) for key in "abcd"]
    old = desired(*lists, audience("x", ["a", "b"], ["c"]))

    assert [f"{verb} audience.x"] == ids(planned(desired(*lists, audience("x", include, exclude)), old))


def test_an_algebra_that_we_do_not_know_is_replaced() -> None:
    """Somebody built another shape at Criteo: shown as drift, written over before anything loosens."""
    world = at_criteo(WHOLE)
    theirs: RemoteAudience = replace(world.audiences[X], targeting=None)

    plan = planned(WHOLE, actual=replace(world, audiences={X: theirs}))

    assert ["restrict audience.x"] == ids(plan)
    assert (("segment.a",), ("segment.b",)) == (plan.steps[0].include, plan.steps[0].exclude)
    assert (AttributeChange("algebra", None, "a shape that reconciler does not know"),) == plan.resources[0].drift


def test_an_exclusion_that_somebody_added_goes_with_ours_in_place() -> None:
    """It is drift by Criteo's id, and what was reviewed replaces it."""
    world = at_criteo(WHOLE)
    theirs = Targeting(include=frozenset({"id-segment.a"}), exclude=frozenset({"id-segment.b", "777"}))

    plan = planned(WHOLE, actual=replace(world, audiences={X: replace(world.audiences[X], targeting=theirs)}))

    assert ["restrict audience.x"] == ids(plan)
    assert (AttributeChange("exclude", None, 'criteo_segment["777"]'),) == plan.resources[0].drift


def test_lists_that_exclude_each_other_are_a_named_cycle() -> None:
    """Their additions wait for removals alone, and nothing is stuck."""
    new = desired(segment("a"), segment("b"), audience("x", ["a"], ["b"]), audience("y", ["b"], ["a"]))

    plan = planned(new, membership=members(moving("segment.a", 5, 2), moving("segment.b", 5, 2)))

    assert ((A, B),) == plan.cycles
    assert {"remove segment.a", "remove segment.b"} == step(plan, "add segment.a").needs
    assert {"remove segment.a", "remove segment.b"} == step(plan, "add segment.b").needs


def test_removals_from_lists_that_are_only_excluded_come_last() -> None:
    """Taking somebody off an exclusion loosens: first whatever restricts the same audience."""
    plan = planned(WHOLE, membership=members(moving("segment.a", 0, 2), moving("segment.b", 5, 2)))

    assert ["add segment.b", "remove segment.a", "remove segment.b"] == ids(plan)
    assert {"add segment.b", "remove segment.a"} == step(plan, "remove segment.b").needs


def test_a_list_that_somebody_elses_audience_includes_counts_as_included() -> None:
    """Then leaving it restricts, and waits for nothing."""
    theirs = {"Theirs": Targeting(include=frozenset({"id-segment.b"}))}
    actual = at_criteo(WHOLE, foreign_audiences=theirs)

    plan = planned(WHOLE, actual=actual, membership=members(moving("segment.a"), moving("segment.b", 5, 2)))

    assert step(plan, "remove segment.b").needs == frozenset()


def test_an_addition_waits_for_removals_from_its_sister_slices() -> None:
    """Slices never overlap at Criteo either."""
    new = desired(segment("cart", cart("hot", "warm")))

    plan = planned(new, membership=members(moving("segment.cart.hot", 0, 3), moving("segment.cart.warm", 3)))

    assert {"remove segment.cart.hot"} == step(plan, "add segment.cart.warm").needs


def test_what_waits_for_a_held_exclusion_is_blocked_by_name() -> None:
    """Nobody is added to an audience whose exclusion may not be filled."""
    new = desired(segment("a"), segment("b", expected=Expected(at_least=100)), audience("x", ["a"], ["b"]))

    plan = planned(new, membership=members(moving("segment.a", 5), moving("segment.b", 9, before=0)))

    assert plan.is_empty
    assert [("segment.b", "expected_members"), ("segment.a", "dependency")] == blocks(plan)
    assert "`add segment.a` waits for `add segment.b`, which is blocked" == plan.blocks[1].message
    assert plan.selection == {}


def test_expectations_rest_outside_the_period() -> None:
    """A list that is drained by its period is not held against its usual size."""
    who = Definition(who=definition().who, active=PAST)
    new = desired(segment("a", who, expected=Expected(at_least=100)))
    drained = ListMembership(address=A, before=500, removed_by={Cause.PERIOD: 500})

    assert planned(new, membership=members(drained)).blocks == ()


def test_a_clock_that_goes_back_is_refused() -> None:
    """Before anything is compared."""
    with pytest.raises(Blocked):
        planned(WHOLE, snapshot=applied(WHOLE, as_of=AS_OF + dt.timedelta(minutes=1)))
