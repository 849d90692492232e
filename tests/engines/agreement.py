"""Random definitions on random data: every list, count and movement of an engine equals what plain loops say."""

from __future__ import annotations

import os
import sys

from tests.membership import moves_runner, runner, unions_runner

CASES = int(os.environ.get("MEMBERSHIP_CASES", "200"))
"""How many cases an engine runs in all."""
SEED = os.environ.get("MEMBERSHIP_SEED", "a quiet shop")
CHECKS: dict[str, tuple[runner.Check, float]] = {
    "members": (runner.differing, 0.4),
    "moves": (moves_runner.differing, 0.45),
    "unions": (unions_runner.differing, 0.15),
}
"""What is held against plain loops, and its share of the cases."""


def hold(place: runner.Place, check: str, engine: str) -> None:
    """Run an engine's share of one check, and fail for the first case that differs or was left out."""
    differing, share = CHECKS[check]
    asked = round(CASES * share)
    run = runner.run(place, differing, f"{SEED}, {check} on {engine}", asked, past=check != "members")
    sys.stdout.write(f"seed {SEED!r}: ran {run.ran}, skipped {asked - run.ran}\n")
    assert not run.wrong, "\n\n".join(run.wrong)
    assert run.ran == asked
