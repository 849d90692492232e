"""What does not fit between the declared tables and the workspace, each with the place that asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.errors import Problem
from reconciler.membership.columns import is_nested, kind_of
from reconciler.membership.files import told
from reconciler.membership.tables import owners
from reconciler.membership.values import Kind
from reconciler.model.nearest import nearest
from reconciler.model.settings import Place, Source

Columns = Mapping[tuple[str, str], Place]
"""Columns that must be there, each with the place that names it. Their owner is `customers` or `events`; where there
are several sources of events, `events[1]` owns what the second declares of itself, and `events` what conditions read.
"""
Types = dict[str, dict[str, str]]
"""The columns of each declared table, with the engine's names of their types."""


def problems_of(source: Source, types: Types, columns: Columns) -> tuple[Problem, ...]:
    """A problem for every column that is missing or can't be what it is declared as."""
    found = [
        *_missing(source, types, columns),
        *_wrong_times(source, types, columns),
        *_nested(source, types, columns),
        *_lists(source, types, columns),
    ]
    return tuple(dict.fromkeys(found))


def _tables(source: Source, owner: str, types: Types) -> dict[str, dict[str, str]]:
    """The tables in which a column of an owner may be."""
    names = owners(source) if owner == "events" else (owner,)
    return {each: types[each] for each in names if each in types}


def _missing(source: Source, types: Types, columns: Columns) -> Iterator[Problem]:
    for owner in dict.fromkeys([*types, "events"]):
        tables = _tables(source, owner, types)
        known = [column for each, stored in tables.items() for column in _names(stored, _asked(columns, owner, each))]
        for column in (column for each, column in columns if each == owner):
            if not any(column in stored for stored in tables.values()):
                yield told(columns[owner, column], f"{owner} has no column `{column}`{nearest(column, known)}")


def _asked(columns: Columns, *of: str) -> set[str]:
    return {column for owner, column in columns if owner in of}


def _names(stored: Iterable[str], asked: set[str]) -> list[str]:
    """The columns that a message may name. In a file without header a person's row stands for one: none of its values
    may be repeated.
    """
    return [column for column in stored if "@" not in column] if asked & set(stored) else []


def _wrong_times(source: Source, types: Types, columns: Columns) -> Iterator[Problem]:
    for owner, events in owners(source).items():
        time = types.get(owner, {}).get(events.time)
        if time is not None and kind_of(time) not in (Kind.TIME, Kind.TEXT):
            place = columns.get((owner, events.time), events.table.place)
            what = "lists" if time.endswith("]") else time
            yield told(place, f"`{events.time}` holds {what}, not times; use a timestamp or ISO 8601 text")


def _nested(source: Source, types: Types, columns: Columns) -> Iterator[Problem]:
    """Structures are not compared; without a word they would match nobody."""
    for (owner, column), place in columns.items():
        for stored in _tables(source, owner, types).values():
            if is_nested(stored.get(column, "")):
                yield told(place, f"`{column}` of {owner} holds nested values; use a column of plain ones or of lists")


def _lists(source: Source, types: Types, columns: Columns) -> Iterator[Problem]:
    """Keys, kinds, consent and what joins records are one value."""
    for (owner, column), what in _single(source):
        if types.get(owner, {}).get(column, "").endswith("]"):
            place = columns.get((owner, column), source.customers.table.place)
            yield told(place, f"`{column}` of {owner} holds lists; {what} is one value")


def _single(source: Source) -> Iterator[tuple[tuple[str, str], str]]:
    customers = source.customers
    yield ("customers", customers.key), "a key"
    if customers.consent is not None:
        yield ("customers", customers.consent.column), "consent"
    if customers.same_person is not None:
        yield ("customers", customers.same_person), "what tells that records are one person"
    for owner, events in owners(source).items():
        yield (owner, events.customer), "a key"
        if events.name is not None:
            yield (owner, events.name), "the name of an event"
