"""Every list's figures, counted where the people are: only numbers leave the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.membership.causes import ORDER, Inquiry, family
from reconciler.membership.counting import count_bits
from reconciler.membership.difference import additions, additions_again, removals, removals_again
from reconciler.membership.engine import Engine
from reconciler.membership.layout import Layout
from reconciler.membership.ledger import words
from reconciler.membership.left_out import count_left_out
from reconciler.membership.questions import Questions
from reconciler.membership.sql import Sql, common, some, table, without
from reconciler.membership.unions import with_unions
from reconciler.model.address import Address
from reconciler.model.membership import Cause, ListMembership, Movement

Counts = Mapping[Address, int]
NONE: Counts = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Differences:
    """Whether the join has any row at all, and whether any of them is a removal with a cause to find."""

    any: bool
    caused: bool


def look(engine: Engine, layout: Layout) -> Differences:
    """Look at the join once, so that a run without differences costs nothing more."""
    removing = exp.Filter(this=exp.func("COUNT", exp.Star()), expression=exp.Where(this=some(removals(layout))))
    rows, removed = engine.rows(select(exp.func("COUNT", exp.Star()), removing).from_(table("joined")))[0]
    return Differences(any=bool(rows), caused=bool(removed))


def tally(
    engine: Engine,
    inquiry: Inquiry,
    questions: Questions,
    differences: Differences,
    reasons: Mapping[Address, tuple[str, ...]],
) -> Mapping[Address, ListMembership]:
    """The figures of every asked list."""
    layout = inquiry.layout
    held = count_bits(engine, layout, exp.select().from_(table("ledger")), words("i", layout))
    members = with_unions(layout, questions.unions, words("w", layout))
    wanted = count_bits(engine, layout, exp.select().from_(table("members")), members)
    moving = _moving(engine, inquiry) if differences.any else dict.fromkeys(MOVES, NONE)
    by_cause = {cause: _caused(engine, layout, cause) for cause in ORDER} if differences.caused else {}
    moved = {cause: _moved(engine, layout, cause) for cause in ORDER} if differences.caused and inquiry.slices else {}
    left = count_left_out(engine, inquiry)
    return MappingProxyType(
        {
            address: ListMembership(
                address=address,
                before=held[address],
                wanted=wanted[address],
                added=moving["added"].get(address, 0),
                removed_by=_nonzero(by_cause, address),
                moved_by=_nonzero(moved, address),
                resent=_movement(moving, "added again", "removed again", address),
                by_change=_movement(moving, "change added", "change removed", address),
                by_time=_movement(moving, "time added", "time removed", address),
                left_out=MappingProxyType({why: n[address] for why, n in left.items() if n.get(address)}),
                frozen=reasons.get(address, ()),
            )
            for address in questions.addresses
        }
    )


MOVES = (
    "added",
    "added again",
    "removed again",
    "change added",
    "change removed",
    "time added",
    "time removed",
)


def _moving(engine: Engine, inquiry: Inquiry) -> dict[str, Counts]:
    layout, frozen = inquiry.layout, inquiry.frozen
    held, wanted, applied = (words(part, layout) for part in "iwa")
    counted = (
        additions(layout, frozen),
        additions_again(layout, frozen),
        removals_again(layout, frozen),
        _less(wanted, applied),
        _less(applied, wanted),
        _less(applied, held),
        _less(held, applied),
    )
    rows = exp.select().from_(table("joined"))
    return {what: count_bits(engine, layout, rows, each) for what, each in zip(MOVES, counted, strict=True)}


def _less(left: list[Sql], right: list[Sql]) -> list[Sql]:
    return [without(a, b) for a, b in zip(left, right, strict=True)]


def _caused(engine: Engine, layout: Layout, cause: Cause) -> Counts:
    return count_bits(engine, layout, exp.select().from_(table("causes")), words(family(cause), layout))


def _moved(engine: Engine, layout: Layout, cause: Cause) -> Counts:
    both = [common(a, b) for a, b in zip(words(family(cause), layout), words("moved", layout), strict=True)]
    return count_bits(engine, layout, exp.select().from_(table("causes")), both)


def _nonzero(by_cause: Mapping[Cause, Counts], address: Address) -> Mapping[Cause, int]:
    return MappingProxyType({cause: n[address] for cause, n in by_cause.items() if n.get(address)})


def _movement(moving: Mapping[str, Counts], added: str, removed: str, address: Address) -> Movement:
    return Movement(moving[added].get(address, 0), moving[removed].get(address, 0))
