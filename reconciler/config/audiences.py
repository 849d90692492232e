"""Entries of `audiences`, `always_exclude` and `removed`, with what must not meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.config.algebra import brings_nobody, formula_of, read_algebra, references
from reconciler.config.context import Context
from reconciler.config.exclusions import check_exclusions
from reconciler.config.lint import places_of, read_own_lint
from reconciler.config.names import lists_of, slice_names
from reconciler.config.nodes import Node
from reconciler.config.offers import read_offer
from reconciler.config.segments import text_of
from reconciler.config.values import read_period
from reconciler.model.address import Address, audience_address, segment_address
from reconciler.model.algebra import possible
from reconciler.model.offers import Ladder
from reconciler.model.remote import Targeting
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
    if context.outline.exclusions == "one_list":
        check_exclusions(nodes, found, always, segments, context.problems)
    return found


def published(node: Node | None, segments: Segments, context: Context) -> Iterator[Node]:
    """The sound references to published segments of a list."""
    for item in node.items() if node is not None and isinstance(node.value, list) else ():
        if _is_published(item, segments, context):
            yield item


def _is_published(item: Node, segments: Segments, context: Context) -> bool:
    """Whether a reference is sound; a problem where it is not."""
    if context.problems.broken(item) or (reference := context.refer(item)) is None:
        return False
    segment = segments.get(reference[0])
    if segment is not None and not segment.publish:
        context.problems.add(item, f"`{segment.key}` has `publish: false`, so Criteo does not know it")
    return segment is not None and segment.publish


def _read_audience(key: str, node: Node, segments: Segments, context: Context) -> AudienceConfig:
    aim = _read_aim(node, segments, context)
    active = node.get("active")
    return AudienceConfig(
        key=key,
        place=node.key_place,
        include=tuple(sorted(aim.include)),
        exclude=tuple(sorted(aim.exclude)),
        algebra=aim.algebra,
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


def _read_aim(node: Node, segments: Segments, context: Context) -> Targeting:
    """Whom it targets, by references."""
    written = node.get("algebra")
    if written is None or "include" in node:
        include = list(published(node.get("include"), segments, context))
        exclude = list(published(node.get("exclude"), segments, context))
        _refuse_suppression(include, segments, context)
        return Targeting(
            include=frozenset(each.raw for each in include), exclude=frozenset(each.raw for each in exclude)
        )
    sound = [each for each in references(written) if _is_published(each.node, segments, context)]
    _refuse_suppression([each.node for each in sound if each.wanted], segments, context)
    formula = read_algebra(written, context)
    return Targeting.of(formula) if formula is not None else Targeting(include=frozenset())


def _refuse_suppression(items: Iterable[Node], segments: Segments, context: Context) -> None:
    for item in items:
        if segments[item.raw.partition(".")[0]].suppression:
            message = "is a suppression list: it may hold people without consent, so it can only be excluded"
            context.problems.add(item, message)


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
    applied = tuple(each for each in always if each not in excepted)
    written = node.get("algebra")
    if written is not None and not context.problems.broken(written):
        _refuse_impossible(written, audience, applied, segments, context)
        return
    excluded = _expand(audience.exclude, segments)
    always_excluded = _expand(applied, segments)
    for item in node.find(["include"]).items():
        if item.raw in audience.include and not context.problems.broken(item):
            message = _about_both(lists_of(item.raw, segments), excluded, always_excluded)
            if message:
                context.problems.add(item, message)


def _refuse_impossible(
    written: Node, audience: AudienceConfig, always: tuple[str, ...], segments: Segments, context: Context
) -> None:
    """What stands in a formula to bring people in, and can't, because it is excluded too."""
    formula = formula_of(audience, always, segments)
    excluded, always_excluded = _expand(audience.exclude, segments), _expand(always, segments)
    for item in (each.node for each in references(written) if each.wanted):
        message = _about_both(lists_of(item.raw, segments), excluded, always_excluded)
        if message and brings_nobody(formula, item.raw, segments):
            context.problems.add(item, message)
    if not context.problems.broken(written) and not possible(formula):
        context.problems.add(written, "nobody can be in it: it contradicts itself")


def _expand(names: tuple[str, ...], segments: Segments) -> dict[Address, str]:
    return {address: reference for reference in names for address in lists_of(reference, segments)}


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
        if segment.publish and segment.criteo_id is None
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
