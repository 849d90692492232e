"""Results → records: what the snapshot says of lists and audiences after a run. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from reconciler.actual import Actual
from reconciler.apply.outcome import Result
from reconciler.model.address import Address
from reconciler.model.mark import split_mark
from reconciler.model.remote import RemoteAudience, RemoteSegment
from reconciler.plan.changes import Operation, Step
from reconciler.plan.replacing import shown_kind
from reconciler.plan.targeting import Algebra, Lists
from reconciler.state.snapshot import AudienceRecord, KindRecord, ListRecord, Snapshot

R = TypeVar("R")

_LETS_GO = frozenset({Operation.DELETE_SEGMENT, Operation.DELETE_AUDIENCE, Operation.FORGET})
_TELLS = frozenset({Operation.UPDATE_SEGMENT, Operation.UPDATE_AUDIENCE, Operation.RECORD})
_LINKS = frozenset({Operation.LINK, Operation.UNLINK})


def adopt(snapshot: Snapshot, actual: Actual, doubtful: frozenset[Address], steps: Iterable[Step]) -> Snapshot:
    """Take in what bears our mark at Criteo though the snapshot doesn't know it: an earlier run made it and then died.

    `doubtful` are the addresses whose creation was in doubt; those that the steps name are taken in as well.
    """
    named = doubtful | {step.address for step in steps}
    lists, kinds, audiences = dict(snapshot.lists), dict(snapshot.kinds), dict(snapshot.audiences)
    for address in sorted((named & actual.segments.keys()) - lists.keys()):
        lists[address] = _adopted_list(address, actual.segments[address])
    ids = Lists(actual, snapshot)
    for address in sorted((named & actual.kinds.keys()) - kinds.keys()):
        kinds[address] = _adopted_kind(address, actual.kinds[address], ids)
    for address in sorted((named & actual.audiences.keys()) - audiences.keys()):
        audiences[address] = _adopted_audience(address, actual.audiences[address], ids)
    return replace(
        snapshot,
        lists=MappingProxyType(lists),
        kinds=MappingProxyType(kinds),
        audiences=MappingProxyType(audiences),
    )


def _adopted_kind(address: Address, remote: RemoteSegment, ids: Lists) -> KindRecord:
    kind = shown_kind(remote, None, ids)
    return KindRecord(
        address=address,
        criteo_id=remote.id,
        name=remote.name,
        description=split_mark(remote.description)[0],
        kind=kind.said() if kind else None,
    )


def _adopted_list(address: Address, remote: RemoteSegment) -> ListRecord:
    return ListRecord(
        address=address,
        criteo_id=remote.id,
        name=remote.name,
        description=split_mark(remote.description)[0],
        definition=None,
        as_of=None,
        count=0,
    )


def _adopted_audience(address: Address, remote: RemoteAudience, ids: Lists) -> AudienceRecord:
    algebra = ids.known(remote) or Algebra()
    return AudienceRecord(
        address=address,
        criteo_id=remote.id,
        name=remote.name,
        description=split_mark(remote.description)[0],
        include=tuple(sorted(algebra.include)),
        exclude=tuple(sorted(algebra.exclude)),
        algebra=algebra.formula,
    )


def lists_after(lists: Mapping[Address, ListRecord], done: Iterable[Result]) -> dict[Address, ListRecord]:
    """The lists after the steps that are done; counts and clocks are not theirs to change."""
    after = dict(lists)
    for result in done:
        creates = result.step.operation is Operation.CREATE_SEGMENT and result.step.kind is None
        _take(after, result, _new_list if creates else None, _told)
    return after


def kinds_after(kinds: Mapping[Address, KindRecord], done: Iterable[Result]) -> dict[Address, KindRecord]:
    """The segments of Criteo's own kinds after the steps that are done."""
    after = dict(kinds)
    for result in done:
        creates = result.step.operation is Operation.CREATE_SEGMENT and result.step.kind is not None
        _take(after, result, _new_kind if creates else None, _told_kind)
    return after


def _take(
    records: dict[Address, R], result: Result, new: Callable[[Address, str], R] | None, told: Callable[[R, Step], R]
) -> None:
    """Change the record of what a step is about: `new` makes it, unless None, and `told` says what Criteo was told."""
    step = result.step
    if step.operation in _LETS_GO:
        records.pop(step.address, None)
    elif new is not None:
        records[step.address] = told(new(step.address, result.criteo_id or ""), step)
    elif step.operation in _TELLS and step.address in records:
        records[step.address] = told(records[step.address], step)


def _new_kind(address: Address, criteo_id: str) -> KindRecord:
    return KindRecord(address=address, criteo_id=criteo_id, name="", description=None, kind=None)


def _told_kind(record: KindRecord, step: Step) -> KindRecord:
    return replace(
        record,
        name=step.name or record.name,
        description=_words(step, record.description),
        kind=step.kind or record.kind,
    )


def _new_list(address: Address, criteo_id: str) -> ListRecord:
    return ListRecord(
        address=address, criteo_id=criteo_id, name="", description=None, definition=None, as_of=None, count=0
    )


def _told(record: ListRecord, step: Step) -> ListRecord:
    return replace(
        record,
        name=step.name or record.name,
        description=_words(step, record.description),
        definition=step.definition or record.definition,
    )


def audiences_after(
    audiences: Mapping[Address, AudienceRecord], done: Iterable[Result]
) -> dict[Address, AudienceRecord]:
    """The audiences after the steps that are done."""
    after = dict(audiences)
    for result in done:
        step = result.step
        if step.operation in _LINKS:
            after = {address: _linked(record, step) for address, record in after.items()}
        _take(after, result, _new_audience if step.operation is Operation.CREATE_AUDIENCE else None, _changed)
    return after


def _new_audience(address: Address, criteo_id: str) -> AudienceRecord:
    return AudienceRecord(address=address, criteo_id=criteo_id, name="", description=None, include=(), exclude=())


def _changed(record: AudienceRecord, step: Step) -> AudienceRecord:
    return replace(
        record,
        name=step.name or record.name,
        description=_words(step, record.description),
        include=step.include if step.include is not None else record.include,
        exclude=step.exclude if step.exclude is not None else record.exclude,
        algebra=step.algebra if step.include is not None else record.algebra,
        ad_sets=step.ad_sets if step.ad_sets is not None else record.ad_sets,
    )


def _linked(record: AudienceRecord, step: Step) -> AudienceRecord:
    """An ad set carries one audience or none: what becomes of its link is so for every record."""
    others = {each for each in record.ad_sets if each != step.ad_set}
    if step.operation is Operation.LINK and step.address == record.address:
        others |= {str(step.ad_set)}
    return replace(record, ad_sets=tuple(sorted(others)))


def _words(step: Step, before: str | None) -> str | None:
    """The description without its mark, as records keep it."""
    return split_mark(step.description)[0] if step.description is not None else before
