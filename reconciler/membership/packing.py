"""Packing: the bits that are used of several words moved close together, so that a scan makes fewer of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

from reconciler.membership.layout import WORD
from reconciler.membership.sql import Sql, common, integer


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a word's used bits lie once packed: in which word, how many places further up (or, below 0, down)."""

    word: int
    shift: int
    used: int
    alone: bool = False

    def place(self, position: int) -> int:
        """The packed place of a bit."""
        return self.word * WORD + position % WORD + self.shift

    def unpacked(self, packed: Sql) -> Sql:
        """The word as it was, of the packed one. Moving bits is done by whole numbers: engines differ in shifts."""
        if self.alone:
            return packed
        if self.shift <= 0:
            kept = common(packed, integer(self.used >> -self.shift))
            return exp.paren(kept * integer(1 << -self.shift)) if self.shift else kept
        kept = common(packed, integer(self.used << self.shift))
        return exp.paren(exp.IntDiv(this=kept, expression=integer(1 << self.shift)))


def packed(positions: Iterable[int]) -> dict[int, Placement]:
    """Each word's placement: the span from its first to its last used bit goes behind that of the word before."""
    used: dict[int, int] = {}
    for position in positions:
        used[position // WORD] = used.get(position // WORD, 0) | 1 << position % WORD
    out: dict[int, Placement] = {}
    word = free = 0
    for number, bits in sorted(used.items()):
        first, end = (bits & -bits).bit_length() - 1, bits.bit_length()
        if free + end - first > WORD:
            word, free = word + 1, 0
        out[number] = Placement(word, free - first, bits)
        free += end - first
    shared = [placement.word for placement in out.values()]
    return {
        number: Placement(each.word, each.shift, each.used, alone=not each.shift and shared.count(each.word) == 1)
        for number, each in out.items()
    }
