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

_BYTES_PER_MEMBER = 32
_BYTES_PER_RESOURCE = 512


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
        for event, due in self._log.replay() if self._log else ():
            self._take(event, due)
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
        """Make the late changes whose time has come, in the order of their times; return the present instant."""
        with self.lock:
            now = self.clock.now()
            self._land_until(now)
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
            if self._log and not self._closed:
                self._log.compact(self._records(), self._live_bytes())
            self._closed = True
            self._journal.close()

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
