"""What the guards are told of each segment: its lists, its limits, and whether it is meant to drain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.desired import Desired, DesiredSegment
from reconciler.model.definition import Definition
from reconciler.model.membership import ListMembership, Membership
from reconciler.plan.difference import ListDifference
from reconciler.plan.guards import Guarded
from reconciler.plan.removal import segment_key
from reconciler.state.snapshot import Snapshot


def wanted_segments(desired: Desired, lists: Iterable[ListDifference], membership: Membership) -> Iterator[Guarded]:
    """Segments as the workspace wants them; lists that `removed` drains stand by themselves, without limits."""
    segments = {segment.key: segment for segment in desired.kept}
    wanted = {each.address for segment in desired.kept for each in segment.lists}
    for key, members in _by_key(lists, membership).items():
        kept = tuple(each for each in members if each.address in wanted)
        drained = tuple(each for each in members if each.address not in wanted)
        if kept:
            yield _limited(Guarded(key=key, lists=kept), segments[key], segments[key].definition, membership, desired)
        if drained:
            yield Guarded(key=key, lists=drained, draining=True)


def applied_segments(
    desired: Desired, snapshot: Snapshot, lists: Iterable[ListDifference], membership: Membership
) -> Iterator[Guarded]:
    """Segments as they were applied, with the limits that the workspace gives them now."""
    segments = {segment.key: segment for segment in desired.segments}
    for key, members in _by_key(lists, membership).items():
        records = (snapshot.lists[each.address] for each in members if each.address in snapshot.lists)
        definition = next((record.definition for record in records if record.definition is not None), None)
        yield _limited(Guarded(key=key, lists=members), segments.get(key), definition, membership, desired)


def _by_key(lists: Iterable[ListDifference], membership: Membership) -> Mapping[str, tuple[ListMembership, ...]]:
    stopped = {each.address for each in lists if _is_gone(each)}
    grouped: dict[str, tuple[ListMembership, ...]] = {}
    for address, members in sorted(membership.lists.items()):
        if address not in stopped:
            grouped[segment_key(address)] = (*grouped.get(segment_key(address), ()), members)
    return grouped


def _is_gone(each: ListDifference) -> bool:
    return any(block.guard == "gone" for block in each.blocks)


def _limited(
    guarded: Guarded,
    segment: DesiredSegment | None,
    definition: Definition | None,
    membership: Membership,
    desired: Desired,
) -> Guarded:
    guarded = replace(guarded, definition=definition)
    if segment is None:
        return guarded
    period = definition.active if definition else None
    active = period is None or period.holds(membership.as_of, desired.settings.time_zone)
    expected = segment.expected_members if active else None
    return replace(guarded, expected=expected, allow_empty=segment.allow_empty)
