"""The moments at which a process is killed: each waits for its moment, watching the state folder and the requests."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.crash.scene import Scene

MEMBERS = "UpdateContactListByAudienceSegment"
SLOW = 0.15
PATIENCE = 60.0


@dataclass(kw_only=True)
class Shot:
    """What an aim has to go by: the process, its world, and how many writes a whole run of this story makes."""

    scene: Scene
    process: subprocess.Popen[bytes]
    chance: random.Random
    open_before: int
    """How many journals lay there when the process began."""
    writes: int | None

    def until(self, is_time: Callable[[], bool], pause: float = 0.002) -> None:
        """Wait for a moment, or for the end of the process that has missed it."""
        end = time.monotonic() + PATIENCE
        while not is_time() and self.process.poll() is None and time.monotonic() < end:
            time.sleep(pause)

    def linger(self, most: float) -> None:
        """Let a random time pass."""
        time.sleep(self.chance.uniform(0, most))

    def arrived(self, operation: str, nth: int = 1) -> bool:
        return len([each for each in self.scene.writes() if each["operation"] == operation]) >= nth

    def answered(self, operation: str | None = None, nth: int = 1) -> bool:
        writes = [each for each in self.scene.writes() if operation in (None, each["operation"])]
        return len([each for each in writes if each["status"] is not None]) >= nth

    def all_answered(self) -> bool:
        """Whether the run has made all its writes; False where their number is not known."""
        return self.writes is not None and self.answered(nth=self.writes)

    def intent(self) -> bool:
        """Whether this run's intent is on disk, beside those of runs that were killed before."""
        return len([*(self.scene.state / "journal").glob("*.jsonl")]) > self.open_before


def at_start(shot: Shot) -> None:
    shot.linger(0.15)  # any later, and it may have made the lists that the next process is to be caught making


def planning(shot: Shot) -> None:
    shot.until(lambda: bool(shot.scene.requests()))
    shot.linger(0.1)


def intent(shot: Shot) -> None:
    shot.until(shot.intent, 0.0001)
    shot.linger(0.004)


def lists_arriving(shot: Shot) -> None:
    shot.until(lambda: shot.arrived("CreateAudienceSegments"))
    shot.linger(SLOW)


def lists_made(shot: Shot) -> None:
    shot.until(lambda: shot.answered("CreateAudienceSegments"))


def lists_changing(shot: Shot) -> None:
    shot.until(lambda: shot.arrived("UpdateAudienceSegments"))
    shot.linger(SLOW)


def audiences_arriving(shot: Shot) -> None:
    shot.until(lambda: shot.arrived("CreateAudiences") or shot.arrived("UpdateAudiences"))
    shot.linger(SLOW)


def links_arriving(shot: Shot) -> None:
    shot.until(lambda: shot.arrived("UpdateAdSetAudience"))
    shot.linger(SLOW)


def first_batch(shot: Shot) -> None:
    shot.until(lambda: shot.arrived(MEMBERS))
    shot.linger(SLOW)


def any_batch(shot: Shot) -> None:
    nth = shot.chance.randint(2, 7)
    shot.until(lambda: shot.arrived(MEMBERS, nth))
    shot.linger(SLOW)


def between_batches(shot: Shot) -> None:
    nth = shot.chance.randint(1, 6)
    shot.until(lambda: shot.answered(MEMBERS, nth))


def last_answer(shot: Shot) -> None:
    shot.until(shot.all_answered)
    shot.linger(0.03)


def ledger(shot: Shot) -> None:
    shot.until(shot.intent)
    snapshot = _identity(shot)
    shot.until(lambda: shot.writes is None or shot.answered(nth=shot.writes - 1))
    shot.until(lambda: _ledger_begun(shot) or _identity(shot) != snapshot, 0.0001)
    shot.linger(0.01)


def snapshot_replaced(shot: Shot) -> None:
    shot.until(shot.intent)
    snapshot = _identity(shot)
    shot.until(lambda: _identity(shot) != snapshot, 0.0001)
    shot.linger(0.003)


def _ledger_begun(shot: Shot) -> bool:
    return any((shot.scene.state / "staging").glob("*/ledger.parquet"))


def _identity(shot: Shot) -> int:
    """Another number when the snapshot was replaced."""
    try:
        return (shot.scene.state / "snapshot.json").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


AIMS: Mapping[str, Callable[[Shot], None]] = {
    aim.__name__: aim
    for aim in (
        at_start,
        planning,
        intent,
        lists_arriving,
        lists_made,
        lists_changing,
        first_batch,
        any_batch,
        between_batches,
        audiences_arriving,
        links_arriving,
        last_answer,
        ledger,
        snapshot_replaced,
    )
}
SURE = frozenset(AIMS) - {"at_start", "planning", "last_answer", "ledger", "snapshot_replaced"}
"""Aims at moments that late answers stretch: what is hit there is between the first journal entry and the snapshot."""
ANY_TIME = ("intent", "first_batch", "any_batch", "between_batches")
"""Those among them that come in every run that has something to do."""
ONLY_FIRST = frozenset({"links_arriving"})
ONLY_LATER = frozenset({"lists_changing"})
"""Moments that only the first apply of a world has, and moments that it does not have."""
