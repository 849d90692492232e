"""Ad sets: which audience each should carry, and which it carries now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.actual import Actual
from reconciler.desired import DesiredAudience
from reconciler.model.address import Address, ad_set_address
from reconciler.model.remote import RemoteAudience
from reconciler.plan.changes import AttributeChange, Block, set_lines
from reconciler.state.snapshot import AudienceRecord, Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """Links of one audience to make and undo, by ad-set id; `taken` are undone by linking another audience of ours.
    `record` is what our record should say where it is wrong without any step to mend it.
    """

    link: frozenset[str] = frozenset()
    unlink: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    record: tuple[str, ...] | None = None
    attributes: tuple[AttributeChange, ...] = ()
    drift: tuple[AttributeChange, ...] = ()
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The moment of the plan and the zone of its calendar days."""

    as_of: dt.datetime
    time_zone: str


def carried_by(remote: RemoteAudience | None, actual: Actual) -> frozenset[str]:
    """The ad sets that carry an audience."""
    if remote is None:
        return frozenset()
    return remote.ad_sets | {ad_set for ad_set, audience in actual.ad_set_audience.items() if audience == remote.id}


def compare_links(audience: DesiredAudience, actual: Actual, snapshot: Snapshot, clock: Clock) -> Links:
    """Wanted × recorded × at Criteo. Outside the audience's period no link is wanted.

    Where ad sets are declared they are compared as a set; where none is, we undo only links that we made ourselves.
    """
    remote, record = actual.audiences.get(audience.address), snapshot.audiences.get(audience.address)
    active = audience.active is None or audience.active.holds(clock.as_of, clock.time_zone)
    wanted = frozenset(audience.ad_sets if active else ())
    carried, recorded = carried_by(remote, actual), frozenset(record.ad_sets if record else ())
    surplus = carried - wanted
    blocks = tuple(_blocks(audience.address, wanted - carried, actual, snapshot))
    link = wanted - carried - {block_id for block_id, _ in blocks}
    unlink = surplus if audience.ad_sets else surplus & recorded
    after = (carried & wanted) | link
    return Links(
        link=link,
        unlink=unlink,
        record=tuple(sorted(after)) if (recorded | link) - unlink != after else None,
        attributes=_lines(frozenset(unlink), link),
        drift=_lines(recorded - carried, carried - recorded) if _drifted(record, remote, audience) else (),
        blocks=tuple(block for _, block in blocks),
    )


def _drifted(record: AudienceRecord | None, remote: RemoteAudience | None, audience: DesiredAudience) -> bool:
    return bool(record and remote and audience.ad_sets)


def _lines(before: frozenset[str], after: frozenset[str]) -> tuple[AttributeChange, ...]:
    return tuple(set_lines("ad_sets", frozenset(map(ad_set_address, before)), frozenset(map(ad_set_address, after))))


def _blocks(
    address: Address, ad_sets: frozenset[str], actual: Actual, snapshot: Snapshot
) -> Iterator[tuple[str, Block]]:
    for ad_set in sorted(ad_sets):
        reason = _reason(ad_set, actual, snapshot)
        if reason:
            yield ad_set, Block(address, "ad_set", reason)


def _reason(ad_set: str, actual: Actual, snapshot: Snapshot) -> str | None:
    name = ad_set_address(ad_set)
    if ad_set not in actual.ad_sets:
        return f"{name} is not an ad set of this advertiser; mend its id in `ad_sets`, or take it out"
    carrier = actual.ad_set_audience.get(ad_set)
    if carrier is None or _linked_by_us(ad_set, carrier, actual, snapshot):
        return None
    return (
        f"{name} carries audience {carrier}, which we did not link; undo that link at Criteo, or take the ad set out "
        f"of `ad_sets` (taking it over is not supported yet)"
    )


def _linked_by_us(ad_set: str, carrier: str, actual: Actual, snapshot: Snapshot) -> bool:
    ours = next((address for address, remote in actual.audiences.items() if remote.id == carrier), None)
    record = snapshot.audiences.get(ours) if ours else None
    return record is not None and ad_set in record.ad_sets
