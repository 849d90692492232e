"""A server for all tests, and a database for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
import stamina

from reconciler.emulator import create_app, serve
from reconciler.membership.postgres.engine import Postgres
from reconciler.model.settings import Secret
from tests.emulator.caller import Caller
from tests.engines.postgres import server
from tests.engines.postgres.flows import PostgresShop


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
def engine(address: str) -> Iterator[Postgres]:
    """The engine on an empty database."""
    with Postgres(Secret(address), "reconciler") as opened:
        yield opened


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> Iterator[PostgresShop]:
    """A shop in Postgres and an emulator behind a socket."""
    for name in ("CI", "NO_COLOR", "CRITEO_CLIENT_SECRET_FILE"):
        monkeypatch.delenv(name, raising=False)
    with (
        stamina.set_testing(True, attempts=2),
        serve(create_app(rate_limit=0)) as server,
        httpx.Client(base_url=server.url) as http,
    ):
        told = {"CRITEO_CLIENT_ID": "app", "CRITEO_CLIENT_SECRET": "secret", "CRITEO_API_URL": server.url}
        for name, value in {**told, "RECONCILER_POSTGRES_URL": address}.items():
            monkeypatch.setenv(name, value)
        (tmp_path / "workspace").mkdir()
        made = PostgresShop(root=tmp_path / "workspace", url=server.url, criteo=Caller(http=http), address=address)
        yield made
