"""Criteo's own kinds that can't become what is wanted: they step aside, and something new is made in their place.

The old one stands at an address of its own until no audience uses it and it is deleted. Both are found again whatever
becomes of the run: the old one by its id, the new one by its mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from reconciler.actual import Actual
from reconciler.desired import Desired
from reconciler.model.address import Address, criteo_id_of, old_address
from reconciler.model.algebra import canonical, renamed
from reconciler.model.kinds import Kind
from reconciler.model.remote import RemoteSegment
from reconciler.plan.targeting import Lists
from reconciler.state.snapshot import AudienceRecord, KindRecord, Snapshot

Moves = tuple[tuple[Address, Address], ...]


class Aside(NamedTuple):
    """What is and what is recorded, with the old ones moved aside; `moves` tells from where to where, in the record."""

    actual: Actual
    snapshot: Snapshot | None
    moves: Moves


def set_aside(desired: Desired, actual: Actual, snapshot: Snapshot | None) -> Aside:
    """Move everything aside that has to be replaced."""
    aside = found_aside(actual, snapshot)
    while old := tuple(_to_replace(desired, aside)):
        aside = _moved(aside, old)
    return aside


def found_aside(actual: Actual, snapshot: Snapshot | None) -> Aside:
    """Move aside in the record what a run that was cut short had replaced already."""
    if snapshot is None:
        return Aside(actual, None, ())
    recorded = {record.criteo_id: address for address, record in snapshot.kinds.items()}
    known = ((recorded.get(each.id), address) for address, each in actual.kinds.items())
    moves = tuple((old, new) for old, new in known if old is not None and old != new)
    return Aside(actual, moved_aside(snapshot, moves), moves)


def moved_aside(snapshot: Snapshot, moves: Moves) -> Snapshot:
    """The record with some of Criteo's own kinds at other addresses, wherever they are named."""
    if not moves:
        return snapshot
    to = dict(moves)
    return replace(
        snapshot,
        kinds=MappingProxyType(_renamed(snapshot.kinds, to)),
        audiences=MappingProxyType({address: _naming(each, to) for address, each in snapshot.audiences.items()}),
    )


def _renamed(kinds: Mapping[Address, KindRecord], to: Mapping[Address, Address]) -> dict[Address, KindRecord]:
    return {
        to.get(address, address): replace(each, address=to.get(address, address), kind=_growing(each.kind, to))
        for address, each in kinds.items()
    }


def _growing(kind: Kind | None, to: Mapping[Address, Address]) -> Kind | None:
    return replace(kind, seed=to.get(kind.seed, kind.seed)) if kind is not None and kind.seed is not None else kind


def _naming(record: AudienceRecord, to: Mapping[Address, Address]) -> AudienceRecord:
    include, exclude = (tuple(sorted(to.get(a, a) for a in side)) for side in (record.include, record.exclude))
    formula = canonical(renamed(record.algebra, lambda name: to.get(Address(name), name))) if record.algebra else None
    return replace(record, include=include, exclude=exclude, algebra=formula)


def _moved(aside: Aside, addresses: tuple[Address, ...]) -> Aside:
    taken = {*aside.actual.kinds, *(aside.snapshot.kinds if aside.snapshot else ())}
    moves = tuple((address, old_address(address, taken)) for address in addresses)
    to = dict(moves)
    kinds = {to.get(address, address): each for address, each in aside.actual.kinds.items()}
    recorded = tuple(move for move in moves if aside.snapshot and move[0] in aside.snapshot.kinds)
    snapshot = moved_aside(aside.snapshot, recorded) if aside.snapshot else None
    return Aside(replace(aside.actual, kinds=MappingProxyType(kinds)), snapshot, (*aside.moves, *recorded))


def _to_replace(desired: Desired, aside: Aside) -> Iterator[Address]:
    lists = Lists(aside.actual, aside.snapshot)
    for each in desired.kinds:
        remote = aside.actual.kinds.get(each.address)
        record = aside.snapshot.kinds.get(each.address) if aside.snapshot else None
        if remote is not None and not _can_become(each.kind, shown_kind(remote, record, lists)):
            yield each.address


def _can_become(wanted: Kind, shown: Kind | None) -> bool:
    """Criteo fixes the type of a segment, and the seed of a lookalike, when it is made."""
    return shown is not None and shown.name == wanted.name and shown.seed in (None, wanted.seed)


def shown_kind(remote: RemoteSegment, record: KindRecord | None, lists: Lists) -> Kind | None:
    """What a segment is: as Criteo tells it, and as recorded where Criteo tells nothing."""
    told, known = remote.kind, record.kind if record else None
    if told is None:
        return known if remote.type == "Unknown" else None
    if known is None or known.name != told.name:
        return replace(told, seed=_ours(told.seed, lists))
    return Kind.of(told.name, {**known.values, **told.values}, _ours(told.seed, lists) or known.seed)


def _ours(seed: Address | None, lists: Lists) -> Address | None:
    """A seed by our address where it is ours."""
    given = criteo_id_of(seed) if seed is not None else None
    return lists.address(given) if given is not None else seed
