"""Random conditions and definitions. Every draw is something a workspace may hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
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
    SegmentRef,
    Test,
    Times,
    Total,
)
from reconciler.model.definition import Definition, Slice, Who
from reconciler.model.time import EVER, Period, Window
from tests.membership.comparing import NUMBERS, Comparing
from tests.membership.worlds import AS_OF, number

Drawn = TypeVar("Drawn")


@dataclass(frozen=True, kw_only=True)
class Scope(Comparing):
    """What conditions of a case may name: columns with their types, kinds, files of keys, queries, segments."""

    kinds: Sequence[str]
    customers: Mapping[str, str]
    events: Mapping[str, str]
    files: Sequence[str] = ()
    queries: Sequence[str] = ()
    segments: Sequence[SegmentRef] = field(default=())

    def some(self, draw: Callable[[], Condition], share: float) -> tuple[Condition, ...]:
        """None, or so often one or two."""
        return tuple(draw() for _ in range(self.random.choice((1, 2)))) if self.chance(share) else ()

    # ------------------------------------------------------------------------------------------ events

    def event(self, *, sliced: bool = False) -> Event:
        """An event with its measure; `sliced` for the one that says `within: slice`."""
        kinds = self.some_kinds()
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
        return Event(self.some_kinds(), self.where(), self.window(), measure)

    # ------------------------------------------------------------------------------------------ who

    def leaf(self) -> Condition:
        """One condition that is no group."""
        offers: list[Callable[[], Condition]] = [self.event, self.event, self.event]
        offers += [lambda: Attribute(self.test(self.customers))] * 2
        offers += [Everyone]
        offers += [lambda: self.random.choice(self.segments)] if self.segments else []
        offers += [self.ratio] if self.chance(0.4) else []
        offers += [self.sample, self.telling]
        offers += [lambda: Keys(self.random.choice(self.files))] if self.files else []
        offers += [lambda: Query(self.random.choice(self.queries))] if self.queries else []
        return self.random.choice(offers)()

    def telling(self) -> Condition:
        """A leaf by which a rule shows that others rarely touch."""
        often: list[Callable[[], Condition]] = [self.timed, self.between, self.narrowed, self.counted]
        return self.random.choice([*often, *often, self.counted, self.sample])()

    def timed(self) -> Attribute:
        """A time of hers, of which some lie on a bound of the window."""
        bound = self.random.choice([each for each in self.bounds if each in (240, 1440, 4320)] or [1440])
        offers: list[tuple[Operator, Window]] = [("within", Window(0, bound)), ("in_next", Window(0, bound))]
        operator, window = self.random.choice([*offers, ("within", Window(0, bound)), ("older_than", Window(bound))])
        return Attribute(Test("joined", (Comparison(operator, (window,)),)))

    def between(self) -> Attribute:
        """A value of hers that meets two comparisons, or none that denies."""
        numbers = [number(self.random.choice(("0", "1", "2", "5", "12.5"))) for _ in range(2)]
        low, high = Comparison("at_least", (numbers[0],)), Comparison("at_most", (numbers[1],))
        silver = Comparison("not", (self.random.choice(("gold", "silver")),))
        offers = [Test("score", (low, high)), Test("score", (low,)), Test("vip", (Comparison("is", (False,)),))]
        if "tags" in self.customers:
            offers += [Test("tags", (low, high)), Test("tags", (silver, Comparison("contains", ("o",))))]
        return Attribute(self.random.choice(offers))

    def narrowed(self) -> Event:
        """The latest or first of some, which others follow or must not."""
        column = self.random.choice(["coupon", "product"])
        where = (Test(column, (self.random.choice([Comparison("exists", (True,)), self.comparison()]),)),)
        others = self.later()
        which: Literal["latest", "first"] = self.random.choice(("latest", "first"))
        pick = self.random.choice([Pick(others, None, which), Pick((), Follow(others, EVER), which)])
        return Event(self.some_kinds(), where, EVER, pick)

    def counted(self) -> Event:
        """How many, how many of one value, how many values, and averages."""
        few = self.numeric(("1", "2", "3"))
        measures: list[Measure] = [
            Times(few, "product"),
            Times(few, "coupon"),
            *[Total("amount", few, "distinct")] * 2,
            *[Total("amount", self.numeric(NUMBERS), "average")] * 2,
        ]
        return Event(
            self.some_kinds(), (), self.random.choice([EVER, EVER, self.window()]), self.random.choice(measures)
        )

    def some_kinds(self) -> tuple[str, ...]:
        """One to three kinds."""
        return tuple(sorted(self.random.sample(self.kinds, self.random.choice((1, 2, 3)))))

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
            return Who(self.random.choice([self.leaf, self.telling])())
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
