"""Plans that take away."""

from __future__ import annotations

import pytest

from reconciler.errors import WorkspaceInvalid
from reconciler.model.membership import Cause, ListMembership
from reconciler.model.remote import Targeting
from reconciler.plan.changes import Action, Operation
from tests.plan.builders import (
    at_criteo,
    audience,
    desired,
    members,
    segment,
)
from tests.plan.planning import WHOLE, A, blocks, ids, moving, planned, step


def test_a_removed_segment_is_emptied_then_deleted() -> None:
    """And the audience lets go of it before."""
    new = desired(segment("b"), audience("x", ["b"]), removed={"segment.a": "drain"})
    old = desired(segment("a"), segment("b"), audience("x", ["a", "b"]))
    drained = ListMembership(address=A, before=1000, removed_by={Cause.DEFINITION: 1000})

    plan = planned(new, old, membership=members(drained, moving("segment.b")))

    assert ["restrict audience.x", "remove segment.a", "delete segment.a"] == ids(plan)
    assert {"restrict audience.x", "remove segment.a"} == step(plan, "delete segment.a").needs
    assert plan.blocks == ()


def test_a_segment_that_somebody_else_uses_is_drained_but_not_deleted() -> None:
    """Criteo would refuse; the message names their audience."""
    new, old = desired(removed={"segment.a": "drain"}), desired(segment("a"))
    theirs = {"Their audience": Targeting(include=frozenset({"id-segment.a"}))}
    drained = ListMembership(address=A, before=10, removed_by={Cause.AGED: 10})

    plan = planned(new, old, actual=at_criteo(old, foreign_audiences=theirs), membership=members(drained))

    assert ["remove segment.a"] == ids(plan)
    assert [("segment.a", "in_use")] == blocks(plan)
    assert '"Their audience"' in plan.blocks[0].message


def test_a_kept_resource_loses_our_mark_and_is_forgotten() -> None:
    """Nothing else is sent for it; with the mark it would be taken for ours, with its ledger lost."""
    plan = planned(desired(removed={"segment.a": "keep"}), desired(segment("a")), membership=members())

    assert [Operation.UPDATE_SEGMENT, Operation.FORGET] == [each.operation for each in plan.steps]
    assert plan.steps[0].description == ""
    assert plan.steps[1].needs == frozenset({plan.steps[0].id})
    assert Action.FORGET is plan.resources[0].action


def test_a_removed_audience_is_unlinked_then_deleted() -> None:
    """Criteo refuses to delete what an ad set carries."""
    new = desired(segment("a"), segment("b"), removed={"audience.x": "drain"})

    plan = planned(new, WHOLE)

    assert ['unlink audience.x ad_set["1"]', "delete audience.x"] == ids(plan)
    assert {'unlink audience.x ad_set["1"]'} == step(plan, "delete audience.x").needs


def test_an_entry_of_removed_that_has_done_its_work_is_noted() -> None:
    """It stops nothing."""
    plan = planned(desired(segment("a"), removed={"segment.z": "drain"}), desired(segment("a")))

    assert plan.is_empty
    assert ("segment.z is gone: its entry in `removed` can go too.",) == plan.notes


def test_an_audience_that_is_no_longer_asked_for_is_refused() -> None:
    """As a segment is."""
    with pytest.raises(WorkspaceInvalid, match=r"audience.x exists at Criteo"):
        planned(desired(segment("a"), segment("b")), WHOLE)
