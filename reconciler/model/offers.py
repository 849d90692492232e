"""Ladders of offers: what each stage allows, what owned channels offer meanwhile; and what an audience offers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reconciler.model.settings import Place
from reconciler.model.time import Window

Channel = Literal["email", "sms", "push"]
CHANNELS: tuple[Channel, ...] = ("email", "sms", "push")
NONE = Fraction(0)
"""No discount."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owned:
    """What a channel of our own offers, until an age in minutes, until the end of a day, or (neither) until the stage
    ends.
    """

    channel: Channel
    discount: Fraction
    until: int | None = None
    last_day: dt.date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One rung of a ladder. `within` is the age of what began it, None for a stage that is told by its touch alone;
    `discount` is the most that may be offered.
    """

    touch: int
    place: Place
    discount: Fraction
    within: Window | None = None
    owned: tuple[Owned, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """One entry of `offers`; its stages stand in the order of their touches."""

    key: str
    place: Place
    stages: tuple[Stage, ...]

    def stage(self, touch: int | None) -> Stage | None:
        """The stage of this touch."""
        return next((each for each in self.stages if each.touch == touch), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What the ads of an audience offer: a discount (0: none), at a touch of a ladder where it says so."""

    discount: Fraction
    place: Place
    ladder: str | None = None
    touch: int | None = None


def discount_text(discount: Fraction) -> str:
    """`no discount` or `10%`, for sentences."""
    return f"{float(discount * 100):g}%" if discount else "no discount"
