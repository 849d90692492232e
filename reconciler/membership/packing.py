"""Packing: the bits that are used of several words moved close together, so that a scan makes fewer of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from reconciler.membership.layout import WORD
from reconciler.membership.sql import Sql, common, integer

GAP = 4
"""So many unused bits in a row are worth a move of their own."""


@dataclass(frozen=True, slots=True)
class Move:
    """Used bits of a word, and where they lie once packed: in which word, how many places further up (or down)."""

    word: int
    shift: int
    used: int
    alone: bool = False

    def place(self, position: int) -> int:
        """The packed place of a bit."""
        return self.word * WORD + position % WORD + self.shift

    def unpacked(self, packed: Sql) -> Sql:
        """The bits as they were. They are moved by whole numbers: engines differ in shifts."""
        if self.alone:
            return packed
        if self.shift <= 0:
            kept = common(packed, integer(self.used >> -self.shift))
            return exp.paren(kept * integer(1 << -self.shift)) if self.shift else kept
        kept = common(packed, integer(self.used << self.shift))
        return exp.paren(exp.IntDiv(this=kept, expression=integer(1 << self.shift)))


def packed(positions: Iterable[int]) -> dict[int, list[Move]]:
    """Each word's moves: a run of bits goes into the first word that has room for it behind what is there."""
    used: dict[int, int] = {}
    for position in positions:
        used[position // WORD] = used.get(position // WORD, 0) | 1 << position % WORD
    out: dict[int, list[Move]] = {}
    taken: list[int] = []
    for number, bits in sorted(used.items()):
        out[number] = [_moved(run, taken) for run in _runs(bits)]
    sharing = Counter(move.word for moves in out.values() for move in moves)
    return {
        number: [replace(m, alone=not m.shift and sharing[m.word] == 1) for m in moves] for number, moves in out.items()
    }


def _moved(run: int, taken: list[int]) -> Move:
    first, end = (run & -run).bit_length() - 1, run.bit_length()
    size = end - first
    word = next((number for number, free in enumerate(taken) if free + size <= WORD), len(taken))
    if word == len(taken):
        taken.append(0)
    move = Move(word, taken[word] - first, run)
    taken[word] += size
    return move


def _runs(bits: int) -> Iterator[int]:
    """The bits in runs with nothing but small gaps inside."""
    run = 0
    for position in (each for each in range(WORD) if bits >> each & 1):
        if run and position - run.bit_length() >= GAP:
            yield run
            run = 0
        run |= 1 << position
    yield run
