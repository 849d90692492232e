"""The sample workspace on the demo's shop, computed on an engine: what every list holds, as a digest."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from reconciler.config.load import load
from reconciler.demo.shop import build
from reconciler.demo.workspace import copy_sample
from reconciler.desired import Desired, resolve
from reconciler.membership.inspecting import Choice, inspection
from reconciler.membership.ledger import LedgerFiles
from reconciler.membership.opening import Request
from reconciler.membership.overlap import overlap
from reconciler.membership.session import Session, open_session
from reconciler.model.address import Address
from reconciler.model.identifiers import Identifiers
from reconciler.model.overlap import Overlap
from reconciler.model.settings import EngineAccess, Source, Table
from reconciler.plan.ask import ask
from tests.membership.worlds import everything

AS_OF = dt.datetime(2026, 11, 21, 18, tzinfo=dt.UTC)
CUSTOMERS = 4_000
SHARING = (Address("segment.browsers-keen"), Address("segment.outdoor-people"))
"""Two segments of the sample that share people."""


def open_shop(root: Path) -> Desired:
    """The workspace with the shop's files beside it."""
    workspace = copy_sample(root)
    build(workspace, AS_OF, customers=CUSTOMERS)
    return resolve(load(workspace))


def on_engine(desired: Desired, engine: Literal["postgres", "spark"], customers: str, events: str) -> Desired:
    """The same workspace over tables of an engine."""
    source = desired.settings.source
    there: Source = replace(
        source,
        engine=engine,
        customers=replace(source.customers, table=_named(source.customers.table, customers)),
        events=tuple(replace(each, table=_named(each.table, events)) for each in source.events),
    )
    return replace(desired, settings=replace(desired.settings, source=there))


def _named(table: Table, name: str) -> Table:
    return replace(table, name=name)


@contextmanager
def computed(desired: Desired, access: EngineAccess) -> Iterator[Session]:
    """A session on everything that the workspace asks for."""
    asked = ask(desired, None)
    addresses = [address for segment in asked for address, _ in segment.lists]
    request = Request(
        settings=desired.settings,
        columns=desired.columns,
        asked=asked,
        as_of=AS_OF,
        bits={address: number for number, address in enumerate(addresses)},
        ledger=LedgerFiles(),
        access=access,
        apart=(SHARING, *desired.disputed),
        aims=desired.aims,
    )
    with open_session(request) as session:
        yield session


def digests(desired: Desired, access: EngineAccess) -> dict[Address, str]:
    """SHA-256 over the sorted identifiers of each list, and how many people two of them share."""
    with computed(desired, access) as session:
        shared = {
            Address(" and ".join(pair)): f"{people} people" for pair, people in session.membership.in_both.items()
        }
        moves = session.decide(everything(session.membership.lists))
        return shared | {address: _digest(moves.batches(address, "add")) for address in session.membership.lists}


def overlaps(desired: Desired, access: EngineAccess) -> Overlap:
    """Who is in several lists and audiences at once."""
    return overlap(inspection(desired, AS_OF, Choice(purchases=("purchase",)), access=access, report=lambda _: None))


def _digest(batches: Iterator[Identifiers]) -> str:
    values = sorted(digest.hex() for batch in batches for digest in batch.digests)
    return f"{len(values)} {hashlib.sha256(chr(10).join(values).encode()).hexdigest()}"
