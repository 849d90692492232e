"""A store of its own for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.state.local import LocalStore


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """A store in a folder that does not exist yet."""
    return LocalStore(tmp_path / "state")
