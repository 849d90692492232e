"""Time that passes only while every thread waits, so that hours take seconds and no result hangs on the machine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

EPOCH = 1_795_284_000.0
"""2026-11-21 18:00:00 UTC, as the emulator's machine sees it when virtual time begins."""


class VirtualTime:
    """A clock for threads that are started by `run`; each of them works, sleeps, or waits for a `Gate`."""

    def __init__(self) -> None:
        self.condition = threading.Condition()
        self.slept: list[float] = []
        self._now = 0.0
        self._busy = 0
        self._wakes: list[float] = []

    def clock(self) -> float:
        """Seconds since virtual time began."""
        with self.condition:
            return self._now

    def machine(self) -> float:
        """The same as an instant of the world's time."""
        return EPOCH + self.clock()

    def sleep(self, seconds: float) -> None:
        """Let others work until so many seconds have passed."""
        with self.condition:
            self.slept.append(seconds)
            wake = self._now + seconds
            self._wakes.append(wake)
            self.rest()
            self.condition.wait_for(lambda: self._now >= wake)

    def rest(self) -> None:
        """The calling thread works no more; when none does, time jumps to the next that wakes. Hold the condition."""
        self._busy -= 1
        if self._busy or not self._wakes:
            return
        self._now = min(self._wakes)
        due = [wake for wake in self._wakes if wake <= self._now]
        self._wakes = [wake for wake in self._wakes if wake > self._now]
        self._busy += len(due)
        self.condition.notify_all()

    def resume(self, threads: int) -> None:
        """So many threads work again. Hold the condition."""
        self._busy += threads
        self.condition.notify_all()

    def run(self, *tasks: Callable[[], None]) -> None:
        """Let each task run in a thread of its own until all have ended. Raises what the first of them raised."""

        def work(task: Callable[[], None]) -> None:
            try:
                task()
            finally:
                with self.condition:
                    self.rest()

        with self.condition:
            self._busy += len(tasks)
        with ThreadPoolExecutor(len(tasks)) as pool:
            futures = [pool.submit(work, task) for task in tasks]
        for future in futures:
            future.result()


class Gate:
    """A lock on virtual time: who waits for it lets time pass."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self._held = False
        self._waiting = 0
        self._releases = 0

    def __enter__(self) -> None:
        with self._time.condition:
            while self._held:
                self._waiting += 1
                self._time.rest()
                self._await_release(self._releases)
            self._held = True

    def _await_release(self, seen: int) -> None:
        self._time.condition.wait_for(lambda: self._releases > seen)

    def __exit__(self, *_: object) -> None:
        with self._time.condition:
            self._held = False
            self._releases += 1
            self._time.resume(self._waiting)
            self._waiting = 0
