"""E-mail addresses as shops really hold them: most of them clean, some dirty, some useless, none of them anybody's."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

SYLLABLES = ("ba", "de", "fi", "go", "ka", "lo", "mi", "na", "pe", "ru", "sa", "te", "vo", "wi", "zu", "ö")
DOMAINS = ("example.com", "example.org", "example.net")  # reserved for examples: no mail ever arrives there

CLEAN = "clean"

# Kind of dirt → what it makes of a clean address. These can be cleaned, and are then as good as any other.
WASHABLE: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "upper_case": str.upper,
        "spaces_around": lambda address: f"  {address} \t",
        "no_break_space": lambda address: f"{address}\u00a0",
        "full_width_at": lambda address: address.replace("@", "\uff20"),
        "zero_width": lambda address: f"\u200b{address}",
        "split_accent": lambda address: unicodedata.normalize("NFD", f"ö{address}"),
    }
)
# And these cannot: there is nobody to be reached.
BROKEN: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "missing": lambda _: None,
        "blank": lambda _: "  ",
        "no_at": lambda address: address.replace("@", "."),
        "double_at": lambda address: address.replace("@", "@@"),
        "space_inside": lambda address: address.replace(".", " ", 1),
        "half_domain": lambda address: address.rpartition(".")[0],
        "endless": lambda address: "x" * 65 + address,
    }
)
KINDS = (CLEAN, *WASHABLE, *BROKEN)
# Out of a thousand addresses. About one in twelve is of no use.
SHARES = (850, 25, 15, 10, 8, 5, 3, 30, 12, 20, 8, 6, 6, 2)


def clean_address(rng: random.Random, number: int | str) -> str:
    """An address that nobody else in the shop has, since `number` is part of it."""
    return f"{''.join(rng.choices(SYLLABLES, k=3))}.{number}@{rng.choice(DOMAINS)}"


def soil(kind: str, address: str) -> str | None:
    """`address` as it stands in the shop's table when it has this kind of dirt.

    >>> soil("no_at", "bade.7@example.com")
    'bade.7.example.com'
    """
    if kind == CLEAN:
        return address
    return (WASHABLE.get(kind) or BROKEN[kind])(address)
