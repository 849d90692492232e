"""What BigQuery says otherwise: GoogleSQL, for a job with a default dataset, in UTC as jobs are unless told otherwise.
Written and parsed, never run.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlglot import exp

from reconciler.membership.dialects import iso
from reconciler.membership.dialects.folded import exploded, fold, where_there
from reconciler.membership.dialects.rules import Dialect, NodeRule, Rule, renamed, try_cast
from reconciler.membership.sql import OURS, Sql, call, text, when

ROW = "of_"
"""Begins the name of every row of ours."""


def _cast(value: Sql, kind: str) -> exp.Cast:
    return exp.cast(value, exp.DataType.build(kind, dialect="bigquery"))


def _safe_cast(value: Sql, kind: str) -> exp.TryCast:
    return exp.TryCast(this=value, to=exp.DataType.build(kind, dialect="bigquery"))


def _all(pattern: str) -> Sql:
    """RE2 as in DuckDB, but anchored by hand: `$` would also do, `z` says that it is the end of the text."""
    return text(rf"\A(?:{pattern})\z")


READ = iso.Readers(
    matches=lambda value, pattern: call("REGEXP_CONTAINS", value, _all(pattern)),
    found=lambda value, pattern: call("REGEXP_EXTRACT", value, text(pattern)),
    replaced=lambda value, pattern, by: call("REGEXP_REPLACE", value, text(pattern), text(by)),
)


def _list_extract(values: Sql, place: Sql) -> Sql:
    """Places count from 1; beyond the list there is NULL."""
    return exp.Bracket(this=values, expressions=[place], offset=1, safe=True)


def _each_of(values: Sql, told: exp.Lambda) -> Sql:
    """What is told of each element, as the rows of a query."""
    element = exp.TableAlias(columns=[told.expressions[0].copy()])
    return exp.select(told.this).from_(exp.Unnest(expressions=[values], alias=element)).subquery()


def _any_of(rows: Sql) -> Sql:
    query = rows.this
    query.set("expressions", [call("LOGICAL_OR", each) for each in query.expressions])
    return rows


def _unhex(value: Sql) -> Sql:
    """Hashes are bytes here: those are not written as hex first."""
    if isinstance(value, exp.Anonymous) and value.this == "TO_HEX":
        hashed: Sql = value.expressions[0]
        return hashed
    return call("FROM_HEX", value)


def _json_type(value: Sql) -> Sql:
    kind = call("JSON_TYPE", value)
    names = [exp.If(this=text("string"), true=text("VARCHAR")), exp.If(this=text("null"), true=text("NULL"))]
    return exp.Case(this=kind, ifs=names, default=exp.Upper(this=kind.copy()))


def _json_text(value: Sql, path: Sql) -> Sql:
    if path.name == "$[*]":
        return call("JSON_VALUE_ARRAY", value, text("$"))
    return call("JSON_VALUE", value, path)


FUNCTIONS: Mapping[str, Rule] = MappingProxyType(
    {
        "any_value": renamed("ANY_VALUE"),
        "arg_max": lambda value, by: call("MAX_BY", value, where_there(value, by)),
        "arg_min": lambda value, by: call("MIN_BY", value, where_there(value, by)),
        "bit_or": renamed("BIT_OR"),
        "bool_or": renamed("LOGICAL_OR"),
        "contains": lambda value, part: call("STRPOS", value, part) > 0,
        "epoch_us": lambda value: call("UNIX_MICROS", call("TIMESTAMP", value)),
        "hash": lambda value: call("FARM_FINGERPRINT", _cast(value, "STRING")),
        "json_extract_string": _json_text,
        "json_type": _json_type,
        "length": renamed("CHAR_LENGTH"),
        "list_bool_or": _any_of,
        "list_extract": _list_extract,
        "list_transform": _each_of,
        "md5": lambda value: call("TO_HEX", call("MD5", value)),
        "regexp_full_match": lambda value, pattern: call("REGEXP_CONTAINS", value, _all(pattern.name)),
        "regexp_matches": renamed("REGEXP_CONTAINS"),
        "sha256": lambda value: call("TO_HEX", call("SHA256", value)),
        "starts_with": renamed("STARTS_WITH"),
        "strlen": renamed("BYTE_LENGTH"),
        "unhex": _unhex,
    }
)


def _cast_node(node: exp.Cast) -> Sql | None:
    """`NUMERIC` ends at 29 digits before the point and 9 after it; no type in a cast takes its sizes."""
    return _cast(node.this, "BIGNUMERIC") if node.args["to"].is_type("DECIMAL") else None


def _try_number(value: Sql, kind: exp.DataType) -> Sql:
    """What is no number in text is kept from here by whoever casts; the type has room for more than is asked."""
    precision, scale = (int(part.name) for part in kind.expressions)
    written = _cast(value, "STRING")
    bare = exp.Trim(this=written.copy(), expression=text(iso.WHITE))
    number = exp.Round(this=_safe_cast(bare, "BIGNUMERIC"), decimals=exp.Literal.number(scale))
    fits = exp.Abs(this=number.copy()) < _cast(text("1" + "0" * (precision - scale)), "BIGNUMERIC")
    return when(fits, number, exp.null())


def _try_moment(value: Sql, kind: exp.DataType) -> Sql:
    written = _cast(value, "STRING")
    moment = _safe_cast(iso.spelt_out(written, READ), "TIMESTAMP")
    told = exp.cast(moment, kind) if kind.is_type("TIMESTAMP") else moment
    return iso.guarded(written, iso.MOMENT, told, READ)


def _trim(node: exp.Trim) -> Sql | None:
    """Without a list of characters it would remove all the white space of Unicode."""
    return None if node.expression else exp.Trim(this=node.this, expression=text(" "))


def _create(node: exp.Create) -> None:
    """The body of a view does not see the default dataset: what we would look at through one is made as a table."""
    if node.kind == "VIEW":
        node.set("kind", "TABLE")


def _select(node: exp.Select) -> None:
    """Without a table there may be no condition; the elements of a list are rows beside its own."""
    if node.args.get("where") and node.find(exp.From) is None:
        node.from_(exp.Unnest(expressions=[exp.Array(expressions=[exp.Literal.number(1)])]), copy=False)
    for values in exploded(node):
        element = exp.to_identifier("element", quoted=True)
        rows = exp.Unnest(expressions=[values.this], alias=exp.TableAlias(columns=[element]))
        node.join(rows, join_type="cross", copy=False)
        values.replace(exp.Column(this=element.copy()))


def _identifier(node: exp.Identifier) -> Sql | None:
    """A user's column `a` is `x a` with us; in names of columns BigQuery wants letters, digits and `_`.

    A bare name means a row rather than a column of it, should both be called so: rows get names that no column has.
    """
    if node.name.startswith("x "):
        return exp.to_identifier(f"x_{node.name[2:]}", quoted=True)
    names_row = (type(node.parent), node.arg_key) in _OF_ROWS
    return exp.to_identifier(f"{ROW}{node.name}", quoted=node.quoted) if names_row else None


_OF_ROWS = {(exp.TableAlias, "this"), (exp.Table, "alias"), (exp.Column, "table")}
"""Where a name is a row's, by the node around it."""


def _table(node: exp.Table) -> None:
    """A row of a table is named after the table unless told otherwise."""
    if isinstance(node.parent, exp.From | exp.Join) and node.meta.get(OURS) and not node.alias:
        node.set("alias", exp.TableAlias(this=exp.to_identifier(f"{ROW}{node.name}")))


NODES: Mapping[type[Sql], NodeRule] = MappingProxyType(
    {
        exp.Cast: _cast_node,
        exp.Create: _create,
        exp.Filter: lambda node: fold("COUNTIF", node),
        exp.Identifier: _identifier,
        exp.Select: _select,
        exp.Table: _table,
        exp.Trim: _trim,
        exp.TryCast: try_cast(_try_number, _try_moment),
    }
)

BIGQUERY = Dialect(functions=FUNCTIONS, nodes=NODES, absent=frozenset({"read_csv", "read_json", "read_parquet"}))
