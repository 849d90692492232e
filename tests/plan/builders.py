"""Workspaces, worlds at Criteo, snapshots and memberships with good defaults, small enough to read in a test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from reconciler.actual import Actual
from reconciler.desired import Desired, DesiredAudience, DesiredList, DesiredSegment
from reconciler.model.address import Address, audience_address, segment_address
from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Comparison,
    Condition,
    Event,
    Group,
    Pick,
    Scalar,
    SegmentRef,
    Test,
)
from reconciler.model.definition import Definition, Slice, Who
from reconciler.model.mark import Mark, with_mark
from reconciler.model.membership import ListMembership, Membership, SourceHealth
from reconciler.model.remote import RemoteAdSet, RemoteAudience, RemoteSegment, Targeting
from reconciler.model.settings import Criteo, Customers, Guards, IdentifierColumn, Place, Settings, Source, Table
from reconciler.model.time import Period, parse_window
from reconciler.model.workspace import Expected, Removed
from reconciler.state.snapshot import AudienceRecord, ListRecord, Snapshot

AS_OF = dt.datetime(2026, 11, 21, 18, tzinfo=dt.UTC)
BEFORE = AS_OF - dt.timedelta(hours=6)
WORKSPACE = "acme"
PLACE = Place(file="reconciler.yaml", line=1, column=1, path="")


def settings(guards: Guards | None = None, calls_per_minute: int = 200) -> Settings:
    """A workspace's settings; no file of it is ever read."""
    table = Table(name="customers.csv", place=PLACE)
    return Settings(
        root=Path("workspace"),
        workspace=WORKSPACE,
        advertiser="42",
        criteo=Criteo(calls_per_minute=calls_per_minute),
        source=Source(
            customers=Customers(
                table=table, key="customer_id", identifiers=(IdentifierColumn(type="email", column="email"),)
            )
        ),
        state=Path("state"),
        guards=guards or Guards(),
    )


def bought(within: str = "7d") -> Event:
    """Bought something within a window."""
    return Event(("purchase",), within=parse_window(within))


def attribute(column: str, value: Scalar) -> Attribute:
    """A column has a value."""
    return Attribute(Test(column, (Comparison("is", (value,)),)))


def definition(condition: Condition | None = None, *, active: Period | None = None) -> Definition:
    """A definition without slices; buyers of the last week unless said otherwise."""
    return Definition(who=Who(condition or bought()), active=active)


def cart(*names: str, none: Iterable[str] = ("recent",)) -> Definition:
    """Cart abandoners in slices of two days each, without those of other segments."""
    latest = Event(("cart_added",), within=SLICE, measure=Pick(("purchase",)))
    slices = tuple(Slice(name, parse_window(f"{2 * at}d..{2 * at + 2}d")) for at, name in enumerate(names))
    others = tuple((key, Who(bought())) for key in none)
    return Definition(who=Who(Group(all=(latest,), none=tuple(map(SegmentRef, none))), slices), segments=others)


def segment(
    key: str,
    who: Definition | None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    expected: Expected | None = None,
    allow_empty: bool = False,
) -> DesiredSegment:
    """A published segment with a list for itself, or for each slice of its definition."""
    who = who or definition()
    parts: tuple[str | None, ...] = tuple(part.name for part in who.who.slices) or (None,)
    label = name or key
    lists = tuple(
        DesiredList(address=segment_address(key, part), slice=part, name=f"{label} ({part})" if part else label)
        for part in parts
    )
    return DesiredSegment(
        key=key,
        place=Place(file="segments.yaml", line=3, column=3, path=f"segments.{key}"),
        definition=who,
        lists=lists,
        description=description,
        owner="retention",
        reason=None,
        expected_members=expected,
        allow_empty=allow_empty,
    )


def audience(
    key: str,
    include: Iterable[str],
    exclude: Iterable[str] = (),
    *,
    name: str | None = None,
    ad_sets: tuple[str, ...] = (),
    active: Period | None = None,
) -> DesiredAudience:
    """An audience of lists named without their `segment.`."""
    return DesiredAudience(
        key=key,
        place=PLACE,
        address=audience_address(key),
        name=name or key,
        description=None,
        owner="retention",
        include=lists_of(include),
        exclude=lists_of(exclude),
        ad_sets=ad_sets,
        active=active,
    )


def lists_of(names: Iterable[str]) -> tuple[Address, ...]:
    """Addresses of lists, sorted."""
    return tuple(sorted(Address(f"segment.{name}") for name in names))


def desired(
    *resources: DesiredSegment | DesiredAudience,
    removed: Mapping[str, str] | None = None,
    guards: Guards | None = None,
    calls_per_minute: int = 200,
) -> Desired:
    """What a workspace asks for."""
    return Desired(
        settings=settings(guards, calls_per_minute),
        segments=tuple(each for each in resources if isinstance(each, DesiredSegment)),
        audiences=tuple(each for each in resources if isinstance(each, DesiredAudience)),
        removed=tuple(
            Removed(address=address, contents="drain" if contents == "drain" else "keep", place=PLACE)
            for address, contents in (removed or {}).items()
        ),
        columns={},
    )


def applied(wanted: Desired, *, as_of: dt.datetime = BEFORE) -> Snapshot:
    """The snapshot after everything that is wanted was applied."""
    ids = ids_of(wanted)
    lists = {
        each.address: ListRecord(
            address=each.address,
            criteo_id=ids[each.address],
            name=each.name,
            description=owner.description,
            definition=owner.definition,
            as_of=as_of,
            count=0,
        )
        for owner in wanted.segments
        for each in owner.lists
    }
    audiences = {
        each.address: AudienceRecord(
            address=each.address,
            criteo_id=ids[each.address],
            name=each.name,
            description=each.description,
            include=each.include,
            exclude=each.exclude,
            ad_sets=each.ad_sets,
        )
        for each in wanted.audiences
    }
    return Snapshot(workspace=WORKSPACE, lineage="line", as_of=as_of, lists=lists, audiences=audiences)


def ids_of(wanted: Desired) -> dict[Address, str]:
    """Criteo's ids, given out by address so that two workspaces agree on them."""
    addresses = [each.address for owner in wanted.segments for each in owner.lists]
    return {address: f"id-{address}" for address in (*addresses, *(each.address for each in wanted.audiences))}


def remote_audience(audience: DesiredAudience, ids: Mapping[Address, str]) -> RemoteAudience:
    """An audience of ours at Criteo."""
    return RemoteAudience(
        id=ids[audience.address],
        name=audience.name,
        description=with_mark(audience.description, Mark(WORKSPACE, audience.address)),
        targeting=Targeting(
            include=frozenset(ids[address] for address in audience.include),
            exclude=frozenset(ids[address] for address in audience.exclude),
        ),
        ad_sets=frozenset(audience.ad_sets),
    )


def at_criteo(
    wanted: Desired,
    *,
    foreign_segments: Iterable[str] = (),
    foreign_audiences: Mapping[str, Targeting] | None = None,
    ad_sets: Iterable[str] = ("1", "2", "3"),
    carried: Mapping[str, str] | None = None,
    gone: Iterable[str] = (),
) -> Actual:
    """Criteo as it is after everything that is wanted was applied, but for what is `gone`."""
    ids, lost = ids_of(wanted), frozenset(map(Address, gone))
    segments = {
        each.address: remote_segment(each.address, each.name, owner.description)
        for owner in wanted.segments
        for each in owner.lists
    }
    audiences = {each.address: remote_audience(each, ids) for each in wanted.audiences}
    made = {ad_set: remote.id for key, remote in audiences.items() if key not in lost for ad_set in remote.ad_sets}
    links = made | dict(carried or {})
    audiences = {
        key: replace(remote, ad_sets=frozenset(each for each, carrier in links.items() if carrier == remote.id))
        for key, remote in audiences.items()
    }
    return Actual(
        segments={address: remote for address, remote in segments.items() if address not in lost},
        audiences={address: remote for address, remote in audiences.items() if address not in lost},
        foreign_segments={
            name: RemoteSegment(id=f"foreign-{name}", name=name, description=None, type="ContactList")
            for name in foreign_segments
        },
        foreign_audiences={
            name: RemoteAudience(
                id=f"foreign-{name}", name=name, description=None, targeting=algebra, ad_sets=frozenset()
            )
            for name, algebra in (foreign_audiences or {}).items()
        },
        ad_sets={each: RemoteAdSet(id=each, name=f"Ad set {each}") for each in ad_sets},
        ad_set_audience=links,
        gone=lost,
    )


def remote_segment(address: Address, name: str, description: str | None = None) -> RemoteSegment:
    """A list of ours at Criteo."""
    words = with_mark(description, Mark(WORKSPACE, address))
    return RemoteSegment(id=f"id-{address}", name=name, description=words, type="ContactList")


def nothing() -> Actual:
    """Criteo before the first apply."""
    return at_criteo(desired())


def members(*lists: ListMembership, health: SourceHealth | None = None) -> Membership:
    """A membership of some lists."""
    return Membership(as_of=AS_OF, lists={each.address: each for each in lists}, health=health or SourceHealth())


def still(*wanted: Desired, holds: int = 100) -> Membership:
    """A membership in which nobody moves."""
    addresses = {each.address for one in wanted for owner in one.segments for each in owner.lists}
    return members(*(ListMembership(address=address, before=holds, wanted=holds) for address in sorted(addresses)))
