"""What can go wrong with a server: said in our words, with what to do, and without a row or a secret in it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlglot import exp, select

from reconciler.errors import EngineFailed, SourceInvalid
from reconciler.membership.postgres.engine import Postgres
from reconciler.membership.sql import alias, create, name, table, text
from reconciler.model.settings import Secret
from tests.engines.postgres import server
from tests.engines.postgres.conftest import SECRET


def opened(address: str) -> None:
    Postgres(Secret(address), "reconciler").close()


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("postgresql://nobody:{SECRET}@127.0.0.1:9/shop", "not there"),
        ("postgresql://nobody@/shop?host=/nowhere", "not there"),
        ("host=127.0.0.1 prot=9", "no URL that libpq can read"),
        ("{folder}&dbname=no_such_database", "no such database"),
    ],
)
def test_a_server_that_is_not_reached(address: str, why: str, folder: Path) -> None:
    """Exit 78, with the variable to look at and why, and with nothing of its value."""
    told = address.format(SECRET=SECRET, folder=server.url(folder))

    with pytest.raises(SourceInvalid) as caught:
        opened(told)

    assert why in caught.value.detail
    assert "RECONCILER_POSTGRES_URL" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert str(folder) not in str(caught.value)


@pytest.mark.parametrize("password", ["", ":wrong-horse"])
def test_a_wrong_password(password: str, locked: str, folder: Path) -> None:
    """None and a wrong one are told from a server that is not there."""
    with pytest.raises(SourceInvalid) as caught:
        opened(server.url(folder, role=f"{locked}{password}"))

    assert "the role or the password" in caught.value.detail
    assert "horse" not in str(caught.value)


def test_a_role_that_may_not_make_schemas(locked: str, folder: Path) -> None:
    """The grant to give is named; with it, and nothing more, the role can work."""
    address = server.url(folder, role=f"{locked}:{SECRET}")
    with pytest.raises(SourceInvalid, match="may not make schemas") as caught:
        opened(address)
    assert "GRANT CREATE ON DATABASE" in caught.value.hint

    with psycopg.connect(server.url(folder), autocommit=True) as connection:
        connection.execute(f"grant create on database postgres to {locked}".encode())
        try:
            opened(address)
        finally:
            connection.execute(f"drop owned by {locked}".encode())


def test_what_the_server_says_is_withheld(engine: Postgres) -> None:
    """Its message would quote the value; ours tells the kind alone."""
    engine.run(create("people", select(alias(text("ann@example.com"), "e"))))

    with pytest.raises(EngineFailed) as caught:
        engine.rows(select(exp.cast(name("e"), "INT")).from_(table("people")))

    assert "a value is not what it is read as (22P02)" in caught.value.detail
    assert "ann" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert engine.rows(select("1")) == [(1,)]


def test_a_server_that_goes_away(engine: Postgres, address: str) -> None:
    """Said as such, and closing the engine afterwards is quiet."""
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'reconciler'")

    with pytest.raises(EngineFailed, match="went away"):
        engine.rows(select("1"))

    engine.close()
    with psycopg.connect(address) as other:
        assert other.execute("select 1 from pg_namespace where nspname like 'reconciler\\_run%'").fetchall() == []


def test_a_database_in_another_encoding(folder: Path) -> None:
    """In it bytes and characters are not what we count and hash."""
    with psycopg.connect(server.url(folder), autocommit=True) as connection:
        connection.execute("create database latin encoding 'LATIN1' locale 'C' template template0")
        try:
            with pytest.raises(SourceInvalid, match="not in UTF-8"):
                opened(server.url(folder, "latin"))
        finally:
            connection.execute("drop database latin with (force)")
