"""The made-up shop with its data in Postgres: the command line on top, Criteo below."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from tests.engines.postgres.tables import store
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


def settings() -> Document:
    """The usual ones over tables of the server."""
    made = usual_settings()
    made["source"] |= {"engine": "postgres", "schema": "ours"}
    made["source"]["customers"]["table"] = "shop.customers"
    made["source"]["events"]["table"] = "shop.events"
    return made


@dataclass(kw_only=True)
class PostgresShop(Shop):
    """Its tables are made anew where its rows have changed since they were, unless `tables_stay`."""

    address: str
    tables_stay: bool = False
    settings: Document = field(default_factory=settings)
    _stored: object = None

    def write(self) -> None:
        super().write()
        for file in ("customers.csv", "events.csv"):
            (self.root / file).unlink()
        events = [{**row, "amount": row["amount"] or None} for row in self.events]
        now = ([dict(row) for row in self.customers.values()], events)
        if now == self._stored or self.tables_stay:
            return
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(sql.SQL("drop schema if exists shop cascade"))
        for table, types, rows in (("customers", CUSTOMERS, now[0]), ("events", EVENTS, now[1])):
            store(self.address, f"shop.{table}", types, [[row[column] for column in types] for row in rows])
        self._stored = now

    def know(self, *names: str) -> None:
        """Whoever has the address of that name is called so."""
        for label in names:
            self.customer(label)

    def asks(self, statement: str) -> list[tuple[object, ...]]:
        """What the database answers to somebody else; nothing, where it is a command."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return list(done.fetchall()) if done.description else []


def fill(shop: PostgresShop) -> None:
    """Two lists; some who bought, some who left a cart, one without consent and one who must not be advertised to."""
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 3), "purchase", "2d")
    shop.people(names("cart", 4), "cart_added", "1h")
    shop.customer("nobody", consent="no")
    shop.event("nobody", "purchase", "1d")
    shop.customer("silent", unsubscribed="yes")
    shop.event("silent", "cart_added", "1h")
