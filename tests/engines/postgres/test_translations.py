"""What Postgres answers to the vocabulary is what DuckDB answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.postgres.engine import Postgres
from reconciler.model.settings import Secret
from tests.engines.postgres import server
from tests.engines.translations import CASES, answers


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Postgres]:
    """One for all: each case makes its table anew."""
    with Postgres(Secret(server.url(folder)), "translations") as opened:
        yield opened


@pytest.mark.parametrize("case", CASES)
def test_it_says_the_same(case: str, engine: Postgres) -> None:
    """Value by value, over what texts, numbers and times people have."""
    with DuckDB([], []) as duckdb:
        expected = answers(duckdb, CASES[case])

    assert answers(engine, CASES[case]) == expected
