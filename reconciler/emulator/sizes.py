"""Sizes and matches: made up where only Criteo could know, and the same for the same question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from reconciler.emulator.algebra import segments_of, size
from reconciler.emulator.calls import Call
from reconciler.emulator.members import ContactList
from reconciler.emulator.provided import segments
from reconciler.emulator.responses import Problem, RefusedError
from reconciler.emulator.world import Segment

ESTIMATED_TYPES = ("inMarket", "location")
"""The attributes of the segments whose size Criteo estimates before they are there."""

_ESTIMABLE = ("InMarket", "Location")
_SPREAD = 0.2
LOOKALIKE_SIZE = 1_000_000
FEWEST_SHOWN = 1_000


def of_segment(call: Call, segment: Segment) -> int:
    """Return a segment's size; raises `RefusedError` for one of a type that the switches say has none."""
    if call.switches.computable_sizes == "estimable" and segment.type not in _ESTIMABLE:
        detail = f"The size of segment {segment.id} can't be computed"
        raise RefusedError(Problem(code="size-not-computable", title="Size can't be computed", detail=detail))
    if segment.type == "ContactList":
        return shown(call, matches(call, call.world.contact_lists[segment.id]))
    if segment.type == "Lookalike":
        return int(segment.definition.get("targetSize") or LOOKALIKE_SIZE)
    return made_up(f"{segment.type} {segment.id}")


def of_algebra(call: Call, tree: Mapping[str, Any]) -> int:
    """Return an audience's size; raises `RefusedError` where a segment in it has none. What is deleted counts 0."""
    known = segments(call)
    sizes = {each: of_segment(call, known[each]) if each in known else 0 for each in segments_of(tree)}
    return size(tree, sizes.__getitem__)


def count(call: Call, held: ContactList) -> int:
    """Return how many identifiers a list's counters count: those of the last processing run, or all."""
    return held.count() if call.switches.counters == "at_once" else held.count_at_run(call.now)


def matches(call: Call, held: ContactList) -> int:
    """Return how many of a list's identifiers are recognised: lists and identifier types differ around one rate."""
    counted, kinds = count(call, held), {amendment.type for amendment in held.amendments}
    if not counted:
        return 0
    if len(kinds) <= 1:
        return int(counted * rate(call, held.id, *kinds))
    present = {kind: len(keys) for kind, keys in held.members().items()}
    recognised = sum(many * rate(call, held.id, kind) for kind, many in present.items())
    return int(counted * recognised / max(1, sum(present.values())))


def shown(call: Call, figure: int) -> int:
    """Return what Criteo shows of a figure, as exactly as the switches say."""
    if call.switches.figures == "hidden":
        return figure if figure >= FEWEST_SHOWN else 0
    return figure - figure % 100 if call.switches.figures == "rounded" else figure


def made_up(question: str) -> int:
    """Return a size between ten thousand and a million."""
    return 10_000 + crc32(question.encode()) % 990_000


def rate(call: Call, segment_id: str, kind: str = "email") -> float:
    """Return a match rate: at most a tenth more or less than the switch's, and all or nothing where that is."""
    base = call.switches.match_rate
    lot = crc32(f"{segment_id} {kind}".encode()) / 2**32 - 0.5
    return base + _SPREAD * lot * min(1.0, 4 * base * (1 - base))
