"""`given` of a test → rows: people and events with the source's own columns, inline or from a CSV file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from reconciler.config import files
from reconciler.config.context import Context
from reconciler.config.nodes import Node
from reconciler.config.paths import read_one_file
from reconciler.config.problems import Problems
from reconciler.config.scalars import shown
from reconciler.config.values import read_duration
from reconciler.model.settings import Customers, Events
from reconciler.model.tests import Rows, Value

AGO, IN = "ago", "in"
"""Stand for a time before and after the clock: in the row of an event for its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """What rows of one table may hold. `known` are the columns that somebody reads, None where a query may read any;
    `single` those that hold one value; `time` is the column that `ago` and `in` stand for.
    """

    owner: str
    known: frozenset[str] | None
    single: frozenset[str]
    time: str | None = None


@dataclass(slots=True)
class Row:
    """One row, with the node that says it; of a file `place` is where the row stands in it."""

    node: Node
    place: str = ""
    values: dict[str, Value] = field(default_factory=dict)


def of_customers(customers: Customers, known: frozenset[str] | None) -> Table:
    """The table of customers."""
    consent = [customers.consent.column] if customers.consent else []
    same = [customers.same_person] if customers.same_person else []
    return Table(owner="customers", known=known, single=frozenset([customers.key, *consent, *same]))


def of_events(owner: str, events: Events, known: frozenset[str] | None) -> Table:
    """The table of one source of events."""
    named = [events.name] if events.name is not None else []
    return Table(owner=owner, known=known, single=frozenset([events.customer, events.time, *named]), time=events.time)


def as_rows(node: Node, rows: list[Row]) -> Rows:
    """Rows with a value for every column that one of them has."""
    columns = tuple(dict.fromkeys(column for row in rows for column in row.values))
    return Rows(
        place=node.place,
        columns=columns,
        rows=tuple(tuple(row.values.get(column) for column in columns) for row in rows),
    )


@dataclass(frozen=True, slots=True)
class Fixture:
    """Reads the rows of one table, at the clock of a test."""

    table: Table
    as_of: dt.datetime
    context: Context

    def read(self, node: Node) -> list[Row]:
        """The rows that a node lists, or those of the file that it names."""
        if not isinstance(node.value, list):
            return [] if self.context.problems.broken(node) else list(self._from_file(node))
        items = [item for item in node.value if isinstance(item.value, dict)]
        return [self._inline(item) for item in items if not self.context.problems.broken(item)]

    def _inline(self, node: Node) -> Row:
        row = Row(node)
        for column, child in node.entries():
            self._put(row, column, child)
        return row

    def _put(self, row: Row, column: str, child: Node) -> None:
        if self._is_age(column):
            self._set_time(row, child, self._moment(child, column))
        elif self.table.known is not None and column not in self.table.known:
            self._refuse_unknown(column, child)
        elif column == self.table.time:
            self._set_time(row, child, _in_utc(self._time(child)))
        else:
            row.values[column] = self._value(child)
            self._refuse_list(row, column, child)

    def _refuse_list(self, row: Row, column: str, child: Node) -> None:
        if column in self.table.single and isinstance(row.values[column], tuple):
            self.context.problems.add(child, f"`{column}` is one value, not a list")

    def _is_age(self, column: str) -> bool:
        return self.table.time is not None and column in (AGO, IN) and column != self.table.time

    def _refuse_unknown(self, column: str, node: Node) -> None:
        problems = self.context.problems
        hint = problems.nearest(column, self.table.known or ())
        message = f"nothing in this workspace reads a column `{shown(column)}` of {self.table.owner}{hint}"
        problems.add(node, message, at_key=True)

    def _set_time(self, row: Row, node: Node, moment: str | None) -> None:
        time = self.table.time or ""
        if time in row.values:
            message = f"says the time twice: one of `{time}`, `ago` and `in` is enough"
            self.context.problems.add(node, message, at_key=True)
        row.values[time] = moment

    def _value(self, node: Node) -> Value:
        """As a CSV file would have it: numbers and booleans as they are written."""
        if isinstance(node.value, list):
            return tuple(item.raw for item in node.value)
        if isinstance(node.value, dict):
            return self._time(node)
        return None if node.value is None else node.raw

    def _time(self, node: Node) -> str | None:
        """A time as it is written, or counted from the clock."""
        given = list(node.entries())
        if len(given) > 1:
            self.context.problems.add(node, "says the time twice: `ago` or `in`")
        if given:
            word, child = given[0]
            return self._moment(child, word)
        if node.value is not None and moment_of(node.raw) is None:
            message = f"`{shown(node.raw)}` is no time: write 2026-11-21T18:00:00Z, or `ago: 3h`"
            self.context.problems.add(node, message)
        return None if node.value is None else node.raw

    def _moment(self, node: Node, word: str) -> str | None:
        minutes = read_duration(node, self.context.problems)
        if minutes is None:
            return None
        span = dt.timedelta(minutes=minutes)
        try:
            return (self.as_of - span if word == AGO else self.as_of + span).isoformat()
        except OverflowError:
            self.context.problems.add(node, "leads out of the calendar")
            return None

    def _from_file(self, node: Node) -> Iterator[Row]:
        """A file may have more columns than are read: it may be a piece of an export."""
        problems = self.context.problems
        reader = csv.reader(io.StringIO(_text(node, self.context) or "", newline=""), strict=True)
        try:
            header = next(reader, [])
            for cells in reader:
                place = f"{node.raw}:{reader.line_num}"
                if len(cells) != len(header):
                    problems.add(node, f"{place}: has {len(cells)} values, the header names {len(header)}")
                    return
                yield self._cells(node, place, dict(zip(header, cells, strict=True)))
        except csv.Error:
            problems.add(node, f"{node.raw}:{reader.line_num}: is broken, or not CSV")

    def _cells(self, node: Node, place: str, cells: dict[str, str]) -> Row:
        row = Row(node, place=f"{place}: ")
        for column, cell in cells.items():
            if not self._is_age(column):
                told = _in_utc(cell) if column == self.table.time else cell
                row.values.setdefault(column, told or None)
            elif cell:
                row.values[self.table.time or ""] = self._moment_in_file(node, place, column, cell)
        return row

    def _moment_in_file(self, node: Node, place: str, word: str, cell: str) -> str | None:
        found = Problems()
        inner = Fixture(self.table, self.as_of, replace(self.context, problems=found))
        moment = inner._moment(replace(node, value=cell, raw=cell), word)
        if found:
            self.context.problems.add(node, f"{place}: {found.error().problems[0].message}")
        return moment


def _in_utc(text: str | None) -> str | None:
    """A time in the one form that every engine reads; what is none stays as it is."""
    moment = moment_of(text) if text else None
    return moment.isoformat() if moment else text


def moment_of(text: str) -> dt.datetime | None:
    """A moment in UTC, also where it is written without a zone; None where it is none."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _text(node: Node, context: Context) -> str | None:
    """The text of a file of rows, or None with a problem at the place that names it."""
    name = read_one_file(node, context.problems)
    if name is None:
        return None
    path = context.root / name
    message = ""
    if path.suffix != ".csv":
        message = "must be rows, or a file in the workspace that ends in `.csv`"
    elif not path.is_file():
        message = f"there is no file `{files.display(path)}`"
    elif not path.resolve().is_relative_to(context.root.resolve()):
        message = "is a symbolic link that leaves the workspace"
    if message:
        context.problems.add(node, message)
        return None
    found = Problems()
    text = files.read(path, found)
    if text is None:
        context.problems.add(node, "; ".join(map(str, found.error().problems)))
    return text
