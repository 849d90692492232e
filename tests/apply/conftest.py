"""An emulator, a store and a client of its own for every test."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from reconciler.actual import Actual
from reconciler.apply.execute import Tools, execute
from reconciler.apply.outcome import Event, Outcome
from reconciler.criteo.client import CriteoClient
from reconciler.criteo.connect import connect
from reconciler.emulator import EmulatorTransport, create_app
from reconciler.model.address import Address
from reconciler.model.mark import split_mark
from reconciler.model.settings import Credentials, Criteo, Guards, Secret
from reconciler.plan.changes import Plan
from reconciler.state.bits import allot
from reconciler.state.local import LocalStore
from reconciler.state.snapshot import Snapshot
from tests.apply.first import FIRST, first_plan
from tests.apply.people import Lists, SetMoves, read_lists
from tests.emulator.caller import Caller
from tests.switches.positions import usual


@dataclass(kw_only=True)
class Scene:
    """Everything an apply meets, and a look at what came of it."""

    store: LocalStore
    transport: EmulatorTransport
    criteo: Caller
    snapshot: Snapshot
    events: list[Event] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, plan: Plan, moves: SetMoves, *, operation: str = "apply") -> Outcome:
        """Take the lock and carry out a plan."""
        with self.store.lock(operation) as lease, self.store.staging() as staging, self.client(lease.check) as client:
            outcome = execute(
                plan,
                operation=operation,
                snapshot=self.snapshot,
                actual=self.actual(),
                bits=allot(self.snapshot.ledger, {*moves.held, *moves.wanted}),
                moves=moves,
                guards=Guards(),
                tools=Tools(client=client, store=self.store, lease=lease, staging=staging),
                report=self.events.append,
                stop=self.stop,
            )
        self.snapshot = self.store.read() or self.snapshot
        return outcome

    def client(self, check: Any = None) -> CriteoClient:
        """Our client on the emulator."""
        credentials = Credentials(client_id="app", client_secret=Secret("secret"), api_url="http://emulator")
        settings = Criteo(calls_per_minute=0)
        return connect(credentials, settings, "42", read_only=False, lease_check=check, transport=self.transport)

    def actual(self) -> Actual:
        """What bears the mark of workspace `shop`."""
        with self.client() as client:
            segments = {split_mark(each.description)[1]: each for each in client.segments()}
            audiences = {split_mark(each.description)[1]: each for each in client.audiences()}
        return Actual(
            segments={mark.address: each for mark, each in segments.items() if mark},
            audiences={mark.address: each for mark, each in audiences.items() if mark},
            foreign_segments={each.name: each for mark, each in segments.items() if not mark},
            foreign_audiences={each.name: each for mark, each in audiences.items() if not mark},
            ad_sets={},
            ad_set_audience={},
            gone=frozenset(),
        )

    def members(self, address: Address) -> frozenset[str]:
        """What a list really holds at Criteo."""
        return frozenset(self.criteo.members(self.actual().segments[address].id))

    def requests(self, operation: str | None = None) -> list[dict[str, Any]]:
        """Requests that the emulator saw, without the token's; only those of one operation where it is given."""
        all_of_them = [each for each in self.criteo.requests() if not each["path"].startswith("/oauth2")]
        return [each for each in all_of_them if operation in (None, each["operation"])]

    def patches(self, address: Address) -> list[dict[str, Any]]:
        """The calls that changed a list's members."""
        path = f"/{self.actual().segments[address].id}/contact-list"
        return [each for each in self.requests("UpdateContactListByAudienceSegment") if each["path"].endswith(path)]

    def ledger(self) -> Lists:
        """The newest ledger file."""
        ledger = self.snapshot.ledger
        blob = ledger.deltas[-1] if ledger.deltas else ledger.base
        assert blob is not None
        return read_lists(self.store.path(blob))

    def doubtful(self) -> Lists:
        """What the next run must say again."""
        found: Lists = {}
        for doubt in self.store.doubts(self.snapshot):
            rows = read_lists(self.store.path(doubt.intent)) if doubt.intent else {}
            for address in doubt.lists:
                found[address] = found.get(address, frozenset()) | rows.get(address, frozenset())
        return found

    def files(self) -> dict[str, bytes]:
        """Every file of the state."""
        root = self.store.root
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def journal(self) -> list[dict[str, Any]]:
        """The lines of the journal that is left."""
        (path,) = (self.store.root / "journal").iterdir()
        return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A new world and a new state; what is repeated is repeated at once, and twice at most."""
    app = create_app(rate_limit=0, switches=usual(phone_numbers="taken"))
    transport = EmulatorTransport(app)
    store = LocalStore(tmp_path / "state")
    with httpx.Client(transport=transport, base_url="http://emulator") as http, stamina.set_testing(True, attempts=2):
        criteo = Caller(http=http, app=app)
        criteo.authorize()
        yield Scene(store=store, transport=transport, criteo=criteo, snapshot=store.initialise("shop"))
    app.close()


@pytest.fixture
def begun(scene: Scene) -> Scene:
    """A scene in which the first plan has been carried out."""
    moves = SetMoves(held={}, wanted=FIRST)
    assert scene.run(first_plan(moves), moves).error is None
    scene.events.clear()
    return scene
