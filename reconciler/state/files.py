"""Files that are there whole or not at all, and a gate for the moments in which only one process may look and write."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reconciler.errors import StateError

_HINTS = {
    errno.ENOSPC: "Free some space on this disk and run again; the state is as it was.",
    errno.EDQUOT: "The quota of this disk is used up: free some space and run again; the state is as it was.",
    errno.EFBIG: "The limit on the size of files is too low here: raise it and run again; the state is as it was.",
    errno.EACCES: "Give this user the right to read and write the state folder, then run again.",
    errno.EPERM: "Give this user the right to read and write the state folder, then run again.",
    errno.EROFS: "The state folder is on a disk that can only be read: mount it writable and run again.",
}
_ANY_HINT = "Nothing of the state was lost; run again when the disk works."


@contextmanager
def disk_errors(path: Path, verb: str) -> Iterator[None]:
    """Turn the operating system's word on a file into a StateError with what to do. `verb` is `read` or `written`."""
    try:
        yield
    except OSError as error:
        hint = _HINTS.get(error.errno or 0, _ANY_HINT)
        raise StateError(f"The state could not be {verb}.", f"{path}: {error.strerror or 'failed'}", hint) from error


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter; fine when it is there already."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_temporary(folder: Path, data: bytes) -> Path:
    """A durable file under a name that nobody reads, for its owner alone; removed when it can't be written whole."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in place, or replace it, so that every reader sees the old content or the new. Raises OSError."""
    temporary = write_temporary(path.parent, data)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def create_whole(path: Path, data: bytes) -> None:
    """Put a file in place only when there is none. Raises FileExistsError, or another OSError."""
    temporary = write_temporary(path.parent, data)
    try:
        path.hardlink_to(temporary)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def remove_temporaries(folder: Path) -> None:
    """Remove what a process that died while writing has left. Call it only inside the gate."""
    for path in folder.glob(".*.tmp"):
        path.unlink(missing_ok=True)


@contextmanager
def gate(folder: Path) -> Iterator[None]:
    """Let one thread of one process at a time in; the kernel opens it again when its holder dies."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        with suppress(OSError):
            os.close(handle)


def digest_of(path: Path) -> str:
    """SHA-256 of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
