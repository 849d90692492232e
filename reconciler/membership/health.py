"""The health of the source: sizes, newest events, what can't be read; and which lists that freezes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.membership.ages import moment
from reconciler.membership.engine import Engine
from reconciler.membership.questions import Typed
from reconciler.membership.source import Relations, first_events, label
from reconciler.membership.sql import Sql, filtered, name, negated, table
from reconciler.membership.values import ABSENT, Kind, as_text, unreadable
from reconciler.model.membership import SourceHealth, TableHealth
from reconciler.model.settings import Events
from reconciler.model.time import format_duration
from reconciler.state.snapshot import SourceCounts

ANY = "*"
_SILENT = {"ignore": "left out", "refuse": "counted as no"}


_FIRST = dt.datetime.min.replace(tzinfo=dt.UTC)
"""Engines know earlier times, Python does not; none of them is anybody's newest event."""


def event_health(engine: Engine, as_of: dt.datetime) -> TableHealth:
    """One look at kinds and times: rows, the newest event of each kind with age >= 0, and how many lie ahead."""
    past = name("t").between(moment(_FIRST), moment(as_of))
    counts = exp.func("COUNT", exp.Star())
    query = select(name("kind"), counts, filtered(counts.copy(), name("t") > moment(as_of)))
    query = query.select(filtered(exp.func("MAX", name("t")), past)).from_(table("events")).group_by(name("kind"))
    rows = engine.rows(query)
    newest = {kind: time.replace(tzinfo=dt.UTC) for kind, _, _, time in rows if kind is not None and time is not None}
    return TableHealth(
        rows=sum(count for _, count, _, _ in rows),
        newest=MappingProxyType(newest),
        future=sum(future for _, _, future, _ in rows),
    )


def count_unreadable(engine: Engine, relations: Relations, typed: Iterable[Typed]) -> Mapping[str, int]:
    """How many values of each column are there but can't be read as what they are compared with, and how many times."""
    tests: dict[str, list[tuple[str, Sql]]] = {"customers": [], "events": _unreadable_times(relations)}
    for owner, column, literal in typed:
        kinds = relations.customers if owner == "customers" else relations.events
        test = unreadable(name(label(column)), kinds.get(column, ABSENT).kind, literal) if column in kinds else None
        tests[owner] += [(f"{owner}.{column}", test)] if test is not None else []
    counts: dict[str, int] = {}
    for owner, asked in tests.items():
        if asked:
            columns = [filtered(exp.func("COUNT", exp.Star()), test) for _, test in asked]
            found = engine.rows(select(*columns).from_(table(owner)))[0]
            for (column, _), n in zip(asked, found, strict=True):
                counts[column] = max(n, counts.get(column, 0))
    return MappingProxyType({column: n for column, n in counts.items() if n})


def _unreadable_times(relations: Relations) -> list[tuple[str, Sql]]:
    events = first_events(relations.source)
    if events is None or relations.events[events.time].kind is not Kind.TEXT:
        return []
    there = negated(as_text(name(label(events.time)), Kind.TEXT).is_(exp.null()))
    return [(f"events.{events.time}", there.and_(name("t").is_(exp.null())))]


def count_silent(engine: Engine, relations: Relations) -> Mapping[str, int]:
    """How many records say nothing about consent, under the word for what becomes of them."""
    consent = relations.source.customers.consent
    if consent is None:
        return MappingProxyType({})
    said = as_text(name(label(consent.column)), relations.customers[consent.column].kind)
    silent = filtered(exp.func("COUNT", exp.Star()), said.is_(exp.null()))
    count = engine.rows(select(silent).from_(table("customers")))[0][0]
    return MappingProxyType({_SILENT[consent.missing]: count} if count else {})


@dataclass(frozen=True, kw_only=True, slots=True)
class Distrust:
    """What of the source is not to be trusted, each with the sentence that says why."""

    kinds: Mapping[str, str]
    events: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()

    def reasons(self, kinds: Collection[str]) -> tuple[str, ...]:
        """Why lists that depend on these kinds are frozen; nothing when they are not."""
        of_kinds = tuple(self.kinds[kind] for kind in sorted(kinds) if kind in self.kinds)
        return (*self.customers, *(self.events if kinds else ()), *of_kinds)

    def stale(self, kinds: Iterable[str]) -> frozenset[str]:
        """Those of the kinds that are not fresh."""
        return frozenset(kinds) if self.events or self.customers else frozenset(self.kinds)


def distrust(
    health: SourceHealth, events: Events | None, as_of: dt.datetime, before: SourceCounts | None, max_gone: Fraction
) -> Distrust:
    """Hold the source against its declared freshness and against its sizes at the last apply."""
    limits = dict(events.fresh_within) if events else {}
    newest = health.events.newest
    kinds = {kind: _age(kind, newest.get(kind), as_of, limit) for kind, limit in limits.items() if kind != ANY}
    shrunken = _shrunken("events", health.events.rows, before.events, max_gone) if before else ()
    any_kind = _age("the events", max(newest.values(), default=None), as_of, limits[ANY]) if ANY in limits else None
    customers: tuple[str, ...] = () if health.customers.rows else ("customers: the table has no rows",)
    if before:
        customers += _shrunken("customers", health.customers.rows, before.customers, max_gone)
        customers += _shrunken("valid identifiers", health.valid_identifiers, before.valid_identifiers, max_gone)
    return Distrust(
        kinds=MappingProxyType({kind: why for kind, why in kinds.items() if why}),
        events=(*shrunken, *((any_kind,) if any_kind else ())),
        customers=customers,
    )


def _age(what: str, newest: dt.datetime | None, as_of: dt.datetime, limit: int) -> str | None:
    allowed = f"fresh_within allows {format_duration(limit)}"
    if newest is None:
        return f"{what}: no event at all, {allowed}"
    if as_of - newest <= dt.timedelta(minutes=limit):
        return None
    age = format_duration(int((as_of - newest).total_seconds()) // 60)
    return f"{what}: the newest is of {newest:%Y-%m-%d %H:%M} UTC, {age} old; {allowed}"


def _shrunken(what: str, now: int, before: int, max_gone: Fraction) -> tuple[str, ...]:
    if before - now <= before * max_gone:
        return ()
    share = (before - now) * 100 // before
    return (
        f"{what}: {now:,} now, {before:,} at the last apply, {share} % fewer; max_gone allows {float(max_gone):.0%}",
    )
