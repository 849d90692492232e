"""Entries of `segments` → segments, with their slices and what goes with what."""

from __future__ import annotations

from types import MappingProxyType

from reconciler.config.conditions import SliceUse, WhoReader
from reconciler.config.context import Context
from reconciler.config.kinds import check_kinds, places_of_kind, read_kind
from reconciler.config.lint import places_of, read_own_lint
from reconciler.config.nodes import Node
from reconciler.config.scalars import shown
from reconciler.config.values import read_period
from reconciler.model.conditions import Everyone
from reconciler.model.definition import Slice
from reconciler.model.workspace import Expected, SegmentConfig

References = dict[str, list[tuple[str, Node]]]

_PUBLISHED_ONLY = ("active", "purpose", "expected_members", "allow_empty")


def read_segments(context: Context) -> tuple[dict[str, SegmentConfig], References]:
    """All segments by key, and what each refers to. One with problems is there as far as it can be read."""
    segments: dict[str, SegmentConfig] = {}
    references: References = {}
    for key, node in context.segments.items():
        if isinstance(node.value, dict):
            reader = WhoReader(context)
            segments[key] = _read_segment(key, node, reader)
            references[key] = reader.references
    check_kinds(segments, context)
    return segments, references


def _read_segment(key: str, node: Node, reader: WhoReader) -> SegmentConfig:
    context = reader.context
    who = node.get("who")
    condition = reader.read(who) if who is not None and isinstance(who.value, dict) else None
    slices = _read_slices(node.get("slices"), context)
    _check_slice_uses(node, reader)
    published = (flag := _sound(node, "publish", context)) is None or flag.value is True
    if not published:
        _refuse_without_effect(node, context)
    active = _sound(node, "active", context)
    return SegmentConfig(
        key=key,
        place=node.key_place,
        condition=condition or Everyone(),
        name=text_of(node, "name", context),
        description=text_of(node, "description", context),
        owner=text_of(node, "owner", context),
        publish=published,
        slices=slices,
        active=read_period(active, context.problems) if active is not None else None,
        suppression=text_of(node, "purpose", context) == "suppression",
        reason=text_of(node, "reason", context),
        expected_members=_read_expected(_sound(node, "expected_members", context), context),
        allow_empty=(flag := _sound(node, "allow_empty", context)) is not None and flag.value is True,
        kind=read_kind(node, context),
        criteo_id=text_of(node, "criteo_id", context),
        ignored=read_own_lint(node, context.problems),
        places=MappingProxyType({**places_of(node), **places_of_kind(node)}),
    )


def _sound(node: Node, key: str, context: Context) -> Node | None:
    """The value under a key, unless there is none or something is wrong with it."""
    child = node.get(key)
    return None if child is None or context.problems.broken(child) else child


def text_of(node: Node, key: str, context: Context) -> str | None:
    """The text under a key, unless there is none or something is wrong with it."""
    child = _sound(node, key, context)
    return None if child is None else child.raw


def _read_slices(node: Node | None, context: Context) -> tuple[Slice, ...]:
    """The slices from the youngest to the oldest."""
    slices: list[Slice] = []
    for item in node.items() if node is not None and isinstance(node.value, list) else ():
        if context.problems.broken(item):
            continue
        if item.raw not in context.windows:
            hint = context.problems.nearest(item.raw, context.windows)
            context.problems.add(item, f"there is no window `{shown(item.raw)}`{hint}")
        elif (window := context.windows[item.raw]) is not None:
            part = Slice(item.raw, window)
            _refuse_overlap(item, part, slices, context)
            slices.append(part)
    return tuple(sorted(slices, key=lambda part: part.window.start))


def _refuse_overlap(node: Node, part: Slice, others: list[Slice], context: Context) -> None:
    for other in others:
        if part.window.overlaps(other.window):
            message = f"slice `{part.name}` ({part.window}) overlaps slice `{other.name}` ({other.window})"
            context.problems.add(node, message)
            return


def _check_slice_uses(node: Node, reader: WhoReader) -> None:
    problems = reader.context.problems
    slices, who = node.get("slices"), node.get("who")
    for number, use in enumerate(reader.uses):
        message = _about_use(use, is_first=number == 0, has_slices=slices is not None)
        if message:
            problems.add(use.node, message)
    if slices is not None and who is not None and not reader.uses and not problems.broken(who):
        problems.add(slices, "no condition of `who` says `within: slice`", at_key=True)


def _about_use(use: SliceUse, *, is_first: bool, has_slices: bool) -> str:
    if not has_slices:
        return "the segment has no `slices`"
    if not is_first:
        return "only one condition may say `within: slice`"
    if not use.in_place:
        return "`within: slice` belongs to `who` itself or to a condition directly in its `all`"
    return (
        ""
        if use.picks
        else "`within: slice` needs `latest: true` or `first: true` beside it, so that everybody is in one slice only"
    )


def _refuse_without_effect(node: Node, context: Context) -> None:
    for key in _PUBLISHED_ONLY:
        child = node.get(key)
        if child is not None:
            context.problems.add(child, "has no effect on a segment with `publish: false`; remove it", at_key=True)


def _read_expected(node: Node | None, context: Context) -> Expected | None:
    if node is None:
        return None
    least, most = (int(child.raw) if (child := node.get(name)) else None for name in ("at_least", "at_most"))
    if least is not None and most is not None and least > most:
        context.problems.add(node, f"no number is at least {least} and at most {most}")
    return Expected(at_least=least, at_most=most)
