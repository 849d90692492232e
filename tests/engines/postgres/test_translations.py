"""What Postgres answers to the vocabulary is what DuckDB answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlglot import exp, select

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.postgres.engine import Postgres
from reconciler.membership.sql import call, text
from reconciler.model.settings import Secret
from tests.engines.postgres import server
from tests.engines.translations import CASES, JSON_CASES, answers


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Postgres]:
    """One for all: each case makes its table anew."""
    with Postgres(Secret(server.url(folder)), "translations") as opened:
        yield opened


EVERY = CASES | JSON_CASES


@pytest.mark.parametrize("case", EVERY)
def test_it_says_the_same(case: str, engine: Postgres) -> None:
    """Value by value, over what texts, numbers and times people have."""
    with DuckDB([], []) as duckdb:
        expected = answers(duckdb, EVERY[case])

    assert answers(engine, EVERY[case]) == expected


def test_a_text_of_json_that_postgres_cannot_hold(engine: Postgres) -> None:
    """An escaped NUL is no reason to fail."""
    value = exp.cast(text(r'"a\u0000b"'), "JSON")

    found = engine.rows(select(call("json_extract_string", value, text("$"))))

    assert found == [(r'"a\u0000b"',)]
