"""Plain e-mail addresses in SQL: ASCII is normalised by the engine, the rest by the one Python normaliser."""

from __future__ import annotations

from sqlglot import exp

from reconciler.membership.digests import digest
from reconciler.membership.identifiers import Column, as_written, is_ascii
from reconciler.membership.normalise import LONGEST, LONGEST_LOCAL, Invalid
from reconciler.membership.sql import Sql, call, name, negated, text, when

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
HASH = "([0-9a-f]{32}){1,2}"


def _bare(column: Column) -> tuple[str, Sql]:
    return f"b{column.value}", _is_usual(as_written(column))


def _trimmed(column: Column) -> tuple[str, Sql]:
    """Trimming costs more than the look that tells that there is nothing to trim."""
    trimmed = exp.func("COALESCE", exp.Trim(this=as_written(column)), text(""))
    return f"z{column.value}", when(name(f"b{column.value}"), as_written(column), trimmed)


def _usual(column: Column) -> tuple[str, Sql]:
    bare = name(f"b{column.value}")
    return f"v{column.value}", when(bare, bare.copy(), _is_usual(name(f"z{column.value}")))


def _is_usual(value: Sql) -> Sql:
    return (exp.Length(this=value) <= LONGEST_LOCAL).and_(_matches(value.copy(), USUAL))


def _spelt(column: Column) -> tuple[str, Sql]:
    trimmed = name(f"z{column.value}")
    bare = when(name(f"v{column.value}"), trimmed, exp.Trim(this=trimmed, expression=text(SPACES)))
    return f"u{column.value}", exp.Lower(this=bare)


def _judged(column: Column) -> tuple[str, Sql]:
    """The reason: none for the usual, in SQL for the rest of ASCII, else as Python found."""
    ascii_or_none = is_ascii(exp.func("COALESCE", as_written(column), text("")))
    unusual = when(ascii_or_none, _reason(name(f"u{column.value}")), name(f"r{column.value}"))
    return column.reason, when(name(f"v{column.value}"), exp.null(), unusual)


def _sent(column: Column) -> tuple[str, Sql]:
    spelt = when(is_ascii(as_written(column)), name(f"u{column.value}"), name(f"s{column.value}"))
    sent = digest(column.form, spelt) if column.at_once else spelt
    return column.value, when(name(column.reason).is_(exp.null()), sent, exp.null())


LAYERS = (_bare, _trimmed, _usual, _spelt, _judged, _sent)
"""What becomes of a column, over rows with what Python made of it: `s…` its spelling and `r…` the reason. Each layer
looks at a column once: engines compute what two branches share for every row, also for those that take neither.
"""


def _matches(value: Sql, pattern: str) -> Sql:
    return call("regexp_full_match", value, text(pattern))


def _reason(email: Sql) -> Sql:
    """The first fault of a normalised ASCII address, in the order of `Invalid`; NULL when there is none."""
    faults = [
        (email.eq(text("")), Invalid.BLANK),
        (_matches(email, HASH), Invalid.HASH),
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
