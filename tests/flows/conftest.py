"""A shop of its own for every test, on an emulator behind a real socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from reconciler.emulator import create_app, serve
from tests.emulator.caller import Caller
from tests.flows.shop import Shop
from tests.switches.positions import needed

Opener = Callable[..., Shop]


@pytest.fixture
def open_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Open a shop on an emulator with these options; what is repeated is repeated at once, and twice at most."""
    for name in ("CI", "NO_COLOR", "CRITEO_CLIENT_SECRET_FILE"):
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as stack:
        stack.enter_context(stamina.set_testing(True, attempts=2))

        def open_one(**options: Any) -> Shop:
            switches = needed(request)
            server = stack.enter_context(serve(create_app(**{"rate_limit": 0, "switches": switches, **options})))
            http = stack.enter_context(httpx.Client(base_url=server.url, verify=False))
            root = tmp_path / "workspace"
            root.mkdir()
            monkeypatch.setenv("CRITEO_CLIENT_ID", "app")
            monkeypatch.setenv("CRITEO_CLIENT_SECRET", "secret")
            monkeypatch.setenv("CRITEO_API_URL", server.url)
            shop = Shop(root=root, url=server.url, criteo=Caller(http=http))
            if "switches" not in options and switches.algebra != "any":
                shop.settings["criteo"]["exclusions"] = "one_list"
            return shop

        yield open_one


@pytest.fixture
def shop(open_shop: Opener) -> Shop:
    """A shop that nobody has said anything of yet."""
    return open_shop()
