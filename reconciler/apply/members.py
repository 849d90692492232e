"""Steps on members: batches of identifiers, a list's first of each type alone, then several in flight, lists side by
side.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import groupby

from reconciler.apply.outcome import Result, Status
from reconciler.apply.work import Work, failed
from reconciler.errors import CriteoError, EngineFailed, OutcomeUnknown, ReconcilerError
from reconciler.model.identifiers import Direction, Identifiers
from reconciler.model.remote import Amended
from reconciler.plan.changes import Operation, Step

IN_FLIGHT = 4
"""Calls under way at a time, and lists worked on at a time."""
FEW_INVALID = 100
"""So many invalid identifiers in a batch never stop a list, whatever their share."""
LOST_ANSWERS = 3
"""After so many lost answers in a row nothing more is sent to a list in this run."""

DIRECTIONS: dict[Operation, Direction] = {Operation.ADD: "add", Operation.REMOVE: "remove"}


def move_members(steps: Iterable[Step], work: Work) -> None:
    """Take the member steps of a round. Steps of one list go one after the other, removals first: its calls in flight
    are all of one direction. Each result goes to the log as its step ends.

    Raises StateError when the lock is lost; whatever is under way then is waited for.
    """
    lists = _by_list(steps)
    broken = threading.Event()
    with ThreadPoolExecutor(IN_FLIGHT, "list") as drivers, ThreadPoolExecutor(IN_FLIGHT, "batch") as senders:
        futures = [drivers.submit(_drive, group, work, senders, broken) for group in lists]
        wait(futures)
    for future in futures:
        future.result()


def _by_list(steps: Iterable[Step]) -> list[list[Step]]:
    ordered = sorted(steps, key=lambda step: (step.address, step.operation is Operation.ADD))
    return [list(group) for _, group in groupby(ordered, key=lambda step: step.address)]


def _drive(steps: list[Step], work: Work, senders: ThreadPoolExecutor, broken: threading.Event) -> None:
    try:
        for step in steps:
            work.log.end(_taken(step, work, senders, broken))
    except BaseException:
        broken.set()
        raise


def _taken(step: Step, work: Work, senders: ThreadPoolExecutor, broken: threading.Event) -> Result:
    if step.address in work.stopped:
        reason = "Criteo called too many identifiers of this list invalid"
        return Result(step=step, status=Status.SKIPPED, reason=reason)
    if step.address not in work.segment_ids:
        return Result(step=step, status=Status.FAILED, reason="the list is not made yet at Criteo")
    return _Transfer(step, work, senders, broken).run()


class _Transfer:
    """One step on its way: counts what was answered and knows when to stop. Used by its list's thread alone."""

    def __init__(self, step: Step, work: Work, senders: ThreadPoolExecutor, broken: threading.Event) -> None:
        self._step = step
        self._work = work
        self._senders = senders
        self._broken = broken
        self._segment_id = work.segment_ids[step.address]
        self._sent = self._invalid = self._begun = self._lost_in_a_row = 0
        self._errors: list[ReconcilerError] = []
        self._stop_reason = ""
        self._cut_short = False

    def run(self) -> Result:
        """Send everything, or as much as may be."""
        try:
            batches = self._work.moves.batches(self._step.address, DIRECTIONS[self._step.operation])
            for _, of_type in groupby(batches, key=lambda batch: batch.type):
                if not self._send_all(of_type):
                    break
        except EngineFailed as error:
            self._errors.append(error)
        return self._result()

    def _send_all(self, batches: Iterator[Identifiers]) -> bool:
        """Send the batches of one type, the first alone: it shows whether Criteo can read them. False when nothing more
        is to be sent of the step.
        """
        self._send_first(batches)
        self._send_rest(batches)
        return not (self._cut_short or self._done())

    def _send_first(self, batches: Iterator[Identifiers]) -> None:
        first = next(batches, None)
        if first is None or self._halted():
            self._cut_short = first is not None
            return
        before = self._invalid
        self._answered(self._submit(first), len(first))
        invalid = self._invalid - before
        if self._too_many(invalid, len(first)):
            self._stop_list(invalid, len(first))

    def _too_many(self, invalid: int, of: int) -> bool:
        """Of a removal it may mean that they are not there: nobody knows whether Criteo calls that invalid."""
        is_removal = DIRECTIONS[self._step.operation] == "remove"
        return not is_removal and invalid > FEW_INVALID and invalid > self._work.guards.max_invalid * of

    def _stop_list(self, invalid: int, of: int) -> None:
        self._work.stopped.add(self._step.address)
        self._stop_reason = (
            f"Criteo calls {invalid:,} of the first {of:,} identifiers invalid; "
            f"guards.max_invalid allows {float(self._work.guards.max_invalid):.0%}"
        )

    def _send_rest(self, batches: Iterator[Identifiers]) -> None:
        flying: dict[Future[Amended], int] = {}
        try:
            while not self._done() and (batch := next(batches, None)) is not None:
                if self._halted():
                    self._cut_short = True
                    break
                flying[self._submit(batch)] = len(batch)
                self._land(flying, IN_FLIGHT - 1)
        finally:
            self._land(flying, 0)

    def _submit(self, batch: Identifiers) -> Future[Amended]:
        self._begun += 1
        direction = DIRECTIONS[self._step.operation]
        return self._senders.submit(self._work.client.amend_list, self._segment_id, direction, batch)

    def _land(self, flying: dict[Future[Amended], int], at_most: int) -> None:
        """Wait until at most so many calls are in flight."""
        while len(flying) > at_most:
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                self._answered(future, flying.pop(future))

    def _answered(self, future: Future[Amended], count: int) -> None:
        try:
            amended = future.result()
        except CriteoError as error:
            self._errors.append(error)
            self._lost_in_a_row += 1
            return
        self._lost_in_a_row = 0
        self._sent += count
        self._invalid += amended.invalid
        self._work.log.batch(self._step, count, amended.invalid)

    def _halted(self) -> bool:
        return self._work.stop.is_set() or self._broken.is_set()

    def _done(self) -> bool:
        """Whether sending more of this step would be of no use: what Criteo refuses once, it refuses again."""
        refused = any(not isinstance(error, OutcomeUnknown) for error in self._errors)
        return bool(self._stop_reason) or refused or self._lost_in_a_row >= LOST_ANSWERS

    def _result(self) -> Result:
        if self._errors:
            worst = next((error for error in self._errors if not isinstance(error, OutcomeUnknown)), self._errors[0])
            return failed(self._step, worst, sent=self._sent, invalid=self._invalid)
        status, reason = Status.DONE, ""
        if self._stop_reason:
            status, reason = Status.FAILED, self._stop_reason
        elif self._cut_short:
            status, reason = Status.UNDONE, "the run was interrupted"
        return Result(
            step=self._step,
            status=status,
            reason=reason,
            sent=self._sent,
            invalid=self._invalid,
            touched=self._begun > 0,
        )
