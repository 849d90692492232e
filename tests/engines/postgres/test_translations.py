"""What Postgres answers to the vocabulary is what DuckDB answers."""

from __future__ import annotations

import pytest

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.postgres.engine import Postgres
from tests.engines.translations import CASES, answers


@pytest.mark.parametrize("case", CASES)
def test_it_says_the_same(case: str, engine: Postgres) -> None:
    """Value by value, over what texts, numbers and times people have."""
    with DuckDB([], []) as duckdb:
        expected = answers(duckdb, CASES[case])

    assert answers(engine, CASES[case]) == expected
