"""What the stages ask of a store: a local folder, or anything that can replace a document conditionally."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from reconciler.state.lock import Lock
from reconciler.state.snapshot import Blob, Doubt, Snapshot
from reconciler.state.statistics import ListsStatistics


class StateReader(Protocol):
    """Reading takes no lock and changes nothing."""

    def read(self, workspace: str | None = None) -> Snapshot | None:
        """The snapshot, or None where there is no state. Raises StateError when it is not whole, newer, foreign, half
        missing, or of another workspace than `workspace`.
        """
        ...

    def doubts(self, snapshot: Snapshot) -> tuple[Doubt, ...]:
        """What is not known in full: the snapshot's own doubts, then those of journals it has not taken in."""
        ...

    def statistics(self, snapshot: Snapshot) -> ListsStatistics:
        """What is kept of Criteo's counts; of another state's nothing. Raises StateError where it is foreign."""
        ...

    def path(self, blob: Blob) -> Path:
        """A file with the content of `blob`, checked against its size and digest. Raises StateError."""
        ...


class JournalWriter(Protocol):
    """An open journal."""

    @property
    def number(self) -> int:
        """Its number, which the snapshot that takes it in bears."""
        ...

    def record(self, result: Mapping[str, Any]) -> None:
        """Append one result. Raises StateError when it can't be written."""
        ...

    def close(self) -> None:
        """End it."""
        ...


class StateWriter(Protocol):
    """Writing is for the holder of the lock."""

    def initialise(self, workspace: str, advertiser: str = "") -> Snapshot:
        """Write the empty snapshot of a new lineage. Raises StateError when there is something already."""
        ...

    def replace(self, before: Snapshot, after: Snapshot) -> None:
        """Put `after` in the place of `before`, whole or not at all. Raises StateError on a lost race."""
        ...

    def staging(self) -> AbstractContextManager[Path]:
        """A private folder to make files in that `keep` then takes over; it is wiped at the end."""
        ...

    def keep(self, path: Path) -> Blob:
        """Take a finished file into the ledger, durably; it is gone from where it was."""
        ...

    def begin(self, snapshot: Snapshot, operation: str, as_of: dt.datetime, names: Doubt) -> JournalWriter:
        """Write durably what is about to be done; nothing may be sent before."""
        ...

    def newest_journal(self, snapshot: Snapshot) -> int:
        """The number of the newest journal there is, or of the last that the snapshot has taken in."""
        ...

    def sweep(self, snapshot: Snapshot) -> None:
        """Remove the files that nothing refers to any more. Call it after `snapshot` has been put in place."""
        ...


class StatisticsWriter(Protocol):
    """Counts are not of the state's promises: whoever has read newer ones may write them, without the lock."""

    def note_statistics(self, snapshot: Snapshot, update: Callable[[ListsStatistics], ListsStatistics]) -> None:
        """Put what `update` makes of the counts in place of them, whole or not at all, after any other writer. Raises
        StateError when they can't be read or written.
        """
        ...


class HeldLease(Protocol):
    """A held lock."""

    @property
    def takeover(self) -> str | None:
        """How it was got from a dead writer, if it was."""
        ...

    def check(self) -> None:
        """Call before every request that writes. Raises StateError when the lock is lost."""
        ...


class StateLock(Protocol):
    """One writer at a time."""

    def holder(self) -> tuple[Lock, str | None] | None:
        """The lock, if there is one, and why it may be taken over, if it may. Raises StateError where it is foreign."""
        ...

    def lock(self, operation: str, timeout: float = 0.0) -> AbstractContextManager[HeldLease]:
        """Hold the lock. Raises Locked when somebody else still holds it after `timeout` seconds."""
        ...

    def unlock(self, lock_id: str) -> Lock:
        """Break the lock with this id. Raises StateError when there is no such lock."""
        ...


class Store(StateReader, StateWriter, StatisticsWriter, StateLock, Protocol):
    """All of it."""
