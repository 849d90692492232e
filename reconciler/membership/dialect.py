"""Trees to text: one vocabulary of functions, written as each engine says them.

Trees use SQLGlot's own nodes where it knows how every dialect writes them, and otherwise `call` with DuckDB's name of
the function; the tables of the package `dialects` say what that is elsewhere. Whether some element of a list meets a
condition is `list_bool_or(list_transform(list, lambda))`, where the condition is never NULL.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reconciler.membership.dialects.bigquery import BIGQUERY
from reconciler.membership.dialects.postgres import POSTGRES
from reconciler.membership.dialects.rules import Dialect, rewritten
from reconciler.membership.dialects.snowflake import SNOWFLAKE
from reconciler.membership.dialects.spark import SPARK
from reconciler.membership.sql import Sql

DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {"bigquery": BIGQUERY, "postgres": POSTGRES, "snowflake": SNOWFLAKE, "spark": SPARK}
)
"""The vocabulary is DuckDB's own, so that it needs no table."""


def write(tree: Sql, dialect: str, *, pretty: bool = False) -> str:
    """The text of a tree."""
    said = DIALECTS.get(dialect)
    own = rewritten(tree, said) if said else tree.copy()
    return own.sql(dialect=dialect, pretty=pretty, copy=False)
