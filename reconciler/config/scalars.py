"""What a scalar of the YAML is: `true false null`, plain decimal numbers, and otherwise text."""

from __future__ import annotations

import re
from decimal import Decimal

Plain = str | bool | int | Decimal | None
"""A scalar as the language types it; integers stay apart from decimals, so that `2` is a count and `2.0` is not."""

MAX_DIGITS = 20, 18
"""The digits before and after the point that the engines keep exactly."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
_WORDS: dict[str, Plain] = {"true": True, "false": False, "null": None, "": None}

# Control characters, the line ends that editors don't count as such, marks that turn the direction of text, and letters
# that nobody sees (joiners only where they join nothing): what a reviewer sees must be what is read.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
    "\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\uffa0\U000e0000-\U000e007f]"
    "|(?<=[\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?=[\x00-\x7f])"
)
ODD_SPACE = re.compile("^ *+(?:- *+)*+(?:[\\w-]++:)? *+([\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000])", re.MULTILINE)
"""A space that looks like the usual one and is none, where it would be indentation or stand behind a key. The pattern
never goes back in the text, or a line of dashes would take minutes.
"""

_SHOWN = 60


def typed(text: str) -> Plain:
    """The value of a scalar written without quotes. Raises ValueError on a number of more than `MAX_DIGITS`."""
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    whole, _, fraction = text.lstrip("-").partition(".")
    if len(whole) > MAX_DIGITS[0] or len(fraction) > MAX_DIGITS[1]:
        raise ValueError(text)
    return Decimal(text) if match[1] else int(text)


def shown(text: str) -> str:
    """A text of the user's for a message: short, on one line, without control characters."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return short if short.isprintable() else ascii(short)[1:-1]
