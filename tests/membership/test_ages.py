from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import select

from reconciler.membership.ages import LONGEST_LIST, Ages, cut, within
from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.sql import name, table
from reconciler.model.time import EVER, Window, parse_window
from tests.membership import pools, strategies
from tests.membership.conftest import Fill
from tests.membership.worlds import AS_OF

quietly = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
HAIRS = (0, 1, -1, 60_000_000)


def times_at(windows: list[Window]) -> list[dt.datetime]:
    """Every bound, and a hair to each side of it; nothing ahead of the clock."""
    bounds = {0, 52_000_000} | {b for window in windows for b in (window.start, window.end) if b is not None}
    naive = AS_OF.replace(tzinfo=None)
    times = {naive - dt.timedelta(minutes=bound, microseconds=hair) for bound in bounds for hair in HAIRS}
    return sorted(time for time in times if time <= naive)


def slots(engine: DuckDB, fill: Fill, ages: Ages, times: list[dt.datetime]) -> list[int]:
    """The slot of each time, clamped as it is when it is looked up."""
    fill("e", {"t": "timestamp"}, [(time,) for time in times])
    rows = engine.rows(select(ages.slot(AS_OF)).from_(table("e")).order_by(name("t")))
    return [min(row[0], len(ages.starts) - 1) for row in rows]


@quietly
@given(st.lists(strategies.windows(pools.ODD), min_size=1, max_size=8), st.sampled_from([1, 3, LONGEST_LIST]))
def test_a_slot_lies_in_a_window_exactly_when_its_times_do(
    engine: DuckDB, fill: Fill, windows: list[Window], kinds: int
) -> None:
    """Half-open and exact, to the microsecond, whether the slots are equal or cut at the bounds."""
    ages, times = cut(windows, kinds), times_at(windows)
    for time, slot in zip(times, slots(engine, fill, ages, times), strict=True):
        age = AS_OF.replace(tzinfo=None) - time
        for window in windows:
            young = window.end is None or age < dt.timedelta(minutes=window.end)
            assert (slot in ages.slots_of(window)) is (young and age >= dt.timedelta(minutes=window.start))


@quietly
@given(strategies.windows(pools.FAR))
def test_a_comparison_with_bounds_says_the_same(engine: DuckDB, fill: Fill, window: Window) -> None:
    """Counts and sums look at the time itself, with the same bounds."""
    times = times_at([window])
    fill("e", {"t": "timestamp"}, [(time,) for time in times])
    told = engine.rows(select(within(name("t"), window, AS_OF)).from_(table("e")).order_by(name("t")))
    for time, (inside,) in zip(times, told, strict=True):
        minutes = (AS_OF.replace(tzinfo=None) - time) / dt.timedelta(minutes=1)
        assert inside is (window.start <= minutes and (window.end is None or minutes < window.end))


@pytest.mark.parametrize(
    ("windows", "kinds", "unit"),
    [
        (["4h..24h", "0h..4h", "2d..7d"], 3, 240),
        (["7m..90m"], 1, 1),
        (["7m..90d"], 1, 0),
        (["1h..90d"], 3, 0),
        (["120d.."], 5, 120 * 1440),
    ],
)
def test_slots_are_equal_while_the_list_stays_short(windows: list[str], kinds: int, unit: int) -> None:
    """The greatest common length, or no equal slots where that gives too many of them."""
    assert cut([parse_window(each) for each in windows], kinds).unit == unit


def test_ever_is_one_slot() -> None:
    """Without any bound there is nothing to cut."""
    ages = cut([EVER], 1)
    assert list(ages.slots_of(EVER)) == [0]


def test_a_window_longer_than_the_calendar_has_no_end(engine: DuckDB, fill: Fill) -> None:
    """A bound before the year 1 is the beginning of time."""
    fill("e", {"t": "timestamp"}, [("0001-06-01 00:00:00",), ("2026-11-21 17:59:00",)])
    window = Window(0, 3000 * 366 * 1440)
    told = engine.rows(select(within(name("t"), window, AS_OF)).from_(table("e")).order_by(name("t")))
    assert told == [(True,), (True,)]
