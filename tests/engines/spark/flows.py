"""The made-up shop with its data in Spark: the command line on top, Criteo below."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pyspark.sql.connect.session import SparkSession

from tests.engines.spark.tables import store
from tests.flows.shop import Document, Shop, usual_settings

CUSTOMERS = dict.fromkeys(["customer_id", "email", "consent", "unsubscribed", "tier"], "VARCHAR")
EVENTS = {"customer_id": "VARCHAR", "event": "VARCHAR", "occurred_at": "TIMESTAMPTZ", "amount": "DECIMAL(10,2)"}


def settings() -> Document:
    """The usual ones over tables of the server."""
    made = usual_settings()
    made["source"] |= {"engine": "spark", "schema": "ours"}
    made["source"]["customers"]["table"] = "shop.customers"
    made["source"]["events"]["table"] = "shop.events"
    return made


@dataclass(kw_only=True)
class SparkShop(Shop):
    """Its tables are made anew where its rows have changed since they were."""

    server: str
    settings: Document = field(default_factory=settings)
    _stored: object = None

    def write(self) -> None:
        super().write()
        for file in ("customers.csv", "events.csv"):
            (self.root / file).unlink()
        events = [{**row, "amount": row["amount"] or None} for row in self.events]
        now = ([dict(row) for row in self.customers.values()], events)
        if now == self._stored:
            return
        for table, types, rows in (("customers", CUSTOMERS, now[0]), ("events", EVENTS, now[1])):
            store(self.server, f"shop.{table}", types, [[row[column] for column in types] for row in rows])
        self._stored = now

    def asks(self, statement: str) -> list[tuple[Any, ...]]:
        """What Spark answers to somebody else."""
        spark = SparkSession.builder.remote(self.server).create()
        try:
            return [tuple(row) for row in spark.sql(statement).collect()]
        finally:
            spark.stop()
