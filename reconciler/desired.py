"""Stage 2: the workspace → the lists and audiences that should exist, with defaults filled and references resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from types import MappingProxyType

from reconciler.config.algebra import formula_of
from reconciler.config.meaning import closure, definition_of, who_of
from reconciler.config.names import audience_name, list_name, slice_names
from reconciler.model.address import (
    Address,
    Two,
    audience_address,
    criteo_address,
    exclusions_address,
    segment_address,
)
from reconciler.model.algebra import (
    Formula,
    any_but,
    canonical,
    excluded,
    given,
    included,
    sides,
    with_one_exclusion,
)
from reconciler.model.apart import Approval, Exclusive
from reconciler.model.conditions import Group, SegmentRef
from reconciler.model.definition import Definition, Who
from reconciler.model.kinds import Kind
from reconciler.model.offers import Offer
from reconciler.model.overlap import Targets
from reconciler.model.settings import Place, Settings
from reconciler.model.time import Period
from reconciler.model.workspace import AudienceConfig, Expected, Removed, SegmentConfig, Workspace


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
class DesiredKind:
    """A segment of one of Criteo's own kinds that should exist: nobody but Criteo knows who is in it. `places` says
    where its attributes stand, as `NAME`, and the items of those that are lists, as `NAME=ITEM`.
    """

    key: str
    place: Place
    address: Address
    name: str
    description: str | None
    owner: str | None
    kind: Kind
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}), hash=False, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class DesiredAudience:
    """An audience that should exist; `include` and `exclude` are sorted addresses of lists and of Criteo's own
    segments, with `always_exclude`; where they are not all, they are what brings in and what keeps out by the formula
    `algebra`. `sent` is what Criteo gets where that is something else that means the same: one list in the place of
    several exclusions.

    `reason` says of each list that it is exempt from excluding why.
    """

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
    reason: str | None = None
    offer: Offer | None = None
    algebra: Formula | None = None
    sent: Formula | None = None

    @property
    def formula(self) -> Formula:
        """Whom it targets, whole."""
        return self.algebra or any_but(self.include, self.exclude)


@dataclass(frozen=True, kw_only=True, slots=True)
class Desired:
    """What the workspace asks for. `columns` maps (`customers` or `events`, column) to its first place. `kinds` are of
    Criteo's own kinds, and `named` says where segments that are not ours are named.
    """

    settings: Settings
    segments: tuple[DesiredSegment, ...]
    audiences: tuple[DesiredAudience, ...]
    removed: tuple[Removed, ...]
    columns: Mapping[tuple[str, str], Place]
    kinds: tuple[DesiredKind, ...] = ()
    named: Mapping[Address, Place] = field(default_factory=lambda: MappingProxyType({}))
    exclusive: tuple[Exclusive, ...] = ()
    approvals: tuple[Approval, ...] = ()
    exclusions: tuple[DesiredSegment, ...] = ()

    @property
    def kept(self) -> tuple[DesiredSegment, ...]:
        """All segments that are to be at Criteo, with those of our own making: for the exclusions of an audience."""
        return (*self.segments, *self.exclusions)

    @property
    def disputed(self) -> tuple[Two, ...]:
        """Every two audiences that offer different discounts."""
        offering = [each for each in self.audiences if each.offer]
        return tuple(
            (one.address, other.address)
            for one, other in combinations(offering, 2)
            if one.offer and other.offer and one.offer.discount != other.offer.discount
        )

    @property
    def aims(self) -> Mapping[Address, Targets]:
        """What the audiences that offer something target, as far as our lists tell."""
        offering = ((each.address, self.targets(each)) for each in self.audiences if each.offer)
        return {address: targets for address, targets in offering if targets is not None}

    @property
    def addresses(self) -> frozenset[Address]:
        """All lists of ours."""
        return frozenset(each.address for segment in self.segments for each in segment.lists)

    def targets(self, audience: DesiredAudience) -> Targets | None:
        """What an audience targets by our lists: nobody is taken to be in Criteo's own segments, since nobody else
        knows who is. None where no list of ours decides anything.
        """
        strangers = {*audience.include, *audience.exclude} - self.addresses
        if not strangers:
            return Targets(audience.name, audience.include, audience.exclude, audience.algebra)
        left = given(audience.formula, dict.fromkeys(strangers, False))
        return None if isinstance(left, bool) else _targets(audience.name, canonical(left))

    @property
    def apart(self) -> tuple[Two, ...]:
        """Every two segments that must not share anybody."""
        return tuple(dict.fromkeys(pair for group in self.exclusive for pair in group.pairs()))


def _targets(name: str, formula: Formula) -> Targets:
    plain = sides(formula)
    include, exclude = (tuple(sorted(map(Address, side))) for side in plain or (included(formula), excluded(formula)))
    return Targets(name, include, exclude, None if plain else formula)


def resolve(workspace: Workspace) -> Desired:
    """The lists and audiences that a workspace asks for, in the order of their keys."""
    segments = {segment.key: segment for segment in (*workspace.segments, *workspace.criteo_segments)}
    desired = Desired(
        settings=workspace.settings,
        segments=tuple(_segment(segment, segments) for segment in workspace.segments if segment.publish),
        kinds=tuple(_kind(segment, segment.kind) for segment in workspace.criteo_segments if segment.kind is not None),
        named=MappingProxyType(
            {
                criteo_address(each.criteo_id): each.places.get("criteo_id", each.place)
                for each in workspace.criteo_segments
                if each.criteo_id
            }
        ),
        audiences=tuple(_audience(audience, workspace, segments) for audience in workspace.audiences),
        removed=workspace.removed,
        columns=workspace.columns,
        exclusive=workspace.exclusive,
        approvals=workspace.approvals,
    )
    return _with_exclusions(desired, segments)


def _with_exclusions(desired: Desired, segments: Mapping[str, SegmentConfig]) -> Desired:
    """Where Criteo shall not get several exclusions: a list for each audience that has them."""
    if desired.settings.criteo.exclusions == "separate":
        return desired
    ours = frozenset(each.address for segment in desired.segments for each in segment.lists)
    audiences, made = [], []
    for audience in desired.audiences:
        address = exclusions_address(audience.key)
        sent, lists = with_one_exclusion(audience.formula, address, ours)
        if lists:
            made.append(_exclusions(audience, address, tuple(map(Address, lists)), segments))
        audiences.append(replace(audience, sent=sent) if lists else audience)
    return replace(desired, audiences=tuple(audiences), exclusions=tuple(made))


def _exclusions(
    audience: DesiredAudience, address: Address, lists: tuple[Address, ...], segments: Mapping[str, SegmentConfig]
) -> DesiredSegment:
    parts = (each.removeprefix("segment.").partition(".") for each in lists)
    condition = Group(any=tuple(SegmentRef(key, part or None) for key, _, part in parts))
    referred = sorted(closure(condition, segments))
    whos = tuple((key, who_of(segments[key])) for key in referred)
    return DesiredSegment(
        key=address.removeprefix("segment."),
        place=audience.place,
        definition=Definition(who=Who(condition), suppression=True, segments=whos, union=lists),
        lists=(DesiredList(address=address, slice=None, name=f"{audience.key} (exclusions)"),),
        description=f"Whoever {audience.name} excludes",
        owner=audience.owner,
        reason=None,
        expected_members=None,
        allow_empty=True,
    )


def _segment(segment: SegmentConfig, segments: Mapping[str, SegmentConfig]) -> DesiredSegment:
    return DesiredSegment(
        key=segment.key,
        place=segment.place,
        definition=definition_of(segment, segments),
        lists=tuple(
            DesiredList(address=segment_address(segment.key, name), slice=name, name=list_name(segment, name))
            for name in slice_names(segment)
        ),
        description=segment.description,
        owner=segment.owner,
        reason=segment.reason,
        expected_members=segment.expected_members,
        allow_empty=segment.allow_empty,
    )


def _kind(segment: SegmentConfig, kind: Kind) -> DesiredKind:
    return DesiredKind(
        key=segment.key,
        place=segment.place,
        address=segment_address(segment.key),
        name=list_name(segment, None),
        description=segment.description,
        owner=segment.owner,
        kind=kind,
        places=MappingProxyType(
            {key.removeprefix("criteo."): place for key, place in segment.places.items() if key.startswith("criteo.")}
        ),
    )


def _audience(audience: AudienceConfig, workspace: Workspace, segments: Mapping[str, SegmentConfig]) -> DesiredAudience:
    excepted = {reference for reference, _ in audience.excepted}
    always = [reference for reference in workspace.always_exclude if reference not in excepted]
    formula = formula_of(audience, always, segments)
    include, exclude = sides(formula) or (included(formula), excluded(formula))
    return DesiredAudience(
        key=audience.key,
        place=audience.place,
        address=audience_address(audience.key),
        name=audience_name(audience),
        description=audience.description,
        owner=audience.owner,
        include=tuple(sorted(map(Address, include))),
        exclude=tuple(sorted(map(Address, exclude))),
        algebra=None if sides(formula) else formula,
        ad_sets=audience.ad_sets,
        active=audience.active,
        offer=audience.offer,
        reason="; ".join(f"{reference} not excluded: {why}" for reference, why in audience.excepted) or None,
    )
