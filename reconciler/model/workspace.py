"""The checked content of a workspace: what the config stage hands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from reconciler.model.algebra import Formula
from reconciler.model.apart import Approval, Exclusive
from reconciler.model.conditions import Condition
from reconciler.model.definition import Slice
from reconciler.model.kinds import Kind
from reconciler.model.lint import Ignore, LintSettings
from reconciler.model.mentions import Mentions
from reconciler.model.offers import Ladder, Offer
from reconciler.model.settings import Place, Settings
from reconciler.model.tests import TestConfig
from reconciler.model.time import Period

_NOWHERE: Mapping[str, Place] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """`expected_members`: how many a segment should hold, all slices together."""

    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentConfig:
    """One entry of `segments`, checked; `slices` are sorted from the youngest to the oldest.

    `kind` makes it one of Criteo's own, and `criteo_id` is that of a segment which is only named: who is in either
    Criteo knows alone, and `condition` means nothing then. `ignored` are rules of lint; `places` tells where its keys
    stand.
    """

    key: str
    place: Place
    condition: Condition
    name: str | None = None
    description: str | None = None
    owner: str | None = None
    publish: bool = True
    slices: tuple[Slice, ...] = ()
    active: Period | None = None
    suppression: bool = False
    reason: str | None = None
    expected_members: Expected | None = None
    allow_empty: bool = False
    kind: Kind | None = None
    criteo_id: str | None = None
    ignored: tuple[Ignore, ...] = ()
    places: Mapping[str, Place] = field(default_factory=lambda: _NOWHERE, hash=False, compare=False, repr=False)

    @property
    def is_criteos(self) -> bool:
        """Whether Criteo alone knows who is in it."""
        return self.kind is not None or self.criteo_id is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceConfig:
    """One entry of `audiences`, checked. `include` and `exclude` hold `segment` or `segment.slice`, sorted; where they
    are not all, they are what brings in and what keeps out by the formula `algebra` of the same names.
    `excepted` are the keys opted out of the workspace's `always_exclude`, each with its reason, and `ignored`
    rules of lint; `places` tells where its keys stand.
    """

    key: str
    place: Place
    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    algebra: Formula | None = None
    name: str | None = None
    description: str | None = None
    owner: str | None = None
    excepted: tuple[tuple[str, str], ...] = ()
    ad_sets: tuple[str, ...] = ()
    active: Period | None = None
    offer: Offer | None = None
    ignored: tuple[Ignore, ...] = ()
    places: Mapping[str, Place] = field(default_factory=lambda: _NOWHERE, hash=False, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """One entry of `removed`: `drain` empties and deletes the resource, `keep` lets go of it."""

    address: str
    contents: Literal["drain", "keep"]
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """A workspace without problems. `segments` are those whose people we know, `criteo_segments` Criteo's own.

    `columns` maps (`customers` or `events`, column) to the place that names it first, `conditions` the path of each
    condition, such as `segments.cart.who.all[0]`, to its place. `mentions` is what they take for granted of the data.
    """

    settings: Settings
    segments: tuple[SegmentConfig, ...] = ()
    criteo_segments: tuple[SegmentConfig, ...] = ()
    audiences: tuple[AudienceConfig, ...] = ()
    removed: tuple[Removed, ...] = ()
    tests: tuple[TestConfig, ...] = ()
    always_exclude: tuple[str, ...] = ()
    offers: tuple[Ladder, ...] = ()
    exclusive: tuple[Exclusive, ...] = ()
    approvals: tuple[Approval, ...] = ()
    lint: LintSettings = field(default_factory=LintSettings)
    columns: Mapping[tuple[str, str], Place] = field(default_factory=lambda: MappingProxyType({}))
    conditions: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    mentions: Mentions = field(default_factory=Mentions)
