"""Stage 4: what Criteo lists, joined with the snapshot by address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Generic, TypeVar

from reconciler.criteo.client import CriteoClient
from reconciler.desired import Desired
from reconciler.errors import Blocked, NotAuthorised, StateError
from reconciler.model.address import Address, old_address
from reconciler.model.mark import Mark, split_mark
from reconciler.model.remote import RemoteAdSet, RemoteAudience, RemoteSegment
from reconciler.state.snapshot import Snapshot

_TOLD = 5
"""Advertisers that a message names at most."""

R = TypeVar("R", bound=RemoteSegment | RemoteAudience)


@dataclass(frozen=True, kw_only=True, slots=True)
class Actual:
    """What is ours at Criteo, by address, and whose the other names are.

    `kinds` are segments of Criteo's own kinds; one that is being replaced stands at the address of an old one. `ids`
    are all segments of the advertiser. `foreign_segments` and `foreign_audiences` map a name to a resource without our
    mark; `ad_set_audience` tells which audience id an ad set carries. `gone` are addresses of the snapshot that Criteo
    no longer has.
    """

    segments: Mapping[Address, RemoteSegment]
    audiences: Mapping[Address, RemoteAudience]
    foreign_segments: Mapping[str, RemoteSegment]
    foreign_audiences: Mapping[str, RemoteAudience]
    ad_sets: Mapping[str, RemoteAdSet]
    ad_set_audience: Mapping[str, str]
    gone: frozenset[Address]
    kinds: Mapping[Address, RemoteSegment] = field(default_factory=lambda: MappingProxyType({}))
    ids: Mapping[str, RemoteSegment] = field(default_factory=lambda: MappingProxyType({}))

    def ours(self) -> Iterator[RemoteSegment | RemoteAudience]:
        """Every segment and audience of ours."""
        yield from self.segments.values()
        yield from self.kinds.values()
        yield from self.audiences.values()


def refresh(client: CriteoClient, desired: Desired, snapshot: Snapshot | None) -> Actual:
    """Read Criteo and tell what of it is ours.

    Ours is what the snapshot knows by its id, whatever somebody made of its name and description since, and what bears
    our mark and was being created when a run ended. Raises StateError when something else bears our mark, since its
    ledger is missing then, and Blocked when another workspace's mark stands on what is ours or on a name that we want.
    """
    _stop_if_not_let_in(client, desired.settings.advertiser)
    segments, audiences = client.segments(), client.audiences()
    lists = _join(segments, _known_lists(desired, snapshot))
    joined = _join(audiences, _known_audiences(desired, snapshot))
    _stop_if_state_is_missing((*lists.unaccounted, *joined.unaccounted), desired)
    _stop_if_taken((*lists.taken, *joined.taken))
    ad_sets = client.ad_sets(_ad_sets(desired, snapshot))
    kinds = {address for address, each in lists.ours.items() if _is_kind(address, each, snapshot)}
    return Actual(
        segments=MappingProxyType({address: each for address, each in lists.ours.items() if address not in kinds}),
        kinds=MappingProxyType({address: lists.ours[address] for address in sorted(kinds)}),
        ids=MappingProxyType({each.id: each for each in segments}),
        audiences=MappingProxyType(joined.ours),
        foreign_segments=MappingProxyType(lists.foreign),
        foreign_audiences=MappingProxyType(joined.foreign),
        ad_sets=MappingProxyType({ad_set.id: ad_set for ad_set in ad_sets}),
        ad_set_audience=MappingProxyType({ad_set: each.id for each in audiences for ad_set in sorted(each.ad_sets)}),
        gone=lists.gone | joined.gone,
    )


def _is_kind(address: Address, segment: RemoteSegment, snapshot: Snapshot | None) -> bool:
    """Whether a segment of ours is of one of Criteo's own kinds: as recorded, or else by what Criteo says."""
    if snapshot is not None and address in snapshot.lists:
        return False
    return segment.kind is not None or (snapshot is not None and address in snapshot.kinds)


def _stop_if_not_let_in(client: CriteoClient, advertiser: str) -> None:
    """A search for an advertiser that is not ours finds nothing, which must not read as an empty account."""
    allowed = sorted(client.advertisers())
    if advertiser in allowed:
        return
    more = f" and {len(allowed) - _TOLD} more" if len(allowed) > _TOLD else ""
    raise NotAuthorised(
        "The advertiser has not let this app in.",
        f"Advertiser {advertiser} is not among those whose consent the app has. "
        + (f"It has that of {', '.join(allowed[:_TOLD])}{more}." if allowed else "Nobody has given it."),
        "Check `advertiser:` in reconciler.yaml, and have the advertiser give its consent to the app in Criteo's "
        "partner portal.",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What we know of one kind of resource before we look: ids by address, creations in doubt, names that we want.
    `replaceable` are the addresses of which there are two while one replaces the other.
    """

    kind: str
    workspace: str
    ids: Mapping[Address, str]
    creating: frozenset[Address]
    names: frozenset[str]
    replaceable: frozenset[Address] = frozenset()

    def mark_of(self, resource: RemoteSegment | RemoteAudience) -> Mark | None:
        """The mark of a resource; one for another kind of resource was copied by somebody and means nothing."""
        mark = split_mark(resource.description)[1]
        return mark if mark is not None and mark.address.startswith(f"{self.kind}.") else None

    def is_anothers(self, resource: RemoteSegment | RemoteAudience) -> bool:
        """Whether a resource bears the mark of another workspace."""
        mark = self.mark_of(resource)
        return mark is not None and mark.workspace != self.workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class _Joined(Generic[R]):
    """One kind of resource, sorted out: `unaccounted` bear our mark but no recorded id, `taken` another's mark."""

    ours: dict[Address, R]
    foreign: dict[str, R]
    gone: frozenset[Address]
    unaccounted: tuple[R, ...]
    taken: tuple[R, ...]


def _known_lists(desired: Desired, snapshot: Snapshot | None) -> _Known:
    names = {each.name for segment in desired.kept for each in segment.lists} | {each.name for each in desired.kinds}
    ids = {address: record.criteo_id for address, record in snapshot.lists.items()} if snapshot else {}
    ids |= {address: record.criteo_id for address, record in snapshot.kinds.items()} if snapshot else {}
    known = _known("segment", desired, snapshot, ids, names)
    return replace(known, replaceable=frozenset(snapshot.kinds if snapshot else ()))


def _known_audiences(desired: Desired, snapshot: Snapshot | None) -> _Known:
    names = (audience.name for audience in desired.audiences)
    ids = {address: record.criteo_id for address, record in snapshot.audiences.items()} if snapshot else {}
    return _known("audience", desired, snapshot, ids, names)


def _known(
    kind: str, desired: Desired, snapshot: Snapshot | None, ids: Mapping[Address, str], names: Iterable[str]
) -> _Known:
    creating = frozenset(address for doubt in (snapshot.doubts if snapshot else ()) for address in doubt.creates)
    workspace = desired.settings.workspace
    return _Known(kind=kind, workspace=workspace, ids=ids, creating=creating, names=frozenset(names))


def _join(resources: Iterable[R], known: _Known) -> _Joined[R]:
    by_id = {resource.id: resource for resource in resources}
    ours = {address: by_id[criteo_id] for address, criteo_id in known.ids.items() if criteo_id in by_id}
    recorded = {resource.id for resource in ours.values()}
    others = [resource for resource in by_id.values() if resource.id not in recorded]
    marked = [(mark.address, each) for each in others if (mark := known.mark_of(each)) and not known.is_anothers(each)]
    new = {address for address in known.creating if address not in ours or address in known.replaceable}
    created = {address: each for address, each in marked if address in new}
    for address in sorted(created.keys() & ours.keys()):
        ours[old_address(address, ours)] = ours[address]
    ours |= created
    return _Joined(
        ours=ours,
        foreign={resource.name: resource for resource in others if known.mark_of(resource) is None},
        gone=frozenset(known.ids.keys() - ours.keys()),
        unaccounted=tuple(each for address, each in marked if created.get(address) is not each),
        taken=(
            *(resource for resource in ours.values() if known.is_anothers(resource)),
            *(resource for resource in others if known.is_anothers(resource) and resource.name in known.names),
        ),
    )


def _ad_sets(desired: Desired, snapshot: Snapshot | None) -> frozenset[str]:
    """Those that we want linked, and those that we have linked."""
    wanted = {ad_set for audience in desired.audiences for ad_set in audience.ad_sets}
    records = snapshot.audiences.values() if snapshot else ()
    return frozenset(wanted.union(*(record.ad_sets for record in records)))


def _stop_if_state_is_missing(unaccounted: Iterable[RemoteSegment | RemoteAudience], desired: Desired) -> None:
    lines = sorted(f"  {_marked(resource)}" for resource in unaccounted)
    if lines:
        raise StateError(
            "Criteo holds resources that this workspace made, but its state does not know them: the ledger is missing.",
            "\n".join(lines),
            f"Bring back the state folder ({desired.settings.state}) that the last apply wrote: only it knows who is "
            "on these lists. A copy that somebody made in Criteo's console is let go of by deleting the mark at the "
            "end of its description.",
        )


def _stop_if_taken(taken: Iterable[RemoteSegment | RemoteAudience]) -> None:
    lines = sorted(f"  {_marked(resource)}" for resource in taken)
    if lines:
        raise Blocked(
            "Another workspace keeps resources that this one would change.",
            "\n".join(lines),
            "Give the segments and audiences of this workspace other names, or remove them from one of the two.",
        )


def _marked(resource: RemoteSegment | RemoteAudience) -> str:
    return f'"{resource.name}" (id {resource.id}) {split_mark(resource.description)[1]}'
