"""Claims that every store must keep; today there is one, in a local folder."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import StateError
from reconciler.state.format import encode
from reconciler.state.local import LocalStore
from reconciler.state.snapshot import Blob, Doubt, Ledger, Snapshot
from tests.state.snapshots import HOT, LOST, NOON, full_snapshot

NAMES = Doubt(intent=None, bits={HOT: 0}, lists=frozenset({HOT}), creates=frozenset())


def kept(store: LocalStore, content: bytes) -> Blob:
    """A ledger file of this content."""
    with store.staging() as folder:
        (folder / "rows").write_bytes(content)
        return store.keep(folder / "rows")


def files(store: LocalStore) -> dict[str, bytes]:
    """Every file of the state, with its content."""
    return {str(path.relative_to(store.root)): path.read_bytes() for path in store.root.rglob("*") if path.is_file()}


def bumped(snapshot: Snapshot, counter: str) -> Snapshot:
    """The snapshot with one counter moved."""
    changes: dict[str, Any] = {counter: 1}
    return replace(snapshot, **changes)


def test_there_is_no_state_before_the_first(store: LocalStore) -> None:
    """Reading where nothing is answers None and makes nothing."""
    assert store.read() is None
    assert not store.root.exists()


def test_a_new_state_is_empty_and_has_a_lineage_of_its_own(store: LocalStore, tmp_path: Path) -> None:
    """Two states that are initialised are never taken for each other."""
    first = store.initialise("shop")
    second = LocalStore(tmp_path / "other").initialise("shop")
    assert store.read() == first == Snapshot(workspace="shop", lineage=first.lineage)
    assert first.lineage != second.lineage


def test_a_state_is_initialised_once(store: LocalStore) -> None:
    """Initialising again is refused and leaves the state as it is."""
    first = store.initialise("shop")
    with pytest.raises(StateError, match="there is a state already"):
        store.initialise("shop")
    assert store.read() == first


def test_the_state_of_another_workspace_is_refused(store: LocalStore) -> None:
    """A state is only read for the workspace that it belongs to."""
    store.initialise("shop")
    with pytest.raises(StateError, match="is of `shop`, this workspace is `bakery`"):
        store.read("bakery")
    assert store.read("shop") is not None


def test_files_are_for_their_owner_alone(store: LocalStore) -> None:
    """Folders have mode 0700 and files 0600, whatever the umask."""
    before = os.umask(0)
    try:
        snapshot = store.initialise("shop")
        kept(store, b"rows")
        store.begin(snapshot, "apply", NOON, NAMES).close()
    finally:
        os.umask(before)
    modes = {oct(path.stat().st_mode & 0o777) for path in (store.root, *store.root.rglob("*")) if path.is_dir()}
    assert modes == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in store.root.rglob("*") if path.is_file()} == {"0o600"}


@pytest.mark.parametrize("left", ["ledger", "journal"])
def test_half_a_state_is_refused(store: LocalStore, left: str) -> None:
    """A ledger or a journal without a snapshot is no new beginning."""
    snapshot = store.initialise("shop")
    kept(store, b"rows")
    store.begin(snapshot, "apply", NOON, NAMES).close()
    for path in (store.root / "snapshot.json", *(store.root / each for each in {"ledger", "journal"} - {left})):
        subprocess.run(["rm", "-r", path], check=True)
    before = files(store)
    with pytest.raises(StateError, match=f"has {left}/ but no snapshot.json"):
        store.read()
    with pytest.raises(StateError, match="Half of the state is missing"):
        store.initialise("shop")
    assert files(store) == before


def test_a_replaced_snapshot_is_read_again(store: LocalStore) -> None:
    """What is put in place is what is read."""
    before = store.initialise("shop")
    after = replace(full_snapshot(), lineage=before.lineage)
    store.replace(before, after)
    assert store.read() == after


def test_the_same_content_is_not_written(store: LocalStore) -> None:
    """Replacing a snapshot by an equal one leaves the file itself alone."""
    snapshot = store.initialise("shop")
    file = store.root / "snapshot.json"
    before = file.stat()
    store.replace(snapshot, replace(snapshot))
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("counter", ["structure_serial", "ledger_generation", "journal"])
def test_the_second_of_two_writers_loses_and_loses_nothing(store: LocalStore, counter: str) -> None:
    """A writer whose snapshot is no longer the one on disk is told so, and the winner's stays."""
    common = store.initialise("shop")
    winner = bumped(common, counter)
    LocalStore(store.root).replace(common, winner)
    with pytest.raises(StateError, match="Another writer was first"):
        store.replace(common, replace(common, structure_serial=5))
    assert store.read() == winner


def test_a_state_that_was_taken_away_is_not_made_anew(store: LocalStore) -> None:
    """A snapshot that vanished between reading and writing is a lost race."""
    snapshot = store.initialise("shop")
    (store.root / "snapshot.json").unlink()
    with pytest.raises(StateError, match="Another writer was first"):
        store.replace(snapshot, replace(snapshot, journal=1))
    assert store.read() is None


def test_a_truncated_snapshot_is_refused_and_left_alone(store: LocalStore) -> None:
    """Neither reading nor replacing touches a file that is not whole."""
    snapshot = store.initialise("shop")
    file = store.root / "snapshot.json"
    file.write_bytes(file.read_bytes()[:40])
    for attempt in (store.read, lambda: store.replace(snapshot, replace(snapshot, journal=1))):
        with pytest.raises(StateError, match="truncated"):
            attempt()
    assert len(file.read_bytes()) == 40


def test_a_kept_file_is_named_by_its_content(store: LocalStore) -> None:
    """A ledger file is found by its digest, and keeping it twice keeps it once."""
    store.initialise("shop")
    blob, again = kept(store, b"rows"), kept(store, b"rows")
    assert blob == again == Blob(digest=hashlib.sha256(b"rows").hexdigest(), size=4)
    assert store.path(blob).read_bytes() == b"rows"
    assert sorted(files(store)) == [f"ledger/{blob.digest}.parquet", "snapshot.json"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "the file is missing"), (b"row", "has 3 bytes where 4"), (b"rowz", "is not what was written")],
)
def test_a_ledger_file_that_is_not_whole_is_refused(store: LocalStore, content: bytes | None, message: str) -> None:
    """A missing, truncated or exchanged ledger file ends in exit 4."""
    store.initialise("shop")
    blob = kept(store, b"rows")
    path = store.path(blob)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StateError, match=message) as caught:
        store.path(blob)
    assert caught.value.exit_code == 4


def test_sweeping_keeps_all_that_is_referred_to(store: LocalStore) -> None:
    """Base, deltas and intents in doubt stay; what nothing refers to goes, with the journals that are taken in."""
    empty = store.initialise("shop")
    base, delta, doubtful, stray = (kept(store, each) for each in (b"base", b"delta", b"doubtful", b"stray"))
    store.begin(empty, "apply", NOON, NAMES).close()
    after = replace(
        empty, journal=1, ledger=Ledger(base=base, deltas=(delta,)), doubts=(replace(NAMES, intent=doubtful),)
    )
    store.replace(empty, after)
    store.sweep(after)
    left = {f"ledger/{blob.digest}.parquet" for blob in (base, delta, doubtful)}
    assert set(files(store)) == left | {"snapshot.json"}
    with pytest.raises(StateError):
        store.path(stray)


def test_sweeping_keeps_what_a_later_journal_names(store: LocalStore) -> None:
    """A journal that the snapshot has not taken in keeps its file and its rows."""
    snapshot = store.initialise("shop")
    blob = kept(store, b"intent")
    store.begin(snapshot, "apply", NOON, replace(NAMES, intent=blob)).close()
    store.sweep(snapshot)
    assert store.path(blob).exists()
    assert [doubt.intent for doubt in store.doubts(snapshot)] == [blob]


def test_staging_is_wiped_at_the_end_and_by_the_next_writer(store: LocalStore) -> None:
    """What a run leaves in staging goes with it; what a dead run left goes when the lock is taken."""
    store.initialise("shop")
    with store.staging() as folder:
        (folder / "half").write_bytes(b"x")
    assert sorted(files(store)) == ["snapshot.json"]
    left = store.root / "staging" / "dead"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"x")
    (store.root / ".half.tmp").write_bytes(b"x")
    with store.lock("apply"):
        assert sorted(files(store)) == ["lock.json", "snapshot.json"]


def test_a_writer_killed_before_the_rename_leaves_the_old_snapshot(store: LocalStore) -> None:
    """A process killed between writing the new file and renaming it has changed nothing that is read."""
    before = store.initialise("shop")
    script = (
        "import os, signal, sys; from pathlib import Path; from dataclasses import replace\n"
        "from reconciler.state.local import LocalStore\n"
        "Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "store = LocalStore(Path(sys.argv[1])); snapshot = store.read()\n"
        "store.replace(snapshot, replace(snapshot, structure_serial=1))\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, store.root], check=False)
    assert ended.returncode == -9
    assert store.read() == before
    assert list(store.root.glob(".*.tmp"))
    with store.lock("apply"):
        pass
    assert sorted(files(store)) == ["snapshot.json"]


def test_a_full_disk_leaves_the_old_snapshot(store: LocalStore) -> None:
    """When the new snapshot does not fit, the old one stays, nothing half-written is left, and the message helps."""
    before = store.initialise("shop")
    script = (
        "import resource, signal, sys; from pathlib import Path; from dataclasses import replace\n"
        "from reconciler.errors import StateError\n"
        "from reconciler.state.local import LocalStore\n"
        "from tests.state.snapshots import full_snapshot\n"
        "store = LocalStore(Path(sys.argv[1])); snapshot = store.read()\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (1000, {resource.RLIM_INFINITY}))\n"
        "try:\n    store.replace(snapshot, replace(full_snapshot(), lineage=snapshot.lineage))\n"
        "except StateError as error:\n    print(error)\n"
    )
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", script, store.root], check=True, capture_output=True, text=True, cwd=root
    )
    assert len(encode(full_snapshot())) > 1000
    assert os.strerror(errno.EFBIG) in ended.stdout
    assert "run again; the state is as it was" in ended.stdout
    assert store.read() == before
    assert sorted(files(store)) == ["snapshot.json"]


def test_a_disk_without_room_says_so(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """No space left is a StateError that asks for space, whichever file it hits."""
    snapshot = store.initialise("shop")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StateError, match="Free some space") as caught:
        store.begin(snapshot, "apply", NOON, NAMES)
    assert caught.value.exit_code == 4
    with pytest.raises(StateError, match="Free some space"):
        store.replace(snapshot, replace(snapshot, journal=1))
    monkeypatch.undo()
    assert store.read() == snapshot
    assert store.doubts(snapshot) == ()


def test_a_state_root_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A file where the folder should be is told as such."""
    (tmp_path / "state").write_text("x")
    with pytest.raises(StateError, match="could not be read"):
        LocalStore(tmp_path / "state").read()


def test_doubts_of_the_snapshot_come_before_those_of_journals(store: LocalStore) -> None:
    """Doubts are told oldest first."""
    empty = store.initialise("shop")
    old = replace(NAMES, intent=LOST)
    after = replace(empty, doubts=(old,))
    store.begin(after, "apply", NOON, NAMES).close()
    assert store.doubts(after) == (old, NAMES)
