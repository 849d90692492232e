"""Reports are compared whole with files under `golden/`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
Compare = Callable[[str, str], None]


@pytest.fixture
def compare() -> Compare:
    """Compare a report with the file of that name."""

    def compared(name: str, text: str) -> None:
        assert (GOLDEN / name).read_text(encoding="utf-8") == text

    return compared
