from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commandline import run
from tests.editors.language_server import LanguageServer, running


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the schemas as the command writes them."""
    root = tmp_path_factory.mktemp("workspace")
    assert run("-w", root, "schema", "--write", root / ".schemas").code == 0
    return root


@pytest.fixture(scope="session")
def server(workspace: Path) -> Iterator[LanguageServer]:
    """One language server for all tests; each opens files of its own."""
    with running(workspace) as server:
        yield server
