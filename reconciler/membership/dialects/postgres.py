"""What Postgres says otherwise, from version 15 on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from sqlglot import exp

from reconciler.membership.dialects.rules import Dialect, NodeRule, Rule, renamed, try_cast
from reconciler.membership.sql import Sql, call, text, when

NUMBER = r"^[ \t\n\r\v\f]*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?[ \t\n\r\v\f]*$"
_DAY = (
    r"([0-9]{4}-(((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01]))|((0[469]|11)-(0[1-9]|[12][0-9]|30))|(02-(0[1-9]|1[0-9]|2[0-8])))"
    r"|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)"
)
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
MOMENT = rf"^(?!0000){_DAY}([T ]{_CLOCK}(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?$"
"""ISO 8601 with the calendar in it: what matches is a time, and the cast of it can't fail."""

_OLDEST = -210_863_520_000_000_000
"""The first moment that Postgres knows, in microseconds."""


def _cast(value: Sql, kind: str) -> exp.Cast:
    return exp.cast(value, exp.DataType.build(kind, dialect="postgres"))


def _matches(value: Sql, pattern: str) -> Sql:
    return exp.RegexpLike(this=value, expression=text(pattern))


def _list_extract(values: Sql, place: Sql) -> Sql:
    """Subscripts count from 1 here as there. A list of literals is written as one literal: it is parsed once."""
    array = values.this if isinstance(values, exp.Cast) else values
    if isinstance(array, exp.Array) and all(isinstance(each, exp.Literal) for each in array.expressions):
        values = _cast(text("{" + ",".join(str(each.this) for each in array.expressions) + "}"), "BIGINT[]")
    return exp.Bracket(this=exp.paren(values), expressions=[_cast(place, "INT")], offset=1, safe=False)


def _utf8(value: Sql) -> Sql:
    return call("convert_to", value, text("UTF8"))


def _unhex(value: Sql) -> Sql:
    """Bytes of a hash are not written as hex first."""
    if isinstance(value, exp.Anonymous) and value.this == "encode":
        hashed: Sql = value.expressions[0]
        return hashed
    return call("decode", value, text("hex"))


def _each_of(values: Sql, told: exp.Lambda) -> Sql:
    """What is told of each element, as the rows of a query."""
    element = exp.TableAlias(this=exp.to_identifier("u"), columns=[each.copy() for each in told.expressions])
    rows = exp.Unnest(expressions=[values], alias=element)
    return exp.Subquery(this=exp.select(exp.alias_(told.this, "v")).from_(rows))


def _any_of(rows: Sql) -> Sql:
    told = exp.Subquery(this=rows.this, alias=exp.TableAlias(this=exp.to_identifier("w")))
    return exp.Subquery(this=exp.select(call("bool_or", exp.column("v"))).from_(told))


def _first_of(values: Sql, order: Sql | None = None) -> Sql:
    gathered: Sql = exp.ArrayAgg(this=exp.Order(this=values, expressions=[order]) if order else values)
    there = exp.Filter(this=gathered, expression=exp.Where(this=values.copy().is_(exp.null()).not_()))
    return exp.Bracket(this=exp.paren(there), expressions=[exp.Literal.number(1)], offset=1, safe=False)


def _hash(value: Sql) -> Sql:
    return call("hashtextextended", _cast(value, "TEXT"), exp.Literal.number(0))


def _epoch_us(value: Sql) -> Sql:
    """`-infinity` is as old as the calendar."""
    seconds = exp.Extract(this=exp.var("epoch"), expression=value)
    whole = _cast(exp.Mul(this=seconds, expression=exp.Literal.number(1_000_000)), "BIGINT")
    return when(exp.not_(call("isfinite", value.copy())), exp.Literal.number(_OLDEST), whole)


def _json_type(value: Sql) -> Sql:
    kind = call("json_typeof", call("to_json", value))
    return exp.Case(
        this=kind,
        ifs=[
            exp.If(this=text("string"), true=text("VARCHAR")),
            exp.If(this=text("null"), true=text("NULL")),
        ],
        default=exp.Upper(this=kind.copy()),
    )


def _json_text(value: Sql, path: Sql) -> Sql:
    """The text of a JSON text, or with `$[*]` the texts of an array's elements. A text with a NUL in it, which Postgres
    can't hold, stays as it is written.
    """
    if path.name == "$[*]":
        element = exp.TableAlias(this=exp.to_identifier("u"), columns=[exp.to_identifier("v")])
        rows = exp.Table(this=call("json_array_elements_text", call("to_json", value)), alias=element)
        return exp.Anonymous(this="array", expressions=[exp.select(exp.column("v", table="u")).from_(rows)])
    written = _cast(value.copy(), "TEXT")
    said = exp.JSONBExtractScalar(this=call("to_jsonb", value), expression=text("{}"))
    return when(call("strpos", written, text(r"\u0000")) > 0, written.copy(), said)


def _full_match(value: Sql, pattern: Sql) -> Sql:
    return _matches(value, f"^(?:{_regexp(pattern)})$")


def _regexp(pattern: Sql) -> str:
    r"""RE2's pattern as Postgres reads it: there a dot takes a newline unless told otherwise, and `\x` takes every hex
    digit that follows. No text holds a NUL here.
    """
    said = str(pattern.this)
    dot = "." if said.startswith("(?s)") else r"[^\n]"
    parts = re.findall(r"\\x[0-9a-fA-F]{2}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", said.removeprefix("(?s)"), re.DOTALL)
    return "".join(dot if part == "." else _bytes_spelt(part) for part in parts)


def _bytes_spelt(part: str) -> str:
    return re.sub(r"\\x([0-9a-fA-F]{2})", lambda found: rf"\u00{max(int(found[1], 16), 1):02x}", part)


FUNCTIONS: Mapping[str, Rule] = MappingProxyType(
    {
        "any_value": _first_of,
        "arg_max": lambda value, by: _first_of(value, exp.Ordered(this=by, desc=True, nulls_first=False)),
        "arg_min": lambda value, by: _first_of(value, exp.Ordered(this=by, nulls_first=False)),
        "contains": lambda value, part: call("strpos", value, part) > 0,
        "epoch_us": _epoch_us,
        "hash": _hash,
        "json_extract_string": _json_text,
        "json_type": _json_type,
        "list_bool_or": _any_of,
        "list_extract": _list_extract,
        "list_transform": _each_of,
        "regexp_full_match": _full_match,
        "regexp_matches": lambda value, pattern: _matches(value, _regexp(pattern)),
        "sha256": lambda value: call("encode", call("sha256", _utf8(value)), text("hex")),
        "strlen": renamed("octet_length"),
        "unhex": _unhex,
    }
)


def _try_number(value: Sql, kind: exp.DataType) -> Sql:
    precision, scale = (int(part.name) for part in kind.expressions)
    written = _cast(value, "TEXT")
    number = exp.Round(this=_cast(written.copy(), "NUMERIC"), decimals=exp.Literal.number(scale))
    bound = exp.Literal.number("1" + "0" * (precision - scale))
    fits = exp.Abs(this=number) < bound
    sound = _matches(written, NUMBER).and_(exp.Length(this=written.copy()) <= exp.Literal.number(1000))
    return when(sound, when(fits, exp.cast(written.copy(), kind), exp.null()), exp.null())


def _try_moment(value: Sql, kind: exp.DataType) -> Sql:
    written = _cast(value, "TEXT")
    return when(_matches(written, MOMENT), exp.cast(written.copy(), kind), exp.null())


def _int_div(node: exp.IntDiv) -> Sql:
    """Whole numbers divide to whole numbers here; `DIV` would make decimals of them."""
    return exp.Div(this=node.this, expression=node.expression, typed=True, safe=False)


def _fenced(node: exp.Subquery) -> None:
    """What a query in FROM computes is computed once: `OFFSET 0` keeps the planner from pulling it up, and with it each
    expression into every place that names it. What only names columns is left to be pulled up.
    """
    inner = node.this
    if not isinstance(node.parent, exp.From | exp.Join) or not isinstance(inner, exp.Select):
        return
    if not inner.args.get("offset") and not all(_is_plain(told) for told in inner.expressions):
        node.set("this", inner.offset(0, copy=False))


def _created(node: exp.Create) -> None:
    """What a run makes is not worth a log: it goes with the run."""
    if node.kind == "TABLE":
        node.set("properties", exp.Properties(expressions=[exp.UnloggedProperty()]))


def _bytewise(node: exp.Cast) -> Sql | None:
    """Text is ordered, folded and compared byte by byte, whatever the database's language is."""
    return exp.paren(_c(node)) if node.args["to"].is_type("TEXT") else None


def _c(value: Sql) -> exp.Collate:
    return exp.Collate(this=value.copy(), expression=exp.to_identifier("C", quoted=True))


def _text_column(node: exp.ColumnDef) -> None:
    if node.kind and node.kind.is_type("TEXT"):
        collated = exp.CollateColumnConstraint(this=exp.to_identifier("C", quoted=True))
        node.append("constraints", exp.ColumnConstraint(kind=collated))


def _is_plain(told: Sql) -> bool:
    return isinstance(told.unalias(), exp.Column | exp.Star)


NODES: Mapping[type[Sql], NodeRule] = MappingProxyType(
    {
        exp.Cast: _bytewise,
        exp.ColumnDef: _text_column,
        exp.Create: _created,
        exp.IntDiv: _int_div,
        exp.Subquery: _fenced,
        exp.TryCast: try_cast(_try_number, _try_moment),  # it has no cast that may fail
    }
)

POSTGRES = Dialect(
    functions=FUNCTIONS,
    nodes=NODES,
    same=frozenset({"bit_or", "bool_or", "length", "md5", "starts_with"}),
    absent=frozenset({"read_csv", "read_json", "read_parquet"}),
)
