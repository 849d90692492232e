"""The ledger in Postgres: tables that are written once, each with a receipt among the files of the state.

A table that no snapshot refers to any more is kept for `KEPT`, so that an older state can be put back. Which those are
is told by what was read: a run that writes has read every table that its snapshot refers to, so what those were made
from and are not themselves, and what was made beside them and never came into a snapshot, is superseded. Reading a
table again takes the mark away.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress

import psycopg
from psycopg import sql

from reconciler.membership.postgres.failures import Connection
from reconciler.membership.postgres.scratch import no_right
from reconciler.membership.receipts import Receipt, check_receipt, missing_table

KEPT = "14 days"
_REGISTRY = "ledgers"
_MAKE_REGISTRY = """
    create table if not exists {} (
        name text primary key, made_at timestamptz not null default now(), made_from text[] not null,
        superseded_at timestamptz
    )
"""
_FINGERPRINT = """
    select count(*), coalesce(sum(hashtextextended(f, 1)), 0), coalesce(sum(hashtextextended(f, 2)), 0)
    from (select l::text collate "C" as f from {} as l offset 0) as fingerprints
"""
"""Quick, and the same after an upgrade of the server: tables that are partitioned by hash rely on that too."""
_SUPERSEDE = """
    with recursive older(name) as (
        select unnest(made_from) from {registry} where name = any(%(read)s)
        union
        select unnest(r.made_from) from {registry} r join older on older.name = r.name
    ), beside(name) as (
        select r.name from {registry} r join {registry} o on r.made_from = o.made_from
        where r.made_from <> '{{}}' and (o.name = any(%(read)s) or o.name in (select name from older))
    )
    update {registry} set superseded_at = now()
    where superseded_at is null and name <> all(%(read)s)
      and (name in (select name from older) or name in (select name from beside))
"""


class LedgerTables:
    """Writes, reads and clears away the tables of the ledger in one schema."""

    def __init__(self, connection: Connection, schema: str) -> None:
        self._connection = connection
        self._schema = schema
        self._registry = sql.Identifier(schema, _REGISTRY)
        self._read: set[str] = set()

    def keep(self, query: str) -> Receipt:
        """Make a query's rows a table, durably. Raises SourceInvalid without the right to, psycopg.Error."""
        self._make_schema()
        passing = f"ledger_{secrets.token_hex(8)}"
        with self._connection.transaction():
            self._connection.execute("set local synchronous_commit = on")
            self._connection.execute(f"create table {self._named(passing)} as {query}".encode())
            rows, digest = self._fingerprint(passing)
            name = f"ledger_{digest[:16]}_{passing[-16:]}"
            self._connection.execute(f'alter table {self._named(passing)} rename to "{name}"'.encode())
            self._register(name)
        self._connection.execute(f"analyze {self._named(name)}".encode())
        earlier = tuple(f"{self._schema}.{table}" for table in sorted(self._read))
        return Receipt(engine="postgres", table=f"{self._schema}.{name}", rows=rows, digest=digest, earlier=earlier)

    def table(self, receipt: Receipt) -> tuple[str, str]:
        """Schema and name of a ledger's table, checked. Raises StateError when it is not what was written."""
        schema, _, name = receipt.table.rpartition(".")
        self._keep_longer(schema, name)
        try:
            found = self._fingerprint(name, schema)
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            raise missing_table(receipt) from None
        check_receipt(receipt, *found)
        if schema == self._schema:
            self._read.add(name)
        return schema, name

    def _keep_longer(self, schema: str, name: str) -> None:
        registry = sql.Identifier(schema, _REGISTRY)
        there = self._connection.execute("select to_regclass(%s)", (registry.as_string(),)).fetchone()
        if there is not None and there[0] is not None:
            wanted = sql.SQL("update {} set superseded_at = null where name = %s and superseded_at is not null")
            self._connection.execute(wanted.format(registry), (name,))

    def _make_schema(self) -> None:
        there = self._connection.execute("select to_regnamespace(quote_ident(%s))", (self._schema,)).fetchone()
        try:
            if there is None or there[0] is None:
                self._connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(self._schema)))
            self._connection.execute(sql.SQL(_MAKE_REGISTRY).format(self._registry))
        except psycopg.errors.InsufficientPrivilege:
            raise no_right() from None

    def _register(self, name: str) -> None:
        told = {"read": sorted(self._read), "name": name}
        self._connection.execute(sql.SQL(_SUPERSEDE).format(registry=self._registry), told)
        new = sql.SQL("insert into {} (name, made_from) values (%(name)s, %(read)s)")
        self._connection.execute(new.format(self._registry), told)

    def clear(self) -> None:
        """Drop what was superseded long ago. What is being read is left for the next time."""
        old = sql.SQL("select name from {} where superseded_at < now() - %s::interval").format(self._registry)
        for (name,) in self._connection.execute(old, (KEPT,)).fetchall():
            with suppress(psycopg.errors.LockNotAvailable), self._connection.transaction():
                self._drop(name)

    def _drop(self, name: str) -> None:
        self._connection.execute("set local lock_timeout = '2s'")
        gone = sql.SQL("delete from {} where name = %s and superseded_at < now() - %s::interval")
        if self._connection.execute(gone.format(self._registry), (name, KEPT)).rowcount:
            self._connection.execute(f"drop table if exists {self._named(name)}".encode())

    def _fingerprint(self, name: str, schema: str | None = None) -> tuple[int, str]:
        """Rows and what they are, whatever their order."""
        table = sql.Identifier(schema or self._schema, name)
        found = self._connection.execute(sql.SQL(_FINGERPRINT).format(table)).fetchone() or (0, 0, 0)
        rows, *sums = (int(str(part)) for part in found)
        return rows, hashlib.sha256(f"{rows} {sums[0]} {sums[1]}".encode()).hexdigest()

    def _named(self, name: str) -> str:
        return str(sql.Identifier(self._schema, name).as_string())
