"""The engine on a real server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlglot import exp, select

from reconciler.errors import EngineFailed
from reconciler.membership.postgres.connect import Server
from reconciler.membership.postgres.engine import Postgres
from reconciler.membership.sql import alias, create, integer, name, table, text
from reconciler.model.settings import Secret

NASTY = [
    "", " ", "\t", "a\tb", "a\nb", "a\r\nb", "\\N", "\\", "\\.", '"', "'", "%s",
    "{}", "ä", "😀", "\x01", "x" * 10_000, None,
]  # fmt: skip


def numbers(count: int) -> exp.Select:
    """Whole numbers from 1 on."""
    rows = exp.Table(this=exp.Anonymous(this="generate_series", expressions=[integer(1), integer(count)]))
    return select(alias(exp.column("generate_series"), "n")).from_(rows)


def test_what_was_made_is_there(engine: Postgres) -> None:
    """A table is found by its plain name, on the connection of a stream as well."""
    engine.run(create("made", select(alias(text("a"), "k"), alias(integer(3), "n"))))

    assert engine.has("made")
    assert not engine.has("pg_class")
    assert engine.rows(select("*").from_("made")) == [("a", 3)]
    assert list(engine.stream(select("*").from_("made"), 10)) == [[("a", 3)]]


def test_texts_are_taken_as_they_are(engine: Postgres) -> None:
    """Whatever is in them; only NULL is NULL."""
    columns = [exp.ColumnDef(this=exp.to_identifier(each), kind=exp.DataType.build("TEXT")) for each in ("n", "x")]
    engine.run(exp.Create(this=exp.Schema(this=table("taken"), expressions=columns), kind="TABLE"))

    engine.take("taken", [[f"{number:03}" for number in range(len(NASTY))], NASTY])
    engine.take("taken", [["999"], ["last"]])

    assert [row[0] for row in engine.rows(select("x").from_("taken").order_by("n"))] == [*NASTY, "last"]


def test_streams_run_side_by_side(engine: Postgres) -> None:
    """Each on a connection of its own, in batches; those that were left in the middle give theirs back."""
    engine.run(create("many", numbers(10_000)))
    query = select("n").from_("many").order_by("n")
    for _ in range(2 * Server.MOST):
        assert next(engine.stream(query, 3)) == [(1,), (2,), (3,)]

    def read(size: int) -> tuple[list[int], int]:
        batches = list(engine.stream(query, size))
        return [row[0] for batch in batches for row in batch], max(map(len, batches))

    with ThreadPoolExecutor(2 * Server.MOST) as threads:
        found = list(threads.map(read, range(1_000, 1_000 + 2 * Server.MOST)))

    assert found == [(list(range(1, 10_001)), size) for size in range(1_000, 1_000 + 2 * Server.MOST)]
    mine = exp.column("application_name").eq("reconciler").and_(exp.column("datname").eq(exp.var("current_database()")))
    ((there,),) = engine.rows(select(exp.Count(this=exp.Star())).from_("pg_stat_activity").where(mine))
    assert there <= Server.MOST + 1


def test_a_stream_only_reads(engine: Postgres, address: str) -> None:
    """Not even a function with an effect gets through."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create table noted (n int)")
        connection.execute(
            "create function note() returns int language sql as 'insert into public.noted values (1) returning n'"
        )

    with pytest.raises(EngineFailed):
        list(engine.stream(select(exp.Anonymous(this="note", expressions=[])), 1))

    with psycopg.connect(address) as connection:
        assert connection.execute("select count(*) from noted").fetchone() == (0,)


def test_limits_of_the_role_do_not_stop_a_run(address: str) -> None:
    """A role that may run nothing for longer than a moment computes all the same: a run is long, and watched."""
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("statement_timeout = '100ms'", "TimeZone = 'Asia/Tokyo'", "DateStyle = 'SQL, DMY'"):
            connection.execute(f'alter database "{connection.info.dbname}" set {setting}'.encode())

    with Postgres(Secret(address), "reconciler") as engine:
        engine.run(create("many", numbers(1_000_000)))
        zoned = exp.cast(exp.cast(text("2026-11-21 10:00:00+02:00"), "TIMESTAMPTZ"), "TIMESTAMP")
        at = exp.cast(text("2026-11-21 08:00:00"), "TIMESTAMP")

        assert engine.rows(select(exp.Count(this=exp.Star())).from_("many")) == [(1_000_000,)]
        assert engine.rows(select(zoned.eq(at))) == [(True,)]
        assert engine.rows(select(name("n")).from_("many").where(name("n").eq(7))) == [(7,)]
