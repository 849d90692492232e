"""Who is in several lists or audiences at once: counts of people, never who they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from reconciler.model.address import Address, Two
from reconciler.model.algebra import Formula, any_but


@dataclass(frozen=True, slots=True)
class Targets:
    """An audience: its name, and the lists that it includes and excludes; where that is not all, these are what brings
    in and what keeps out by the formula `algebra`.
    """

    name: str
    include: tuple[Address, ...]
    exclude: tuple[Address, ...]
    algebra: Formula | None = None

    @property
    def formula(self) -> Formula:
        """Whom it targets, whole."""
        return self.algebra or any_but(self.include, self.exclude)


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Lists, or audiences, held against each other: how many people each has, and how many any two share.

    `both` has no pair that shares nobody; its pairs stand in the order of `people`. `bought` are those who bought after
    the event that brought them in; where no event does, it has no entry.
    """

    people: Mapping[Address, int]
    both: Mapping[Two, int]
    bought: Mapping[Address, int]
    reached: int


@dataclass(frozen=True, slots=True)
class Together:
    """People who are in exactly these audiences."""

    audiences: tuple[Address, ...]
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Beyond:
    """What nobody but Criteo knows: its own `segments`, the `audiences` that these decide alone, and `partly` those
    that can be looked at by our lists alone, with the segments that are left aside.
    """

    segments: tuple[Address, ...] = ()
    audiences: tuple[Address, ...] = ()
    partly: Mapping[Address, tuple[Address, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlap:
    """The two matrices of a workspace at one clock. `numbers` tells of how many audiences how many people are part,
    `together` the most frequent sets of more than `more_than` audiences. `idle` are outside their period.
    Of the kinds of event that count as `purchases`, `unknown` never occur.
    """

    workspace: str
    as_of: dt.datetime
    purchases: tuple[str, ...]
    names: Mapping[Address, str]
    segments: Matrix
    audiences: Matrix
    more_than: int
    numbers: Mapping[int, int]
    together: tuple[Together, ...]
    idle: tuple[Address, ...] = ()
    unknown: tuple[str, ...] = ()
    beyond: Beyond = field(default_factory=Beyond)
