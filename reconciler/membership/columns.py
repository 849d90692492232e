"""Columns as the engine stores them: their kinds, what is no single value, and one form for several sources."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlglot import exp

from reconciler.membership.sql import Sql, call, name, text, when
from reconciler.membership.values import Kind, Stored

LISTED_JSON = "JSON[*]"
"""Our name for a JSON column in which some value is an array: every value is a list of texts."""
_INTEGERS = {"TINYINT": 3, "SMALLINT": 5, "INTEGER": 10, "BIGINT": 19, "UTINYINT": 3, "USMALLINT": 5, "UINTEGER": 10}
_DECIMAL = re.compile(r"DECIMAL\((\d+), ?(\d+)\)")
_DIGITS = 38
"""The most that an exact number has on any engine."""


def label(column: str) -> str:
    """The name of a user's column in our relations; `k`, `s`, `kind`, `t` and `c` are ours."""
    return f"x {column}"


def stored_as(stored: str) -> Stored:
    """How a column is stored, by the engine's name of its type."""
    if stored == LISTED_JSON:
        return Stored(Kind.TEXT, is_list=True)
    element = stored.removesuffix("[]")
    return Stored(kind_of(element), is_list=element != stored)


def kind_of(stored: str) -> Kind:
    """The kind of a column of single values by the engine's name of its type."""
    if stored in ("VARCHAR", "JSON") or (stored.startswith("ENUM") and not stored.endswith("]")):
        return Kind.TEXT
    if stored.startswith("DECIMAL") or stored.endswith("INT") or stored == "INTEGER":
        return Kind.EXACT
    if stored in ("DOUBLE", "FLOAT"):
        return Kind.FLOAT
    if stored == "BOOLEAN":
        return Kind.BOOLEAN
    return Kind.TIME if stored.startswith(("TIMESTAMP", "DATE")) and not stored.endswith("]") else Kind.OTHER


def is_nested(stored: str) -> bool:
    """Whether values have parts that are neither one value nor a list of single ones."""
    element = stored if stored == LISTED_JSON else stored.removesuffix("[]")
    structured = element.startswith(("STRUCT", "MAP", "UNION")) or element.endswith("]")
    return (structured and stored != LISTED_JSON) or stored == "JSON[]"


def as_declared(column: str, stored: str) -> Sql:
    """A column as it is compared: JSON values become their text (numbers as written), all else stays."""
    value = name(column)
    if stored not in ("JSON", LISTED_JSON):
        return value
    kind = call("json_type", value)
    plain = when(kind.eq(text("NULL")), exp.null(), exp.cast(value, "TEXT"))
    single = when(kind.eq(text("VARCHAR")), call("json_extract_string", value, text("$")), plain)
    if stored == "JSON":
        return single
    listed = exp.If(this=kind.eq(text("ARRAY")), true=call("json_extract_string", value, text("$[*]")))
    missing = exp.If(this=kind.eq(text("NULL")), true=exp.null())
    return exp.Case(this=None, ifs=[listed, missing], default=_alone(single, value))


def _alone(single: Sql, value: Sql) -> Sql:
    return when(value.is_(exp.null()), exp.null(), exp.Array(expressions=[single]))


def common_type(types: Iterable[str]) -> str:
    """The type that columns of one name in several sources take: theirs, where all have one; numbers as numbers, times
    as times; text for all else, and lists of text where some are lists.
    """
    found = {_plain(each) for each in types}
    if len(found) == 1:
        return found.pop()
    if any(stored_as(each).is_list for each in found):
        return "VARCHAR[]"
    kinds = {kind_of(each) for each in found}
    if kinds == {Kind.EXACT}:
        return _common_number(found)
    if kinds == {Kind.FLOAT}:
        return "DOUBLE"
    return "TIMESTAMP" if kinds == {Kind.TIME} else "VARCHAR"


def _plain(stored: str) -> str:
    """The type once JSON and enumerations are text."""
    if stored == LISTED_JSON:
        return "VARCHAR[]"
    return "VARCHAR" if kind_of(stored) is Kind.TEXT else stored


def _common_number(types: Iterable[str]) -> str:
    sizes = [_size(each) for each in types]
    scale = max(scale for _, scale in sizes)
    digits = max(whole for whole, _ in sizes) + scale
    if not scale and digits <= _INTEGERS["BIGINT"]:
        return "BIGINT"
    return f"DECIMAL({digits}, {scale})" if digits <= _DIGITS else "VARCHAR"


def _size(stored: str) -> tuple[int, int]:
    """Digits before and after the point."""
    found = _DECIMAL.fullmatch(stored)
    if found:
        return int(found[1]) - int(found[2]), int(found[2])
    return _INTEGERS.get(stored, 20 if stored == "UBIGINT" else _DIGITS + 1), 0


def as_common(value: Sql, stored: str, common: str) -> Sql:
    """A value of a column, as declared, in the type that the column has in common with those of other sources."""
    if stored == common or (_plain(stored) == common and not stored.startswith("ENUM")):
        return value
    if common == "VARCHAR[]" and not stored_as(stored).is_list:
        return _alone(exp.cast(value, "TEXT"), value)
    written = exp.cast(value, "TEXT") if stored == "FLOAT" and common == "DOUBLE" else value
    return exp.cast(written, data_type(common))


def data_type(stored: str) -> exp.DataType:
    """A type as the tree knows it, from the engine's name of it."""
    return exp.DataType.build(stored, dialect="duckdb")
