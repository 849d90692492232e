"""What is explained: lists that are sent, or the people of a segment that is not published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reconciler.config.meaning import definition_of
from reconciler.config.names import list_name, slice_names
from reconciler.explain.conditions import Clause, clauses_of
from reconciler.model.address import Address, segment_address
from reconciler.model.definition import Definition
from reconciler.model.membership import AskedSegment
from reconciler.model.workspace import SegmentConfig, Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One list, or one segment that is not published, with its conditions."""

    address: Address
    segment: SegmentConfig
    part: str | None
    name: str
    definition: Definition
    clause: Clause


def targets_of(workspace: Workspace, key: str, part: str | None = None) -> tuple[Target, ...]:
    """The lists of a segment, from the youngest slice to the oldest; with `part` that slice alone."""
    segments = {segment.key: segment for segment in workspace.segments}
    segment = segments[key]
    definition = definition_of(segment, segments)
    return tuple(
        Target(
            address=segment_address(key, each),
            segment=segment,
            part=each,
            name=list_name(segment, each),
            definition=definition,
            clause=clauses_of(workspace, key, each),
        )
        for each in slice_names(segment)
        if part in (None, each)
    )


def asked_of(targets: Iterable[Target]) -> tuple[AskedSegment, ...]:
    """What membership is asked to send: every slice of a segment, since an identifier goes to the youngest alone."""
    segments: dict[str, Target] = {each.segment.key: each for each in targets if each.segment.publish}
    return tuple(
        AskedSegment(
            key=key,
            lists=tuple((segment_address(key, part), part) for part in slice_names(target.segment)),
            wanted=target.definition,
        )
        for key, target in segments.items()
    )


def hidden_of(targets: Iterable[Target]) -> Mapping[Address, Definition]:
    """Every condition of the targets, each as a hidden segment."""
    return MappingProxyType({each.hidden: each.definition for target in targets for each in target.clause.walk()})
