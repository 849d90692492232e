"""The one place that changes the world: under a lock, through the log, now or later."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from threading import RLock

from reconciler.emulator.clock import Clock
from reconciler.emulator.persist import WorldLog
from reconciler.emulator.world import Event, World

Commit = Callable[[Event], None]

_BYTES_PER_MEMBER = 32
_BYTES_PER_RESOURCE = 512


class Store:
    """A world, its lock and, where `folder` is given, its log.

    Whoever reads or changes `world` holds `lock`.
    """

    def __init__(self, folder: Path | None, advertisers: Sequence[str]) -> None:
        self.lock = RLock()
        self.world = World(Clock())
        self._log = WorldLog(folder) if folder else None
        self._late: list[tuple[float, int, Event]] = []
        self._order = count()
        for event in self._log.replay() if self._log else ():
            self.world.apply(event)
        for advertiser in advertisers:
            self._add_advertiser(advertiser)

    @property
    def clock(self) -> Clock:
        """The world's clock."""
        return self.world.clock

    def commit(self, event: Event) -> None:
        """Make a change that lasts."""
        with self.lock:
            if self._log:
                self._log.append(event)
            self.world.apply(event)

    def commit_after(self, seconds: float) -> Commit:
        """Return a `commit` whose change happens `seconds` from now on the emulator's clock."""
        due = self.clock.now() + seconds

        def later(event: Event) -> None:
            heapq.heappush(self._late, (due, next(self._order), event))

        return later

    def settle(self) -> None:
        """Make the late changes whose time has come, in the order of their times."""
        with self.lock:
            while self._late and self._late[0][0] <= self.clock.now():
                self.commit(heapq.heappop(self._late)[2])

    def set_clock(self, offset: float) -> None:
        """Move the clock to `offset` seconds from the machine's."""
        with self.lock:
            self.commit(Event(name="clock", at=self.clock.now(), values={"offset": offset}))

    def close(self) -> None:
        """Make every late change, shorten the log if that is worth it, and let go of it."""
        with self.lock:
            while self._late:
                self.commit(heapq.heappop(self._late)[2])
            if self._log:
                self._log.compact(self.world.events(), self._live_bytes())
                self._log.close()

    def _add_advertiser(self, advertiser: str) -> None:
        if advertiser not in self.world.advertisers:
            values = {"id": advertiser}
            self.commit(Event(name="advertiser", at=self.clock.now(), values=values))

    def _live_bytes(self) -> int:
        world = self.world
        members = sum(held.count() for held in world.contact_lists.values())
        resources = len(world.segments) + len(world.audiences) + len(world.links)
        return members * _BYTES_PER_MEMBER + resources * _BYTES_PER_RESOURCE
