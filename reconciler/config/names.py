"""What lists and audiences are called at Criteo, and which lists a reference means."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.address import Address, criteo_address, segment_address
from reconciler.model.workspace import AudienceConfig, SegmentConfig

FORBIDDEN_ENDINGS = (" (new)", " (exclusions)", " (holdout)")
"""Endings that we give to lists and audiences of our own making."""


def list_name(segment: SegmentConfig, slice_name: str | None) -> str:
    """What the list of a segment, or of one of its slices, is called at Criteo."""
    if slice_name is None:
        return segment.name or segment.key
    return f"{segment.name} ({slice_name})" if segment.name else f"{segment.key}.{slice_name}"


def audience_name(audience: AudienceConfig) -> str:
    """What an audience is called at Criteo."""
    return audience.name or audience.key


def slice_names(segment: SegmentConfig) -> tuple[str | None, ...]:
    """A segment's slices, or None alone where it is not cut: one for each of its lists."""
    return tuple(part.name for part in segment.slices) or (None,)


def lists_of(reference: str, segments: Mapping[str, SegmentConfig]) -> tuple[Address, ...]:
    """The lists that `KEY` or `KEY.SLICE` stands for; a segment with slices stands for all of them."""
    key, _, part = reference.partition(".")
    if part:
        return (segment_address(key, part),)
    if (criteo_id := segments[key].criteo_id) is not None:
        return (criteo_address(criteo_id),)
    return tuple(segment_address(key, name) for name in slice_names(segments[key]))
