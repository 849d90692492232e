"""The engine in both its shapes, on its own: what it keeps, what it says when something goes wrong, how it stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time as clock
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from py4j.protocol import Py4JNetworkError
from sqlglot import exp, parse_one, select

from reconciler.errors import EngineFailed, SourceInvalid
from reconciler.membership import addresses
from reconciler.membership.dialects.rules import as_written
from reconciler.membership.engines import open_engine
from reconciler.membership.spark.engine import PIECES, Spark
from reconciler.membership.spark.failures import Quiet
from reconciler.membership.sql import alias, call, create, drop, integer, name, table, text
from reconciler.model.settings import EngineAccess, Secret
from tests.membership.brute import World
from tests.membership.worlds import declared

SECRET = "ann@example.com"
NO_TABLE = f"select '{SECRET}' from no_such_table"  # noqa: S608 - nobody's words but ours
LATE = f"select if(id < 900, id, cast('{SECRET}' as bigint) + id) from range(1000)"  # noqa: S608 - the same
ENDLESS = "select count(*) from range(0, 1000000000000, 1, 4) where hash(id, id) = 7"
INTERRUPTED = """
import os, signal, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from pyspark import SparkContext
from sqlglot import parse_one
from reconciler.membership.spark.engine import Spark
from reconciler.model.settings import EngineAccess

def interrupt():
    while not SparkContext.getOrCreate().statusTracker().getActiveJobsIds():
        time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGINT)

engine = Spark("reconciler", EngineAccess(), master="local[2]")
threading.Thread(target=interrupt, daemon=True).start()
try:
    engine.rows(parse_one(sys.argv[1], read="spark"))
except KeyboardInterrupt:
    print("interrupted")
with ThreadPoolExecutor(1) as other:
    count = parse_one("select count(*) from range(0, 100, 1, 4)", read="spark")
    print(other.submit(engine.rows, count).result(30)[0][0])
engine.close()
print("closed")
"""
COUNT = exp.func("COUNT", exp.Star())


@pytest.fixture(params=["remote", "local"])
def engine(request: pytest.FixtureRequest) -> Iterator[Spark]:
    """Each of the two shapes."""
    opened: Spark = request.getfixturevalue(request.param)
    yield opened
    for label in ("made", "seen", "texts"):
        opened.run(drop(label))


def query(sql: str) -> exp.Query:
    """A query in Spark's words."""
    parsed = parse_one(sql, read="spark")
    assert isinstance(parsed, exp.Query)
    return as_written(parsed)


def texts() -> exp.Create:
    """A table of one column of text."""
    column = exp.ColumnDef(this=exp.to_identifier("x", quoted=True), kind=exp.DataType.build("TEXT"))
    return exp.Create(this=exp.Schema(this=table("texts"), expressions=[column]), kind="TABLE")


def test_a_table_is_computed_once_and_a_view_each_time(engine: Spark) -> None:
    """What was made stays what it was; a view sees what its table is."""
    engine.run(create("made", query("select rand() as x")))
    engine.run(exp.Create(this=table("seen"), kind="VIEW", expression=select("*").from_(table("made"))))

    once = engine.rows(select("*").from_(table("made")))

    assert engine.rows(select("*").from_(table("made"))) == once
    assert engine.rows(select("*").from_(table("seen"))) == once
    assert engine.has("made")
    engine.run(drop("made"))
    assert not engine.has("made")


def test_batches_are_appended_in_any_number(engine: Spark) -> None:
    """Also more than are kept apart; NULL stays NULL, and a later query sees all."""
    engine.run(texts())
    for number in range(PIECES + 2):
        engine.take("texts", [[f"a{number}", None]])

    counts = engine.rows(select(COUNT, exp.func("COUNT", name("x"))).from_(table("texts")))
    engine.take("texts", [["last"]])

    assert counts == [(2 * (PIECES + 2), PIECES + 2)]
    assert engine.rows(select(COUNT).from_(table("texts"))) == [(2 * (PIECES + 2) + 1,)]


def test_types_have_the_names_that_the_stage_knows(engine: Spark) -> None:
    """Each type of a column that can be compared, and those that can't."""
    kinds = {
        "string": "VARCHAR",
        "binary": "BLOB",
        "boolean": "BOOLEAN",
        "tinyint": "TINYINT",
        "smallint": "SMALLINT",
        "int": "INTEGER",
        "bigint": "BIGINT",
        "float": "FLOAT",
        "double": "DOUBLE",
        "date": "DATE",
        "timestamp": "TIMESTAMP WITH TIME ZONE",
        "timestamp_ntz": "TIMESTAMP",
        "decimal(10,2)": "DECIMAL(10,2)",
        "array<string>": "VARCHAR[]",
        "array<decimal(38,18)>": "DECIMAL(38,18)[]",
        "struct<a:int>": "STRUCT(a INTEGER)",
        "map<string,int>": "MAP(VARCHAR, INTEGER)",
    }
    columns = ", ".join(f"cast(null as {kind}) as c{number}" for number, kind in enumerate(kinds))

    told = engine.describe(query(f"select {columns}"))

    assert list(told.values()) == list(kinds.values())


def test_values_come_as_python_has_them(engine: Spark) -> None:
    """Bytes as bytes, times without zone, exact decimals."""
    ((data, time, number),) = engine.rows(
        query("select x'00ff' as b, timestamp_ntz'2026-11-21 18:00:00.5' as t, cast(1.5 as decimal(4,2)) as d")
    )

    assert (data, number) == (b"\x00\xff", Decimal("1.50"))
    assert (time.isoformat(), time.tzinfo) == ("2026-11-21T18:00:00.500000", None)


def test_streams_are_cut_and_run_side_by_side(engine: Spark) -> None:
    """Batches of the size that was asked for, in order, in several threads at once."""
    rows = query("select id from range(1000) order by id")

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: list(engine.stream(rows, 300)), range(4)))

    assert [[len(batch) for batch in batches] for batches in found] == [[300, 300, 300, 100]] * 4
    assert [row[0] for batch in found[0] for row in batch] == list(range(1000))


def test_a_file_holds_rows_that_anybody_reads(engine: Spark, tmp_path: Path) -> None:
    """Parquet with the types and the order of the query; read back it is the same."""
    columns = [alias(exp.cast(name("id"), "SMALLINT"), "i"), alias(exp.cast(integer(2**62), "BIGINT"), "w")]
    rows = select(alias(call("unhex", call("sha256", exp.cast(name("id"), "TEXT"))), "h"), *columns)
    path = tmp_path / "rows.parquet"

    engine.write_file(rows.from_("range(50)").order_by(name("h")), path, stays=False)

    file = duckdb.read_parquet(str(path))
    assert [str(kind) for kind in file.types] == ["BLOB", "SMALLINT", "BIGINT"]
    assert file.fetchall() == engine.rows(engine.read_file(path).order_by(name("h"))) != []


def test_a_catalog_that_forgets_gets_no_ledger(local: Spark, tmp_path: Path) -> None:
    """Then the rows go into the file."""
    local.write_file(select(alias(integer(1), "i")), tmp_path / "base.parquet", stays=True)

    assert duckdb.read_parquet(str(tmp_path / "base.parquet")).fetchall() == [(1,)]


def test_the_users_tables_are_not_hidden_by_ours(remote: Spark) -> None:
    """A query of the user's reads `customers` as it stands in the catalog, whatever we call so."""
    remote._session.sql("create table if not exists default.customers using parquet as select 'theirs' as k")
    remote.run(create("customers", select(alias(text("ours"), "k"))))

    assert remote.rows(query("select k from customers")) == [("theirs",)]
    assert remote.rows(select(name("k", "customers")).from_(table("customers"))) == [("ours",)]
    remote.run(drop("customers"))


def test_the_environment_stays_out_of_literals(engine: Spark) -> None:
    """Spark would put variables into statements."""
    assert engine.rows(select(text("${env:HOME}"))) == [("${env:HOME}",)]


def test_the_engines_own_words_are_withheld(engine: Spark, capfd: pytest.CaptureFixture[str]) -> None:
    """An error quotes no value, and nothing of it is written anywhere else."""
    for failing in (select(exp.cast(text(SECRET), "BIGINT")), query(NO_TABLE)):
        with pytest.raises(EngineFailed) as caught:
            engine.rows(failing)

        assert SECRET not in str(caught.value)
    assert "".join(capfd.readouterr()) == ""


def test_an_error_amid_a_stream_is_ours_too(engine: Spark) -> None:
    """Rows that were sent before it stay sent."""
    late = query(LATE)

    with pytest.raises(EngineFailed) as caught:
        list(engine.stream(late, 10))

    assert SECRET not in str(caught.value)


def test_a_text_of_any_length_is_only_invalid(engine: Spark) -> None:
    """Java's patterns would run out of stack on one cell of junk, and Spark would end with them."""
    engine.run(texts())
    engine.take("texts", [["x@" + "a." * 50_000 + "com"]])

    domain = call("regexp_full_match", name("x"), text(addresses.DOMAIN))

    assert engine.rows(select(domain).from_(table("texts"))) == [(False,)]


def test_ctrl_c_ends_what_a_server_does(server: str) -> None:
    """The query is given up at once and its tasks end: the next one finds free hands."""
    with Spark("reconciler", EngineAccess(spark=Secret(server))) as engine:
        threading.Timer(8, os.kill, [os.getpid(), signal.SIGINT]).start()
        began = clock.monotonic()

        with pytest.raises(KeyboardInterrupt):
            engine.rows(query(ENDLESS))

        assert engine.rows(query("select count(*) from range(0, 100, 1, 4)")) == [(100,)]
    assert clock.monotonic() - began < 30


def test_ctrl_c_ends_a_spark_in_the_process() -> None:
    """The signal comes amid the query: another thread finds free hands, and the process ends by itself."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, ENDLESS], capture_output=True, timeout=90, check=False, text=True
    )

    assert (done.stdout.split(), done.returncode) == (["interrupted", "100", "closed"], 0), done.stderr


def _interrupted_and_untidy() -> None:
    try:
        raise KeyboardInterrupt
    finally:
        raise Py4JNetworkError("of the connection that is broken")


def test_ctrl_c_is_told_though_what_is_cleared_up_fails_after_it() -> None:
    """PySpark tidies up on the way out, on a connection that the interruption has broken: it stays an interruption."""
    told: list[str] = []
    with pytest.raises(KeyboardInterrupt), Quiet(lambda: told.append("interrupted")):
        _interrupted_and_untidy()
    assert told == ["interrupted"]


def test_ctrl_c_is_given_back(local: Spark) -> None:
    """PySpark takes the signal when it starts; who had it before has it again."""
    assert local.rows(select(integer(1))) == [(1,)]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_pyspark_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A core install says how to get the rest."""
    monkeypatch.setitem(sys.modules, "reconciler.membership.spark.engine", None)
    source = declared(tmp_path, World(customers=[]), "customers", [], engine="spark").source

    with pytest.raises(SourceInvalid) as caught:
        open_engine(source, EngineAccess(), [], [])

    assert "pip install 'reconciler[spark]'" in caught.value.hint
