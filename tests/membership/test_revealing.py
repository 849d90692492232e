from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.membership.revealing import FEW, identifies, may_be_shown, quoted

IDENTIFYING = [
    "ann@example.com",
    "+33 6 12 34 56 78",
    "0612345678",
    "06.12.34.56.78",
    "4111-1111-1111-1111",
    "5d41402abc4b2a76b9719d911017c592",
    "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6",
    "AKIAIOSFODNN7EXAMPLE1",
    "192.168.0.17",
    "a text that goes on and on for more than forty letters",
]
PLAIN = ["gold", "vip", "cart_added", "product_added_to_wishlist", "Winter 2026", "FR", "refill", "-5.00"]


@pytest.mark.parametrize("value", IDENTIFYING)
def test_what_could_be_somebody_is_known_by_its_shape(value: str) -> None:
    """Addresses, telephone numbers, digests, UUIDs, tokens and long texts are taken for identifiers."""
    assert identifies(value)
    assert quoted(value) == "this value"
    assert may_be_shown({"gold": 5, "basic": 7, value: 30}) == ()


@pytest.mark.parametrize("value", PLAIN)
def test_words_of_a_category_are_none(value: str) -> None:
    """Names of events, tiers, countries and the like may be named."""
    assert not identifies(value)
    assert quoted(value) == f"`{value}`"


def test_of_many_values_none_is_shown() -> None:
    """Fifty values are a category; one more is none."""
    values = {f"v{chr(97 + n // 26)}{chr(97 + n % 26)}": 3 for n in range(FEW)}
    assert set(may_be_shown(values)) == set(values)
    assert may_be_shown({**values, "one-more": 3}) == ()


def test_of_values_that_hardly_repeat_none_is_shown() -> None:
    """Thirty rows with thirty different first names are people; a handful of rows proves nothing."""
    assert may_be_shown({f"name{chr(97 + n)}": 1 for n in range(25)}) == ()
    assert may_be_shown({"gold": 1, "basic": 1}) == ("gold", "basic")


def test_literals_are_told_as_they_are_written() -> None:
    """Numbers and booleans of the YAML keep their form."""
    assert [quoted(each) for each in (True, False, Decimal(150), Decimal("0.5"))] == [
        "`true`",
        "`false`",
        "`150`",
        "`0.5`",
    ]
