"""Trees to text: one vocabulary of functions, written as each engine says them.

Trees use SQLGlot's own nodes where it knows how every dialect writes them, and otherwise `call` with DuckDB's name of
the function; the tables of this package's `dialects` say what that is elsewhere.
"""

from __future__ import annotations

from reconciler.membership.sql import Sql


def write(tree: Sql, dialect: str, *, pretty: bool = False) -> str:
    """The text of a tree."""
    return tree.sql(dialect=dialect, pretty=pretty)
