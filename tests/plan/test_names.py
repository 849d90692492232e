"""Names at Criteo: taken, moving, swapped; and what is gone there."""

from __future__ import annotations

from reconciler.plan.build import build
from tests.plan.builders import (
    at_criteo,
    desired,
    members,
    segment,
)
from tests.plan.planning import WHOLE, blocks, ids, moving, planned, step


def test_a_name_of_somebody_else_blocks_the_creation_and_what_needs_it() -> None:
    """The rest goes on; the message has the ways out."""
    lists = (moving("segment.a", 9, before=0), moving("segment.b", 3, before=0))

    plan = build(WHOLE, at_criteo(desired(), foreign_segments=["b"]), None, members(*lists))

    assert ["create segment.a"] == ids(plan)
    assert ("segment.b", "name") == blocks(plan)[0]
    assert {"audience.x", "segment.a"} == {address for address, guard in blocks(plan) if guard == "dependency"}
    assert "give this one another `name`, or rename or delete theirs" in plan.blocks[0].message
    assert {"segment.a"} == plan.selection.keys() | {"segment.a"}


def test_a_rename_to_a_taken_name_is_blocked_alone() -> None:
    """Its members move on."""
    new, old = desired(segment("a", name="Taken")), desired(segment("a", name="Old"))

    plan = planned(
        new,
        old,
        actual=at_criteo(old, foreign_segments=["Taken"]),
        membership=members(moving("segment.a", 5)),
    )

    assert ["add segment.a"] == ids(plan)
    assert [("segment.a", "name")] == blocks(plan)


def test_a_name_that_moves_on_is_waited_for() -> None:
    """One list takes the name that another gives up."""
    old = desired(segment("a", name="One"), segment("b", name="Two"))
    new = desired(segment("a", name="Two"), segment("b", name="Three"))

    plan = planned(new, old)

    assert ["update segment.b", "update segment.a"] == ids(plan)
    assert {"update segment.b"} == step(plan, "update segment.a").needs


def test_a_name_whose_bearer_is_stuck_is_blocked() -> None:
    """The bearer would take a name of somebody else, and so keeps its own."""
    old = desired(segment("a", name="One"), segment("b", name="Two"))
    new = desired(segment("a", name="Two"), segment("b", name="Three"))

    plan = planned(new, old, actual=at_criteo(old, foreign_segments=["Three"]))

    assert plan.is_empty
    assert [("segment.a", "name"), ("segment.b", "name")] == blocks(plan)


def test_names_that_are_swapped_are_blocked() -> None:
    """No order of renamings does it."""
    old = desired(segment("a", name="One"), segment("b", name="Two"))
    new = desired(segment("a", name="Two"), segment("b", name="One"))

    plan = planned(new, old)

    assert plan.is_empty
    assert [("segment.a", "name"), ("segment.b", "name")] == blocks(plan)


def test_a_name_that_one_of_ours_still_bears_is_blocked() -> None:
    """The old list is deleted at the end of an apply, the new one is made at its start."""
    old, new = desired(segment("a", name="N")), desired(segment("b", name="N"), removed={"segment.a": "drain"})

    plan = planned(new, old, membership=members(moving("segment.a"), moving("segment.b", 5, before=0)))

    assert ("segment.b", "name") in blocks(plan)
    assert "create segment.b" not in ids(plan)
    assert "delete segment.a" in ids(plan)


def test_an_audience_that_is_gone_is_made_anew() -> None:
    """With its links; a note says so."""
    plan = planned(WHOLE, actual=at_criteo(WHOLE, gone=["audience.x"]))

    assert ["create audience.x", 'link audience.x ad_set["1"]'] == ids(plan)
    assert ("audience.x is no longer at Criteo and is made anew.",) == plan.notes


def test_a_list_that_is_gone_is_blocked_with_the_way_out() -> None:
    """Its ledger means nothing any more: a difference would leave it nearly empty. The rest goes on."""
    actual = at_criteo(WHOLE, gone=["segment.a"])

    plan = planned(WHOLE, actual=actual, membership=members(moving("segment.a", 5, 5), moving("segment.b", 2)))

    assert ["add segment.b"] == ids(plan)
    assert [("segment.a", "gone")] == blocks(plan)
    assert "removed: { segment.a: { contents: keep } }" in plan.blocks[0].message
