"""Steps of Criteo's own kinds: made, changed, renamed once what they replace has gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.model.address import Address
from reconciler.model.membership import Membership
from reconciler.plan.changes import Action, Operation, Phase, Step
from reconciler.plan.difference import ListDifference
from reconciler.plan.kind_diff import KindEdit
from reconciler.plan.narrowing import Reach
from reconciler.plan.step import new_step, step_id
from reconciler.plan.targeting import Usage

MADE = frozenset({Action.CREATE, Action.REPLACE})


def restricting_changes(differences: Iterable[ListDifference], used: Usage) -> frozenset[Address]:
    """The segments whose change leaves fewer people targeted wherever that can be told: narrower ones that are included
    (or used nowhere), wider ones that are excluded. What can't be told counts as loosening.
    """
    return frozenset(
        each.address
        for each in differences
        if each.kind and each.kind.changes and _restricts(each.kind, each.address, used)
    )


def _restricts(kind: KindEdit, address: Address, used: Usage) -> bool:
    if kind.reach is Reach.NARROWER:
        return used.restricts_by_removal(address)
    return kind.reach is Reach.WIDER and used.restricts_by_addition(address)


def first_fills(membership: Membership) -> frozenset[Address]:
    """The lists that hold nobody yet: what grows from one waits until it holds somebody."""
    return frozenset(address for address, each in membership.lists.items() if not each.before)


def kind_steps(
    each: ListDifference,
    kind: KindEdit,
    *,
    waits: frozenset[str],
    fills: frozenset[Address],
    loosens: frozenset[str] | None,
) -> Iterator[Step]:
    """The steps of one segment that is wanted. `waits` are the renamings that come first; `fills` are lists that hold
    nobody yet; `loosens` are the steps that a loosening change waits for, None where the change restricts.
    """
    words = each.words
    if each.action in MADE:
        step = new_step("create", Operation.CREATE_SEGMENT, Phase.CREATE, each.address, waits | _of_seed(kind, fills))
        yield replace(step, name=words.name, description=words.description, kind=kind.kind)
    elif words.name is not None or words.description is not None:
        step = new_step("update", Operation.UPDATE_SEGMENT, Phase.CREATE, each.address, waits)
        yield replace(step, name=words.name, description=words.description)
    if kind.changes:
        phase = Phase.RESTRICT if loosens is None else Phase.LOOSEN
        step = new_step("change", Operation.UPDATE_SEGMENT, phase, each.address, loosens or frozenset())
        yield replace(step, kind=kind.kind, changes=kind.changes)
    yield from _renaming(each, kind)
    yield from _record(each, kind)


def _of_seed(kind: KindEdit, fills: frozenset[Address]) -> frozenset[str]:
    seed = kind.kind.seed if kind.kind else None
    if seed is None:
        return frozenset()
    return frozenset({step_id("create", seed)} | ({step_id("add", seed)} if seed in fills else set()))


def _renaming(each: ListDifference, kind: KindEdit) -> Iterator[Step]:
    if kind.rename is not None and kind.after is not None:
        needs = frozenset({step_id("create", each.address), step_id("delete", kind.after)})
        yield replace(new_step("rename", Operation.UPDATE_SEGMENT, Phase.DELETE, each.address, needs), name=kind.rename)


def _record(each: ListDifference, kind: KindEdit) -> Iterator[Step]:
    if each.action in MADE or not (kind.is_stale or each.words.stale):
        return
    needs = frozenset(step_id(verb, each.address) for verb in ("update", "change"))
    step = new_step("record", Operation.RECORD, Phase.LOOSEN, each.address, needs)
    step = replace(step, kind=kind.kind) if kind.is_stale else step
    yield replace(step, name=each.name, description=each.words.record) if each.words.stale else step


def departures(kinds: Mapping[Address, list[Address]], address: Address) -> frozenset[str]:
    """A seed goes after the lookalikes that grow from it."""
    return frozenset(step_id("delete", each) for each in kinds.get(address, ()))
