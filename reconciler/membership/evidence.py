"""What a condition looks at: the events of those who were found, and the values of their columns, as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp, select

from reconciler.membership.ages import moment, within
from reconciler.membership.columns import label
from reconciler.membership.finding import FOUND
from reconciler.membership.sql import Sql, alias, each, name, table
from reconciler.membership.streams import Reach, Scan, Stream
from reconciler.membership.study import Study
from reconciler.membership.values import Stored, as_text
from reconciler.model.conditions import Test
from reconciler.model.time import EVER, Window

MOST = 5
"""How many events, or different values, are told at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """One event: its kind, its time in UTC, and some of its columns as text, None where a value is missing."""

    kind: str
    time: dt.datetime
    columns: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Happenings:
    """The newest (or oldest) events of some kinds, and how many there are in all."""

    shown: tuple[Happened, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """Which events to look for: their kinds and tests, the window of their ages, the columns to tell, the order.

    `since` leaves out those before a time.
    """

    kinds: tuple[str, ...]
    where: tuple[Test, ...] = ()
    window: Window = EVER
    columns: tuple[str, ...] = ()
    oldest_first: bool = False
    since: dt.datetime | None = None


def happenings(study: Study, look: Look, as_of: dt.datetime, most: int = MOST) -> Happenings:
    """The events of those who were found."""
    relations = study.opened.relations
    if not relations.has_events:
        return Happenings()
    scan = Scan(columns=relations.events, as_of=as_of, events=relations.happened, among=FOUND)
    reach = Reach()
    reach.read(look.kinds, None)
    read = [*look.columns, *(test.column for test in look.where)]
    rows = scan.rows(reach, read).subquery("e")
    inside = each([scan.of(Stream(look.kinds, look.where)), within(name("t"), look.window, as_of)])
    told = [alias(_as_told(name(label(column)), scan.stored(column)), f"c{n}") for n, column in enumerate(look.columns)]
    found = select(name("kind"), name("t"), *told).from_(rows).where(inside)
    return _told(study, look, found, most)


def _told(study: Study, look: Look, found: exp.Select, most: int) -> Happenings:
    if look.since is not None:
        found = found.where(name("t") >= moment(look.since))
    number = study.engine.rows(select(exp.func("COUNT", exp.Star())).from_(found.subquery("n")))[0][0]
    order = exp.Ordered(this=name("t"), desc=not look.oldest_first)
    rows = study.engine.rows(found.copy().order_by(order).limit(most))
    shown = tuple(
        Happened(
            kind=str(row[0]),
            time=row[1].replace(tzinfo=dt.UTC),
            columns=tuple(zip(look.columns, row[2:], strict=True)),
        )
        for row in rows
    )
    return Happenings(shown=shown, number=int(number))


def values_of(study: Study, column: str, most: int = MOST) -> Sequence[str | None]:
    """The different values of a column of customers in the records of those who were found; None is missing."""
    relations = study.opened.relations
    if column not in relations.customers:
        return (None,)
    value = _as_told(name(label(column)), relations.customers[column])
    found = exp.In(this=name("k"), query=select(name("k")).from_(table(FOUND)).subquery())
    rows = select(alias(value, "v")).distinct().from_(table(relations.records)).where(found)
    texts = [row[0] for row in study.engine.rows(rows.limit(most))]
    return sorted(texts, key=lambda text: (text is None, text or ""))


def _as_told(value: Sql, stored: Stored) -> Sql:
    return exp.cast(value, "TEXT") if stored.is_list else as_text(value, stored.kind)
