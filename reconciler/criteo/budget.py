"""The rate budget: how many calls may begin, and when. One budget is shared by all threads of an application."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from threading import Lock

WINDOW = 60.0
"""Seconds over which Criteo counts calls (Criteo's guide to rate limits)."""

LONGEST_WAIT = 300.0
"""Seconds that we wait at most for a reset; a header that asks for more is taken for an error."""


class Budget:
    """At most `calls_per_minute` calls in any minute (0: no limit of our own), and never more than Criteo has left.

    `clock` is monotonic, in seconds. A turn is given by its instant, so threads queue up without waking each other.
    """

    def __init__(self, calls_per_minute: int, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._turns: deque[float] = deque(maxlen=calls_per_minute)
        self._left: int | None = None
        self._reset = 0.0

    def wait_for_turn(self) -> None:
        """Return when the next call may begin."""
        wait = self._next_turn() - self._clock()
        if wait > 0:
            self._sleep(wait)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take in what an answer says is left, if it says so."""
        left, wait = headers.get("x-ratelimit-remaining", ""), seconds_to_reset(headers)
        if wait is None or not left.isdecimal():
            return
        with self._lock:
            self._left, self._reset = int(left), self._clock() + wait

    def exhausted(self, headers: Mapping[str, str], otherwise: float) -> None:
        """Let no call begin before the reset that a 429 tells, or for `otherwise` seconds when it tells none."""
        wait = seconds_to_reset(headers)
        with self._lock:
            # A reset that has just passed must not make us hammer: a second is the least that Criteo advises.
            self._left, self._reset = 0, self._clock() + max(1.0, otherwise if wait is None else wait)

    def _next_turn(self) -> float:
        with self._lock:
            turn = max(self._clock(), self._own_limit())
            if self._left is not None and turn < self._reset:
                turn = self._reset if self._left <= 0 else turn
                self._left -= 1
            if self._turns.maxlen:
                self._turns.append(turn)
            return turn

    def _own_limit(self) -> float:
        full = self._turns and len(self._turns) == self._turns.maxlen
        return self._turns[0] + WINDOW if full else 0.0


def seconds_to_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until `x-ratelimit-reset` (epoch seconds), by Criteo's own clock where the answer has a `Date`."""
    reset, date = headers.get("x-ratelimit-reset", ""), server_time(headers)
    if not reset.isdecimal():
        return None
    now = date or dt.datetime.now(dt.UTC)
    return min(max(0.0, int(reset[:12]) - now.timestamp()), LONGEST_WAIT)


def server_time(headers: Mapping[str, str]) -> dt.datetime | None:
    """The `Date` of an answer, to the second, if it has one that can be read."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
