"""A source held open, whose people can be asked which of some definitions they meet: no ledger, and nothing moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.errors import EngineFailed
from reconciler.membership.checks import Columns
from reconciler.membership.counting import count_bits
from reconciler.membership.engine import Engine
from reconciler.membership.engines import open_engine
from reconciler.membership.layout import WORD, Layout
from reconciler.membership.ledger import words
from reconciler.membership.people import People
from reconciler.membership.scopes import Evaluated
from reconciler.membership.source import Relations
from reconciler.membership.sql import Sql, alias, create, drop, name, table
from reconciler.membership.tables import blame, declare
from reconciler.membership.taking import Taken, take
from reconciler.membership.values import as_key
from reconciler.model.address import Address
from reconciler.model.definition import Definition
from reconciler.model.settings import EngineAccess, Settings

STREAMED = 50_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Studied:
    """What is asked: definitions by an address of the asker's own, met where all that they say holds.

    `columns` must be there, each with the place that names it; `access` is how an engine that is not in this process is
    reached; `report` is told what is being done, in a few words.
    """

    settings: Settings
    columns: Columns
    asked: Mapping[Address, Definition]
    access: EngineAccess = field(default_factory=EngineAccess)
    report: Callable[[str], None] = field(default=lambda _: None, repr=False, compare=False)


class Study:
    """An open source. Keys of customers are told as text; whole numbers without a point."""

    def __init__(self, engine: Engine, studied: Studied, taken: Taken) -> None:
        self.engine = engine
        self.studied = studied
        self.taken = taken
        self.layout = Layout(MappingProxyType({address: bit for bit, address in enumerate(studied.asked)}))

    def look(self, as_of: dt.datetime, among: str | None = None) -> None:
        """Make `studied(k, p, wq…)`: what each record's person meets at a clock; `among` is a table of the keys `k` to
        look at alone.
        """
        self.studied.report("Reading events")
        people = People(self.relations, self.layout, as_of, among=among)
        for address, definition in self.studied.asked.items():
            people.qualify("wq", Evaluated(definition, ((address, None),)), direct=True)
        people.prepare(self.engine, 0 if among else self.taken.rows)
        self.engine.run(drop("studied"))
        self.engine.run(create("studied", people.query(("wq",))))

    def met(self) -> Mapping[str, frozenset[Address]]:
        """Of each record that was looked at, the definitions that her person meets."""
        told = select(alias(self.key(name("k")), "k"), *words("wq", self.layout)).from_(table("studied"))
        rows = (row for batch in self.engine.stream(told, STREAMED) for row in batch)
        return MappingProxyType({str(row[0]): self._addresses(row[1:]) for row in rows})

    def counted(self) -> Mapping[Address, int]:
        """How many of the people who were looked at meet each definition, each person once."""
        persons = exp.select().from_(table("studied")).where(name("k").eq(name("p")))
        return count_bits(self.engine, self.layout, persons, words("wq", self.layout))

    @property
    def relations(self) -> Relations:
        """The source as it was taken in."""
        return self.taken.relations

    def key(self, key: Sql) -> Sql:
        """A key as text."""
        customers = self.relations.source.customers
        return as_key(key, self.relations.customers[customers.key].kind)

    def _addresses(self, found: Collection[int]) -> frozenset[Address]:
        values = tuple(found)
        positions = self.layout.positions.items()
        return frozenset(a for a, p in positions if values[p // WORD] >> p % WORD & 1)


@contextmanager
def studying(studied: Studied) -> Iterator[Study]:
    """Open the source. Raises SourceInvalid for data that does not fit or can't be read, EngineFailed when the engine
    can't.
    """
    settings = studied.settings
    declared = declare(settings.root, settings.source)
    paths = [path for each in declared.values() for path in each.paths]
    with open_engine(settings.source, studied.access, paths, ()) as engine:
        try:
            asked = studied.asked.values()
            taken = take(engine, settings, declared, studied.columns, asked, report=studied.report)
            yield Study(engine, studied, taken)
        except EngineFailed:
            blame(engine, declared.values())
            raise
