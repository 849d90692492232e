"""Criteo's counts held against the ledger."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.figures.held import LAG, Fit, fit, watched
from reconciler.state.statistics import Held, Reading

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def reading(identifiers: int | None, low: int, high: int, *, settled: bool = True) -> Reading:
    """What Criteo told, and what the ledger held until then."""
    return Reading(at=NOON, identifiers=identifiers, matches=None, match_rate=None, low=low, high=high, settled=settled)


@pytest.mark.parametrize(
    ("read", "now", "expected"),
    [
        (reading(5000, 5000, 5000), 5000, Fit.COUNTED),
        (reading(4950, 5000, 5000), 5000, Fit.COUNTED),
        (reading(8, 0, 0), 0, Fit.COUNTED),
        (reading(4000, 4000, 5000), 5000, Fit.NOT_YET_COUNTED),
        (reading(5000, 5000, 5000), 9000, Fit.NOT_YET_COUNTED),
        (reading(0, 5000, 5000, settled=False), 5000, Fit.NOT_YET_COUNTED),
        (reading(0, 5000, 5000), 5000, Fit.DIFFERS),
        (reading(7000, 4000, 5000), 5000, Fit.DIFFERS),
        (reading(None, 5000, 5000), 5000, None),
    ],
    ids=[
        "the same",
        "rounded",
        "a few",
        "as it was",
        "it has grown since",
        "watched too short",
        "nobody",
        "more than ever",
        "not told",
    ],
)
def test_a_count_is_held_against_all_that_the_ledger_held(read: Reading, now: int, expected: Fit | None) -> None:
    """What was held within the lag explains a difference, and so does a list that was watched too short."""
    assert fit(read, now) is expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 900)), min_size=2, max_size=60))
def test_all_that_was_held_within_the_lag_is_remembered(looks: list[tuple[int, int]]) -> None:
    """However often one looks: the least and the most take in every count of the last day, and what was held when it
    began.
    """
    now, held = NOON, None
    seen: list[tuple[dt.datetime, int]] = []
    for hours, count in looks:
        now += hours * HOUR
        held = watched(held, count, now)
        seen.append((now, count))
        within = [known for at, known in seen if at > now - LAG]
        within += [known for (_, known), (later, _) in pairwise(seen) if later > now - LAG]
        assert min(held.low, held.low_before) <= min(within)
        assert max(held.high, held.high_before) >= max(within)
    assert held is not None
    assert held.since == seen[0][0]


def test_what_is_long_past_is_forgotten() -> None:
    """After two days a count of before them explains nothing any more."""
    held: Held | None = watched(None, 9000, NOON)
    for hour in range(1, 51):
        held = watched(held, 100, NOON + hour * HOUR)
    assert held is not None
    assert max(held.high, held.high_before) == 100


def test_a_clock_that_was_set_back_begins_anew() -> None:
    """Then nobody knows for how long a list was watched."""
    held = watched(watched(None, 5, NOON), 6, NOON - HOUR)
    assert held.since == NOON - HOUR
