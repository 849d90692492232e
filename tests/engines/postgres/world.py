"""Random cases on Postgres: their tables in a schema that is made anew for each pack."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from reconciler.membership.postgres.engine import Postgres
from reconciler.model.settings import EngineAccess, Secret, Settings
from tests.engines.postgres.tables import store
from tests.membership import worlds
from tests.membership.runner import Place
from tests.membership.sources import TABLES, Data

SCHEMA = "world"


def place(address: str) -> Place:
    """Where packs run: a database."""

    def load(data: Data, folder: Path) -> Settings:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(SCHEMA)))
        tables = (data.customers, *data.events)
        for table in tables:
            store(address, table.name, table.types, [[row[column] for column in table.types] for row in table.rows])
        first, *others = [table.name for table in tables]
        return worlds.declared(folder, data.world, first, others, engine="postgres")

    def unfold(path: Path) -> None:
        with Postgres(Secret(address), "reconciler") as engine:
            engine.write_file(engine.read_file(path), path, stays=False)

    access = EngineAccess(postgres=Secret(address))
    return Place(load=load, endings=TABLES, prefix=f"{SCHEMA}.", unfold=unfold, access=access)
