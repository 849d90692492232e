"""A workspace whose Spark is started by the command itself, with a catalog on disk; every process ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.engines.flows import DEFINITIONS
from tests.engines.spark.servers import catalog
from tests.engines.spark.tables import statements
from tests.flows.conftest import Opener, open_shop
from tests.flows.shop import names

__all__ = ["open_shop"]

FILL = """
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
for statement in sys.argv[1:]:
    spark.sql(statement)
"""


def test_it_plans_applies_and_has_nothing_left_to_do(
    open_shop: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command in a process of its own: the ledger lasts in the catalog, and stderr holds nothing of Spark's."""
    shop = open_shop()
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 3), "purchase", "2d")
    shop.people(names("cart", 4), "cart_added", "1h")
    shop.write()
    told = {**catalog(tmp_path), "spark.master": "local[2]", "spark.sql.warehouse.dir": str(tmp_path / "warehouse")}
    (tmp_path / "spark-defaults.conf").write_text("".join(f"{key} {value}\n" for key, value in told.items()))
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    fill(shop.root, tmp_path)
    shop.settings["source"] |= {"engine": "spark", "schema": "ours"}
    shop.settings["source"]["customers"]["table"] = "shop.customers"
    shop.settings["source"]["events"]["table"] = "shop.events"

    applied = shop.spawn("apply", "--auto-approve")
    again = shop.spawn("plan", "--detailed-exitcode", "--include-members")

    assert (applied.code, again.code) == (0, 0), applied.err + again.err
    assert shop.members("buyers") == set(names("buyer", 3))
    assert shop.members("carts") == set(names("cart", 4))
    assert [path.read_bytes()[:1] for path in (shop.state / "ledger").iterdir()] == [b"{"]
    assert "WARN" not in applied.err + again.err
    assert "log4j" not in applied.err + again.err


def fill(root: Path, folder: Path) -> None:
    """The shop's files as tables of the catalog."""
    made = []
    for label in ("customers", "events"):
        path = folder / f"{label}.parquet"
        rows = duckdb.read_csv(str(root / f"{label}.csv"), all_varchar=True)
        rows.write_parquet(str(path))
        types = dict.fromkeys(rows.columns, "VARCHAR")
        made += statements(f"shop.{label}", types, str(path))
    subprocess.run([sys.executable, "-c", FILL, *made], check=True, capture_output=True, timeout=180)
