"""What an apply works with, and what it has learnt so far."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from reconciler.apply.outcome import Event, Result, Status
from reconciler.errors import CriteoError, OutcomeUnknown, ReconcilerError
from reconciler.model.address import Address, criteo_id_of
from reconciler.model.identifiers import Direction, Identifiers
from reconciler.model.moves import Moves
from reconciler.model.remote import Amended, AudienceDraft, RemoteAudience, RemoteSegment, SegmentDraft
from reconciler.model.settings import Guards
from reconciler.plan.changes import Step
from reconciler.state.snapshot import AudienceRecord
from reconciler.state.store import JournalWriter


class Client(Protocol):
    """What an apply asks of the Criteo client. Bulk calls answer one value or error an item, in order."""

    def segments(self) -> tuple[RemoteSegment, ...]: ...

    def audiences(self) -> tuple[RemoteAudience, ...]: ...

    def create_segments(self, drafts: Sequence[SegmentDraft]) -> tuple[str | CriteoError, ...]: ...

    def update_segments(self, drafts: Sequence[SegmentDraft]) -> tuple[CriteoError | None, ...]: ...

    def delete_segments(self, ids: Sequence[str]) -> tuple[CriteoError | None, ...]: ...

    def create_audiences(self, drafts: Sequence[AudienceDraft]) -> tuple[str | CriteoError, ...]: ...

    def update_audiences(self, drafts: Sequence[AudienceDraft]) -> tuple[CriteoError | None, ...]: ...

    def delete_audiences(self, ids: Sequence[str]) -> tuple[CriteoError | None, ...]: ...

    def amend_list(self, segment_id: str, direction: Direction, identifiers: Identifiers) -> Amended: ...

    def clear_list(self, segment_id: str) -> None: ...

    def link(self, ad_set_id: str, audience_id: str | None) -> None: ...


class Log:
    """Keeps what became of the steps: for the journal, for who watches, for the next round. Safe in any thread."""

    def __init__(self, journal: JournalWriter, report: Callable[[Event], None]) -> None:
        self.ended: dict[str, Result] = {}
        self._journal = journal
        self._report = report
        self._lock = threading.Lock()

    def batch(self, step: Step, sent: int, invalid: int) -> None:
        """One batch of a step was answered."""
        with self._lock:
            self._journal.record({"step": step.id, "status": "batch", "sent": sent, "invalid": invalid})
            self._report(Event(step=step, sent=sent, invalid=invalid))

    def end(self, result: Result) -> None:
        """A step has ended."""
        with self._lock:
            self.ended[result.step.id] = result
            self._journal.record(_to_json(result))
            self._report(Event(step=result.step, sent=result.sent, invalid=result.invalid, result=result))


def _to_json(result: Result) -> dict[str, Any]:
    line: dict[str, Any] = {"step": result.step.id, "status": str(result.status)}
    line |= {"sent": result.sent, "invalid": result.invalid} if result.sent else {}
    line |= {"criteo_id": result.criteo_id} if result.criteo_id else {}
    return line | ({"reason": result.reason} if result.reason else {})


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One run. `segment_ids` and `audience_ids` grow as things are created; only the walking thread writes them.

    `described` are the descriptions at Criteo, by id: an update says them again, since nobody knows whether what it
    leaves out stays. `stopped` are lists of whose identifiers Criteo called too many invalid: nothing more is sent to
    them.
    """

    workspace: str
    client: Client
    moves: Moves
    guards: Guards
    stop: threading.Event
    log: Log
    audiences: Mapping[Address, AudienceRecord]
    foreign: frozenset[str]
    described: dict[str, str | None] = field(default_factory=dict)
    segment_ids: dict[Address, str] = field(default_factory=dict)
    audience_ids: dict[Address, str] = field(default_factory=dict)
    stopped: set[Address] = field(default_factory=set)

    def description(self, step: Step, number: str) -> str | None:
        """What an update says of the description: the new one, or else the one that is there; None where none is.

        A later step on the same thing says the new one again, whatever became of the earlier one.
        """
        if step.description is not None:
            self.described[number] = step.description
        return self.described.get(number)

    def segment_id(self, address: Address) -> str | None:
        """The id at Criteo of a list, or of a segment that is only named; None while there is none."""
        return self.segment_ids.get(address) or criteo_id_of(address)


def failed(step: Step, error: ReconcilerError, **known: Any) -> Result:
    """The result of a step that ended in an error: unknown where the answer was lost, else with what to do about it."""
    status = Status.UNKNOWN if isinstance(error, OutcomeUnknown) else Status.FAILED
    parts = (error.summary, error.detail, "" if status is Status.UNKNOWN else error.hint)
    reason = " ".join(part for part in parts if part)
    return Result(step=step, status=status, reason=reason, error=error, touched=True, **known)
