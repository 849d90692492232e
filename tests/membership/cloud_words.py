"""Our whole vocabulary, word by word, as trees."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.membership.addresses import DOMAIN, SEVERAL_AT, UNFIT
from reconciler.membership.sql import Sql, alias, call, common, create, filtered, integer, name, table, text, without
from reconciler.membership.values import BLANKS, NUMBER

_TABLE = exp.cast(exp.Array(expressions=[integer(1), integer((1 << 63) - 1)]), "BIGINT[]")
_HOURS = exp.paren(exp.Sub(this=call("epoch_us", name("s")), expression=call("epoch_us", name("t"))))
_OF_ELEMENT = exp.Lambda(
    this=call("starts_with", name("v"), text("a")), expressions=[exp.to_identifier("v", quoted=True)]
)
_NOTHING = select(alias(exp.cast(text(""), "BLOB"), "h")).where(exp.false())
_LOOK = exp.Create(this=table("seen"), kind="VIEW", expression=select("*").from_(table("customers")))

FUNCTIONS: Mapping[str, Sql] = MappingProxyType(
    {
        "any_value": call("any_value", name("x")),
        "arg_max": call("arg_max", name("x"), name("t")),
        "arg_min": call("arg_min", name("x"), name("t")),
        "bit_or": call("bit_or", name("x")),
        "bool_or": call("bool_or", name("x")),
        "contains": call("contains", name("x"), text("_")),
        "epoch_us": call("epoch_us", name("t")),
        "hash": call("hash", name("x")),
        "json_extract_string": call("json_extract_string", name("x"), text("$")),
        "json_type": call("json_type", name("x")),
        "length": call("length", name("x")),
        "list_bool_or": call("list_bool_or", call("list_transform", name("x"), _OF_ELEMENT)),
        "list_extract": call("list_extract", _TABLE, name("slot") + 1),
        "list_transform": call("list_transform", name("x"), _OF_ELEMENT),
        "md5": call("md5", name("x")),
        "regexp_full_match": call("regexp_full_match", name("x"), text(DOMAIN)),
        "regexp_matches": call("regexp_matches", name("x"), text(UNFIT)),
        "sha256": call("sha256", name("x")),
        "starts_with": call("starts_with", name("x"), text("a")),
        "strlen": call("strlen", name("x")),
        "unhex": call("unhex", name("x")),
    }
)

NODES: Mapping[str, Sql] = MappingProxyType(
    {
        "list of a json": call("json_extract_string", name("x"), text("$[*]")),
        "dot takes a newline": call("regexp_full_match", name("x"), text(SEVERAL_AT)),
        "bytes of a hash": call("unhex", call("sha256", name("x"))),
        "bytes of a shorter hash": call("unhex", call("md5", name("x"))),
        "hash of a hash": call("unhex", call("sha256", call("md5", name("x")))),
        "count of some": filtered(exp.func("COUNT", exp.Star()), name("x").eq(1)),
        "sum of some": filtered(exp.func("SUM", name("y")), name("x").eq(1)),
        "different ones of some": filtered(exp.Count(this=exp.Distinct(expressions=[name("y")])), name("x").eq(1)),
        "bits of some": filtered(call("bit_or", name("y")), name("x").eq(1)),
        "number": exp.cast(text("0.5"), NUMBER),
        "small number": exp.cast(name("x"), exp.DataType.build("DECIMAL(12, 0)")),
        "number or none": exp.TryCast(this=name("x"), to=NUMBER),
        "whole number or none": exp.TryCast(this=name("x"), to=exp.DataType.build("DECIMAL(38, 0)")),
        "moment": exp.cast(text("2026-11-21 18:00:00.000000"), "TIMESTAMP"),
        "moment of a column": exp.cast(name("x"), "TIMESTAMP"),
        "moment or none": exp.cast(exp.TryCast(this=name("x"), to=exp.DataType.build("TIMESTAMPTZ")), "TIMESTAMP"),
        "no moment": exp.cast(exp.null(), "TIMESTAMP"),
        "text": exp.cast(name("x"), "TEXT"),
        "whole quotient": exp.IntDiv(this=_HOURS, expression=integer(3_600_000_000)),
        "least": exp.func("LEAST", name("x"), integer(7)),
        "common bits": common(name("x"), integer(5)),
        "bits without others": without(name("x"), name("y")),
        "trimmed": exp.Trim(this=name("x")),
        "trimmed of all white space": exp.Trim(this=name("x"), expression=text(BLANKS)),
        "characters": exp.Length(this=name("x")),
        "one of two": exp.func("IF", name("x"), integer(1), integer(0)),
        "user's column": name("x order id"),
        "elements": select(name("k"), alias(exp.Explode(this=name("x tags")), "x tags")).from_(table("customers")),
        "user's table": select("*").from_(exp.to_table("shop.customers")),
        "no row": _NOTHING,
        "table": create("facts", select(name("k", "customers")).from_(table("customers").as_("customers"))),
        "view": _LOOK,
    }
)
WORDS: Mapping[str, Sql] = MappingProxyType({**FUNCTIONS, **NODES})
