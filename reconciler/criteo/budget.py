"""The rate budget: how many calls may begin, and when. One budget is shared by all threads of an application.

Criteo counts the calls of an app, whoever makes them, and tells on its answers, or only on a 429, what is left. So the
budget keeps to our own limit, to what is left as far as that is known, and after a 429 to a pace that it has learned:

======================================  ====================================================================
known                                   a call begins
======================================  ====================================================================
our limit                               when fewer than so many have begun in the last minute
more than half of Criteo's limit left   at once
half of it left, or less                in its share of the time to the reset, so that others find room too
no more left than is reserved           at the reset
a 429                                   at its reset: one first, then the others, a little apart
nothing since the reset                 at the pace of Criteo's limit, or of what it left us at the last 429
======================================  ====================================================================
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from threading import Lock

from reconciler.criteo.rate import LONGEST_WAIT, WINDOW, Reading, ServerClock, read_rate, retry_after
from reconciler.model.settings import CRITEO_ALLOWS

RESERVED = 100
"""One call in so many of Criteo's limit is left alone, so that another program of the app finds room for its next."""

SLOWEST = 4
"""The pace after a 429 is at least this part of Criteo's limit: others may have been busy for a moment only."""

GROWTH = 5.0
"""Minutes in which a pace that was learned grows to Criteo's limit, while no 429 comes."""

ENOUGH = 15.0
"""Seconds of a window after which the calls of others in it tell how many more will come."""


class Budget:
    """At most `calls_per_minute` calls in any minute (0: no limit of our own), and never more than Criteo has left.

    `clock` is monotonic, in seconds. Whoever waits sleeps until the instant at which the next call may begin as far as
    is known, and then looks again; nobody is woken. Whoever has waited longer goes first.
    """

    def __init__(self, calls_per_minute: int, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._own: deque[float] = deque(maxlen=calls_per_minute)
        self._begun: deque[float] = deque()
        self._flying = 0
        self._server = ServerClock()
        self._limit = 0
        self._left = 0
        self._window = 0
        self._reset = 0.0
        self._theirs = 0.0
        self._blocked = 0.0
        self._waiting: dict[object, float] = {}
        self._learned: tuple[float, float] | None = None

    def begin(self) -> float:
        """Return when a call may begin, with the instant at which it did; `answered` or `lost` must follow."""
        ticket = object()
        try:
            now, at = self._try(ticket)
            while at > now:
                self._sleep(at - now)
                now, at = self._try(ticket)
            return now
        finally:
            with self._lock:
                self._waiting.pop(ticket, None)

    def answered(self, began: float, headers: Mapping[str, str]) -> None:
        """A call came back: take in what its answer says is left, if it says so."""
        with self._lock:
            now = self._clock()
            self._flying -= 1
            self._server.hear(headers, began, now)
            reading = read_rate(headers)
            if reading is None:
                self._left -= 1  # it may have been counted since
            else:
                self._learn(reading, now)

    def lost(self) -> None:
        """A call ended without an answer; it may have been counted."""
        with self._lock:
            self._flying -= 1
            self._left -= 1

    def refused(self, headers: Mapping[str, str], otherwise: float, *, again: bool) -> None:
        """Let no call begin before a 429 says so, or for `otherwise` seconds when it does not say, when what it says
        has passed, or, at the least, when the same call is refused once `again`.
        """
        with self._lock:
            now, reading, told = self._clock(), read_rate(headers), retry_after(headers)
            waits = [self._server.ours(reading.reset) - now] if reading else []
            waits += [] if told is None else [told]
            wait = max(waits, default=0.0)
            wait = min(max(wait, otherwise) if again or wait <= 0 else wait, LONGEST_WAIT)
            self._blocked, self._reset = max(self._blocked, now + wait), 0.0
            self._limit = reading.limit if reading else self._limit or CRITEO_ALLOWS
            window = max(now - WINDOW, self._server.ours(reading.reset) - WINDOW) if reading else now - WINDOW
            self._learned = (now, self._sustainable(min(window, now - 1.0), now))

    def _try(self, ticket: object) -> tuple[float, float]:
        """Begin a call if it may begin now: now, and when it may."""
        with self._lock:
            now = self._clock()
            at = self._turn(ticket, now)
            if at <= now:
                self._begin(now)
            else:
                self._waiting[ticket] = at
            return now, at

    def _begin(self, now: float) -> None:
        while self._begun and self._begun[0] < now - WINDOW:
            self._begun.popleft()
        self._begun.append(now)
        if self._own.maxlen:
            self._own.append(now)
        self._flying += 1

    def _turn(self, ticket: object, now: float) -> float:
        """When a call may begin: after those that have waited longer and go before it, where calls go apart."""
        at, gap = self._earliest(now)
        for other, wake in self._waiting.items():
            if other is ticket or not gap:
                break
            if wake <= at + gap:
                at = max(at, wake) + gap
        return at

    def _earliest(self, now: float) -> tuple[float, float]:
        """When the next call may begin, as far as is known at `now`, and how long after it the one behind it."""
        full = self._own and len(self._own) == self._own.maxlen
        at = max(now, self._blocked, self._own[0] + WINDOW if full else now)
        if at > now:
            return at, self._pace(now) if at == self._blocked else 0.0
        last = self._begun[-1] if self._begun else now - WINDOW
        if now >= self._reset:
            return max(now, last + self._pace(now)), self._pace(now)
        # What is in flight may not have been counted yet when the answer was given that told what is left.
        free = self._left - self._flying - self._limit // RESERVED
        if free <= 0:
            return self._reset, self._pace(now)
        if 2 * self._left > self._limit:
            return now, 0.0
        # The calls that others will make go off what is free, but no more than half of it: they may have stopped.
        time = self._reset - now
        gap = time / (max(free - self._theirs * time, free / 2) + 1)
        return max(now, last + gap), gap

    def _pace(self, now: float) -> float:
        """Seconds between two calls while it is not known what is left: none before the first answer that told."""
        if not self._limit:
            return 0.0
        if self._learned is None:
            return WINDOW / self._limit
        since, rate = self._learned
        grown = rate + (self._limit - rate) * (now - since) / WINDOW / GROWTH
        return WINDOW / min(grown, self._limit)

    def _learn(self, reading: Reading, now: float) -> None:
        """Within a window what is left only falls; an answer that is late tells of less than we know."""
        # No window is longer than a minute: a reset beyond it would blind us for as long.
        window = min(reading.reset, self._server.latest(now + WINDOW))
        reset = self._server.ours(window)
        if reset <= now:
            return
        same = now < self._reset
        if same and window < self._window:
            return
        left = min(self._left, reading.remaining) if same and window == self._window else reading.remaining
        self._limit, self._left, self._window, self._reset = reading.limit, left, window, reset
        passed = now - (reset - WINDOW)
        if passed >= ENOUGH:
            self._theirs = max(0, self._limit - left - self._ours_since(reset - WINDOW)) / passed

    def _sustainable(self, window: float, now: float) -> float:
        """Calls a minute that others leave us: what we had since the window began, or what they would leave at the pace
        that they had in it.
        """
        ours = self._ours_since(window) - 1
        theirs = (self._limit - ours) * WINDOW / (now - window)
        return max(ours, self._limit - theirs, self._limit / SLOWEST)

    def _ours_since(self, instant: float) -> int:
        return sum(began >= instant for began in self._begun)
