"""Carry out a plan: intent, rounds of steps, and at the end the snapshot that says what is so now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from reconciler.actual import Actual
from reconciler.apply.members import DIRECTIONS, move_members
from reconciler.apply.order import hopeless, next_round
from reconciler.apply.outcome import Event, Outcome, Result, Status, only_done
from reconciler.apply.records import adopt, audiences_after, kinds_after, lists_after
from reconciler.apply.settle import Settled, own_doubt, source_counts, still_doubted, with_members
from reconciler.apply.structure import HANDLERS
from reconciler.apply.work import Client, Log, Work
from reconciler.model.address import Address
from reconciler.model.moves import Moves
from reconciler.model.settings import Guards
from reconciler.plan.changes import Operation, Plan, Step
from reconciler.plan.replacing import moved_aside
from reconciler.state.bits import with_lists
from reconciler.state.snapshot import Blob, Doubt, Ledger, Snapshot
from reconciler.state.store import HeldLease, JournalWriter, Store

NOTHING = Doubt(intent=None, bits=MappingProxyType({}), lists=frozenset(), creates=frozenset())


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """What an apply reaches the world with. `staging` is the folder of the store that the engine may write to."""

    client: Client
    store: Store
    lease: HeldLease
    staging: Path


def execute(
    plan: Plan,
    *,
    operation: str,
    snapshot: Snapshot,
    actual: Actual,
    bits: Mapping[Address, int],
    moves: Moves,
    guards: Guards,
    tools: Tools,
    report: Callable[[Event], None],
    stop: threading.Event,
) -> Outcome:
    """Take the plan's steps and record what became of them; `bits` are those that `moves` was computed with.

    The snapshot must be the one on disk and the lock must be held. `stop` ends the run at the next safe point, with
    everything saved. A plan with nothing to do writes nothing. What Criteo refuses or leaves open is in the outcome,
    not raised. Raises StateError when the state can't be written or the lock is lost, and EngineFailed when the
    ledger can't be: what was sent is then in doubt, and the next run says it again.
    """
    doubts = tools.store.doubts(snapshot)
    doubtful = frozenset(address for doubt in doubts for address in doubt.creates)
    start = adopt(moved_aside(snapshot, plan.aside), actual, doubtful, plan.steps)
    run = _Run(plan, snapshot, start, doubts, actual, bits, moves, tools)
    if not plan.steps:
        return run.commit((), NOTHING, tools.store.newest_journal(snapshot))
    intent = run.intent()
    journal = tools.store.begin(snapshot, operation, plan.as_of, intent)
    try:
        results = _walk(plan.steps, run.work(journal, guards, report, stop))
    finally:
        journal.close()
    return run.commit(results, intent, journal.number)


def _walk(steps: tuple[Step, ...], work: Work) -> tuple[Result, ...]:
    """Take the steps round by round until none is left that can be taken."""
    ended = work.log.ended
    ready = _ready(steps, work)
    while ready and not work.stop.is_set():
        _take(ready, work)
        ready = _ready(steps, work)
    for step in steps:
        if step.id not in ended:
            work.log.end(_never_begun(step, interrupted=work.stop.is_set()))
    return tuple(ended[step.id] for step in steps)


def _ready(steps: tuple[Step, ...], work: Work) -> tuple[Step, ...]:
    """The next round, after those that can't be taken any more have been named."""
    for result in hopeless(steps, work.log.ended):
        work.log.end(result)
    return next_round(steps, work.log.ended)


def _never_begun(step: Step, *, interrupted: bool) -> Result:
    if interrupted:
        return Result(step=step, status=Status.UNDONE, reason="the run was interrupted")
    return Result(step=step, status=Status.SKIPPED, reason="it waits for steps that wait for each other")


def _take(ready: tuple[Step, ...], work: Work) -> None:
    """Take the steps of one round: structure in bulk, then members."""
    for operation, handler in HANDLERS.items():
        steps = tuple(step for step in ready if step.operation is operation)
        if steps and not work.stop.is_set():
            for result in handler(steps, work):
                work.log.end(result)
    members = tuple(step for step in ready if step.operation in DIRECTIONS)
    if members:
        move_members(members, work)


@dataclass(frozen=True, slots=True)
class _Run:
    """One run's fixed values. `before` is the snapshot on disk, `start` the same with what was found, and new bits."""

    plan: Plan
    before: Snapshot
    start: Snapshot
    doubts: tuple[Doubt, ...]
    actual: Actual
    bits: Mapping[Address, int]
    moves: Moves
    tools: Tools

    def intent(self) -> Doubt:
        """Everything that the run is about to do, with its rows kept durably in the ledger's folder."""
        lists = frozenset(step.address for step in self.plan.steps if step.operation in DIRECTIONS)
        creates = (Operation.CREATE_SEGMENT, Operation.CREATE_AUDIENCE)
        return Doubt(
            intent=self._written_intent() if lists else None,
            bits={address: self.bits[address] for address in sorted(lists)},
            lists=lists,
            creates=frozenset(step.address for step in self.plan.steps if step.operation in creates),
        )

    def _written_intent(self) -> Blob:
        path = self.tools.staging / "intent.parquet"
        self.moves.write_intent(path, self.bits)
        return self.tools.store.keep(path)

    def work(
        self, journal: JournalWriter, guards: Guards, report: Callable[[Event], None], stop: threading.Event
    ) -> Work:
        """What the steps work with."""
        segments, audiences = self.actual.foreign_segments, self.actual.foreign_audiences
        foreign = [each.id for each in segments.values()] + [each.id for each in audiences.values()]
        return Work(
            workspace=self.plan.workspace,
            client=self.tools.client,
            moves=self.moves,
            guards=guards,
            stop=stop,
            log=Log(journal, report),
            audiences=self.start.audiences,
            foreign=frozenset(foreign),
            segment_ids=self._segment_ids(),
            audience_ids={address: record.criteo_id for address, record in self.start.audiences.items()},
            described={each.id: each.description for each in self.actual.ours()},
        )

    def _segment_ids(self) -> dict[Address, str]:
        lists = {address: record.criteo_id for address, record in self.start.lists.items()}
        return lists | {address: record.criteo_id for address, record in self.start.kinds.items()}

    def commit(self, results: tuple[Result, ...], intent: Doubt, journal: int) -> Outcome:
        """Write the ledger's rows and the snapshot, then remove what nothing refers to any more."""
        settled = Settled.of(self.plan, results)
        done = only_done(results)
        lists = with_members(lists_after(self.start.lists, done), settled)
        kinds = kinds_after(self.start.kinds, done)
        audiences = audiences_after(self.start.audiences, done)
        own = own_doubt(settled, results, intent)
        after = replace(
            self.start,
            lists=MappingProxyType(lists),
            kinds=MappingProxyType(kinds),
            audiences=MappingProxyType(audiences),
            ledger=self._ledger(settled, lists.keys()),
            doubts=self._doubts(own, settled, done, {*lists, *kinds, *audiences}),
            as_of=self.plan.as_of,
            source=source_counts(self.plan.membership, self.before.source),
            journal=journal,
        )
        undone = any(result.status is Status.UNDONE for result in results)
        return Outcome(results=results, snapshot=self._replaced(after), interrupted=undone)

    def _ledger(self, settled: Settled, lists: Collection[Address]) -> Ledger:
        """The ledger with the moves that Criteo has accepted, and without the lists that are no more."""
        ledger = with_lists(self.before.ledger, self.bits, lists, settled.emptied())
        done = settled.done_moves()
        if not done:
            return ledger
        ledger = replace(ledger, form=self.moves.form, normaliser=self.moves.normaliser)
        path = self.tools.staging / "ledger.parquet"
        whole = self.moves.write_ledger(path, self.bits, done)
        blob = self.tools.store.keep(path)
        if whole:  # it was written without the bits that were retired before
            return replace(ledger, base=blob, deltas=(), retired=ledger.retired - self.before.ledger.retired)
        return replace(ledger, deltas=(*ledger.deltas, blob))

    def _doubts(self, own: Doubt, settled: Settled, done: tuple[Result, ...], known: Set[Address]) -> tuple[Doubt, ...]:
        """What was in doubt before and still is, then what this run adds."""
        gone = frozenset(each.step.address for each in done) - known
        nowhere = frozenset(address for doubt in self.doubts for address in doubt.lists) - known
        resolved = gone | (nowhere - self.actual.segments.keys())
        whole = frozenset(address for doubt in self.doubts for address in doubt.lists if settled.is_whole(address))
        kept = [still_doubted(doubt, resolved | whole, frozenset(known)) for doubt in self.doubts]
        return tuple(each for each in (*kept, still_doubted(own, gone, frozenset(known))) if each is not None)

    def _replaced(self, after: Snapshot) -> Snapshot:
        """Put the snapshot in place, its counters moved; a run that changed nothing of weight leaves the old one."""
        if _weight(after) == _weight(self.before):
            return self.before
        after = replace(
            after,
            structure_serial=self.before.structure_serial + (_structure(after) != _structure(self.before)),
            ledger_generation=self.before.ledger_generation + (_files(after.ledger) != _files(self.before.ledger)),
        )
        self.tools.lease.check()
        self.tools.store.replace(self.before, after)
        self.tools.store.sweep(after)
        return after


def _structure(snapshot: Snapshot) -> object:
    lists = {address: replace(record, as_of=None, count=0) for address, record in snapshot.lists.items()}
    return lists, dict(snapshot.kinds), dict(snapshot.audiences)


def _files(ledger: Ledger) -> object:
    return ledger.base, ledger.deltas, ledger.retired


def _weight(snapshot: Snapshot) -> object:
    """What makes a snapshot worth writing: clocks and counts alone don't."""
    return _structure(snapshot), _files(snapshot.ledger), snapshot.doubts, snapshot.journal
