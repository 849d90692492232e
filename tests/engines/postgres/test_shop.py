"""The sample workspace on the demo's shop: Postgres puts the same people on every list."""

from __future__ import annotations

from pathlib import Path

from reconciler.model.settings import EngineAccess, Secret
from tests.engines import shop
from tests.engines.postgres.tables import store_parquet


def test_every_list_holds_the_same(tmp_path: Path, address: str) -> None:
    """List by list the same digest over the sorted identifiers, somebody in each, and the same overlaps."""
    desired = shop.open_shop(tmp_path)
    store_parquet(address, "shop.customers", tmp_path / "data" / "customers.parquet")
    store_parquet(address, "shop.events", tmp_path / "data" / "events" / "*.parquet")
    there = shop.on_engine(desired, "postgres", "shop.customers", "shop.events")

    expected = shop.digests(desired, EngineAccess())
    found = shop.digests(there, EngineAccess(postgres=Secret(address)))

    assert found == expected
    assert len(expected) > 10
    assert " and ".join(shop.SHARING) in expected
    assert [list_ for list_, digest in expected.items() if digest.startswith("0 ")] == []
    assert shop.overlaps(there, EngineAccess(postgres=Secret(address))) == shop.overlaps(desired, EngineAccess())
