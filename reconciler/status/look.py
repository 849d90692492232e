"""Look how things stand. Nothing of Criteo's is changed, and nothing of the state but what Criteo counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from reconciler.config.load import load
from reconciler.criteo.client import CriteoClient
from reconciler.criteo.connect import connect
from reconciler.desired import Desired, resolve
from reconciler.errors import CriteoError, NotAuthorised, StateError
from reconciler.figures.held import Fit, fit
from reconciler.figures.keeping import criteos_now, refreshed
from reconciler.figures.sizes import measured
from reconciler.figures.turns import allowance
from reconciler.model.address import Address
from reconciler.model.settings import Credentials, Settings
from reconciler.model.sizes import Sizes
from reconciler.plan.links import Clock
from reconciler.plan.unapplied import unapplied
from reconciler.state.local import LocalStore
from reconciler.state.open import open_store, read_state
from reconciler.state.snapshot import Doubt, Snapshot
from reconciler.state.statistics import ListsStatistics
from reconciler.status.standing import AudienceStanding, KindStanding, ListStanding, Standing


@dataclass(slots=True)
class _Heard:
    """What Criteo tells, as far as it does."""

    now: dt.datetime
    sizes: Sizes = field(default_factory=Sizes)
    notes: list[str] = field(default_factory=list)


def look(root: Path, credentials: Credentials | NotAuthorised, *, may_begin: bool) -> Standing:
    """How a workspace stands. Without credentials, or where Criteo can't be reached, by the state alone, with a note.

    Raises WorkspaceInvalid, and StateError where the state can't be read.
    """
    desired = resolve(load(root))
    settings, store, now = desired.settings, open_store(desired.settings), dt.datetime.now(dt.UTC)
    snapshot = read_state(store, settings, may_begin=may_begin)
    doubts = store.doubts(snapshot) if snapshot else ()
    heard = _ask(store, snapshot, settings, credentials, now)
    known = _kept(store, snapshot, heard) if snapshot else ListsStatistics(lineage="")
    return Standing(
        workspace=settings.workspace,
        advertiser=settings.advertiser,
        now=now,
        criteos_now=heard.now,
        snapshot=snapshot,
        lists=tuple(_explained(_lists(desired, snapshot, known, heard.sizes), doubts)),
        kinds=tuple(_kinds(desired, snapshot, heard.sizes)),
        audiences=tuple(_audiences(desired, snapshot, heard.sizes)),
        unapplied=unapplied(desired, snapshot, Clock(as_of=now, time_zone=settings.time_zone)),
        doubts=doubts,
        lock=store.holder(),
        synced=known.synced,
        schedule=settings.schedule,
        notes=tuple(dict.fromkeys(heard.notes)),
    )


def _ask(
    store: LocalStore,
    snapshot: Snapshot | None,
    settings: Settings,
    credentials: Credentials | NotAuthorised,
    now: dt.datetime,
) -> _Heard:
    heard = _Heard(now=now)
    if isinstance(credentials, NotAuthorised):
        heard.notes.append(_not_asked(credentials))
    elif snapshot is not None:
        with connect(credentials, settings.criteo, settings.advertiser, read_only=True) as client:
            _listen(client, store, snapshot, settings, heard)
    return heard


def _listen(client: CriteoClient, store: LocalStore, snapshot: Snapshot, settings: Settings, heard: _Heard) -> None:
    """Ask who has let us in first: whether Criteo answers at all shows there."""
    try:
        let_in = client.advertisers()
    except CriteoError as error:
        heard.notes.append(_not_asked(error))
        return
    if settings.advertiser not in let_in:
        heard.notes.append(f"Criteo was not asked: advertiser {settings.advertiser} has not let this app in.")
        return
    heard.now = criteos_now(client)
    if settings.criteo.sizes:
        lists = {key: each.criteo_id for key, each in snapshot.lists.items()}
        kinds = {key: each.criteo_id for key, each in snapshot.kinds.items()}
        audiences = {key: each.criteo_id for key, each in snapshot.audiences.items()}
        heard.sizes = measured(client, {**lists, **kinds}, audiences)
        heard.notes += heard.sizes.notes
    if _is_busy(store):
        heard.notes.append("Somebody is at work on the state: Criteo's counts are shown as they were kept.")
        return
    said = refreshed(client, store, snapshot, room=allowance(settings.criteo.calls_per_minute, 0))
    heard.notes += [said] if said else []


def _not_asked(error: CriteoError) -> str:
    return " ".join(filter(None, ("Criteo was not asked.", error.summary, error.detail, error.hint)))


def _is_busy(store: LocalStore) -> bool:
    """Whether a writer may be alive."""
    holder = store.holder()
    return holder is not None and holder[1] is None


def _kept(store: LocalStore, snapshot: Snapshot, heard: _Heard) -> ListsStatistics:
    try:
        return store.statistics(snapshot)
    except StateError as error:
        if not any(error.detail in note for note in heard.notes):
            heard.notes.append(f"{error.summary} {error.detail} {error.hint}")
        return ListsStatistics(lineage=snapshot.lineage)


def _lists(desired: Desired, snapshot: Snapshot | None, known: ListsStatistics, sizes: Sizes) -> Iterator[ListStanding]:
    """Those that there are, and those that are asked for and not made yet."""
    records = snapshot.lists if snapshot else {}
    names = {each.address: each.name for segment in desired.kept for each in segment.lists}
    for address in sorted({*records, *names}):
        record = records.get(address)
        if record is None:
            yield ListStanding(address=address, name=names[address])
            continue
        kept = known.lists.get(address)
        reading = kept.reading if kept and kept.criteo_id == record.criteo_id else None
        yield ListStanding(
            address=address,
            name=record.name,
            criteo_id=record.criteo_id,
            held=record.count,
            as_of=record.as_of,
            reading=reading,
            fit=fit(reading, record.count) if reading else None,
            size=sizes.known.get(address),
        )


def _explained(lists: Iterable[ListStanding], doubts: Iterable[Doubt]) -> Iterator[ListStanding]:
    """What is in doubt may hold another number than the ledger says, and is said again soon."""
    doubtful = frozenset(address for doubt in doubts for address in doubt.lists)
    for each in lists:
        is_excused = each.fit is Fit.DIFFERS and each.address in doubtful
        yield replace(each, fit=Fit.NOT_YET_COUNTED) if is_excused else each


def _kinds(desired: Desired, snapshot: Snapshot | None, sizes: Sizes) -> Iterator[KindStanding]:
    records = snapshot.kinds if snapshot else {}
    wanted = {each.address: each for each in desired.kinds}
    for address in sorted({*records, *wanted}):
        record, each = records.get(address), wanted.get(address)
        kind = record.kind if record else each.kind if each else None
        yield KindStanding(
            address=address,
            name=record.name if record else each.name if each else "",
            kind=kind.name if kind else None,
            criteo_id=record.criteo_id if record else None,
            size=sizes.known.get(address),
        )


def _audiences(desired: Desired, snapshot: Snapshot | None, sizes: Sizes) -> Iterator[AudienceStanding]:
    records = snapshot.audiences if snapshot else {}
    names: dict[Address, str] = {each.address: each.name for each in desired.audiences}
    for address in sorted({*records, *names}):
        record = records.get(address)
        if record is None:
            yield AudienceStanding(address=address, name=names[address])
        else:
            yield AudienceStanding(
                address=address,
                name=record.name,
                criteo_id=record.criteo_id,
                ad_sets=record.ad_sets,
                size=sizes.known.get(address),
            )
