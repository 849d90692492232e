"""Receipts: the small files that stand in the state for ledgers which live as tables on an engine of their own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reconciler.errors import StateError

FORMAT = 1
_PARQUET = b"PAR1"
_HINT = "Restore the table from a backup, or run against the engine that holds it; nothing was sent."


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """Where rows of the ledger are, and what they were when they were written.

    `table` is qualified with its schema, `digest` is the engine's own over the content. `earlier` are the tables that
    this one was computed from, and older ones, each with the time since when nothing needs it.
    """

    engine: str
    table: str
    rows: int
    digest: str
    earlier: tuple[str, ...] = ()


def write_receipt(path: Path, receipt: Receipt) -> None:
    """Write it as JSON."""
    path.write_text(json.dumps({"format": FORMAT, **asdict(receipt)}, indent=1) + "\n", encoding="utf-8")


def read_receipt(path: Path, engine: str) -> Receipt | None:
    """The receipt in a file of the state, None where the file holds the rows themselves.

    Raises StateError for a file that is neither, is newer, or belongs to another engine.
    """
    with path.open("rb") as file:
        if file.read(len(_PARQUET)) == _PARQUET:
            return None
    receipt = _parsed(path)
    if receipt.engine != engine:
        raise StateError(
            "The ledger is on another engine.",
            f"It was written by `engine: {receipt.engine}`, this is `engine: {engine}`.",
            "Go back to that engine; moving a ledger to another is not supported yet.",
        )
    return receipt


def _parsed(path: Path) -> Receipt:
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] == FORMAT:
            words = {key: str(told[key]) for key in ("engine", "table", "digest")}
            return Receipt(**words, rows=int(told["rows"]), earlier=tuple(map(str, told["earlier"])))
    except (ValueError, TypeError, KeyError):
        raise StateError(
            "A file of the ledger is neither rows nor a receipt.", path.name, "Restore it from a backup."
        ) from None
    raise StateError("A receipt of the ledger has another format.", path.name, "Use the version that wrote it.")


def check_receipt(receipt: Receipt, rows: int, digest: str) -> None:
    """Hold what the engine has now against the receipt. Raises StateError."""
    if (rows, digest) != (receipt.rows, receipt.digest):
        detail = f"{receipt.table} has {rows:,} rows, {receipt.rows:,} were written"
        told = detail if rows != receipt.rows else f"{receipt.table} has other content than was written"
        raise StateError("A table of the ledger was changed.", f"{told}.", _HINT)


def missing_table(receipt: Receipt) -> StateError:
    """The error for a receipt whose table can't be found or read."""
    return StateError("A table of the ledger is missing.", f"{receipt.table} can't be read.", _HINT)


KEPT = 14 * 24 * 3600
"""Seconds for which a table stays after the last ledger that needed it, so that an older state can be put back."""


def succession(receipts: Iterable[Receipt], now: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a table that is written now, from what these receipts stand for, has as `earlier`; and the tables that
    nobody has needed for `KEPT`. `now` is in seconds; a table that is needed no more is told with when that was seen.
    """
    live = list(receipts)
    unneeded: dict[str, int] = {}
    for entry in (entry for each in live for entry in each.earlier):
        table, _, since = entry.partition(" ")
        unneeded[table] = min(unneeded.get(table, now), int(since or now))
    needed = {each.table for each in live}
    resting = {table: since for table, since in unneeded.items() if table not in needed}
    over = tuple(sorted(table for table, since in resting.items() if now - since > KEPT))
    kept = (f"{table} {since}" for table, since in resting.items() if table not in over)
    return tuple(sorted([*needed, *kept])), over
