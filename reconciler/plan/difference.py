"""What is to be done to one segment at Criteo, whether it is a list of ours or of one of Criteo's own kinds."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.actual import Actual
from reconciler.model.address import Address, criteo_address
from reconciler.model.definition import Definition
from reconciler.model.remote import RemoteSegment
from reconciler.plan.changes import Action, AttributeChange, Block
from reconciler.plan.kind_diff import KindEdit
from reconciler.plan.words import Words, quoted


@dataclass(frozen=True, kw_only=True, slots=True)
class ListDifference:
    """One list, or one segment of Criteo's own kinds (`kind`), with what is to be done to it, apart from its members.

    `words` are what to send; `definition` is what to record as applied, None when it is applied already. `stopped`: it
    can't be made or is not there, so nothing of it can be done. `waits` is a list that must be renamed first.
    """

    address: Address
    action: Action
    name: str
    owner: str | None = None
    reason: str | None = None
    words: Words = field(default_factory=Words)
    definition: Definition | None = None
    kind: KindEdit | None = None
    lines: tuple[AttributeChange, ...] = ()
    drift: tuple[AttributeChange, ...] = ()
    blocks: tuple[Block, ...] = ()
    stopped: bool = False
    waits: Address | None = None


def users_of(segment: RemoteSegment | None, actual: Actual) -> tuple[str, ...]:
    """Names of audiences and lookalikes of somebody else that use a segment: Criteo deletes nothing that is in use."""
    if segment is None:
        return ()
    ours = {each.id for each in (*actual.segments.values(), *actual.kinds.values())}
    seed = criteo_address(segment.id)
    grown = [each.name for each in actual.ids.values() if each.id not in ours and each.kind and each.kind.seed == seed]
    users = (each.name for each in actual.foreign_audiences.values() if segment.id in each.segments)
    return tuple(sorted([*grown, *users]))


def in_use(address: Address, users: tuple[str, ...], stays: str) -> Block:
    """Somebody else uses what should be deleted; `stays` says what becomes of it instead."""
    return Block(
        address,
        "in_use",
        f"{stays}: audiences or lookalikes that are not ours use it ({', '.join(map(quoted, users))}); take it out of "
        f"them at Criteo, or say `contents: keep`",
    )
