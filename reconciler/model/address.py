"""Addresses: how plan, state and messages name a resource."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NewType

Address = NewType("Address", str)
"""`segment.cart-abandoners.hot`, `audience.cart-recovery-hot` or `ad_set["700123"]`."""


def segment_address(key: str, slice_name: str | None = None) -> Address:
    """The address of a segment's list, or of one of its slices."""
    return Address(f"segment.{key}.{slice_name}" if slice_name else f"segment.{key}")


_EXCLUSIONS = "(exclusions)"


def exclusions_address(key: str) -> Address:
    """The address of the list that stands for all that an audience excludes. No segment has such a key."""
    return Address(f"segment.{key}{_EXCLUSIONS}")


def excluding_audience(address: Address) -> Address | None:
    """The audience that a list of exclusions is for; None for any other list."""
    key = address.removeprefix("segment.").removesuffix(_EXCLUSIONS)
    return audience_address(key) if address == exclusions_address(key) else None


def audience_address(key: str) -> Address:
    """The address of an audience."""
    return Address(f"audience.{key}")


def ad_set_address(ad_set_id: str) -> Address:
    """The address of an ad set, which is Criteo's and not ours: hence its id in quotes."""
    return Address(f'ad_set["{ad_set_id}"]')


Two = tuple[Address, Address]
"""Two segments or slices, in the order of their addresses; a segment with slices stands for all of them."""


def covers(address: Address, part: Address) -> bool:
    """Whether a list is the one of an address, or that of one of its slices."""
    return part == address or part.startswith(f"{address}.")


_CRITEO = re.compile(r'criteo_segment\["(?P<id>[^"]+)"\]')


def criteo_address(segment_id: str) -> Address:
    """The address of a segment that is Criteo's or somebody else's: hence its id in quotes."""
    return Address(f'criteo_segment["{segment_id}"]')


def criteo_id_of(address: Address) -> str | None:
    """The id in the address of a segment that is not ours; None for every other address."""
    found = _CRITEO.fullmatch(address)
    return found["id"] if found else None


def old_address(address: Address, taken: Container[Address]) -> Address:
    """Where a segment stands that is being replaced, until it is deleted; no slice can have this name."""
    numbers = ("(old)", *(f"(old {number})" for number in range(2, 100)))
    return next(each for number in numbers if (each := Address(f"{address}.{number}")) not in taken)


def replaced_by(address: Address) -> Address | None:
    """The address whose old segment this is; None for every other address."""
    base, _, part = address.rpartition(".")
    return Address(base) if part.startswith("(old") else None
