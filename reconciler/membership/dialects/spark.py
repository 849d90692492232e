"""What Spark says otherwise, from version 4 on with ANSI mode: there arithmetic and casts fail instead of lying."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.membership.dialects.rules import Dialect, NodeRule, Rule, renamed
from reconciler.membership.sql import OURS, Sql, call, text, when

SCRATCH = "reconciler_"
"""Our relations are views of the session under this prefix: a bare `customers` stays the user's table."""

NUMBER = r"\A[ \t\n\r\x0B\f]*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?[ \t\n\r\x0B\f]*\z"
"""What is a number in a text; Java would also take digits of other scripts."""
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
MOMENT = rf"\A(?!0000)[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ]{_CLOCK}(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?\z"
"""ISO 8601; the calendar is left to the cast, which may fail."""


def _cast(value: Sql, kind: str) -> exp.Cast:
    return exp.cast(value, exp.DataType.build(kind, dialect="spark"))


def _matches(value: Sql, pattern: str) -> Sql:
    return exp.RegexpLike(this=value, expression=text(pattern))


LONGEST = 1000
"""Characters: in longer texts Java's repetitions of groups could need more stack than there is, which ends Spark."""


def _full_match(value: Sql, pattern: Sql) -> Sql:
    """Of a text that is too long only patterns without repeated groups are looked at; the others don't match."""
    found = _matches(value, rf"(?d)\A(?:{pattern.this})\z")
    if re.search(r"\)[*+{]", str(pattern.this)) is None:
        return found
    return when(exp.Length(this=value.copy()) > LONGEST, exp.false(), found)


def _list_extract(values: Sql, place: Sql) -> Sql:
    """Counted from 0 here, and of what is not there NULL."""
    return call("get", values, _cast(exp.Sub(this=exp.paren(place), expression=exp.Literal.number(1)), "INT"))


def _by(function: str) -> Rule:
    """A row without the value takes no part."""
    return lambda value, by: call(function, value, when(value.copy().is_(exp.null()), exp.null(), by))


def _any_of(values: Sql) -> Sql:
    """Each element holds or not; none is NULL."""
    each = exp.to_identifier("each")
    return call("exists", values, exp.Lambda(this=exp.column("each"), expressions=[each]))


FUNCTIONS: Mapping[str, Rule] = MappingProxyType(
    {
        "any_value": lambda value: call("any_value", value, exp.true()),
        "arg_max": _by("max_by"),
        "arg_min": _by("min_by"),
        "epoch_us": lambda value: call("unix_micros", _cast(value, "TIMESTAMP")),
        "hash": renamed("xxhash64"),
        "list_bool_or": _any_of,
        "list_extract": _list_extract,
        "list_transform": renamed("transform"),
        "regexp_full_match": _full_match,
        "regexp_matches": lambda value, pattern: _matches(value, f"(?d){pattern.this}"),
        "sha256": lambda value: call("sha2", value, exp.Literal.number(256)),
        "starts_with": renamed("startswith"),
        "strlen": renamed("octet_length"),
    }
)


def _type(node: exp.DataType) -> Sql | None:
    """A time without zone is a type of its own here; plain TIMESTAMP has the session's zone."""
    return exp.DataType.build("TIMESTAMP_NTZ", dialect="spark") if node.this is exp.DataType.Type.TIMESTAMP else None


def _try_cast(node: exp.TryCast) -> Sql | None:
    kind = node.args["to"]
    tried = exp.TryCast(this=node.this.copy(), to=kind.copy(), safe=True)
    pattern = NUMBER if kind.is_type("DECIMAL") else MOMENT if kind.is_type("TIMESTAMPNTZ", "TIMESTAMPTZ") else None
    return when(_matches(_cast(node.this.copy(), "STRING"), pattern), tried, exp.null()) if pattern else tried


def _table(node: exp.Table) -> Sql | None:
    """Ours under the prefix, and still called what it is called."""
    if not node.meta.get(OURS):
        return None
    named = exp.to_table(SCRATCH + node.name)
    return named.as_(node.alias_or_name) if isinstance(node.parent, exp.From | exp.Join) else named


def _not(node: exp.Not) -> Sql | None:
    """`NOT IN` of a query as an anti join: as it stands, the whole query would be sent to every executor."""
    inside = node.this.unnest()
    if not isinstance(inside, exp.In) or inside.args.get("query") is None:
        return None
    alias = exp.TableAlias(this=exp.to_identifier("others"), columns=[exp.to_identifier("other")])
    others = inside.args["query"].copy()
    others.set("alias", alias)
    same = exp.column("other", table="others").eq(inside.this.copy())
    found = exp.Exists(this=select("1").from_(others).where(same))
    return exp.paren(inside.this.copy().is_(exp.null()).not_().and_(exp.not_(found)))


def _literal(node: exp.Literal) -> Sql | None:
    r"""A NUL would be written as `\0`, which swallows digits that follow."""
    if not node.is_string or "\0" not in node.this:
        return None
    nul = _cast(exp.HexString(this="00"), "STRING")
    parts = [part for piece in str(node.this).split("\0") for part in (nul.copy(), text(piece))][1:]
    return exp.Concat(expressions=parts, safe=False)


NODES: Mapping[type[Sql], NodeRule] = MappingProxyType(
    {exp.DataType: _type, exp.Literal: _literal, exp.Not: _not, exp.Table: _table, exp.TryCast: _try_cast}
)

SPARK = Dialect(
    functions=FUNCTIONS,
    nodes=NODES,
    same=frozenset({"bit_or", "bool_or", "contains", "length", "md5", "unhex"}),
    absent=frozenset({"json_extract_string", "json_type", "read_csv", "read_json", "read_parquet"}),
)
