"""Whose statistics are asked for next: one call a list, so a run asks for some, and the oldest come first."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

from reconciler.model.address import Address
from reconciler.model.settings import CRITEO_ALLOWS
from reconciler.state.statistics import ListsStatistics

SHARE = 10
"""Of so many calls that a run may make, one may be for statistics."""

FRESH = dt.timedelta(minutes=30)
"""Counts that are younger are not asked for again: Criteo's change with its processing runs, of which a day has few."""


def allowance(calls_per_minute: int, seconds: float) -> int:
    """How many calls for statistics a run of so many seconds may make: a tenth of the rate for each minute that it has
    begun, and one at least.
    """
    a_minute = max(1, (calls_per_minute or CRITEO_ALLOWS) // SHARE)
    return a_minute * max(1, math.ceil(seconds / 60))


def due(known: ListsStatistics, criteo_ids: Mapping[Address, str], now: dt.datetime, room: int) -> tuple[Address, ...]:
    """At most `room` lists, those first that were never asked for, then by how long ago that was.

    A list that is made anew has another id, and was never asked for.
    """
    asked = {
        address: each.asked
        for address, each in known.lists.items()
        if each.asked is not None and each.criteo_id == criteo_ids.get(address)
    }
    never = sorted(address for address in criteo_ids if address not in asked)
    # A clock that was set back must not keep a list from its turn.
    stale = [address for address, at in asked.items() if not dt.timedelta(0) <= now - at < FRESH]
    return (*never, *sorted(stale, key=lambda address: (asked[address], address)))[:room]
