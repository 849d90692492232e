"""Keep a world on disk: an append-only log of its events, replayed at the start.

A record is one line of JSON and, for an amendment, the members after it. It is in the system's hands
before the request is answered, so killing the process loses nothing that was answered; a record cut
short by that is dropped at the next start. Members stay where they were written: a start passes over
them, and whoever needs some reads them there.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from reconciler.emulator.members import Run
from reconciler.emulator.packed import Packed
from reconciler.emulator.world import Event

FILE_NAME = "world.log"
LOCK_NAME = "world.lock"
FORMAT = 2


class WorldFolderError(Exception):
    """The folder cannot be used: another emulator uses it, or it holds something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """When a change that was taken in is to happen; of two at one instant the lower `lot` is first."""

    at: float
    lot: float = 0.0


class WorldLog:
    """The log of one world in `folder`, which is made when it does not exist.

    The folder is this log's alone until it is closed or its process dies. Raises `WorldFolderError`
    when it is another's.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / FILE_NAME
        self._lock = _take_lock(folder / LOCK_NAME)
        self._file: BinaryIO | None = None

    def replay(self) -> Iterator[tuple[Event, Due | None]]:
        """Yield the events of earlier runs, then cut off a record that was not finished.

        Raises `WorldFolderError` when the file is of another kind or version.
        """
        if not self._path.exists():
            return
        with self._path.open("r+b") as file:
            if not _is_ours(file):
                self.close()
                raise WorldFolderError(
                    f"{self._path} is not a world of this emulator; name another folder or move the file away"
                )
            size, good = self._path.stat().st_size, file.tell()
            while (record := _read(file, size)) is not None:
                yield record
                good = file.tell()
            file.truncate(good)

    def append(self, event: Event, due: Due | None = None) -> Event:
        """Write one event; it outlives the process when this returns. Its members are then in `run`."""
        if self._file is None:
            self._file = _open(self._path)
        begin = self._file.tell()
        try:
            written = _write(self._file, event, due)
            self._file.flush()
        except OSError:
            self._forget_half_a_record(begin)
            raise
        return written

    def read(self, run: Run) -> Packed:
        """Return members that were written."""
        if self._file is None:
            self._file = _open(self._path)
        return Packed(os.pread(self._file.fileno(), run.length, run.offset), run.width)

    def size(self) -> int:
        """Return how many bytes the log has."""
        if self._file is not None:
            return self._file.tell()
        return self._path.stat().st_size if self._path.exists() else 0

    def rewrite(self, records: Iterable[tuple[Event, Due | None]]) -> bool:
        """Replace the log by `records`, after which members lie elsewhere; tell whether that was possible.

        The old one stays what it is until the new one is whole and on disk, and is read meanwhile.
        """
        new = self._path.with_suffix(".new")
        try:
            _write_anew(new, records)
            new.replace(self._path)
        except OSError:  # no room for it, say: the old one is as good, only longer
            with suppress(OSError):
                new.unlink(missing_ok=True)
            return False
        self._close_file()
        return True

    def close(self) -> None:
        """Let go of the folder; calling it twice does no harm."""
        self._close_file()
        self._lock.close()

    def _forget_half_a_record(self, begin: int) -> None:
        """Go on after the last whole record, whatever became of the next."""
        self._close_file()
        os.truncate(self._path, begin)

    def _close_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):
                file.close()


def _open(path: Path) -> BinaryIO:
    file = path.open("a+b")
    if file.tell() == 0:
        file.write(json.dumps({"emulator world": FORMAT}).encode() + b"\n")
    return file


def _write_anew(path: Path, records: Iterable[tuple[Event, Due | None]]) -> None:
    path.unlink(missing_ok=True)
    with _open(path) as file:
        for event, due in records:
            _write(file, event, due)
        file.flush()
        os.fsync(file.fileno())


def _is_ours(file: BinaryIO) -> bool:
    return file.readline(200) == json.dumps({"emulator world": FORMAT}).encode() + b"\n"


def _take_lock(path: Path) -> BinaryIO:
    """Lock a file for as long as it is open, which ends with the process however that ends."""
    lock = path.open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise WorldFolderError(f"{path.parent} is in use by another emulator; stop it or name another folder") from None
    return lock


def _write(file: BinaryIO, event: Event, due: Due | None) -> Event:
    """Write one record, and return its event with the place of its members."""
    keys, coding = event.keys, {}
    if keys.payload:
        coding = {"bytes": len(keys.payload), "width": keys.width, "count": len(keys)}
    waits = {"due": [due.at, due.lot]} if due else {}
    head = {"name": event.name, "at": event.at, "values": dict(event.values), **coding, **waits}
    file.write(json.dumps(head, separators=(",", ":")).encode() + b"\n")
    offset = file.tell()
    file.write(keys.payload)
    return replace(event, keys=Packed(), run=_run(head, offset))


def _read(file: BinaryIO, size: int) -> tuple[Event, Due | None] | None:
    """Read one record, passing over its members; `None` at the end or when it was not finished."""
    line = file.readline()
    if not line.endswith(b"\n"):
        return None
    head = json.loads(line)
    if file.seek(head.get("bytes", 0), os.SEEK_CUR) > size:
        return None
    event = Event(
        name=head["name"], at=head["at"], values=head["values"], run=_run(head, file.tell() - head.get("bytes", 0))
    )
    return event, Due(at=head["due"][0], lot=head["due"][1]) if "due" in head else None


def _run(head: dict[str, Any], offset: int) -> Run | None:
    if "bytes" not in head:
        return None
    return Run(offset=offset, length=head["bytes"], width=head["width"], count=head["count"])
