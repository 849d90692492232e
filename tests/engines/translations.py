"""Every function of the vocabulary over nasty values: what DuckDB answers is what any other engine has to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp, select

from reconciler.membership import addresses
from reconciler.membership.engine import Engine
from reconciler.membership.sql import Sql, alias, call, create, drop, integer, name, table, text, when

TEXTS = (
    None, "", " ", "\t", "a", "A", "a.b", "a\nb", "\n", "a@b", "@", "@@", "ä", "İ", "ẞ", "ß", "e\u0301", "\u200b",
    "\u00a0", "😀", "a'b", 'a"b', "a\\b", "\\", "%", "_", "a_b", "null", "NULL", "true", "Z", "z", "~", "!", "\x7f",
    "\x01", "{}", "a{1}", "$", "^", "x" * 300,
)  # fmt: skip
NUMBERS = (
    None, "", " ", "0", "-0", "+1", "1.", ".5", "1.5", " 1 ", "\t2\n", "1e2", "1E-2", "1e99", "1e-99",
    "0.0000000000000000005", "-0.0000000000000000005", "0.00000000000000000049", "99999999999999999999",
    "100000000000000000000", "99999999999999999999.9999999999999999994", "99999999999999999999.9999999999999999996",
    "-99999999999999999999.5", "000000000000000000000000000001", "1,5", "1 2", "0x1f", "NaN", "Infinity", "-inf",
    "abc", "1a", "--1", "+-1", ".", "e1", "1e", "1e+2", "1.2.3", "½", "\u0661",
)  # fmt: skip
MOMENTS = (
    None, "", "2026-11-21", "2026-11-21 10:00", "2026-11-21T10:00:00", "2026-11-21T10:00:00Z",
    "2026-11-21 10:00:00.123456", "2026-11-21 10:00:00.1", "2026-11-21T10:00:00+02:00", "2026-11-21T10:00:00-0830",
    "2026-11-21 10:00:00.999999+14:00", "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2026-04-31",
    "2026-13-01", "2026-00-10", "2026-01-00", "2026-11-21T10:60:00", "0001-01-01",
    "9999-12-31 23:59:59.999999", "yesterday", "2026", "2026-11", "21.11.2026", "11/21/2026", "2026-11-21X10:00",
    "infinity?",
)  # fmt: skip
WHOLE = (None, 0, 1, 2, 3, 7, 2**31, 2**53 + 1, 2**62, 2**63 - 1)
TIMES = (
    None,
    "2026-11-21 18:00:00",
    "2026-11-21 17:59:59.999999",
    "2026-11-21 14:00:00",
    "1970-01-01 00:00:00",
    "0001-01-01 00:00:00",
    "2016-02-29 23:59:59.000001",
)
X = name("x")
LIST = exp.cast(exp.Array(expressions=[integer(2**63 - 1), integer(0), integer(5)]), "BIGINT[]")
HASHES = exp.Count(this=exp.Distinct(expressions=[exp.func("HASH", X)]))


@dataclass(frozen=True, slots=True)
class Case:
    """An expression over the column `x`, whose values are of a type (DuckDB's name for it). `together`: all rows make
    one answer.
    """

    value: Sql
    values: Sequence[Any] = TEXTS
    kind: str = "VARCHAR"
    together: bool = False


def matching(pattern: str) -> Case:
    """A regular expression over the whole of every text."""
    return Case(call("regexp_full_match", X, text(pattern)), (*TEXTS, *SPELT))


SPELT = (
    "a@b.co", "A@B.CO", "a@b.c", "a@b..co", "a@-b.co", "a@b-.co", "a@b.co-", f"{'a' * 64}@b.co", f"{'a' * 65}@b.co",
    f"a@{'b' * 63}.co", f"a@{'b' * 64}.co", "a b@c.de", "a@b@c.de", "a@b.1", "a@b.123", "a@b.c1", "\n@b.co",
    "a@b.co\n", "a@b\n.co", "@b.co", "a@", "a.@b.co", "é@b.co",
)  # fmt: skip

CASES = {
    "strlen": Case(call("strlen", X)),
    "length": Case(call("length", X)),
    "is ascii": Case(call("strlen", X).eq(call("length", X))),
    "contains": Case(call("contains", X, text("a"))),
    "contains a wildcard": Case(call("contains", X, text("%"))),
    "contains nothing": Case(call("contains", X, text(""))),
    "contains a backslash": Case(call("contains", X, text("\\"))),
    "starts with": Case(call("starts_with", X, text("a"))),
    "starts with a wildcard": Case(call("starts_with", X, text("_"))),
    "starts with nothing": Case(call("starts_with", X, text(""))),
    "sha256": Case(call("sha256", X)),
    "bytes of sha256": Case(call("unhex", call("sha256", X))),
    "md5": Case(call("md5", X)),
    "bytes of md5": Case(call("unhex", call("md5", X))),
    "usual address": matching(addresses.USUAL),
    "domain": matching(addresses.DOMAIN),
    "local part": matching(addresses.LOCAL),
    "several @": matching(addresses.SEVERAL_AT),
    "digits last": matching(addresses.DIGITS_LAST),
    "a dot": matching("a.b"),
    "a dot in brackets": matching("a[.]b"),
    "a dot that takes newlines": matching("(?s)a.b"),
    "alternatives": matching("a|a@b"),
    "unfit characters": Case(call("regexp_matches", X, text(addresses.UNFIT))),
    "trim": Case(exp.Trim(this=X, expression=text(addresses.SPACES)), (*TEXTS, " a ", "\x0b\x1fa\t", "a\u00a0")),
    "lower of ASCII": Case(when(call("strlen", X).eq(call("length", X)), exp.Lower(this=X), exp.null())),
    "order of texts": Case(X < text("a")),
    "order by code points": Case(X >= text("Z")),
    "between": Case((X >= text("!")).and_(X < text("\x7f"))),
    "number": Case(exp.TryCast(this=X, to=exp.DataType.build("DECIMAL(38, 18)")), NUMBERS),
    "whole number": Case(exp.TryCast(this=X, to=exp.DataType.build("DECIMAL(38, 0)")), NUMBERS),
    "number of a number": Case(exp.TryCast(this=X, to=exp.DataType.build("DECIMAL(38, 18)")), WHOLE, "BIGINT"),
    "moment": Case(exp.cast(exp.TryCast(this=X, to=exp.DataType.build("TIMESTAMPTZ")), "TIMESTAMP"), MOMENTS),
    "moment without zone": Case(exp.TryCast(this=X, to=exp.DataType.build("TIMESTAMP")), MOMENTS),
    "microseconds": Case(call("epoch_us", X), TIMES, "TIMESTAMP"),
    "list": Case(call("list_extract", LIST, X), (None, 1, 2, 3), "BIGINT"),
    "least": Case(exp.func("LEAST", X, integer(3)), WHOLE, "BIGINT"),
    "whole division": Case(exp.IntDiv(this=X, expression=integer(3)), WHOLE, "BIGINT"),
    "mask": Case(exp.BitwiseAnd(this=X, expression=exp.BitwiseNot(this=exp.paren(integer(5)))), WHOLE, "BIGINT"),
    "any of nothing but NULL and one": Case(call("any_value", X), (None, "a", None), together=True),
    "union of bits": Case(call("bit_or", X), WHOLE, "BIGINT", together=True),
    "union of no bits": Case(call("bit_or", X), (None,), "BIGINT", together=True),
    "any is true": Case(call("bool_or", X.eq(integer(7))), WHOLE, "BIGINT", together=True),
    "last by turn": Case(call("arg_max", X, name("n")), ("a", "b", "c"), together=True),
    "first by turn": Case(call("arg_min", X, name("n")), (None, "b", "c"), together=True),
    "different hashes": Case(HASHES, (*TEXTS[1:], "a"), together=True),
    "different hashes of numbers": Case(HASHES, (*WHOLE[1:], 7), "BIGINT", together=True),
    "smallest text": Case(exp.Min(this=exp.cast(X, "TEXT")), ("b", "B", "_", "ä", "a"), together=True),
    "if": Case(exp.func("IF", X.eq(text("a")), integer(1), integer(0))),
}  # fmt: skip

JSON = (
    None, "null", '"a"', '"a \\"b\\" ä"', '""', "1", "1.50", "-2", "true",
    '{"a": 1}', "[]", '["a", "b"]', '[1, null, "1.0", true]',
)  # fmt: skip
KIND_OF_JSON = call("json_type", X)
TEXT_OF_JSON = when(KIND_OF_JSON.eq(text("VARCHAR")), call("json_extract_string", X, text("$")), exp.null())
LIST_OF_JSON = when(KIND_OF_JSON.eq(text("ARRAY")), call("json_extract_string", X, text("$[*]")), exp.null())
JSON_CASES = {
    "kind of JSON": Case(exp.In(this=KIND_OF_JSON, expressions=[text("VARCHAR"), text("NULL")]), JSON, "JSON"),
    "arrays of JSON": Case(KIND_OF_JSON.copy().eq(text("ARRAY")), JSON, "JSON"),
    "text of JSON": Case(TEXT_OF_JSON, JSON, "JSON"),
    "elements of JSON": Case(LIST_OF_JSON, JSON, "JSON"),
    "JSON as it is written": Case(exp.cast(X, "TEXT"), JSON, "JSON"),
}
"""For engines that know JSON."""


def answers(engine: Engine, case: Case) -> list[tuple[Any, ...]]:
    """What an engine answers: a row a value, in their order, or the one row of all."""
    for label in ("written", "nasty"):
        engine.run(drop(label))
    columns = [exp.ColumnDef(this=exp.to_identifier(each), kind=exp.DataType.build("TEXT")) for each in ("n", "x")]
    engine.run(exp.Create(this=exp.Schema(this=table("written"), expressions=columns), kind="TABLE"))
    told = [None if value is None else str(value) for value in case.values]
    engine.take("written", [[str(number) for number in range(len(told))], told])
    typed = [alias(exp.cast(name("n"), "INT"), "n"), alias(exp.cast(X, case.kind), "x")]
    engine.run(create("nasty", select(*typed).from_(table("written"))))
    if case.together:
        return engine.rows(select(alias(case.value, "y")).from_(table("nasty")))
    return engine.rows(select(name("n"), alias(case.value, "y")).from_(table("nasty")).order_by(name("n")))
