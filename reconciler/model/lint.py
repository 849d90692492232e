"""What a workspace says about lint: which rules look, how much a finding weighs, what is ignored and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from reconciler.model.settings import Place
from reconciler.model.time import MINUTES

DAY = MINUTES["d"]


class Severity(StrEnum):
    """How much a finding weighs: an error ends `reconciler lint` with 1, a warning only with `--strict`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ignore:
    """`rule` (an id or a name) is not told here, for this reason. `place` is where that is said."""

    rule: str
    reason: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Weight:
    """A rule that the workspace gives a severity of its own."""

    rule: str
    severity: Severity
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """A word of `select`: the id, the name or the beginning of the ids of rules."""

    rule: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class LintSettings:
    """`lint` of reconciler.yaml. Durations are minutes; shares are exact fractions.

    `select` empty: every rule looks. `purchase` are kinds of events, empty: those with a usual name. `vips` and
    `discount_seekers` are keys of segments, None: those that their names tell. `country` is the advertiser's, as two
    capital letters. `names` maps `segments` and `audiences` to the pattern of the whole name.
    """

    select: tuple[Chosen, ...] = ()
    ignore: tuple[Ignore, ...] = ()
    severity: tuple[Weight, ...] = ()
    purchase: tuple[str, ...] = ()
    vips: tuple[str, ...] | None = None
    discount_seekers: tuple[str, ...] | None = None
    giant_share: Fraction = Fraction(1, 2)
    widest_window: int = 180 * DAY
    min_members: int = 1000
    max_lists: int = 1000
    criteo_delay: int = DAY
    country: str | None = None
    names: Mapping[str, re.Pattern[str]] = field(default_factory=lambda: MappingProxyType({}))
