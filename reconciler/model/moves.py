"""What a plan moves, as apply sees it: batches for Criteo, rows for the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from reconciler.model.address import Address
from reconciler.model.identifiers import Direction, Form, Identifiers
from reconciler.model.membership import Chosen


class Moves(Protocol):
    """The members' part of a plan, held by an open engine: what apply streams to Criteo and writes to the ledger.

    `form` is that of e-mail addresses, `normaliser` the version of what made the identifiers.
    """

    form: Form
    normaliser: int

    def batches(self, address: Address, direction: Direction) -> Iterator[Identifiers]:
        """The identifiers to add to or remove from a list, in batches of at most `BATCH`, each of one type.

        May be called from any thread.
        """
        ...

    def write_intent(self, path: Path, bits: Mapping[Address, int]) -> int:
        """Write every row that moves, with the bits to add and to remove, as Parquet; answer the number of rows."""
        ...

    def write_ledger(self, path: Path, bits: Mapping[Address, int], done: Mapping[Address, Chosen]) -> bool:
        """Write to `path` the rows of the ledger that change when the moves of the `done` lists are taken in.

        Answers True when the file is a whole new base, False when it is a delta on the ledger as it was.
        """
        ...
