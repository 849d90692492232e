"""Runs on Postgres that end before their time."""

from __future__ import annotations

import signal
import time

import psycopg
import pytest

from tests.engines.flows import fill
from tests.engines.postgres.flows import PostgresShop
from tests.engines.waiting import until
from tests.flows.shop import names

RUN_SCHEMAS = "select nspname from pg_namespace where nspname like 'ours\\_run\\_%'"
WAITING = "select 1 from pg_stat_activity where application_name = 'reconciler' and wait_event_type = 'Lock'"
THERE = "select 1 from pg_stat_activity where application_name = 'reconciler' and datname = current_database()"


@pytest.mark.parametrize(("told_by", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_is_told_to_stop_stops_the_query_at_once(told_by: int, code: int, shop: PostgresShop) -> None:
    """While the server is at work for us: the run ends, the server stops, and nothing is left there."""
    fill(shop)
    shop.write()
    with psycopg.connect(shop.address) as other:
        other.execute("lock table shop.customers in access exclusive mode")
        with shop.start("plan") as process:
            until(lambda: shop.asks(WAITING))
            began = time.monotonic()
            process.send_signal(told_by)
            _, told = process.communicate(timeout=30)

        assert process.returncode == code
        assert told in ("Interrupted.\n", "")
        assert time.monotonic() - began < 10
        until(lambda: not shop.asks(THERE), 5)
    assert shop.asks(RUN_SCHEMAS) == []


def test_a_killed_apply_is_gone_on_with(shop: PostgresShop) -> None:
    """Killed while members are on their way: the next run drops what it left there and makes the lists whole."""
    fill(shop)
    shop.apply()
    shop.people(names("new", 5), "purchase", "1h")
    shop.event("cart0", "purchase", "0m")
    slow = {"kind": "slow", "operation": "UpdateContactListByAudienceSegment", "seconds": 10, "count": None}
    shop.criteo.http.post("/emulator/faults", json=[slow]).raise_for_status()
    before = shop.asked()
    with shop.start("apply", "--auto-approve") as process:
        until(lambda: shop.writes(before))
        process.kill()
        process.communicate()
    assert len(shop.asks(RUN_SCHEMAS)) == 1
    shop.criteo.http.delete("/emulator/faults")
    until(lambda: not shop.asks(THERE))

    shop.apply()

    assert shop.asks(RUN_SCHEMAS) == []
    assert shop.members("buyers") == {*names("buyer", 3), *names("new", 5), "cart0"}
    assert shop.members("carts") == {"cart1", "cart2", "cart3"}
    assert shop.run("plan", "--detailed-exitcode", "--include-members").code == 0


def test_a_run_leaves_the_living_alone(shop: PostgresShop) -> None:
    """A run that begins beside another does not take what the other has made."""
    fill(shop)
    shop.write()
    with psycopg.connect(shop.address) as other:
        other.execute("lock table shop.events in access exclusive mode")
        with shop.start("plan") as process:
            until(lambda: shop.asks(WAITING))
            living = shop.asks(RUN_SCHEMAS)
            shop.settings["source"].pop("events")
            shop.definitions = "segments: { all: { who: { everyone: true } } }"

            beside = shop.run("plan")

            assert beside.code == 0
            assert len(living) == 1
            assert shop.asks(RUN_SCHEMAS) == living
            other.rollback()
            assert process.wait(60) == 0
            process.communicate()
    assert shop.asks(RUN_SCHEMAS) == []
