"""Lists that are invalid, emptied, drained and let go of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.apply.outcome import Status
from reconciler.plan.changes import Operation, Phase
from tests.apply.conftest import Scene
from tests.apply.first import FIRST
from tests.apply.people import SetMoves, people
from tests.apply.plans import (
    BUYERS,
    HOT,
    RECOVERY,
    add,
    plan_of,
    remove,
    step,
)
from tests.state.snapshots import CART


@pytest.mark.parametrize(("bad", "stops"), [(101, True), (100, False)])
def test_a_list_of_which_too_much_is_invalid_stops(begun: Scene, bad: int, stops: bool) -> None:
    """More than a tenth of the first batch and more than a hundred invalid stop the list after that batch."""
    broken = frozenset(f"{number:08x}" for number in range(bad))
    moves = SetMoves(held=FIRST, wanted=FIRST | {BUYERS: FIRST[BUYERS] | broken | people(50, 400)}, size=300)
    known = len(begun.patches(BUYERS))
    outcome = begun.run(plan_of(add(BUYERS, phase=Phase.RESTRICT), moves=moves), moves)
    (result,) = outcome.results
    assert (result.status, result.invalid) == (Status.FAILED if stops else Status.DONE, bad)
    assert len(begun.patches(BUYERS)) - known == (1 if stops else 2)
    assert (set(begun.doubtful()) == {BUYERS}) is stops
    if stops:
        assert result.reason == "Criteo calls 101 of the first 300 identifiers invalid; guards.max_invalid allows 10%"


@pytest.mark.parametrize(("bad", "stops"), [(101, True), (100, False)])
def test_the_first_batch_of_each_type_is_judged(begun: Scene, bad: int, stops: bool) -> None:
    """Good addresses say nothing about telephone numbers: their first batch goes alone as well."""
    phones = frozenset(f"{number:08x}" for number in range(bad)) | people(500, 900)
    wanted = FIRST | {BUYERS: FIRST[BUYERS] | phones | people(50, 400)}
    moves = SetMoves(held=FIRST, wanted=wanted, phones=phones, size=300)
    known = len(begun.patches(BUYERS))
    (result,) = begun.run(plan_of(add(BUYERS, phase=Phase.RESTRICT), moves=moves), moves).results
    assert (result.status, result.invalid) == (Status.FAILED if stops else Status.DONE, bad)
    assert len(begun.patches(BUYERS)) - known == (3 if stops else 4)


def test_a_deleted_list_is_emptied_first_and_leaves_the_ledger(begun: Scene) -> None:
    """Audience, then list; the record goes, and so does the bit, which a list that still has rows may not get."""
    moves = SetMoves(held=FIRST, wanted=FIRST, whole=False)
    plan = plan_of(
        step("unlink", Operation.UNLINK, Phase.DELETE, RECOVERY),
        step("delete", Operation.DELETE_AUDIENCE, Phase.DELETE, RECOVERY, f"unlink {RECOVERY}"),
        step("delete", Operation.DELETE_SEGMENT, Phase.DELETE, HOT, f"delete {RECOVERY}"),
        moves=moves,
    )
    assert begun.run(plan, moves).error is None
    actual = begun.actual()
    assert (set(actual.segments), set(actual.audiences)) == ({BUYERS}, set())
    writes = [each["method"] for each in begun.requests() if not each["path"].endswith("/search")][-4:]
    assert writes == ["PUT", "POST", "DELETE", "POST"]
    assert set(begun.snapshot.lists) == {BUYERS}
    assert begun.snapshot.audiences == {}
    assert begun.snapshot.ledger.bits == {BUYERS: 0}
    assert begun.snapshot.ledger.retired == {1}
    assert (begun.snapshot.structure_serial, begun.snapshot.ledger_generation) == (2, 2)


def test_a_drained_list_leaves_no_bit_behind(begun: Scene) -> None:
    """When all rows of a list are removed in the run that deletes it, its bit is free at once."""
    moves = SetMoves(held=FIRST, wanted={HOT: people(1, 8), BUYERS: frozenset()}, whole=False)
    delete = step("delete", Operation.DELETE_SEGMENT, Phase.DELETE, BUYERS, f"remove {BUYERS}")
    update = replace(step("loosen", Operation.UPDATE_AUDIENCE, Phase.LOOSEN, RECOVERY), include=(HOT,), exclude=())
    plan = plan_of(update, remove(BUYERS, phase=Phase.LOOSEN), delete, moves=moves)
    assert begun.run(plan, moves).error is None
    assert (begun.snapshot.ledger.bits, begun.snapshot.ledger.retired) == ({HOT: 1}, frozenset())
    assert len(begun.snapshot.ledger.deltas) == 1
    assert begun.snapshot.audiences[RECOVERY].exclude == ()
    (remote,) = begun.actual().audiences.values()
    assert remote.targeting is not None
    assert remote.targeting.exclude == frozenset()


def test_letting_go_asks_nothing_of_criteo(begun: Scene) -> None:
    """A forgotten list stays at Criteo with its members, and is ours no more."""
    requests = len([each for each in begun.requests() if not each["path"].endswith("/search")])
    moves = SetMoves(held=FIRST, wanted=FIRST)
    assert begun.run(plan_of(step("forget", Operation.FORGET, Phase.DELETE, HOT), moves=moves), moves).error is None
    assert set(begun.snapshot.lists) == {BUYERS}
    assert begun.snapshot.ledger.retired == {1}
    assert begun.members(HOT) == FIRST[HOT]
    assert len([each for each in begun.requests() if not each["path"].endswith("/search")]) == requests


def test_a_record_changes_the_snapshot_alone(begun: Scene) -> None:
    """A changed definition that moves nobody is written down, with the structure's counter, and nothing else is."""
    moves = SetMoves(held=FIRST, wanted=FIRST)
    record = replace(step("record", Operation.RECORD, Phase.LOOSEN, BUYERS), definition=CART)
    assert begun.run(plan_of(record, moves=moves), moves).error is None
    assert begun.snapshot.lists[BUYERS].definition == CART
    assert (begun.snapshot.structure_serial, begun.snapshot.ledger_generation) == (2, 1)
