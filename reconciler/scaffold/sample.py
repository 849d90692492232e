"""A small made-up shop, for whoever wants to see a plan before their own data is at hand; all its addresses are at
example.com.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator

CUSTOMERS, EVENTS = "data/customers.csv", "data/events.csv"
AD_SET = "700123"
"""An ad set that a new world of the emulator has."""
_PEOPLE = 60
_STORIES: tuple[tuple[tuple[str, float], ...], ...] = (
    (("product_viewed", 3), ("cart_added", 2)),
    (("product_viewed", 31), ("cart_added", 30)),
    (("product_viewed", 100), ("product_viewed", 95), ("cart_added", 94)),
    (("product_viewed", 20), ("product_viewed", 18)),
    (("product_viewed", 50), ("product_viewed", 4), ("product_viewed", 1)),
    (("cart_added", 6), ("checkout_started", 5.5), ("purchase", 5)),
    (("cart_added", 101), ("purchase", 100)),
    (("purchase", 24 * 70), ("product_viewed", 24 * 40)),
    (("purchase", 24 * 200), ("purchase", 24 * 90)),
    (("purchase", 24 * 30),),
)
"""What happened to a person, with the hours that have passed since."""


def sample_files(as_of: dt.datetime) -> dict[str, str]:
    """The two files; what happened in them ends shortly before `as_of`."""
    return {CUSTOMERS: _csv(("customer_id", "email", "consent", "unsubscribed"), _customers()),
            EVENTS: _csv(("customer_id", "event", "occurred_at"), _events(as_of))}  # fmt: skip


def _customers() -> Iterator[tuple[object, ...]]:
    for number in range(1, _PEOPLE + 1):
        address = f"customer-{number}@example.com" if number % 17 else f"customer-{number}(at)example.com"
        yield f"c{number:03}", address, "no" if number % 11 == 0 else "yes", "yes" if number % 13 == 0 else "no"


def _events(as_of: dt.datetime) -> Iterator[tuple[object, ...]]:
    for number in range(1, _PEOPLE + 1):
        for kind, hours in _STORIES[number % len(_STORIES)]:
            moment = as_of - dt.timedelta(hours=hours, minutes=number % 50)
            yield f"c{number:03}", kind, f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _csv(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
