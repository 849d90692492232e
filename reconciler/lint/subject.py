"""What a rule looks at: the workspace as it is written, what it asks for, and what the data says where it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from reconciler.desired import Desired, DesiredAudience, resolve
from reconciler.membership.questions import kinds_read
from reconciler.model.address import Address, segment_address
from reconciler.model.definition import Slice
from reconciler.model.membership import Membership
from reconciler.model.settings import Place
from reconciler.model.workspace import AudienceConfig, SegmentConfig, Workspace

WORKSPACE = "workspace"
"""The address of a finding that is about no single segment or audience."""


@dataclass(frozen=True, kw_only=True, slots=True)
class List:
    """One list of a published segment: the whole of it, or a slice."""

    segment: SegmentConfig
    slice: Slice | None = None

    @property
    def address(self) -> Address:
        """How messages name it."""
        return segment_address(self.segment.key, self.slice_name or None)

    @property
    def slice_name(self) -> str:
        """The slice's name; nothing where the segment is not cut."""
        return self.slice.name if self.slice else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """An audience as written and as resolved: `include` and `exclude` are lists, `always_exclude` among them.
    `included` and `excluded` are the addresses of these, and of Criteo's own segments.
    """

    config: AudienceConfig
    include: tuple[List, ...]
    exclude: tuple[List, ...]
    included: frozenset[Address] = frozenset()
    excluded: frozenset[Address] = frozenset()

    @property
    def address(self) -> str:
        """How messages name it."""
        return f"audience.{self.config.key}"

    def place(self, key: str = "") -> Place:
        """Where one of its keys stands; where there is none, where it stands itself."""
        return self.config.places.get(key, self.config.place)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A workspace under inspection. `membership` is None where the data was not read."""

    workspace: Workspace
    desired: Desired
    membership: Membership | None = None

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """A workspace, and what it asks for."""
        return cls(workspace=workspace, desired=resolve(workspace))

    @cached_property
    def segments(self) -> Mapping[str, SegmentConfig]:
        """All segments by key, helpers among them."""
        return {segment.key: segment for segment in self.workspace.segments}

    @cached_property
    def kinds(self) -> Mapping[Address, SegmentConfig]:
        """Segments of Criteo's own kinds, by address; those that are only named are not among them."""
        return {segment_address(each.key): each for each in self.workspace.criteo_segments if each.kind is not None}

    @cached_property
    def lists(self) -> Mapping[Address, List]:
        """All lists by address."""
        return {each.address: each for each in self._lists()}

    def _lists(self) -> Iterator[List]:
        for segment in self.workspace.segments:
            if segment.publish:
                yield from (List(segment=segment, slice=part) for part in segment.slices or (None,))

    @cached_property
    def audiences(self) -> tuple[Audience, ...]:
        """All audiences, in the order of their keys."""
        written = {audience.key: audience for audience in self.workspace.audiences}
        return tuple(self._audience(written[each.key], each) for each in self.desired.audiences)

    def _audience(self, config: AudienceConfig, resolved: DesiredAudience) -> Audience:
        return Audience(
            config=config,
            include=tuple(self.lists[address] for address in resolved.include if address in self.lists),
            exclude=tuple(self.lists[address] for address in resolved.exclude if address in self.lists),
            included=frozenset(resolved.include),
            excluded=frozenset(resolved.exclude),
        )

    @cached_property
    def included(self) -> tuple[List, ...]:
        """The lists that some audience includes, by address."""
        found = {each.address: each for audience in self.audiences for each in audience.include}
        return tuple(found[address] for address in sorted(found))

    @cached_property
    def targeting(self) -> tuple[List, ...]:
        """The lists that are there to target somebody: included ones, and those that no audience names (yet). Lists of
        people to leave out are not among them.
        """
        excluded = {each.address for audience in self.audiences for each in audience.exclude}
        always = {reference.partition(".")[0] for reference in self.workspace.always_exclude}
        free = {each.address: each for each in self.lists.values() if not each.segment.suppression}
        idle = {at: each for at, each in free.items() if at not in excluded and each.segment.key not in always}
        found = {**idle, **{each.address: each for each in self.included}}
        return tuple(found[address] for address in sorted(found))

    def place_of_column(self, column: str) -> Place:
        """Where a column of the source is named first."""
        places = (place for (_, name), place in self.workspace.columns.items() if name == column)
        return next(places, self.place)

    @property
    def place(self) -> Place:
        """Where a finding about the workspace points to."""
        return Place(file=self.settings_file, line=1, column=1, path="")

    @property
    def settings_file(self) -> str:
        """`reconciler.yaml`, as messages name it."""
        return self.desired.settings.source.customers.table.place.file

    @property
    def purchases(self) -> tuple[str, ...]:
        """The kinds of events that are purchases: as `lint.purchase` says, else those with a usual name that some
        published definition reads, else `purchase`.
        """
        read = kinds_read(segment.definition for segment in self.desired.segments)
        return self.workspace.lint.purchase or tuple(sorted(filter(self.is_purchase, read))) or ("purchase",)

    def is_purchase(self, kind: str) -> bool:
        """Whether events of a kind are purchases: as `lint.purchase` says, else by a usual name."""
        named = self.workspace.lint.purchase
        return kind in named if named else _plain(kind) in _PURCHASES


def place_of(segment: SegmentConfig, key: str = "") -> Place:
    """Where a key of a segment stands; where there is none, where the segment does."""
    return segment.places.get(key, segment.place)


def _plain(kind: str) -> str:
    return "".join(each for each in kind.lower() if each.isalnum())


_PURCHASES = frozenset(
    f"{noun}{verb}"
    for noun in ("order", "purchase", "transaction", "payment", "checkout")
    for verb in ("", "s", "placed", "paid", "completed", "created", "confirmed", "made", "success", "succeeded")
) - {"checkout", "checkouts", "checkoutcreated", "payment", "payments", "paymentcreated"} | {
    "bought",
    "completedorder",
    "completedpurchase",
    "ordercomplete",
    "placedorder",
    "purchased",
    "sale",
}
"""What purchases are usually called, in lower case and without signs."""
