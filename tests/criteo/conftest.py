"""A pretend Criteo for every test, and no waiting between repetitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import stamina

from tests.criteo.pretend import Pretend
from tests.switches.positions import needed


@pytest.fixture(autouse=True)
def _no_back_off() -> Iterator[None]:
    """As many attempts as in earnest, without the waits between them."""
    with stamina.set_testing(True, attempts=100, cap=True):
        yield


@pytest.fixture
def make_pretend(request: pytest.FixtureRequest) -> Iterator[Callable[..., Pretend]]:
    """Make emulators, with the positions that the test is marked with; the arguments are those of `create_app`."""
    with ExitStack() as stack:

        def make(**options: Any) -> Pretend:
            # What Criteo itself makes is the business of the tests of switches alone.
            switches = needed(request, filter_based="off", behavioral="off")
            made = Pretend({"switches": switches, **options})
            stack.callback(made.app.close)
            return made

        yield make


@pytest.fixture
def pretend(make_pretend: Callable[..., Pretend]) -> Pretend:
    """A new emulator."""
    return make_pretend()
