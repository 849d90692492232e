"""A person's tree of conditions: what holds, what decides, and by which events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Set

from reconciler.explain.answers import EventSeen, Evidence, Judged
from reconciler.explain.conditions import Clause
from reconciler.explain.masking import masked, shown
from reconciler.membership.evidence import Happened, Happenings, Look, happenings, values_of
from reconciler.membership.study import Study
from reconciler.model.address import Address
from reconciler.model.conditions import Attribute, Event, Pick, Ratio, Times, Total
from reconciler.model.time import EVER, Window

Found = tuple[tuple[Evidence, ...], tuple[str | None, ...]]
NOTHING: Found = ((), ())


def judge(clause: Clause, meets: Set[Address], look: Callable[[Clause], Found]) -> Judged:
    """The whole tree; `meets` are the hidden addresses that hold, `look` finds what a leaf looked at."""
    return _judged(clause, meets, look, decides=True)


def _judged(clause: Clause, meets: Set[Address], look: Callable[[Clause], Found], *, decides: bool) -> Judged:
    holds = clause.hidden in meets
    evidence, values = look(clause) if clause.is_leaf else NOTHING
    children = tuple(
        _judged(child, meets, look, decides=decides and _decides(child, clause, meets, holds=holds))
        for child in clause.children
    )
    return Judged(clause=clause, holds=holds, decides=decides, evidence=evidence, values=values, children=children)


def _decides(child: Clause, group: Clause, meets: Set[Address], *, holds: bool) -> bool:
    """Of a group that holds, all of `all` and `none` decide, and what holds of `any`; of another, what fails it."""
    child_holds = child.hidden in meets
    if holds:
        return child.role != "any" or child_holds
    if child.role == "none":
        return child_holds
    of_any = [each for each in group.children if each.role == "any"]
    return not child_holds and (child.role == "all" or not any(each.hidden in meets for each in of_any))


def looker(study: Study, as_of: dt.datetime, identifying: Set[str]) -> Callable[[Clause], Found]:
    """What finds the events and values of those who were found; columns that hold identifiers are never shown."""

    def look(clause: Clause) -> Found:
        condition = clause.condition
        if isinstance(condition, Attribute):
            return (), tuple(
                _value(condition.test.column, each, identifying) for each in values_of(study, condition.test.column)
            )
        events = (condition.of, condition.to) if isinstance(condition, Ratio) else (condition,)
        seen = [each for event in events if isinstance(event, Event) for each in _seen(study, event, as_of)]
        return tuple(_evidence(what, found, identifying) for what, found in seen), ()

    return look


def _seen(study: Study, event: Event, as_of: dt.datetime) -> Iterator[tuple[str, Happenings]]:
    window = event.within if isinstance(event.within, Window) else EVER
    columns = tuple(dict.fromkeys([*(test.column for test in event.where), *_measured(event)]))
    if isinstance(event.measure, Pick):
        yield from _picked(study, event, event.measure, columns, as_of)
        return
    found = happenings(study, Look(event.kinds, event.where, window, columns), as_of)
    yield "counted", found
    if not found.number:
        elsewhere = happenings(study, Look(event.kinds, event.where, EVER, columns), as_of, 1)
        yield (
            ("outside of the window", elsewhere)
            if elsewhere.number
            else ("other events", _others(study, event, columns, as_of))
        )


def _others(study: Study, event: Event, columns: tuple[str, ...], as_of: dt.datetime) -> Happenings:
    """Events of the kinds that `where` does not let through."""
    return happenings(study, Look(event.kinds, (), EVER, columns), as_of, 1) if event.where else Happenings()


def _picked(
    study: Study, event: Event, pick: Pick, columns: tuple[str, ...], as_of: dt.datetime
) -> Iterator[tuple[str, Happenings]]:
    look = Look(event.kinds, event.where, EVER, columns, oldest_first=pick.which == "first")
    found = happenings(study, look, as_of, 1)
    yield f"the {pick.which}", found
    if not found.shown:
        yield "other events", _others(study, event, columns, as_of)
        return
    since = found.shown[0].time
    if pick.followed_by is not None:
        yield "came after it", happenings(study, Look(pick.followed_by.kinds, since=since, oldest_first=True), as_of, 2)
    if pick.not_followed_by:
        yield "came after it", happenings(study, Look(pick.not_followed_by, since=since), as_of, 2)


def _measured(event: Event) -> tuple[str, ...]:
    match event.measure:
        case Total(of):
            return (of,)
        case Times(_, str(same)):
            return (same,)
        case _:
            return ()


def _evidence(what: str, found: Happenings, identifying: Set[str]) -> Evidence:
    events = tuple(_event(each, identifying) for each in found.shown)
    alone = what.startswith("the ") or what in ("outside of the window", "other events")
    return Evidence(what=what, events=events, more=0 if alone else found.number - len(events))


def _event(found: Happened, identifying: Set[str]) -> EventSeen:
    columns = tuple((column, _value(column, value, identifying)) for column, value in found.columns)
    return EventSeen(kind=found.kind, time=found.time, columns=columns)


def _value(column: str, value: str | None, identifying: Set[str]) -> str | None:
    if value is None:
        return None
    return masked(value) if column in identifying else shown(value)
