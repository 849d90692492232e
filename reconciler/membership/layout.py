"""Where each list's bit lies: 63 bits a word, so that every engine's signed integers hold it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.model.address import Address

WORD = 63


@dataclass(frozen=True, slots=True)
class Layout:
    """The bit of each list: the same in facts, members, differences and ledger, so that words join as they are."""

    positions: Mapping[Address, int]

    @property
    def words(self) -> int:
        """How many words hold all bits."""
        return max(self.positions.values(), default=-1) // WORD + 1

    def mask(self, addresses: Iterable[Address]) -> tuple[int, ...]:
        """One constant a word with the bits of some lists."""
        masks = [0] * self.words
        for address in addresses:
            word, bit = divmod(self.positions[address], WORD)
            masks[word] |= 1 << bit
        return tuple(masks)

    def by_word(self) -> Iterator[tuple[int, list[tuple[Address, int]]]]:
        """For each word its lists, with the mask of each one's bit."""
        for word in range(self.words):
            yield word, [(a, 1 << p % WORD) for a, p in self.positions.items() if p // WORD == word]
