"""What the state on disk says that lists may hold, read without the package: JSON, and Parquet through DuckDB."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

WORD = 63
Lists = dict[str, set[str]]


@dataclass(kw_only=True)
class Disk:
    """One look at a state folder. Keys of lists are addresses without `segment.`."""

    journal: int = 0
    """The number of the last journal that the snapshot has taken in."""
    open_journals: tuple[int, ...] = ()
    ledger: Lists = field(default_factory=dict)
    doubt: Lists = field(default_factory=dict)
    locked: bool = False
    ledger_begun: bool = False
    """Whether rows of the ledger are on disk, or on their way there, that the snapshot does not know yet."""

    def covered(self, name: str) -> set[str]:
        """What one list may hold: ledger and journal together."""
        return self.ledger.get(name, set()) | self.doubt.get(name, set())


def look(root: Path) -> Disk:
    """Read a state folder as it lies there; nothing is written."""
    disk = Disk(locked=(root / "lock.json").exists())
    if not (root / "snapshot.json").exists():
        return disk
    snapshot = json.loads((root / "snapshot.json").read_text(encoding="utf-8"))
    intents = {number: intent for number, intent in _intents(root / "journal") if number > snapshot["journal"]}
    disk.journal, disk.open_journals = snapshot["journal"], tuple(sorted(intents))
    files = [blob for blob in (snapshot["ledger"]["base"], *snapshot["ledger"]["deltas"]) if blob]
    rows: dict[bytes, int] = {}
    for blob in files:
        rows.update(_bits(root, blob, ("in_",)))
    disk.ledger = _by_list(rows, snapshot["ledger"]["bits"])
    doubts = [*snapshot["doubts"], *(intent["names"] for intent in intents.values())]
    for doubt in doubts:
        _take(disk.doubt, root, doubt)
    known = {blob["sha256"] for blob in [*files, *(doubt["intent"] for doubt in doubts if doubt["intent"])]}
    blobs = {path.stem for path in (root / "ledger").glob("*.parquet")}
    disk.ledger_begun = bool(blobs - known) or any((root / "staging").glob("*/ledger.parquet"))
    return disk


def _intents(folder: Path) -> Iterator[tuple[int, Any]]:
    for path in folder.glob("*.jsonl"):
        first, newline, _ = path.read_text(encoding="utf-8").partition("\n")
        if newline:
            yield int(path.stem), json.loads(first)


def _take(lists: Lists, root: Path, doubt: Any) -> None:
    if doubt["intent"] is None:
        return
    bits = {address: bit for address, bit in doubt["bits"].items() if address in doubt["lists"]}
    for name, members in _by_list(_bits(root, doubt["intent"], ("add_", "rem_")), bits).items():
        lists.setdefault(name, set()).update(members)


def _bits(root: Path, blob: Any, families: Iterable[str]) -> dict[bytes, int]:
    """The rows of a file, each with one number made of its words: bit n belongs to the list whose bit is n."""
    path = root / "ledger" / f"{blob['sha256']}.parquet"
    with duckdb.connect() as db:
        cursor = db.execute("select * from read_parquet(?)", [str(path)])
        names = [column[0] for column in cursor.description or ()]
        places = [(n, WORD * int(name.rpartition("_")[2])) for n, name in enumerate(names) if name[:-1] in families]
        return {row[0]: _number(row, places) for row in cursor.fetchall()}


def _number(row: tuple[Any, ...], places: list[tuple[int, int]]) -> int:
    number = 0
    for column, shift in places:
        number |= row[column] << shift
    return number


def _by_list(rows: Mapping[bytes, int], bits: Mapping[str, int]) -> Lists:
    return {
        address.removeprefix("segment."): {key.hex() for key, number in rows.items() if number >> bit & 1}
        for address, bit in bits.items()
    }
