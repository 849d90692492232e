"""Values that may be shown, and those that are shown by their shape alone because they may be somebody's identifier."""

from __future__ import annotations

import re

LONGEST = 60
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?")
_DECIMAL = re.compile(r"[+-]?\d{1,7}(?:\.\d+)?")
_DIGESTS = re.compile(r"[0-9a-fA-F]{16,}")
_LETTERS = re.compile(r"[^\W\d_]")
MANY = 7
"""So many digits may be a telephone number."""


def shown(value: str) -> str:
    """A value of the data as it may be printed: addresses, telephone numbers, digests and long texts by their shape."""
    if _MOMENT.fullmatch(value) or _DECIMAL.fullmatch(value):
        return value
    return masked(value) if _may_identify(value) else value


def masked(value: str) -> str:
    """Only the shape: letters as `a`, digits as `9`, cut where it is long."""
    shape = _LETTERS.sub("a", re.sub(r"\d", "9", value))
    shape = "".join(each if each.isprintable() else "?" for each in shape)
    return shape if len(shape) <= LONGEST else f"{shape[: LONGEST - 1]}…"


def _may_identify(value: str) -> bool:
    several_digits = sum(each.isdigit() for each in value) >= MANY
    odd = any(not each.isprintable() for each in value)
    return (
        "@" in value
        or "\uff20" in value
        or "\ufe6b" in value
        or several_digits
        or odd
        or len(value) > LONGEST
        or bool(_DIGESTS.search(value))
    )
