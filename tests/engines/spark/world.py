"""Random cases on Spark: their tables are made anew for each pack."""

from __future__ import annotations

from pathlib import Path

from reconciler.membership.spark.engine import Spark
from reconciler.model.settings import EngineAccess, Secret, Settings
from tests.engines.spark.tables import store
from tests.membership import worlds
from tests.membership.runner import Place
from tests.membership.sources import TABLES, Data


def place(url: str) -> Place:
    """Where packs run: a Spark Connect server."""
    access = EngineAccess(spark=Secret(url))

    def load(data: Data, folder: Path) -> Settings:
        tables = (data.customers, *data.events)
        for table in tables:
            rows = [[row.get(column) for column in table.types] for row in table.rows]
            store(url, table.name, table.types, rows)
        first, *others = [table.name for table in tables]
        return worlds.declared(folder, data.world, first, others, engine="spark")

    def unfold(path: Path) -> None:
        with Spark("reconciler", access) as engine:
            engine.write_file(engine.read_file(path), path, stays=False)

    return Place(load=load, endings=TABLES, prefix="world.", unfold=unfold, access=access)
