"""The words between the plans of `reconciler demo`. They say what happened in the shop; the plans say what follows."""

from __future__ import annotations

from datetime import UTC, datetime

from reconciler.demo.shop import HoursPassed, ShopSummary
from reconciler.demo.workspace import SEGMENT, Edit

CLOCK = datetime(2026, 11, 21, 14, tzinfo=UTC)  # a Saturday afternoon; the sale began yesterday
HOURS = 6


def opening(shop: ShopSummary) -> str:
    """The shop as it is found."""
    return (
        f"A shop with {shop.customers:,} customers and {shop.events:,} events of 150 days. "
        f"{shop.useless_addresses:,} addresses are missing or broken, {shop.dirt.shared:,} repeat another record's, "
        f"and {shop.without_consent:,} people have not agreed to be advertised to."
    )


def meanwhile(passed: HoursPassed) -> str:
    """What happened while the hours went by."""
    records = ", ".join(f"{count:,} {name}" for name, count in passed.records.items())
    return (
        f"It is {passed.until:%H:%M}. {passed.visits:,} visits left {passed.events:,} events; "
        f"{passed.came_back:,} of the people who had left a cart have come back to buy. Records: {records}."
    )


def edited(edit: Edit) -> str:
    """The one line that somebody takes out, as a pull request would show it."""
    return f"{edit.path}:{edit.line}\n  segments.{SEGMENT}.who.none\n- {edit.removed.removeprefix('- ')}"
