"""A workspace with `engine: postgres`, through the command line, on the pretend Criteo."""

from __future__ import annotations

import json

import pytest

from tests.engines.flows import MISSPELT, explained, fill, misspell, told
from tests.engines.postgres.flows import PostgresShop
from tests.flows.shop import names

SCHEMAS = "select nspname from pg_namespace where nspname like 'ours%' order by 1"
TABLES = "select tablename from pg_tables where schemaname = 'ours' and tablename like 'ledger\\_%' order by 1"


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


def test_a_table_may_be_a_query_in_the_words_of_postgres(shop: PostgresShop) -> None:
    """What only Postgres knows is left as it is written, and no word of it is taken for one of ours."""
    fill(shop)
    query = """
        select distinct on (customer_id) customer_id, email, consent, unsubscribed, md5(left(tier, 1)) as tier
        from shop.customers where customer_id ~ '^[a-z]+[0-9]+$' and length(email) > 3 order by customer_id, email
    """
    (shop.root / "customers.sql").write_text(query)
    shop.settings["source"]["customers"]["table"] = {"query": "customers.sql"}

    shop.apply()

    assert shop.members("buyers") == set(names("buyer", 3))


def test_a_table_that_is_not_there(shop: PostgresShop) -> None:
    """Exit 78, by the place in the YAML that names it."""
    fill(shop)
    shop.settings["source"]["events"]["table"] = "shop.evnts"

    done = shop.run("plan")

    assert done.code == 78
    assert "reconciler.yaml:" in done.err
    assert "shop.evnts" in done.err


GRANTS = """
    grant create, connect on database {database} to {role};
    grant usage on schema shop to {role};
    grant select on shop.customers, shop.events to {role};
"""


def test_a_role_needs_few_rights(shop: PostgresShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rights that the documents name, and no more, everything goes; the tables can only be read."""
    fill(shop)
    shop.write()
    ((database,),) = shop.asks("select current_database()")
    role = f"clerk_of_{database}"
    shop.asks(f"create role {role} login")
    shop.asks(GRANTS.format(database=database, role=role))
    monkeypatch.setenv("RECONCILER_POSTGRES_URL", shop.address.replace("://tester@", f"://{role}@"))
    try:
        shop.apply()

        assert shop.members("buyers") == set(names("buyer", 3))
        assert shop.run("plan", "--detailed-exitcode", "--include-members").code == 0
        rights = "select string_agg(privilege_type, ',') from information_schema.role_table_grants "
        assert shop.asks(f"{rights} where grantee = '{role}' and table_schema = 'shop'") == [("SELECT,SELECT",)]
    finally:
        shop.asks(f"drop owned by {role} cascade")
        shop.asks(f"drop role {role}")


def test_the_sql_is_shown_as_postgres_says_it(shop: PostgresShop) -> None:
    """Every statement that makes something, as it was run."""
    fill(shop)

    done = shop.run("plan", "--show-sql")

    assert "CREATE UNLOGGED TABLE facts AS" in done.out + done.err
    assert "@example.com" not in done.out + done.err


def test_what_never_occurs_is_told_before_anything_is_planned(shop: PostgresShop) -> None:
    """`validate --data` looks for kinds and values on the server, needs no Criteo, and leaves nothing behind."""
    fill(shop)
    misspell(shop)
    before = shop.asked()

    done = shop.run("validate", "--data", at=None)

    assert done.code == 78
    assert told(done.err) == MISSPELT
    assert shop.asked() == before
    assert shop.asks(SCHEMAS) == []


def test_somebody_is_explained(shop: PostgresShop) -> None:
    """By the address in any spelling, two records as one person, with the instants at which she comes and goes."""
    fill(shop)
    explained(shop)
