"""What an answer tells of the rate limit, in our own clock's time (Criteo's guide to rate limits)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

WINDOW = 60.0
"""Seconds over which Criteo counts calls (Criteo's guide to rate limits)."""

LONGEST_WAIT = 300.0
"""Seconds that we wait at most because an answer says so; one that asks for more is taken for an error."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How the app stands after a call: calls left in this window, and the epoch second from which there are more."""

    limit: int
    remaining: int
    reset: int


def read_rate(headers: Mapping[str, str]) -> Reading | None:
    """The three headers, where all three are there and make sense."""
    limit, remaining, reset = (headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remaining", "reset"))
    if not all(text.isascii() and text.isdecimal() for text in (limit, remaining, reset)):
        return None
    reading = Reading(limit=int(limit[:12]), remaining=int(remaining[:12]), reset=int(reset[:12]))
    return reading if reading.limit else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks to wait, given as such or as a date (RFC 9110). Criteo documents no such header;
    it is honoured where it comes.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:12]), LONGEST_WAIT)
    until = read_date(text)
    if until is None:
        return None
    now = server_time(headers) or dt.datetime.now(dt.UTC)
    return min(max(0.0, (until - now).total_seconds()), LONGEST_WAIT)


def server_time(headers: Mapping[str, str]) -> dt.datetime | None:
    """The `Date` of an answer, to the second, if it has one that can be read."""
    return read_date(headers.get("date", ""))


def read_date(text: str) -> dt.datetime | None:
    """A date of HTTP."""
    try:
        return parsedate_to_datetime(text).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


class ServerClock:
    """How far Criteo's clock is ahead of ours, within bounds that each `Date` narrows.

    A date is cut to its second, so that one answer tells the time to a second only; many tell it much better.
    """

    def __init__(self) -> None:
        self._least, self._most = -math.inf, math.inf

    def hear(self, headers: Mapping[str, str], sent: float, got: float) -> None:
        """Take in the date of an answer to what was sent and got at these instants of ours."""
        date = server_time(headers)
        shown = date.timestamp() if date else dt.datetime.now(dt.UTC).timestamp()
        least, most = shown - got, shown + 1 - sent
        if date is None or least > self._most or most < self._least:  # a clock was set, or Criteo's is not to be seen
            self._least, self._most = least, most
        self._least, self._most = max(least, self._least), min(most, self._most)

    def latest(self, instant: float) -> int:
        """The last full second that Criteo's clock may show at an instant of ours, rounded up."""
        return math.ceil(instant + self._most)

    def ours(self, instant: float) -> float:
        """The latest instant of ours that an instant of Criteo's may be."""
        return instant - self._least
