"""The health of the source: sizes, newest events, what can't be read; and which lists that freezes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.membership.ages import moment
from reconciler.membership.columns import label
from reconciler.membership.engine import Engine, Row
from reconciler.membership.questions import Typed
from reconciler.membership.source import Relations, relation_of
from reconciler.membership.sql import Sql, filtered, name, negated, table
from reconciler.membership.tables import owners
from reconciler.membership.values import ABSENT, Kind, as_text, unreadable
from reconciler.model.membership import TableHealth

ANY = "*"
_SILENT = {"ignore": "left out", "refuse": "counted as no"}


_FIRST = dt.datetime.min.replace(tzinfo=dt.UTC)
"""Engines know earlier times, Python does not; none of them is anybody's newest event."""


def event_health(engine: Engine, relations: Relations, as_of: dt.datetime) -> tuple[TableHealth, ...]:
    """One look at kinds and times, for each source of events: rows, the newest event of each kind with age >= 0, and
    how many lie ahead.
    """
    if not relations.has_events:
        return ()
    past = name("t").between(moment(_FIRST), moment(as_of))
    counts = exp.func("COUNT", exp.Star())
    query = select(name("kind"), counts, filtered(counts.copy(), name("t") > moment(as_of)))
    query = query.select(filtered(exp.func("MAX", name("t")), past)).from_(table("events")).group_by(name("kind"))
    sources = relations.source.events
    if len(sources) == 1:  # to group by a number that never changes costs a third more
        return (_table_health(sources[0].table.name, engine.rows(query)),)
    rows = engine.rows(query.select(name("s")).group_by(name("s")))
    return tuple(
        _table_health(events.table.name, [row[:-1] for row in rows if row[-1] == number])
        for number, events in enumerate(sources)
    )


def _table_health(table: str, rows: list[Row]) -> TableHealth:
    newest = {kind: time.replace(tzinfo=dt.UTC) for kind, _, _, time in rows if kind is not None and time is not None}
    return TableHealth(
        name=table,
        rows=sum(count for _, count, _, _ in rows),
        newest=MappingProxyType(newest),
        future=sum(future for _, _, future, _ in rows),
    )


def merged(sources: Iterable[TableHealth], orphans: int) -> TableHealth:
    """All events together, whatever source they are from."""
    every = tuple(sources)
    newest: dict[str, dt.datetime] = {}
    for kind, time in (pair for each in every for pair in each.newest.items()):
        newest[kind] = max(time, newest.get(kind, time))
    return TableHealth(
        rows=sum(each.rows for each in every),
        newest=MappingProxyType(newest),
        future=sum(each.future for each in every),
        orphans=orphans,
    )


def count_unreadable(engine: Engine, relations: Relations, typed: Iterable[Typed]) -> Mapping[str, int]:
    """How many values of each column are there but can't be read as what they are compared with, and how many times."""
    tests: dict[str, list[tuple[str, Sql]]] = {"customers": [], "events": [], **_unreadable_times(relations)}
    for owner, column, literal in typed:
        kinds = relations.customers if owner == "customers" else relations.events
        test = unreadable(name(label(column)), kinds.get(column, ABSENT), literal) if column in kinds else None
        tests[owner] += [(f"{owner}.{column}", test)] if test is not None else []
    counts: dict[str, int] = {}
    for relation, asked in tests.items():
        if asked:
            columns = [filtered(exp.func("COUNT", exp.Star()), test) for _, test in asked]
            found = engine.rows(select(*columns).from_(table(relation)))[0]
            for (column, _), n in zip(asked, found, strict=True):
                counts[column] = max(n, counts.get(column, 0))
    return MappingProxyType({column: n for column, n in counts.items() if n})


def _unreadable_times(relations: Relations) -> dict[str, list[tuple[str, Sql]]]:
    """The tests by the relation in which they are made."""
    tests: dict[str, list[tuple[str, Sql]]] = {}
    for number, (owner, events) in enumerate(owners(relations.source).items()):
        if relations.own[number][events.time].kind is Kind.TEXT:
            there = negated(as_text(name(label(events.time)), Kind.TEXT).is_(exp.null()))
            test = there.and_(name("t").is_(exp.null()))
            tests[relation_of(relations.source, number)] = [(f"{owner}.{events.time}", test)]
    return tests


def count_silent(engine: Engine, relations: Relations) -> Mapping[str, int]:
    """How many records say nothing about consent, under the word for what becomes of them."""
    consent = relations.source.customers.consent
    if consent is None:
        return MappingProxyType({})
    said = as_text(name(label(consent.column)), relations.customers[consent.column].kind)
    silent = filtered(exp.func("COUNT", exp.Star()), said.is_(exp.null()))
    count = engine.rows(select(silent).from_(table("customers")))[0][0]
    return MappingProxyType({_SILENT[consent.missing]: count} if count else {})
