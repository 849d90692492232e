"""Plans of the schedule: members move, structure rests."""

from __future__ import annotations

from dataclasses import replace

from reconciler.actual import Actual
from reconciler.desired import Desired
from reconciler.model.mark import Mark, with_mark
from reconciler.model.membership import Membership
from reconciler.model.workspace import Expected
from reconciler.plan.build import build_sync
from reconciler.plan.changes import Plan
from tests.plan.builders import (
    WORKSPACE,
    applied,
    at_criteo,
    audience,
    desired,
    members,
    segment,
    still,
)
from tests.plan.planning import WHOLE, A, blocks, ids, moving, planned


def synced(new: Desired, old: Desired, membership: Membership, actual: Actual | None = None) -> Plan:
    return build_sync(new, actual or at_criteo(old), applied(old), membership)


def test_a_sync_moves_members_and_touches_no_structure() -> None:
    """What is not applied yet is noted and left."""
    new = desired(segment("a", name="New"), segment("b"), audience("x", ["a"], ["b"]))

    plan = synced(new, WHOLE, members(moving("segment.a", 5, 3), moving("segment.b", 5)))

    assert ["add segment.b", "remove segment.a", "add segment.a"] == ids(plan)
    assert not plan.changes_structure
    assert [
        "audience.x differs from the workspace; that waits for an apply.",
        "segment.a differs from the workspace; that waits for an apply.",
    ] == list(plan.notes)


def test_a_sync_goes_on_when_yaml_is_gone() -> None:
    """An unapplied merge must not stop suppression."""
    plan = synced(desired(), WHOLE, members(moving("segment.a", 0, 3), moving("segment.b", 5)))

    assert ["add segment.b", "remove segment.a"] == ids(plan)
    assert len(plan.notes) == 3


def test_a_sync_without_anything_pending_is_empty() -> None:
    """No note, no step."""
    plan = synced(WHOLE, WHOLE, still(WHOLE))

    assert (True, (), ()) == (plan.is_empty, plan.notes, plan.resources)


def test_a_sync_is_guarded_by_the_workspaces_limits() -> None:
    """The YAML still gives guards and limits."""
    new = desired(segment("a", expected=Expected(at_most=100)))

    plan = synced(new, desired(segment("a")), members(moving("segment.a", 50, before=90)))

    assert plan.is_empty
    assert [("segment.a", "expected_members")] == blocks(plan)


def test_a_marked_description_in_a_record_is_read_without_its_mark() -> None:
    """A record may hold the description as it was sent."""
    new = desired(segment("a", description="Words"))
    old = applied(new)
    marked = replace(old.lists[A], description=with_mark("Words", Mark(WORKSPACE, A)))

    assert planned(new, snapshot=replace(old, lists={A: marked})).is_empty
