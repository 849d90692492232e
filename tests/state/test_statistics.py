"""What Criteo counts, kept beside the snapshot."""

from __future__ import annotations

import datetime as dt
import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.errors import StateError
from reconciler.model.address import Address
from reconciler.state.local import LocalStore
from reconciler.state.statistics import (
    Held,
    ListsStatistics,
    ListStatistics,
    Reading,
    Synced,
    decode,
    encode,
)
from tests.state.snapshots import BUYERS, HOT, NOON

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE.parents[1] / "schemas" / "statistics.schema.json").read_text())
STORED = HERE / "statistics" / "full.json"
HELD = Held(since=NOON - dt.timedelta(days=3), turned=NOON, low=5, high=9, low_before=4, high_before=4)
FULL = ListsStatistics(
    lineage="6a6e2f7e-0000-4000-8000-000000000000",
    lists={
        HOT: ListStatistics(
            criteo_id="501",
            held=HELD,
            asked=NOON,
            reading=Reading(at=NOON, identifiers=8, matches=5, match_rate=62.5, low=4, high=9, settled=True),
        ),
        BUYERS: ListStatistics(criteo_id="502", held=HELD),
    },
    synced=Synced(at=NOON, as_of=NOON),
)


def test_a_stored_document_is_read_and_written_again_as_it_was() -> None:
    """What an earlier version wrote is what the fullest document is today, byte for byte, and follows its schema."""
    data = STORED.read_bytes()
    assert decode(data, "full") == FULL
    assert encode(FULL) == data
    Draft202012Validator(SCHEMA).validate(json.loads(data))


@pytest.mark.parametrize(
    ("old", "new"),
    [("{", ""), ('"format_version": 1', '"format_version": 2'), ('"low": 5', '"low":  5'), ('"asked"', '"begged"')],
    ids=["no JSON", "a newer version", "edited", "an unknown key"],
)
def test_a_document_that_is_not_ours_is_left_as_it_is(store: LocalStore, old: str, new: str) -> None:
    """It is refused with what to do, neither read nor replaced."""
    snapshot = store.initialise("shop")
    path = store.root / "statistics.json"
    path.write_bytes(encode(FULL).replace(old.encode(), new.encode(), 1))
    before = path.read_bytes()
    with pytest.raises(StateError) as caught:
        store.statistics(snapshot)
    assert "Remove the file" in caught.value.hint
    with pytest.raises(StateError):
        store.note_statistics(snapshot, lambda known: replace(known, synced=FULL.synced))
    assert path.read_bytes() == before


def test_those_of_another_state_do_not_count(store: LocalStore) -> None:
    """After a new beginning nothing is known, and what is noted then takes the place of the old."""
    snapshot = store.initialise("shop")
    (store.root / "statistics.json").write_bytes(encode(FULL))
    assert store.statistics(snapshot) == ListsStatistics(lineage=snapshot.lineage)
    store.note_statistics(snapshot, lambda known: replace(known, synced=FULL.synced))
    assert store.statistics(snapshot) == ListsStatistics(lineage=snapshot.lineage, synced=FULL.synced)


def test_nothing_new_writes_nothing(store: LocalStore) -> None:
    """The file is not touched when its content would stay."""
    snapshot = store.initialise("shop")
    store.note_statistics(snapshot, lambda known: known)
    assert not (store.root / "statistics.json").exists()
    store.note_statistics(snapshot, lambda known: replace(known, synced=FULL.synced))
    before = (store.root / "statistics.json").stat()
    store.note_statistics(snapshot, lambda known: known)
    assert (store.root / "statistics.json").stat() == before


def test_writers_side_by_side_lose_nothing(store: LocalStore) -> None:
    """Each takes in what the others have written: of eight that note a list each, all eight are there."""
    snapshot = store.initialise("shop")
    lists = [(Address(f"segment.s{number}"), ListStatistics(criteo_id=str(number), held=HELD)) for number in range(8)]

    def note(address: Address, each: ListStatistics) -> None:
        store.note_statistics(snapshot, lambda known: replace(known, lists={**known.lists, address: each}))

    threads = [threading.Thread(target=note, args=each) for each in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.statistics(snapshot).lists == dict(lists)


def test_they_are_no_part_of_the_snapshot(store: LocalStore) -> None:
    """Noting them moves no counter and no byte of it, and a state whose counts are gone is whole."""
    snapshot = store.initialise("shop")
    before = (store.root / "snapshot.json").read_bytes()
    store.note_statistics(snapshot, lambda known: replace(known, synced=FULL.synced))
    assert (store.root / "snapshot.json").read_bytes() == before
    (store.root / "statistics.json").unlink()
    assert store.read() == snapshot
