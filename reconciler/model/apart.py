"""Segments that must not share anybody, and what may pass their guard for a while."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from reconciler.model.address import Address, Two
from reconciler.model.settings import Place
from reconciler.model.time import Period


@dataclass(frozen=True, kw_only=True, slots=True)
class Exclusive:
    """One group of `exclusive`: nobody may be in two of `segments`, which are addresses, sorted. Without a name where
    `exclusive` is a plain list.
    """

    name: str
    place: Place
    segments: tuple[Address, ...]
    reason: str | None = None

    @property
    def label(self) -> str:
        """What it is called: `exclusive.NAME`, or `exclusive` alone."""
        return f"exclusive.{self.name}" if self.name else "exclusive"

    def pairs(self) -> tuple[Two, ...]:
        """Every two of them."""
        return tuple(combinations(self.segments, 2))


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """One entry of `approvals`: what a guard stops of `step` may pass for so many people; `until` is its last day."""

    step: Address
    guard: Literal["exclusive"]
    up_to: int
    until: dt.date
    reason: str
    place: Place

    def holds(self, moment: dt.datetime, time_zone: str) -> bool:
        """Whether its last day is not over."""
        return Period(last=self.until).holds(moment, time_zone)
