"""What of the data may be printed."""

from __future__ import annotations

import pytest

from reconciler.explain.masking import LONGEST, masked, shown

SHOWN = [
    "gold",
    "true",
    "12.50",
    "1234567",
    "-3",
    "2026-11-21",
    "2026-11-21 18:00:00",
    "2026-11-21T18:00:00.5Z",
    "SKU-123",
]
HIDDEN = [
    "ann@example.com",
    "Ann <ann\uff20example.com>",
    "+33 6 12 34 56 78",
    "33612345678",
    "call 5550143",
    "d41d8cd98f00b204e9800998ecf8427e",
    "two\nlines",
]


@pytest.mark.parametrize("value", SHOWN)
def test_what_is_no_identifier_is_shown(value: str) -> None:
    """Words, amounts and times are what a condition is understood by."""
    assert shown(value) == value


@pytest.mark.parametrize("value", HIDDEN)
def test_what_may_be_an_identifier_is_shown_by_its_shape(value: str) -> None:
    """Addresses, numbers and digests, wherever they stand in a text; and what would break the line."""
    told = shown(value)

    assert told != value
    assert len(told) == len(value)
    assert not any(each.isalnum() and each not in "a9" for each in told)


def test_a_long_text_is_cut() -> None:
    """Nobody reads a whole letter in an explanation."""
    assert len(shown("words " * 30)) == LONGEST
    assert masked("Ann") == "aaa"
