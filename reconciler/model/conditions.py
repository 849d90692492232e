"""Conditions: what a segment's `who` is made of. All frozen, all hashable, none knows SQL or YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Literal

from reconciler.model.time import EVER, Window

if TYPE_CHECKING:  # settings come after conditions
    from reconciler.model.settings import Place

Scalar = str | bool | Decimal | Window
"""A literal of the YAML.

Its type decides how a value is compared: text exactly, numbers as exact decimals, booleans as words, windows as times.
"""

Operator = Literal[
    "is",
    "not",
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "contains",
    "starts_with",
    "exists",
    "within",
    "older_than",
    "in_next",
]
TIMES: tuple[Operator, ...] = ("within", "older_than", "in_next")
"""Comparisons with the clock: their one value is a window of age, of `in_next` a window of time still to come."""


class SliceMark(Enum):
    """Stands in `within` for the window of the slice at hand (`within: slice`)."""

    SLICE = "slice"


SLICE = SliceMark.SLICE


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """One comparison. `is` and `not` take one or more values (any of, none of), the others exactly one; `exists` a
    bool, `within`, `older_than` (a window without end) and `in_next` a window.

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
    """The number of such events in the window, zero included, satisfies the comparisons.

    With `same`, the number of those that share one value of this column, for the value that most of them have.
    """

    comparisons: tuple[Comparison, ...]
    same: str | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """An event of one of the kinds that came after another one, by a time that lies in the window."""

    kinds: tuple[str, ...]
    within: Window = EVER


@dataclass(frozen=True, slots=True)
class Pick:
    """The latest (or first) such event lies in the window, an event that `followed_by` describes came after it, and
    none of the kinds in `not_followed_by` did.

    The same instant counts as later, but for events of the kinds that are picked from: none of these follows itself.
    """

    not_followed_by: tuple[str, ...] = ()
    followed_by: Follow | None = None
    which: Literal["latest", "first"] = "latest"


How = Literal["sum", "average", "smallest", "largest", "distinct"]


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of a column over such events in the window satisfies the comparisons: exact decimals, and of `distinct`
    the number of different values. Over no value the sum and the number are 0, the others missing: these satisfy
    nothing.
    """

    of: str
    comparisons: tuple[Comparison, ...]
    measure: How = "sum"


Measure = Occurs | Times | Pick | Total


@dataclass(frozen=True, slots=True)
class Event:
    """Events of some kinds, narrowed by `where` on columns of `events`, measured within a window of age."""

    kinds: tuple[str, ...]
    where: tuple[Test, ...] = ()
    within: Window | SliceMark = EVER
    measure: Measure = Occurs()


@dataclass(frozen=True, slots=True)
class Ratio:
    """The quotient of two figures, each a `Times` or a `Total` (no average) without comparisons of its own, satisfies
    the comparisons; missing when `to` is 0 or a figure is missing.
    """

    of: Event
    to: Event
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A stable share of all persons: the first 8 hex digits of SHA-256 of `seed:key` as a fraction are below `percent`;
    the key is the person's smallest.
    """

    percent: Decimal
    seed: str


@dataclass(frozen=True, slots=True)
class Query:
    """The persons of the customer keys that a query yields; `sql` is its text in one canonical form."""

    sql: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The persons whose customer key stands in a file of the workspace. Where that was said is no part of its meaning,
    and unknown of a definition that was applied.
    """

    file: str
    place: Place | None = field(default=None, compare=False, repr=False)


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


Condition = Everyone | Attribute | Event | Ratio | Sample | Query | Keys | SegmentRef | Group
