"""Plans for tests, made step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from reconciler.model.address import Address
from reconciler.model.definition import Definition
from reconciler.model.mark import Mark, with_mark
from reconciler.model.membership import Cause, Chosen, ListMembership, Membership, SourceHealth, TableHealth
from reconciler.plan.changes import Operation, Phase, Plan, Step
from tests.apply.people import SetMoves

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOT = Address("segment.cart.hot")
WARM = Address("segment.cart.warm")
BUYERS = Address("segment.buyers")
RECOVERY = Address("audience.recovery")
AD_SET = "700123"


def marked(address: Address, words: str | None = None) -> str:
    """A description with the mark of workspace `shop`."""
    return with_mark(words, Mark("shop", address))


def create(address: Address, *needs: str, definition: Definition | None = None) -> Step:
    """Create a list named by its address."""
    return Step(
        id=f"create {address}",
        operation=Operation.CREATE_SEGMENT,
        phase=Phase.CREATE,
        address=address,
        needs=frozenset(needs),
        name=f"List {address}",
        description=marked(address),
        definition=definition,
    )


def create_audience(include: Iterable[Address], exclude: Iterable[Address], *needs: str) -> Step:
    """Create the audience."""
    return Step(
        id=f"create {RECOVERY}",
        operation=Operation.CREATE_AUDIENCE,
        phase=Phase.CREATE,
        address=RECOVERY,
        needs=frozenset(needs),
        name="Recovery",
        description=marked(RECOVERY, "Bring them back"),
        include=tuple(include),
        exclude=tuple(exclude),
    )


def step(verb: str, operation: Operation, phase: Phase, address: Address, *needs: str) -> Step:
    """Any other step."""
    ad_set = AD_SET if operation in (Operation.LINK, Operation.UNLINK) else None
    return Step(
        id=f"{verb} {address}",
        operation=operation,
        phase=phase,
        address=address,
        needs=frozenset(needs),
        ad_set=ad_set,
    )


def add(address: Address, *needs: str, phase: Phase = Phase.LOOSEN) -> Step:
    """Add members to a list."""
    return step("add", Operation.ADD, phase, address, *needs)


def remove(address: Address, *needs: str, phase: Phase = Phase.RESTRICT) -> Step:
    """Remove members from a list."""
    return step("remove", Operation.REMOVE, phase, address, *needs)


def plan_of(*steps: Step, moves: SetMoves, as_of: dt.datetime = NOON, frozen: frozenset[Address] = frozenset()) -> Plan:
    """A plan of these steps; its membership is what `moves` would send."""
    lists = {address: _membership(address, moves, address in frozen) for address in {*moves.held, *moves.wanted}}
    health = SourceHealth(customers=TableHealth(rows=10), events=TableHealth(rows=20), valid_identifiers=9)
    return Plan(
        workspace="shop",
        as_of=as_of,
        lineage=None,
        structure_serial=0,
        ledger_generation=0,
        resources=(),
        membership=Membership(as_of=as_of, lists=lists, health=health),
        steps=steps,
        selection=_selection(steps),
    )


def _membership(address: Address, moves: SetMoves, frozen: bool) -> ListMembership:
    removed = len(moves.moving(address, "remove"))
    return ListMembership(
        address=address,
        before=len(moves.held.get(address, ())),
        wanted=len(moves.wanted.get(address, ())),
        added=len(moves.moving(address, "add")),
        removed_by={Cause.AGED: removed} if removed else {},
        frozen=("events are stale",) if frozen else (),
    )


def _selection(steps: tuple[Step, ...]) -> dict[Address, Chosen]:
    adding = {each.address for each in steps if each.operation is Operation.ADD}
    removing = {each.address for each in steps if each.operation is Operation.REMOVE}
    return {
        address: Chosen(add=address in adding, causes=frozenset(Cause) if address in removing else frozenset())
        for address in sorted(adding | removing)
    }
