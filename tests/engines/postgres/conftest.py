"""A server for all tests, and a database for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from reconciler.membership.postgres.engine import Postgres
from reconciler.model.settings import Secret
from tests.engines.flows import criteo
from tests.engines.postgres import server
from tests.engines.postgres.flows import PostgresShop

SECRET = "correct-horse"


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A running server's folder."""
    place = server.own_folder()
    try:
        with server.running(place):
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """The URL of a database that holds nothing yet."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(server.url(folder), autocommit=True) as connection:
        connection.execute(f'create database "{name}"'.encode())
        yield server.url(folder, name)
        connection.execute(f'drop database "{name}" with (force)'.encode())


@pytest.fixture
def locked(folder: Path) -> Iterator[str]:
    """A role with a password, `SECRET`."""
    with psycopg.connect(server.url(folder), autocommit=True) as connection:
        connection.execute(f"create role {server.LOCKED} login password '{SECRET}'".encode())
        yield server.LOCKED
        connection.execute(f"drop role {server.LOCKED}".encode())


@pytest.fixture
def engine(address: str) -> Iterator[Postgres]:
    """The engine on an empty database."""
    with Postgres(Secret(address), "reconciler") as opened:
        yield opened


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> Iterator[PostgresShop]:
    """A shop in Postgres and an emulator behind a socket."""
    with criteo(monkeypatch, RECONCILER_POSTGRES_URL=address) as (url, caller):
        (tmp_path / "workspace").mkdir()
        yield PostgresShop(root=tmp_path / "workspace", url=url, criteo=caller, address=address)
