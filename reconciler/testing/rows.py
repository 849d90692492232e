"""Facts of made-up people → the rows of the source's tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.membership.tables import owners
from reconciler.model.reads import closure, reads_of
from reconciler.model.settings import Events, Place
from reconciler.model.tests import Rows, Value
from reconciler.model.workspace import Workspace
from reconciler.testing.facts import Ago, Fact, Facts

Row = dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of customers, and those of each source of events with the source."""

    customers: list[Row]
    events: Mapping[str, tuple[Events, list[Row]]]


def tables_of(workspace: Workspace, people: Sequence[tuple[str, Facts]]) -> Tables:
    """Each person's row and events."""
    source = workspace.settings.source
    tables = Tables([], {owner: (events, []) for owner, events in owners(source).items()})
    for key, facts in people:
        tables.customers.append({source.customers.key: key, **dict(facts.attributes)})
        for deed in facts.deeds:
            events, rows = tables.events[_owner_of(workspace, deed.kind)]
            named: Row = {events.name: deed.kind} if events.name is not None else {}
            rows.append({events.customer: key, **named, events.time: Ago(deed.ago), **dict(deed.columns)})
    return tables


def _owner_of(workspace: Workspace, kind: str) -> str:
    """The source that has events of a kind: the one that has no others, or else one with a column of kinds."""
    sources = owners(workspace.settings.source)
    only = [owner for owner, events in sources.items() if events.kind == kind]
    return (only or [owner for owner, events in sources.items() if events.name is not None])[0]


def complete(workspace: Workspace, key: str, tables: Tables) -> None:
    """Give the first rows whatever a definition reads and nobody has, as missing: a test has to say so."""
    conditions = {segment.key: segment.condition for segment in workspace.segments}
    for read in (read for each in closure(key, conditions) for read in reads_of(conditions[each])):
        if not read.kinds:
            _complete(tables.customers[:1], tables.customers, read.column)
        for events, rows in tables.events.values() if read.kinds else ():
            looked_at = [row for row in rows if events.name is None or row[events.name] in read.kinds]
            _complete(looked_at[:1], rows, read.column)


def _complete(first: list[Row], rows: list[Row], column: str) -> None:
    if not any(column in row for row in rows):
        for row in first:
            row[column] = None


def given_of(workspace: Workspace, people: Sequence[tuple[str, Facts]], as_of: dt.datetime) -> Mapping[str, Rows]:
    """The rows as a test has them."""
    tables, place = tables_of(workspace, people), workspace.settings.source.customers.table.place
    events = {owner: _rows(rows, as_of, place) for owner, (_, rows) in tables.events.items()}
    return {"customers": _rows(tables.customers, as_of, place), **events}


def _rows(rows: Sequence[Row], as_of: dt.datetime, place: Place) -> Rows:
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    told = tuple(tuple(_value(row.get(column), as_of) for column in columns) for row in rows)
    return Rows(place=place, columns=columns, rows=told)


def _value(fact: Fact, as_of: dt.datetime) -> Value:
    return (as_of - dt.timedelta(minutes=fact.minutes)).isoformat() if isinstance(fact, Ago) else fact
