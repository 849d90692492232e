"""Spark in both its shapes: a Connect server of the tests' own, and a Spark inside this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.membership.spark.engine import Spark
from reconciler.model.settings import EngineAccess, Secret
from tests.engines.spark.servers import catalog, spark_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Spark Connect server with a catalog that lasts."""
    folder = tmp_path_factory.mktemp("spark")
    with spark_server(folder, catalog(folder)) as url:
        yield url


@pytest.fixture(scope="module")
def remote(server: str) -> Iterator[Spark]:
    """The engine by Spark Connect."""
    with Spark("reconciler", EngineAccess(spark=Secret(server))) as opened:
        yield opened


@pytest.fixture(scope="module")
def local() -> Iterator[Spark]:
    """The engine in this process, whose catalog forgets its tables."""
    with Spark("reconciler", EngineAccess(), master="local[2]") as opened:
        yield opened
