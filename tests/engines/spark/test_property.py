"""Random definitions on random data in Spark: every list, count and movement equals what plain loops say."""

from __future__ import annotations

import os
import sys

import pytest

from tests.engines.spark.world import place
from tests.membership import moves_runner, runner

CASES = int(os.environ.get("MEMBERSHIP_CASES", "200"))
SEED = os.environ.get("MEMBERSHIP_SEED", "a quiet shop")
CHECKS: dict[str, runner.Check] = {"members": runner.differing, "moves": moves_runner.differing}


@pytest.mark.parametrize("check", CHECKS)
def test_it_agrees_with_plain_loops(check: str, server: str) -> None:
    """Members, who is left out and why, additions, removals by cause, what is sent again."""
    asked = CASES // len(CHECKS)

    run = runner.run(place(server), CHECKS[check], f"{SEED}, {check} on Spark", asked, past=check == "moves")

    sys.stdout.write(f"seed {SEED!r}: ran {run.ran}, skipped {asked - run.ran}\n")
    assert not run.wrong, "\n\n".join(run.wrong)
    assert run.ran == asked
