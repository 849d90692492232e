"""Moves over plain Python sets: stands in for the engine, which has tests of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.model.address import Address
from reconciler.model.identifiers import Direction, Form, Identifiers, IdentifierType
from reconciler.model.membership import Chosen

Lists = dict[Address, frozenset[str]]


def people(first: int, last: int) -> frozenset[str]:
    """The identifiers of pretend persons, the last one included."""
    return frozenset(
        hashlib.sha256(f"person{number}@example.com".encode()).hexdigest() for number in range(first, last + 1)
    )


@dataclass(kw_only=True)
class SetMoves:
    """What the lists hold, what they should hold, and what is in doubt: in every way the same contract as an engine's.

    `phones` are those that are telephone numbers. Ledger files are JSON of whole lists; `whole` tells whether they are
    handed over as bases or as deltas.
    """

    held: Lists
    wanted: Lists
    doubtful: Lists = field(default_factory=dict)
    phones: frozenset[str] = frozenset()
    size: int = 3
    form: Form = "sha256"
    normaliser: int = 1
    whole: bool = True

    def moving(self, address: Address, direction: Direction) -> frozenset[str]:
        """What is to be sent: the difference, and what is in doubt once more."""
        held, wanted = self.held.get(address, frozenset()), self.wanted.get(address, frozenset())
        doubtful = self.doubtful.get(address, frozenset())
        return (wanted - held) | (doubtful & wanted) if direction == "add" else (held - wanted) | (doubtful - wanted)

    def batches(self, address: Address, direction: Direction) -> Iterator[Identifiers]:
        """Type by type, sorted, in batches of `size`."""
        moving = self.moving(address, direction)
        yield from self._cut(moving - self.phones, "email")
        yield from self._cut(moving & self.phones, "phoneNumber")

    def _cut(self, identifiers: frozenset[str], kind: IdentifierType) -> Iterator[Identifiers]:
        values = sorted(identifiers)
        for start in range(0, len(values), self.size):
            yield Identifiers(tuple(map(bytes.fromhex, values[start : start + self.size])), kind)

    def write_intent(self, path: Path, bits: Mapping[Address, int]) -> int:
        """All that moves, by list."""
        named = {each: sorted(self.moving(each, "add") | self.moving(each, "remove")) for each in bits}
        path.write_text(json.dumps(named))
        return sum(map(len, named.values()))

    def write_ledger(self, path: Path, bits: Mapping[Address, int], done: Mapping[Address, Chosen]) -> bool:
        """All lists, those that are done as they are wanted."""
        rows = {each: self.wanted.get(each, frozenset()) if each in done else self.held.get(each, ()) for each in bits}
        path.write_text(json.dumps({address: sorted(values) for address, values in rows.items()}))
        return self.whole


def read_lists(path: Path) -> Lists:
    """The lists of a file that `SetMoves` wrote."""
    return {Address(address): frozenset(values) for address, values in json.loads(path.read_text()).items()}
