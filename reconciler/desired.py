"""Stage 2: the workspace → the lists and audiences that should exist, with defaults filled and references resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.address import Address
from reconciler.model.definition import Definition
from reconciler.model.settings import Place, Settings
from reconciler.model.time import Period
from reconciler.model.workspace import Expected, Removed


@dataclass(frozen=True, kw_only=True, slots=True)
class DesiredList:
    """A contact list that should exist. `name` is what Criteo shows; `description` comes without the mark."""

    address: Address
    slice: str | None
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DesiredSegment:
    """A published segment with its lists: one, or one for each slice from the youngest to the oldest."""

    key: str
    place: Place
    definition: Definition
    lists: tuple[DesiredList, ...]
    description: str | None
    owner: str | None
    reason: str | None
    expected_members: Expected | None
    allow_empty: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DesiredAudience:
    """An audience that should exist; `include` and `exclude` are addresses of lists, sorted, `always_exclude` merged in."""

    key: str
    place: Place
    address: Address
    name: str
    description: str | None
    owner: str | None
    include: tuple[Address, ...]
    exclude: tuple[Address, ...]
    ad_sets: tuple[str, ...]
    active: Period | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Desired:
    """What the workspace asks for. `columns` maps (`customers` or `events`, column) to the place that names it first."""

    settings: Settings
    segments: tuple[DesiredSegment, ...]
    audiences: tuple[DesiredAudience, ...]
    removed: tuple[Removed, ...]
    columns: Mapping[tuple[str, str], Place]
