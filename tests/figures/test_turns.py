"""Whose turn it is."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.figures.turns import FRESH, allowance, due
from reconciler.model.address import Address
from reconciler.state.statistics import Held, ListsStatistics, ListStatistics

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
NOTHING = ListsStatistics(lineage="x")


def known(asked: dict[str, dt.datetime], ids: dict[str, str]) -> ListsStatistics:
    """Lists that were asked for at these instants."""
    held = Held(since=NOON, turned=NOON, low=0, high=0, low_before=0, high_before=0)
    lists = {Address(key): ListStatistics(criteo_id=ids[key], held=held, asked=at) for key, at in asked.items()}
    return ListsStatistics(lineage="x", lists=lists)


@pytest.mark.parametrize(
    ("per_minute", "seconds", "calls"),
    [(200, 3, 20), (200, 60, 20), (200, 61, 40), (200, 600, 200), (0, 1, 25), (5, 1, 1), (1, 0, 1), (19, 130, 3)],
)
def test_a_tenth_of_the_rate_for_each_minute_begun(per_minute: int, seconds: float, calls: int) -> None:
    """At least one call; without a limit of our own a tenth of what Criteo allows."""
    assert allowance(per_minute, seconds) == calls


def test_what_was_never_asked_for_comes_first_then_the_oldest() -> None:
    """By address among the new ones, by age among the others; what was made anew counts as new."""
    ids = {"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}
    asked = {"a": NOON - dt.timedelta(hours=2), "b": NOON - dt.timedelta(hours=9), "e": NOON - dt.timedelta(hours=3)}
    before = known(asked, {**ids, "e": "old"})
    order = due(before, {Address(key): each for key, each in ids.items()}, NOON, 9)
    assert order == ("c", "d", "e", "b", "a")


def test_fresh_counts_wait() -> None:
    """Who asked a moment ago does not ask again; a clock that was set back does not keep a list from its turn."""
    ids = {Address("a"): "1"}
    assert due(known({"a": NOON}, {"a": "1"}), ids, NOON + FRESH - dt.timedelta(seconds=1), 1) == ()
    assert due(known({"a": NOON}, {"a": "1"}), ids, NOON + FRESH, 1) == ("a",)
    assert due(known({"a": NOON}, {"a": "1"}), ids, NOON - dt.timedelta(days=1), 1) == ("a",)


@settings(max_examples=30, deadline=None)
@given(lists=st.integers(1, 60), room=st.integers(1, 25))
def test_after_as_many_runs_as_it_takes_every_list_had_its_turn(lists: int, room: int) -> None:
    """Of runs an hour apart, so many in a row as there are rooms full of lists ask for every list."""
    ids = {Address(f"segment.s{number:02}"): str(number) for number in range(lists)}
    asked: dict[str, dt.datetime] = {}
    names = {str(address): each for address, each in ids.items()}
    turns = []
    for hour in range(3 * -(-lists // room)):
        now = NOON + dt.timedelta(hours=hour)
        turn = due(known(asked, names), ids, now, room)
        asked.update(dict.fromkeys(turn, now))
        turns.append(turn)
    rounds = -(-lists // room)
    for first in range(len(turns) - rounds + 1):
        assert set().union(*turns[first : first + rounds]) == set(ids)
