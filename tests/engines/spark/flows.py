"""The made-up shop with its data in Spark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyspark.sql.connect.session import SparkSession

from tests.engines import flows
from tests.engines.spark.tables import store
from tests.flows.shop import Document


@dataclass(kw_only=True)
class SparkShop(flows.TableShop):
    """Its tables are in the catalog of a Connect server."""

    server: str
    settings: Document = field(default_factory=lambda: flows.settings("spark"))

    def store(self, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        store(self.server, table, types, rows)

    def asks(self, statement: str) -> list[tuple[Any, ...]]:
        """What Spark answers to somebody else."""
        spark = SparkSession.builder.remote(self.server).create()
        try:
            return [tuple(row) for row in spark.sql(statement).collect()]
        finally:
            spark.stop()
