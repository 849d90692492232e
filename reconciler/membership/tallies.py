"""Tallies: figures that depend on how often each value of a column occurs, one small query a column."""

from __future__ import annotations

from typing import Literal

from sqlglot import exp, select

from reconciler.membership.columns import label
from reconciler.membership.persons import Persons
from reconciler.membership.sql import Sql, alias, element, filtered, integer, name, negated, some_element, when
from reconciler.membership.streams import Reach, Scan, Stream
from reconciler.membership.values import Kind, as_text
from reconciler.model.time import Window

Tally = Literal["most", "different"]
"""How often the most frequent value occurs; how many values occur."""


class Tallies:
    """The tallies of one column `of`: `q0, q1, …` by person, from one scan grouped by person and value."""

    def __init__(self, scan: Scan, persons: Persons, of: str, number: int) -> None:
        self._scan = scan
        self._persons = persons
        self._of = of
        self._prefix = f"q{number}_"
        self._asked: dict[tuple[Stream, Window, Tally], str] = {}
        self._reach = Reach()

    def ask(self, stream: Stream, window: Window, tally: Tally) -> Sql:
        """The figure, 0 of nothing, over the events in a window."""
        self._reach.read(stream.kinds, window.end)
        column = self._asked.setdefault((stream, window, tally), f"{self._prefix}{len(self._asked)}")
        return name(column)

    @property
    def columns(self) -> list[str]:
        """The columns; a person without a row has 0 in each."""
        return list(self._asked.values())

    def query(self) -> exp.Select:
        """A row a person: `k` and the figures. The values of all of a person's records are one collection."""
        counted = {pair: number for number, pair in enumerate(dict.fromkeys((s, w) for s, w, _ in self._asked))}
        told = select(alias(self._persons.key(name("k", "e")), "k"), alias(self._value(), "v"))
        for (stream, window), number in counted.items():
            told = told.select(alias(self._number(stream, window), f"n{number}"))
        read = self._scan.rows(self._reach, self._read())
        by_value = self._persons.joined(told.from_(read.subquery("e")), name("k", "e"))
        by_value = by_value.where(negated(self._value().is_(exp.null())))
        by_value = by_value.group_by(exp.Literal.number(1), exp.Literal.number(2))
        figures = [
            alias(_figure(tally, name(f"n{counted[stream, window]}")), column)
            for (stream, window, tally), column in self._asked.items()
        ]
        return select(name("k"), *figures).from_(by_value.subquery("v")).group_by(name("k"))

    def _read(self) -> list[str]:
        return [self._of, *(test.column for stream, _, _ in self._asked for test in stream.where)]

    def _number(self, stream: Stream, window: Window) -> Sql:
        return filtered(exp.func("COUNT", exp.Star()), self._scan.inside(stream, window))

    def _value(self) -> Sql:
        """A value as it is told from others: text by its letters, all else as it is; NULL where it is missing."""
        stored, value = self._scan.stored(self._of), name(label(self._of))
        if stored.is_list:
            there = some_element(value, negated(as_text(element(), stored.kind).is_(exp.null())))
            return when(there, value, exp.null())
        return as_text(value, stored.kind) if stored.kind is Kind.TEXT else value


def _figure(tally: Tally, number: Sql) -> Sql:
    if tally == "most":
        return exp.func("MAX", number)
    return filtered(exp.func("COUNT", exp.Star()), number > integer(0))
