"""A pretend Criteo for every test that asks for one, and a small shop to plan for."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from reconciler.emulator import create_app, serve
from tests.cli.commandline import CREDENTIALS, Criteo


@pytest.fixture
def criteo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Criteo]:
    """An emulator on a free port, and credentials for it in the environment of this process."""
    for name in ("CI", "NO_COLOR", "CRITEO_CLIENT_SECRET_FILE"):
        monkeypatch.delenv(name, raising=False)
    with serve(create_app(rate_limit=0)) as server, httpx.Client(base_url=server.url) as http:
        for name, value in {**CREDENTIALS, "CRITEO_API_URL": server.url}.items():
            monkeypatch.setenv(name, value)
        yield Criteo(url=server.url, http=http)
