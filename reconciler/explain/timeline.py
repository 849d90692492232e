"""When somebody came in and when she will go: the clock is moved over the instants that matter, and asked each time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from reconciler.membership.instants import TICK
from reconciler.model.address import Address

State = Callable[[dt.datetime], Mapping[Address, bool]]
"""Who belongs where when the clock stands there, on today's data."""

MOST = 500
"""So many instants are looked at in each direction: somebody with more has done more than one waits for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turns:
    """The first change of each standing in one direction of time, where there is one. `until` is how far was looked;
    None is as far as there is anything to see.
    """

    at: Mapping[Address, dt.datetime] = field(default_factory=lambda: MappingProxyType({}))
    until: dt.datetime | None = None


NEVER = Turns()


def last_turns(state: State, now: Mapping[Address, bool], moments: Sequence[dt.datetime], as_of: dt.datetime) -> Turns:
    """Since when each standing in `now` is as it is."""
    past = [moment for moment in reversed(moments) if moment <= as_of]
    return _first_change(state, now, [(moment, moment - TICK) for moment in past])


def next_turns(state: State, now: Mapping[Address, bool], moments: Sequence[dt.datetime], as_of: dt.datetime) -> Turns:
    """When each standing in `now` changes next."""
    return _first_change(state, now, [(moment, moment) for moment in moments if moment > as_of])


def _first_change(state: State, now: Mapping[Address, bool], asked: Sequence[tuple[dt.datetime, dt.datetime]]) -> Turns:
    found: dict[Address, dt.datetime] = {}
    for moment, clock in asked[:MOST]:
        if len(found) == len(now):
            break
        then = state(clock)
        found |= {address: moment for address in now if address not in found and then[address] != now[address]}
    cut = len(asked) > MOST and len(found) < len(now)
    return Turns(at=MappingProxyType(found), until=asked[MOST - 1][0] if cut else None)
