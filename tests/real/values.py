"""How a text of the data compares with a literal of the YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

Literal = bool | Decimal | str

TRUE_WORDS = ("true", "t", "yes", "y", "1")
FALSE_WORDS = ("false", "f", "no", "n", "0")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def is_missing(text: str) -> bool:
    return text.strip() == ""


def truth(text: str) -> bool | None:
    """Yes, no, or None for what is neither."""
    if text.lower() in TRUE_WORDS:
        return True
    if text.lower() in FALSE_WORDS:
        return False
    return None


def number(text: str) -> Decimal | None:
    return Decimal(text) if NUMBER.fullmatch(text) else None


def cast(text: str, literal: Literal) -> Literal | None:
    """The text as a value of the literal's type, or None where it is not one."""
    if isinstance(literal, bool):
        return truth(text)
    if isinstance(literal, Decimal):
        return number(text)
    return text


def is_any(text: str, literals: object) -> bool:
    return any(cast(text, literal) == literal for literal in as_list(literals))


def is_none(text: str, literals: object) -> bool:
    """Readable as each of the literals, and equal to none of them."""
    return all(cast(text, literal) is not None and cast(text, literal) != literal for literal in as_list(literals))


def as_list(value: object) -> list[Literal]:
    return value if isinstance(value, list) else [value]  # type: ignore[list-item]


def meets_one(text: str, operator: str, literal: object) -> bool:
    if operator == "exists":
        return is_missing(text) != literal
    if is_missing(text):
        return False
    if operator == "is":
        return is_any(text, literal)
    if operator == "not":
        return is_none(text, literal)
    return meets_text(text, operator, str(literal)) if operator in TEXT else meets_order(text, operator, literal)


TEXT = ("contains", "starts_with")


def meets_text(text: str, operator: str, literal: str) -> bool:
    return literal in text if operator == "contains" else text.startswith(literal)


def meets_order(text: str, operator: str, literal: object) -> bool:
    """Before, after or equal: numbers by size, text by its characters."""
    value = cast(text, literal)  # type: ignore[arg-type]
    if value is None:
        return False
    order = (value > literal) - (value < literal)  # type: ignore[operator]
    wanted = {"at_least": order >= 0, "at_most": order <= 0, "more_than": order > 0, "less_than": order < 0}
    return wanted[operator]


def meets(text: str, comparisons: object) -> bool:
    """Every comparison beside each other holds; a bare value means `is`."""
    if not isinstance(comparisons, Mapping):
        return meets_one(text, "is", comparisons)
    return all(meets_one(text, operator, literal) for operator, literal in comparisons.items())
