"""How steps are named and made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconciler.model.address import Address, ad_set_address
from reconciler.plan.changes import Operation, Phase, Step
from reconciler.plan.words import Words


def step_id(verb: str, address: Address, ad_set: str | None = None) -> str:
    """`add segment.x`, `restrict audience.y`, `link audience.y ad_set["1"]`: the same in every plan."""
    return f"{verb} {address}" + (f" {ad_set_address(ad_set)}" if ad_set else "")


def new_step(
    verb: str, operation: Operation, phase: Phase, address: Address, needs: frozenset[str] = frozenset()
) -> Step:
    """A step with nothing said of what it does."""
    return Step(id=step_id(verb, address), operation=operation, phase=phase, address=address, needs=needs)


def parting(address: Address, words: Words, update: Operation, needs: frozenset[str] = frozenset()) -> Iterator[Step]:
    """Let go of a resource: first our mark goes, so that nobody takes it for ours, then our record of it."""
    if words.description is not None:
        unmark = new_step("unmark", update, Phase.DELETE, address, needs)
        yield replace(unmark, description=words.description)
        needs |= {unmark.id}
    yield new_step("forget", Operation.FORGET, Phase.DELETE, address, needs)
