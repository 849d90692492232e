"""`exclusions: one_list`: what of an audience's exclusions can't be joined into one list."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.config.algebra import formula_of
from reconciler.config.names import lists_of
from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.model.address import Address, excluding_audience, exclusions_address
from reconciler.model.algebra import SEVERAL_EXCLUSIONS, And, Formula, Leaf, Not, blocked_shapes, with_one_exclusion
from reconciler.model.workspace import AudienceConfig, SegmentConfig

Segments = Mapping[str, SegmentConfig]


def check_exclusions(
    nodes: Mapping[str, Node],
    audiences: Mapping[str, AudienceConfig],
    always: tuple[str, ...],
    segments: Segments,
    problems: Problems,
) -> None:
    """When ours are joined, an audience has one exclusion at most: Criteo's own segments can't be in a list of ours."""
    ours = frozenset(
        address
        for key, segment in segments.items()
        if segment.publish and not segment.is_criteos
        for address in lists_of(key, segments)
    )
    for key, audience in audiences.items():
        if problems.broken(nodes[key]) or not audience.include:
            continue
        excepted = {reference for reference, _ in audience.excepted}
        formula = formula_of(audience, [each for each in always if each not in excepted], segments)
        sent, _ = with_one_exclusion(formula, exclusions_address(key), ours)
        if SEVERAL_EXCLUSIONS in blocked_shapes(sent):
            problems.add(_place(nodes[key]), _several(sent, ours))


def _place(node: Node) -> Node:
    return node.get("algebra") or node.get("exclude") or node


def _several(sent: Formula, ours: frozenset[str]) -> str:
    parts = sent.parts if isinstance(sent, And) else ()
    excluded = [Address(part.of.name) for part in parts if isinstance(part, Not) and isinstance(part.of, Leaf)]
    strangers = [each for each in excluded if each not in ours and excluding_audience(each) is None]
    own = [f"`{each.removeprefix('segment.')}`" for each in strangers]
    if own:
        told = " and ".join(own)
        return (
            f"excludes several at once, and with `exclusions: one_list` Criteo gets one exclusion alone: {told} "
            f"{'is one' if len(own) == 1 else 'are some'} of Criteo's own segments, which no list of ours can hold; "
            f"exclude {'it' if len(own) == 1 else 'one of them'} alone, or no segment of Criteo's own"
        )
    return (
        "excludes several at once inside of its formula, where `exclusions: one_list` can't join them; exclude one "
        "segment there that stands for all of them"
    )
