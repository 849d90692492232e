"""What in-market segments may name, by country: made-up brands, and interests by their Google product taxonomy ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zlib import crc32

SHOPPERS: Mapping[str, int] = {
    "AT": 5, "AU": 16, "BE": 7, "BR": 110, "CA": 24, "CH": 6, "DE": 52, "DK": 4, "ES": 29, "FR": 41, "GB": 44,
    "IN": 260, "IT": 34, "JP": 78, "KR": 36, "MX": 60, "NL": 12, "PL": 22, "PT": 6, "SE": 7, "TR": 45, "US": 210,
}  # fmt: skip
"""Millions of shoppers, roughly, in the countries that the emulator has data of."""

PARENTS: Mapping[str, tuple[str, ...]] = {
    "1": ("2", "3237"),
    "2": ("3", "4", "5"),
    "166": ("187", "188", "1604", "6551"),
    "222": ("223", "262", "278"),
    "262": ("270",),
    "270": ("267",),
    "278": ("328",),
    "412": ("413", "422"),
    "436": ("460",),
    "469": ("2915",),
    "473": ("567",),
    "536": ("638",),
    "537": ("561",),
    "783": ("784",),
    "988": ("1011",),
    "1011": ("1013",),
    "1239": ("1253",),
    "2915": ("473",),
    "5181": ("100",),
}
"""Categories of Google's product taxonomy and what stands directly below them: 166 is Apparel & Accessories."""

_FIRST_BRAND = 1001
_FIRST_HALVES = ("Alder", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Gable", "Harbor")
_SECOND_HALVES = ("& Co", "Goods", "Works", "House")


@dataclass(frozen=True, kw_only=True, slots=True)
class Brand:
    """A brand and how many people are in the market for it."""

    id: str
    name: str
    size: int


def brands(country: str) -> Iterator[Brand]:
    """Yield the brands sold in a country: of three, two in each; none where there is no data."""
    names = (f"{first} {second}" for second in _SECOND_HALVES for first in _FIRST_HALVES)
    for number, name in enumerate(names, start=_FIRST_BRAND):
        lot = crc32(f"{country} {name}".encode())
        if country in SHOPPERS and lot % 3:
            yield Brand(id=str(number), name=name, size=SHOPPERS[country] * (1_000 + lot % 20_000))


def interests(country: str) -> Iterator[tuple[str, str | None]]:
    """Yield the ids of the interests that a country has, in order, each with its parent's id."""
    parent_of = {child: parent for parent, children in PARENTS.items() for child in children}
    if country in SHOPPERS:
        for number in sorted({*PARENTS, *parent_of}, key=int):
            yield number, parent_of.get(number)
