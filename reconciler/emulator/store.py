"""The one place that changes the world: under a lock, through the log, now or later."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path
from random import Random
from threading import RLock

from reconciler.emulator.clock import PROCESSING_PERIOD, Clock, ClockSettings, last_run
from reconciler.emulator.late import still_possible
from reconciler.emulator.packed import Packed
from reconciler.emulator.persist import Due, WorldLog
from reconciler.emulator.spool import Spool
from reconciler.emulator.world import Event, World

Commit = Callable[[Event], None]

SMALLEST_WASTE = 1 << 16
_BYTES_PER_MEMBER = 32
_BYTES_PER_RESOURCE = 512

FAR_BEYOND = 4
"""A log so many times as long as its world needs is written anew while the world is in use."""

SPARE_BYTES = 256 << 20
"""So much longer than that it may be in any case: to write it anew holds up every call for seconds."""


class Store:
    """A world, its lock and, where `folder` is given, its log.

    Whoever reads or changes `world` holds `lock`.
    """

    def __init__(self, folder: Path | None, advertisers: Sequence[str], clock: Clock) -> None:
        self.lock = RLock()
        self._log = WorldLog(folder) if folder else None
        self._journal = self._log or Spool()
        self.world = World(clock, self._journal.read)
        self._late: list[tuple[float, float, int, Event]] = []
        self._lots = Random(0)
        self._order = count()
        self._closed = False
        self._look_again_at = SPARE_BYTES
        if self._log:
            self._replay(self._log)
        for advertiser in advertisers:
            self._add_advertiser(advertiser)

    @property
    def clock(self) -> Clock:
        """The world's clock."""
        return self.world.clock

    def commit(self, event: Event) -> None:
        """Make a change that lasts."""
        self._commit(event, None)

    def commit_after(self, seconds: float) -> Commit:
        """Return a `commit` whose change happens `seconds` from now on the emulator's clock."""
        return self._commit_at(Due(at=self.clock.now() + seconds))

    def commit_at_run(self) -> Commit:
        """Return a `commit` whose change waits for the next processing run, and happens in it by lot.

        Criteo processes what it was sent between two runs together, and promises no order. The lots
        are the same in every process.
        """
        due = last_run(self.clock.now()) + PROCESSING_PERIOD
        return self._commit_at(Due(at=due, lot=self._lots.random()))

    def settle(self) -> float:
        """Make the late changes whose time has come, in the order of their times; return the present instant.

        Call it before `world` is looked at: the world may be another one afterwards, made from a shorter log.
        """
        with self.lock:
            now = self.clock.now()
            self._land_until(now)
            if self._log and self._log.size() > self._look_again_at:
                self._shorten(self._log)
            return now

    def set_clock(self, settings: ClockSettings) -> None:
        """Move the clock or change its speed; it runs on like that through restarts, also while nobody serves it."""
        with self.lock:
            self.commit(Event(name="clock", at=self.clock.now(), values=asdict(settings)))

    def close(self) -> None:
        """Shorten the log if that is worth it, and let go of it; late changes wait in it for their time.

        Calling it twice does no harm.
        """
        with self.lock:
            if self._log and not self._closed and self._log.size() >= 2 * self._live_bytes() + SMALLEST_WASTE:
                self._log.rewrite(self._records())
            self._closed = True
            self._journal.close()

    def _shorten(self, log: WorldLog) -> None:
        """Write the log anew if it is far too long, and go on with the world that it makes."""
        needed = self._live_bytes()
        if log.size() > FAR_BEYOND * needed + SPARE_BYTES:
            if log.rewrite(self._records()):
                self.world, self._late = World(self.clock, log.read), []
                self._replay(log)
            needed = max(needed, log.size())  # where it stays that long, it is not tried at every call
        self._look_again_at = FAR_BEYOND * needed + SPARE_BYTES

    def _replay(self, log: WorldLog) -> None:
        for event, due in log.replay():
            self._take(event, due)

    def _commit_at(self, due: Due) -> Commit:
        def commit(event: Event) -> None:
            self._commit(event, due)

        return commit

    def _commit(self, event: Event, due: Due | None) -> None:
        with self.lock:
            self._take(self._journal.append(event, due), due)

    def _take(self, event: Event, due: Due | None) -> None:
        """Make a change that has been written, or let it wait.

        Late changes whose time has come are made before it. That is decided by the instant of the event, so that
        the events of a log bring each late change to the same place as the events themselves did.
        """
        if due is not None:
            self.world.reserve(event)
            heapq.heappush(self._late, (due.at, due.lot, next(self._order), event))
            return
        self._land_until(event.at)
        self.world.apply(event)

    def _land_until(self, instant: float) -> None:
        while self._late and self._late[0][0] <= instant:
            due, _, _, event = heapq.heappop(self._late)
            if still_possible(self.world, event):
                self.world.apply(replace(event, at=due))

    def _records(self) -> Iterator[tuple[Event, Due | None]]:
        """Yield the fewest events that make this world again."""
        for event in self.world.events():
            yield event, None
        for due, lot, _, event in sorted(self._late):
            if self.world.is_gone(event):
                continue
            keys = self._journal.read(event.run) if event.run else Packed()
            yield replace(event, keys=keys, run=None), Due(at=due, lot=lot)

    def _add_advertiser(self, advertiser: str) -> None:
        if advertiser not in self.world.advertisers:
            values = {"id": advertiser}
            self.commit(Event(name="advertiser", at=self.clock.now(), values=values))

    def _live_bytes(self) -> int:
        world = self.world
        members = sum(held.least_count() for held in world.contact_lists.values())
        members += sum(event.run.count for *_, event in self._late if event.run)
        resources = len(world.segments) + len(world.audiences) + len(world.links)
        return members * _BYTES_PER_MEMBER + resources * _BYTES_PER_RESOURCE
