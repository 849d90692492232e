"""The official SDK on an emulator of its own for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from reconciler.emulator import Switches, create_app, serve
from tests.emulator.caller import Caller
from tests.sdk.official import Official
from tests.sdk.recording import Recording

Meet = Callable[..., "Meeting"]


class Meeting:
    """The SDK and the emulator that it takes for Criteo."""

    def __init__(self, stack: ExitStack, options: dict[str, Any]) -> None:
        self.wire = Recording(create_app(**{"rate_limit": 0, "switches": Switches(), **options}))
        self._stack = stack
        self.url = stack.enter_context(serve(self.wire)).url  # type: ignore[arg-type]
        self.levers = Caller(http=stack.enter_context(httpx.Client(base_url=self.url, verify=False)))
        self.official = self.another()

    def another(self, client_secret: str = "any") -> Official:
        """A second SDK on the same emulator."""
        official = Official(self.url, client_secret)
        self._stack.callback(official.close)
        return official


@pytest.fixture
def meet() -> Iterator[Meet]:
    """Let the SDK meet an emulator; the options are those of `create_app`."""
    with ExitStack() as stack:
        yield lambda **options: Meeting(stack, options)


@pytest.fixture
def meeting(meet: Meet) -> Meeting:
    """The SDK and a new emulator."""
    return meet()
