# ruff: noqa: S608 - the queries of a made-up workspace
"""A few queries that definitions may name, each with what it says in Python."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping

from tests.membership.brute_values import as_text
from tests.membership.sources import KEY, CaseRows, Shape

Said = Callable[[dt.datetime], frozenset[str]]
NOON = dt.datetime(2026, 11, 21, 15, tzinfo=dt.UTC)


def known(shape: Shape, rows: CaseRows) -> Mapping[str, Said]:
    """By the text of the query, what it yields."""
    customers, events = f"{shape.prefix}customers", shape.names()[0]
    buyer = shape.feeds[0].declared.customer
    golden = frozenset(as_text(row[KEY]) for row in rows.customers if row["tier"] == "gold")
    often = frozenset(as_text(key) for key, n in Counter(row[buyer] for row in rows.events[0]).items() if n > 1)
    everybody = frozenset(as_text(row[KEY]) for row in rows.customers)
    return {
        f"SELECT {KEY} FROM {customers} WHERE tier = 'gold'": lambda _: golden,
        f"SELECT {buyer} FROM {events} GROUP BY {buyer} HAVING COUNT(*) > 1": lambda _: often,
        f"SELECT {KEY} FROM {customers} WHERE :as_of >= CAST('2026-11-21 15:00:00+00' AS TIMESTAMPTZ)": (
            lambda as_of: everybody if as_of >= NOON else frozenset()
        ),
    }
