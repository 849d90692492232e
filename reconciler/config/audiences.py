"""Entries of `audiences`, `always_exclude` and `removed`, with what must not meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reconciler.config.context import Context
from reconciler.config.lint import places_of, read_own_lint
from reconciler.config.names import lists_of, slice_names
from reconciler.config.nodes import Node
from reconciler.config.offers import read_offer
from reconciler.config.segments import text_of
from reconciler.config.values import read_period
from reconciler.model.address import Address, audience_address, segment_address
from reconciler.model.offers import Ladder
from reconciler.model.workspace import AudienceConfig, Removed, SegmentConfig

Segments = Mapping[str, SegmentConfig]


def read_always_exclude(node: Node | None, segments: Segments, context: Context) -> tuple[str, ...]:
    """The workspace's `always_exclude`, sorted."""
    return tuple(sorted({item.raw for item in published(node, segments, context)}))


def read_audiences(
    nodes: Mapping[str, Node],
    always: tuple[str, ...],
    segments: Segments,
    ladders: Mapping[str, Ladder],
    context: Context,
) -> dict[str, AudienceConfig]:
    """All audiences by key."""
    found = {}
    for key, node in nodes.items():
        if isinstance(node.value, dict):
            found[key] = replace(
                _read_audience(key, node, segments, context), offer=read_offer(node.get("offer"), ladders, context)
            )
            _refuse_contradictions(node, found[key], always, segments, context)
    _refuse_shared_ad_sets(nodes, context)
    return found


def published(node: Node | None, segments: Segments, context: Context) -> Iterator[Node]:
    """The sound references to published segments of a list."""
    for item in node.items() if node is not None and isinstance(node.value, list) else ():
        if context.problems.broken(item) or (reference := context.refer(item)) is None:
            continue
        segment = segments.get(reference[0])
        if segment is None:
            continue
        if segment.publish:
            yield item
        else:
            context.problems.add(item, f"`{segment.key}` has `publish: false`, so Criteo does not know it")


def _read_audience(key: str, node: Node, segments: Segments, context: Context) -> AudienceConfig:
    include = list(published(node.get("include"), segments, context))
    for item in include:
        if segments[item.raw.partition(".")[0]].suppression:
            message = "is a suppression list: it may hold people without consent, so it can only be excluded"
            context.problems.add(item, message)
    exclude = list(published(node.get("exclude"), segments, context))
    active = node.get("active")
    return AudienceConfig(
        key=key,
        place=node.key_place,
        include=tuple(sorted({item.raw for item in include})),
        exclude=tuple(sorted({item.raw for item in exclude})),
        name=text_of(node, "name", context),
        description=text_of(node, "description", context),
        owner=text_of(node, "owner", context),
        excepted=tuple(sorted((reference, reason.raw) for reference, reason in _except(node).entries())),
        ad_sets=tuple(sorted({item.raw for item in _ad_sets(node)})),
        active=read_period(active, context.problems)
        if active is not None and not context.problems.broken(active)
        else None,
        ignored=read_own_lint(node, context.problems),
        places=places_of(node),
    )


_NOTHING = Node("", 1, 1, value={})


def _except(node: Node) -> Node:
    opt_out = node.get("always_exclude")
    return (opt_out.get("except") if opt_out is not None else None) or _NOTHING


def _ad_sets(node: Node) -> Iterator[Node]:
    child = node.get("ad_sets")
    yield from child.value if child is not None and isinstance(child.value, list) else ()


def _refuse_contradictions(
    node: Node, audience: AudienceConfig, always: tuple[str, ...], segments: Segments, context: Context
) -> None:
    excepted = {reference for reference, _ in audience.excepted}
    for reference, child in _except(node).entries():
        if reference not in always and not context.problems.broken(child):
            hint = context.problems.nearest(reference, always)
            message = f"`{reference}` is not in the workspace's `always_exclude`{hint}"
            context.problems.add(child, message, at_key=True)
    excluded = _expand(audience.exclude, segments)
    always_excluded = _expand(tuple(each for each in always if each not in excepted), segments)
    for item in node.find(["include"]).items():
        if item.raw in audience.include and not context.problems.broken(item):
            message = _about_both(lists_of(item.raw, segments), excluded, always_excluded)
            if message:
                context.problems.add(item, message)


def _expand(references: tuple[str, ...], segments: Segments) -> dict[Address, str]:
    return {address: reference for reference in references for address in lists_of(reference, segments)}


def _about_both(included: tuple[Address, ...], excluded: Mapping[Address, str], always: Mapping[Address, str]) -> str:
    for address in included:
        if address in excluded:
            return f"is excluded too, by `{excluded[address]}`"
        if address in always:
            hint = f'`always_exclude: {{ except: {{ {always[address]}: "the reason" }} }}`'
            return f"is excluded by the workspace's `always_exclude`; to reach it add {hint}"
    return ""


def _refuse_shared_ad_sets(nodes: Mapping[str, Node], context: Context) -> None:
    first: dict[str, Node] = {}
    for node in nodes.values():
        for item in _ad_sets(node):
            if item.raw in first and first[item.raw].parent is not item.parent:
                other = first[item.raw]
                where = f"{other.path} ({other.file}:{other.line})"
                context.problems.add(item, f"ad set {item.raw} has one audience only; it is named by {where} too")
            first.setdefault(item.raw, item)


def read_removed(
    nodes: Mapping[str, Node], segments: Segments, audiences: Mapping[str, AudienceConfig], context: Context
) -> tuple[Removed, ...]:
    """The entries of `removed`, sorted by address."""
    defined = {
        segment_address(segment.key, name)
        for segment in segments.values()
        if segment.publish
        for name in slice_names(segment)
    } | {audience_address(key) for key in audiences}
    found = []
    for address, node in sorted(nodes.items()):
        if context.problems.broken(node):
            continue
        if address in defined:
            context.problems.add(node, "is still defined; remove its definition or this entry", at_key=True)
        drains = node.find(["contents"]).raw == "drain"
        found.append(Removed(address=address, contents="drain" if drains else "keep", place=node.key_place))
    return tuple(found)
