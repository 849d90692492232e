"""Moving the clock over instants until somebody's standing is another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from reconciler.explain import timeline
from reconciler.explain.timeline import last_turns, next_turns
from reconciler.membership.instants import TICK
from reconciler.model.address import Address

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LIST, OTHER = Address("segment.a"), Address("segment.b")


def from_nine_to_three(clock: dt.datetime) -> Mapping[Address, bool]:
    return {LIST: NOON - 3 * HOUR <= clock < NOON + 3 * HOUR, OTHER: True}


EVERY_HOUR = [NOON + number * HOUR for number in range(-10, 10)]


def test_the_first_change_in_each_direction_is_found() -> None:
    """Since nine and until three; what never changes has no instant, and all that there is was looked at."""
    now = from_nine_to_three(NOON)

    back = last_turns(from_nine_to_three, now, EVERY_HOUR, NOON)
    ahead = next_turns(from_nine_to_three, now, EVERY_HOUR, NOON)

    assert (dict(back.at), back.until) == ({LIST: NOON - 3 * HOUR}, None)
    assert (dict(ahead.at), ahead.until) == ({LIST: NOON + 3 * HOUR}, None)


def test_it_ends_where_everything_is_found() -> None:
    """Instants behind the last answer are not asked."""
    asked = []

    def state(clock: dt.datetime) -> Mapping[Address, bool]:
        asked.append(clock)
        return {LIST: clock < NOON + 2 * HOUR}

    assert next_turns(state, {LIST: True}, EVERY_HOUR, NOON).at == {LIST: NOON + 2 * HOUR}
    assert asked == [NOON + HOUR, NOON + 2 * HOUR]


def test_of_very_many_instants_it_says_how_far_was_looked() -> None:
    """After so many of them it gives up, and tells the last."""
    many = [NOON - number * TICK for number in reversed(range(timeline.MOST + 10))]

    turns = last_turns(lambda _: {LIST: True}, {LIST: True}, many, NOON)

    assert (dict(turns.at), turns.until) == ({}, NOON - (timeline.MOST - 1) * TICK)
