"""A Spark that goes away, seen from the command line."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.engines.flows import criteo, fill
from tests.engines.spark.flows import SparkShop
from tests.engines.spark.servers import free_port, spark_process
from tests.engines.waiting import until

ENDLESS = """
create or replace view shop.endless as
select customer_id, event, occurred_at, amount from shop.events, range(0, 1000000000000, 1, 2) as many
where hash(many.id, customer_id) = 7
"""


def jobs(url: str) -> list[object]:
    """What a server is computing now."""
    with httpx.Client(base_url=f"{url}/api/v1", timeout=30) as http:
        (application,) = http.get("/applications").json()
        found: list[object] = http.get(f"/applications/{application['id']}/jobs", params={"status": "running"}).json()
        return found


def test_a_server_that_goes_away_in_the_middle_of_a_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 1, within a minute or two and with what to do; no state was made, and Criteo heard of nothing."""
    port = free_port()
    conf = {"spark.ui.enabled": "true", "spark.ui.port": str(port)}
    with spark_process(tmp_path, conf) as (server, url), criteo(monkeypatch, SPARK_REMOTE=url) as (address, caller):
        (tmp_path / "workspace").mkdir()
        shop = SparkShop(root=tmp_path / "workspace", url=address, criteo=caller, server=url)
        fill(shop)
        shop.write()
        shop.asks(ENDLESS)
        shop.settings["source"]["events"]["table"] = "shop.endless"
        with shop.start("apply", "--auto-approve", "--init-state") as process:
            until(lambda: jobs(f"http://127.0.0.1:{port}"), 120)
            server.kill()
            _, told = process.communicate(timeout=120)

        assert process.returncode == 1, told
        assert "The connection to Spark was lost." in told
        assert "See whether Spark is still up, then run again" in told
        assert "@example.com" not in told
        assert not shop.state.exists()
        assert shop.writes() == []
