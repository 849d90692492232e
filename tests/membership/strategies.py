"""Random conditions and definitions. Every draw is something a workspace may hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Literal, TypeVar

from hypothesis import strategies as st

from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Follow,
    Group,
    How,
    Keys,
    Measure,
    Occurs,
    Operator,
    Pick,
    Query,
    Ratio,
    Sample,
    Scalar,
    SegmentRef,
    Test,
    Times,
    Total,
)
from reconciler.model.definition import Definition, Slice, Who
from reconciler.model.time import EVER, Period, Window
from tests.membership.worlds import AS_OF, number

Drawn = TypeVar("Drawn")
NUMBERS = ("0", "1", "2", "5", "12.5", "100", "0.1", "0.3")
TEXTS = ("gold", "Gold", "old", "1", "no", "true", "12.5", "\u00e9t\u00e9")
PARTS = ("o", "go", "1", "\u00e9", ".")
ORDER: tuple[Operator, ...] = ("at_least", "at_most", "more_than", "less_than")
EQUAL: tuple[Operator, ...] = ("is", "not")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What conditions of a case may name: columns with their types, kinds, files of keys, queries, segments."""

    random: Random
    bounds: Sequence[int]
    kinds: Sequence[str]
    customers: Mapping[str, str]
    events: Mapping[str, str]
    files: Sequence[str] = ()
    queries: Sequence[str] = ()
    segments: Sequence[SegmentRef] = field(default=())

    def chance(self, share: float) -> bool:
        """True that often."""
        return self.random.random() < share

    def some(self, draw: Callable[[], Condition], share: float) -> tuple[Condition, ...]:
        """None, or so often one or two."""
        return tuple(draw() for _ in range(self.random.choice((1, 2)))) if self.chance(share) else ()

    # ------------------------------------------------------------------------------------------ comparisons

    def literal(self, *, truths: bool = True) -> Scalar:
        """A value as the YAML gives it."""
        kind = self.random.randrange(3 if truths else 2)
        if kind == 0:
            return number(self.random.choice(NUMBERS))
        return self.random.choice(TEXTS) if kind == 1 else self.chance(0.5)

    def comparison(self) -> Comparison:
        """Any comparison with a value."""
        kind = self.random.randrange(4)
        if kind == 0:
            values = tuple(self.literal() for _ in range(self.random.choice((1, 2))))
            return Comparison(self.random.choice(EQUAL), values)
        if kind == 1:
            return Comparison(self.random.choice(ORDER), (self.literal(truths=False),))
        if kind == 2:
            part: tuple[Operator, ...] = ("contains", "starts_with")
            return Comparison(self.random.choice(part), (self.random.choice(PARTS),))
        return Comparison("exists", (self.chance(0.5),))

    def timely(self) -> Comparison:
        """A comparison with the clock."""
        operator: Operator = self.random.choice(("within", "older_than", "in_next"))
        return Comparison(operator, (Window(self.window().start) if operator == "older_than" else self.window(),))

    def comparisons(self, one: Callable[[], Comparison]) -> tuple[Comparison, ...]:
        """One or two, with different operators."""
        drawn = [one() for _ in range(self.random.choice((1, 1, 2)))]
        return tuple({each.operator: each for each in drawn}.values())

    def numeric(self, values: Sequence[str]) -> tuple[Comparison, ...]:
        """Comparisons of a figure."""
        return self.comparisons(
            lambda: Comparison(self.random.choice(EQUAL + ORDER), (number(self.random.choice(values)),))
        )

    def test(self, columns: Mapping[str, str]) -> Test:
        """Comparisons on one column."""
        column = self.random.choice(sorted(columns))
        timely = self.chance(0.8 if column in ("joined", "due") else 0.05)
        return Test(column, self.comparisons(self.timely if timely else self.comparison))

    def window(self) -> Window:
        """A window between two of the bounds, or open."""
        start, end = sorted(self.random.sample(sorted(set(self.bounds)), 2))
        return self.random.choice([Window(start, end), Window(0, end), Window(start), EVER, EVER])

    # ------------------------------------------------------------------------------------------ events

    def event(self, *, sliced: bool = False) -> Event:
        """An event with its measure; `sliced` for the one that says `within: slice`."""
        kinds = tuple(sorted(self.random.sample(self.kinds, self.random.choice((1, 2, 3)))))
        measure = self.pick() if sliced else self.random.choice(self.measures())()
        return Event(kinds, self.where(), SLICE if sliced else self.window(), measure)

    def where(self) -> tuple[Test, ...]:
        """Nothing, or tests on up to two columns."""
        drawn = [self.test(self.events) for _ in range(self.random.choice((0, 0, 0, 0, 1, 1, 2)))]
        return tuple({each.column: each for each in drawn}.values())

    def measures(self) -> list[Callable[[], Measure]]:
        """All measures."""
        return [
            Occurs,
            self.pick,
            self.pick,
            lambda: Times(self.numeric(("0", "1", "2", "10")), self.same()),
            self.total,
        ]

    def same(self) -> str | None:
        """Now and then a column whose values are counted apart."""
        return self.random.choice(["product", "coupon", None])

    def total(self) -> Total:
        """A figure of a column."""
        hows: tuple[How, ...] = ("sum", "average", "smallest", "largest", "distinct")
        how = self.random.choice(hows)
        column = self.random.choice(["amount", "amount", "coupon"]) if how == "distinct" else "amount"
        return Total(column, self.numeric(NUMBERS), how)

    def pick(self) -> Pick:
        """The latest or the first, with what follows and what does not."""
        which: Literal["latest", "first"] = self.random.choice(("latest", "first"))
        follow = Follow(self.later(), self.window()) if self.chance(0.3) else None
        return Pick(self.later() if self.chance(0.4) else (), follow, which)

    def later(self) -> tuple[str, ...]:
        """Kinds that come after, perhaps of those that are picked from."""
        offer = [*self.kinds, "unheard_of"]
        return tuple(sorted(self.random.sample(offer, self.random.choice((1, 1, 2)))))

    def ratio(self) -> Ratio:
        """A quotient of two figures."""
        return Ratio(self.part(), self.part(), self.numeric(NUMBERS))

    def part(self) -> Event:
        """A figure of a ratio."""
        hows: tuple[How, ...] = ("sum", "smallest", "largest", "distinct")
        measure = Times(()) if self.chance(0.5) else Total("amount", (), self.random.choice(hows))
        kinds = tuple(sorted(self.random.sample(self.kinds, self.random.choice((1, 2, 3)))))
        return Event(kinds, self.where(), self.window(), measure)

    # ------------------------------------------------------------------------------------------ who

    def leaf(self) -> Condition:
        """One condition that is no group."""
        offers: list[Callable[[], Condition]] = [self.event, self.event, self.event]
        offers += [lambda: Attribute(self.test(self.customers))] * 2
        offers += [Everyone]
        offers += [lambda: self.random.choice(self.segments)] if self.segments else []
        offers += [self.ratio] if self.chance(0.4) else []
        offers += [self.sample]
        offers += [lambda: Keys(self.random.choice(self.files))] if self.files else []
        offers += [lambda: Query(self.random.choice(self.queries))] if self.queries else []
        return self.random.choice(offers)()

    def sample(self) -> Sample:
        """A share of all."""
        return Sample(Decimal(self.random.choice(("0", "12.5", "50", "50", "99.99", "100"))), self.random.choice("ab"))

    def condition(self) -> Condition:
        """A leaf or a group of leaves."""
        if self.chance(0.7):
            return self.leaf()
        parts = [self.some(self.leaf, share) for share in (0.6, 0.6, 0.3)]
        return Group(*parts) if any(parts) else self.leaf()

    def who(self) -> Who:
        """A `who`, sliced one time in three."""
        none = self.some(self.condition, 0.3)
        if self.chance(0.3):
            return Who(Group((self.event(sliced=True), *self.some(self.condition, 0.2)), (), none), self.slices())
        if self.chance(0.6):
            return Who(self.leaf())
        return Who(Group((self.condition(), *self.some(self.condition, 0.2)), self.some(self.condition, 0.3), none))

    def slices(self) -> tuple[Slice, ...]:
        """One to three windows that do not overlap, from the youngest to the oldest."""
        cuts = sorted(self.random.sample(sorted(set(self.bounds)), self.random.randint(2, min(4, len(self.bounds)))))
        ends: list[int | None] = [*cuts[1:]]
        if self.chance(0.5):
            ends[-1] = None
        names = self.random.sample(["hot", "warm", "cool"], 3)
        return tuple(Slice(name, Window(a, b)) for name, a, b in zip(names, cuts, ends, strict=False))


def drawn(one: Callable[[Scope], Drawn], bounds: Sequence[int] = (0, 240, 1440)) -> st.SearchStrategy[Drawn]:
    """What a scope draws, for properties of one case at a time."""
    chance = st.randoms(use_true_random=False)
    return chance.map(lambda random: one(Scope(random=random, bounds=bounds, kinds=(), customers={}, events={})))


def comparisons() -> st.SearchStrategy[Comparison]:
    """Any comparison with a value."""
    return drawn(Scope.comparison)


def windows(bounds: Sequence[int]) -> st.SearchStrategy[Window]:
    """A window between two of the bounds, or open."""
    return drawn(Scope.window, bounds)


def references(helpers: Mapping[str, Who]) -> list[SegmentRef]:
    """Every way to name a helper."""
    whole = [SegmentRef(key) for key in helpers]
    return whole + [SegmentRef(key, part.name) for key, who in helpers.items() for part in who.slices]


_DAY = AS_OF.date()
_PERIODS = (
    Period(_DAY, _DAY),
    Period(None, _DAY - dt.timedelta(days=1)),
    Period(_DAY + dt.timedelta(days=1), None),
)


def definition(scope: Scope, helpers: Mapping[str, Who]) -> Definition:
    """A published segment's definition; it carries every helper, needed or not."""
    return Definition(
        who=scope.who(),
        suppression=scope.chance(0.25),
        active=scope.random.choice([*[None] * 20, *_PERIODS]),
        segments=tuple(sorted(helpers.items())),
    )
