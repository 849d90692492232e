"""A server that can't be reached or goes away, seen from the command line."""

from __future__ import annotations

import psycopg
import pytest

from tests.engines.flows import fill
from tests.engines.postgres.conftest import SECRET
from tests.engines.postgres.flows import PostgresShop
from tests.engines.waiting import until
from tests.flows.shop import Done, names

COMMANDS = {"plan": ["plan"], "apply": ["apply", "--auto-approve"], "sync": ["sync"]}
VARIABLE = "RECONCILER_POSTGRES_URL"
WAITING = "select pid from pg_stat_activity where application_name = 'reconciler' and wait_event_type = 'Lock'"
END = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'reconciler'"


def refused(shop: PostgresShop, command: str) -> Done:
    """A command that can't begin: exit 78, the variable's name, and neither state nor Criteo touched."""
    before, asked = shop.contents(), shop.asked()

    done = shop.run(*COMMANDS[command])

    assert done.code == 78, done
    assert VARIABLE in done.err
    assert shop.writes(asked) == []
    assert shop.contents() == before
    return done


@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_that_is_not_there(command: str, shop: PostgresShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 78; the message names the variable that says where it is, and not what it says."""
    fill(shop)
    shop.apply()
    monkeypatch.setenv(VARIABLE, f"postgresql://somebody:{SECRET}@127.0.0.1:9/warehouse")

    done = refused(shop, command)

    assert "not there" in done.err
    assert not [each for each in ("somebody", SECRET, "127.0.0.1", "warehouse") if each in done.out + done.err]


def test_a_wrong_password(shop: PostgresShop, locked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 78; it is told from a server that is not there, and neither password nor role is said."""
    fill(shop)
    shop.apply()
    monkeypatch.setenv(VARIABLE, shop.address.replace("://tester@", f"://{locked}:wrong-horse@"))

    done = refused(shop, "plan")

    assert "the role or the password" in done.err
    assert "horse" not in done.out + done.err
    assert f"{locked}:" not in done.out + done.err


WAITING_VIEW = (
    "alter table shop.events rename to told",
    "create view shop.events as select told.* from shop.told where pg_advisory_xact_lock_shared(7) is not null",
)
MOMENTS = {
    "asked for columns": ((), "lock table shop.events in access exclusive mode"),
    "computing": (WAITING_VIEW, "select pg_advisory_xact_lock(7)"),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_that_goes_away_in_the_middle(command: str, moment: str, shop: PostgresShop) -> None:
    """Exit 1, with what happened and what to do; the state is what it was, Criteo heard nothing, and the next run goes
    through.
    """
    fill(shop)
    shop.apply()
    shop.people(names("new", 2), "purchase", "1h")
    shop.write()
    shop.tables_stay = True
    prepared, held = MOMENTS[moment]
    for statement in prepared:
        shop.asks(statement)
    before, asked = shop.contents(), shop.asked()
    with psycopg.connect(shop.address) as other:
        other.execute(held.encode())
        with shop.start(*COMMANDS[command]) as process:
            until(lambda: shop.asks(WAITING))
            shop.asks(END)
            _, told = process.communicate(timeout=60)

    assert process.returncode == 1, told
    assert "The Postgres server went away." in told
    assert "Run again when it is back" in told
    assert "@example.com" not in told
    assert shop.contents() == before
    assert shop.writes(asked) == []
    shop.apply()
    assert shop.members("buyers") == {*names("buyer", 3), *names("new", 2)}
