"""Values that columns may have: those of one case never meet those of another."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tests.membership.brute_identifiers import FORMS, verdict
from tests.membership.worlds import AS_OF

EVEN = (0, 240, 1440, 4320, 10080)
ODD = (0, 7, 90, 240, 1441, 4320, 172_800)
FAR = (0, 90, 1440, 52_704_000)

MESSY = ("gold", "GOLD", "goldie", "", "  ", "\t\u00a0", "\u00e9t\u00e9", "1", "no", None)
OTHERS = ("abc", "", " ", "1", " 1", "2\t", "2.0", "2.50", "0.1", "-3", "007", "12,5", "1_0", "yes", None)
EXPONENTS = ("1e2", "1.25E+1", "-3e0", ".5", "5.", " 12.5\t", "1e-1", "+2", "1e100", "e5", "1e", "\u0661", "0x1", "NaN")
EXPONENTS_TOO_LONG = ("9" * 21, "1e20", "0." + "3" * 25)
WORDS = ("yes", "NO", "t", "F", "1", "0", "true", "False", "maybe", "", " ", None)
TAGS: Sequence[list[str | None] | None] = (
    ["gold"],
    ["gold", "silver"],
    ["GOLD", None],
    [],
    [None, " "],
    ["1", "2.5"],
    ["no"],
    ["yes", "maybe"],
    None,
)
JUNK_TIMES = ("yesterday", "2026-11-31", "2026-13-01", "21/11/2026", "20261121", "2026-11-21T25:00", "1763748000", "")
PRODUCTS = ("p1", "p1", "p2", "p3", "P1", "", None)


def addresses(case: int) -> Sequence[str | None]:
    """A few people's addresses in many spellings, and some that are none."""
    return (
        f"ann{case}@example.com",
        f" ANN{case}@Example.com ",
        f"\u00a0ann{case}\u200b@example.com",
        f"bob{case}@example.com",
        f"bob{case}\uff20example.com",
        f"cy+shop{case}@example.org",
        f"jos\u00e9{case}@example.com",
        f"jose\u0301{case}@example.com",
        f"dee{case}.example.com",
        "dee@@example.com",
        "dee@example",
        "d ee@example.com",
        "",
        "   ",
        "\u200b",
        None,
    )


def mostly(pool: Callable[[int], Sequence[Any]], good: int) -> Callable[[int], Sequence[Any]]:
    """The first ones of a pool more often than the others."""
    return lambda case: (*pool(case)[:good], *pool(case)[:good], *pool(case))


def lists_of(pool: Callable[[int], Sequence[Any]]) -> Callable[[int], Sequence[Any]]:
    """Lists of a pool's values."""

    def lists(case: int) -> Sequence[Any]:
        values = pool(case)
        pairs = [[values[n], values[-n]] for n in range(len(values))]
        return (*pairs, *([value] for value in values[:6]), [], [None], None)

    return lists


def hashes(form: str) -> Callable[[int], Sequence[str | None]]:
    """Digests that somebody else made of the same addresses, and what is none."""

    def digests(case: int) -> Sequence[str | None]:
        good = [FORMS[form](verdict(raw)[0]) for raw in addresses(case)[:6:2]]  # type: ignore[index]
        return (*good, f" {good[0].upper()} ", good[1][:-1], "g" * len(good[0]), "none", "", " ", None)

    return digests


def telephones(region: str | None) -> Callable[[int], Sequence[str | None]]:
    """Numbers kept free for stories, in many spellings."""
    french, british = [f"{n:02d}" for n in range(100)], [f"{n:03d}" for n in range(1000)]

    def numbers(case: int) -> Sequence[str | None]:
        pair, three = french[case % 100], british[case % 1000]
        national = {"FR": f"01 99 00 {pair} 01", "GB": f"(07700) 900{three}", "US": f"(202) 555-01{pair}"}
        return (
            f"+33 1 99 00 {pair} 01",
            f"0033199 00{pair}01",
            f"+33199-00-{pair}-02",
            f"+44 7700 900{three}",
            f"+44 (0)7700 900 {three}",
            f"+1 202-555-01{pair}",
            f"+1.202.555.01{pair}",
            f"+33 1 99 00 {pair}",
            national.get(region or "", "01 99 00 00 00"),
            national.get(region or "", "12"),
            "call me",
            "12",
            "",
            "  ",
            None,
        )

    return numbers


def sha256(text: str) -> str:
    """As a shop would hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def hashed_telephones(case: int) -> Sequence[str | None]:
    """Digests of two of the numbers, and what is none."""
    good = [sha256(f"33199 00{case % 100:02d}0{n}".replace(" ", "")) for n in (1, 2)]
    return (*good, f"{good[0].upper()} ", good[1][:-1], "none", "", None)


def moments() -> list[dt.datetime]:
    """Times about the clock, on bounds and a hair off them."""
    spans = (dt.timedelta(0), dt.timedelta(hours=4), dt.timedelta(days=1), dt.timedelta(days=3))
    hair = dt.timedelta(microseconds=1)
    return [
        AS_OF + sign * span + off for span in spans for sign in (-1, 1) for off in (hair, -hair, 0 * hair, 0 * hair)
    ]


def instants(*, aware: bool) -> Sequence[dt.datetime | None]:
    """Times of a typed column."""
    told = [moment if aware else moment.replace(tzinfo=None) for moment in moments()]
    return (*told, None)


def days() -> Sequence[dt.date | None]:
    """Dates about the clock."""
    return (*(AS_OF.date() + dt.timedelta(days=n) for n in (-4, -3, -1, 0, 1, 3, 4)), None)


def told_times() -> Sequence[str | None]:
    """Times as text: in every form that is read, and in some that are not."""
    shapes = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%S+00:00")
    some = moments()[::5]
    told = [each.strftime(shape) for each in some for shape in shapes]
    east = dt.timezone(dt.timedelta(hours=5, minutes=30))
    away = [each.astimezone(east).strftime("%Y-%m-%d %H:%M:%S.%f%z") for each in some]
    return (*told, *away, *JUNK_TIMES, None)


def numbers_as_text() -> Sequence[str | None]:
    """Numbers and what looks like one."""
    return (*OTHERS, *EXPONENTS, *EXPONENTS_TOO_LONG)


FLOATS = (None, 0.1, 0.2, 0.3, 12.5, -3.5)
"""Without whole ones: engines write these in ways of their own."""
WHOLE_FLOATS = (None, 0.1, 0.2, 0.3, 1.0, 2.0, 12.5, 100.0, -3.0)
INTEGERS = (None, 0, 1, 2, 3, 100, -3)
DECIMALS = (None, *map(Decimal, ("0.10", "0.30", "1.00", "12.50", "100.00")))
