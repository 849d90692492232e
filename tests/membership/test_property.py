"""Random definitions on random data: every list, count and movement equals what plain loops over the rows say."""

from __future__ import annotations

import os
import sys
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.membership import moves_runner, packs, runner
from tests.membership.runner import DUCKDB
from tests.membership.shapes import draw_shape
from tests.membership.sources import FILES

CASES = int(os.environ.get("MEMBERSHIP_CASES", "2000"))
SEED = os.environ.get("MEMBERSHIP_SEED", "a quiet shop")
PARTS = 4
"""The run is cut in parts, so that several processes can share it."""
MOVING = 5
"""One case in so many stands beside a ledger: these take longer."""
quietly = settings(max_examples=25, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_list_holds_who_the_language_says(part: int) -> None:
    """Members and the persons left out equal those of plain loops, whatever the format, types and definitions."""
    told(runner.differing, f"{SEED}, members {part}", CASES - CASES // MOVING, past=False)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_movement_has_the_number_and_the_cause_that_the_language_says(part: int) -> None:
    """Beside a ledger and doubts: additions, removals by cause, what is sent again, change and time apart, freezing."""
    told(moves_runner.differing, f"{SEED}, moves {part}", CASES // MOVING, past=True)


def told(check: runner.Check, seed: str, cases: int, *, past: bool) -> None:
    """Run this part's cases; fail for each that differs, and for every one that did not run."""
    asked = -(-cases // PARTS)
    run = runner.run(DUCKDB, check, seed, asked, past=past)
    sys.stdout.write(f"seed {seed!r}: ran {run.ran}, skipped {asked - run.ran}\n")
    assert not run.wrong, "\n\n".join(run.wrong)
    assert run.ran == asked


@quietly
@given(st.randoms(use_true_random=False))
def test_a_case_alone_agrees_however_it_is_drawn(random: Random) -> None:
    """A single case with nothing beside it agrees too; what differs is made small by the one who draws."""
    shape = draw_shape(random, [each for each in FILES if each != ".json"])
    case = packs.draw_case(random, shape, 7)
    pack = packs.Pack(shape=shape, cases=(case,), seed="one")
    assert runner.differing(DUCKDB, pack) == []
