"""What an apply reports while it runs, and what it hands back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reconciler.errors import NotAuthorised, PartlyApplied, ReconcilerError
from reconciler.model.address import Address
from reconciler.plan.changes import Operation, Step
from reconciler.state.snapshot import Snapshot


class Status(StrEnum):
    """What became of a step.

    =======  =====================================================================
    DONE     Criteo has accepted all of it
    FAILED   Criteo refused it, or it was stopped; a part of it may have happened
    UNKNOWN  an answer was lost: it may or may not have happened
    SKIPPED  nothing was sent, because a step that it needs is not done
    UNDONE   the run was interrupted before it began, or before it ended
    =======  =====================================================================
    """

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    UNDONE = "not done"


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One step's end. `sent` and `invalid` count identifiers that Criteo answered for; `touched` tells whether any
    request of it was begun; `criteo_id` is set where something was created.
    """

    step: Step
    status: Status
    reason: str = ""
    error: ReconcilerError | None = None
    sent: int = 0
    invalid: int = 0
    touched: bool = False
    criteo_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Progress: a batch of a step was answered (`result` None), or the step has ended."""

    step: Step
    sent: int = 0
    invalid: int = 0
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Identifiers of one list that Criteo answered for, and how many of them it called invalid."""

    added: int = 0
    removed: int = 0
    invalid: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The end of an apply: one result a step, in the plan's order, and the snapshot as it is now."""

    results: tuple[Result, ...]
    snapshot: Snapshot
    interrupted: bool = False

    def of(self, status: Status) -> tuple[Result, ...]:
        """The results with this status."""
        return tuple(result for result in self.results if result.status is status)

    @property
    def members(self) -> Mapping[Address, Sent]:
        """What was sent, per list that anything was sent to."""
        lists: dict[Address, list[Result]] = {}
        for result in self.results:
            if result.sent:
                lists.setdefault(result.step.address, []).append(result)
        return {address: _sent(results) for address, results in lists.items()}

    @property
    def error(self) -> ReconcilerError | None:
        """What the command ends with: None when all is done, NotAuthorised before PartlyApplied."""
        refused = [each.error for each in self.results if isinstance(each.error, NotAuthorised)]
        if refused:
            return refused[0]
        left = len(self.results) - len(self.of(Status.DONE))
        if not left:
            return None
        unknown = len(self.of(Status.UNKNOWN))
        return PartlyApplied(
            "Not everything is applied.",
            f"{left} of {len(self.results)} steps are not done" + (f", {unknown} of them unknown." if unknown else "."),
            "Run apply again: it goes on from here, and says again what is in doubt.",
        )


def only_done(results: Iterable[Result]) -> tuple[Result, ...]:
    """Those that Criteo has accepted whole."""
    return tuple(result for result in results if result.status is Status.DONE)


def _sent(results: Iterable[Result]) -> Sent:
    counts = {Operation.ADD: 0, Operation.REMOVE: 0}
    invalid = 0
    for result in results:
        if result.step.operation in counts:
            counts[result.step.operation] += result.sent
            invalid += result.invalid
    return Sent(counts[Operation.ADD], counts[Operation.REMOVE], invalid)
