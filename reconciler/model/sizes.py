"""Sizes by Criteo's own count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from reconciler.model.address import Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How many people Criteo reaches with what exists, as it reckons: approximate, and some hours behind.

    `untold` are those of which it tells no size; `notes` say why something is missing.
    """

    known: Mapping[Address, int] = field(default_factory=lambda: MappingProxyType({}))
    untold: tuple[Address, ...] = ()
    notes: tuple[str, ...] = ()
