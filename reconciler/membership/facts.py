"""Facts: what one scan of the events tells of each person, whatever the number of windows asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp, select

from reconciler.membership.ages import Ages, cut
from reconciler.membership.columns import label
from reconciler.membership.counters import Counters
from reconciler.membership.masks import Masks
from reconciler.membership.sql import Sql, alias, call, each, filtered, integer, name, negated, or_nothing, when
from reconciler.membership.streams import Reach, Scan, Stream
from reconciler.membership.values import NUMBER, as_number
from reconciler.model.time import EVER, Window

Figure = Literal["sum", "number", "smallest", "largest"]
"""Of the values of a column that can be read as numbers: their sum, how many there are, the least, the greatest."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A column of the facts: how those of several records become one, and what a person without events has."""

    column: str
    merged: Literal["bits", "count", "packed", "SUM", "MIN", "MAX"]
    nothing: Sql | None


Which = Literal["latest", "first"]
_FUNCTIONS: dict[Which, Literal["MAX", "MIN"]] = {"latest": "MAX", "first": "MIN"}
MOST_PICKED = 12
"""Of more windows than this the time of a picked event takes less room than two bits each."""

KEY = 48
BYTES = {"bits": 16, "count": 8, "packed": 24, "SUM": 32, "MIN": 24, "MAX": 24}
"""About what a group costs while it is made, by DuckDB's layout: its key and hash, and each column with its flag."""


class Facts:
    """Gathers what is asked of events and writes the one query that answers it: a row a record, few small columns.

    "Any event in a window" is one bit of the words `m0, m1, …`, which are packed into the columns `b0, b1, …`. Counts
    are `c0, c1, …`, with `packs` packed into the columns `d0, d1, …`; figures are `s0, s1, …`, latest and first times
    `t0, t1, …`, and `n` is the number of events read.
    """

    def __init__(self, scan: Scan, words: int) -> None:
        self._scan = scan
        self._masks = Masks(words)
        self._counters = Counters()
        self.packs = False
        self._figures: dict[tuple[Stream, Window, Figure, str], str] = {}
        self._times: dict[tuple[Stream, Literal["MAX", "MIN"]], str] = {}
        self._picked: dict[tuple[Stream, Which], set[Window]] = {}
        self._reach = Reach()

    def read(self, stream: Stream, window: Window) -> None:
        """Read the events in a window without telling anything of them but their number."""
        self._reach.read(stream.kinds, window.end)

    def occurs_at(self, stream: Stream, window: Window, position: int) -> None:
        """Put "at least one in the window" into a given bit."""
        self._reach.read(stream.kinds, window.end)
        self._masks.put(stream, window, position)

    def occurs(self, stream: Stream, window: Window) -> Sql:
        """Whether there is at least one in the window."""
        self._reach.read(stream.kinds, window.end)
        return self._masks.bit(stream, window)

    def count(self, stream: Stream, window: Window) -> Sql:
        """How many there are in the window."""
        self._reach.read(stream.kinds, window.end)
        return self._counters.count((stream, window))

    def figure(self, stream: Stream, window: Window, figure: Figure, of: str) -> Sql:
        """An exact figure of a column over those in the window; the least and the greatest of nothing are NULL."""
        self._reach.read(stream.kinds, window.end)
        return name(self._figures.setdefault((stream, window, figure, of), f"s{len(self._figures)}"))

    def picked(self, which: Which, stream: Stream, window: Window) -> Sql | None:
        """Whether the latest, or the first ever, is in the window, told by bits: one is, and none beyond it.

        None where its time tells more cheaply: it is made anyway, or the windows are many.
        """
        windows = self._picked.setdefault((stream, which), set())
        if (stream, _FUNCTIONS[which]) in self._times or len(windows | {window}) > MOST_PICKED:
            return None
        windows.add(window)
        inside, beyond = self.occurs(stream, window), _beyond(window, which)
        return inside if beyond is None else each([inside, negated(self.occurs(stream, beyond))])

    def latest(self, stream: Stream, reach: int | None) -> exp.Column:
        """The time of the latest, NULL without one; events older than `reach` minutes need not be told."""
        self._reach.read(stream.kinds, reach)
        return name(self._times.setdefault((stream, _FUNCTIONS["latest"]), f"t{len(self._times)}"))

    def first(self, stream: Stream) -> exp.Column:
        """The time of the first ever, NULL without one."""
        self._reach.read(stream.kinds, None)
        return name(self._times.setdefault((stream, _FUNCTIONS["first"]), f"t{len(self._times)}"))

    @property
    def is_asked(self) -> bool:
        """Whether any condition reads events."""
        return self._reach.kinds > 0

    @property
    def words(self) -> int:
        """The number of columns that hold bits."""
        return self._masks.words

    @property
    def columns(self) -> list[Fact]:
        """Every column of the facts."""
        figures = [_fact_of(figure, column) for (_, _, figure, _), column in self._figures.items()]
        return [
            Fact("n", "count", integer(0)),
            *(Fact(f"b{word}", "bits", integer(0)) for word in range(self.words)),
            *self._counted(),
            *figures,
            *(Fact(column, merged, None) for (_, merged), column in self._times.items()),
        ]

    def told(self, owner: str) -> Iterator[Sql]:
        """What a query over the facts tells of each person: every column, the words as they are asked for."""
        for fact in self.columns:
            if fact.merged not in ("bits", "packed"):
                yield or_nothing(name(fact.column, owner), fact.nothing)
        if self.is_packed:
            for counter, value in self._counters.unpacked(lambda column: _bits(name(column, owner))):
                yield alias(value, counter)
        for word, value in self._masks.unpacked(lambda number: _bits(name(f"b{number}", owner))):
            yield alias(value, word)

    @property
    def state(self) -> int:
        """About how many bytes a person's row takes while it is made."""
        return KEY + sum(BYTES[fact.merged] for fact in self.columns)

    def query(self) -> exp.Select | None:
        """The scan; None when nothing was asked of events."""
        if not self.is_asked:
            return None
        windows = [*self._masks.windows, *(window for _, window in self._counters.asked if self.is_packed)]
        ages = cut(windows or [EVER], self._reach.kinds)
        columns = [alias(value, column) for column, value in self._aggregates(ages)]
        told = select(name("k"), alias(exp.func("COUNT", exp.Star()), "n"), *columns)
        read = self._scan.rows(self._reach, self._read(), [alias(ages.slot(self._scan.as_of), "slot")])
        return told.from_(self._with_values(read).subquery("e")).group_by(name("k"))

    def _with_values(self, read: exp.Select) -> exp.Select:
        """With the numbers that figures are made of beside each event: read once a column, narrowed once a window."""
        if not self._figures:
            return read
        numbers = {of: f"u{number}" for number, of in enumerate(dict.fromkeys(of for _, _, _, of in self._figures))}
        told = [alias(self._number(of), column) for of, column in numbers.items()]
        narrowed = [
            alias(when(self._scan.inside(stream, window), name(numbers[of]), exp.null()), column)
            for (stream, window, of), column in self._values().items()
        ]
        with_numbers = select(exp.Star(), *told).from_(read.subquery("r"))
        return select(exp.Star(), *narrowed).from_(with_numbers.subquery("r"))

    def _number(self, of: str) -> Sql:
        stored = self._scan.stored(of)
        return exp.cast(exp.null(), NUMBER) if stored.is_list else as_number(name(label(of)), stored.kind)

    def _values(self) -> dict[tuple[Stream, Window, str], str]:
        asked = dict.fromkeys((stream, window, of) for stream, window, _, of in self._figures)
        return {each: f"v{number}" for number, each in enumerate(asked)}

    def _read(self) -> Iterator[str]:
        yield from (of for _, _, _, of in self._figures)
        asked = [*self._counters.asked, *((stream, window) for stream, window, _, _ in self._figures)]
        streams = [*self._masks.streams, *(stream for stream, _ in asked), *(stream for stream, _ in self._times)]
        yield from (test.column for stream in streams for test in stream.where)

    def _aggregates(self, ages: Ages) -> Iterator[tuple[str, Sql]]:
        for word in range(self.words):
            yield f"b{word}", call("bit_or", self._masks.word(ages, word, self._scan.of))
        yield from self._counters.sums(ages, self._scan.of) if self.is_packed else self._plain_counts()
        values = self._values()
        for (stream, window, figure, of), column in self._figures.items():
            yield column, _figured(figure, name(values[stream, window, of]))
        for (stream, which), column in self._times.items():
            yield column, filtered(exp.func(which, name("t")), self._scan.of(stream))

    def _plain_counts(self) -> Iterator[tuple[str, Sql]]:
        for (stream, window), column in self._counters.asked.items():
            yield column, filtered(exp.func("COUNT", exp.Star()), self._scan.inside(stream, window))

    def _counted(self) -> list[Fact]:
        if self.is_packed:
            return [Fact(column, "packed", integer(0)) for column in self._counters.columns]
        return [Fact(column, "count", integer(0)) for column in self._counters.asked.values()]

    @property
    def is_packed(self) -> bool:
        """Whether counters share columns."""
        return self.packs and self._counters.pays


def _figured(figure: Figure, value: Sql) -> Sql:
    match figure:
        case "sum":
            return exp.func("COALESCE", exp.func("SUM", value), exp.cast(integer(0), NUMBER))
        case "number":
            return exp.func("COUNT", value)
        case "smallest":
            return exp.func("MIN", value)
        case "largest":
            return exp.func("MAX", value)


def _bits(column: Sql) -> Sql:
    return exp.func("COALESCE", column, integer(0))


def _fact_of(figure: Figure, column: str) -> Fact:
    match figure:
        case "sum":
            return Fact(column, "SUM", integer(0))
        case "number":
            return Fact(column, "count", integer(0))
        case "smallest":
            return Fact(column, "MIN", None)
        case "largest":
            return Fact(column, "MAX", None)


def _beyond(window: Window, which: Which) -> Window | None:
    """The ages at which an event would have been picked instead; None when there are none."""
    if which == "latest":
        return Window(0, window.start) if window.start else None
    return None if window.end is None else Window(window.end)
