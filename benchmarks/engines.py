"""The same question on the three engines, by the size of the data; draws a chart.

    make bench-engines   # or: python -m benchmarks.engines [--sizes 1 2 4 8] [--customers 50000] [--events 500000]

Postgres and Spark (local[2], by Spark Connect) are servers of their own in temporary folders; their tables are filled
before the clock starts. Each figure is a process of its own with a ledger to differ from, which lives on the engine.
Every segment must have the same members on all three: digests over the sorted identifiers are compared. Prints a
Markdown table and writes `benchmarks/engines.svg`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from benchmarks.data import make
from benchmarks.processes import measured
from benchmarks.workspaces import write_mixed
from tests.engines.postgres import server as postgres
from tests.engines.postgres.tables import store_parquet as store_on_postgres
from tests.engines.spark.servers import catalog, spark_server
from tests.engines.spark.tables import store_parquet as store_on_spark

CHART = Path(__file__).with_suffix(".svg")
ENGINES = ("duckdb", "postgres", "spark")
STORES = {"postgres": store_on_postgres, "spark": store_on_spark}
VARIABLES = {"postgres": "RECONCILER_POSTGRES_URL", "spark": "SPARK_REMOTE"}

Servers = Mapping[str, str]
"""The URL of each engine that is not in the process."""


@contextmanager
def servers() -> Iterator[Servers]:
    """Both, with nothing in them."""
    place, spark = postgres.own_folder(), Path(tempfile.mkdtemp(prefix="reconciler-spark-"))
    try:
        with postgres.running(place), spark_server(spark, catalog(spark)) as url:
            yield {"postgres": postgres.url(place), "spark": url}
    finally:
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(spark, ignore_errors=True)


def prepare(engine: str, shop: Path, running: Servers) -> dict[str, str]:
    """Fill the engine's tables and point the workspace at them; answer the environment to ask in."""
    write_mixed(shop)
    if engine == "duckdb":
        return dict(os.environ)
    for table in ("customers", "events"):
        STORES[engine](running[engine], f"shop_{shop.name}.{table}", shop / "data" / f"{table}.parquet")
    settings = shop / "reconciler.yaml"
    text = settings.read_text(encoding="utf-8").replace("engine: duckdb", f"engine: {engine}")
    settings.write_text(re.sub(r"data/(\w+)\.parquet", rf"shop_{shop.name}.\1", text), encoding="utf-8")
    return {**os.environ, VARIABLES[engine]: running[engine]}


def figures(engine: str, shop: Path, running: Servers) -> dict[str, Any]:
    """Seconds and digests of one engine."""
    environment = prepare(engine, shop, running)
    with tempfile.TemporaryDirectory(dir=shop) as ledger:
        ours = ("-m", "benchmarks.one_membership", str(shop), ledger)
        first = measured(*ours, "--write", "--digests", environment=environment)
        return {**measured(*ours, environment=environment), "digests": first["digests"]}


def compared(shop: Path, running: Servers) -> dict[str, float]:
    """Seconds by engine, once all agree on every segment."""
    found = {engine: figures(engine, shop, running) for engine in ENGINES}
    if len({str(each["digests"]) for each in found.values()}) != 1:
        raise SystemExit("The engines do not agree on who belongs.")
    return {engine: each["seconds"] for engine, each in found.items()}


def draw(found: Mapping[int, Mapping[str, float]]) -> None:
    """Time against the number of events, both on logarithmic scales."""
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    for engine in ENGINES:
        axes.plot(list(found), [seconds[engine] for seconds in found.values()], marker="o", label=engine)
    axes.set(xlabel="events", ylabel="seconds", xscale="log", yscale="log")
    axes.set_title("Membership and difference of 100 mixed segments on 2 cores")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(CHART, metadata={"Date": None})


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--customers", type=int, default=50_000)
    parser.add_argument("--events", type=int, default=500_000)
    given = parser.parse_args()
    print("| customers | events | " + " | ".join(f"{engine}, s" for engine in ENGINES) + " |\n|---|---|---|---|---|")
    found: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder, servers() as running:
        for size in given.sizes:
            shop = Path(folder) / str(size)
            make(shop, given.customers * size, given.events * size)
            found[given.events * size] = seconds = compared(shop, running)
            told = " | ".join(f"{seconds[engine]:.1f}" for engine in ENGINES)
            print(f"| {given.customers * size:,} | {given.events * size:,} | {told} |", flush=True)
    draw(found)


if __name__ == "__main__":
    main()
