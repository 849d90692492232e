"""Identifiers on their way to Criteo, hidden at the type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from reconciler.model.address import Address
from reconciler.model.membership import Chosen

BATCH = 50_000
"""The most identifiers that one contact-list call may carry (Criteo's guide to audience segments)."""

Direction = Literal["add", "remove"]
IdentifierType = Literal["email", "phoneNumber"]
"""What Criteo matches on, of its own list: those that we hash before anything is sent."""
Form = Literal["sha256", "md5", "sha256_of_md5"]
"""How an identifier is sent: a digest in lower-case hex of its normalised text in UTF-8."""


@dataclass(frozen=True, slots=True, repr=False)
class Identifiers:
    """One batch of identifiers of one type in the form that is sent; `repr` tells their number alone."""

    values: tuple[str, ...]
    type: IdentifierType = "email"

    def __repr__(self) -> str:
        return f"<{len(self.values)} identifiers>"

    def __len__(self) -> int:
        return len(self.values)


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
