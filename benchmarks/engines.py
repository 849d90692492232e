"""The same question on the three engines, by the size of the data; draws a chart.

    make bench-engines   # or: python -m benchmarks.engines [--sizes 1 2 4] [--customers 50000] [--events 500000]

Postgres is a server of its own in a temporary folder, Spark a session `local[2]` in the process that asks; both read
tables that were filled before the clock starts. Each figure is a process of its own with a ledger to differ from, which
lives on the engine. Every segment must have the same members on all three: their digests (SHA-256 over the sorted
identifiers) are compared. Prints a Markdown table and writes `benchmarks/engines.svg`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.data import make
from benchmarks.processes import measured
from benchmarks.workspaces import write_mixed

CHART = Path(__file__).with_suffix(".svg")
TABLES = {
    "customers": "customer_id text, email text, unsubscribed boolean, vip boolean",
    "events": "customer_id text, event text, occurred_at timestamp, amount numeric(10, 2)",
}
ENGINES = ("duckdb", "postgres", "spark")


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty server."""
    from tests.engines.postgres import server

    folder = server.own_folder()
    try:
        with server.running(folder):
            yield server.url(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill_postgres(url: str, shop: Path) -> None:
    """The shop's Parquet as tables of the schema `public`."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection, duckdb.connect() as reader:
        for table, columns in TABLES.items():
            lines = shop / f"{table}.csv"
            reader.execute(f"copy (from '{shop}/data/{table}.parquet') to '{lines}' (format csv, header false)")
            connection.execute(f"drop table if exists {table}; create table {table} ({columns})".encode())
            with connection.cursor().copy(f"copy {table} from stdin (format csv)".encode()) as copy:
                for chunk in _chunks(lines):
                    copy.write(chunk)
            connection.execute(f"analyze {table}".encode())
            lines.unlink()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def source(engine: str, shop: Path) -> str:
    """The `source` of the workspace: Spark reads the Parquet files where they are."""
    if engine == "duckdb":
        return ""
    tables = {
        table: table if engine == "postgres" else {"spark": f"parquet.`{shop}/data/{table}.parquet`"}["spark"]
        for table in TABLES
    }
    return str(tables)


def figures(shop: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """Seconds and digests of one engine."""
    with tempfile.TemporaryDirectory(dir=shop) as ledger:
        ours = ("-m", "benchmarks.one_membership", str(shop), ledger, "--digests")
        measured(*ours, "--write", environment=environment)
        return measured(*ours, environment=environment)


def draw(found: Mapping[str, list[tuple[int, float]]]) -> None:
    """Time against the number of events."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    for engine, points in found.items():
        axes.plot([events for events, _ in points], [seconds for _, seconds in points], marker="o", label=engine)
    axes.set(xlabel="events", ylabel="seconds", xscale="log", yscale="log")
    axes.set_title("Membership and difference of 100 mixed segments, 2 cores")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(CHART, metadata={"Date": None})
