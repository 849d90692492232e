"""The journal: what was about to be done is known after every kind of death."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import StateError
from reconciler.state.local import LocalStore
from reconciler.state.snapshot import Doubt, Snapshot
from tests.state.snapshots import HOT, LOST, NOON, RECOVERY

NAMES = Doubt(intent=LOST, bits={HOT: 4}, lists=frozenset({HOT}), creates=frozenset({RECOVERY}))


@pytest.fixture
def snapshot(store: LocalStore) -> Snapshot:
    """The empty snapshot of a new state."""
    return store.initialise("shop")


def only_journal(store: LocalStore) -> Path:
    """The one journal there is."""
    (path,) = (store.root / "journal").iterdir()
    return path


def test_an_intent_is_in_doubt_until_a_snapshot_takes_it_in(store: LocalStore, snapshot: Snapshot) -> None:
    """Another process that opens the state sees the intent, unless its number is taken in."""
    journal = store.begin(snapshot, "apply", NOON, NAMES)
    assert LocalStore(store.root).doubts(snapshot) == (NAMES,)
    assert store.doubts(replace(snapshot, journal=journal.number)) == ()
    journal.close()


def test_journals_are_numbered_on(store: LocalStore, snapshot: Snapshot) -> None:
    """A number is never used twice, whether the earlier journal is still there or taken in."""
    for expected in (1, 2):
        journal = store.begin(snapshot, "apply", NOON, NAMES)
        journal.close()
        assert journal.number == expected
    assert store.newest_journal(snapshot) == 2
    store.begin(replace(snapshot, journal=7), "apply", NOON, NAMES).close()
    assert store.newest_journal(snapshot) == 8


def test_results_are_appended_line_by_line(store: LocalStore, snapshot: Snapshot) -> None:
    """The file holds the intent first and the results after it, readable while it is still open."""
    journal = store.begin(snapshot, "apply", NOON, NAMES)
    journal.record({"step": "add x", "status": "done"})
    lines = [json.loads(line) for line in only_journal(store).read_text().splitlines()]
    journal.close()
    assert [line["kind"] for line in lines] == ["intent", "result"]
    assert lines[0]["operation"] == "apply"
    assert lines[1] == {"kind": "result", "step": "add x", "status": "done"}


def test_a_torn_last_result_is_no_harm(store: LocalStore, snapshot: Snapshot) -> None:
    """A result that was being written when the process died changes nothing of what is in doubt."""
    journal = store.begin(snapshot, "apply", NOON, NAMES)
    journal.record({"step": "add x", "status": "done"})
    journal.close()
    path = only_journal(store)
    path.write_bytes(path.read_bytes()[:-9])
    assert store.doubts(snapshot) == (NAMES,)


@pytest.mark.parametrize("length", [0, 1, 200])
def test_a_torn_intent_named_no_request(store: LocalStore, snapshot: Snapshot, length: int) -> None:
    """An intent whose line is not whole was not durable, so nothing was sent for it."""
    store.begin(snapshot, "apply", NOON, NAMES).close()
    path = only_journal(store)
    path.write_bytes(path.read_bytes()[:length])
    assert store.doubts(snapshot) == ()
    journal = store.begin(snapshot, "apply", NOON, NAMES)
    journal.close()
    assert journal.number == 2


@pytest.mark.parametrize("change", [{"lineage": "another"}, {"format_version": 2}, {"kind": "result"}, {"names": 5}])
def test_a_journal_of_something_else_is_refused(
    store: LocalStore, snapshot: Snapshot, change: dict[str, object]
) -> None:
    """A journal of another state, a newer version or a damaged one ends in exit 4 and is left alone."""
    store.begin(snapshot, "apply", NOON, NAMES).close()
    path = only_journal(store)
    path.write_text(json.dumps(json.loads(path.read_text()) | change) + "\n")
    before = path.read_bytes()
    with pytest.raises(StateError, match="not ours to read"):
        store.doubts(snapshot)
    assert path.read_bytes() == before
