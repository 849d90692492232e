from __future__ import annotations

import random

import pytest

from reconciler.demo.addresses import BROKEN, DOMAINS, KINDS, SHARES, SYLLABLES, WASHABLE, clean_address, soil
from tests.demo.conftest import washed


def test_shares() -> None:
    """Every kind of dirt has its share, and the shares are out of a thousand."""
    assert len(SHARES) == len(KINDS)
    assert sum(SHARES) == 1000


@pytest.mark.parametrize("kind", WASHABLE)
def test_washable(kind: str) -> None:
    """What can be cleaned differs from the clean address, and after cleaning ends as the clean one does."""
    dirty = soil(kind, "bade.7@example.com")
    assert dirty is not None
    assert dirty != "bade.7@example.com"
    assert washed(dirty).removeprefix("ö") == "bade.7@example.com"


@pytest.mark.parametrize("kind", BROKEN)
def test_broken(kind: str) -> None:
    """What is broken stays broken after cleaning: no address, not one `@`, or a part that no address may have."""
    cleaned = washed(soil(kind, "bade.7@example.com") or "")
    before, at, domain = cleaned.partition("@")
    assert not at or "@" in domain or " " in before or "." not in domain or len(before) > 64


def test_clean_address() -> None:
    """A clean address is at a domain kept for examples, and its number makes it the only one of its kind."""
    rng = random.Random(1)  # noqa: S311
    addresses = [clean_address(rng, number) for number in range(2000)]
    assert len(set(addresses)) == 2000
    assert {address.partition("@")[2] for address in addresses} == set(DOMAINS)
    assert {address[: len(syllable)] for address in addresses for syllable in SYLLABLES} >= set(SYLLABLES)
