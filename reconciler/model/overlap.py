"""Who is in several lists or audiences at once: counts of people, never who they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.address import Address, Two


@dataclass(frozen=True, slots=True)
class Targets:
    """An audience: its name, and the lists that it includes and excludes."""

    name: str
    include: tuple[Address, ...]
    exclude: tuple[Address, ...]


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
