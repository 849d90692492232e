"""Windows of age and periods of the calendar."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_DURATION = re.compile(r"([0-9]+)([mhdw])")


@dataclass(frozen=True, order=True, slots=True)
class Window:
    """A half-open span of age in minutes: an event belongs to it when `start <= age < end`; `end` None has no bound."""

    start: int = 0
    end: int | None = None

    def __str__(self) -> str:
        end = format_duration(self.end) if self.end is not None else ""
        return f"{format_duration(self.start)}..{end}"

    def overlaps(self, other: Window) -> bool:
        """Whether some age belongs to both."""
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)


EVER = Window()
"""Any age from 0 on: what a condition without `within` means."""


def parse_duration(text: str) -> int:
    """Minutes of `[0-9]+(m|h|d|w)`. Raises ValueError when the text is no duration."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[1]) * MINUTES[match[2]]


def parse_window(text: str) -> Window:
    """The window written `a..b`, `a..` or `b` (for `0h..b`). Raises ValueError when it is none, or empty."""
    start, dots, end = text.partition("..")
    if not dots:
        return _checked(Window(0, parse_duration(text)), text)
    return _checked(Window(parse_duration(start), parse_duration(end) if end else None), text)


def _checked(window: Window, text: str) -> Window:
    if window.end is not None and window.end <= window.start:
        raise ValueError(text)
    return window


def format_duration(minutes: int) -> str:
    """The shortest exact way to write a number of minutes: 240 is `4h`, 1440 is `1d`; weeks are written as days."""
    for unit in ("d", "h"):
        if minutes and minutes % MINUTES[unit] == 0:
            return f"{minutes // MINUTES[unit]}{unit}"
    return f"{minutes}m" if minutes else "0h"


def format_age(minutes: int) -> str:
    """An age as one says it, rounded down: minutes below two hours, hours below two days, then days."""
    if minutes < 2 * MINUTES["h"]:
        return f"{minutes}m"
    unit = "h" if minutes < 2 * MINUTES["d"] else "d"
    return f"{minutes // MINUTES[unit]}{unit}"


@dataclass(frozen=True, slots=True)
class Period:
    """Calendar days from `first` to `last`, both included, in the workspace's time zone; None has no bound."""

    first: dt.date | None = None
    last: dt.date | None = None

    def holds(self, moment: dt.datetime, time_zone: str) -> bool:
        """Whether `moment` (with a zone) falls on one of the days."""
        day = moment.astimezone(ZoneInfo(time_zone)).date()
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def is_over(self, moment: dt.datetime, time_zone: str) -> bool:
        """Whether the last of the days is before `moment` (with a zone)."""
        return self.last is not None and self.last < moment.astimezone(ZoneInfo(time_zone)).date()
