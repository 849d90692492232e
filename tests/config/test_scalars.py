from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.config.scalars import MAX_DIGITS, shown, typed


@given(st.integers(min_value=1 - 10**20, max_value=10**20 - 1))
def test_a_whole_number_is_itself(number: int) -> None:
    """Decimal integers are typed, and stay whole."""
    value = typed(str(number))
    assert (type(value), value) == (int, number)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**9), max_value=10**9))
def test_a_decimal_is_exact(number: Decimal) -> None:
    """Decimals are typed, and no digit of them is lost."""
    value = typed(f"{number:f}")
    assert isinstance(value, Decimal)
    assert f"{value:f}" == f"{number:f}"


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ("null", None), ("", None)])
def test_three_words_are_typed(text: str, value: bool | None) -> None:
    """`true`, `false` and `null` are no text, and neither is nothing at all."""
    assert typed(text) is value


TEXTS = """
no on off yes y N True TRUE Null ~ 4:30 12:30:45 0700123 00 -01 1_000 1e3 1.5e3 +1 .5 1. 1,5 0x10 0o17 .inf .nan NaN
2026-11-01 2026-11-01T18:00:00Z = - 7d ٣ 1٣ ²
"""


@pytest.mark.parametrize("text", TEXTS.split())
def test_everything_else_is_text(text: str) -> None:
    """What YAML 1.1 would turn into booleans, times, octals or floats stays as written."""
    assert typed(text) == text


@given(st.text())
@example("1.0")
@example("-0")
def test_a_scalar_is_text_or_says_its_number_exactly(text: str) -> None:
    """Whatever is written: it is one of the words, the very number written, or the very text."""
    try:
        value = typed(text)
    except ValueError:
        assert len(text) > min(MAX_DIGITS)
        return
    if isinstance(value, str):
        assert value == text
    elif value is not None and not isinstance(value, bool):
        assert Decimal(text) == value


def test_a_number_of_too_many_digits_is_refused() -> None:
    """The limit is what engines keep exactly, and a digit more is refused, before the point and after it."""
    whole, fraction = "9" * MAX_DIGITS[0], "9" * MAX_DIGITS[1]
    assert typed(whole) == int(whole)
    assert typed(f"-{whole}.{fraction}") == Decimal(f"-{whole}.{fraction}")
    for text in (f"{whole}0", f"{whole}0.5", f"0.{fraction}9"):
        with pytest.raises(ValueError, match="9"):
            typed(text)


@given(st.text())
def test_what_a_message_shows_is_short_and_printable(text: str) -> None:
    """A message can't be broken, coloured or turned around by what it quotes."""
    assert shown(text).isprintable()
    assert len(shown(text)) <= 60 * len("\\U0001f600")
