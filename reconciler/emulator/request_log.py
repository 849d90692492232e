"""What was asked of the emulator: counts and ids, never a body."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import Any

from reconciler.emulator.calls import Touched
from reconciler.emulator.clock import iso

KEPT = 100_000
"""So many requests are kept, the newest; they take about 70 MB."""


@dataclass(slots=True)
class Entry:
    """One request.

    `arrived_order` and `answered_order` come from one counter: request A was answered before B
    arrived exactly if A's `answered_order` is the smaller. Times are the machine's, not those
    of the emulator's clock. `status` is `None` while there is no answer, and for good when the
    connection was closed instead.
    """

    number: int
    method: str
    path: str
    arrived_order: int
    arrived_at: float
    operation: str | None = None
    contact_list_operation: str | None = None
    identifiers: int = 0
    invalid_identifiers: int = 0
    fault: str | None = None
    failure: str | None = None
    status: int | None = None
    answered_order: int | None = None
    answered_at: float | None = None
    touched: Touched = field(default_factory=Touched)
    segment_ids: tuple[str, ...] = ()
    audience_ids: tuple[str, ...] = ()
    ad_set_ids: tuple[str, ...] = ()

    def settle(self) -> None:
        """Keep the ids that were touched, in little room: nothing is added to them any more."""
        touched, self.touched = self.touched, _UNTOUCHED
        self.segment_ids = tuple(sorted(touched.segments))
        self.audience_ids = tuple(sorted(touched.audiences))
        self.ad_set_ids = tuple(sorted(touched.ad_sets))

    def to_dict(self) -> dict[str, Any]:
        """Write the entry for `GET /emulator/requests`."""
        answered_at = None if self.answered_at is None else iso(self.answered_at, "microseconds")
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "operation": self.operation,
            "contact_list_operation": self.contact_list_operation,
            "identifiers": self.identifiers,
            "invalid_identifiers": self.invalid_identifiers,
            "status": self.status,
            "fault": self.fault,
            "failure": self.failure,
            "arrived_at": iso(self.arrived_at, "microseconds"),
            "answered_at": answered_at,
            "arrived_order": self.arrived_order,
            "answered_order": self.answered_order,
            "segment_ids": [*self.segment_ids, *sorted(self.touched.segments)],
            "audience_ids": [*self.audience_ids, *sorted(self.touched.audiences)],
            "ad_set_ids": [*self.ad_set_ids, *sorted(self.touched.ad_sets)],
        }


_UNTOUCHED = Touched()


class RequestLog:
    """The newest requests of this process, in the order of their arrival."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._number = 0
        self._order = 0

    def arrived(self, method: str, path: str) -> Entry:
        """Note that a request has begun to arrive."""
        with self._lock:
            self._number += 1
            entry = Entry(
                number=self._number,
                method=method,
                path=path,
                arrived_order=self._next(),
                arrived_at=time.time(),
            )
            self._entries.append(entry)
        return entry

    def answered(self, entry: Entry, status: int | None) -> None:
        """Note that the answer, or the closing of the connection, is about to go out."""
        with self._lock:
            entry.settle()
            entry.status = status
            entry.answered_order = self._next()
            entry.answered_at = time.time()

    def to_list(self, after: int = 0) -> list[dict[str, Any]]:
        """Write the requests whose number is above `after`, of those that are kept."""
        with self._lock:
            kept = len(self._entries)
            passed_over = min(max(0, after - (self._number - kept)), kept)
            return [entry.to_dict() for entry in islice(self._entries, passed_over, None)]

    def _next(self) -> int:
        self._order += 1
        return self._order
