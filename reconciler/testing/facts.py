"""A made-up person as facts: what her columns say, and what happened how long ago."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count

from reconciler.model.conditions import Sample


@dataclass(frozen=True, slots=True)
class Ago:
    """A time so many minutes before the clock; still to come where it is negative."""

    minutes: int


Fact = str | Ago | None


@dataclass(frozen=True, slots=True)
class Deed:
    """An event of hers."""

    kind: str
    ago: int
    columns: tuple[tuple[str, Fact], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a person. `samples` are the samples that her key has to be in, or (False) outside of."""

    attributes: tuple[tuple[str, Fact], ...] = ()
    deeds: tuple[Deed, ...] = ()
    samples: tuple[tuple[Sample, bool], ...] = ()

    def with_attribute(self, column: str, fact: Fact) -> Facts:
        """With another value of a column."""
        others = tuple(pair for pair in self.attributes if pair[0] != column)
        return replace(self, attributes=(*others, (column, fact)))

    def with_deed(self, number: int, *deeds: Deed) -> Facts:
        """With others in the place of an event."""
        return replace(self, deeds=(*self.deeds[:number], *deeds, *self.deeds[number + 1 :]))

    def over(self, other: Facts) -> Facts:
        """With the facts of another: her columns count where both have some, the events are those of both."""
        found = self
        for column, fact in other.attributes:
            found = found.with_attribute(column, fact)
        samples = dict(self.samples) | dict(other.samples)
        return replace(found, deeds=(*self.deeds, *other.deeds), samples=tuple(samples.items()))

    @property
    def size(self) -> int:
        """How much there is to read of her."""
        return len(self.attributes) + len(self.deeds) + len(self.samples)


def keys_for(facts: Facts, stem: str) -> Iterator[str]:
    """Keys that lie in the samples that they should be in: `STEM` itself, or with a number."""
    candidates = (stem if number == 0 else f"{stem}-{number + 1}" for number in count())
    return (key for key in candidates if all(is_in(sample, key) is inside for sample, inside in facts.samples))


def is_in(sample: Sample, key: str) -> bool:
    """Whether a key lies in a sample: for choosing one. What belongs is membership's to say."""
    digits = hashlib.sha256(f"{sample.seed}:{key}".encode()).hexdigest()[:8]
    return Decimal(int(digits, 16)) * 100 < sample.percent * (1 << 32)
