"""The ledger as tables: written once, checked when read, and cleared away when nobody can need them any more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest
from sqlglot import exp

from reconciler.errors import StateError
from reconciler.membership.postgres.engine import Postgres
from reconciler.membership.sql import alias, create, integer, text, together
from reconciler.model.settings import Secret

WRITTEN_AGO = "update reconciler.ledgers set superseded_at = now() - interval '{}' where superseded_at is not null"


def rows(*values: int) -> exp.Query:
    """Rows of a ledger."""
    parts = [
        exp.select(alias(exp.cast(text(f"h{value}"), "BLOB"), "h"), alias(exp.cast(integer(value), "BIGINT"), "in_0"))
        for value in values
    ]
    return together(parts)


def written(address: str, path: Path, read: Sequence[Path], *values: int) -> Path:
    """A run that reads the files of its snapshot and writes another."""
    with Postgres(Secret(address), "reconciler") as engine:
        for each in read:
            engine.read_file(each)
        engine.write_file(rows(*values), path, stays=True)
    return path


def table_of(path: Path) -> str:
    """The table of a receipt."""
    return str(json.loads(path.read_text())["table"]).removeprefix("reconciler.")


def tables(address: str) -> set[str]:
    """Every table of the ledger that is there."""
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "select tablename from pg_tables where schemaname = 'reconciler' and tablename <> 'ledgers'"
        )
        return {str(row[0]) for row in found.fetchall()}


def superseded(address: str) -> set[str]:
    """Those of them that are marked."""
    with psycopg.connect(address) as connection:
        found = connection.execute("select name from reconciler.ledgers where superseded_at is not null")
        return {str(row[0]) for row in found.fetchall()}


def let_pass(address: str, span: str) -> None:
    """Put the marks so far back."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(WRITTEN_AGO.format(span).encode())


def test_the_same_rows_have_the_same_digest(address: str, tmp_path: Path) -> None:
    """Whatever their order; and other rows have another one."""
    told = [
        json.loads(written(address, tmp_path / label, [], *values).read_text())
        for label, values in (("a", (1, 2, 3)), ("b", (3, 1, 2)), ("c", (1, 2, 4)))
    ]

    assert [each["rows"] for each in told] == [3, 3, 3]
    assert told[0]["digest"] == told[1]["digest"] != told[2]["digest"]
    assert len({each["table"] for each in told}) == 3


def test_tables_of_the_ledger_are_logged_and_scratch_is_not(address: str, tmp_path: Path) -> None:
    """What is on record survives a crash of the server; what a run makes costs no log."""
    with Postgres(Secret(address), "reconciler") as engine, psycopg.connect(address) as connection:
        engine.run(create("scratch", rows(1)))
        engine.write_file(rows(1), tmp_path / "base", stays=True)
        found = connection.execute(
            "select relname = 'scratch', relpersistence from pg_class where relname ~ '^(ledger_|scratch)' order by 1"
        )
        assert found.fetchall() == [(False, "p"), (True, "u")]


def test_what_a_snapshot_refers_to_is_never_dropped(address: str, tmp_path: Path) -> None:
    """A base and its deltas stay, however old they get."""
    base = written(address, tmp_path / "base", [], 1)
    one = written(address, tmp_path / "one", [base], 2)
    let_pass(address, "1 year")

    two = written(address, tmp_path / "two", [base, one], 3)

    assert tables(address) == {table_of(base), table_of(one), table_of(two)}
    assert superseded(address) == set()


def test_what_was_folded_goes_after_two_weeks(address: str, tmp_path: Path) -> None:
    """A new base supersedes what it was made from once a snapshot refers to it; until then an older one can be back."""
    base = written(address, tmp_path / "base", [], 1)
    one = written(address, tmp_path / "one", [base], 2)
    folded = written(address, tmp_path / "folded", [base, one], 1, 2)
    assert superseded(address) == set()

    after = written(address, tmp_path / "after", [folded], 3)
    assert superseded(address) == {table_of(base), table_of(one)}
    let_pass(address, "8 days")
    later = written(address, tmp_path / "later", [folded, after], 4)
    assert {table_of(base), table_of(one)} <= tables(address)
    let_pass(address, "15 days")
    last = written(address, tmp_path / "last", [folded, after, later], 5)

    assert tables(address) == {table_of(each) for each in (folded, after, later, last)}


def test_an_older_state_that_is_put_back_keeps_its_tables(address: str, tmp_path: Path) -> None:
    """Reading a table is enough to keep it; what was written after it is superseded in its turn."""
    base = written(address, tmp_path / "base", [], 1)
    folded = written(address, tmp_path / "folded", [base], 1, 2)
    written(address, tmp_path / "after", [folded], 3)
    let_pass(address, "13 days")

    again = written(address, tmp_path / "again", [base], 9)

    assert superseded(address) == set()
    written(address, tmp_path / "more", [base, again], 8)
    assert table_of(folded) in superseded(address)
    assert table_of(base) not in superseded(address)


def test_what_never_came_into_a_snapshot_goes_as_well(address: str, tmp_path: Path) -> None:
    """A run that was killed after writing left a table; the next one, from the same ground, came through."""
    base = written(address, tmp_path / "base", [], 1)
    lost = written(address, tmp_path / "lost", [base], 2)
    kept = written(address, tmp_path / "kept", [base], 2, 3)

    written(address, tmp_path / "next", [base, kept], 4)

    assert superseded(address) == {table_of(lost)}


def test_a_table_that_was_dropped_is_missed(address: str, tmp_path: Path) -> None:
    """Its receipt says what there should be."""
    base = written(address, tmp_path / "base", [], 1)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"drop table reconciler.{table_of(base)}".encode())

    with Postgres(Secret(address), "reconciler") as engine, pytest.raises(StateError, match="missing"):
        engine.read_file(base)


def test_a_ledger_of_files_is_taken_over(address: str, tmp_path: Path) -> None:
    """Parquet that was written by the embedded engine is loaded, with bytes and words as they were."""
    with Postgres(Secret(address), "reconciler") as engine:
        engine.write_file(rows(1, 2**62), tmp_path / "intent", stays=False)
        read = engine.rows(engine.read_file(tmp_path / "intent").order_by("h"))

    assert read == [(b"h1", 1), (f"h{2**62}".encode(), 2**62)]
    assert (tmp_path / "intent").read_bytes()[:4] == b"PAR1"
