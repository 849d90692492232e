"""The lock: one writer, and no dead one in the way."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.criteo.connect import TIMEOUT
from reconciler.errors import Locked, StateError
from reconciler.state.local import LocalStore
from reconciler.state.lock import GRACE, LEASE, Holder, Lock, why_free
from tests.state.snapshots import NOON

HOLD = (
    "import sys; from pathlib import Path; from reconciler.state.local import LocalStore\n"
    "with LocalStore(Path(sys.argv[1])).lock('sync'):\n    print('held', flush=True); sys.stdin.read()\n"
)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


@contextmanager
def another_process(root: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until it is killed or its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as it:
        assert it.stdout is not None
        assert it.stdout.readline() == "held\n"
        yield it
        it.kill()


def written(store: LocalStore) -> dict[str, Any]:
    """The lock file as it is."""
    document: dict[str, Any] = json.loads((store.root / "lock.json").read_text())
    return document


def rewrite(store: LocalStore, **changes: object) -> None:
    """Put a lock of somebody else in place."""
    (store.root / "lock.json").write_text(json.dumps(written(store) | changes))


def test_the_lock_says_who_is_at_work(store: LocalStore) -> None:
    """Host, boot, process, since when, for what and until when are in the file while the lock is held."""
    with store.lock("apply"):
        lock = written(store)
        assert lock["host"] == socket.gethostname()
        assert lock["pid"] == Holder.here().pid
        assert lock["boot_id"] == Holder.here().boot_id
        assert lock["operation"] == "apply"
        lasts = dt.datetime.fromisoformat(lock["until"]) - dt.datetime.fromisoformat(lock["since"])
        assert lasts == LEASE
    assert not (store.root / "lock.json").exists()


def test_a_lock_makes_no_state(store: LocalStore) -> None:
    """A folder that was made for the lock alone goes with it."""
    with store.lock("apply"):
        assert store.read() is None
    assert not store.root.exists()


def test_a_live_process_is_not_disturbed(store: LocalStore) -> None:
    """While another process holds the lock, the error names it and tells how to break its lock."""
    with another_process(store.root) as owner:
        with pytest.raises(Locked) as caught, store.lock("apply"):
            pass
        assert caught.value.exit_code == 5
        assert f"`sync` on {socket.gethostname()} (process {owner.pid})" in caught.value.detail
        assert f"reconciler state unlock {written(store)['id']}" in caught.value.hint


def test_waiting_is_rewarded(store: LocalStore) -> None:
    """A writer that may wait gets the lock as soon as the other one gives it back, with nothing to tell."""
    with another_process(store.root) as owner:
        assert owner.stdin is not None
        owner.stdin.close()
        with store.lock("apply", timeout=20) as lease:
            assert lease.takeover is None


def test_waiting_ends(store: LocalStore) -> None:
    """A writer waits as long as it was told, in short steps, and then gives up."""
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(seconds)

    with store.lock("sync"), pytest.raises(Locked), LocalStore(store.root, sleep=sleep).lock("apply", timeout=0.6):
        pass
    assert 0.4 < sum(waits) < 1.2


def test_a_killed_process_is_followed_at_once(store: LocalStore) -> None:
    """The lock of a process that died is taken over, and the takeover is told."""
    with another_process(store.root) as owner:
        owner.kill()
        owner.wait()
        with store.lock("apply") as lease:
            assert lease.takeover is not None
            assert f"process {owner.pid}" in lease.takeover
            assert "its process is no more" in lease.takeover
            lease.check()


def test_a_killed_process_that_nobody_has_waited_for_is_dead_too(store: LocalStore) -> None:
    """A process that was killed holds nothing, though its parent has not noticed."""
    with another_process(store.root) as owner:
        owner.kill()
        stat = Path(f"/proc/{owner.pid}/stat")
        end = time.monotonic() + 10
        while stat.read_text().rpartition(")")[2].split()[0] != "Z" and time.monotonic() < end:
            time.sleep(0.01)
        with store.lock("apply") as lease:
            assert lease.takeover is not None


def test_a_pid_that_was_given_out_again_is_not_taken_for_its_holder(store: LocalStore) -> None:
    """A live process with the pid of the holder, but another start, holds nothing."""
    with store.lock("sync"):
        rewrite(store, id="other", started="1")
        with LocalStore(store.root).lock("apply") as lease:
            assert "its process is no more" in str(lease.takeover)


HERE = Holder(host="a", boot_id="1", pid_namespace="n", pid=1, started="1")
ELSEWHERE = replace(HERE, host="b")


@pytest.mark.parametrize(
    ("holder", "after", "free"),
    [
        (ELSEWHERE, LEASE + GRACE - dt.timedelta(seconds=1), None),
        (ELSEWHERE, LEASE + GRACE, "its lease ended at 2026-11-21T12:01:00Z"),
        (replace(HERE, boot_id="2"), dt.timedelta(0), "this machine has been started again since"),
        (replace(HERE, pid_namespace="m"), dt.timedelta(0), None),
        (replace(HERE, boot_id=""), dt.timedelta(0), None),
    ],
)
def test_who_may_still_be_alive_is_left_alone(holder: Holder, after: dt.timedelta, free: str | None) -> None:
    """Of another machine, or of a container that we can't look into, only the end of the lease tells."""
    lock = Lock(id="x", holder=holder, operation="apply", since=NOON, until=NOON + LEASE)
    assert why_free(lock, HERE, NOON + after) == free


def test_the_grace_covers_a_request_that_is_under_way() -> None:
    """A lease is taken over only when no request of its holder can still be waiting for an answer."""
    assert dt.timedelta(seconds=TIMEOUT) <= GRACE


def test_a_lease_that_ended_elsewhere_is_taken_over(store: LocalStore) -> None:
    """The lock of a machine that fell silent is taken over one request timeout after its lease."""
    clock = Clock()
    with LocalStore(store.root, clock=clock).lock("sync"):
        rewrite(store, host="far-away", id="other")
        clock.now += LEASE + GRACE
        with LocalStore(store.root, clock=clock).lock("apply") as lease:
            assert "far-away" in str(lease.takeover)


def test_a_lost_lock_is_noticed_before_the_next_request(store: LocalStore) -> None:
    """The check fails as soon as the lock is broken or somebody else's."""
    with store.lock("apply") as lease:
        lease.check()
        lock_id = written(store)["id"]
        rewrite(store, id="other")
        with pytest.raises(StateError, match="The lock was lost"):
            lease.check()
        rewrite(store, id=lock_id)
        store.unlock(lock_id)
        with pytest.raises(StateError, match="Somebody has broken it"):
            lease.check()


def test_a_lease_that_ran_out_unnoticed_is_renewed(store: LocalStore) -> None:
    """A machine that slept goes on when nobody took its lock meanwhile."""
    clock = Clock()
    with LocalStore(store.root, clock=clock).lock("apply") as lease:
        clock.now += dt.timedelta(hours=1)
        lease.check()
        assert dt.datetime.fromisoformat(written(store)["until"]) == clock.now + LEASE


def test_a_lease_is_renewed_while_it_is_held(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of the lease moves on without anybody asking."""
    monkeypatch.setattr("reconciler.state.lock.RENEWAL", 0.01)
    with store.lock("apply"):
        first = written(store)["until"]
        end = time.monotonic() + 10
        while written(store)["until"] == first and time.monotonic() < end:
            time.sleep(0.01)
        assert written(store)["until"] > first


def test_a_folder_that_was_taken_away_does_not_hide_the_real_error(store: LocalStore) -> None:
    """Giving back a lock whose folder is gone is no error of its own."""

    def work() -> None:
        with store.lock("apply"):
            shutil.rmtree(store.root)
            raise RuntimeError("the real one")

    with pytest.raises(RuntimeError, match="the real one"):
        work()


def test_somebody_elses_lock_is_not_given_back(store: LocalStore) -> None:
    """A writer that lost its lock leaves the new holder's alone when it ends."""
    with store.lock("apply"):
        rewrite(store, id="other")
    assert written(store)["id"] == "other"


def test_only_the_lock_that_was_named_is_broken(store: LocalStore) -> None:
    """Breaking needs the id of the lock that is there."""
    with store.lock("apply"):
        with pytest.raises(StateError, match="The lock has another id"):
            store.unlock("guess")
        assert store.unlock(written(store)["id"]).operation == "apply"
    with pytest.raises(StateError, match="is not locked"):
        store.unlock("guess")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format_version": 2}'])
def test_a_lock_of_something_else_is_refused(store: LocalStore, content: str) -> None:
    """A lock file that we can't read is nobody's to take."""
    store.initialise("shop")
    (store.root / "lock.json").write_text(content)
    with pytest.raises(StateError, match="The lock is not ours to read"), store.lock("apply"):
        pass
    assert (store.root / "lock.json").read_text() == content
