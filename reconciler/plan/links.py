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


def compare_links(
    audience: DesiredAudience, declaring: frozenset[Address], actual: Actual, snapshot: Snapshot, clock: Clock
) -> Links:
    """Wanted × recorded × at Criteo. Outside the audience's period no link is wanted.

    Where ad sets are declared they are compared as a set; where none is, we undo only links that we made ourselves.
    `declaring` are all audiences that declare theirs: what such a one carries besides is undone, and so may be taken.
    """
    remote, record = actual.audiences.get(audience.address), snapshot.audiences.get(audience.address)
    active = audience.active is None or audience.active.holds(clock.as_of, clock.time_zone)
    wanted = frozenset(audience.ad_sets if active else ())
    carried, recorded = carried_by(remote, actual), frozenset(record.ad_sets if record else ())
    surplus = carried - wanted
    blocks = tuple(_blocks(audience.address, wanted - carried, _Carriers(declaring, actual, snapshot)))
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


@dataclass(frozen=True, slots=True)
class _Carriers:
    """Which audience carries an ad set, and whether that link is ours to undo."""

    declaring: frozenset[Address]
    actual: Actual
    snapshot: Snapshot

    def is_foreign(self, ad_set: str) -> bool:
        """Whether somebody else's link would be undone."""
        carrier = self.actual.ad_set_audience.get(ad_set)
        if carrier is None:
            return False
        ours = next((address for address, remote in self.actual.audiences.items() if remote.id == carrier), None)
        record = self.snapshot.audiences.get(ours) if ours else None
        return not (ours in self.declaring or (record is not None and ad_set in record.ad_sets))


def _blocks(address: Address, ad_sets: frozenset[str], carriers: _Carriers) -> Iterator[tuple[str, Block]]:
    for ad_set in sorted(ad_sets):
        reason = _reason(ad_set, carriers)
        if reason:
            yield ad_set, Block(address, "ad_set", reason)


def _reason(ad_set: str, carriers: _Carriers) -> str | None:
    name, actual = ad_set_address(ad_set), carriers.actual
    if ad_set not in actual.ad_sets:
        return f"{name} is not an ad set of this advertiser; mend its id in `ad_sets`, or take it out"
    if not carriers.is_foreign(ad_set):
        return None
    return (
        f"{name} carries audience {actual.ad_set_audience[ad_set]}, which we did not link; undo that link at Criteo, "
        f"or take the ad set out of `ad_sets` (taking it over is not supported yet)"
    )
