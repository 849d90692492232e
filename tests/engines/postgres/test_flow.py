"""A workspace with `engine: postgres`, through the command line, on the pretend Criteo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import stamina

from reconciler.emulator import create_app, serve
from tests.emulator.caller import Caller
from tests.engines.postgres.flows import PostgresShop
from tests.flows.shop import names

DEFINITIONS = """
segments:
  buyers: { who: { event: purchase, within: 7d } }
  carts:
    who:
      all: [ { event: cart_added, latest: true, within: 4h, not_followed_by: purchase } ]
      none: [ { attribute: unsubscribed, is: true } ]
"""
SCHEMAS = "select nspname from pg_namespace where nspname like 'ours%' order by 1"
TABLES = "select tablename from pg_tables where schemaname = 'ours' and tablename like 'ledger\\_%' order by 1"


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
        made.definitions = DEFINITIONS
        yield made


def fill(shop: PostgresShop) -> None:
    """Some who bought, some who left a cart, one without consent and one who must not be advertised to."""
    shop.people(names("buyer", 3), "purchase", "2d")
    shop.people(names("cart", 4), "cart_added", "1h")
    shop.customer("nobody", consent="no")
    shop.event("nobody", "purchase", "1d")
    shop.customer("silent", unsubscribed="yes")
    shop.event("silent", "cart_added", "1h")


def test_lists_are_filled_and_then_nothing_is_left_to_do(shop: PostgresShop) -> None:
    """Plan, apply, and a second plan that finds nothing; what the run made on the server has gone with it."""
    fill(shop)

    first = shop.plan()
    assert shop.asks(SCHEMAS) == []
    shop.apply()

    assert first["summary"]["add"] == 2
    assert shop.members("buyers") == set(names("buyer", 3))
    assert shop.members("carts") == set(names("cart", 4))
    assert shop.run("plan", "--detailed-exitcode", "--include-members").code == 0
    assert shop.asks(SCHEMAS) == [("ours",)]


def test_members_move_by_sync(shop: PostgresShop) -> None:
    """Who bought after all leaves the list of carts and enters that of buyers; the ledger follows."""
    fill(shop)
    shop.apply()
    shop.event("cart1", "purchase", "0m")
    shop.customer("late")
    shop.event("late", "purchase", "1h")

    shop.sync()

    assert shop.members("carts") == set(names("cart", 4)) - {"cart1"}
    assert shop.members("buyers") == {*names("buyer", 3), "cart1", "late"}
    assert shop.run("plan", "--detailed-exitcode", "--include-members").code == 0


def test_the_ledger_stays_on_the_server(shop: PostgresShop) -> None:
    """The state keeps receipts alone: they name a table and hold no identifier."""
    fill(shop)
    shop.apply()

    receipts = [json.loads(path.read_text()) for path in (shop.state / "ledger").iterdir()]

    assert [(each["engine"], each["rows"]) for each in receipts] == [("postgres", 7)]
    assert [(receipts[0]["table"].removeprefix("ours."),)] == shop.asks(TABLES)


@pytest.mark.parametrize("harm", ["drop table {}", "delete from {} where ctid = '(0,1)'", "update {} set in_0 = 0"])
def test_a_ledger_that_is_not_what_was_written_is_refused(shop: PostgresShop, harm: str) -> None:
    """Missing, cut or changed: exit 4, and nothing is sent on its ground."""
    fill(shop)
    shop.apply()
    ((table,),) = shop.asks(TABLES)
    shop.asks(harm.format(f"ours.{table}"))
    before = shop.asked()

    done = shop.run("plan")

    assert done.code == 4
    assert f"ours.{table}" in done.err
    assert shop.writes(before) == []
