"""What the ledger held while Criteo was counting, and whether Criteo's count fits that.

Criteo processes what it is sent some time later, up to a day as reported of contact lists, and rounds its figures. So a
count is compared with all that the ledger held in the day before, and only once a list was watched for a day.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from reconciler.state.statistics import Held, Reading

LAG = dt.timedelta(hours=24)
"""How long Criteo may take to count what it was sent."""

FEW = 10
"""A difference of so many identifiers means nothing: Criteo rounds its figures."""

SMALL = 0.02
"""Nor does such a share of the list."""


class Fit(StrEnum):
    """How Criteo's count of a list fits the ledger.

    ===============  ==================================================================
    COUNTED          it is what the ledger holds
    NOT_YET_COUNTED  it is another, as it may be while Criteo has not processed all of it
    DIFFERS          no lag explains it: somebody else writes to the list, or Criteo lost something
    ===============  ==================================================================
    """

    COUNTED = "counted"
    NOT_YET_COUNTED = "not yet counted"
    DIFFERS = "differs"


def watched(held: Held | None, count: int, now: dt.datetime) -> Held:
    """What is known of a list after another look at the ledger."""
    if held is None or now < held.turned:
        return Held(since=now, turned=now, low=count, high=count, low_before=count, high_before=count)
    if now - held.turned >= LAG:
        return Held(since=held.since, turned=now, low=count, high=count, low_before=held.low, high_before=held.high)
    return Held(
        since=held.since,
        turned=held.turned,
        low=min(held.low, count),
        high=max(held.high, count),
        low_before=held.low_before,
        high_before=held.high_before,
    )


def fit(reading: Reading, count: int) -> Fit | None:
    """How a reading fits a list that holds `count` by the ledger now; None where Criteo told no number."""
    if reading.identifiers is None:
        return None
    if not reading.identifiers and count and not reading.settled:
        return Fit.NOT_YET_COUNTED
    if _near(reading.identifiers, count, count):
        return Fit.COUNTED
    explained = _near(reading.identifiers, reading.low, reading.high)
    return Fit.NOT_YET_COUNTED if explained or not reading.settled else Fit.DIFFERS


def _near(number: int, low: int, high: int) -> bool:
    slack = max(FEW, int(SMALL * high))
    return low - slack <= number <= high + slack
