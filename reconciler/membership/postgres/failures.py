"""Postgres' errors as ours: its own messages may quote a row, so only their kind is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import psycopg

from reconciler.errors import EngineFailed, EngineUnavailable, ReconcilerError, SourceInvalid

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"
VARIABLE = "RECONCILER_POSTGRES_URL"
_CLASSES = {
    "08": "the connection failed",
    "0A": "something is not supported",
    "21": "a subquery gave several rows",
    "22": "a value is not what it is read as",
    "23": "a constraint was violated",
    "25": "the transaction is not in the right state",
    "28": "the role was not let in",
    "3D": "there is no such database",
    "3F": "there is no such schema",
    "40": "the transaction was rolled back",
    "42": "a name or an expression does not fit",
    "53": "the server is out of resources",
    "54": "a limit of the server was exceeded",
    "55": "an object is in use",
    "57": "somebody intervened",
    "58": "the server's system failed",
    "XX": "the server found an inconsistency",
}
_CODES = {
    "42501": "a right is missing",
    "42P01": "there is no such table",
    "42703": "there is no such column",
    "53100": "its disk is full",
    "53200": "it is out of memory",
    "53300": "it has no connection left",
    "57014": "the query was cancelled on the server",
}
_GONE = ("08", "57P01", "57P02", "57P03", "57P05")
_RESOURCES = ("53100", "53200")
_ELSEWHERE = ("40", "53", "55", "57", "58")
"""Whatever was asked, it could not be done now."""


class Quiet:
    """Turns the server's errors into ours. What interrupts us, interrupts the query as well."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, psycopg.Error):
            raise translated(error, gone=self._connection.broken) from None
        if error is not None and not isinstance(error, Exception | GeneratorExit):
            cancel(self._connection)


def cancel(connection: Connection) -> None:
    """Stop what a connection is doing, if it does anything."""
    if not connection.closed and connection.info.transaction_status is psycopg.pq.TransactionStatus.ACTIVE:
        connection.cancel_safe(timeout=5)


def translated(error: psycopg.Error, *, gone: bool = False) -> ReconcilerError:
    """The error in our words."""
    code = error.sqlstate or ""
    if gone or code.startswith(_GONE):
        return EngineUnavailable(
            "The Postgres server went away.",
            f"It says: {said(code)}." if code else "The connection broke.",
            "Run again when it is back; nothing was changed that is not on record.",
        )
    if code in _RESOURCES:
        return EngineUnavailable(
            "The Postgres server ran out of memory or of disk.",
            f"It says: {said(code)}.",
            "Free some there; big queries spill to the server's temporary files.",
        )
    kind = EngineUnavailable if code.startswith(_ELSEWHERE) else EngineFailed
    return kind(
        "The engine could not run a query.",
        f"Postgres says: {said(code)}; its message is withheld, it may quote a row.",
    )


def said(code: str) -> str:
    """A SQLSTATE in words."""
    words = _CODES.get(code) or _CLASSES.get(code[:2], "something failed")
    return f"{words} ({code})" if code else words


def refused(error: psycopg.Error) -> SourceInvalid:
    """Why there is no connection. The message of libpq may name hosts and roles; it is only looked at."""
    told, code = str(error).lower(), error.sqlstate or ""
    kinds: tuple[tuple[Callable[[], bool], str], ...] = (
        (lambda: isinstance(error, psycopg.ProgrammingError), f"{VARIABLE} is no URL that libpq can read"),
        (lambda: code.startswith("28") or "password" in told, "it did not take the role or the password"),
        (lambda: "pg_hba.conf" in told, "it does not let this role in from here"),
        (lambda: code.startswith("3D") or "database" in told, "it has no such database, or the role may not use it"),
        (lambda: code == "53300" or "too many" in told, "it has no connection left"),
        (lambda: "certificate" in told or "ssl" in told, "no encrypted connection could be agreed on"),
    )
    why = next((words for holds, words in kinds if holds()), "it is not there, or does not answer")
    return SourceInvalid(
        "Postgres can't be reached.",
        f"{why[0].upper()}{why[1:]}.",
        f"Check {VARIABLE} (postgresql://role:password@host:5432/database), or libpq's own PGHOST, PGUSER, PGPASSWORD "
        "and PGDATABASE. Nothing was changed.",
    )
