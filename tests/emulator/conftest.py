"""An emulator of its own for every test, reached without a socket or over one.

A test here says which switches it turns; `--switch` turns those of the rooms that only meet an emulator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.emulator import EmulatorTransport, Switches, create_app, serve
from tests.emulator.caller import Caller

Make = Callable[..., Caller]


@pytest.fixture
def make_caller() -> Iterator[Make]:
    """Make emulators in memory; the arguments are those of `create_app`."""
    with ExitStack() as stack:

        def make(data: Path | None = None, **options: Any) -> Caller:
            app = create_app(data, **{"switches": Switches(), **options})
            stack.callback(app.close)
            http = httpx.Client(transport=EmulatorTransport(app), base_url="http://emulator")
            caller = Caller(http=stack.enter_context(http), app=app)
            caller.authorize()
            return caller

        yield make


@pytest.fixture
def caller(make_caller: Make) -> Caller:
    """A caller of a new emulator."""
    return make_caller()


@pytest.fixture
def make_remote() -> Iterator[Make]:
    """Make emulators behind a socket; the arguments are those of `create_app`."""
    with ExitStack() as stack:

        def make(data: Path | None = None, **options: Any) -> Caller:
            server = stack.enter_context(serve(create_app(data, **{"switches": Switches(), **options})))
            http = httpx.Client(base_url=server.url, timeout=10, verify=False)
            caller = Caller(http=stack.enter_context(http))
            caller.authorize()
            return caller

        yield make


@pytest.fixture
def remote(make_remote: Make) -> Caller:
    """A caller of a new emulator behind a socket."""
    return make_remote()
