"""Results → records: what the snapshot says of lists and audiences after a run. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from reconciler.actual import Actual
from reconciler.apply.outcome import Result
from reconciler.model.address import Address
from reconciler.model.algebra import canonical, renamed
from reconciler.model.mark import split_mark
from reconciler.model.remote import RemoteAudience, RemoteSegment
from reconciler.plan.changes import Operation, Step
from reconciler.state.snapshot import AudienceRecord, ListRecord, Snapshot

_LETS_GO = frozenset({Operation.DELETE_SEGMENT, Operation.DELETE_AUDIENCE, Operation.FORGET})
_TELLS = frozenset({Operation.UPDATE_SEGMENT, Operation.UPDATE_AUDIENCE, Operation.RECORD})
_LINKS = frozenset({Operation.LINK, Operation.UNLINK})


def adopt(snapshot: Snapshot, actual: Actual, doubtful: frozenset[Address], steps: Iterable[Step]) -> Snapshot:
    """Take in what bears our mark at Criteo though the snapshot doesn't know it: an earlier run made it and then died.

    `doubtful` are the addresses whose creation was in doubt; those that the steps name are taken in as well.
    """
    named = doubtful | {step.address for step in steps}
    lists, audiences = dict(snapshot.lists), dict(snapshot.audiences)
    for address in sorted((named & actual.segments.keys()) - lists.keys()):
        lists[address] = _adopted_list(address, actual.segments[address])
    ids = {record.criteo_id: address for address, record in lists.items()}
    for address in sorted((named & actual.audiences.keys()) - audiences.keys()):
        audiences[address] = _adopted_audience(address, actual.audiences[address], ids)
    return replace(snapshot, lists=MappingProxyType(lists), audiences=MappingProxyType(audiences))


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


def _adopted_audience(address: Address, remote: RemoteAudience, ids: Mapping[str, Address]) -> AudienceRecord:
    targeting = remote.targeting
    known = targeting is not None and targeting.include | targeting.exclude <= ids.keys()
    formula = targeting.algebra if targeting and known else None
    return AudienceRecord(
        address=address,
        criteo_id=remote.id,
        name=remote.name,
        description=split_mark(remote.description)[0],
        include=_addresses(targeting.include, ids) if targeting else (),
        exclude=_addresses(targeting.exclude, ids) if targeting else (),
        algebra=canonical(renamed(formula, ids.__getitem__)) if formula else None,
    )


def _addresses(segment_ids: frozenset[str], ids: Mapping[str, Address]) -> tuple[Address, ...]:
    return tuple(sorted(ids[each] for each in segment_ids if each in ids))


def lists_after(lists: Mapping[Address, ListRecord], done: Iterable[Result]) -> dict[Address, ListRecord]:
    """The lists after the steps that are done; counts and clocks are not theirs to change."""
    after = dict(lists)
    for result in done:
        step = result.step
        if step.operation in _LETS_GO:
            after.pop(step.address, None)
        elif step.operation is Operation.CREATE_SEGMENT:
            after[step.address] = _told(_new_list(step.address, result.criteo_id or ""), step)
        elif step.operation in _TELLS and step.address in after:
            after[step.address] = _told(after[step.address], step)
    return after


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
        if step.operation in _LETS_GO:
            after.pop(step.address, None)
        elif step.operation is Operation.CREATE_AUDIENCE:
            after[step.address] = _changed(_new_audience(step.address, result.criteo_id or ""), step)
        elif step.operation in _TELLS and step.address in after:
            after[step.address] = _changed(after[step.address], step)
        elif step.operation in _LINKS:
            after = {address: _linked(record, step) for address, record in after.items()}
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
