"""A pretend Criteo for every test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.commandline import Criteo, point_to, pretend_criteo


@pytest.fixture
def criteo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Criteo]:
    """An emulator on a free port, and credentials for it in the environment of this process."""
    with pretend_criteo() as criteo:
        point_to(criteo, monkeypatch)
        yield criteo
