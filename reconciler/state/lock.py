"""The lock: who is at work on the state, since when, for what, until when; a lease that its holder keeps renewing."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from reconciler.errors import Locked, StateError
from reconciler.state.files import create_whole, disk_errors, gate, remove_temporaries, write_whole
from reconciler.state.moments import moment_from_json, moment_to_json

LEASE = dt.timedelta(seconds=60)
RENEWAL = 15.0
"""Seconds between two renewals."""
GRACE = dt.timedelta(seconds=60)
"""How long after its end a lease may still have a request under way: as long as the client waits for an answer."""

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """A process, told apart from every other: `started` is its start in clock ticks after boot, so that a pid that has
    been given out again is not taken for it. What the system doesn't tell is empty.
    """

    host: str
    boot_id: str
    pid_namespace: str
    pid: int
    started: str

    @classmethod
    def here(cls) -> Holder:
        """The holder that we would be."""
        return cls(
            host=socket.gethostname(),
            boot_id=_first_line(Path("/proc/sys/kernel/random/boot_id")),
            pid_namespace=_link("/proc/self/ns/pid"),
            pid=os.getpid(),
            started=started(os.getpid()) or "",
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Lock:
    """The content of `lock.json`."""

    id: str
    holder: Holder
    operation: str
    since: dt.datetime
    until: dt.datetime

    def __str__(self) -> str:
        since = moment_to_json(self.since.replace(microsecond=0))
        return f"`{self.operation}` on {self.holder.host} (process {self.holder.pid}) since {since}"


def started(pid: int) -> str | None:
    """When a live process here started, in ticks; None when there is none, `""` when the system can't tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None if Path("/proc/self/stat").exists() else _alive(pid)
    return None if fields[0] in "ZX" else fields[19]


def _alive(pid: int) -> str | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except OSError:
        return ""
    return ""


def why_free(lock: Lock, here: Holder, now: dt.datetime) -> str | None:
    """Why a lock may be taken over, or None while its holder may be alive."""
    holder = lock.holder
    if holder.host == here.host and holder.boot_id and here.boot_id:
        if holder.boot_id != here.boot_id:
            return "this machine has been started again since"
        if holder.pid_namespace == here.pid_namespace and started(holder.pid) != holder.started:
            return "its process is no more"
    if lock.until + GRACE <= now:
        return f"its lease ended at {moment_to_json(lock.until.replace(microsecond=0))}"
    return None


class LockFile:
    """`lock.json` in a folder that exists. Every change is made inside the folder's gate."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def current(self) -> Lock | None:
        """The lock, or None. Raises StateError when the file is none of ours."""
        with disk_errors(self._path, "read"):
            try:
                data = self._path.read_bytes()
            except FileNotFoundError:
                return None
        return _decode(data, self._path)

    def acquire(self, operation: str) -> tuple[Lock, str | None]:
        """Take the lock, with a note when it was taken over. Raises Locked while somebody else's holds, and OSError."""
        now = self._clock()
        lock = Lock(id=uuid.uuid4().hex, holder=Holder.here(), operation=operation, since=now, until=now + LEASE)
        with gate(self._path.parent):
            remove_temporaries(self._path.parent)
            before = self.current()
            if before is None:
                self._create(lock)
                return lock, None
            why = why_free(before, lock.holder, now)
            if why is None:
                raise locked(before)
            write_whole(self._path, _encode(lock))
        return lock, f"Took over the lock of {before}: {why}. What it was about to send is said again."

    def renew(self, lock: Lock) -> None:
        """Put the end of our lease off. Raises StateError when the lock is no longer ours."""
        with disk_errors(self._path, "written"), gate(self._path.parent):
            self._ours(lock)
            write_whole(self._path, _encode(replace(lock, until=self._clock() + LEASE)))

    def check(self, lock: Lock) -> None:
        """Raise StateError unless the lock is ours; renew a lease that has run out with nobody taking it over."""
        if self._ours(lock).until <= self._clock():
            self.renew(lock)

    def release(self, lock: Lock) -> None:
        """Remove our lock; nothing happens when it is somebody else's by now, or gone with its folder."""
        with disk_errors(self._path, "written"), suppress(FileNotFoundError), gate(self._path.parent):
            current = self.current()
            if current is not None and current.id == lock.id:
                self._path.unlink()

    def break_up(self, lock_id: str) -> Lock:
        """Remove whoever's lock has this id, and answer it. Raises StateError when there is none of this id."""
        if self.current() is None:
            raise StateError("The state is not locked.", f"{self._path} does not exist.", "There is nothing to do.")
        with disk_errors(self._path, "written"), gate(self._path.parent):
            current = self.current()
            if current is None or current.id != lock_id:
                raise StateError(
                    "The lock has another id.",
                    f"It is {current.id}, of {current}." if current is not None else "It was given back just now.",
                    "Look again who is at work before you break the lock.",
                )
            self._path.unlink()
            return current

    def _create(self, lock: Lock) -> None:
        try:
            create_whole(self._path, _encode(lock))
        except FileExistsError as error:  # on a disk shared between machines the gate may hold on one of them alone
            raise Locked("The state is locked.", "Somebody else was first.", "Run again in a moment.") from error

    def _ours(self, lock: Lock) -> Lock:
        current = self.current()
        if current is None or current.id != lock.id:
            owner = f"It belongs to {current} now." if current is not None else "Somebody has broken it."
            raise StateError(
                "The lock was lost.", owner, "Nothing more is sent; run again, and what is in doubt is said again."
            )
        return current


class Lease:
    """A held lock, renewed by a thread until it is released. `takeover` tells how it was got from a dead writer."""

    def __init__(self, file: LockFile, lock: Lock, takeover: str | None) -> None:
        self.takeover = takeover
        self.lock = lock
        self._file = file
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="reconciler-lease", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Call before every request that writes. Raises StateError when the lock is lost."""
        self._file.check(self.lock)

    def release(self) -> None:
        """Stop renewing and give the lock back."""
        self._over.set()
        self._thread.join()
        self._file.release(self.lock)

    def _keep(self) -> None:
        while not self._over.wait(RENEWAL):
            with suppress(StateError):  # whether the lock is lost, the check before the next request will tell
                self._file.renew(self.lock)


def locked(lock: Lock) -> Locked:
    """The error that names a live owner."""
    return Locked(
        "The state is locked.",
        f"{lock} is at work; its lease ends at {moment_to_json(lock.until.replace(microsecond=0))}.",
        f"Wait for it, or wait longer with --lock-timeout. If it is surely dead: reconciler state unlock {lock.id}",
    )


def _encode(lock: Lock) -> bytes:
    document: dict[str, Any] = {
        "format_version": 1,
        "id": lock.id,
        **asdict(lock.holder),
        "operation": lock.operation,
        "since": moment_to_json(lock.since),
        "until": moment_to_json(lock.until),
    }
    return (json.dumps(document, indent=2) + "\n").encode()


def _decode(data: bytes, path: Path) -> Lock:
    try:
        return _from_dict(json.loads(data))
    except (KeyError, TypeError, ValueError) as error:
        raise StateError(
            "The lock is not ours to read.",
            f"{path} was written by a newer version or by something else.",
            "Make sure that nobody is at work on this state, then remove the file.",
        ) from error


def _from_dict(document: dict[str, Any]) -> Lock:
    since, until = moment_from_json(document["since"]), moment_from_json(document["until"])
    if document["format_version"] != 1 or since is None or until is None:
        raise ValueError(document["format_version"])
    fields = ("host", "boot_id", "pid_namespace", "pid", "started")
    holder = Holder(**{name: document[name] for name in fields})
    return Lock(id=document["id"], holder=holder, operation=document["operation"], since=since, until=until)


def _first_line(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return str(Path(path).readlink())
    except OSError:
        return ""
