"""E-mail addresses in SQL: ASCII is normalised by the engine, the rest by the one Python normaliser, in
batches.
"""

from __future__ import annotations

from sqlglot import exp, select

from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column
from reconciler.membership.normalise import LONGEST, LONGEST_LOCAL, Invalid, fault, normalise
from reconciler.membership.sql import Sql, call, integer, name, negated, table, text, when

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


def read_odd(engine: Engine, column: Column, of: str) -> None:
    """Fill the table `odd(raw, e, r)` with what is not ASCII, normalised in Python; each spelling once a run."""
    if not engine.has("odd"):
        columns = [_text_column(each) for each in ("raw", "e", "r")]
        engine.run(exp.Create(this=exp.Schema(this=table("odd"), expressions=columns), kind="TABLE"))
    raw = _raw(column)
    known = select(integer(1)).from_(table("odd")).where(name("raw", "odd").eq(raw))
    query = select(raw).distinct().from_(table(of)).where(negated(_is_ascii(raw)), negated(exp.Exists(this=known)))
    for batch in engine.stream(query, BATCH):
        engine.take("odd", _normalised([row[0] for row in batch]))


def _raw(column: Column) -> Sql:
    return exp.cast(name(column.raw), "TEXT")


def _trimmed(column: Column) -> tuple[str, Sql]:
    return f"z{column.value}", exp.func("COALESCE", exp.Trim(this=_raw(column)), text(""))


def _usual(column: Column) -> tuple[str, Sql]:
    trimmed = name(f"z{column.value}")
    return f"v{column.value}", (exp.Length(this=trimmed) <= LONGEST_LOCAL).and_(_matches(trimmed, USUAL))


def _spelt(column: Column) -> tuple[str, Sql]:
    trimmed = name(f"z{column.value}")
    bare = when(name(f"v{column.value}"), trimmed, exp.Trim(this=trimmed, expression=text(SPACES)))
    return f"u{column.value}", exp.Lower(this=bare)


def _judged(column: Column) -> tuple[str, Sql]:
    """The reason: none for the usual, in SQL for the rest of ASCII, else as Python found."""
    ascii_or_none = _is_ascii(exp.func("COALESCE", _raw(column), text("")))
    unusual = when(ascii_or_none, _reason(name(f"u{column.value}")), _odd(_raw(column), "r"))
    return column.reason, when(name(f"v{column.value}"), exp.null(), unusual)


def _sent(column: Column) -> tuple[str, Sql]:
    spelt = when(_is_ascii(_raw(column)), name(f"u{column.value}"), _odd(_raw(column), "e"))
    return column.value, when(name(column.reason).is_(exp.null()), spelt, exp.null())


LAYERS = (_trimmed, _usual, _spelt, _judged, _sent)
"""Each looks at a column once: engines compute what two branches share for every row, also for those that take
neither.
"""


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
