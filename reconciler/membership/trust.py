"""Which data are not to be trusted: feeds that stopped, sources that shrank; and which lists that freezes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from reconciler.model.membership import SourceHealth, TableHealth
from reconciler.model.settings import Events, Source
from reconciler.model.time import format_age, format_duration
from reconciler.state.snapshot import SourceCounts

ANY = "*"
"""In `fresh_within` every kind; among the kinds of a list, that a query of its own reads we can't say what."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """What of one source of events is not to be trusted, each with the sentence that says why. `kind` is the only one
    that it has, where all its events are of one; `elsewhere` are the kinds that other sources alone have.
    """

    kinds: Mapping[str, str]
    events: tuple[str, ...] = ()
    kind: str | None = None
    elsewhere: frozenset[str] = frozenset()

    def read(self, kinds: Collection[str]) -> frozenset[str]:
        """Those of the kinds that its events may be of."""
        return frozenset(kind for kind in kinds if kind == ANY or self._has(kind))

    def _has(self, kind: str) -> bool:
        return kind == self.kind if self.kind is not None else kind not in self.elsewhere

    def reasons(self, kinds: Collection[str]) -> tuple[str, ...]:
        """Why lists that depend on these kinds are frozen."""
        read = self.read(kinds)
        named = sorted(self.kinds) if ANY in read else sorted(read & self.kinds.keys())
        return (*(self.events if read else ()), *(self.kinds[kind] for kind in named))

    def stale(self, kinds: Collection[str]) -> frozenset[str]:
        """Those of the kinds that are not fresh here."""
        read = self.read(kinds)
        any_kind = read & {ANY} if self.kinds else frozenset()
        return read if self.events else any_kind | self.kinds.keys()


@dataclass(frozen=True, kw_only=True, slots=True)
class Distrust:
    """What of the source is not to be trusted: its feeds of events, and with `customers` all of it."""

    feeds: tuple[Feed, ...]
    customers: tuple[str, ...] = ()

    def reasons(self, kinds: Collection[str]) -> tuple[str, ...]:
        """Why lists that depend on these kinds are frozen; nothing when they are not."""
        return (*self.customers, *(why for feed in self.feeds for why in feed.reasons(kinds)))

    def stale(self, kinds: Iterable[str]) -> frozenset[str]:
        """Those of the kinds that are not fresh."""
        asked = frozenset(kinds)
        return asked if self.customers else frozenset(kind for feed in self.feeds for kind in feed.stale(asked))


def distrust(
    health: SourceHealth, source: Source, as_of: dt.datetime, before: SourceCounts | None, max_gone: Fraction
) -> Distrust:
    """Hold the source against its declared freshness and against its sizes at the last apply."""
    customers: tuple[str, ...] = () if health.customers.rows else ("customers: the table has no rows",)
    if before:
        customers += _shrunken("customers", health.customers.rows, before.customers, max_gone)
        customers += _shrunken("valid identifiers", health.valid_identifiers, before.valid_identifiers, max_gone)
    constant = frozenset(each.kind for each in source.events if each.kind is not None)
    shrunken = _shrunken_events(health, before, max_gone)
    feeds = [
        _feed(each, table, as_of, constant, why, several=len(source.events) > 1)
        for each, table, why in zip(source.events, health.sources, shrunken, strict=True)
    ]
    return Distrust(feeds=tuple(feeds), customers=customers)


def _feed(
    events: Events,
    health: TableHealth,
    as_of: dt.datetime,
    constant: frozenset[str],
    shrunken: tuple[str, ...],
    *,
    several: bool,
) -> Feed:
    limits = dict(events.fresh_within)
    newest, where = health.newest, f" in {health.name}" if several else ""
    kinds = {kind: _age(kind + where, newest.get(kind), as_of, limit) for kind, limit in limits.items() if kind != ANY}
    any_kind = (
        _age(f"the events{where}", max(newest.values(), default=None), as_of, limits[ANY]) if ANY in limits else None
    )
    return Feed(
        kinds=MappingProxyType({kind: why for kind, why in kinds.items() if why}),
        events=(*shrunken, *((any_kind,) if any_kind else ())),
        kind=events.kind,
        elsewhere=constant - limits.keys(),
    )


def _shrunken_events(
    health: SourceHealth, before: SourceCounts | None, max_gone: Fraction
) -> Iterable[tuple[str, ...]]:
    """For each source of events, whether it shrank; all together where only that is known."""
    for each in health.sources:
        if before is None:
            yield ()
        elif before.event_tables:
            was = before.event_tables.get(each.name, 0)
            yield _shrunken(f"events in {each.name}", each.rows, was, max_gone)
        else:
            yield _shrunken("events", health.events.rows, before.events, max_gone)


def _age(what: str, newest: dt.datetime | None, as_of: dt.datetime, limit: int) -> str | None:
    allowed = f"fresh_within allows {format_duration(limit)}"
    if newest is None:
        return f"{what}: no event at all, {allowed}"
    if as_of - newest <= dt.timedelta(minutes=limit):
        return None
    age = format_age(int((as_of - newest).total_seconds()) // 60)
    return f"{what}: the newest is of {newest:%Y-%m-%d %H:%M} UTC, {age} old; {allowed}"


def _shrunken(what: str, now: int, before: int, max_gone: Fraction) -> tuple[str, ...]:
    if before - now <= before * max_gone:
        return ()
    share = (before - now) * 100 // before
    return (
        f"{what}: {now:,} now, {before:,} at the last apply, {share} % fewer; max_gone allows {float(max_gone):.0%}",
    )
