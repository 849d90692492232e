"""Two worlds to begin in, made once: an empty one, and one in which an apply has gone well."""

from __future__ import annotations

import pytest

from tests.crash.kill import SMALL, Beginnings, rehearse


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> Beginnings:
    return rehearse(tmp_path_factory.mktemp("beginnings") / "small", SMALL)
