"""Names at Criteo are unique: who bears a wanted one, and what follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from reconciler.model.address import Address
from reconciler.plan.changes import Block
from reconciler.plan.words import quoted

Noun = Literal["segment", "audience"]


@dataclass(frozen=True, slots=True)
class Naming:
    """The names that can't be had, and which renaming has to wait for which other."""

    blocks: Mapping[Address, Block]
    waits: Mapping[Address, Address]


def judge_names(
    wants: Mapping[Address, str], held: Mapping[Address, str], foreign: Collection[str], noun: Noun
) -> Naming:
    """`wants` are names to be given, `held` the names that our own resources bear now, `foreign` everybody else's."""
    bearers = {name: address for address, name in held.items()}
    waits = {address: bearers[name] for address, name in wants.items() if bearers.get(name, address) != address}
    blocks = {}
    for address, name in wants.items():
        reason = _foreign(name, noun) if name in foreign else _ours(address, name, wants, waits)
        if reason:
            blocks[address] = Block(address, "name", reason)
    blocks |= _stuck(wants, waits, blocks)
    return Naming(blocks, {address: other for address, other in waits.items() if address not in blocks})


def _stuck(
    wants: Mapping[Address, str], waits: Mapping[Address, Address], blocks: Mapping[Address, Block]
) -> dict[Address, Block]:
    """Whoever waits for a name whose bearer can't be renamed can't have it either, and so on along the line."""
    stuck: dict[Address, Block] = {}
    while more := [each for each in waits if waits[each] in {*blocks, *stuck} and each not in {*blocks, *stuck}]:
        for address in more:
            reason = f"{waits[address]} bears the name {quoted(wants[address])}, and its own renaming is blocked"
            stuck[address] = Block(address, "name", reason)
    return stuck


def _foreign(name: str, noun: Noun) -> str:
    article = "an" if noun == "audience" else "a"
    return (
        f"the name {quoted(name)} belongs to {article} {noun} at Criteo that is not ours; give this one another "
        f"`name`, or rename or delete theirs at Criteo (adopting it is not supported yet)"
    )


def _ours(address: Address, name: str, wants: Mapping[Address, str], waits: Mapping[Address, Address]) -> str | None:
    other = waits.get(address)
    if other is None:
        return None
    if other not in wants:
        return (
            f"{other} bears the name {quoted(name)} until it is gone; give this one another `name` for now, or let "
            f"{other} go first and apply before you add this one"
        )
    if _in_a_ring(address, waits):
        return (
            f"{quoted(name)} is the name of {other}, and these renamings go round in a ring; go by way of a third name"
        )
    return None


def _in_a_ring(address: Address, waits: Mapping[Address, Address]) -> bool:
    seen: set[Address] = set()
    at: Address | None = address
    while at is not None and at not in seen:
        seen.add(at)
        at = waits.get(at)
    return at is not None
