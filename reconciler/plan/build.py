"""Stage 5: what is wanted, what is and who belongs → a plan. Pure: the same values give the same plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from reconciler.actual import Actual
from reconciler.desired import Desired
from reconciler.model.membership import Chosen, Membership, Selection
from reconciler.model.settings import Settings
from reconciler.plan.apart import expired, keep_apart
from reconciler.plan.audience_diff import AudienceDifference, compare_audiences, recorded_audiences
from reconciler.plan.calls import estimate_calls
from reconciler.plan.changes import Action, Block, Operation, Plan, ResourceChange, Step
from reconciler.plan.diff import resources
from reconciler.plan.difference import ListDifference
from reconciler.plan.guarded import applied_segments, wanted_segments
from reconciler.plan.guards import Guarded, check_clock, judge
from reconciler.plan.kind_notes import drained_seeds
from reconciler.plan.links import Clock
from reconciler.plan.list_diff import compare_lists, recorded_lists
from reconciler.plan.named import check_named
from reconciler.plan.order import order
from reconciler.plan.removal import check_declared, declared
from reconciler.plan.steps import Work, draft
from reconciler.plan.targeting import Lists, usage
from reconciler.state.snapshot import Snapshot


def build(
    desired: Desired,
    actual: Actual,
    snapshot: Snapshot | None,
    membership: Membership,
    *,
    skew: dt.timedelta | None = None,
) -> Plan:
    """The plan of `plan` and `apply`.

    `membership` answers `ask`; what is to be replaced has been set aside in `actual` and `snapshot`; `skew` is how far
    this machine's clock is ahead of Criteo's, None where the user gave `as_of`. Raises Blocked for a clock that can't
    be right, WorkspaceInvalid for something of ours that the workspace neither asks for nor removes, and for something
    it names that is not there.
    """
    held = snapshot or _nothing(desired)
    check_clock(membership.as_of, held.as_of, skew)
    check_declared(
        desired, (*held.lists, *held.kinds, *held.audiences, *actual.segments, *actual.kinds, *actual.audiences)
    )
    check_named(desired, actual)
    clock = Clock(as_of=membership.as_of, time_zone=desired.settings.time_zone)
    lists = compare_lists(desired, actual, held)
    audiences = compare_audiences(desired, actual, held, clock)
    segments = wanted_segments(desired, lists, membership)
    plan = _plan(_Inputs(desired, actual, held, membership), lists, audiences, segments)
    over = expired(desired.approvals, membership.as_of, desired.settings.time_zone)
    notes = (*plan.notes, *_notes(desired, actual, held), *drained_seeds(desired, membership.as_of), *over)
    return replace(plan, lineage=snapshot.lineage if snapshot else None, notes=notes)


def build_sync(
    desired: Desired,
    actual: Actual,
    snapshot: Snapshot,
    membership: Membership,
    *,
    skew: dt.timedelta | None = None,
) -> Plan:
    """The plan of `sync`: members alone, by the applied definitions.

    `membership` answers `ask_applied`; of `desired` only the settings and the limits of guards count, and what of it
    is not applied yet is noted. Raises Blocked for a clock that can't be right.
    """
    check_clock(membership.as_of, snapshot.as_of, skew)
    clock = Clock(as_of=membership.as_of, time_zone=desired.settings.time_zone)
    lists = recorded_lists(actual, snapshot)
    audiences = recorded_audiences(actual, snapshot)
    segments = applied_segments(desired, snapshot, lists, membership)
    plan = _plan(_Inputs(desired, actual, snapshot, membership), lists, audiences, segments)
    wanted: tuple[ListDifference | AudienceDifference, ...] = (
        *compare_lists(desired, actual, snapshot),
        *compare_audiences(desired, actual, snapshot, clock),
    )
    pending = _unapplied(desired, snapshot, wanted)
    notes = (*plan.notes, *pending, *drained_seeds(desired, membership.as_of))
    return replace(plan, lineage=snapshot.lineage, notes=notes)


def _nothing(desired: Desired) -> Snapshot:
    return Snapshot(workspace=desired.settings.workspace, lineage="")


class _Inputs(NamedTuple):
    desired: Desired
    actual: Actual
    snapshot: Snapshot
    membership: Membership


def _plan(
    given: _Inputs,
    lists: tuple[ListDifference, ...],
    audiences: tuple[AudienceDifference, ...],
    segments: Iterable[Guarded],
) -> Plan:
    settings = given.desired.settings
    algebras = {each.address: each.algebra for each in audiences}
    used = usage(algebras, given.actual, Lists(given.actual, given.snapshot))
    verdict, said = keep_apart(judge(segments, settings.guards, used), given.desired, given.membership, used)
    work = Work(
        lists=lists,
        audiences=audiences,
        membership=given.membership,
        selection=verdict.selection,
        stopped=verdict.stopped,
        usage=used,
        apart=given.desired.apart,
    )
    ordered = order(draft(work))
    blocks = (*_structural(lists, audiences), *verdict.blocks, *ordered.blocks)
    found = resources(lists, audiences, ordered.steps, blocks)
    shown = tuple(_shown(found, ordered.steps))
    return Plan(
        workspace=settings.workspace,
        as_of=given.membership.as_of,
        lineage=None,
        structure_serial=given.snapshot.structure_serial,
        ledger_generation=given.snapshot.ledger_generation,
        resources=shown,
        membership=given.membership,
        steps=ordered.steps,
        selection=_selection(ordered.steps, verdict.selection),
        blocks=tuple(sorted(blocks, key=lambda block: (block.guard == "dependency", block.address, block.guard))),
        notes=tuple(said),
        cycles=ordered.cycles,
        calls=estimate_calls(ordered.steps, given.actual, _types(settings)) if ordered.steps else 0,
        calls_per_minute=settings.criteo.calls_per_minute,
        unchanged=len(found) - len(shown),
    )


def _structural(lists: tuple[ListDifference, ...], audiences: tuple[AudienceDifference, ...]) -> Iterator[Block]:
    differences: tuple[ListDifference | AudienceDifference, ...] = (*lists, *audiences)
    return (block for each in differences for block in each.blocks)


def _types(settings: Settings) -> int:
    return len({each.type for each in settings.source.customers.identifiers})


def _shown(found: Iterable[ResourceChange], steps: Iterable[Step]) -> Iterator[ResourceChange]:
    moving = {step.address for step in steps}
    for each in found:
        if each.action is not Action.NONE or each.blocks or each.drift or each.address in moving:
            yield each


def _selection(steps: Iterable[Step], verdict: Selection) -> Selection:
    """The verdict, as far as steps are left that carry it out."""
    adding, removing = set(), set()
    for step in steps:
        if step.operation is Operation.ADD:
            adding.add(step.address)
        elif step.operation is Operation.REMOVE:
            removing.add(step.address)
    return {
        address: Chosen(add=address in adding, causes=verdict[address].causes if address in removing else frozenset())
        for address in sorted(adding | removing)
    }


def _notes(desired: Desired, actual: Actual, snapshot: Snapshot) -> Iterator[str]:
    said = declared(desired)
    for address in sorted(actual.gone & said.addresses & {*snapshot.audiences, *snapshot.kinds}):
        yield f"{address} is no longer at Criteo and is made anew."
    held = {*snapshot.lists, *snapshot.kinds, *snapshot.audiences}
    held |= {*actual.segments, *actual.kinds, *actual.audiences}
    for entry in desired.removed:
        if not any(address == entry.address or address.startswith(f"{entry.address}.") for address in held):
            yield f"{entry.address} is gone: its entry in `removed` can go too."


def _unapplied(
    desired: Desired, snapshot: Snapshot, wanted: Iterable[ListDifference | AudienceDifference]
) -> Iterator[str]:
    said = declared(desired)
    pending = {each.address for each in wanted if each.action is not Action.NONE}
    unsaid = {*snapshot.lists, *snapshot.kinds, *snapshot.audiences} - said.addresses
    for address in sorted(pending | unsaid):
        yield f"{address} differs from the workspace; that waits for an apply."
