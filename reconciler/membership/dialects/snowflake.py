"""What Snowflake says otherwise, for a session whose `TIMEZONE` is UTC and without a default collation. Written and
parsed, never run.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlglot import exp

from reconciler.membership.dialects import iso
from reconciler.membership.dialects.folded import exploded, fold, where_there
from reconciler.membership.dialects.rules import Dialect, NodeRule, Rule, renamed, try_cast
from reconciler.membership.sql import OURS, Sql, call, integer, text

_BINARY = MappingProxyType({"SHA2_HEX": "SHA2_BINARY", "MD5_HEX": "MD5_BINARY"})


def _cast(value: Sql, kind: str) -> exp.Cast:
    return exp.cast(value, exp.DataType.build(kind, dialect="snowflake"))


def _regexp(pattern: str) -> list[Sql]:
    r"""RE2's pattern as POSIX says it, with the parameter that lets a dot take a newline: there are no groups but
    plain ones, and `\x` is not known.
    """
    said = pattern.removeprefix("(?s)").replace("(?:", "(").replace(r"\x00-\x20\x7f", "[:cntrl:] ")
    return [text(said)] + [text("s")] * pattern.startswith("(?s)")


def _matches(value: Sql, pattern: str) -> Sql:
    """The pattern has to match the whole text, without being told to."""
    return call("REGEXP_LIKE", value, *_regexp(pattern))


READ = iso.Readers(
    matches=_matches,
    found=lambda value, pattern: call("REGEXP_SUBSTR", value, text(pattern)),
    replaced=lambda value, pattern, by: call("REGEXP_REPLACE", value, text(pattern), text(by)),
)


def _regexp_matches(value: Sql, pattern: Sql) -> Sql:
    said, *dot = _regexp(pattern.name)
    more = [integer(1), integer(1), integer(0), *dot] if dot else []
    return call("REGEXP_INSTR", value, said, *more) > 0


def _list_extract(values: Sql, place: Sql) -> Sql:
    """Elements are variants and places count from 0; beyond the list there is NULL."""
    array = values.this if isinstance(values, exp.Cast) else values
    if isinstance(array, exp.Array):
        array = call("ARRAY_CONSTRUCT", *array.expressions)
    return _cast(call("GET", array, exp.Sub(this=exp.paren(place), expression=integer(1))), "BIGINT")


def _each_of(values: Sql, told: exp.Lambda) -> Sql:
    """Elements are variants, and are taken as text: what reads them as something else casts them."""
    element = told.expressions[0].name
    for each in [each for each in told.this.find_all(exp.Column) if each.name == element and not each.table]:
        each.replace(_cast(each.copy(), "VARCHAR"))
    return call("TRANSFORM", values, told)


def _unhex(value: Sql) -> Sql:
    """Bytes of a hash are not written as hex first."""
    if isinstance(value, exp.Anonymous) and value.this in _BINARY:
        return call(_BINARY[value.this], *value.expressions)
    return call("HEX_DECODE_BINARY", value)


def _json_type(value: Sql) -> Sql:
    kind = call("TYPEOF", value)
    return exp.Case(this=kind, ifs=[exp.If(this=text("NULL_VALUE"), true=text("NULL"))], default=kind.copy())


def _json_text(value: Sql, path: Sql) -> Sql:
    return call("TO_ARRAY", value) if path.name == "$[*]" else _cast(value, "VARCHAR")


FUNCTIONS: Mapping[str, Rule] = MappingProxyType(
    {
        "any_value": renamed("ANY_VALUE"),
        "arg_max": lambda value, by: call("MAX_BY", value, where_there(value, by)),
        "arg_min": lambda value, by: call("MIN_BY", value, where_there(value, by)),
        "bit_or": renamed("BITOR_AGG"),
        "bool_or": renamed("BOOLOR_AGG"),
        "contains": renamed("CONTAINS"),
        "epoch_us": lambda value: call("DATE_PART", exp.var("EPOCH_MICROSECOND"), value),
        "hash": renamed("HASH"),
        "json_extract_string": _json_text,
        "json_type": _json_type,
        "length": renamed("LENGTH"),
        "list_bool_or": lambda told: call("ARRAY_CONTAINS", call("TO_VARIANT", exp.true()), told),
        "list_extract": _list_extract,
        "list_transform": _each_of,
        "md5": renamed("MD5_HEX"),
        "regexp_full_match": lambda value, pattern: _matches(value, pattern.name),
        "regexp_matches": _regexp_matches,
        "sha256": lambda value: call("SHA2_HEX", value, integer(256)),
        "starts_with": renamed("STARTSWITH"),
        "strlen": renamed("OCTET_LENGTH"),
        "unhex": _unhex,
    }
)


def _cast_node(node: exp.Cast) -> Sql | None:
    """A time with a zone keeps its hands when it becomes one without: it is put on UTC first."""
    if not node.args["to"].is_type("TIMESTAMP"):
        return None
    if isinstance(node.this, exp.Literal | exp.Null):
        return _cast(node.this, "TIMESTAMP_NTZ")
    return _without_zone(_cast(node.this, "TIMESTAMP_TZ"))


def _without_zone(value: Sql) -> Sql:
    return _cast(call("CONVERT_TIMEZONE", text("UTC"), value), "TIMESTAMP_NTZ")


def _try_number(value: Sql, kind: exp.DataType) -> Sql:
    """What is no number in text is kept from here by whoever casts."""
    precision, scale = (part.this.copy() for part in kind.expressions)
    bare = exp.Trim(this=_cast(value, "VARCHAR"), expression=text(iso.WHITE))
    return call("TRY_TO_DECIMAL", bare, precision, scale)


def _try_moment(value: Sql, kind: exp.DataType) -> Sql:
    written = _cast(value, "VARCHAR")
    moment = call("TRY_TO_TIMESTAMP_TZ", iso.spelt_out(written, READ), text("AUTO"))
    return iso.guarded(written, iso.MOMENT, _without_zone(moment) if kind.is_type("TIMESTAMP") else moment, READ)


def _int_div(node: exp.IntDiv) -> Sql:
    """A quotient is rounded at its sixth digit, which may make it a whole more: it is taken of what divides evenly."""
    left, right = node.this, node.expression
    even = exp.Sub(this=left, expression=call("MOD", left.copy(), right.copy()))
    return _cast(exp.Div(this=exp.paren(even), expression=right, typed=True, safe=False), "BIGINT")


def _select(node: exp.Select) -> None:
    """The elements of a list are rows beside its own; as variants they are taken as text."""
    for values in exploded(node):
        rows = exp.Lateral(
            this=call("FLATTEN", exp.Kwarg(this=exp.var("INPUT"), expression=values.this)),
            alias=exp.TableAlias(this=exp.to_identifier("elements", quoted=True)),
        )
        node.join(rows, join_type="cross", copy=False)
        values.replace(_cast(exp.column("VALUE", table="elements", quoted=True), "VARCHAR"))


def _identifier(node: exp.Identifier) -> Sql | None:
    """Names without quotes are upper-cased, names of ours with quotes are not: all get them. A table of the user's is
    named as the workspace names it.
    """
    theirs = isinstance(node.parent, exp.Table) and not node.parent.meta.get(OURS)
    return None if node.quoted or theirs else exp.to_identifier(node.name, quoted=True)


NODES: Mapping[type[Sql], NodeRule] = MappingProxyType(
    {
        exp.Cast: _cast_node,
        exp.Filter: lambda node: fold("COUNT_IF", node),
        exp.Identifier: _identifier,
        exp.IntDiv: _int_div,
        exp.Select: _select,
        exp.TryCast: try_cast(_try_number, _try_moment),  # only text may be cast with TRY_
    }
)

SNOWFLAKE = Dialect(functions=FUNCTIONS, nodes=NODES, absent=frozenset({"read_csv", "read_json", "read_parquet"}))
