from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reconciler.membership.health import merged
from reconciler.membership.session import open_session
from reconciler.membership.trust import distrust
from reconciler.model.address import segment_address
from reconciler.model.conditions import Attribute, Comparison, Event, Total
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.definition import Definition, Who
from reconciler.model.membership import AskedSegment, SourceHealth, TableHealth
from reconciler.model.settings import Customers, Events, Source, Table
from reconciler.state.snapshot import SourceCounts
from tests.membership import worlds
from tests.membership.brute import World
from tests.membership.worlds import AS_OF, CUSTOMERS_AT, EVENTS_AT, number

THIRD = Fraction(30, 100)


def hours_ago(hours: float) -> dt.datetime:
    """A time before the clock."""
    return AS_OF - dt.timedelta(hours=hours)


def measured(root: Path, customers: list[dict[str, Any]], events: list[dict[str, Any]], *whos: Who) -> SourceHealth:
    """The health of a source, by what some definitions read."""
    worlds.write(root / "c.csv", customers, dict.fromkeys(customers[0], "varchar"))
    worlds.write(root / "e.csv", events, dict.fromkeys(events[0], "varchar"))
    world = World(customers=(), events=(), email=("email", "email_2"), consent="consent")
    asked = [
        AskedSegment(key=f"s{n}", lists=((segment_address(f"s{n}"), None),), wanted=Definition(who))
        for n, who in enumerate(whos)
    ]
    made = worlds.settings(root, world, customers="c.csv", events="e.csv")
    read = [("customers", "score"), ("events", "amount")]
    with open_session(worlds.request(made, asked, read=read)) as session:
        return session.membership.health


def person(key: str, email: str, email_2: str = "", consent: str = "yes", score: str = "") -> dict[str, Any]:
    """A row of customers."""
    return {"customer_id": key, "email": email, "email_2": email_2, "consent": consent, "score": score}


def happening(key: str | None, kind: str | None, time: object, amount: str = "1") -> dict[str, Any]:
    """A row of events."""
    return {"customer_id": key, "event": kind, "occurred_at": time, "amount": amount}


BOUGHT = Who(Event(("buy",)))
SPENT = Who(Event(("buy",), measure=Total("amount", (Comparison("at_least", (number("1"),)),))))
SCORED = Who(Attribute(ColumnTest("score", (Comparison("more_than", (number("1"),)), Comparison("is", (True,))))))


class TestCounts:
    def test_identifiers_are_counted_by_what_is_wrong_with_them(self, tmp_path: Path) -> None:
        """Every column of every record counts."""
        rows = [person("a", "ann@example.com", "ann.example.com"), person("b", "b@@example.com", "bob@example.com")]
        health = measured(tmp_path, [*rows, person("c", " ")], [happening("a", "buy", hours_ago(1))], BOUGHT)
        assert health.valid_identifiers == 2
        assert health.invalid == {"blank": 2, "no_at": 1, "several_at": 1}

    def test_events_are_counted_by_what_becomes_of_them(self, tmp_path: Path) -> None:
        """All rows; those ahead of the clock; those of nobody; the newest of each kind that is not ahead."""
        events = [
            happening("a", "buy", hours_ago(5)),
            happening("a", "buy", hours_ago(-1)),
            happening("nobody", "buy", hours_ago(2)),
            happening("a", None, hours_ago(1)),
        ]
        health = measured(tmp_path, [person("a", "ann@example.com")], events, BOUGHT).events
        assert (health.rows, health.future, health.orphans) == (4, 1, 1)
        assert health.newest == {"buy": hours_ago(2)}

    def test_values_that_cannot_be_read_are_counted_by_column(self, tmp_path: Path) -> None:
        """Once each, also where a column is read in two ways; blank is not unreadable."""
        rows = [person("a", "a@example.com", consent="perhaps", score="abc"), person("b", "b@example.com", score="7")]
        events = [
            happening("a", "buy", hours_ago(1), "12,50"),
            happening("a", "buy", "yesterday"),
            happening("a", "buy", None, ""),
        ]
        health = measured(tmp_path, [*rows, person("c", "c@example.com")], events, SPENT, SCORED)
        assert health.uncast == {
            "customers.consent": 1,
            "customers.score": 2,
            "events.amount": 1,
            "events.occurred_at": 1,
        }

    @pytest.mark.parametrize("time", ["0044-03-15 (BC) 00:00:00", "-infinity", "infinity", "0001-01-01 00:00:00"])
    def test_no_time_is_too_strange(self, tmp_path: Path, time: str) -> None:
        """A broken clock in one row stops nothing."""
        events = [happening("a", "buy", time), happening("a", "buy", hours_ago(1))]
        assert measured(tmp_path, [person("a", "ann@example.com")], events, BOUGHT).events.newest["buy"] == hours_ago(1)


def table_of(name: str = "e.csv", rows: int = 10, **newest: float) -> TableHealth:
    """A source of events, with the newest of each kind in hours."""
    return TableHealth(name=name, rows=rows, newest={kind: hours_ago(hours) for kind, hours in newest.items()})


def health_of(*sources: TableHealth) -> SourceHealth:
    """Ten customers and ten identifiers, and what is known of the events."""
    return SourceHealth(
        customers=TableHealth(rows=10),
        events=merged(sources, orphans=0),
        sources=sources,
        valid_identifiers=10,
    )


def limited(table: str = "e.csv", kind: str | None = None, **limits: int) -> Events:
    """Events with greatest ages, in minutes; `any` stands for `*`."""
    told = tuple((("*" if kind == "any" else kind), minutes) for kind, minutes in limits.items())
    return Events(
        table=Table(name=table, place=EVENTS_AT),
        customer="c",
        name=None if kind else "event",
        kind=kind,
        time="at",
        fresh_within=told,
    )


def declared(*events: Events) -> Source:
    """A source with some events."""
    customers = Customers(table=Table(name="c.csv", place=CUSTOMERS_AT), key="c", identifiers=())
    return Source(customers=customers, events=events)


class TestDistrust:
    @pytest.mark.parametrize(("hours", "stale"), [(6, False), (6.01, True)])
    def test_a_kind_is_fresh_up_to_its_limit(self, hours: float, stale: bool) -> None:
        """At the limit it still is."""
        health = health_of(table_of(buy=hours, view=0))
        found = distrust(health, declared(limited(buy=360)), AS_OF, None, THIRD)
        assert bool(found.reasons({"buy"})) is stale
        assert not found.reasons({"view"})
        assert found.stale({"buy", "view"}) == (frozenset({"buy"}) if stale else frozenset())

    def test_a_kind_that_never_occurs_is_stale(self) -> None:
        """What is declared is expected."""
        found = distrust(health_of(table_of(view=0)), declared(limited(buy=360)), AS_OF, None, THIRD)
        assert found.reasons({"buy"}) == ("buy: no event at all, fresh_within allows 6h",)

    @pytest.mark.parametrize(("hours", "said"), [(1.52, "91m"), (7.9, "7h"), (47.9, "47h"), (73.07, "3d")])
    def test_an_age_is_told_as_one_says_it(self, hours: float, said: str) -> None:
        """Rounded down, in minutes, hours or days: nobody counts in thousands of minutes."""
        found = distrust(health_of(table_of(buy=hours)), declared(limited(buy=60)), AS_OF, None, THIRD)
        assert f" UTC, {said} old;" in found.reasons({"buy"})[0]

    def test_the_source_is_as_fresh_as_its_newest_event(self) -> None:
        """`*` freezes whatever reads events, and nothing else."""
        found = distrust(health_of(table_of(buy=30, view=25)), declared(limited(any=1440)), AS_OF, None, THIRD)
        assert "the events: the newest is of 2026-11-20 17:00 UTC, 25h old" in found.reasons({"cart"})[0]
        assert found.reasons(set()) == ()
        assert found.stale({"buy", "view"}) == {"buy", "view"}

    @pytest.mark.parametrize(("before", "shrunken"), [(14, False), (15, True)])
    @pytest.mark.parametrize("what", ["customers", "events", "valid_identifiers"])
    def test_a_source_may_shrink_up_to_the_limit(self, what: str, before: int, shrunken: bool) -> None:
        """By less than a third it may; events bear on what reads them, people on everything."""
        counts = SourceCounts(**{"customers": 10, "events": 10, "valid_identifiers": 10, what: before})  # type: ignore[arg-type]
        found = distrust(health_of(table_of(buy=0)), declared(limited()), AS_OF, counts, THIRD)
        assert bool(found.reasons({"buy"})) is shrunken
        assert bool(found.reasons(set())) is (shrunken and what != "events")

    def test_no_customers_at_all_are_not_believed(self) -> None:
        """Nor is an empty table a reason to empty lists, even the first time."""
        empty = SourceHealth(events=TableHealth(rows=1))
        assert distrust(empty, declared(), AS_OF, None, THIRD).reasons(set()) == ("customers: the table has no rows",)


class TestSeveralSources:
    """Each is as fresh as its own events, and freezes what may read it."""

    SHOP = limited("shop.csv", any=360)
    ORDERS = limited("orders.csv", kind="buy", any=360, buy=720)

    def test_a_stale_source_freezes_what_it_alone_has(self) -> None:
        """Purchases come from the orders; the shop has no part in them, and the orders none in views."""
        health = health_of(table_of("shop.csv", view=0, buy=0), table_of("orders.csv", buy=7))
        found = distrust(health, declared(self.SHOP, self.ORDERS), AS_OF, None, THIRD)
        (why,) = found.reasons({"buy"})
        assert why.startswith("the events in orders.csv: the newest is of 2026-11-21 11:00 UTC, 7h old")
        assert found.reasons({"view"}) == ()
        assert found.stale({"buy", "view"}) == {"buy"}

    def test_a_source_with_names_has_all_that_no_other_claims(self) -> None:
        """When the shop stops, what only the orders have goes on."""
        health = health_of(table_of("shop.csv", view=7), table_of("orders.csv", buy=0))
        found = distrust(health, declared(self.SHOP, self.ORDERS), AS_OF, None, THIRD)
        assert found.reasons({"buy"}) == ()
        assert found.reasons({"view"})
        assert found.reasons({"cart"})

    def test_a_query_depends_on_all_of_them(self) -> None:
        """What it reads is not known, so one stale kind anywhere is enough."""
        sources = declared(limited("shop.csv", view=360), limited("orders.csv", kind="buy"))
        health = health_of(table_of("shop.csv", view=7), table_of("orders.csv", buy=0))
        found = distrust(health, sources, AS_OF, None, THIRD)
        assert found.reasons({"*"})
        assert found.stale({"*", "buy"}) == {"*", "view"}
        assert not distrust(health_of(table_of(view=1), table_of()), sources, AS_OF, None, THIRD).reasons({"*"})

    @pytest.mark.parametrize(("was", "shrunken"), [(14, False), (15, True)])
    def test_each_shrinks_by_itself(self, was: int, shrunken: bool) -> None:
        """A source that grew does not hide one that lost its rows."""
        health = health_of(table_of("shop.csv", rows=100, view=0), table_of("orders.csv", buy=0))
        counts = SourceCounts(
            customers=10, events=20, valid_identifiers=10, event_tables={"shop.csv": 10, "orders.csv": was}
        )
        found = distrust(health, declared(self.SHOP, self.ORDERS), AS_OF, counts, THIRD)
        assert bool(found.reasons({"buy"})) is shrunken
        assert found.reasons({"view"}) == ()

    def test_a_second_source_is_held_against_the_only_one_that_was(self) -> None:
        """An earlier apply that knew one source alone counted all events together."""
        health = health_of(table_of("shop.csv", view=0), table_of("orders.csv", buy=0))
        sources = declared(self.SHOP, self.ORDERS)
        for was, shrunken in ((28, False), (29, True)):
            counts = SourceCounts(customers=10, events=was, valid_identifiers=10)
            found = distrust(health, sources, AS_OF, counts, THIRD)
            assert bool(found.reasons({"view"})) is shrunken
