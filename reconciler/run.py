"""The whole flow on one screen: config → desired → membership → actual → plan → apply → state.

The commands that plan and apply call this. Nothing here prints, asks or ends the process.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.actual import Actual, refresh
from reconciler.apply.execute import Tools, execute
from reconciler.apply.outcome import Event, Outcome
from reconciler.config.environment import read_engine_access
from reconciler.config.load import load
from reconciler.criteo.client import CriteoClient
from reconciler.criteo.connect import connect
from reconciler.desired import Desired, resolve
from reconciler.errors import StateError
from reconciler.figures.choices import check_choices
from reconciler.figures.keeping import refreshed
from reconciler.figures.sizes import measured
from reconciler.figures.turns import allowance
from reconciler.membership.checks import Columns
from reconciler.membership.compute import Computed, columns_of_applied, computed
from reconciler.model.address import Two
from reconciler.model.membership import AskedSegment
from reconciler.model.settings import Credentials, EngineAccess
from reconciler.model.sizes import Sizes
from reconciler.model.workspace import Workspace
from reconciler.plan.ask import ask, ask_applied
from reconciler.plan.build import build, build_sync
from reconciler.plan.changes import Plan
from reconciler.plan.replacing import Aside, found_aside, set_aside
from reconciler.state.open import open_store, read_state
from reconciler.state.snapshot import Snapshot
from reconciler.state.statistics import Synced
from reconciler.state.store import HeldLease, Store

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a run is set in: the workspace and what it asks for, its store, our credentials and the clock.

    `as_of` None takes the machine's clock; `may_begin` allows that there is no state yet; `access` is how an engine of
    its own is reached.
    """

    workspace: Workspace
    desired: Desired
    store: Store
    credentials: Credentials
    as_of: dt.datetime | None
    may_begin: bool
    access: EngineAccess


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A plan with what an apply of it needs: the members computed, the client, and the values it was made from."""

    plan: Plan
    members: Computed
    client: CriteoClient
    snapshot: Snapshot | None
    actual: Actual


def read(root: Path) -> Desired:
    """Stages 1 and 2. Raises WorkspaceInvalid with every problem."""
    return resolve(load(root))


def set_up(root: Path, credentials: Credentials, *, as_of: dt.datetime | None, may_begin: bool) -> Setting:
    """Read the workspace and find its store; nothing is sent and nothing is made."""
    workspace = load(root)
    desired = resolve(workspace)
    return Setting(
        workspace=workspace,
        desired=desired,
        store=open_store(desired.settings),
        credentials=credentials,
        as_of=as_of,
        may_begin=may_begin,
        access=read_engine_access(),
    )


@contextmanager
def planned(
    setting: Setting, *, staging: Path | None = None, tell: Tell = lambda _: None, with_sizes: bool = False
) -> Iterator[Planned]:
    """Stages 3 to 5 for `plan` and `apply`: read state and Criteo, compute, compare. `tell` hears what it is at.

    With sizes a reviewer sees how many people Criteo reaches with what is there; an apply has no use for them.
    """
    desired, snapshot = setting.desired, _read_state(setting)
    as_of = setting.as_of or dt.datetime.now(dt.UTC)
    tell("Reading Criteo")
    with _looked_up(setting, snapshot) as (client, actual):
        unchecked = check_choices(client, desired, actual)
        sizes = _sizes(client, actual) if with_sizes and desired.settings.criteo.sizes else None
        asked = ask(desired, snapshot)
        with _members(
            setting,
            snapshot,
            asked,
            as_of,
            columns=desired.columns,
            staging=staging,
            tell=tell,
            disputed=desired.disputed,
        ) as members:
            aside = set_aside(desired, actual, snapshot)
            plan = build(desired, aside.actual, aside.snapshot, members.session.membership, skew=_skew(setting, client))
            plan = replace(plan, sizes=sizes, notes=(*plan.notes, *unchecked, *(sizes.notes if sizes else ())))
            yield _planned(plan, aside, members, client, snapshot)


@contextmanager
def planned_sync(setting: Setting, *, staging: Path | None = None, tell: Tell = lambda _: None) -> Iterator[Planned]:
    """Stages 3 to 5 for `sync`: the applied definitions, no structure."""
    desired, snapshot = setting.desired, _read_state(setting)
    if snapshot is None:
        raise StateError("There is nothing to sync.", f"No state in {desired.settings.state}.", "Run apply first.")
    as_of = setting.as_of or dt.datetime.now(dt.UTC)
    tell("Reading Criteo")
    with _looked_up(setting, snapshot) as (client, actual):
        asked = ask_applied(snapshot)
        columns = columns_of_applied(desired.settings, desired.columns, asked)
        with _members(setting, snapshot, asked, as_of, columns=columns, staging=staging, tell=tell) as members:
            aside = found_aside(actual, snapshot)
            known = aside.snapshot or snapshot
            plan = build_sync(desired, actual, known, members.session.membership, skew=_skew(setting, client))
            yield _planned(plan, aside, members, client, snapshot)


def _planned(plan: Plan, aside: Aside, members: Computed, client: CriteoClient, snapshot: Snapshot | None) -> Planned:
    plan = replace(plan, aside=aside.moves)
    return Planned(plan=plan, members=members, client=client, snapshot=snapshot, actual=aside.actual)


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
    return execute(
        made.plan,
        operation=operation,
        snapshot=made.snapshot or setting.store.initialise(settings.workspace, settings.advertiser),
        actual=made.actual,
        bits=made.members.bits,
        moves=made.members.session.decide(made.plan.selection),
        guards=settings.guards,
        tools=Tools(client=made.client.for_writing(lease.check), store=setting.store, lease=lease, staging=staging),
        report=report,
        stop=stop,
    )


def count(setting: Setting, made: Planned, outcome: Outcome, *, seconds: float) -> str | None:
    """Ask for Criteo's counts of the lists whose turn it is, within what a run of so many seconds may spend on it. It
    ends a sync, and answers what to say where they could not be had.
    """
    synced = Synced(at=dt.datetime.now(dt.UTC), as_of=made.plan.as_of) if outcome.error is None else None
    room = allowance(setting.desired.settings.criteo.calls_per_minute, seconds)
    return refreshed(made.client, setting.store, outcome.snapshot, room=room, synced=synced)


def _read_state(setting: Setting) -> Snapshot | None:
    return read_state(setting.store, setting.desired.settings, may_begin=setting.may_begin)


@contextmanager
def _looked_up(setting: Setting, snapshot: Snapshot | None) -> Iterator[tuple[CriteoClient, Actual]]:
    """What is at Criteo, with what journals leave in doubt resolved in memory."""
    settings = setting.desired.settings
    known = replace(snapshot, doubts=setting.store.doubts(snapshot)) if snapshot else None
    with connect(setting.credentials, settings.criteo, settings.advertiser, read_only=True) as client:
        yield client, refresh(client, setting.desired, known)


def _sizes(client: CriteoClient, actual: Actual) -> Sizes:
    segments = {address: each.id for address, each in (*actual.segments.items(), *actual.kinds.items())}
    return measured(client, segments, {address: each.id for address, each in actual.audiences.items()})


def _members(
    setting: Setting,
    snapshot: Snapshot | None,
    asked: tuple[AskedSegment, ...],
    as_of: dt.datetime,
    *,
    columns: Columns,
    staging: Path | None,
    tell: Tell,
    disputed: tuple[Two, ...] = (),
) -> AbstractContextManager[Computed]:
    """Stage 3: everything that is asked, computed beside what the ledger holds."""
    return computed(
        setting.desired.settings,
        columns,
        asked,
        as_of,
        store=setting.store,
        snapshot=snapshot,
        staging=staging,
        access=setting.access,
        apart=(*setting.desired.apart, *disputed),
        aims=setting.desired.aims,
        report=tell,
    )


def _skew(setting: Setting, client: CriteoClient) -> dt.timedelta | None:
    return client.skew() if setting.as_of is None else None
