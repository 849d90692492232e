"""Numbers and times in text, for engines whose own casts take more than that, or less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from reconciler.membership.sql import Sql, text, when

WHITE = " \t\n\r\x0b\x0c"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?"
MOMENT = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ]{_CLOCK})?"
"""The form alone: whether there is such a day the engine's cast tells."""


@dataclass(frozen=True, slots=True)
class Readers:
    """An engine's words: whether all of a text matches, what of a text matches, text with every match replaced."""

    matches: Callable[[Sql, str], Sql]
    found: Callable[[Sql, str], Sql]
    replaced: Callable[[Sql, str, str], Sql]


def spelt_out(written: Sql, read: Readers) -> Sql:
    """A time of that form with nothing left out: day, hour, minute, second, and `+00:00` where it names no zone."""
    nothing = text("")
    day = exp.Substring(this=written.copy(), start=exp.Literal.number(1), length=exp.Literal.number(10))
    clock = exp.Substring(this=written.copy(), start=exp.Literal.number(12), length=exp.Literal.number(5))
    told = exp.func("COALESCE", exp.Nullif(this=clock, expression=nothing), text("00:00"))
    seconds = exp.func("COALESCE", read.found(written.copy(), r":[0-9]{2}:[0-9.]+"), text(":00:00"))
    after_minute = exp.Substring(this=seconds, start=exp.Literal.number(4))
    zone = exp.func("COALESCE", read.found(written.copy(), r"(Z|[+-][0-9]{2}:?[0-9]{2})$"), text("+00:00"))
    with_colon = read.replaced(exp.func("REPLACE", zone, text("Z"), text("+00:00")), ":?([0-9]{2})$", r":\1")
    parts: list[Sql] = [day, text("T"), told, after_minute, with_colon]
    return exp.Concat(expressions=parts, safe=False, coalesce=False)


def guarded(written: Sql, pattern: str, value: Sql, read: Readers) -> Sql:
    """The value where the text is of the form, else NULL."""
    return when(read.matches(written, pattern), value, exp.null())
