"""Addresses: how plan, state and messages name a resource."""

from __future__ import annotations

from typing import NewType

Address = NewType("Address", str)
"""`segment.cart-abandoners.hot`, `audience.cart-recovery-hot` or `ad_set["700123"]`."""


def segment_address(key: str, slice_name: str | None = None) -> Address:
    """The address of a segment's list, or of one of its slices."""
    return Address(f"segment.{key}.{slice_name}" if slice_name else f"segment.{key}")


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
