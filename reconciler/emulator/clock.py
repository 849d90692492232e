"""The emulator's own clock: the machine's, moved by an offset and run at a speed that a test can change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

PROCESSING_PERIOD = 12 * 60 * 60
"""Seconds between two processing runs, which Criteo's sister APIs place at 00:00 and 12:00 UTC."""


EARLIEST, LATEST = 0.0, 32_503_680_000.0
"""The instants that a clock can be set to: from 1970 to the year 3000, at which it stops."""

FASTEST = 100_000.0
"""The greatest speed of a clock: more than a day in a second of the machine's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockSettings:
    """How far a clock was ahead of the machine's at the machine's instant `since`, and how fast it runs from then."""

    offset: float = 0.0
    speed: float = 1.0
    since: float = 0.0


class Clock:
    """A clock that can be set forward or back and can run faster than the machine's.

    Instants are seconds since 1970-01-01 UTC, as in `time.time`, which `time` stands in for.
    """

    def __init__(self, time: Callable[[], float] = time.time) -> None:
        self._time = time
        self.settings = ClockSettings()

    @property
    def speed(self) -> float:
        """Seconds that pass here in one of the machine's."""
        return self.settings.speed

    def now(self) -> float:
        """Return the emulator's present instant."""
        real, given = self._time(), self.settings
        return min(real + given.offset + (real - given.since) * (given.speed - 1), LATEST)

    def set_to(self, instant: float, speed: float | None = None) -> ClockSettings:
        """Return the settings with which it is `instant` now, and time passes as it did or at `speed`."""
        real = self._time()
        return ClockSettings(offset=instant - real, speed=self.speed if speed is None else speed, since=real)


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
