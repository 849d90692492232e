"""What the workspace asks for and no apply has done yet, by the state alone: what somebody did at Criteo is no part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.desired import Desired, DesiredAudience, DesiredKind, DesiredList, DesiredSegment
from reconciler.model.address import Address
from reconciler.model.mark import split_mark
from reconciler.plan.kind_diff import kind_lines
from reconciler.plan.links import Clock
from reconciler.plan.targeting import Algebra
from reconciler.state.snapshot import AudienceRecord, KindRecord, ListRecord, Snapshot


def unapplied(desired: Desired, snapshot: Snapshot | None, clock: Clock) -> Mapping[Address, tuple[str, ...]]:
    """Every resource that is not as it was applied last, with what of it waits."""
    lists, kinds, audiences = (snapshot.lists, snapshot.kinds, snapshot.audiences) if snapshot else ({}, {}, {})
    found = {
        **{
            each.address: tuple(_of_list(segment, each, lists.get(each.address)))
            for segment in desired.kept
            for each in segment.lists
        },
        **{each.address: tuple(_of_kind(each, kinds.get(each.address))) for each in desired.kinds},
        **{each.address: tuple(_of_audience(each, audiences.get(each.address), clock)) for each in desired.audiences},
    }
    unsaid = dict.fromkeys({*lists, *kinds, *audiences} - found.keys(), ("to be removed",))
    return {address: what for address, what in sorted({**found, **unsaid}.items()) if what}


def _of_list(segment: DesiredSegment, each: DesiredList, record: ListRecord | None) -> Iterator[str]:
    if record is None:
        yield "to be made"
        return
    yield from _words(each.name, segment.description, record)
    if record.definition != segment.definition:
        yield "definition"


def _of_kind(each: DesiredKind, record: KindRecord | None) -> Iterator[str]:
    if record is None:
        yield "to be made"
        return
    yield from _words(each.name, each.description, record)
    if record.kind is None or kind_lines(each.kind, record.kind, record.kind):
        yield "definition"


def _of_audience(audience: DesiredAudience, record: AudienceRecord | None, clock: Clock) -> Iterator[str]:
    if record is None:
        yield "to be made"
        return
    yield from _words(audience.name, audience.description, record)
    sent = Algebra.of(audience.sent) if audience.sent else _targets(audience)
    if not sent.means(_targets(record)):
        yield "segments"
    active = audience.active is None or audience.active.holds(clock.as_of, clock.time_zone)
    if set(audience.ad_sets if active else ()) != set(record.ad_sets):
        yield "ad sets"


def _targets(each: DesiredAudience | AudienceRecord) -> Algebra:
    return Algebra(frozenset(each.include), frozenset(each.exclude), each.algebra)


def _words(name: str, description: str | None, record: ListRecord | KindRecord | AudienceRecord) -> Iterator[str]:
    if name != record.name:
        yield "name"
    if description != split_mark(record.description)[0]:
        yield "description"
