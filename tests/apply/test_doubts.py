"""Answers that were lost, found again and in doubt."""

from __future__ import annotations

from reconciler.apply.outcome import Status
from reconciler.model.address import Address
from reconciler.model.remote import SegmentDraft
from tests.apply.conftest import Scene
from tests.apply.first import FIRST, first_plan
from tests.apply.people import SetMoves, people
from tests.apply.plans import (
    BUYERS,
    HOT,
    WARM,
    add,
    create,
    marked,
    plan_of,
    remove,
)


def test_the_next_run_resolves_what_was_in_doubt(begun: Scene) -> None:
    """What was in doubt is said again, and then nothing is in doubt and its file is gone."""
    later = FIRST | {HOT: people(1, 6)}
    moves = SetMoves(held=FIRST, wanted=later)
    begun.criteo.fault("500_after", operation="UpdateContactListByAudienceSegment", count=None)
    assert begun.run(plan_of(remove(HOT), moves=moves), moves).error is not None
    begun.criteo.send("DELETE", "/emulator/faults")
    assert begun.doubtful() == {HOT: people(7, 8)}
    again = SetMoves(held=FIRST, wanted=FIRST | {HOT: people(1, 7)}, doubtful=begun.doubtful())
    assert begun.run(plan_of(add(HOT), remove(HOT), moves=again), again).error is None
    assert begun.store.doubts(begun.snapshot) == ()
    assert begun.members(HOT) == people(1, 7) == begun.ledger()[HOT]
    assert len(list((begun.store.root / "ledger").iterdir())) == 1


def test_a_doubt_stays_while_its_list_is_frozen(begun: Scene) -> None:
    """Until everything of a list may be said again, its doubt is kept."""
    moves = SetMoves(held=FIRST, wanted=FIRST | {HOT: people(1, 9)})
    begun.criteo.fault("500_after", operation="UpdateContactListByAudienceSegment", count=None)
    begun.run(plan_of(add(HOT), moves=moves), moves)
    begun.criteo.send("DELETE", "/emulator/faults")
    frozen = plan_of(moves=SetMoves(held=FIRST, wanted=FIRST), frozen=frozenset({HOT}))
    begun.run(frozen, SetMoves(held=FIRST, wanted=FIRST))
    assert begun.doubtful() == {HOT: people(9, 9)}


def test_a_lost_creation_is_found_by_its_mark_and_not_repeated(scene: Scene) -> None:
    """When the answer to a creation is lost after its effect, the lists are found, filled and written down."""
    scene.criteo.fault("close_after", operation="CreateAudienceSegments")
    moves = SetMoves(held={}, wanted=FIRST)
    assert scene.run(first_plan(moves), moves).error is None
    assert len(scene.requests("CreateAudienceSegments")) == 1
    assert {each: scene.members(each) for each in FIRST} == FIRST


def test_a_creation_that_is_not_found_stays_in_doubt(scene: Scene) -> None:
    """When nothing bears the mark, the step is unknown, its dependents wait, and the next run is warned."""
    scene.criteo.fault("close_before", operation="CreateAudienceSegments")
    moves = SetMoves(held={}, wanted=FIRST)
    outcome = scene.run(first_plan(moves), moves)
    assert {result.step.id for result in outcome.of(Status.UNKNOWN)} == {f"create {HOT}", f"create {BUYERS}"}
    assert len(outcome.of(Status.SKIPPED)) == 4
    assert [doubt.creates for doubt in scene.snapshot.doubts] == [{HOT, BUYERS}]
    assert scene.snapshot.lists == {}
    assert scene.run(first_plan(moves), moves).error is None
    assert scene.snapshot.doubts == ()


def test_what_an_earlier_run_made_is_taken_in(scene: Scene) -> None:
    """A list that bears our mark and whose creation is in doubt gets its record without being made again."""
    scene.criteo.fault("close_before", operation="CreateAudienceSegments")
    moves = SetMoves(held={}, wanted=FIRST)
    scene.run(first_plan(moves), moves)
    with scene.client() as client:
        (made,) = client.create_segments([_draft(HOT)])
    wanted = {HOT: people(1, 8)}
    more = SetMoves(held={}, wanted=wanted)
    assert scene.run(plan_of(add(HOT), moves=more), more, operation="sync").error is None
    assert scene.snapshot.lists[HOT].criteo_id == made
    assert [doubt.creates for doubt in scene.snapshot.doubts] == [{BUYERS}]
    assert scene.members(HOT) == people(1, 8)


def _draft(address: Address) -> SegmentDraft:
    return SegmentDraft(name=str(address), description=marked(address))


def test_one_item_of_a_bulk_call_may_fail_alone(scene: Scene) -> None:
    """A name that is taken fails its own list; the others of the same call are made."""
    scene.criteo.new_list(f"List {WARM}")
    moves = SetMoves(held={}, wanted={HOT: people(1, 2), WARM: people(3, 4)})
    plan = plan_of(create(HOT), create(WARM), add(HOT, f"create {HOT}"), add(WARM, f"create {WARM}"), moves=moves)
    outcome = scene.run(plan, moves)
    assert [result.status for result in outcome.results] == [Status.DONE, Status.FAILED, Status.DONE, Status.SKIPPED]
    assert set(scene.snapshot.lists) == {HOT} == set(scene.snapshot.ledger.bits)
    assert scene.snapshot.doubts == ()
