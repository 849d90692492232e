"""The instants at which somebody's standing can change: the data stay as they are, and only the clock moves.

Between two of them everything that a definition asks is the same: an event crosses a bound of a window when it is as
old as that, and a value in a column crosses its own bounds alike. What a query of the user's makes of the clock is not
known here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlglot import exp, select

from reconciler.membership.ages import after
from reconciler.membership.columns import label
from reconciler.membership.scopes import events_of, leaves_of
from reconciler.membership.sql import Sql, alias, name, negated, one_of, table
from reconciler.membership.study import Study
from reconciler.membership.values import as_time
from reconciler.model.conditions import Attribute, Comparison, Event, Pick, Query, SliceMark, Test
from reconciler.model.definition import Definition, Who
from reconciler.model.time import Period, Window

TICK = dt.timedelta(microseconds=1)
"""The smallest step of the clock."""
_FIRST, _LAST = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2, 9999))
Bound = tuple[int, bool]
"""Minutes after a time, and whether what changes there does so only after that instant."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of every kind of event, and of every column of customers and of events that is read as a time, its bounds."""

    kinds: Mapping[str, frozenset[Bound]]
    attributes: Mapping[str, frozenset[Bound]]
    properties: Mapping[str, frozenset[Bound]]


def instants(study: Study, definitions: Iterable[Definition]) -> tuple[dt.datetime, ...]:
    """All of them, of the people of a narrowed study, in order."""
    definitions = tuple(definitions)
    bounds = bounds_of(definitions)
    found = {
        moment for each in definitions for moment in _of_period(each.active, study.opened.request.settings.time_zone)
    }
    found |= _crossed(_times_of_events(study, bounds), bounds.kinds)
    found |= _crossed(_times_in_columns(study, bounds.attributes, of_events=False), bounds.attributes)
    found |= _crossed(_times_in_columns(study, bounds.properties, of_events=True), bounds.properties)
    return tuple(sorted(moment for moment in found if _FIRST < moment < _LAST))


def reads_the_clock_itself(definitions: Iterable[Definition]) -> bool:
    """Whether some query makes of the clock what it likes."""
    leaves = (leaf for each in definitions for who in each.whos() for leaf in leaves_of(who.condition))
    return any(isinstance(leaf, Query) and ":as_of" in leaf.sql for leaf in leaves)


def bounds_of(definitions: Iterable[Definition]) -> Bounds:
    """What the conditions of some definitions, and of all that these refer to, compare times with."""
    kinds: dict[str, set[Bound]] = {}
    attributes: dict[str, set[Bound]] = {}
    properties: dict[str, set[Bound]] = {}
    for who in (who for definition in definitions for who in definition.whos()):
        for event in events_of(who.condition):
            _add(kinds, event.kinds, _of_windows(_windows(event, who)))
            _add(kinds, _following(event), frozenset({(0, False)}))
            for test in event.where:
                _add(properties, [test.column], _of_test(test))
        for leaf in leaves_of(who.condition):
            if isinstance(leaf, Attribute):
                _add(attributes, [leaf.test.column], _of_test(leaf.test))
    return Bounds(
        *({name: frozenset(each) for name, each in found.items() if each} for found in (kinds, attributes, properties))
    )


def _add(found: dict[str, set[Bound]], names: Iterable[str], bounds: Iterable[Bound]) -> None:
    for each in names:
        found.setdefault(each, set()).update(bounds)


def _windows(event: Event, who: Who) -> list[Window]:
    return [part.window for part in who.slices] if isinstance(event.within, SliceMark) else [event.within]


def _of_windows(windows: Iterable[Window]) -> frozenset[Bound]:
    """An event counts from age 0 on, whatever the window."""
    bounds = {0} | {bound for each in windows for bound in (each.start, each.end) if bound is not None}
    return frozenset((bound, False) for bound in bounds)


def _following(event: Event) -> tuple[str, ...]:
    pick = event.measure
    if not isinstance(pick, Pick):
        return ()
    return (*pick.not_followed_by, *(pick.followed_by.kinds if pick.followed_by else ()))


def _of_test(test: Test) -> frozenset[Bound]:
    return frozenset(bound for comparison in test.comparisons for bound in _of_comparison(comparison))


def _of_comparison(comparison: Comparison) -> Iterator[Bound]:
    """What lies ahead still does at its bound, and no longer right after it."""
    ahead = comparison.operator == "in_next"
    for window in (value for value in comparison.values if isinstance(value, Window)):
        for bound in (0, window.start, *(() if window.end is None else (window.end,))):
            yield (-bound, True) if ahead else (bound, False)


def _crossed(times: Iterable[tuple[str, dt.datetime]], bounds: Mapping[str, frozenset[Bound]]) -> set[dt.datetime]:
    return {_at(time, bound) for of, time in times for bound in bounds.get(of, ())}


def _at(time: dt.datetime, bound: Bound) -> dt.datetime:
    minutes, late = bound
    there = after(time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC), minutes)
    return there + TICK if late and there < _LAST else there


def _of_period(period: Period | None, time_zone: str) -> Iterator[dt.datetime]:
    """The midnights between which a period holds."""
    if period is None:
        return
    days = [period.first, period.last + dt.timedelta(days=1) if period.last else None]
    for day in (day for day in days if day is not None):
        yield dt.datetime.combine(day, dt.time(), ZoneInfo(time_zone)).astimezone(dt.UTC)


def _times_of_events(study: Study, bounds: Bounds) -> list[tuple[str, dt.datetime]]:
    if not bounds.kinds or not study.opened.relations.has_events:
        return []
    rows = select(name("kind"), name("t")).distinct().from_(table(study.opened.relations.happened))
    there = negated(name("t").is_(exp.null()))
    return [
        (str(kind), time)
        for kind, time in study.engine.rows(rows.where(one_of(name("kind"), sorted(bounds.kinds)), there))
    ]


def _times_in_columns(
    study: Study, columns: Mapping[str, frozenset[Bound]], *, of_events: bool
) -> Iterator[tuple[str, dt.datetime]]:
    relations = study.opened.relations
    stored = relations.events if of_events else relations.customers
    rows = table(relations.happened if of_events else relations.records)
    for column in (column for column in columns if column in stored):
        value: Sql = name(label(column))
        if stored[column].is_list:
            value = name("v")
            elements = select(alias(exp.Explode(this=name(label(column))), "v")).from_(rows.copy())
            query = select(alias(as_time(value, stored[column].kind), "t")).from_(elements.subquery("l"))
        else:
            query = select(alias(as_time(value, stored[column].kind), "t")).from_(rows.copy())
        found = select(name("t")).distinct().from_(query.subquery("q")).where(negated(name("t").is_(exp.null())))
        yield from ((column, time) for (time,) in study.engine.rows(found))
