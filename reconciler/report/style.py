"""Colours for terminals, by Terraform's signs. The text is the same with and without."""

from __future__ import annotations

from collections.abc import Callable

Paint = Callable[[str, str], str]
_CODES = {"+": "32", "~": "33", "-": "31", "-/+": "31", ".": "36", "!": "1;31", "bold": "1", "dim": "2"}
STYLES = {"error": "!", "warning": "~", "info": "dim"}
"""How the severities of lint look."""


def painter(*, colour: bool) -> Paint:
    """A function from (style, text) to the text as it is printed."""
    return _painted if colour else _plain


def _painted(style: str, text: str) -> str:
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if style in _CODES else text


def _plain(_: str, text: str) -> str:
    return text
