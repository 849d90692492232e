"""Several sources of events: one relation of them all, whatever each stores and lacks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reconciler.errors import SourceInvalid
from reconciler.membership.session import Session, open_session
from reconciler.model.address import segment_address
from reconciler.model.conditions import Comparison, Condition, Event, Pick, Times, Total
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.definition import Definition, Who
from reconciler.model.membership import AskedSegment
from reconciler.model.settings import Customers, Events, IdentifierColumn, Place, Settings, Source, Table
from reconciler.model.time import parse_window
from tests.membership import worlds
from tests.membership.brute import identifier
from tests.membership.worlds import AS_OF, CUSTOMERS_AT, number

ANN, BOB = (identifier(f"{name}@example.com") for name in ("ann", "bob"))
CUSTOMERS = [{"customer_id": name, "email": f"{name}@example.com"} for name in ("ann", "bob")]
SHOP = Events(
    table=Table(
        name="shop.parquet", place=Place(file="reconciler.yaml", line=9, column=7, path="source.events[0].table")
    ),
    customer="customer_id",
    name="event",
    time="at",
)
ORDERS = Events(
    table=Table(
        name="orders.csv", place=Place(file="reconciler.yaml", line=13, column=7, path="source.events[1].table")
    ),
    customer="buyer",
    kind="purchase",
    time="ordered",
)
SHOP_TYPES = {"customer_id": "varchar", "event": "varchar", "at": "timestamp", "amount": "decimal(10,2)"}
HOUR = dt.timedelta(hours=1)


def ago(hours: float) -> dt.datetime:
    """A time in UTC, without saying so."""
    return (AS_OF - hours * HOUR).replace(tzinfo=None)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Ann looked at something; Bob bought, and so did somebody unknown."""
    worlds.write(tmp_path / "customers.csv", CUSTOMERS, dict.fromkeys(CUSTOMERS[0], "varchar"))
    worlds.write_parquet(
        tmp_path / "shop.parquet",
        [["ann", "ann", "bob"], ["view", "cart", "cart"], [ago(5), ago(2), ago(3)], ["1.50", "20.00", None]],
        SHOP_TYPES,
    )
    orders(
        tmp_path, {"buyer": "bob", "amount": "12.5", "coupon": "SPRING"}, {"buyer": "cy", "amount": "7", "coupon": ""}
    )
    return tmp_path


def orders(root: Path, *rows: Mapping[str, Any]) -> None:
    """Orders of an hour ago."""
    told = [{"ordered": AS_OF - HOUR, **row} for row in rows]
    worlds.write(root / "orders.csv", told, dict.fromkeys(told[0], "varchar"))


def settings(root: Path, *events: Events) -> Settings:
    """A workspace of some sources of events."""
    customers = Customers(
        table=Table(name="customers.csv", place=CUSTOMERS_AT),
        key="customer_id",
        identifiers=(IdentifierColumn(type="email", column="email"),),
    )
    return Settings(
        root=root,
        workspace="acme",
        advertiser="42",
        source=Source(customers=customers, events=events),
        state=root / "state",
    )


def opened(root: Path, conditions: Mapping[str, Condition], *events: Events, read: tuple[str, ...] = ()) -> Session:
    """A session that asks for a list a condition."""
    asked = [
        AskedSegment(key=key, lists=((segment_address(key), None),), wanted=Definition(Who(condition)))
        for key, condition in conditions.items()
    ]
    made = settings(root, *(events or (SHOP, ORDERS)))
    return open_session(worlds.request(made, asked, read=[("events", column) for column in read]))


def members(root: Path, condition: Condition, *events: Events, read: tuple[str, ...] = ()) -> frozenset[str]:
    """Who meets one condition."""
    with opened(root, {"all": condition}, *events, read=read) as session:
        return worlds.members(session, segment_address("all"))


def spent(at_least: str) -> Event:
    """At least so much in all."""
    return Event(("purchase", "cart", "view"), measure=Total("amount", (Comparison("at_least", (number(at_least),)),)))


class TestMembers:
    def test_kinds_come_from_a_column_or_are_all_the_same(self, root: Path) -> None:
        """What happened counts, whichever source tells it."""
        assert members(root, Event(("cart",))) == {ANN, BOB}
        assert members(root, Event(("purchase",))) == {BOB}
        assert members(root, Event(("cart",), measure=Pick(("purchase",)))) == {ANN}
        assert members(root, Event(("cart", "purchase"), measure=Times((Comparison("at_least", (number("2"),)),)))) == {
            BOB
        }

    def test_numbers_of_several_sources_add_up(self, root: Path) -> None:
        """Exact decimals here and text there: the sum is exact."""
        assert members(root, spent("21.5"), read=("amount",)) == {ANN}
        assert members(root, spent("12.5"), read=("amount",)) == {ANN, BOB}
        assert members(root, spent("12.51"), read=("amount",)) == {ANN}

    def test_a_column_that_a_source_lacks_is_missing_there(self, root: Path) -> None:
        """Its events have no value, and still are events."""
        test = (ColumnTest("coupon", (Comparison("exists", (True,)),)),)
        none = (ColumnTest("coupon", (Comparison("exists", (False,)),)),)
        kinds = ("cart", "purchase")
        assert members(root, Event(kinds, where=test), read=("coupon",)) == {BOB}
        assert members(root, Event(kinds, where=none), read=("coupon",)) == {ANN, BOB}

    def test_keys_are_compared_as_text_where_sources_differ(self, root: Path) -> None:
        """Whole numbers in one source and text in the others are the same customers."""
        rows = [{"customer_id": str(n), "email": f"{name}@example.com"} for n, name in enumerate(("ann", "bob"), 7)]
        worlds.write(root / "customers.csv", rows, dict.fromkeys(rows[0], "varchar"))
        types = {**SHOP_TYPES, "customer_id": "bigint"}
        worlds.write_parquet(root / "shop.parquet", [[7], ["cart"], [ago(1)], [None]], types)
        orders(root, {"buyer": "8"})
        assert members(root, Event(("cart", "purchase"))) == {ANN, BOB}

    @pytest.mark.parametrize(
        ("one", "other", "value"),
        [
            ("varchar", "bigint", "7"),
            ("bigint", "decimal(10,2)", "7"),
            ("decimal(38,18)", "bigint", "7"),
            ("decimal(38,0)", "decimal(38,18)", "7"),
            ("hugeint", "integer", "7"),
            ("double", "decimal(5,1)", "7"),
            ("float", "double", "0.1"),
            ("integer", "boolean", "1"),
        ],
    )
    def test_numbers_stay_what_they_are_whatever_stores_them(
        self, root: Path, one: str, other: str, value: str
    ) -> None:
        """In any two types: each value is found as the number that it is."""
        other_shop = Events(
            table=Table(name="other.parquet", place=SHOP.table.place), customer="customer_id", name="event", time="at"
        )
        for name, kind, key in (("shop", one, "ann"), ("other", other, "bob")):
            told = "true" if kind == "boolean" else value
            worlds.write_parquet(
                root / f"{name}.parquet", [[key], ["cart"], [ago(1)], [told]], {**SHOP_TYPES, "amount": kind}
            )
        same = Event(("cart",), where=(ColumnTest("amount", (Comparison("is", (number(value),)),)),))
        found = {ANN} if other == "boolean" else {ANN, BOB}
        assert members(root, same, SHOP, other_shop, read=("amount",)) == found


class TestHealth:
    def test_each_source_is_looked_at_by_itself(self, root: Path) -> None:
        """Rows, newest events and what lies ahead of each; and all of them together."""
        orders(root, {"buyer": "bob"}, {"buyer": "cy"}, {"buyer": "ann", "ordered": AS_OF + HOUR})
        with opened(root, {"all": Event(("purchase", "cart"))}) as session:
            health = session.membership.health
        shop, ordered = health.sources
        assert (shop.name, shop.rows, shop.future) == ("shop.parquet", 3, 0)
        assert (ordered.name, ordered.rows, ordered.future) == ("orders.csv", 3, 1)
        assert shop.newest == {"view": AS_OF - 5 * HOUR, "cart": AS_OF - 2 * HOUR}
        assert ordered.newest == {"purchase": AS_OF - HOUR}
        assert (health.events.rows, health.events.future, health.events.orphans) == (6, 1, 1)
        assert health.events.newest == {**shop.newest, **ordered.newest}

    def test_times_that_cannot_be_read_are_counted_where_they_are(self, root: Path) -> None:
        """Under the number of the source."""
        orders(root, {"buyer": "bob", "ordered": "yesterday"}, {"buyer": "ann", "ordered": ""})
        with opened(root, {"all": Event(("purchase",))}) as session:
            assert session.membership.health.uncast == {"events[1].ordered": 1}


class TestColumns:
    def refused(self, root: Path, condition: Condition, *, read: tuple[str, ...] = ()) -> str:
        """The message."""
        with pytest.raises(SourceInvalid) as caught:
            opened(root, {"all": condition}, read=read)
        return str(caught.value)

    def test_what_a_source_declares_of_itself_must_be_in_it(self, root: Path) -> None:
        """The message names the source by its number, with the nearest right name."""
        rows = [{"byer": "bob", "ordered": AS_OF}]
        worlds.write(root / "orders.csv", rows, dict.fromkeys(rows[0], "varchar"))
        said = self.refused(root, Event(("cart",)))
        assert "source.events[1].table: events[1] has no column `buyer`; did you mean `byer`?" in said

    def test_a_property_must_be_somewhere(self, root: Path) -> None:
        """It is enough that one source has it; none has this one."""
        said = self.refused(root, Event(("cart",)), read=("amount", "cuopon"))
        assert "events has no column `cuopon`; did you mean `coupon`?" in said
        assert "amount" not in said

    def test_a_time_of_any_source_must_be_a_time(self, root: Path) -> None:
        """A number is none."""
        types = {**SHOP_TYPES, "at": "bigint"}
        worlds.write_parquet(root / "shop.parquet", [["ann"], ["cart"], [1], [None]], types)
        assert "source.events[0].table: `at` holds BIGINT, not times" in self.refused(root, Event(("cart",)))


class TestPruning:
    """Through the union of all sources the engine still reads no more than is asked for."""

    @pytest.fixture
    def scans(self, root: Path) -> str:
        """How DuckDB carries out the scan of a question about late purchases."""
        both = (
            Events(table=Table(name="views.parquet", place=SHOP.table.place), customer="who", name="event", time="at"),
            Events(
                table=Table(name="sales.parquet", place=SHOP.table.place), customer="who", kind="purchase", time="at"
            ),
            Events(table=Table(name="calls.parquet", place=SHOP.table.place), customer="who", kind="call", time="at"),
        )
        for number_of, each in enumerate(both):
            types = {"who": "varchar", "event": "varchar", "at": "timestamp", "amount": "bigint", "notes": "varchar"}
            told: list[list[Any]] = [
                ["ann", "bob"],
                ["purchase", "view"],
                [ago(1), ago(999)],
                [number_of, 1],
                ["-", "-"],
            ]
            worlds.write_parquet(root / each.table.name, told, types)
        late = Event(
            ("purchase",), within=parse_window("7d"), measure=Total("amount", (Comparison("at_least", (number("1"),)),))
        )
        with opened(root, {"all": late}, *both, read=("amount",)) as session:
            statements = session.sql().split(";\n\n")
        return _explained(statements)

    def test_a_source_of_another_kind_is_left_out(self, scans: str) -> None:
        """Nobody asked for calls: their file is not read."""
        plans = json.loads(scans)
        assert len(_reads(plans)) == 2

    def test_only_the_columns_asked_for_are_read(self, scans: str) -> None:
        """Of the source whose kinds are all the same not even the column of kinds."""
        columns = sorted(sorted(set(each["Projections"]) - {"at"}) for each in _reads(json.loads(scans)))
        assert columns == [["amount", "event", "who"], ["amount", "who"]]

    def test_times_and_kinds_prune_each_file(self, scans: str) -> None:
        """The bounds of the window reach the reader of the file, which skips row groups by them."""
        for each in _reads(json.loads(scans)):
            assert "at>" in str(each["Filters"]).replace(" ", "")


def _explained(statements: list[str]) -> str:
    """The plan of the statement that gathers facts, as JSON, over the same views."""
    connection = duckdb.connect()
    try:
        facts = ""
        for statement in statements:
            if "CREATE VIEW events" in statement or "CREATE TABLE customers" in statement:
                connection.execute(statement)
            elif "CREATE TABLE facts" in statement:
                facts = statement.partition(" AS\n")[2]
        found = connection.execute(f"explain (format json) {facts}").fetchall()
        return str(found[0][1])
    finally:
        connection.close()


def _reads(plan: Any) -> list[dict[str, Any]]:
    """What each reader of a file is told."""
    found = [
        node["extra_info"]
        for node in plan
        if "PARQUET" in json.dumps(node.get("extra_info", {})).upper() and not node["children"]
    ]
    return [*found, *(each for node in plan for each in _reads(node["children"]))]
