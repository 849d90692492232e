"""What the columns of a query are, by DuckDB's names for their types; the query is parsed, never run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import psycopg
from psycopg import pq

from reconciler.membership.postgres.failures import Connection

_NAMES = {
    "bool": "BOOLEAN",
    "int2": "SMALLINT",
    "int4": "INTEGER",
    "int8": "BIGINT",
    "float4": "FLOAT",
    "float8": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
    "time": "TIME",
    "bytea": "BLOB",
    "json": "JSON",
    "jsonb": "JSON",
    "uuid": "VARCHAR",
    "interval": "INTERVAL",
}
_NESTED = {"c": "STRUCT", "r": "STRUCT", "m": "STRUCT"}
_PREPARED = "reconciler_described"
_LOOK_UP = """
    select t.oid, t.typname, t.typtype, t.typcategory, e.typname, e.typtype, e.typcategory
    from pg_catalog.pg_type t left join pg_catalog.pg_type e on e.oid = t.typelem and t.typcategory = 'A'
    where t.oid = any(%s)
"""


def described(connection: Connection, query: str) -> dict[str, str]:
    """The columns of a query with their types. Raises psycopg.Error."""
    connection.execute(f"prepare {_PREPARED} as {query}".encode())
    try:
        result = connection.pgconn.describe_prepared(_PREPARED.encode())
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)
        columns = [((result.fname(n) or b"").decode(), result.ftype(n), result.fmod(n)) for n in range(result.nfields)]
    finally:
        connection.execute(f"deallocate {_PREPARED}".encode())
    names = _looked_up(connection, {oid for _, oid, _ in columns})
    return {column: _with_size(names[oid], modifier) for column, oid, modifier in columns}


def _looked_up(connection: Connection, oids: Iterable[int]) -> Mapping[int, str]:
    names: dict[int, str] = {}
    for oid, *told in connection.execute(_LOOK_UP, (list(oids),)):
        name, kind, category, *element = (None if part is None else str(part) for part in told)
        names[int(str(oid))] = _name(name, kind, category) if element[0] is None else f"{_name(*element)}[]"
    return names


def _name(name: str | None, kind: str | None, category: str | None) -> str:
    """Whatever is text at heart is text to us: varchar, char, citext, enums, uuid, network addresses."""
    if name == "numeric":
        return "DECIMAL"
    if kind in _NESTED:
        return _NESTED[kind]
    usual = "VARCHAR" if category in ("S", "E", "I", "X") else "STRUCT"
    return _NAMES.get(name or "", usual)


def _with_size(name: str, modifier: int) -> str:
    """Decimals with their precision and scale, where they were declared."""
    if name != "DECIMAL" or modifier < 4:
        return name
    precision, scale = (modifier - 4) >> 16 & 0xFFFF, ((modifier - 4 & 0x7FF) ^ 0x400) - 0x400
    return f"DECIMAL({precision},{scale})"
