"""The nearest right name: what every message asks that looks for a name and does not find it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST = 100
"""A longer name is near to none."""
_ASKED = "; did you mean `"


def nearest(name: str, names: Iterable[str]) -> str:
    """`; did you mean …?` with the nearest of the names, or nothing."""
    if len(name) > LONGEST:
        return ""
    plain = {_plain(candidate): candidate for candidate in sorted(names, reverse=True)}
    close = difflib.get_close_matches(_plain(name), plain, n=1)
    return f"{_ASKED}{plain[close[0]]}`?" if close else ""


def suggested(message: str) -> str | None:
    """The name that `nearest` put at the end of a message."""
    _, asked, name = message.rpartition(_ASKED)
    return name.removesuffix("`?") if asked else None


def _plain(name: str) -> str:
    """Without what is easily mixed up: capitals, and what joins words."""
    return name.casefold().replace("-", "_").replace(" ", "_")
