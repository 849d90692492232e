"""E-mail addresses in SQL: ASCII is normalised by the engine, the rest by the one Python normaliser, in
batches.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp, select

from reconciler.membership.engine import Engine
from reconciler.membership.normalise import LONGEST, LONGEST_LOCAL, Invalid, fault, normalise
from reconciler.membership.source import label
from reconciler.membership.sql import Sql, alias, call, name, negated, table, text, together, when

SPACES = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
"""The white space of ASCII."""
UNFIT = r"[\x00-\x20\x7f]"
SEVERAL_AT = "(?s).*@.*@.*"
LOCAL = f"[^@]{{1,{LONGEST_LOCAL}}}@.*"
LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = rf"[^@]*@({LABEL}\.)+[a-z0-9]([a-z0-9-]{{0,61}}[a-z0-9])"
DIGITS_LAST = r".*\.[0-9]+"
USUAL = r"[!-?A-~]+@([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\.)+[A-Za-z][A-Za-z]+"
"""Nearly every valid address, before it is lower-cased: outside ASCII engines differ in that. Within `LONGEST_LOCAL`
characters no part of it can be too long."""
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of addresses: `raw` in `customers`, and what becomes of it in a row a person: `e…` and `r…`."""

    raw: str
    email: str
    reason: str


def columns_of(emails: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of a person's row for the declared columns of addresses."""
    return tuple(Column(label(raw), f"e{number}", f"r{number}") for number, raw in enumerate(emails))


def prepare(engine: Engine, columns: tuple[Column, ...]) -> None:
    """Make `addressed`: `customers` with each address as it is sent (NULL when it is not valid) and the reason.

    The table `odd(raw, e, r)` holds what is not ASCII, normalised in Python.
    """
    engine.run(
        exp.Create(
            this=exp.Schema(this=table("odd"), expressions=[_text_column(c) for c in ("raw", "e", "r")]), kind="TABLE"
        )
    )
    for column in columns:
        raw = exp.cast(name(column.raw), "TEXT")
        query = select(raw).distinct().from_(table("customers")).where(negated(_is_ascii(raw)))
        for batch in engine.stream(query, BATCH):
            engine.take("odd", _normalised([row[0] for row in batch]))
    engine.run(exp.Create(this=table("addressed"), kind="VIEW", expression=_addressed(columns)))


def _addressed(columns: tuple[Column, ...]) -> exp.Select:
    """In layers, each of which looks at a column once: engines compute what two branches share for every row, also for
    those that take neither.
    """
    rows = select("*").from_(table("customers"))
    for layer in (_trimmed, _usual, _spelt, _judged, _sent):
        told = [alias(value, label) for label, value in map(layer, columns)]
        rows = select("*", *told).from_(rows.subquery("a"))
    return rows


def _raw(column: Column) -> Sql:
    return exp.cast(name(column.raw), "TEXT")


def _trimmed(column: Column) -> tuple[str, Sql]:
    return f"z{column.email}", exp.func("COALESCE", exp.Trim(this=_raw(column)), text(""))


def _usual(column: Column) -> tuple[str, Sql]:
    trimmed = name(f"z{column.email}")
    return f"v{column.email}", (exp.Length(this=trimmed) <= LONGEST_LOCAL).and_(_matches(trimmed, USUAL))


def _spelt(column: Column) -> tuple[str, Sql]:
    trimmed = name(f"z{column.email}")
    bare = when(name(f"v{column.email}"), trimmed, exp.Trim(this=trimmed, expression=text(SPACES)))
    return f"u{column.email}", exp.Lower(this=bare)


def _judged(column: Column) -> tuple[str, Sql]:
    """The reason: none for the usual, in SQL for the rest of ASCII, else as Python found."""
    ascii_or_none = _is_ascii(exp.func("COALESCE", _raw(column), text("")))
    unusual = when(ascii_or_none, _reason(name(f"u{column.email}")), _odd(_raw(column), "r"))
    return column.reason, when(name(f"v{column.email}"), exp.null(), unusual)


def _sent(column: Column) -> tuple[str, Sql]:
    spelt = when(_is_ascii(_raw(column)), name(f"u{column.email}"), _odd(_raw(column), "e"))
    return column.email, when(name(column.reason).is_(exp.null()), spelt, exp.null())


def _is_ascii(value: Sql) -> Sql:
    """As many bytes as characters: told without looking at each."""
    return call("strlen", value).eq(call("length", value))


def _matches(value: Sql, pattern: str) -> Sql:
    return call("regexp_full_match", value, text(pattern))


def _odd(raw: Sql, part: str) -> Sql:
    """Looked up by a subquery; engines turn it into one small hash join."""
    found = select(call("any_value", name(part, "odd"))).from_(table("odd")).where(name("raw", "odd").eq(raw))
    return found.subquery()


def _text_column(label: str) -> exp.ColumnDef:
    return exp.ColumnDef(this=exp.to_identifier(label, quoted=True), kind=exp.DataType.build("TEXT"))


def _normalised(raw: list[str]) -> list[list[str | None]]:
    emails = [normalise(each) for each in raw]
    faults = [fault(each) for each in emails]
    sent = [None if why else email for email, why in zip(emails, faults, strict=True)]
    return [list(raw), list(sent), [str(why) if why else None for why in faults]]


def _reason(email: Sql) -> Sql:
    """The first fault of a normalised ASCII address, in the order of `Invalid`; NULL when there is none."""
    faults = [
        (email.eq(text("")), Invalid.BLANK),
        (negated(call("contains", email, text("@"))), Invalid.NO_AT),
        (_matches(email, SEVERAL_AT), Invalid.SEVERAL_AT),
        (call("regexp_matches", email, text(UNFIT)), Invalid.SPACE),
        (negated(_matches(email, LOCAL)), Invalid.LOCAL),
        (_bad_domain(email), Invalid.DOMAIN),
        (exp.Length(this=email) > LONGEST, Invalid.TOO_LONG),
    ]
    return exp.Case(ifs=[exp.If(this=condition, true=text(why)) for condition, why in faults])


def _bad_domain(email: Sql) -> Sql:
    good = _matches(email, DOMAIN)
    return negated(good).or_(_matches(email, DIGITS_LAST))


def valid_and_reasons(columns: tuple[Column, ...]) -> exp.Select:
    """Rows `(reason, count)` over all persons and columns; reason NULL counts the valid ones."""
    parts = [select(alias(name(c.reason), "r")).from_(table("people")) for c in columns]
    query = together(parts)
    return select(name("r"), exp.func("COUNT", exp.Star())).from_(query.subquery("a")).group_by(name("r"))
