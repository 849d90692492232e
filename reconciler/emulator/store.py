"""The one place that changes the world: under a lock, through the log, now or later."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path
from random import Random
from threading import RLock

from reconciler.emulator.clock import PROCESSING_PERIOD, Clock, ClockSettings, last_run
from reconciler.emulator.late import still_possible
from reconciler.emulator.persist import WorldLog
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
        self.world = World(clock)
        self._log = WorldLog(folder) if folder else None
        self._late: list[tuple[float, float, int, Event]] = []
        self._lots = Random(0)
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
        return self._commit_at(self.clock.now() + seconds, 0.0)

    def commit_at_run(self) -> Commit:
        """Return a `commit` whose change waits for the next processing run, and happens in it by lot.

        Criteo processes what it was sent between two runs together, and promises no order. The lots
        are the same in every process.
        """
        due = last_run(self.clock.now()) + PROCESSING_PERIOD
        return self._commit_at(due, self._lots.random())

    def settle(self) -> None:
        """Make the late changes whose time has come, in the order of their times."""
        with self.lock:
            while self._late and self._late[0][0] <= self.clock.now():
                self._land()

    def set_clock(self, settings: ClockSettings) -> None:
        """Move the clock or change its speed; it runs on like that through restarts, also while nobody serves it."""
        with self.lock:
            self.commit(Event(name="clock", at=self.clock.now(), values=asdict(settings)))

    def close(self) -> None:
        """Make every late change, shorten the log if that is worth it, and let go of it."""
        with self.lock:
            while self._late:
                self._land()
            if self._log:
                self._log.compact(self.world.events(), self._live_bytes())
                self._log.close()

    def _land(self) -> None:
        """Make the next late change at its time, if the world still allows it."""
        due, _, _, event = heapq.heappop(self._late)
        if still_possible(self.world, event):
            self.commit(replace(event, at=due))

    def _commit_at(self, due: float, lot: float) -> Commit:
        def commit(event: Event) -> None:
            with self.lock:
                heapq.heappush(self._late, (due, lot, next(self._order), event))

        return commit

    def _add_advertiser(self, advertiser: str) -> None:
        if advertiser not in self.world.advertisers:
            values = {"id": advertiser}
            self.commit(Event(name="advertiser", at=self.clock.now(), values=values))

    def _live_bytes(self) -> int:
        world = self.world
        members = sum(held.count() for held in world.contact_lists.values())
        resources = len(world.segments) + len(world.audiences) + len(world.links)
        return members * _BYTES_PER_MEMBER + resources * _BYTES_PER_RESOURCE
