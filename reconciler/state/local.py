"""The store in a local folder: `snapshot.json`, `ledger/`, `journal/` and `lock.json`, for their owner alone."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reconciler.errors import Locked, StateError
from reconciler.state import statistics
from reconciler.state.files import digest_of, disk_errors, gate, make_folder, sync_folder, write_whole
from reconciler.state.format import decode, encode
from reconciler.state.journal import Intent, Journal, JournalFolder
from reconciler.state.lock import Clock, Holder, Lease, Lock, LockFile, why_free
from reconciler.state.snapshot import Blob, Doubt, Snapshot
from reconciler.state.statistics import ListsStatistics

_POLL = 0.5
_BLOB_NAME = re.compile(r"[0-9a-f]{64}\.parquet")


def machine_clock() -> dt.datetime:
    """The machine's clock: leases and journals run on it, membership never does."""
    return dt.datetime.now(dt.UTC)


class LocalStore:
    """State in a folder of a local disk. Nothing is made before something is written."""

    def __init__(
        self, root: Path, *, clock: Clock = machine_clock, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.root = root
        self._clock = clock
        self._sleep = sleep
        self._snapshot = root / "snapshot.json"
        self._statistics = root / "statistics.json"
        self._ledger = root / "ledger"
        self._staging = root / "staging"
        self._journals = JournalFolder(root / "journal")
        self._lock = LockFile(root / "lock.json", clock)

    def read(self, workspace: str | None = None) -> Snapshot | None:
        """The snapshot, or None where there is no state; see `StateReader.read`."""
        with disk_errors(self._snapshot, "read"):
            try:
                data = self._snapshot.read_bytes()
            except FileNotFoundError:
                self._refuse_half()
                return None
        snapshot = decode(data, str(self._snapshot))
        if workspace is not None and snapshot.workspace != workspace:
            raise StateError(
                "The state belongs to another workspace.",
                f"{self._snapshot} is of `{snapshot.workspace}`, this workspace is `{workspace}`.",
                "Check `workspace:` and `state:` in reconciler.yaml. The state was left untouched.",
            )
        return snapshot

    def check_writable(self) -> None:
        """Raise StateError where nothing can be written: in the folder, or where it would be made. Leaves nothing."""
        there = next(each for each in (self.root.absolute(), *self.root.absolute().parents) if each.exists())
        with disk_errors(self.root, "written"), tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x")
            file.flush()

    def doubts(self, snapshot: Snapshot) -> tuple[Doubt, ...]:
        """The snapshot's doubts, then those of journals that it has not taken in."""
        intents = self._journals.intents(snapshot.lineage, snapshot.journal)
        return snapshot.doubts + tuple(intent.names for intent in intents)

    def path(self, blob: Blob) -> Path:
        """The file of a blob, checked. Raises StateError when it is missing, truncated or another."""
        path = self._file(blob)
        with disk_errors(path, "read"):
            if not path.is_file():
                raise _broken(path, "the file is missing")
            if path.stat().st_size != blob.size:
                raise _broken(path, f"it has {path.stat().st_size:,} bytes where {blob.size:,} were written")
            if digest_of(path) != blob.digest:
                raise _broken(path, "its content is not what was written")
        return path

    def check_whole(self, snapshot: Snapshot) -> None:
        """Raise StateError where a file of the ledger is missing, truncated or another."""
        for blob in _blobs(snapshot, self.doubts(snapshot)):
            self.path(blob)

    def initialise(self, workspace: str, advertiser: str = "") -> Snapshot:
        """Write the empty snapshot of a new lineage. Raises StateError when there is something already."""
        snapshot = Snapshot(workspace=workspace, lineage=str(uuid.uuid4()), advertiser=advertiser)
        with disk_errors(self._snapshot, "written"):
            make_folder(self.root)
            with gate(self.root):
                if self.read() is not None:
                    raise _lost_race(self._snapshot, "there is a state already")
                write_whole(self._snapshot, encode(snapshot))
        return snapshot

    def replace(self, before: Snapshot, after: Snapshot) -> None:
        """Put `after` in the place of `before`; same content writes nothing. Raises StateError on a lost race."""
        data = encode(after)
        with disk_errors(self._snapshot, "written"), gate(self.root):
            current = self.read()
            if current is None or _version(current) != _version(before):
                raise _lost_race(self._snapshot, "another writer has replaced it since it was read")
            if current != after:
                write_whole(self._snapshot, data)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A private folder on the disk of the ledger, wiped at the end."""
        folder = self._staging / uuid.uuid4().hex
        with disk_errors(folder, "written"):
            make_folder(self._staging)
            make_folder(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):
                self._staging.rmdir()

    def keep(self, path: Path) -> Blob:
        """Take a finished file into the ledger, named by its digest; durable when this returns."""
        with disk_errors(path, "written"):
            path.chmod(0o600)
            with path.open("rb") as file:
                os.fsync(file.fileno())
            blob = Blob(digest=digest_of(path), size=path.stat().st_size)
            make_folder(self._ledger)
            path.replace(self._file(blob))
            sync_folder(self._ledger)
            sync_folder(self.root)
        return blob

    def begin(self, snapshot: Snapshot, operation: str, as_of: dt.datetime, names: Doubt) -> Journal:
        """Write durably what is about to be done; nothing may be sent before."""
        intent = Intent(
            number=self._journals.next_number(snapshot.journal),
            workspace=snapshot.workspace,
            lineage=snapshot.lineage,
            operation=operation,
            at=self._clock(),
            as_of=as_of,
            names=names,
        )
        return self._journals.begin(intent)

    def newest_journal(self, snapshot: Snapshot) -> int:
        """The number of the newest journal there is, or of the last that the snapshot has taken in."""
        return max(snapshot.journal, self._journals.newest())

    def sweep(self, snapshot: Snapshot) -> None:
        """Remove journals that `snapshot` has taken in, and ledger files that it does not refer to."""
        with disk_errors(self.root, "written"):
            self._journals.remove(snapshot.journal)
            wanted = {self._file(blob) for blob in _blobs(snapshot, self.doubts(snapshot))}
            for path in self._ledger.glob("*.parquet"):
                if path not in wanted and _BLOB_NAME.fullmatch(path.name):
                    path.unlink(missing_ok=True)

    def statistics(self, snapshot: Snapshot) -> ListsStatistics:
        """What is kept of Criteo's counts; of another state's nothing. Raises StateError when it can't be read."""
        with disk_errors(self._statistics, "read"):
            try:
                data = self._statistics.read_bytes()
            except FileNotFoundError:
                return ListsStatistics(lineage=snapshot.lineage)
        found = statistics.decode(data, str(self._statistics))
        return found if found.lineage == snapshot.lineage else ListsStatistics(lineage=snapshot.lineage)

    def note_statistics(self, snapshot: Snapshot, update: Callable[[ListsStatistics], ListsStatistics]) -> None:
        """Put what `update` makes of the counts in place of them, whoever else does so; the same writes nothing."""
        with disk_errors(self._statistics, "written"), gate(self.root):
            before = self.statistics(snapshot)
            after = update(before)
            if after != before:
                write_whole(self._statistics, statistics.encode(after))

    def holder(self) -> tuple[Lock, str | None] | None:
        """The lock, if there is one, and why it may be taken over, if it may."""
        lock = self._lock.current()
        return (lock, why_free(lock, Holder.here(), self._clock())) if lock is not None else None

    @contextmanager
    def lock(self, operation: str, timeout: float = 0.0) -> Iterator[Lease]:
        """Hold the lock for a block; what dead writers left in staging is wiped. Raises Locked after `timeout` s."""
        made = not self.root.exists()
        lease = self._wait_for_lease(operation, timeout)
        try:
            shutil.rmtree(self._staging, ignore_errors=True)
            yield lease
        finally:
            lease.release()
            if made:
                with suppress(OSError):  # it holds something by now, as it should
                    self.root.rmdir()

    def unlock(self, lock_id: str) -> Lock:
        """Break the lock with this id. Raises StateError when there is no such lock."""
        return self._lock.break_up(lock_id)

    def _wait_for_lease(self, operation: str, timeout: float) -> Lease:
        end = time.monotonic() + timeout
        lease = None
        while lease is None:
            try:
                lease = self._lease(operation)
            except Locked:
                left = end - time.monotonic()
                if left <= 0:
                    raise
                self._sleep(min(_POLL, left))
        return lease

    def _lease(self, operation: str) -> Lease | None:
        """The lock, or None when the folder went with the lock of whoever made it: then try again."""
        with disk_errors(self.root, "written"):
            make_folder(self.root)
            with suppress(FileNotFoundError):
                return Lease(self._lock, *self._lock.acquire(operation))
        return None

    def _refuse_half(self) -> None:
        left = [path.name for path in (self._ledger, self.root / "journal") if path.exists()]
        if left:
            raise StateError(
                "Half of the state is missing.",
                f"{self.root} has {' and '.join(f'{name}/' for name in left)} but no snapshot.json.",
                "Put the folder back from a backup as a whole. It was left untouched.",
            )

    def _file(self, blob: Blob) -> Path:
        return self._ledger / f"{blob.digest}.parquet"


def _version(snapshot: Snapshot) -> tuple[str, int, int, int]:
    return (snapshot.lineage, snapshot.structure_serial, snapshot.ledger_generation, snapshot.journal)


def _blobs(snapshot: Snapshot, doubts: tuple[Doubt, ...]) -> Iterator[Blob]:
    ledger = snapshot.ledger
    yield from (blob for blob in (ledger.base, *ledger.deltas) if blob is not None)
    yield from (doubt.intent for doubt in doubts if doubt.intent is not None)


def _broken(path: Path, what: str) -> StateError:
    return StateError(
        "The ledger is not whole.",
        f"{path}: {what}.",
        "Run again if an apply has just ended: it may have replaced it. If not, put back the state from a backup.",
    )


def _lost_race(path: Path, what: str) -> StateError:
    return StateError(
        "Another writer was first.",
        f"{path}: {what}.",
        "Nothing of the state was lost; run again on what is there now.",
    )
