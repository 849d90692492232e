from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from reconciler.emulator import create_app, serve
from tests.cli.commandline import AS_OF, Criteo, point_to, write_csv
from tests.conftest import Writer
from tests.doctor.examining import DEFINITIONS, Opener

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is repeated is repeated at once; the day is a day on which every version is told apart."""
    monkeypatch.setattr("reconciler.cli.doctor._today", lambda: TODAY)
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def open_criteo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """An emulator with these options, and credentials for it in the environment."""
    with ExitStack() as stack:

        def open_one(**options: Any) -> Criteo:
            server = stack.enter_context(serve(create_app(**{"rate_limit": 250, **options})))
            criteo = Criteo(url=server.url, http=stack.enter_context(httpx.Client(base_url=server.url, verify=False)))
            point_to(criteo, monkeypatch)
            return criteo

        yield open_one


@pytest.fixture
def workspace(write_workspace: Writer) -> Path:
    """A workspace that names an ad set, with data that fits it."""
    root = write_workspace(DEFINITIONS)
    write_csv(root / "customers.csv", [{"customer_id": "ann", "email": "ann@example.com"}])
    write_csv(root / "events.csv", [{"customer_id": "ann", "event": "purchase", "occurred_at": AS_OF}])
    return root
