"""A shop of its own for every test, on an emulator behind a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import stamina

from reconciler.emulator import create_app, serve
from tests.emulator.caller import Caller
from tests.flows.shop import Shop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop that nobody has said anything of yet."""
    for name in ("CI", "NO_COLOR", "CRITEO_CLIENT_SECRET_FILE"):
        monkeypatch.delenv(name, raising=False)
    with (
        stamina.set_testing(True, attempts=2),
        serve(create_app(rate_limit=0)) as server,
        httpx.Client(base_url=server.url, verify=False) as http,
    ):
        told = {"CRITEO_CLIENT_ID": "app", "CRITEO_CLIENT_SECRET": "secret", "CRITEO_API_URL": server.url}
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        (tmp_path / "workspace").mkdir()
        yield Shop(root=tmp_path / "workspace", url=server.url, criteo=Caller(http=http))
