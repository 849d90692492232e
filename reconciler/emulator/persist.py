"""Keep a world on disk: an append-only log of its events, replayed at the start.

A record is one line of JSON and, for an amendment, the members after it. It is in the system's hands
before the request is answered, so killing the process loses nothing that was answered; a record cut
short by that is dropped at the next start.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from reconciler.emulator.world import Event

FILE_NAME = "world.log"
LOCK_NAME = "world.lock"
FORMAT = 1

_SMALLEST_WASTE = 1 << 16


class WorldFolderError(Exception):
    """The folder cannot be used: another emulator uses it, or it holds something else."""


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

    def replay(self) -> Iterator[Event]:
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
            good = file.tell()
            while (event := _read(file)) is not None:
                yield event
                good = file.tell()
            file.truncate(good)

    def append(self, event: Event) -> None:
        """Write one event; it outlives the process when this returns."""
        if self._file is None:
            self._file = _open(self._path)
        self._file.write(_record(event))
        self._file.flush()

    def compact(self, events: Iterable[Event], live_bytes: int) -> None:
        """Replace the log by `events` if more than half of it says nothing any more."""
        if not self._path.exists() or self._path.stat().st_size < 2 * live_bytes + _SMALLEST_WASTE:
            return
        self._close_file()
        new = self._path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with _open(new) as file:
            for event in events:
                file.write(_record(event))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)

    def close(self) -> None:
        """Let go of the folder; calling it twice does no harm."""
        self._close_file()
        self._lock.close()

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _open(path: Path) -> BinaryIO:
    file = path.open("ab")
    if file.tell() == 0:
        file.write(json.dumps({"emulator world": FORMAT}).encode() + b"\n")
    return file


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


def _record(event: Event) -> bytes:
    payload, coding = _pack(event.keys)
    head = {"name": event.name, "at": event.at, "values": dict(event.values), **coding}
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + payload


def _read(file: BinaryIO) -> Event | None:
    """Read one record; `None` at the end or when it was not finished."""
    line = file.readline()
    if not line.endswith(b"\n"):
        return None
    head = json.loads(line)
    payload = file.read(head.get("bytes", 0))
    if len(payload) < head.get("bytes", 0):
        return None
    keys = _unpack(payload, head.get("width", 0))
    return Event(name=head["name"], at=head["at"], values=head["values"], keys=keys)


def _pack(keys: tuple[bytes, ...]) -> tuple[bytes, dict[str, Any]]:
    """Join members: end to end when all are of one width, else as lines of hexadecimal."""
    if not keys:
        return b"", {}
    widths = set(map(len, keys))
    if len(widths) == 1:
        payload, width = b"".join(keys), widths.pop()
    else:
        payload, width = "\n".join(key.hex() for key in keys).encode(), 0
    return payload, {"bytes": len(payload), "width": width}


def _unpack(payload: bytes, width: int) -> tuple[bytes, ...]:
    if width == 0:
        return tuple(bytes.fromhex(line) for line in payload.decode().splitlines())
    return tuple(payload[start : start + width] for start in range(0, len(payload), width))
