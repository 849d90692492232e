"""The tables of what other engines say otherwise: nothing that is asked of an engine is missing from its table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp, select

from reconciler.membership import dialect
from reconciler.membership.dialect import DIALECTS, write
from reconciler.membership.dialects.rules import as_written
from reconciler.membership.sql import alias, call, create, name, text

ROOM = Path(dialect.__file__).parent
WRITTEN = [label for label, table in DIALECTS.items() if table.functions]


def called() -> Iterator[tuple[str, str]]:
    """Yield every function that a tree of the package names by itself, with its module."""
    for path in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                function, made = str(node.args[0].value), ast.unparse(node.func)
                unknown = made == "exp.func" and function.upper() not in exp.FUNCTION_BY_NAME
                if unknown or made in ("call", "sql.call", "_option_call"):
                    yield path.name, function


def test_the_package_names_functions() -> None:
    """The search finds what is known to be there, by either way of naming it."""
    assert {"list_extract", "HASH", "sha256"} <= {function for _, function in called()}


@pytest.mark.parametrize("label", WRITTEN)
def test_every_function_has_a_translation(label: str) -> None:
    """A function that is added to a tree must be given its meaning on every engine."""
    missing = {f"{module}: {function}" for module, function in called() if not DIALECTS[label].knows(function)}

    assert missing == set()


def test_the_tree_itself_stays() -> None:
    """Writing for one engine does not change what another engine is given."""
    tree = select(alias(call("strlen", name("x")), "n")).from_("t")

    write(tree, "postgres")

    assert write(tree, "duckdb") == 'SELECT STRLEN("x") AS "n" FROM t'


def test_rules_reach_the_root_and_what_is_nested() -> None:
    """A function is translated wherever it stands, also inside another that is."""
    nested = call("regexp_full_match", call("md5", call("unhex", text("00"))), text("a.c"))

    assert write(nested, "postgres") == r"""MD5(DECODE('00', 'hex')) ~ '^(?:a[^\n]c)$'"""
    assert write(call("strlen", name("x")), "postgres") == 'OCTET_LENGTH("x")'


def test_a_users_own_query_is_left_alone() -> None:
    """What somebody wrote for the engine is in its words already, whatever the functions are called."""
    query = sqlglot.parse_one("SELECT strlen(a) AS k FROM (SELECT upper(b) AS a FROM t) AS s", read="postgres")
    assert isinstance(query, exp.Query)

    written = write(create("mine", as_written(query)), "postgres")

    assert written == "CREATE UNLOGGED TABLE mine AS SELECT STRLEN(a) AS k FROM (SELECT UPPER(b) AS a FROM t) AS s"
