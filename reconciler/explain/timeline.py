"""When somebody came in and when she will go: the clock is moved over the instants that matter, and asked each time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

from reconciler.membership.instants import TICK
from reconciler.model.address import Address

State = Callable[[dt.datetime], Mapping[Address, bool]]
"""Who belongs where when the clock stands there, on today's data."""


def last_turns(
    state: State, now: Mapping[Address, bool], moments: Sequence[dt.datetime], as_of: dt.datetime
) -> Mapping[Address, dt.datetime]:
    """Since when each standing in `now` is as it is; without an instant where it never was otherwise."""
    past = [moment for moment in reversed(moments) if moment <= as_of]
    return _first_change(state, now, ((moment, moment - TICK) for moment in past))


def next_turns(
    state: State, now: Mapping[Address, bool], moments: Sequence[dt.datetime], as_of: dt.datetime
) -> Mapping[Address, dt.datetime]:
    """When each standing in `now` changes next; without an instant where it never does."""
    return _first_change(state, now, ((moment, moment) for moment in moments if moment > as_of))


def _first_change(
    state: State, now: Mapping[Address, bool], asked: Iterable[tuple[dt.datetime, dt.datetime]]
) -> Mapping[Address, dt.datetime]:
    found: dict[Address, dt.datetime] = {}
    for moment, clock in asked:
        if len(found) == len(now):
            break
        then = state(clock)
        found |= {address: moment for address in now if address not in found and then[address] != now[address]}
    return found
