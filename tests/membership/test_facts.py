from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlglot import exp

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.facts import Facts
from reconciler.membership.layout import WORD
from reconciler.membership.sql import create
from reconciler.membership.streams import Scan, Stream
from reconciler.membership.values import Kind, Stored
from reconciler.model.conditions import Comparison
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.time import EVER, Window, parse_window
from tests.membership.conftest import Fill
from tests.membership.worlds import AS_OF, number

KINDS = {"amount": Stored(Kind.TEXT), "coupon": Stored(Kind.TEXT)}
SCAN = Scan(columns=KINDS, as_of=AS_OF)
BUY, CART = Stream(("buy",)), Stream(("cart",))
DAY = parse_window("1d")


@pytest.fixture
def events(fill: Fill) -> Sequence[str]:
    """A table of events; ages in hours."""
    rows = [
        ("ann", "buy", 1, "0.1", "X"),
        ("ann", "buy", 24, "0.2", None),
        ("ann", "buy", 30, "0.2", "Y"),
        ("ann", "cart", 2, None, None),
        ("bob", "cart", 100, "abc", None),
        ("bob", "view", 1, "9", None),
        ("cy", "buy", -1, "5", None),
        (None, "buy", 1, "5", None),
    ]
    types = {"k": "varchar", "kind": "varchar", "t": "timestamp", "x amount": "varchar", "x coupon": "varchar"}
    naive = AS_OF.replace(tzinfo=None)
    fill("events", types, [(k, kind, naive - dt.timedelta(hours=ago), *more) for k, kind, ago, *more in rows])
    return [row[0] for row in rows if row[0]]


def told(engine: DuckDB, facts: Facts, *asked: exp.Expr) -> dict[str, tuple[object, ...]]:
    """What the facts say of each person, by key; what nobody did is told under none."""
    query = facts.query()
    assert query is not None
    facts_told = exp.select(exp.column("k", "f"), *facts.told("f")).from_(query.subquery("f"))
    answer = exp.select("k", *asked).from_(facts_told.subquery("t"))
    return {row[0]: row[1:] for row in engine.rows(answer) if row[0] is not None}


def test_nothing_asked_is_nothing_scanned() -> None:
    """Without a condition on events there is no query."""
    facts = Facts(SCAN, 1)
    assert not facts.is_asked
    assert facts.query() is None


def test_the_events_are_scanned_once_however_much_is_asked(engine: DuckDB, events: Sequence[str]) -> None:
    """Three hundred windows, counts, sums and latest times: one scan, one aggregation."""
    facts = Facts(SCAN, 1)
    for hours in range(1, 301):
        facts.occurs(BUY, Window(0, hours * 60))
        facts.count(CART, Window(hours * 60))
    facts.figure(BUY, DAY, "sum", "amount")
    facts.latest(Stream(("buy", "cart")), None)
    query = facts.query()
    assert query is not None
    assert [each.name for each in query.find_all(exp.Table)] == ["events"]
    assert len(list(query.find_all(exp.Group))) == 1
    engine.run(create("facts", query))


def test_windows_are_half_open(engine: DuckDB, events: Sequence[str]) -> None:
    """An event of 24 hours is not in the first day but in the second."""
    facts = Facts(SCAN, 1)
    first, second = facts.occurs(BUY, parse_window("2h..24h")), facts.occurs(BUY, parse_window("24h..25h"))
    assert told(engine, facts, first, second)["ann"] == (False, True)


def test_counts_and_sums_are_exact_and_of_the_window(engine: DuckDB, events: Sequence[str]) -> None:
    """A tenth and two tenths are three tenths; who has none in the window has nought."""
    facts = Facts(SCAN, 1)
    count, total = facts.count(BUY, parse_window("25h")), facts.figure(BUY, parse_window("25h"), "sum", "amount")
    cart = facts.figure(CART, EVER, "sum", "amount")
    found = told(engine, facts, count, total, cart)
    assert found["ann"] == (2, number("0.3"), 0)
    assert found["bob"] == (0, 0, 0)


def test_a_stream_is_narrowed_before_it_is_measured(engine: DuckDB, events: Sequence[str]) -> None:
    """The latest of those with a coupon, not the latest if it has one."""
    facts = Facts(SCAN, 1)
    narrowed = Stream(("buy",), (ColumnTest("coupon", (Comparison("is", ("Y",)),)),))
    latest = facts.latest(narrowed, None)
    assert told(engine, facts, latest)["ann"] == (AS_OF.replace(tzinfo=None) - dt.timedelta(hours=30),)


def test_later_events_and_events_of_nobody_do_not_count(engine: DuckDB, events: Sequence[str]) -> None:
    """Later ones make no row; those without a key make one of their own, by which they are counted."""
    facts = Facts(SCAN, 1)
    assert set(told(engine, facts, facts.occurs(BUY, EVER))) == {"ann"}
    query = facts.query()
    assert query is not None
    assert engine.rows(exp.select("n").from_(query.subquery("f")).where("k IS NULL")) == [(1,)]


def test_what_is_older_than_all_windows_is_not_read(engine: DuckDB, events: Sequence[str]) -> None:
    """Each kind is read as far back as something asks for, and no further."""
    facts = Facts(SCAN, 1)
    facts.occurs(BUY, DAY)
    facts.count(CART, parse_window("10d"))
    assert told(engine, facts, exp.column("n")) == {"ann": (2,), "bob": (1,)}


def test_a_list_may_have_its_bit_in_the_facts(engine: DuckDB, events: Sequence[str]) -> None:
    """The place that is given, in the word that holds it."""
    facts = Facts(SCAN, 2)
    facts.occurs_at(BUY, EVER, WORD + 3)
    assert told(engine, facts, exp.column("m1", quoted=True)) == {"ann": (1 << 3,)}


def test_a_column_that_is_gone_is_missing_everywhere(engine: DuckDB, events: Sequence[str]) -> None:
    """An earlier definition may read what a feed no longer has."""
    facts = Facts(SCAN, 1)
    gone = Stream(("buy",), (ColumnTest("colour", (Comparison("exists", (False,)),)),))
    there = Stream(("buy",), (ColumnTest("colour", (Comparison("is", ("red",)),)),))
    found = told(
        engine, facts, facts.occurs(gone, EVER), facts.occurs(there, EVER), facts.figure(BUY, EVER, "sum", "colour")
    )
    assert found["ann"] == (True, False, 0)


def test_more_windows_than_one_word_holds(engine: DuckDB, events: Sequence[str]) -> None:
    """Bits go on in the next word."""
    facts = Facts(SCAN, 0)
    windows = [facts.occurs(BUY, Window(hour * 60, hour * 60 + 60)) for hour in range(200)]
    assert facts.words == 4
    (row,) = told(engine, facts, *windows).values()
    assert [hour for hour, holds in enumerate(row) if holds] == [1, 24, 30]


def test_the_picked_one_is_told_by_bits(engine: DuckDB, events: Sequence[str]) -> None:
    """The latest is in a window where one is and none is younger, the first where one is and none is older."""
    facts = Facts(SCAN, 1)
    windows = [parse_window(each) for each in ("1h", "1h..2h", "1h..1d", "1d..", "30h..31h")]
    asked = [facts.picked(which, BUY, window) for window in windows for which in ("latest", "first")]
    assert [fact.merged for fact in facts.columns] == ["count", "bits"]
    answers = told(engine, facts, *(exp.alias_(each, f"a{n}") for n, each in enumerate(asked) if each is not None))
    latest_and_first = [(False, False), (True, False), (True, False), (False, True), (False, True)]
    assert answers == {"ann": tuple(holds for pair in latest_and_first for holds in pair)}


def test_a_time_that_is_made_anyway_is_looked_at(engine: DuckDB) -> None:
    """No bits are made beside it, and none for more windows than a time costs."""
    facts = Facts(SCAN, 1)
    facts.latest(BUY, None)
    assert facts.picked("latest", BUY, DAY) is None
    told_by_bits = [facts.picked("first", BUY, Window(start, start + 1)) for start in range(20)]
    assert [each is None for each in told_by_bits] == [False] * 12 + [True] * 8
