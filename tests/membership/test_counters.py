"""Counters that share a column: right for everybody, also for who has more events than a field can hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.membership.counters import FIELDS, GREATEST
from reconciler.model.conditions import Event, Times
from reconciler.model.time import parse_window
from tests.membership.asking import Row, be, did, has, who
from tests.membership.worlds import number

WINDOWS = ("1h", "2h", "1h..2h", "4h", "8h", "1d", "2h..", "0h..")


def counts(window: str, least: int) -> Event:
    """At least so many purchases in a window."""
    return Event(("buy",), within=parse_window(window), measure=Times((be("at_least", number(str(least))),)))


def bought(key: str, times: int, hours: float) -> list[Row]:
    """So many purchases of one age."""
    return [did(key, "buy", hours)] * times


def expected(events: list[Row], least: int) -> list[set[str]]:
    """By plain counting: windows are half-open, and the ages here lie inside of them."""
    inside = {"1h": (0.5,), "2h": (0.5, 1.5), "1h..2h": (1.5,), "4h": (0.5, 1.5, 3), "8h": (0.5, 1.5, 3), "2h..": (3,)}
    ages = {key: [did(key, "buy", age)["occurred_at"] for age in inside.get(key, (0.5, 1.5, 3))] for key in WINDOWS}
    people: set[str] = {row["customer_id"] for row in events}

    def number_of(person: str, window: str) -> int:
        return sum(row["customer_id"] == person and row["occurred_at"] in ages[window] for row in events)

    return [{person for person in people if number_of(person, window) >= least} for window in WINDOWS]


@pytest.mark.parametrize("least", [1, 7, GREATEST, GREATEST + 1])
@pytest.mark.parametrize("more", [0, 1], ids=["all that a field holds", "one more"])
def test_counters_share_columns(tmp_path: Path, least: int, more: int) -> None:
    """More counters than fit into one column, at the bound of what a field holds and beyond it."""
    assert len(WINDOWS) > FIELDS
    events = [
        *bought("ann", GREATEST - 8 + more, 0.5),
        *bought("ann", 8, 1.5),
        *bought("bob", 7, 3),
        *bought("cy", 1, 3),
    ]
    found = who(tmp_path, [counts(window, least) for window in WINDOWS], events)
    assert found == expected(events, least)


def test_records_of_one_person_count_together(tmp_path: Path) -> None:
    """Each record alone has few enough events, the person has too many: they are counted again, apart."""
    events = [*bought("a1", GREATEST - 1, 0.5), *bought("a2", GREATEST - 1, 0.5), *bought("bob", 3, 0.5)]
    customers: list[dict[str, Any]] = [{"customer_id": key, "email": "ann@example.com"} for key in ("a1", "a2")]
    customers.append({"customer_id": "bob"})
    asked = [counts(window, 2 * GREATEST - 2) for window in WINDOWS]
    found = who(tmp_path, asked, events, customers=customers, same_person="email")
    assert [bool(people) for people in found] == [window not in ("1h..2h", "2h..") for window in WINDOWS]


def test_narrowed_streams_have_counters_of_their_own(tmp_path: Path) -> None:
    """What `where` leaves out is not counted, beside counters that count it."""
    events = [did("ann", "buy", 0.5, item="x"), did("ann", "buy", 0.5, item="y"), did("bob", "buy", 0.5, item="y")]
    of_x = [
        Event(("buy",), (has("item", be("is", "x")),), parse_window(window), Times((be("at_least", number("1")),)))
        for window in WINDOWS
    ]
    found = who(tmp_path, [*of_x, counts("1h", 1)], events, read=[("events", "item")])
    assert found == [set() if window in ("1h..2h", "2h..") else {"ann"} for window in WINDOWS] + [{"ann", "bob"}]
