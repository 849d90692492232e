"""The plan's nouns: changes to show, steps to take, blocks. Printing and applying walk the same steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Set
from dataclasses import dataclass
from enum import StrEnum

from reconciler.model.address import Address
from reconciler.model.algebra import Formula
from reconciler.model.definition import Definition
from reconciler.model.kinds import Kind
from reconciler.model.membership import Membership, Selection
from reconciler.model.sizes import Sizes


class Action(StrEnum):
    """What happens to a resource, written as Terraform writes it.

    ========  ==========================================
    CREATE    it is made
    REPLACE   it is made anew, and what it was goes
    UPDATE    some attributes or its definition change
    DESTROY   it is drained and deleted
    FORGET    it stays at Criteo and is ours no more
    NONE      nothing, though its members may move
    BLOCKED   something of it is stopped by a guard
    ========  ==========================================
    """

    CREATE = "+"
    REPLACE = "-/+"
    UPDATE = "~"
    DESTROY = "-"
    FORGET = "."
    NONE = " "
    BLOCKED = "!"


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One attribute, or one line of a definition: `before` None is new, `after` None goes."""

    path: str
    before: str | None
    after: str | None


def set_lines(path: str, before: Set[str], after: Set[str]) -> Iterator[AttributeChange]:
    """The difference of two sets, what goes before what comes."""
    yield from (AttributeChange(path, address, None) for address in sorted(before - after))
    yield from (AttributeChange(path, None, address) for address in sorted(after - before))


@dataclass(frozen=True, slots=True)
class Block:
    """A guard that stops something of a resource. `message` says the figures and names the limit to change."""

    address: Address
    guard: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceChange:
    """One resource with what changes. `drift` is what somebody else did since we last wrote, where it matters here."""

    address: Address
    action: Action
    name: str
    owner: str | None = None
    reason: str | None = None
    attributes: tuple[AttributeChange, ...] = ()
    drift: tuple[AttributeChange, ...] = ()
    blocks: tuple[Block, ...] = ()


class Operation(StrEnum):
    """What a step does. FORGET and RECORD touch the state alone: nothing is sent for them."""

    CREATE_SEGMENT = "create segment"
    UPDATE_SEGMENT = "update segment"
    CREATE_AUDIENCE = "create audience"
    UPDATE_AUDIENCE = "update audience"
    ADD = "add members"
    REMOVE = "remove members"
    LINK = "link ad set"
    UNLINK = "unlink ad set"
    DELETE_AUDIENCE = "delete audience"
    DELETE_SEGMENT = "delete segment"
    FORGET = "forget"
    RECORD = "record"


class Phase(StrEnum):
    """The four rounds of an apply: restrict before you loosen."""

    CREATE = "create"
    RESTRICT = "restrict"
    LOOSEN = "loosen"
    DELETE = "delete"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing to do. `needs` are ids of steps that must have succeeded first.

    `name` and `description` (with its mark) are set where they are created or change; `include` and `exclude` (of an
    audience) are addresses of lists, whose Criteo ids are known when the step's turn comes; where they are not all of
    it, `algebra` is. `ad_set` is an id; for
    LINK and UNLINK `address` is the audience's, and a LINK takes the ad set from the audience that carried it. `count`
    is identifiers. `kind` is what a segment of Criteo's own kinds is or shall be, and `changes` are the attributes of
    it to send where it exists. `definition` (of CREATE_SEGMENT and RECORD) is what counts as applied once the step is
    done. A RECORD writes what it sets, `ad_sets` among it, into the record of `address`; what is None stays as it is.
    """

    id: str
    operation: Operation
    phase: Phase
    address: Address
    needs: frozenset[str] = frozenset()
    name: str | None = None
    description: str | None = None
    include: tuple[Address, ...] | None = None
    exclude: tuple[Address, ...] | None = None
    algebra: Formula | None = None
    ad_set: str | None = None
    ad_sets: tuple[str, ...] | None = None
    definition: Definition | None = None
    kind: Kind | None = None
    changes: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What will be done, in order. `selection` is the members' part of it.

    `cycles` names lists whose additions wait for removals alone because they exclude each other; `aside` tells of
    records that move to another address because what they are about is replaced; `calls` estimates the requests an
    apply will need; `unchanged` counts resources that are as they should be and are not shown. `sizes` are Criteo's
    own, where they were asked for; nothing depends on them.
    """

    workspace: str
    as_of: dt.datetime
    lineage: str | None
    structure_serial: int
    ledger_generation: int
    resources: tuple[ResourceChange, ...]
    membership: Membership
    steps: tuple[Step, ...]
    selection: Selection
    blocks: tuple[Block, ...] = ()
    notes: tuple[str, ...] = ()
    cycles: tuple[tuple[Address, ...], ...] = ()
    aside: tuple[tuple[Address, Address], ...] = ()
    calls: int = 0
    calls_per_minute: int = 0
    unchanged: int = 0
    sizes: Sizes | None = None

    @property
    def is_empty(self) -> bool:
        """Whether an apply would do nothing at all."""
        return not self.steps

    @property
    def moves_members(self) -> bool:
        """Whether identifiers would be sent or taken back."""
        return any(step.operation in MEMBERS for step in self.steps)

    @property
    def changes_structure(self) -> bool:
        """Whether anything but members would change."""
        return any(step.operation not in MEMBERS for step in self.steps)


MEMBERS = frozenset({Operation.ADD, Operation.REMOVE})
