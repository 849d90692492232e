"""Plans carried out against the emulator, with what is then at Criteo and in the state."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from reconciler.apply.outcome import Event, Sent, Status
from reconciler.errors import NotAuthorised, PartlyApplied, StateError
from reconciler.model.address import Address
from reconciler.model.remote import SegmentDraft
from reconciler.plan.changes import Operation, Phase, Plan
from tests.apply.conftest import Scene
from tests.apply.people import SetMoves, people
from tests.apply.plans import (
    AD_SET,
    BUYERS,
    HOT,
    NOON,
    RECOVERY,
    WARM,
    add,
    create,
    create_audience,
    marked,
    plan_of,
    remove,
    step,
)
from tests.state.snapshots import CART

FIRST = {HOT: people(1, 8), BUYERS: people(9, 12)}


def first_plan(moves: SetMoves) -> Plan:
    """Two lists, an audience that includes one and excludes the other, and its ad set."""
    creates = (f"create {HOT}", f"create {BUYERS}")
    return plan_of(
        create(HOT, definition=CART),
        create(BUYERS),
        create_audience([HOT], [BUYERS], *creates),
        add(BUYERS, f"create {BUYERS}", phase=Phase.RESTRICT),
        add(HOT, f"create {HOT}", f"add {BUYERS}"),
        step("link", Operation.LINK, Phase.LOOSEN, RECOVERY, f"add {HOT}", f"add {BUYERS}", f"create {RECOVERY}"),
        moves=moves,
    )


@pytest.fixture
def begun(scene: Scene) -> Scene:
    """A scene in which the first plan has been carried out."""
    moves = SetMoves(held={}, wanted=FIRST)
    assert scene.run(first_plan(moves), moves).error is None
    scene.events.clear()
    return scene


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


@pytest.mark.parametrize(("bad", "stops"), [(101, True), (100, False)])
def test_a_list_of_which_too_much_is_invalid_stops(begun: Scene, bad: int, stops: bool) -> None:
    """More than a tenth of the first batch and more than a hundred invalid stop the list after that batch."""
    broken = frozenset(f"!broken-{number}" for number in range(bad))
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
    phones = frozenset(f"!broken-{number}" for number in range(bad)) | people(500, 900)
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
