"""A definition as a tree of conditions, each with its place, its sentence, and a hidden segment that is it alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from reconciler.config.meaning import definition_of
from reconciler.explain.sentences import sentence
from reconciler.model.address import Address, segment_address
from reconciler.model.conditions import Condition, Event, Group, SegmentRef, SliceMark
from reconciler.model.definition import Definition, Slice, Who
from reconciler.model.settings import Place
from reconciler.model.time import Window
from reconciler.model.workspace import SegmentConfig, Workspace

Role = Literal["who", "all", "any", "none"]
"""Where a condition stands: it is the whole `who`, or one of a group's `all`, `any` or `none`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """One condition of a segment, or of a segment that it refers to.

    `path` is its key in the workspace, such as `segments.cart.who.all[0]`, and `place` where that stands; `hidden` is
    the address of the unpublished segment that is this condition alone, with the window of the slice at hand in it,
    and `definition` is that segment's. Its children are the conditions of a group (each by its role: all of `all`, at
    least one of `any`, none of `none` have to hold), or those of the segment that it refers to, as in a group of one
    `any` where that is cut into several slices.
    """

    role: Role
    path: str
    place: Place | None
    text: str
    condition: Condition
    hidden: Address
    definition: Definition
    children: tuple[Clause, ...] = ()

    def walk(self) -> Iterator[Clause]:
        """It, and all below it, in the order of reading."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def is_leaf(self) -> bool:
        """Whether nothing stands below it."""
        return not self.children


def clauses_of(workspace: Workspace, key: str, part: str | None = None) -> Clause:
    """The `who` of a segment, of one of its slices where it is cut into some. Raises KeyError for a name that is none.

    A segment with slices and without `part` is the union of them, as where another segment refers to it.
    """
    segments = {segment.key: segment for segment in workspace.segments}
    definition = definition_of(segments[key], segments)
    grower = _Grower(workspace, segments, definition)
    root = segment_address(key, part)
    return grower.segment(segments[key], part, "who", f"{root}: who")


def with_window(condition: Condition, window: Window | None) -> Condition:
    """The condition with a slice's window where it says `within: slice`."""
    match condition:
        case Event(within=SliceMark()) if window is not None:
            return replace(condition, within=window)
        case Group():
            parts = {role: getattr(condition, role) for role in ("all", "any", "none")}
            return Group(**{role: tuple(with_window(each, window) for each in found) for role, found in parts.items()})
        case _:
            return condition


def hidden_definition(condition: Condition, segments: tuple[tuple[str, Who], ...]) -> Definition:
    """The definition of those who meet a condition: a group's own `none` denies nobody here."""
    alone = Group(all=(condition,)) if isinstance(condition, Group) else condition
    return Definition(who=Who(alone), segments=segments)


@dataclass(frozen=True, slots=True)
class _Grower:
    """Grows the clauses of one definition."""

    workspace: Workspace
    segments: Mapping[str, SegmentConfig]
    definition: Definition

    def segment(self, segment: SegmentConfig, part: str | None, role: Role, trail: str) -> Clause:
        """The whole `who` of a segment."""
        path = f"segments.{segment.key}.who"
        slices = [each for each in segment.slices if part in (None, each.name)]
        if len(slices) > 1:
            return self._union(segment, slices, role, trail)
        window = slices[0].window if slices else None
        return self._clause(with_window(segment.condition, window), role, path, trail)

    def _union(self, segment: SegmentConfig, slices: list[Slice], role: Role, trail: str) -> Clause:
        path = f"segments.{segment.key}.who"
        whole = Group(any=tuple(with_window(segment.condition, each.window) for each in slices))
        children = tuple(
            replace(self.segment(segment, each.name, "any", f"{trail} {each.name}"), text=f"slice `{each.name}`")
            for each in slices
        )
        return replace(self._made(whole, role, path, trail), text="is in one of its slices", children=children)

    def _clause(self, condition: Condition, role: Role, path: str, trail: str) -> Clause:
        made = self._made(condition, role, path, trail)
        match condition:
            case Group():
                return replace(made, children=tuple(self._members(condition, path, trail)))
            case SegmentRef(key, part):
                inner = self.segment(self.segments[key], part, "all", f"{trail} > {key}")
                return replace(made, children=inner.children if isinstance(inner.condition, Group) else (inner,))
            case _:
                return made

    def _members(self, group: Group, path: str, trail: str) -> Iterator[Clause]:
        roles: tuple[tuple[Role, tuple[Condition, ...]], ...] = (
            ("all", group.all),
            ("any", group.any),
            ("none", group.none),
        )
        for role, members in roles:
            for number, member in enumerate(members):
                step = f".{role}[{number}]"
                yield self._clause(member, role, path + step, trail + step)

    def _made(self, condition: Condition, role: Role, path: str, trail: str) -> Clause:
        return Clause(
            role=role,
            path=path,
            place=self.workspace.conditions.get(path),
            text=sentence(condition),
            condition=condition,
            hidden=Address(trail),
            definition=hidden_definition(condition, self.definition.segments),
        )
