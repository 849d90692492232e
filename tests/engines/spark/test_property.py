"""Spark beside plain loops."""

from __future__ import annotations

import pytest

from tests.engines import agreement
from tests.engines.spark.world import place


@pytest.mark.parametrize("check", agreement.CHECKS)
def test_it_agrees_with_plain_loops(check: str, server: str) -> None:
    """Members, who is left out and why, additions, removals by cause, what is sent again."""
    agreement.hold(place(server), check, "Spark")
