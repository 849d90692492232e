"""Names at Criteo that would be taken twice, or that we keep for ourselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.config.names import FORBIDDEN_ENDINGS, audience_name, list_name, slice_names
from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.model.workspace import AudienceConfig, SegmentConfig


def check_names(
    segments: Mapping[str, SegmentConfig],
    audiences: Mapping[str, AudienceConfig],
    nodes: Mapping[str, Mapping[str, Node]],
    problems: Problems,
) -> None:
    """Two lists, or two audiences, of one name; names with an ending that is ours. `nodes` are those of both maps."""
    lists = [
        (nodes["segments"][segment.key], list_name(segment, name))
        for segment in segments.values()
        if segment.publish and segment.criteo_id is None
        for name in slice_names(segment)
    ]
    _check(lists, problems)
    _check([(nodes["audiences"][key], audience_name(each)) for key, each in audiences.items()], problems)


def _check(named: Iterable[tuple[Node, str]], problems: Problems) -> None:
    first: dict[str, Node] = {}
    for node, name in named:
        label = node.get("name")
        at = label if label is not None else node
        ending = next((each for each in FORBIDDEN_ENDINGS if name.endswith(each)), None)
        if ending:
            problems.add(at, f"`{name}` may not end in `{ending}`: such lists are our own", at_key=label is None)
        elif name in first:
            other = first[name]
            where = f"{other.path} ({other.file}:{other.key_line})"
            problems.add(at, f"Criteo would have two of the name `{name}`: this and {where}", at_key=label is None)
        first.setdefault(name, node)
