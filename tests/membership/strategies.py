"""Random sources and definitions: small, and full of what goes wrong. Every draw is something a workspace may hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Group,
    Measure,
    Occurs,
    Pick,
    Scalar,
    SegmentRef,
    SliceMark,
    Test,
    Times,
    Total,
)
from reconciler.model.definition import Definition, Slice, Who
from reconciler.model.time import EVER, Period, Window
from tests.membership.brute import World
from tests.membership.worlds import AS_OF, number

KINDS = ("buy", "cart", "view")
EVEN = (0, 240, 1440, 4320, 10080)
ODD = (0, 7, 90, 240, 1441, 4320, 172_800)
FAR = (0, 90, 1440, 52_704_000)
ADDRESSES = (
    "ann@example.com",
    " ANN@Example.com ",
    "\u00a0ann\u200b@example.com",
    "bob@example.com",
    "bob\uff20example.com",
    "cy+shop@example.org",
    "jos\u00e9@example.com",
    "jose\u0301@example.com",
    "dee.example.com",
    "dee@@example.com",
    "dee@example",
    "d ee@example.com",
    "",
    "   ",
    "\u200b",
    None,
)
NUMBERS = ("0", "1", "2", "5", "12.5", "100", "0.1", "0.3")
TEXTS = ("gold", "Gold", "old", "1", "no", "true", "12.5", "\u00e9t\u00e9")
MESSY = ("gold", "GOLD", "goldie", "", "  ", "\t\u00a0", "\u00e9t\u00e9", "1", "no", None)
OTHERS = ("abc", "", " ", "1", "2.50", "0.1", "-3", "007", "12,5", "1_0", "yes", None)
WORDS = ("yes", "NO", "t", "F", "1", "0", "true", "False", "maybe", "", " ", None)
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "customers": ("score", "tier", "vip"),
    "events": ("amount", "coupon"),
}


@dataclass(frozen=True)
class Data:
    """A source: its rows, the types of its columns in Parquet, and the ending of its files."""

    world: World
    customers: Mapping[str, str]
    events: Mapping[str, str]
    ending: str


# ---------------------------------------------------------------------------------------------- rows


@dataclass(frozen=True)
class Stored:
    """A way to store a column."""

    type: str
    values: st.SearchStrategy[Any]


def _numbers(ending: str) -> st.SearchStrategy[Stored]:
    floats = Stored("double", st.sampled_from([None, 0.1, 0.2, 0.3, 1.0, 2.0, 12.5, 100.0, -3.0]))
    whole = Stored("integer", st.sampled_from([None, 0, 1, 2, 3, 100, -3]))
    messy = Stored("varchar", st.sampled_from(OTHERS))
    exact = Stored("decimal(10,2)", st.sampled_from([None, *map(Decimal, ("0.10", "0.30", "1.00", "12.50", "100.00"))]))
    return st.sampled_from([floats, whole, messy] if ending.startswith(".json") else [floats, whole, messy, exact])


def _truths() -> st.SearchStrategy[Stored]:
    words = Stored("varchar", st.sampled_from(WORDS))
    flags = Stored("boolean", st.sampled_from([None, True, False]))
    bits = Stored("integer", st.sampled_from([None, 0, 1, 2]))
    return st.sampled_from([words, flags, bits])


_TEXT = Stored("varchar", st.sampled_from(MESSY))
_EMAIL = Stored("varchar", st.sampled_from(ADDRESSES))


@st.composite
def moments(draw: st.DrawFn, bounds: Sequence[int]) -> dt.datetime:
    """A time on a bound or a hair off it, now and then ahead of the clock."""
    minutes = draw(st.sampled_from([bound for bound in bounds if bound < 10**6]))
    off = draw(st.sampled_from([0, 0, 0, 0, 1, -1, 60_000_000, 3_600_000_000]))
    return AS_OF - dt.timedelta(minutes=minutes, microseconds=off)


@st.composite
def sources(draw: st.DrawFn, bounds: Sequence[int]) -> Data:
    """A source with everything in it that a feed may hold."""
    ending = draw(st.sampled_from([".parquet", ".csv", ".json", ".csv.gz"]))
    emails = ("email", "email_2") if draw(st.booleans()) else ("email",)
    about = {**dict.fromkeys(emails, _EMAIL), "score": draw(_numbers(ending)), "tier": _TEXT, "vip": draw(_truths())}
    consents = draw(st.booleans())
    if consents:
        about["consent"] = draw(_truths())
    keys = [f"c{number}" for number in range(draw(st.integers(1, 7)))]
    customers = [{"customer_id": key, **{name: draw(kept.values) for name, kept in about.items()}} for key in keys]
    aware = draw(st.booleans())
    known = draw(st.lists(moments(bounds), min_size=1, max_size=5))
    happened = {
        "customer_id": Stored("varchar", st.sampled_from([*keys, *keys, "nobody", None])),
        "event": Stored("varchar", st.sampled_from([*KINDS, *KINDS, "unheard_of", "Buy", None])),
        "occurred_at": Stored("timestamptz" if aware else "timestamp", _times(known, aware=aware)),
        "amount": draw(_numbers(ending)),
        "coupon": _TEXT,
    }
    least = 1 if ending == ".json" else 0  # rows alone tell a JSON file's columns
    rows = [{name: draw(kept.values) for name, kept in happened.items()} for _ in range(draw(st.integers(least, 14)))]
    again = draw(st.sampled_from([0, 0, 1, 2]))
    return Data(
        World(customers=customers, events=rows + rows[:again], email=emails, consent="consent" if consents else None),
        {"customer_id": "varchar", **{name: kept.type for name, kept in about.items()}},
        {name: kept.type for name, kept in happened.items()},
        ending,
    )


def _times(known: Sequence[dt.datetime], *, aware: bool) -> st.SearchStrategy[dt.datetime | None]:
    """A few moments that many events share, so that there are ties."""
    told = st.sampled_from([moment if aware else moment.replace(tzinfo=None) for moment in known])
    return st.one_of(told, told, told, told, st.none())


# ---------------------------------------------------------------------------------------------- conditions


def _literals() -> st.SearchStrategy[Scalar]:
    return st.one_of(st.sampled_from(NUMBERS).map(number), st.sampled_from(TEXTS), st.booleans())


def _bound() -> st.SearchStrategy[tuple[Scalar, ...]]:
    return st.one_of(st.sampled_from(NUMBERS).map(number), st.sampled_from(TEXTS)).map(lambda value: (value,))


def comparisons() -> st.SearchStrategy[Comparison]:
    """Any comparison of an attribute or a property."""
    several = st.lists(_literals(), min_size=1, max_size=2).map(tuple)
    words = st.sampled_from(["o", "go", "1", "\u00e9", "."]).map(lambda value: (value,))
    return st.one_of(
        st.builds(Comparison, st.sampled_from(["is", "not"]), several),
        st.builds(Comparison, st.sampled_from(["at_least", "at_most", "more_than", "less_than"]), _bound()),
        st.builds(Comparison, st.sampled_from(["contains", "starts_with"]), words),
        st.builds(Comparison, st.just("exists"), st.booleans().map(lambda value: (value,))),
    )


def _numeric(values: Sequence[str]) -> st.SearchStrategy[tuple[Comparison, ...]]:
    one = st.builds(
        Comparison,
        st.sampled_from(["is", "not", "at_least", "at_most", "more_than", "less_than"]),
        st.sampled_from(values).map(lambda value: (number(value),)),
    )
    return _few(one)


def _few(one: st.SearchStrategy[Comparison]) -> st.SearchStrategy[tuple[Comparison, ...]]:
    return st.lists(one, min_size=1, max_size=2, unique_by=lambda each: each.operator).map(tuple)


def tests_on(owner: str) -> st.SearchStrategy[Test]:
    """Comparisons on one of a table's columns."""
    return st.builds(Test, st.sampled_from(COLUMNS[owner]), _few(comparisons()))


@st.composite
def windows(draw: st.DrawFn, bounds: Sequence[int]) -> Window:
    """A window between two of the bounds, or open."""
    start, end = sorted(draw(st.lists(st.sampled_from(bounds), min_size=2, max_size=2, unique=True)))
    return draw(st.sampled_from([Window(start, end), Window(0, end), Window(start), EVER]))


def _kinds() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True).map(lambda each: tuple(sorted(each)))


@st.composite
def events(draw: st.DrawFn, bounds: Sequence[int], *, sliced: bool = False) -> Event:
    """An event with its measure; `sliced` for the one that says `within: slice`."""
    kinds = draw(_kinds())
    after = draw(st.lists(st.sampled_from([each for each in (*KINDS, "unheard_of") if each not in kinds]), max_size=2))
    latest = Pick(tuple(sorted(set(after))))
    measures: list[st.SearchStrategy[Measure]] = [
        st.just(Occurs()),
        st.just(latest),
        st.builds(Times, _numeric(("0", "1", "2", "10"))),
        st.builds(Total, st.just("amount"), _numeric(NUMBERS)),
    ]
    narrowed = st.lists(tests_on("events"), max_size=2, unique_by=lambda test: test.column)
    where = draw(st.one_of(st.just([]), st.just([]), narrowed))
    within: Window | SliceMark = SLICE if sliced else draw(windows(bounds))
    return Event(kinds, tuple(where), within, latest if sliced else draw(st.one_of(measures)))


def _leaves(bounds: Sequence[int], refs: Sequence[SegmentRef]) -> st.SearchStrategy[Condition]:
    leaves: list[st.SearchStrategy[Condition]] = [
        events(bounds),
        st.builds(Attribute, tests_on("customers")),
        st.just(Everyone()),
    ]
    return st.one_of(*leaves, *([st.sampled_from(refs)] if refs else []))


def _members(inner: st.SearchStrategy[Condition], least: int) -> st.SearchStrategy[tuple[Condition, ...]]:
    return st.lists(inner, min_size=least, max_size=2).map(tuple)


def _conditions(bounds: Sequence[int], refs: Sequence[SegmentRef]) -> st.SearchStrategy[Condition]:
    leaves = _leaves(bounds, refs)
    groups = st.builds(Group, all=_members(leaves, 0), any=_members(leaves, 0), none=_members(leaves, 0))
    return st.one_of(leaves, groups.filter(lambda group: bool(group.all or group.any or group.none)))


@st.composite
def whos(draw: st.DrawFn, bounds: Sequence[int], refs: Sequence[SegmentRef] = ()) -> Who:
    """A `who`, sliced one time in three."""
    inner = _conditions(bounds, refs)
    none = draw(_members(inner, 0))
    if draw(st.sampled_from([True, False, False])):
        cut = Group(all=(draw(events(bounds, sliced=True)), *draw(_members(inner, 0))), none=none)
        return Who(cut, draw(slices(bounds)))
    if draw(st.booleans()):
        return Who(draw(_leaves(bounds, refs)))
    return Who(Group(all=draw(_members(inner, 1)), any=draw(_members(inner, 0)), none=none))


@st.composite
def slices(draw: st.DrawFn, bounds: Sequence[int]) -> tuple[Slice, ...]:
    """One to three windows that do not overlap, from the youngest to the oldest."""
    cuts = sorted(draw(st.lists(st.sampled_from(bounds), min_size=2, max_size=4, unique=True)))
    ends: list[int | None] = [*cuts[1:]]
    if draw(st.booleans()):
        ends[-1] = None
    names = draw(st.permutations(["hot", "warm", "cool"]))
    return tuple(Slice(name, Window(a, b)) for name, a, b in zip(names, cuts, ends, strict=False))


def references(helpers: Mapping[str, Who]) -> list[SegmentRef]:
    """Every way to name a helper."""
    whole = [SegmentRef(key) for key in helpers]
    return whole + [SegmentRef(key, part.name) for key, who in helpers.items() for part in who.slices]


@st.composite
def helper_segments(draw: st.DrawFn, bounds: Sequence[int]) -> dict[str, Who]:
    """Two segments that others refer to, the second perhaps to the first."""
    first = {"first": draw(whos(bounds))}
    return {**first, "second": draw(whos(bounds, references(first)))}


_DAY = AS_OF.date()
_PERIODS = (
    Period(_DAY, _DAY),
    Period(None, _DAY - dt.timedelta(days=1)),
    Period(_DAY + dt.timedelta(days=1), None),
)


@st.composite
def definitions(draw: st.DrawFn, bounds: Sequence[int], helpers: Mapping[str, Who]) -> Definition:
    """A published segment's definition; it carries every helper, needed or not."""
    return Definition(
        who=draw(whos(bounds, references(helpers))),
        suppression=draw(st.sampled_from([False, False, False, True])),
        active=draw(st.sampled_from([None, None, None, *_PERIODS])),
        segments=tuple(sorted(helpers.items())),
    )
