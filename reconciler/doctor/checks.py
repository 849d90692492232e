"""How a check is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from reconciler.errors import ReconcilerError
from reconciler.model.checkup import Check, Standing

T = TypeVar("T")

FEW = 3
"""So many lines of a list are told."""


def ok(name: str, message: str) -> Check:
    """A run can rely on it."""
    return Check(name=name, standing=Standing.OK, message=message)


def warning(name: str, message: str) -> Check:
    """A run works, and somebody should know."""
    return Check(name=name, standing=Standing.WARNING, message=message)


def skipped(name: str, why: str) -> Check:
    """It can't be looked at."""
    return Check(name=name, standing=Standing.SKIPPED, message=why)


def failed(name: str, error: ReconcilerError) -> Check:
    """A run would end with this error."""
    return Check(name=name, standing=Standing.FAILED, message=words_of(error), exit_code=error.exit_code)


def words_of(error: ReconcilerError) -> str:
    """An error on one line."""
    parts = (" ".join(part.split()) for part in (error.summary, _few_lines(error.detail), error.hint))
    return " ".join(_sentence(part) for part in parts if part)


def _few_lines(text: str) -> str:
    """Some lines of a list, and how many there are more."""
    lines = text.splitlines()
    if len(lines) <= FEW:
        return text
    return f"{', '.join(line.strip() for line in lines[:FEW])}, and {len(lines) - FEW:,} more"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


def tried(ask: Callable[[], T]) -> T | ReconcilerError:
    """What is answered, or the error instead of it."""
    try:
        return ask()
    except ReconcilerError as error:
        return error
