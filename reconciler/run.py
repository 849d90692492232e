"""The whole flow on one screen: config → desired → membership → actual → plan → apply → state.

Every command calls this. Nothing here prints, asks or ends the process.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.actual import Actual, refresh
from reconciler.apply.execute import Tools, execute
from reconciler.apply.outcome import Event, Outcome
from reconciler.config.load import load
from reconciler.criteo.client import CriteoClient
from reconciler.criteo.connect import connect
from reconciler.desired import Desired, resolve
from reconciler.errors import StateError
from reconciler.membership.ledger import DoubtFile, LedgerFiles
from reconciler.membership.questions import columns_read
from reconciler.membership.session import Request, Session, open_session
from reconciler.membership.source import source_columns
from reconciler.model.address import Address
from reconciler.model.membership import AskedSegment
from reconciler.model.settings import Credentials, Place
from reconciler.plan.ask import ask, ask_applied
from reconciler.plan.build import build, build_sync
from reconciler.plan.changes import Plan
from reconciler.state.bits import allot
from reconciler.state.open import open_store
from reconciler.state.snapshot import Ledger, Snapshot
from reconciler.state.store import HeldLease, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a run is set in: the workspace's wishes, its store, our credentials and the clock.

    `as_of` None takes the machine's clock; `may_begin` allows that there is no state yet.
    """

    desired: Desired
    store: Store
    credentials: Credentials
    as_of: dt.datetime | None
    may_begin: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A plan with what an apply of it needs: the open engine, the client, and the values it was made from."""

    plan: Plan
    session: Session
    client: CriteoClient
    snapshot: Snapshot | None
    actual: Actual
    bits: Mapping[Address, int]


def read(root: Path) -> Desired:
    """Stages 1 and 2. Raises WorkspaceInvalid with every problem."""
    return resolve(load(root))


def set_up(root: Path, credentials: Credentials, *, as_of: dt.datetime | None, may_begin: bool) -> Setting:
    """Read the workspace and find its store; nothing is sent and nothing is made."""
    desired = read(root)
    store = open_store(desired.settings)
    return Setting(desired=desired, store=store, credentials=credentials, as_of=as_of, may_begin=may_begin)


@contextmanager
def planned(setting: Setting, *, staging: Path | None = None) -> Iterator[Planned]:
    """Stages 3 to 5 for `plan` and `apply`: read state and Criteo, compute, compare."""
    snapshot = _read_state(setting)
    with _looked_up(setting, snapshot) as (client, actual):
        asked = ask(setting.desired, snapshot)
        with _computed(setting, snapshot, asked, setting.desired.columns, staging) as (session, bits):
            plan = build(setting.desired, actual, snapshot, session.membership, skew=_skew(setting, client))
            yield Planned(plan=plan, session=session, client=client, snapshot=snapshot, actual=actual, bits=bits)


@contextmanager
def planned_sync(setting: Setting, *, staging: Path | None = None) -> Iterator[Planned]:
    """Stages 3 to 5 for `sync`: the applied definitions, no structure."""
    snapshot = _read_state(setting)
    if snapshot is None:
        raise StateError("There is nothing to sync.", "No state was found.", "Run apply first.")
    with _looked_up(setting, snapshot) as (client, actual):
        asked = ask_applied(snapshot)
        columns = _columns_of_applied(setting.desired, asked)
        with _computed(setting, snapshot, asked, columns, staging) as (session, bits):
            plan = build_sync(setting.desired, actual, snapshot, session.membership, skew=_skew(setting, client))
            yield Planned(plan=plan, session=session, client=client, snapshot=snapshot, actual=actual, bits=bits)


def carry_out(
    setting: Setting,
    made: Planned,
    *,
    operation: str,
    lease: HeldLease,
    staging: Path,
    report: Callable[[Event], None],
    stop: threading.Event,
) -> Outcome:
    """Stages 6 and 7. The lock must be held; the snapshot is written before the first request of the first apply."""
    settings = setting.desired.settings
    snapshot = made.snapshot or setting.store.initialise(settings.workspace)
    client = made.client.for_writing(lease.check)
    return execute(
        made.plan,
        operation=operation,
        snapshot=snapshot,
        actual=made.actual,
        bits=made.bits,
        moves=made.session.decide(made.plan.selection),
        guards=settings.guards,
        tools=Tools(client=client, store=setting.store, lease=lease, staging=staging),
        report=report,
        stop=stop,
    )


def _read_state(setting: Setting) -> Snapshot | None:
    snapshot = setting.store.read(setting.desired.settings.workspace)
    if snapshot is None and not setting.may_begin:
        raise StateError(
            "There is no state, and this is a build server, which forgets its disk.",
            f"Looked for it in `{setting.desired.settings.state}`.",
            "Bring back the state folder; if this is the very first apply, run `reconciler apply --init-state`.",
        )
    return snapshot


@contextmanager
def _looked_up(setting: Setting, snapshot: Snapshot | None) -> Iterator[tuple[CriteoClient, Actual]]:
    settings = setting.desired.settings
    known = replace(snapshot, doubts=setting.store.doubts(snapshot)) if snapshot else None
    with connect(setting.credentials, settings.criteo, settings.advertiser, read_only=True) as client:
        yield client, refresh(client, setting.desired, known)


@contextmanager
def _computed(
    setting: Setting,
    snapshot: Snapshot | None,
    asked: tuple[AskedSegment, ...],
    columns: Mapping[tuple[str, str], Place],
    staging: Path | None,
) -> Iterator[tuple[Session, Mapping[Address, int]]]:
    ledger = snapshot.ledger if snapshot else Ledger()
    bits = allot(ledger, (address for segment in asked for address, _ in segment.lists))
    request = Request(
        settings=setting.desired.settings,
        columns=columns,
        asked=asked,
        as_of=setting.as_of or dt.datetime.now(dt.UTC),
        folders=(staging,) if staging else (),
        bits=bits,
        ledger=_ledger_files(setting.store, ledger),
        doubts=_doubt_files(setting.store, snapshot) if snapshot else (),
        before=snapshot.source if snapshot else None,
    )
    with open_session(request) as session:
        yield session, bits


def _ledger_files(store: Store, ledger: Ledger) -> LedgerFiles:
    base = store.path(ledger.base) if ledger.base else None
    return LedgerFiles(base=base, deltas=tuple(store.path(delta) for delta in ledger.deltas))


def _doubt_files(store: Store, snapshot: Snapshot) -> tuple[DoubtFile, ...]:
    return tuple(
        DoubtFile(path=store.path(doubt.intent), bits=doubt.bits, lists=doubt.lists)
        for doubt in store.doubts(snapshot)
        if doubt.intent is not None
    )


def _columns_of_applied(desired: Desired, asked: tuple[AskedSegment, ...]) -> Mapping[tuple[str, str], Place]:
    """What a sync can't do without: the source's own columns and those that the applied definitions read."""
    own = source_columns(desired.settings.source)
    definitions = [segment.wanted for segment in asked if segment.wanted is not None]
    usual = {owner: place for (owner, _), place in own.items()}
    read_by = {
        pair: desired.columns.get(pair, usual[pair[0]]) for pair in columns_read(definitions) if pair[0] in usual
    }
    return {**read_by, **own}


def _skew(setting: Setting, client: CriteoClient) -> dt.timedelta | None:
    return client.skew() if setting.as_of is None else None
