from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp, select

from reconciler.membership.columns import kind_of, stored_as
from reconciler.membership.comparisons import number_satisfies, satisfies
from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.sql import filtered, name, table
from reconciler.membership.values import Kind, Stored, unreadable
from reconciler.model.conditions import Comparison, Scalar
from reconciler.model.conditions import Test as ColumnTest
from tests.membership import pools, strategies
from tests.membership.brute_values import satisfied
from tests.membership.conftest import Fill
from tests.membership.worlds import AS_OF, number

TYPES = {
    "varchar": [*pools.MESSY, *pools.OTHERS, *pools.WORDS, "1e3", "+5", " 7 ", "\u2003", "99", "nan"],
    "double": [None, "0.1", "0.3", "1", "0", "2", "12.5", "100"],
    "integer": [None, "0", "1", "2", "100", "-3"],
    "decimal(10,2)": [None, "0.10", "1.00", "0.00", "12.50"],
    "boolean": [None, "true", "false"],
}
quietly = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def met(engine: DuckDB, fill: Fill, stored: str, values: list[str | None], *comparisons: Comparison) -> list[bool]:
    """Which of some values of a column meet comparisons."""
    fill("v", {"n": "integer", "x": stored}, list(enumerate(values)))
    condition = satisfies(ColumnTest("x", comparisons), stored_as(_described(engine)), name("x"), AS_OF)
    return [row[0] for row in engine.rows(select(condition).from_(table("v")).order_by(name("n")))]


def _described(engine: DuckDB) -> str:
    return str(engine._connection.execute("describe v").fetchall()[1][1])


def _as_read(engine: DuckDB) -> list[object]:
    return [row[0] for row in engine._connection.execute("select x from v order by n").fetchall()]


@quietly
@given(
    stored=st.sampled_from(sorted(TYPES)),
    comparisons=st.lists(strategies.comparisons(), min_size=1, max_size=3, unique_by=lambda each: each.operator),
)
def test_every_comparison_holds_for_whom_the_language_says(
    engine: DuckDB, fill: Fill, stored: str, comparisons: list[Comparison]
) -> None:
    """Any comparisons on any kind of column equal the rule in plain Python."""
    values = [value for value in TYPES[stored] if value != "1e3"]
    told = met(engine, fill, stored, values, *comparisons)
    assert told == [satisfied([value], comparisons, AS_OF) for value in _as_read(engine)]


@pytest.mark.parametrize(
    ("stored", "value", "literal"),
    [
        ("varchar", "5", Decimal(5)),
        ("varchar", "05.0", Decimal(5)),
        ("varchar", " 5 ", Decimal(5)),
        ("double", "0.1", number("0.1")),
        ("float", "19.99", number("19.99")),
        ("decimal(10,2)", "5.00", Decimal(5)),
        ("ubigint", "5", Decimal(5)),
        ("varchar", "Y", True),
        ("varchar", "FALSE", False),
        ("integer", "1", True),
        ("double", "0", False),
        ("integer", "5", "5"),
        ("boolean", "true", "true"),
    ],
)
def test_the_literal_decides_how_a_value_is_read(
    engine: DuckDB, fill: Fill, stored: str, value: str, literal: Scalar
) -> None:
    """A number meets numbers however they are stored, a boolean their words, a text their letters."""
    assert met(engine, fill, stored, [value], Comparison("is", (literal,))) == [True]


@pytest.mark.parametrize("value", ["abc", "", "  ", "\u00a0", "1_0", "12,5", "NaN", "Infinity", None])
@pytest.mark.parametrize("operator", ["is", "not", "at_least", "at_most", "more_than", "less_than"])
def test_what_is_no_number_satisfies_no_comparison_with_one(
    engine: DuckDB, fill: Fill, value: str | None, operator: str
) -> None:
    """Missing values and other words meet neither `is` nor `not` nor a bound."""
    comparison = Comparison(operator, (Decimal(0),))  # type: ignore[arg-type]  # the names are those of Operator
    assert met(engine, fill, "varchar", [value], comparison) == [False]


@pytest.mark.parametrize(
    ("value", "there"), [(None, False), ("", False), (" \t\u3000\x1f", False), ("-", True), (" a", True)]
)
def test_blank_text_is_missing(engine: DuckDB, fill: Fill, value: str | None, there: bool) -> None:
    """`exists` looks through white space of any sort."""
    assert met(engine, fill, "varchar", [value], Comparison("exists", (True,))) == [there]
    assert met(engine, fill, "varchar", [value], Comparison("exists", (False,))) == [not there]


@pytest.mark.parametrize(("operator", "holds"), [("at_most", True), ("at_least", False), ("is", False), ("not", True)])
def test_a_literal_beyond_any_number_is_no_failure(engine: DuckDB, fill: Fill, operator: str, holds: bool) -> None:
    """Beyond twenty digits every value is smaller."""
    comparison = Comparison(operator, (Decimal("1e30"),))  # type: ignore[arg-type]  # the names are those of Operator
    assert met(engine, fill, "varchar", ["5"], comparison) == [holds]


@pytest.mark.parametrize("literal", ["1E+2", "100", "100.0"])
def test_a_sum_is_compared_exactly(engine: DuckDB, fill: Fill, literal: str) -> None:
    """A hair below a hundred is not a hundred, however the literal is written."""
    fill("v", {"n": "integer", "x": "decimal(38,18)"}, [(0, "99.999999999999999999"), (1, "100")])
    condition = number_satisfies((Comparison("at_least", (Decimal(literal),)),), name("x"))
    assert engine.rows(select(condition).from_(table("v")).order_by(name("n"))) == [(False,), (True,)]


@pytest.mark.parametrize(
    ("stored", "literal", "count"),
    [
        ("varchar", Decimal(1), 2),
        ("varchar", True, 2),
        ("varchar", "1", None),
        ("integer", Decimal(1), None),
        ("integer", True, 1),
    ],
)
def test_what_can_not_be_read_is_counted(
    engine: DuckDB, fill: Fill, stored: str, literal: Scalar, count: int | None
) -> None:
    """Values that are there and cannot be cast, but not those that are missing."""
    values = ["1", "abc", " ", None, "12,5"] if stored == "varchar" else ["1", "7", None]
    fill("v", {"n": "integer", "x": stored}, list(enumerate(values)))
    test = unreadable(name("x"), stored_as(_described(engine)), literal)
    if count is None:
        assert test is None
    else:
        assert test is not None
        assert engine.rows(select(filtered(_count(), test)).from_(table("v"))) == [(count,)]


def _count() -> Any:
    return exp.func("COUNT", exp.Star())


@pytest.mark.parametrize(
    ("stored", "kind"),
    [
        ("VARCHAR", Kind.TEXT),
        ("HUGEINT", Kind.EXACT),
        ("DECIMAL(10,2)", Kind.EXACT),
        ("FLOAT", Kind.FLOAT),
        ("TIMESTAMP WITH TIME ZONE", Kind.TIME),
        ("DATE", Kind.TIME),
        ("VARCHAR[]", Kind.OTHER),
        ("TIMESTAMP[]", Kind.OTHER),
        ("STRUCT(a INTEGER)", Kind.OTHER),
    ],
)
def test_types_have_kinds(stored: str, kind: Kind) -> None:
    """The engine's type names are sorted by how their values are compared."""
    assert kind_of(stored) is kind


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("VARCHAR", Stored(Kind.TEXT)),
        ("VARCHAR[]", Stored(Kind.TEXT, is_list=True)),
        ("DECIMAL(10,2)[]", Stored(Kind.EXACT, is_list=True)),
        ("TIMESTAMP[]", Stored(Kind.TIME, is_list=True)),
        ("VARCHAR[][]", Stored(Kind.OTHER, is_list=True)),
    ],
)
def test_lists_are_told_by_their_elements(stored: str, told: Stored) -> None:
    """One list deep; what is nested deeper has no values to compare."""
    assert stored_as(stored) == told
