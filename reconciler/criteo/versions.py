"""How long Criteo supports the versions of its API.

Two versions a year, in January and July, each for twelve months; the last three of them are a deprecation window, and
after them the version answers 410 or as the current one (Criteo's versioning policy of July 2026).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

WINDOW = dt.timedelta(days=92)
"""How long before its end a version is deprecated."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Support:
    """From when a version is stable, until when it is supported, and who says so."""

    stable: dt.date
    ends: dt.date
    source: str

    def is_candidate(self, today: dt.date) -> bool:
        """Whether it may still change."""
        return today < self.stable

    def is_deprecated(self, today: dt.date) -> bool:
        """Whether it is in its last three months, or over."""
        return today >= self.ends - WINDOW

    def is_over(self, today: dt.date) -> bool:
        """Whether Criteo need not serve it any more."""
        return today >= self.ends


_POLICY = "Criteo's versioning policy"

SUPPORT: Mapping[str, Support] = {
    # Its release note says 2027-02-02; the earlier of the two days is the safe one.
    "2026-01": Support(stable=dt.date(2026, 1, 27), ends=dt.date(2027, 1, 27), source=_POLICY),
    # The policy names months; the first day of one is the safe reading.
    "2026-07": Support(stable=dt.date(2026, 7, 1), ends=dt.date(2027, 7, 1), source=_POLICY),
    "2027-01": Support(stable=dt.date(2027, 2, 1), ends=dt.date(2028, 1, 1), source=_POLICY),
}
"""The versions that a workspace may choose."""
