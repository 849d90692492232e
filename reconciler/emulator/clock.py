"""The emulator's own clock: the machine's, moved by an offset that a test can change."""

from __future__ import annotations

import time
from datetime import UTC, datetime

PROCESSING_PERIOD = 12 * 60 * 60
"""Seconds between two processing runs, which Criteo's sister APIs place at 00:00 and 12:00 UTC."""


class Clock:
    """A clock that always runs at real speed and can be set forward or back.

    Instants are seconds since 1970-01-01 UTC, as in `time.time`.
    """

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """Return the emulator's present instant."""
        return time.time() + self.offset

    def offset_to(self, instant: float) -> float:
        """Return the offset that would make `instant` the present."""
        return instant - time.time()


def last_run(instant: float) -> float:
    """Return the newest processing run at or before `instant`."""
    return instant - instant % PROCESSING_PERIOD


def iso(instant: float, timespec: str = "seconds") -> str:
    """Write an instant as ISO 8601 in UTC with a final `Z`."""
    text = datetime.fromtimestamp(instant, UTC).isoformat(timespec=timespec)
    return text.replace("+00:00", "Z")


def parse_iso(text: str) -> float:
    """Read an ISO 8601 instant; one without a zone is UTC.

    Raises `ValueError` when the text is no instant.
    """
    parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
