"""The made-up shop with its data in an engine: the command line on top, Criteo below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import stamina

from reconciler.emulator import create_app, serve
from tests.emulator.caller import Caller
from tests.flows.shop import Document, Shop, names, usual_settings

CUSTOMERS = dict.fromkeys(["customer_id", "email", "consent", "unsubscribed", "tier"], "VARCHAR")
EVENTS = {"customer_id": "VARCHAR", "event": "VARCHAR", "occurred_at": "TIMESTAMPTZ", "amount": "DECIMAL(10,2)"}
DEFINITIONS = """
segments:
  buyers: { who: { event: purchase, within: 7d } }
  carts:
    who:
      all: [ { event: cart_added, latest: true, within: 4h, not_followed_by: purchase } ]
      none: [ { attribute: unsubscribed, is: true } ]
"""


def settings(engine: str) -> Document:
    """The usual ones over tables of an engine."""
    made = usual_settings()
    made["source"] |= {"engine": engine, "schema": "ours"}
    made["source"]["customers"]["table"] = "shop.customers"
    made["source"]["events"]["table"] = "shop.events"
    return made


@dataclass(kw_only=True)
class TableShop(Shop):
    """Its tables are made anew where its rows have changed since they were, unless `tables_stay`."""

    tables_stay: bool = False
    _stored: object = None

    def store(self, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Make a table anew."""
        raise NotImplementedError

    def write(self) -> None:
        super().write()
        for file in ("customers.csv", "events.csv"):
            (self.root / file).unlink()
        events = [{**row, "amount": row["amount"] or None} for row in self.events]
        now = ([dict(row) for row in self.customers.values()], events)
        if now == self._stored or self.tables_stay:
            return
        for table, types, rows in (("customers", CUSTOMERS, now[0]), ("events", EVENTS, now[1])):
            self.store(f"shop.{table}", types, [[row[column] for column in types] for row in rows])
        self._stored = now


def fill(shop: Shop) -> None:
    """Two lists; some who bought, some who left a cart, one without consent and one who must not be advertised to."""
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 3), "purchase", "2d")
    shop.people(names("cart", 4), "cart_added", "1h")
    shop.customer("nobody", consent="no")
    shop.event("nobody", "purchase", "1d")
    shop.customer("silent", unsubscribed="yes")
    shop.event("silent", "cart_added", "1h")


def explained(shop: Shop) -> None:
    """Somebody is explained by the address, and the segment alone, as they are on any engine."""
    shop.customer("twin", email="CART0@example.com", tier="box 5550143")
    shop.event("twin", "cart_added", "3h", amount="12.50")
    shop.settings["source"]["customers"]["same_person"] = "email"
    shop.definitions = EXPLAINED
    done = shop.run("explain", "carts", "--email", "cart0@EXAMPLE.com", "--format", "json")
    alone = shop.run("explain", "carts", "--format", "json")

    assert (done.code, alone.code) == (0, 0), done.err + alone.err
    (person,) = done.document["people"]
    (carts,) = person["lists"]
    assert (person["records"], carts["in"]) == (2, True)
    assert carts["entered"]["at"] == "2026-11-21T15:00:00Z"
    assert carts["leaves"]["at"] == "2026-11-21T21:00:00Z"
    conditions = carts["conditions"]["conditions"]
    assert [each["holds"] for each in conditions] == [True, True, True, True, False]
    assert conditions[0]["events"][0]["events"][0]["time"] == "2026-11-21T17:00:00Z"
    assert conditions[1]["values"] == ["aaa 9999999", None]
    assert conditions[2]["events"][0]["events"][0]["columns"] == {"amount": "12.50"}
    (funnel,) = alone.document["lists"]
    assert (funnel["everyone"], funnel["belong"], funnel["allowed"], funnel["identifiers"]) == (9, 1, 1, 1)
    assert [each["without"] for each in funnel["conditions"]] == [0, 0, 0, 0, 0]
    assert "cart0@example.com" not in done.out.lower()


EXPLAINED = """
segments:
  carts:
    who:
      all:
        - { event: cart_added, latest: true, within: 4h, not_followed_by: purchase }
        - { attribute: tier, starts_with: box }
        - { event: cart_added, where: { amount: { at_least: 10 } } }
        - { event: cart_added, total: { of: amount, measure: distinct, at_least: 1 } }
      none: [ { attribute: unsubscribed, is: true } ]
"""


MISSPELT = [
    "segments.a.who.event: `cart_add` never occurs; did you mean `cart_added`?",
    "segments.b.who.is: `gould` never occurs in `tier`; did you mean `gold`?",
    "segments.c.who.at_least: no value of `tier` can be read as a number",
    "segments.d.who.total.of: no value of `event` can be read as a number",
    "warning: segments.e.who.is: this value never occurs in `email`",
]
"""What has to be said of `misspell`."""


def misspell(shop: Shop) -> None:
    """Definitions that wait in vain for what they mention."""
    shop.customer("ann", tier="gold")
    shop.customer("ben", tier="basic")
    shop.definitions = """
segments:
  a: { who: { event: cart_add } }
  b: { who: { attribute: tier, is: [gold, gould] } }
  c: { who: { attribute: tier, at_least: 3 } }
  d: { who: { event: purchase, total: { of: event, at_least: 3 } } }
  e: { who: { attribute: email, is: ann@example.co } }
  f: { who: { event: purchase, where: { customer_id: { starts_with: buyer } } } }
"""


def told(said: str) -> list[str]:
    """The problems that are said, without their places."""
    return [line.split(": ", 1)[1].replace(".who.is[1]", ".who.is") for line in said.splitlines() if ".yaml:" in line]


@contextmanager
def criteo(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Iterator[tuple[str, Caller]]:
    """An emulator behind a socket, and an environment that names it: its URL, and who may look into it."""
    for name in ("CI", "NO_COLOR", "CRITEO_CLIENT_SECRET_FILE"):
        monkeypatch.delenv(name, raising=False)
    with (
        stamina.set_testing(True, attempts=2),
        serve(create_app(rate_limit=0)) as server,
        httpx.Client(base_url=server.url, verify=False) as http,
    ):
        told = {"CRITEO_CLIENT_ID": "app", "CRITEO_CLIENT_SECRET": "secret", "CRITEO_API_URL": server.url}
        for name, value in {**told, **environment}.items():
            monkeypatch.setenv(name, value)
        yield server.url, Caller(http=http)
