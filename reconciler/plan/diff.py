"""Differences and verdict → the resources that a plan shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from reconciler.model.address import Address
from reconciler.plan.audience_diff import AudienceDifference
from reconciler.plan.changes import MEMBERS, Action, Block, ResourceChange, Step
from reconciler.plan.difference import ListDifference
from reconciler.plan.removal import whole_segment


def resources(
    lists: Iterable[ListDifference],
    audiences: Iterable[AudienceDifference],
    steps: Iterable[Step],
    blocks: Iterable[Block],
) -> tuple[ResourceChange, ...]:
    """One entry for each list and audience, by address. A block of a whole segment counts for each of its lists."""
    busy = {step.address for step in steps if step.operation not in MEMBERS}
    by_address: dict[Address, list[Block]] = defaultdict(list)
    for block in blocks:
        by_address[block.address].append(block)
    changes = [_list(each, by_address, busy) for each in lists]
    changes += [_audience(each, by_address, busy) for each in audiences]
    return tuple(sorted(changes, key=lambda change: change.address))


def _list(each: ListDifference, blocks: dict[Address, list[Block]], busy: set[Address]) -> ResourceChange:
    whole = whole_segment(each.address)
    own = (*blocks[each.address], *(blocks[whole] if whole != each.address else ()))
    lines = (*each.words.attributes, *each.lines)
    return ResourceChange(
        address=each.address,
        action=_action(each.action, own, each.address in busy),
        name=each.name,
        owner=each.owner,
        reason=each.reason,
        attributes=lines,
        drift=(*each.words.drift, *each.drift),
        blocks=own,
    )


def _audience(each: AudienceDifference, blocks: dict[Address, list[Block]], busy: set[Address]) -> ResourceChange:
    own = tuple(blocks[each.address])
    return ResourceChange(
        address=each.address,
        action=_action(each.action, own, each.address in busy),
        name=each.name,
        owner=each.owner,
        reason=each.reason,
        attributes=each.attributes,
        drift=each.drift,
        blocks=own,
    )


def _action(action: Action, blocks: tuple[Block, ...], busy: bool) -> Action:
    """Blocked is what has a block and no step of structure left."""
    return Action.BLOCKED if blocks and not busy else action
