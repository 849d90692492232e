"""The shop, made once for all tests that look at it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.real import brute, fetch, shop
from tests.real.moments import MOMENTS
from tests.real.reading import World, instant, read_world


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the workspace with the shop's data in it."""
    folder = tmp_path_factory.mktemp("real") / "workspace"
    shutil.copytree(Path(__file__).parent / "workspace", folder)
    shop.write(fetch.checked_wheel(), folder / "data")
    return folder


@pytest.fixture(scope="session")
def world(workspace: Path) -> World:
    return read_world(workspace)


@pytest.fixture(scope="session")
def expected(world: World) -> Mapping[str, Mapping[str, set[str]]]:
    """What each list should hold, at each moment."""
    return {as_of: brute.lists(brute.Moment(world=world, as_of=instant(as_of))) for as_of in MOMENTS}
