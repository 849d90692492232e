"""Random sources: small, and full of what goes wrong. A shape is what many cases share: columns, types and settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from reconciler.model.identifiers import Form
from reconciler.model.settings import IdentifierColumn
from tests.membership.brute import Feed, World
from tests.membership.brute_conditions import Outside
from tests.membership.brute_values import as_text

Rows = list[dict[str, Any]]
KEY, CASE = "customer_id", "shard"
FILES = (".parquet", ".csv", ".json", ".csv.gz")
TABLES = ("",)
"""No file: a table of the engine."""


@dataclass(frozen=True)
class Column:
    """How a column is stored, and what case number n may have in it."""

    type: str
    pool: Callable[[int], Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class FeedShape:
    """A source of events: its declaration without rows, its columns, and whether its times have a zone."""

    declared: Feed
    columns: Mapping[str, Column]
    aware: bool

    def types(self, key: str) -> dict[str, str]:
        """All its columns with their types; the customers' key has the type `key`."""
        named = {} if self.declared.name is None else {self.declared.name: "varchar"}
        time = "timestamptz" if self.aware else "timestamp"
        stored = {label: column.type for label, column in self.columns.items()}
        return {self.declared.customer: key, **named, self.declared.time: time, **stored}


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A table as it is stored: its name, its rows, and its columns with their types in DuckDB's words."""

    name: str
    rows: Rows
    types: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Data:
    """A source: what is stored, and the same as it is read. Files have an ending; tables of an engine have none."""

    world: World
    customers: Stored
    events: tuple[Stored, ...]
    ending: str


@dataclass(frozen=True, kw_only=True)
class CaseRows:
    """The rows of one case, those of events by source."""

    customers: Rows
    events: tuple[Rows, ...]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What all cases of a pack share. `prefix` stands before the names of tables."""

    ending: str
    prefix: str
    key_type: str
    event_key_type: str
    customers: Mapping[str, Column]
    email: tuple[str, ...]
    identifiers: tuple[IdentifierColumn, ...]
    consent: str | None
    missing: Literal["ignore", "refuse"]
    same_person: str | None
    feeds: tuple[FeedShape, ...]
    form: Form

    def customer_types(self) -> dict[str, str]:
        """The columns of customers with their types."""
        return {KEY: self.key_type, CASE: "varchar"} | {name: column.type for name, column in self.customers.items()}

    @property
    def is_text(self) -> bool:
        """Files that hold nothing but text."""
        return self.ending not in {"", ".parquet"}

    def names(self) -> list[str]:
        """The tables of events."""
        if len(self.feeds) == 1:
            return [f"{self.prefix}events"]
        return [f"{self.prefix}events_{n}" for n in range(1, len(self.feeds) + 1)]

    def data(self, rows: CaseRows, outside: Outside) -> Data:
        """A source of these rows."""
        tables = zip(self.names(), rows.events, self.feeds, strict=True)
        return Data(
            world=self.world(rows, outside),
            customers=Stored(name=f"{self.prefix}customers", rows=rows.customers, types=self.customer_types()),
            events=tuple(Stored(name=n, rows=r, types=f.types(self.event_key_type)) for n, r, f in tables),
            ending=self.ending,
        )

    def world(self, rows: CaseRows, outside: Outside) -> World:
        """The same as it is read."""
        mixed = self.mixed()
        feeds = [
            replace(shape.declared, rows=[self._read(row, {shape.declared.time}, mixed) for row in told])
            for shape, told in zip(self.feeds, rows.events, strict=True)
        ]
        return World(
            customers=[self._read(row, set(), set()) for row in rows.customers],
            email=self.email,
            consent=self.consent,
            missing=self.missing,
            identifiers=self.identifiers,
            same_person=self.same_person,
            feeds=tuple(feeds),
            form=self.form,
            outside=outside,
        )

    def mixed(self) -> set[str]:
        """Columns of events that sources keep in different ways: they are read as text."""
        told: dict[str, set[str]] = {}
        for feed in self.feeds:
            for label, column in feed.columns.items():
                told.setdefault(label, set()).add(column.type)
        return {label for label, types in told.items() if len(types) > 1}

    def _read(self, row: Mapping[str, Any], times: set[str], mixed: set[str]) -> dict[str, Any]:
        """Text files hold text, but for the times of events, which are read as such."""
        return {
            label: written(value) if label not in times and (self.is_text or label in mixed) else value
            for label, value in row.items()
        }

    def properties(self) -> dict[str, str]:
        """The columns of events that conditions may name, with a type of theirs."""
        return {label: column.type for feed in self.feeds for label, column in feed.columns.items()}


def written(value: Any) -> Any:
    """A value as text files hold it."""
    if isinstance(value, list):
        return [written(each) for each in value]
    if value is None or isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, dt.date) else as_text(value)
