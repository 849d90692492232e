"""What the membership stage is asked: for each segment the wanted definition beside the applied one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.desired import Desired, DesiredSegment
from reconciler.model.address import Address
from reconciler.model.definition import Definition
from reconciler.model.membership import AskedSegment
from reconciler.plan.removal import Declared, check_declared, check_forms, declared, segment_key, slice_name
from reconciler.state.snapshot import ListRecord, Snapshot


def ask(desired: Desired, snapshot: Snapshot | None) -> tuple[AskedSegment, ...]:
    """Every published segment, and those that `removed` drains; what it keeps is not asked for.

    Raises WorkspaceInvalid when we hold something that the workspace neither asks for nor removes.
    """
    check_declared(desired, (*snapshot.lists, *snapshot.kinds, *snapshot.audiences) if snapshot else ())
    check_forms(desired, snapshot.lists if snapshot else (), snapshot.kinds if snapshot else ())
    held = _by_key(snapshot)
    wanted = {segment.key: segment for segment in desired.kept}
    said = declared(desired)
    asked = (_ask(key, wanted.get(key), held.get(key, ()), said) for key in sorted({*wanted, *held}))
    return tuple(segment for segment in asked if segment.lists)


def ask_applied(snapshot: Snapshot) -> tuple[AskedSegment, ...]:
    """Every segment as it was last applied: what a sync keeps moving.

    A list without an applied definition is left alone.
    """
    segments = (_as_applied(key, records) for key, records in sorted(_by_key(snapshot).items()))
    return tuple(segment for segment in segments if segment is not None)


def _by_key(snapshot: Snapshot | None) -> Mapping[str, tuple[ListRecord, ...]]:
    keys: dict[str, tuple[ListRecord, ...]] = {}
    for address, record in sorted(snapshot.lists.items()) if snapshot else ():
        key = segment_key(address)
        keys[key] = (*keys.get(key, ()), record)
    return keys


def _ask(key: str, segment: DesiredSegment | None, held: tuple[ListRecord, ...], said: Declared) -> AskedSegment:
    wanted = segment.definition if segment else None
    lists: tuple[Address, ...] = tuple(each.address for each in segment.lists) if segment else ()
    drained = tuple(record.address for record in held if said.contents(record.address) == "drain")
    applied = _applied(held, wanted)
    return AskedSegment(
        key=key,
        lists=_sliced((*lists, *drained)),
        wanted=wanted,
        applied=applied,
        applied_as_of=min((record.as_of for record in held if record.as_of is not None), default=None),
    )


def _sliced(addresses: Iterable[Address]) -> tuple[tuple[Address, str | None], ...]:
    return tuple((address, slice_name(address)) for address in addresses)


def _applied(held: tuple[ListRecord, ...], wanted: Definition | None) -> Definition | None:
    """The applied definition. Where an apply was cut short the lists disagree: the one that is not the wanted one is
    taken, so that what the change does stays in sight of its guard until all lists have it.
    """
    known = [record.definition for record in held if record.definition is not None]
    return next((each for each in known if wanted is None or each != wanted), known[0] if known else None)


def _as_applied(key: str, held: tuple[ListRecord, ...]) -> AskedSegment | None:
    """The newest of what was applied, should the lists disagree: it was reviewed and part of it is done."""
    known = [record for record in held if record.definition is not None]
    if not known:
        return None
    moments = [record.as_of for record in known if record.as_of is not None]
    newest = max(known, key=lambda record: record.as_of.timestamp() if record.as_of else 0.0)
    return AskedSegment(
        key=key,
        lists=_sliced(record.address for record in known),
        wanted=newest.definition,
        applied=newest.definition,
        applied_as_of=min(moments, default=None),
    )
