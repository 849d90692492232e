"""Streams of events: what a scan of them reads, and when the event at hand is one of those asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp, select

from reconciler.membership.ages import before, moment, within
from reconciler.membership.columns import label
from reconciler.membership.comparisons import satisfies
from reconciler.membership.sql import Sql, alias, each, either, name, one_of, table
from reconciler.membership.values import ABSENT, Stored
from reconciler.model.conditions import Test
from reconciler.model.time import EVER, Window


@dataclass(frozen=True, slots=True)
class Stream:
    """Events of some kinds, narrowed by tests on their columns."""

    kinds: tuple[str, ...]
    where: tuple[Test, ...] = ()


class Reach:
    """How far back each kind of event is read."""

    def __init__(self) -> None:
        self._minutes: dict[str, int | None] = {}

    def read(self, kinds: Iterable[str], reach: int | None) -> None:
        """Read these kinds as far back as `reach` minutes, None for ever."""
        for kind in kinds:
            known = self._minutes.get(kind, 0)
            self._minutes[kind] = None if reach is None or known is None else max(known, reach)

    @property
    def kinds(self) -> int:
        """How many kinds are read."""
        return len(self._minutes)

    def conditions(self, as_of: dt.datetime) -> list[Sql]:
        """What the events read have in common; the plain bound on the time prunes files."""
        reaches: dict[int | None, list[str]] = {}
        for kind, reach in sorted(self._minutes.items()):
            reaches.setdefault(reach, []).append(kind)
        asked = [_asked(kinds, reach, as_of) for reach, kinds in reaches.items()]
        furthest = None if None in reaches else max(reach for reach in reaches if reach is not None)
        return [either(asked)] + ([name("t") > moment(before(as_of, furthest))] if furthest is not None else [])


def _asked(kinds: list[str], reach: int | None, as_of: dt.datetime) -> Sql:
    of_kind = one_of(name("kind"), kinds)
    return of_kind if reach is None else of_kind.and_(name("t") > moment(before(as_of, reach)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """The events up to a clock: of all persons, or of the records in the table `among`."""

    columns: Mapping[str, Stored]
    as_of: dt.datetime
    events: str = "events"
    among: str | None = None

    def rows(self, reach: Reach, read: Iterable[str], extra: Iterable[Sql] = ()) -> exp.Select:
        """`k`, `kind`, `t`, the user's columns of those names, and more."""
        told = select(name("k"), name("kind"), name("t"), *map(self._property, sorted(set(read))), *extra)
        told = told.from_(table(self.events))
        told = told.where(name("t") <= moment(self.as_of))
        told = told.where(*reach.conditions(self.as_of))
        return told if self.among is None else told.where(is_among(name("k"), self.among))

    def stored(self, column: str) -> Stored:
        """How a column is stored."""
        return self.columns.get(column, ABSENT)

    def of(self, stream: Stream) -> Sql:
        """Whether the event at hand is one of a stream."""
        tests = [satisfies(t, self.stored(t.column), name(label(t.column)), self.as_of) for t in stream.where]
        return each([one_of(name("kind"), stream.kinds), *tests])

    def inside(self, stream: Stream, window: Window) -> Sql:
        """Whether it is, and lies in a window."""
        return self.of(stream) if window == EVER else each([self.of(stream), within(name("t"), window, self.as_of)])

    def _property(self, column: str) -> Sql:
        """A column that only an earlier definition names may be there no more: then every value is missing."""
        if column in self.columns:
            return name(label(column))
        return alias(exp.cast(exp.null(), "TEXT"), label(column))


def is_among(key: Sql, among: str) -> Sql:
    """Whether a key stands in a table."""
    return exp.In(this=key, query=select(name("k")).from_(table(among)).subquery())
