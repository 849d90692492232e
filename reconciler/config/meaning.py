"""What decides who belongs to a segment: its own words, and those of all segments that it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.conditions import Condition, Group, SegmentRef
from reconciler.model.definition import Definition, Who
from reconciler.model.workspace import SegmentConfig


def definition_of(segment: SegmentConfig, segments: Mapping[str, SegmentConfig]) -> Definition:
    """What decides who belongs to a segment, published or not; `segments` are all of the workspace."""
    referred = sorted(closure(segment.condition, segments))
    return Definition(
        who=who_of(segment),
        suppression=segment.suppression,
        active=segment.active,
        segments=tuple((key, who_of(segments[key])) for key in referred),
    )


def who_of(segment: SegmentConfig) -> Who:
    """Who a segment is, by itself."""
    return Who(segment.condition, segment.slices)


def closure(condition: Condition, segments: Mapping[str, SegmentConfig]) -> set[str]:
    """The keys of all segments that a condition refers to, directly or not."""
    found: set[str] = set()
    waiting = [condition]
    while waiting:
        new = set(_references(waiting.pop())) - found
        found |= new
        waiting += [segments[key].condition for key in new]
    return found


def _references(condition: Condition) -> Iterator[str]:
    if isinstance(condition, SegmentRef):
        yield condition.key
    elif isinstance(condition, Group):
        for member in (*condition.all, *condition.any, *condition.none):
            yield from _references(member)
