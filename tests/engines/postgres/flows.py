"""The made-up shop with its data in Postgres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from tests.engines import flows
from tests.engines.postgres.tables import store
from tests.flows.shop import Document


@dataclass(kw_only=True)
class PostgresShop(flows.TableShop):
    """Its tables are on a server."""

    address: str
    settings: Document = field(default_factory=lambda: flows.settings("postgres"))

    def store(self, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(sql.SQL("create schema if not exists shop"))
            connection.execute(sql.SQL("drop table if exists {}").format(sql.Identifier(*table.split("."))))
        store(self.address, table, types, rows)

    def know(self, *names: str) -> None:
        """Whoever has the address of that name is called so."""
        for label in names:
            self.customer(label)

    def asks(self, statement: str) -> list[tuple[object, ...]]:
        """What the database answers to somebody else; nothing, where it is a command."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return list(done.fetchall()) if done.description else []
