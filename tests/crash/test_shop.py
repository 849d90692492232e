"""The measure has to be right itself: the shop's own idea of membership, on people whose answer is plain to see."""

from __future__ import annotations

import hashlib
import random

from tests.crash.shop import HOUR, START, Shop


def shop_of(*events: tuple[str, str, int], refused: str = "", **emails: str) -> Shop:
    """Events are customer, kind and age in hours."""
    shop = Shop(chance=random.Random(1), emails=emails, refused=set(refused.split()))  # noqa: S311 - never used
    shop.events = [(who, kind, START - hours * HOUR) for who, kind, hours in events]
    return shop


def names(shop: Shop) -> dict[str, set[str]]:
    """Who is on which list, by address."""
    known = {hashlib.sha256(each.encode()).hexdigest(): each for each in ("a@example.com", "b@example.com")}
    return {name: {known[member] for member in members} for name, members in shop.lists().items() if members}


def test_the_latest_cart_decides_unless_it_was_bought() -> None:
    """A cart of 5 hours hides an older one; a purchase as old as the cart ends it."""
    shop = shop_of(("a", "cart_added", 60), ("a", "cart_added", 5), a="a@example.com")
    assert names(shop) == {"carts.warm": {"a@example.com"}}

    shop.events.append(("a", "purchase", START - 5 * HOUR))
    assert names(shop) == {"buyers": {"a@example.com"}}


def test_windows_are_half_open() -> None:
    """An age of exactly four hours is warm."""
    assert names(shop_of(("a", "cart_added", 4), a="a@example.com")) == {"carts.warm": {"a@example.com"}}


def test_whoever_shares_an_address_is_denied_with_its_other_holder() -> None:
    """Exclusion wins over every holder, after case and white space are gone."""
    shop = shop_of(("a", "cart_added", 1), a="a@example.com", b=" A@EXAMPLE.com", refused="b")
    assert names(shop) == {"refused": {"a@example.com"}}


def test_a_shared_address_is_in_the_youngest_slice_alone() -> None:
    """Two carts of two holders, one list."""
    shop = shop_of(("a", "cart_added", 6), ("b", "cart_added", 1), a="a@example.com", b="a@example.com")
    assert names(shop) == {"carts.hot": {"a@example.com"}}


def test_what_is_no_address_is_on_no_list() -> None:
    """Without an @ there is nobody to reach."""
    assert names(shop_of(("a", "cart_added", 1), a="a.example.com")) == {}
