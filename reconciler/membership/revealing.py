"""Which values of the data a message may show: those of a category, never one that might be somebody's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from reconciler.config.scalars import shown
from reconciler.model.conditions import Scalar

FEW = 50
"""A column with more different values than this tells no category."""
_TINY = 20
"""Of no more rows than this nothing follows from values that stand there once."""
_LONG = 40
_IDENTIFYING = re.compile(
    "@"  # an address
    "|[0-9](?:[^0-9A-Za-z]*[0-9]){6}"  # a telephone number, a card, an id
    "|[0-9A-Fa-f]{16}"  # a digest
    "|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-"  # a UUID
    "|(?=[A-Za-z]*[0-9])[A-Za-z0-9+/]{20}"  # a token
    "|[A-Za-z0-9+/]{32}"
    "|[0-9]{1,3}(?:[.][0-9]{1,3}){3}"  # an address of the internet
)


def identifies(value: str) -> bool:
    """Whether a text is shaped like what tells one person from all others."""
    return len(value) > _LONG or _IDENTIFYING.search(value) is not None


def may_be_shown(counted: Mapping[str, int]) -> tuple[str, ...]:
    """The values of a column by how many rows have them → those that a message may name: all of them, or none.

    None where there are many, where one of them identifies somebody, or where most stand in a row of their own.
    """
    rows = sum(counted.values())
    is_category = len(counted) <= FEW and (rows <= _TINY or 2 * len(counted) <= rows)
    return tuple(counted) if is_category and not any(map(identifies, counted)) else ()


def quoted(value: Scalar) -> str:
    """A literal of the workspace in a message; one that identifies somebody is not repeated."""
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return "this value" if identifies(text) else f"`{shown(text)}`"
