"""Runs that end before their time, and what the state keeps of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from reconciler.apply.outcome import Event, Status
from reconciler.errors import NotAuthorised, StateError
from reconciler.plan.changes import Operation, Phase
from tests.apply.conftest import Scene
from tests.apply.first import FIRST
from tests.apply.people import SetMoves, people
from tests.apply.plans import (
    BUYERS,
    HOT,
    NOON,
    RECOVERY,
    add,
    plan_of,
    step,
)


def test_an_interrupted_run_saves_what_is_done(begun: Scene) -> None:
    """After the signal no batch is begun, what was sent is in doubt, the rest is not done; a new run ends the work."""
    wanted = {HOT: people(1, 30), BUYERS: people(9, 14)}
    moves = SetMoves(held=FIRST, wanted=wanted)
    plan = plan_of(add(BUYERS, phase=Phase.RESTRICT), add(HOT, f"add {BUYERS}"), moves=moves)

    class Interrupting(list[Event]):
        def append(self, event: Event) -> None:
            super().append(event)
            if event.step.address == HOT:
                begun.stop.set()

    begun.events = Interrupting()
    outcome = begun.run(plan, moves)
    assert outcome.interrupted
    assert [result.status for result in outcome.results] == [Status.DONE, Status.UNDONE]
    assert begun.members(HOT) < people(1, 30)
    assert begun.ledger() == FIRST | {BUYERS: people(9, 14)}
    assert begun.members(HOT) <= begun.ledger()[HOT] | begun.doubtful()[HOT]
    begun.stop.clear()
    begun.events = []
    again = SetMoves(held=begun.ledger(), wanted=wanted, doubtful=begun.doubtful())
    assert begun.run(plan_of(add(HOT), moves=again), again).error is None
    assert begun.members(HOT) == people(1, 30) == begun.ledger()[HOT]
    assert begun.snapshot.doubts == ()


def test_a_run_that_is_stopped_before_it_begins_sends_nothing(begun: Scene) -> None:
    """With the signal already there every step is left undone and nothing is in doubt."""
    begun.stop.set()
    moves = SetMoves(held=FIRST, wanted=FIRST | {HOT: people(1, 30)})
    outcome = begun.run(plan_of(add(HOT), moves=moves), moves)
    assert [result.status for result in outcome.results] == [Status.UNDONE]
    assert begun.members(HOT) == FIRST[HOT]
    assert begun.snapshot.doubts == ()


def test_a_lost_lock_stops_the_run_and_leaves_all_in_doubt(begun: Scene) -> None:
    """When somebody breaks the lock nothing more is sent, the snapshot stays, the journal tells what may have been."""
    before = begun.snapshot
    wanted = FIRST | {HOT: people(1, 30)}
    moves = SetMoves(held=FIRST, wanted=wanted)

    class Breaking(list[Event]):
        def append(self, event: Event) -> None:
            if len(self) == 1:
                (begun.store.root / "lock.json").unlink()
            super().append(event)

    begun.events = Breaking()
    with pytest.raises(StateError, match="The lock was lost"):
        begun.run(plan_of(add(HOT), moves=moves), moves)
    assert begun.store.read() == before
    assert begun.doubtful() == {HOT: people(9, 30)}
    assert begun.members(HOT) <= FIRST[HOT] | begun.doubtful()[HOT]
    assert [line["kind"] for line in begun.journal()][:2] == ["intent", "result"]
    assert not any(identifier in str(begun.journal()) for identifier in people(1, 30))


def test_identifiers_are_in_ledger_files_alone(begun: Scene) -> None:
    """Neither the snapshot nor what is reported on the way holds one."""
    moves = SetMoves(held=FIRST, wanted=FIRST | {HOT: people(1, 30)})
    begun.criteo.fault("500", operation="UpdateContactListByAudienceSegment", nth=3, count=None)
    outcome = begun.run(plan_of(add(HOT), moves=moves), moves)
    assert outcome.error is not None
    for text in ((begun.store.root / "snapshot.json").read_text(), str(begun.events), str(outcome)):
        assert not any(identifier in text for identifier in people(1, 30))


def test_missing_rights_end_in_their_own_error(begun: Scene) -> None:
    """When Criteo does not let us link ad sets, the rest is done and the error says that rights are missing."""
    begun.criteo.fault("403", method="PUT", count=None)
    moves = SetMoves(held=FIRST, wanted=FIRST | {HOT: people(1, 9)})
    link = step("link", Operation.LINK, Phase.LOOSEN, RECOVERY)
    outcome = begun.run(plan_of(add(HOT), link, moves=moves), moves)
    assert isinstance(outcome.error, NotAuthorised)
    assert begun.members(HOT) == people(1, 9) == begun.ledger()[HOT]


def test_a_frozen_source_does_not_become_the_measure_of_itself(begun: Scene) -> None:
    """While a list is frozen, the sizes of the source and the list's clock stay as they were."""
    before = begun.snapshot
    assert before.source is not None
    begun.snapshot = replace(before, source=replace(before.source, events=1000), structure_serial=1)
    begun.store.replace(before, begun.snapshot)
    moves = SetMoves(held=FIRST, wanted=FIRST | {BUYERS: people(9, 13)})
    later = NOON + dt.timedelta(hours=1)
    plan = plan_of(add(BUYERS, phase=Phase.RESTRICT), moves=moves, as_of=later, frozen=frozenset({HOT}))
    begun.run(plan, moves)
    assert begun.snapshot.source is not None
    assert begun.snapshot.source.events == 1000
    assert (begun.snapshot.lists[HOT].as_of, begun.snapshot.lists[BUYERS].as_of) == (NOON, later)
    assert begun.snapshot.as_of == later


def test_a_new_base_frees_the_bits_that_were_retired_before(begun: Scene) -> None:
    """A bit that was retired by an earlier run may be given out again once a base was written without it."""
    moves = SetMoves(held=FIRST, wanted=FIRST)
    begun.run(plan_of(step("forget", Operation.FORGET, Phase.DELETE, BUYERS), moves=moves), moves)
    assert begun.snapshot.ledger.retired == {0}
    more = SetMoves(held={HOT: FIRST[HOT]}, wanted={HOT: people(1, 9)})
    begun.run(plan_of(add(HOT), moves=more), more)
    assert begun.snapshot.ledger.retired == frozenset()
