"""The schema of a run: it holds what the run makes, and goes with it. A lock of the session tells who lives."""

from __future__ import annotations

import secrets

import psycopg
from psycopg import sql

from reconciler.errors import SourceInvalid
from reconciler.membership.postgres.failures import VARIABLE, Connection

_LOCK = "hashtextextended(%s || '/' || current_database(), 20261121)"
_LEFTOVERS = """
    select nspname from pg_catalog.pg_namespace
    where starts_with(nspname, %s) and pg_has_role(nspowner, 'USAGE') order by nspname
"""


_LONGEST = 40
"""Postgres cuts names after 63 bytes, and the part that tells runs apart must not be lost."""


def run_schema(schema: str) -> str:
    """A name that no other run has."""
    return f"{_prefix(schema)}{secrets.token_hex(6)}"


def _prefix(schema: str) -> str:
    return f"{schema[:_LONGEST]}_run_"


def make(connection: Connection, name: str) -> None:
    """Take the lock that says that we live, then make the schema. Raises SourceInvalid without the right to."""
    connection.execute(f"select pg_advisory_lock({_LOCK})", (name,))
    try:
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege:
        raise no_right() from None


def no_right() -> SourceInvalid:
    """The role may not make schemas."""
    return SourceInvalid(
        "The database role may not make schemas.",
        "What a run computes, and the ledger, are kept in schemas of our own.",
        f"`GRANT CREATE ON DATABASE` to the role of {VARIABLE}. Nothing was changed.",
    )


def drop(connection: Connection, name: str) -> None:
    """Take a schema away with everything in it."""
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(name)))


def drop_leftovers(connection: Connection, schema: str) -> None:
    """Drop the schemas of runs that ended without doing so themselves: nobody holds their lock."""
    for (found,) in connection.execute(_LEFTOVERS, (_prefix(schema),)).fetchall():
        name = str(found)
        (free,) = connection.execute(f"select pg_try_advisory_lock({_LOCK})", (name,)).fetchone() or (False,)
        if free:
            drop(connection, name)
            connection.execute(f"select pg_advisory_unlock({_LOCK})", (name,))
