"""Reads `exclusive` and `approvals`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from reconciler.config.audiences import published
from reconciler.config.context import Context
from reconciler.config.kinds import NOBODY_KNOWS
from reconciler.config.nodes import Node
from reconciler.config.segments import text_of
from reconciler.config.values import read_date
from reconciler.model.address import Address, covers
from reconciler.model.apart import Approval, Exclusive
from reconciler.model.workspace import SegmentConfig

Segments = Mapping[str, SegmentConfig]


def read_exclusive(
    named: Mapping[str, Node], unnamed: Iterable[Node], segments: Segments, context: Context
) -> tuple[Exclusive, ...]:
    """The groups of `exclusive`, sorted by name; a plain list is a group that has none."""
    groups = [*(("", node) for node in unnamed if not context.problems.broken(node)), *sorted(named.items())]
    return tuple(_read_group(name, node, segments, context) for name, node in groups)


def _read_group(name: str, node: Node, segments: Segments, context: Context) -> Exclusive:
    listed = node.get("segments") if isinstance(node.value, dict) else node
    items = list(published(listed, segments, context))
    _refuse_criteos(items, context)
    _refuse_parts(items, context)
    return Exclusive(
        name=name,
        place=node.key_place,
        segments=tuple(sorted({_address(item) for item in items})),
        reason=text_of(node, "reason", context),
    )


def _address(item: Node) -> Address:
    return Address(f"segment.{item.raw}")


def _refuse_criteos(items: list[Node], context: Context) -> None:
    for item in items:
        if context.is_criteos(item.raw):
            context.problems.add(item, f"{NOBODY_KNOWS}, so nobody can keep it apart")


def _refuse_parts(items: list[Node], context: Context) -> None:
    """A slice beside its whole segment would always share everybody with it."""
    for item in items:
        for other in items:
            if other is not item and covers(_address(other), _address(item)) and other.raw != item.raw:
                context.problems.add(item, f"is a slice of `{other.raw}`, which stands for all of its slices here")


def read_approvals(nodes: Iterable[Node], segments: Segments, context: Context) -> tuple[Approval, ...]:
    """The entries of `approvals` in the order of the files."""
    return tuple(_approvals(nodes, segments, context))


def _approvals(nodes: Iterable[Node], segments: Segments, context: Context) -> Iterator[Approval]:
    for node in nodes:
        if context.problems.broken(node):
            continue
        step, until = node.find(["step"]), read_date(node.get("until"), context.problems)
        _refuse_strangers(step, segments, context)
        if until is not None and not context.problems.broken(node):
            yield _approval(node, Address(step.raw), until)


def _approval(node: Node, step: Address, until: dt.date) -> Approval:
    return Approval(
        step=step,
        guard="exclusive",
        up_to=int(node.find(["up_to"]).raw),
        until=until,
        reason=node.find(["reason"]).raw,
        place=node.place,
    )


def _refuse_strangers(step: Node, segments: Segments, context: Context) -> None:
    _, key, *part = step.raw.split(".")
    if key not in segments:
        hint = context.problems.nearest(key, segments)
        context.problems.add(step, f"there is no segment `{key}`{hint}")
    elif context.is_criteos(key):
        context.problems.add(step, f"{NOBODY_KNOWS}: no guard looks at it")
    elif part and part[0] not in context.slices(key):
        hint = context.problems.nearest(part[0], context.slices(key))
        context.problems.add(step, f"segment `{key}` has no slice `{part[0]}`{hint}")
