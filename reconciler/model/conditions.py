"""Conditions: what a segment's `who` is made of. All frozen, all hashable, none knows SQL or YAML."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Literal

from reconciler.model.time import EVER, Window

Scalar = str | bool | Decimal
"""A literal of the YAML.

Its type decides how a value is compared: text exactly, numbers as exact decimals, booleans as words.
"""

Operator = Literal["is", "not", "at_least", "at_most", "more_than", "less_than", "contains", "starts_with", "exists"]


class SliceMark(Enum):
    """Stands in `within` for the window of the slice at hand (`within: slice`)."""

    SLICE = "slice"


SLICE = SliceMark.SLICE


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """One comparison. `is` and `not` take one or more values (any of, none of), the others exactly one; `exists` a
    bool.

    Python takes `True` for equal to 1; here the literal's type decides what is compared, so it counts in equality.
    """

    operator: Operator
    values: tuple[Scalar, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Comparison) and self._typed() == other._typed()

    def __hash__(self) -> int:
        return hash(self._typed())

    def _typed(self) -> tuple[object, ...]:
        return (self.operator, *((type(value), value) for value in self.values))


@dataclass(frozen=True, slots=True)
class Test:
    """Comparisons on one column, met together by one value."""

    column: str
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Everyone:
    """Holds for every person."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """Holds when the person's value in a column of `customers` satisfies the comparisons."""

    test: Test


@dataclass(frozen=True, slots=True)
class Occurs:
    """At least one such event in the window."""


@dataclass(frozen=True, slots=True)
class Times:
    """The number of such events in the window, zero included, satisfies the comparisons."""

    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest such event lies in the window, and none of the kinds in `not_followed_by` has an event at its
    instant or later.
    """

    not_followed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """The exact sum of a column over such events in the window (0 over none) satisfies the comparisons."""

    of: str
    comparisons: tuple[Comparison, ...]


Measure = Occurs | Times | Latest | Total


@dataclass(frozen=True, slots=True)
class Event:
    """Events of some kinds, narrowed by `where` on columns of `events`, measured within a window of age."""

    kinds: tuple[str, ...]
    where: tuple[Test, ...] = ()
    within: Window | SliceMark = EVER
    measure: Measure = Occurs()


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """The people of another segment's `who`: of one of its slices, or (slice None) of all of them."""

    key: str
    slice: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """All of `all`, at least one of `any` (when there are some) and none of `none` hold; never all three empty."""

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()


Condition = Everyone | Attribute | Event | SegmentRef | Group
