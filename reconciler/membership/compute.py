"""What a run knows → an open session: the ledger's files, the bits of the lists, the columns that must be there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import StateError
from reconciler.membership.checks import Columns
from reconciler.membership.ledger import DoubtFile, LedgerFiles
from reconciler.membership.normalise import VERSION
from reconciler.membership.opening import Request
from reconciler.membership.questions import columns_read
from reconciler.membership.session import Session, open_session
from reconciler.membership.source import source_columns
from reconciler.model.address import Address, Two
from reconciler.model.identifiers import Form
from reconciler.model.membership import AskedSegment
from reconciler.model.overlap import Targets
from reconciler.model.settings import EngineAccess, Settings
from reconciler.state.bits import allot
from reconciler.state.snapshot import Ledger, Snapshot
from reconciler.state.store import StateReader


@dataclass(frozen=True, kw_only=True, slots=True)
class Computed:
    """An open session, and the bits of all lists that it computed with."""

    session: Session
    bits: Mapping[Address, int]


@contextmanager
def computed(
    settings: Settings,
    columns: Columns,
    asked: tuple[AskedSegment, ...],
    as_of: dt.datetime,
    *,
    store: StateReader,
    snapshot: Snapshot | None,
    staging: Path | None,
    access: EngineAccess,
    report: Callable[[str], None],
    apart: tuple[Two, ...] = (),
    aims: Mapping[Address, Targets] | None = None,
) -> Iterator[Computed]:
    """Compute the asked segments beside what the ledger holds. `staging` is where moves may be written to, `access` is
    how an engine that is not in this process is reached, `apart` are pairs of which it is asked whom they share (`aims`
    has what audiences target), `report` is told what is being done.

    Raises SourceInvalid for data that does not fit, StateError for a ledger that can't be used, EngineFailed.
    """
    ledger = snapshot.ledger if snapshot else Ledger()
    bits = allot(ledger, (address for segment in asked for address, _ in segment.lists))
    request = Request(
        settings=settings,
        columns=columns,
        asked=asked,
        as_of=as_of,
        bits=bits,
        ledger=_ledger_files(store, ledger, settings.criteo.email_form),
        folders=(staging,) if staging else (),
        doubts=_doubt_files(store, snapshot) if snapshot else (),
        before=snapshot.source if snapshot else None,
        access=access,
        apart=apart,
        aims=aims or {},
        report=report,
    )
    with open_session(request) as session:
        yield Computed(session=session, bits=bits)


def columns_of_applied(settings: Settings, columns: Columns, asked: tuple[AskedSegment, ...]) -> Columns:
    """What a sync can't do without: the source's own columns and those that the applied definitions read."""
    own = source_columns(settings.source)
    definitions = [segment.wanted for segment in asked if segment.wanted is not None]
    usual = {owner: place for (owner, _), place in own.items()}
    usual |= {"events": settings.source.events[0].table.place} if settings.source.events else {}
    read = {pair: columns.get(pair, usual[pair[0]]) for pair in columns_read(definitions) if pair[0] in usual}
    return {**read, **own}


def _ledger_files(store: StateReader, ledger: Ledger, form: Form) -> LedgerFiles:
    if ledger.base is None:
        return LedgerFiles()
    if ledger.normaliser != VERSION:
        raise StateError(
            "The ledger was written with another normaliser of identifiers.",
            f"It has version {ledger.normaliser}, this is version {VERSION}.",
            "Use the version of reconciler that wrote it; moving a ledger to another is not supported yet.",
        )
    if ledger.form != form:
        raise StateError(
            "The ledger was written with another form of e-mail addresses.",
            f"The lists hold them as {ledger.form}, `criteo.email_form` asks for {form}.",
            f"Say `email_form: {ledger.form}` again; moving lists to another form is not supported yet.",
        )
    return LedgerFiles(base=store.path(ledger.base), deltas=tuple(store.path(delta) for delta in ledger.deltas))


def _doubt_files(store: StateReader, snapshot: Snapshot) -> tuple[DoubtFile, ...]:
    return tuple(
        DoubtFile(path=store.path(doubt.intent), bits=doubt.bits, lists=doubt.lists)
        for doubt in store.doubts(snapshot)
        if doubt.intent is not None
    )
