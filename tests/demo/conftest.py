"""One full-sized shop for all tests here, and the same shop six hours later. Both are only read."""

from __future__ import annotations

import shutil
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from reconciler.demo.customers import Customer
from reconciler.demo.shop import HoursPassed, ShopSummary, build, pass_time
from reconciler.demo.tables import read_customers

NOW = datetime(2026, 11, 21, 14, tzinfo=UTC)
HOURS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Shop:
    """A shop on disk, with what its makers say about it."""

    folder: Path
    now: datetime
    summary: ShopSummary
    passed: HoursPassed | None = None

    def customers(self) -> dict[str, Customer]:
        return {customer.customer_id: customer for customer in read_customers(self.folder)}

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Rows of a query over `events`, whose `age` is in days at the shop's clock."""
        at = f"timestamp '{self.now:%Y-%m-%d %H:%M:%S}'"
        files = self.folder / "data" / "events" / "*.parquet"
        with duckdb.connect() as db:
            db.execute(
                f"create view events as select *, epoch({at} - occurred_at) / 86400 as age from '{files}'"  # noqa: S608
            )
            return db.execute(query).fetchall()


def washed(address: str) -> str:
    """The cleaning that a shop's dirt needs: compatible forms, no invisible characters, no white space, lower case."""
    visible = (c for c in unicodedata.normalize("NFKC", address) if unicodedata.category(c) != "Cf")
    return "".join(visible).strip().lower()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("shop")
    return Shop(folder=folder, now=NOW, summary=build(folder, NOW))


@pytest.fixture(scope="session")
def later(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("later")
    shutil.copytree(shop.folder, folder, dirs_exist_ok=True)
    passed = pass_time(folder, NOW, HOURS)
    return Shop(folder=folder, now=NOW + timedelta(hours=HOURS), summary=shop.summary, passed=passed)
