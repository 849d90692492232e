"""Facts: what one scan of the events tells of each person, whatever the number of windows asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp, select

from reconciler.membership.ages import Ages, before, cut, moment, within
from reconciler.membership.layout import WORD
from reconciler.membership.source import label
from reconciler.membership.sql import (
    Sql,
    alias,
    bits,
    call,
    each,
    either,
    filtered,
    has,
    integer,
    name,
    one_of,
    table,
    when,
)
from reconciler.membership.values import ABSENT, NUMBER, Stored, as_number, satisfies
from reconciler.model.conditions import Test
from reconciler.model.time import EVER, Window


@dataclass(frozen=True, slots=True)
class Stream:
    """Events of some kinds, narrowed by tests on their columns."""

    kinds: tuple[str, ...]
    where: tuple[Test, ...] = ()


Asked = tuple[Stream, Window]


class Facts:
    """Gathers what is asked of events and writes the one query that answers it: a row a person, few small columns.

    "Any event in a window" is one bit of the words `m0, m1, …`; the first `words` of them are kept for bits whose place
    is given. Counts are `c0, c1, …`, sums `s0, s1, …`, latest times `t0, t1, …`, and `n` is the number of events read.
    """

    def __init__(self, columns: Mapping[str, Stored], words: int) -> None:
        self._stored = columns
        self._next = words * WORD
        self._bits: dict[Asked, list[int]] = {}
        self._own: dict[Asked, int] = {}
        self._counts: dict[Asked, str] = {}
        self._sums: dict[tuple[Stream, Window, str], str] = {}
        self._latest: dict[Stream, str] = {}
        self._reach: dict[str, int | None] = {}

    def occurs_at(self, stream: Stream, window: Window, position: int) -> None:
        """Put "at least one in the window" into a given bit."""
        self._read(stream.kinds, window.end)
        self._bits.setdefault((stream, window), []).append(position)

    def occurs(self, stream: Stream, window: Window) -> Sql:
        """Whether there is at least one in the window."""
        if (stream, window) not in self._own:
            self._own[stream, window] = self._next
            self.occurs_at(stream, window, self._next)
            self._next += 1
        word, bit = divmod(self._own[stream, window], WORD)
        return has(name(f"m{word}"), 1 << bit)

    def count(self, stream: Stream, window: Window) -> Sql:
        """How many there are in the window."""
        self._read(stream.kinds, window.end)
        return name(self._counts.setdefault((stream, window), f"c{len(self._counts)}"))

    def total(self, stream: Stream, window: Window, of: str) -> Sql:
        """The exact sum of a column over those in the window."""
        self._read(stream.kinds, window.end)
        return name(self._sums.setdefault((stream, window, of), f"s{len(self._sums)}"))

    def latest(self, stream: Stream, reach: int | None) -> Sql:
        """The time of the latest, NULL without one; events older than `reach` minutes need not be told."""
        self._read(stream.kinds, reach)
        return name(self._latest.setdefault(stream, f"t{len(self._latest)}"))

    def _read(self, kinds: Iterable[str], reach: int | None) -> None:
        for kind in kinds:
            known = self._reach.get(kind, 0)
            self._reach[kind] = None if reach is None or known is None else max(known, reach)

    @property
    def is_asked(self) -> bool:
        """Whether any condition reads events."""
        return bool(self._reach)

    @property
    def words(self) -> int:
        """The number of mask words."""
        return -(-self._next // WORD) if self._bits else 0

    @property
    def columns(self) -> list[tuple[str, Sql | None]]:
        """Every column of the facts, with what a person without events has (None: NULL)."""
        masks: list[tuple[str, Sql | None]] = [(f"m{word}", integer(0)) for word in range(self.words)]
        numbers: list[tuple[str, Sql | None]] = [
            (column, integer(0)) for column in (*self._counts.values(), *self._sums.values())
        ]
        return [("n", integer(0)), *masks, *numbers, *((column, None) for column in self._latest.values())]

    def query(self, as_of: dt.datetime, among: str | None = None) -> exp.Select | None:
        """The scan, of all persons or of those in the table `among`; None when nothing was asked of events."""
        if not self._reach:
            return None
        ages = cut([window for _, window in self._bits] or [EVER], len(self._reach))
        columns = [alias(value, column) for column, value in self._aggregates(ages, as_of)]
        told = select(name("k"), alias(exp.func("COUNT", exp.Star()), "n"), *columns)
        return told.from_(self._events(ages, as_of, among).subquery("e")).group_by(name("k"))

    def _events(self, ages: Ages, as_of: dt.datetime, among: str | None) -> exp.Select:
        columns = {of for _, _, of in self._sums} | {test.column for stream in self._streams() for test in stream.where}
        read = select(name("k"), name("kind"), name("t"), *map(self._property, sorted(columns)))
        read = read.select(alias(ages.slot(as_of), "slot")).from_(table("events"))
        read = read.where(name("k").is_(exp.null()).not_(), name("t") <= moment(as_of), *self._pruning(as_of))
        return (
            read.where(exp.In(this=name("k"), query=select(name("k")).from_(table(among)).subquery()))
            if among
            else read
        )

    def _property(self, column: str) -> Sql:
        """A column that only an earlier definition names may be there no more: then every value is missing."""
        if column in self._stored:
            return name(label(column))
        return alias(exp.cast(exp.null(), "TEXT"), label(column))

    def _pruning(self, as_of: dt.datetime) -> list[Sql]:
        reaches: dict[int | None, list[str]] = {}
        for kind, reach in sorted(self._reach.items()):
            reaches.setdefault(reach, []).append(kind)
        asked = [self._asked(kinds, reach, as_of) for reach, kinds in reaches.items()]
        furthest = None if None in reaches else max(reach for reach in reaches if reach is not None)
        return [either(asked)] + ([name("t") > moment(before(as_of, furthest))] if furthest is not None else [])

    def _asked(self, kinds: list[str], reach: int | None, as_of: dt.datetime) -> Sql:
        of_kind = one_of(name("kind"), kinds)
        return of_kind if reach is None else of_kind.and_(name("t") > moment(before(as_of, reach)))

    def _streams(self) -> list[Stream]:
        asked = [*(stream for stream, _ in (*self._bits, *self._counts)), *(stream for stream, _, _ in self._sums)]
        return list(dict.fromkeys([*asked, *self._latest]))

    def _aggregates(self, ages: Ages, as_of: dt.datetime) -> Iterable[tuple[str, Sql]]:
        for word in range(self.words):
            yield f"m{word}", call("bit_or", self._mask(ages, word))
        for (stream, window), column in self._counts.items():
            yield column, filtered(exp.func("COUNT", exp.Star()), self._in(stream, window, as_of))
        for (stream, window, of), column in self._sums.items():
            value = as_number(name(label(of)), self._stored.get(of, ABSENT).kind)
            total = filtered(exp.func("SUM", value), self._in(stream, window, as_of))
            yield column, exp.func("COALESCE", total, exp.cast(integer(0), NUMBER))
        for stream, column in self._latest.items():
            yield column, filtered(exp.func("MAX", name("t")), self._of(stream))

    def _in(self, stream: Stream, window: Window, as_of: dt.datetime) -> Sql:
        return self._of(stream) if window == EVER else each([self._of(stream), within(name("t"), window, as_of)])

    def _of(self, stream: Stream) -> Sql:
        tests = [
            satisfies(test, self._stored.get(test.column, ABSENT).kind, column=label(test.column))
            for test in stream.where
        ]
        return each([one_of(name("kind"), stream.kinds), *tests])

    def _mask(self, ages: Ages, word: int) -> Sql:
        """One word of the event at hand: plain kinds through one lookup, each narrowed stream through its own."""
        plain = {asked: places for asked, places in self._bits.items() if not asked[0].where}
        narrowed = dict.fromkeys(stream for stream, _ in self._bits if stream.where)
        parts = [self._lookup_by_kind(ages, plain, word)] if plain else []
        for stream in narrowed:
            own = {asked: places for asked, places in self._bits.items() if asked[0] == stream}
            values = _masks(ages, own, word)
            parts.append(when(self._of(stream), _looked_up([values], name("slot"), ages), integer(0)))
        return bits(*parts)

    def _lookup_by_kind(self, ages: Ages, plain: Mapping[Asked, list[int]], word: int) -> Sql:
        kinds = sorted({kind for stream, _ in plain for kind in stream.kinds})
        lists = [_masks(ages, _of_kind(plain, kind), word) for kind in kinds]
        size = len(ages.starts)
        offsets = [exp.If(this=text_of(kind), true=integer(number * size)) for number, kind in enumerate(kinds)]
        found = _looked_up(lists, name("slot"), ages, exp.Case(this=name("kind"), ifs=offsets))
        return exp.func("COALESCE", found, integer(0))


def text_of(kind: str) -> Sql:
    """A kind as a literal."""
    return exp.Literal.string(kind)


def _of_kind(asked: Mapping[Asked, list[int]], kind: str) -> dict[Asked, list[int]]:
    return {each: places for each, places in asked.items() if kind in each[0].kinds}


def _masks(ages: Ages, asked: Mapping[Asked, list[int]], word: int) -> list[int]:
    """The mask of each slot: every window that contains it, so that no step from slot to window is left."""
    masks = [0] * len(ages.starts)
    for (_, window), places in asked.items():
        mask = sum(1 << place % WORD for place in places if place // WORD == word)
        for slot in ages.slots_of(window) if mask else ():
            masks[slot] |= mask
    return masks


def _looked_up(lists: list[list[int]], slot: Sql, ages: Ages, offset: Sql | None = None) -> Sql:
    constant = exp.cast(exp.Array(expressions=[integer(mask) for masks in lists for mask in masks]), "BIGINT[]")
    clamped = exp.func("LEAST", slot, integer(len(ages.starts) - 1))
    place = clamped + 1 if offset is None else clamped + 1 + offset
    return call("list_extract", constant, place)
