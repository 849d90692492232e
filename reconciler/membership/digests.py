"""Digests as SQL: the forms in which identifiers are sent."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from reconciler.membership.identifiers import Column
from reconciler.membership.keys import TYPES
from reconciler.membership.sql import Sql, call, integer, name
from reconciler.model.identifiers import Form


def digest(form: Form, value: Sql) -> Sql:
    """The digest of a text in UTF-8, in lower-case hex. The second of two digests is that of the first one's hex."""
    match form:
        case "sha256":
            return call("sha256", value)
        case "md5":
            return call("md5", value)
        case "sha256_of_md5":
            return call("sha256", call("md5", value))


def sent(columns: Iterable[Column]) -> Sql:
    """The bytes that are sent of a row `(e, i)` of identifiers."""
    ways = {TYPES.index(column.type): _sent(column) for column in columns}
    if len(set(ways.values())) == 1:
        return call("unhex", next(iter(ways.values())))
    branches = [exp.If(this=name("i").eq(integer(number)), true=way) for number, way in sorted(ways.items())]
    return call("unhex", exp.Case(ifs=branches))


def _sent(column: Column) -> Sql:
    return name("e") if column.at_once else digest(column.form, name("e"))
