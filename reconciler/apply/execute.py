"""Carry out a plan: intent, rounds of steps, and at the end the snapshot that says what is so now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from reconciler.actual import Actual
from reconciler.apply.bits import allot, keep_only, with_file
from reconciler.apply.members import DIRECTIONS, move_members
from reconciler.apply.order import hopeless, next_round
from reconciler.apply.outcome import Event, Outcome, Result, Status
from reconciler.apply.records import adopt, audiences_after, lists_after, only_done
from reconciler.apply.settle import Settled, own_doubt, source_counts, still_doubted, with_members
from reconciler.apply.structure import HANDLERS
from reconciler.apply.work import Client, Log, Work
from reconciler.desired import Desired
from reconciler.model.address import Address
from reconciler.model.definition import Definition
from reconciler.model.identifiers import Moves
from reconciler.model.settings import Guards
from reconciler.plan.changes import Operation, Plan, Step
from reconciler.state.snapshot import Blob, Doubt, Ledger, Snapshot
from reconciler.state.store import HeldLease, JournalWriter, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """What an apply reaches the world with. `staging` is the folder of the store that the engine may write to."""

    client: Client
    store: Store
    lease: HeldLease
    staging: Path


def wanted_definitions(desired: Desired) -> Mapping[Address, Definition]:
    """What `apply` brings the lists to: the workspace's definitions."""
    return {each.address: segment.definition for segment in desired.segments for each in segment.lists}


def applied_definitions(snapshot: Snapshot) -> Mapping[Address, Definition]:
    """What `sync` keeps the lists at: the definitions that were applied last."""
    return {address: each.definition for address, each in snapshot.lists.items() if each.definition is not None}


def execute(
    plan: Plan,
    *,
    operation: str,
    snapshot: Snapshot,
    actual: Actual,
    definitions: Mapping[Address, Definition],
    moves: Moves,
    guards: Guards,
    tools: Tools,
    report: Callable[[Event], None],
    stop: threading.Event,
) -> Outcome:
    """Take the plan's steps and record what became of them; `definitions` are those that the lists are brought to.

    The snapshot must be the one on disk and the lock must be held. `stop` ends the run at the next safe point, with
    everything saved. A plan with nothing to do writes nothing. What Criteo refuses or leaves open is in the outcome,
    not raised. Raises StateError when the state can't be written or the lock is lost, and EngineFailed when the
    ledger can't be: what was sent is then in doubt, and the next run says it again.
    """
    doubts = tools.store.doubts(snapshot)
    doubtful = frozenset(address for doubt in doubts for address in doubt.creates)
    start = adopt(snapshot, actual, doubtful, plan.steps)
    ledger = allot(start.ledger, _without_bit(plan, start, snapshot))
    run = _Run(plan, snapshot, replace(start, ledger=ledger), doubts, actual, moves, tools)
    if not plan.steps:
        return run.commit((), definitions, None, None)
    intent = run.intent()
    journal = tools.store.begin(snapshot, operation, plan.as_of, intent)
    try:
        results = _walk(plan.steps, run.work(journal, guards, report, stop))
    finally:
        journal.close()
    return run.commit(results, definitions, journal, intent.intent)


def _without_bit(plan: Plan, start: Snapshot, before: Snapshot) -> set[Address]:
    """The lists that need a new bit: those to be created, and those found at Criteo under an id that is new to us."""
    created = {step.address for step in plan.steps if step.operation is Operation.CREATE_SEGMENT}
    adopted = {address for address, record in start.lists.items() if record != before.lists.get(address)}
    return created | adopted | (start.lists.keys() - start.ledger.bits.keys())


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
    moves: Moves
    tools: Tools

    def intent(self) -> Doubt:
        """Everything that the run is about to do, with its rows kept durably in the ledger's folder."""
        lists = frozenset(step.address for step in self.plan.steps if step.operation in DIRECTIONS)
        creates = (Operation.CREATE_SEGMENT, Operation.CREATE_AUDIENCE)
        bits = self.start.ledger.bits
        return Doubt(
            intent=self._written_intent() if lists else None,
            bits={address: bits[address] for address in sorted(lists)},
            lists=lists,
            creates=frozenset(step.address for step in self.plan.steps if step.operation in creates),
        )

    def _written_intent(self) -> Blob:
        path = self.tools.staging / "intent.parquet"
        self.moves.write_intent(path, self.start.ledger.bits)
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
            segment_ids={address: record.criteo_id for address, record in self.start.lists.items()},
            audience_ids={address: record.criteo_id for address, record in self.start.audiences.items()},
        )

    def commit(
        self,
        results: tuple[Result, ...],
        definitions: Mapping[Address, Definition],
        journal: JournalWriter | None,
        intent: Blob | None,
    ) -> Outcome:
        """Write the ledger's rows and the snapshot, then remove what nothing refers to any more."""
        settled = Settled.of(self.plan, results)
        done = only_done(results)
        lists = with_members(lists_after(self.start.lists, done), settled, definitions)
        after = replace(
            self.start,
            lists=MappingProxyType(lists),
            audiences=MappingProxyType(audiences_after(self.start.audiences, done)),
            ledger=self._ledger(settled, lists),
            doubts=(),
            as_of=self.plan.as_of,
            source=source_counts(self.plan.membership, self.before.source),
            journal=journal.number if journal is not None else self.tools.store.newest_journal(self.before),
        )
        after = replace(after, doubts=self._doubts(after, settled, results, intent))
        undone = any(result.status is Status.UNDONE for result in results)
        return Outcome(results=results, snapshot=self._replaced(after), interrupted=undone)

    def _ledger(self, settled: Settled, lists: Mapping[Address, object]) -> Ledger:
        """The ledger with the moves that Criteo has accepted, and without the lists that are no more."""
        ledger = keep_only(self.start.ledger, self.before.ledger, lists)
        done = {address: chosen for address, chosen in settled.done_moves().items() if address in lists}
        if not done:
            return ledger
        path = self.tools.staging / "ledger.parquet"
        whole = self.moves.write_ledger(path, ledger.bits, done)
        return with_file(ledger, self.tools.store.keep(path), whole=whole)

    def _doubts(
        self, after: Snapshot, settled: Settled, results: tuple[Result, ...], intent: Blob | None
    ) -> tuple[Doubt, ...]:
        known = after.lists.keys() | after.audiences.keys()
        lists = frozenset(address for doubt in self.doubts for address in doubt.lists)
        resolved = frozenset(
            address
            for address in lists
            if settled.is_whole(address) or (address not in known and address not in self.actual.segments)
        )
        deleted = frozenset(each.step.address for each in only_done(results)) - known
        kept = [still_doubted(doubt, resolved | deleted, frozenset(known)) for doubt in self.doubts]
        own = still_doubted(own_doubt(results, intent, self.start.ledger.bits), deleted, frozenset(known))
        return tuple(doubt for doubt in (*kept, own) if doubt is not None)

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
    return lists, dict(snapshot.audiences)


def _files(ledger: Ledger) -> object:
    return ledger.base, ledger.deltas, ledger.retired


def _weight(snapshot: Snapshot) -> object:
    """What makes a snapshot worth writing: clocks and counts alone don't."""
    return _structure(snapshot), _files(snapshot.ledger), snapshot.doubts, snapshot.journal
