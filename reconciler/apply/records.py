"""Results → records: what the snapshot says of lists and audiences after a run. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from reconciler.actual import Actual
from reconciler.apply.outcome import Result, Status
from reconciler.model.address import Address
from reconciler.model.mark import split_mark
from reconciler.model.remote import RemoteAudience, RemoteSegment
from reconciler.plan.changes import Operation, Step
from reconciler.state.snapshot import AudienceRecord, ListRecord, Snapshot

_LETS_GO = frozenset({Operation.DELETE_SEGMENT, Operation.DELETE_AUDIENCE, Operation.FORGET})


def adopt(snapshot: Snapshot, actual: Actual, doubtful: frozenset[Address], steps: Iterable[Step]) -> Snapshot:
    """Take in what bears our mark at Criteo though the snapshot doesn't know it: an earlier run made it and then died.

    `doubtful` are the addresses whose creation was in doubt; a record of one of them that names another id is replaced.
    """
    named = doubtful | {step.address for step in steps}
    segments, audiences = dict(snapshot.lists), dict(snapshot.audiences)
    for address in sorted(named & actual.segments.keys()):
        remote = actual.segments[address]
        if address not in segments or (address in doubtful and segments[address].criteo_id != remote.id):
            segments[address] = _adopted_list(address, remote)
    ids = {record.criteo_id: address for address, record in segments.items()}
    for address in sorted(named & actual.audiences.keys()):
        found = actual.audiences[address]
        if address not in audiences or (address in doubtful and audiences[address].criteo_id != found.id):
            audiences[address] = _adopted_audience(address, found, ids)
    if segments == snapshot.lists and audiences == snapshot.audiences:
        return snapshot
    return replace(snapshot, lists=MappingProxyType(segments), audiences=MappingProxyType(audiences))


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
    return AudienceRecord(
        address=address,
        criteo_id=remote.id,
        name=remote.name,
        description=split_mark(remote.description)[0],
        include=_addresses(targeting.include, ids) if targeting else (),
        exclude=_addresses(targeting.exclude, ids) if targeting else (),
    )


def _addresses(segment_ids: frozenset[str], ids: Mapping[str, Address]) -> tuple[Address, ...]:
    return tuple(sorted(ids[each] for each in segment_ids if each in ids))


def lists_after(lists: Mapping[Address, ListRecord], done: Iterable[Result]) -> dict[Address, ListRecord]:
    """The lists after the steps that are done; definitions and counts are not theirs to change."""
    after = dict(lists)
    for result in done:
        step = result.step
        if step.operation in _LETS_GO:
            after.pop(step.address, None)
        elif step.operation is Operation.CREATE_SEGMENT:
            after[step.address] = _new_list(step, result.criteo_id or "")
        elif step.operation is Operation.UPDATE_SEGMENT:
            record = after[step.address]
            after[step.address] = replace(
                record, name=step.name or record.name, description=_words(step, record.description)
            )
    return after


def _new_list(step: Step, criteo_id: str) -> ListRecord:
    return ListRecord(
        address=step.address,
        criteo_id=criteo_id,
        name=step.name or "",
        description=_words(step, None),
        definition=None,
        as_of=None,
        count=0,
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
            after[step.address] = _new_audience(step, result.criteo_id or "")
        elif step.operation is Operation.UPDATE_AUDIENCE:
            after[step.address] = _changed_audience(after[step.address], step)
        elif step.operation in {Operation.LINK, Operation.UNLINK} and step.address in after:
            after[step.address] = _linked(after[step.address], step)
    return after


def _new_audience(step: Step, criteo_id: str) -> AudienceRecord:
    return AudienceRecord(
        address=step.address,
        criteo_id=criteo_id,
        name=step.name or "",
        description=_words(step, None),
        include=step.include or (),
        exclude=step.exclude or (),
    )


def _changed_audience(record: AudienceRecord, step: Step) -> AudienceRecord:
    return replace(
        record,
        name=step.name or record.name,
        description=_words(step, record.description),
        include=step.include if step.include is not None else record.include,
        exclude=step.exclude if step.exclude is not None else record.exclude,
    )


def _linked(record: AudienceRecord, step: Step) -> AudienceRecord:
    others = {each for each in record.ad_sets if each != step.ad_set}
    linked = {str(step.ad_set)} if step.operation is Operation.LINK else set()
    return replace(record, ad_sets=tuple(sorted(others | linked)))


def _words(step: Step, before: str | None) -> str | None:
    """The description without its mark, as records keep it."""
    return split_mark(step.description)[0] if step.description is not None else before


def only_done(results: Iterable[Result]) -> tuple[Result, ...]:
    """Those that Criteo has accepted whole."""
    return tuple(result for result in results if result.status is Status.DONE)
