"""Plans carried out against the emulator, with what is then at Criteo and in the state."""

from __future__ import annotations

import datetime as dt

import pytest

from reconciler.apply.outcome import Sent, Status
from reconciler.errors import PartlyApplied
from reconciler.plan.changes import Operation, Phase
from tests.apply.conftest import Scene
from tests.apply.first import FIRST, first_plan
from tests.apply.people import SetMoves, people
from tests.apply.plans import (
    AD_SET,
    BUYERS,
    HOT,
    NOON,
    RECOVERY,
    add,
    plan_of,
    remove,
    step,
)
from tests.state.snapshots import CART


def test_a_first_apply_makes_all_and_writes_all_down(scene: Scene) -> None:
    """Afterwards Criteo holds what was wanted, the ledger the same, and the snapshot every id."""
    moves = SetMoves(held={}, wanted=FIRST)
    outcome = scene.run(first_plan(moves), moves)
    assert [result.status for result in outcome.results] == [Status.DONE] * 6
    assert outcome.members == {HOT: Sent(added=8), BUYERS: Sent(added=4)}
    assert {each: scene.members(each) for each in FIRST} == FIRST == scene.ledger()
    snapshot, actual = scene.snapshot, scene.actual()
    assert {each: record.criteo_id for each, record in snapshot.lists.items()} == {
        each: remote.id for each, remote in actual.segments.items()
    }
    assert (snapshot.lists[HOT].definition, snapshot.lists[HOT].count, snapshot.lists[HOT].as_of) == (CART, 8, NOON)
    audience = snapshot.audiences[RECOVERY]
    assert (audience.include, audience.exclude, audience.ad_sets) == ((HOT,), (BUYERS,), (AD_SET,))
    assert audience.description == "Bring them back"
    assert actual.audiences[RECOVERY].ad_sets == {AD_SET}
    assert (snapshot.structure_serial, snapshot.ledger_generation, snapshot.journal) == (1, 1, 1)
    assert snapshot.ledger.bits == {BUYERS: 0, HOT: 1}
    assert snapshot.source is not None
    assert snapshot.source.events == 20


def test_nothing_is_left_but_what_the_snapshot_names(begun: Scene) -> None:
    """Intent and journal are gone once they are taken in."""
    base = begun.snapshot.ledger.base
    assert base is not None
    assert sorted(begun.files()) == [f"ledger/{base.digest}.parquet", "snapshot.json"]


def test_a_plan_with_nothing_to_do_writes_nothing(begun: Scene) -> None:
    """An empty plan, even of a later moment, leaves every file and counter alone and sends nothing."""
    files, requests = begun.files(), len(begun.requests())
    moves = SetMoves(held=FIRST, wanted=FIRST)
    outcome = begun.run(plan_of(moves=moves, as_of=NOON + dt.timedelta(hours=1)), moves)
    assert outcome.results == ()
    assert outcome.error is None
    assert begun.files() == files
    assert [each for each in begun.requests()[requests:] if not each["path"].endswith("/search")] == []


def test_the_intent_is_durable_before_the_first_request(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the first request is about to go out, another process already sees all that it may do."""
    seen: list[object] = []
    original = scene.client

    def watched(check: object = None) -> object:
        def look() -> None:
            doubts = scene.store.doubts(scene.snapshot)
            seen.append([(each.lists, each.creates, scene.doubtful()) for each in doubts])

        return original(look) if check else original()

    monkeypatch.setattr(scene, "client", watched)
    moves = SetMoves(held={}, wanted=FIRST)
    scene.run(first_plan(moves), moves)
    assert seen[0] == [({HOT, BUYERS}, {HOT, BUYERS, RECOVERY}, FIRST)]


def test_creations_that_are_ready_together_go_out_in_one_call(begun: Scene) -> None:
    """Two lists are made by one request."""
    assert len(begun.requests("CreateAudienceSegments")) == 1


def test_what_restricts_is_answered_before_what_loosens_arrives(begun: Scene) -> None:
    """All additions to the excluded list are answered before the first addition to the included one is sent."""
    last = max(each["answered_order"] for each in begun.patches(BUYERS))
    assert len(begun.patches(BUYERS)) == 2
    assert last < min(each["arrived_order"] for each in begun.patches(HOT))


def test_the_first_batch_of_a_list_goes_alone(begun: Scene) -> None:
    """The second batch of a list is sent when the first is answered."""
    first, *others = sorted(begun.patches(HOT), key=lambda each: int(each["arrived_order"]))
    assert len(others) == 2
    assert all(first["answered_order"] < each["arrived_order"] for each in others)


def test_a_list_never_has_calls_of_two_directions_in_flight(begun: Scene) -> None:
    """Removals of a list are answered before its additions are sent, though both are ready."""
    moves = SetMoves(held=FIRST, wanted=FIRST | {HOT: people(20, 40)}, size=2)
    plan = plan_of(add(HOT, phase=Phase.RESTRICT), remove(HOT), moves=moves)
    known = len(begun.patches(HOT))
    begun.criteo.fault("slow", seconds=0.01, operation="UpdateContactListByAudienceSegment", count=None)
    assert begun.run(plan, moves).error is None
    calls = begun.patches(HOT)[known:]
    removing = [each for each in calls if each["contact_list_operation"] == "remove"]
    adding = [each for each in calls if each["contact_list_operation"] == "add"]
    assert (len(removing), len(adding)) == (4, 11)
    assert max(each["answered_order"] for each in removing) < min(each["arrived_order"] for each in adding)
    assert begun.members(HOT) == people(20, 40) == begun.ledger()[HOT]


def test_a_failed_list_skips_what_waits_for_it_and_nothing_else(begun: Scene) -> None:
    """The list that Criteo refuses is named by what waited for it; other lists go on and are written down."""
    wanted = {HOT: people(1, 6), BUYERS: people(9, 13)}
    moves = SetMoves(held=FIRST, wanted=wanted)
    plan = plan_of(
        remove(HOT),
        add(BUYERS, phase=Phase.RESTRICT),
        step("link", Operation.LINK, Phase.LOOSEN, RECOVERY, f"remove {HOT}"),
        moves=moves,
    )
    segment = begun.snapshot.lists[HOT].criteo_id
    begun.criteo.fault("500", path=f"/{segment}/contact-list", count=None)
    outcome = begun.run(plan, moves)
    statuses = {result.step.id: result.status for result in outcome.results}
    assert statuses == {
        f"remove {HOT}": Status.UNKNOWN,
        f"add {BUYERS}": Status.DONE,
        f"link {RECOVERY}": Status.SKIPPED,
    }
    (skipped,) = outcome.of(Status.SKIPPED)
    assert skipped.reason == f"it needs {HOT} (remove members), which may have failed"
    assert isinstance(outcome.error, PartlyApplied)
    assert "2 of 3 steps are not done, 1 of them unknown" in outcome.error.detail
    assert begun.ledger() == FIRST | {BUYERS: people(9, 13)}
    assert begun.doubtful() == {HOT: people(7, 8)}
    assert begun.snapshot.lists[HOT].count == 8
