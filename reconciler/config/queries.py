"""`query: file.sql`: the file is found, read and held against the rules; what goes on is its text in one form."""

from __future__ import annotations

from reconciler.config import files
from reconciler.config.context import Context
from reconciler.config.nodes import Node
from reconciler.config.paths import read_one_file
from reconciler.config.problems import Problems


def read_query(node: Node, context: Context) -> str | None:
    """The query of a condition: it yields customer keys, and `:as_of` in it stands for the clock."""
    from reconciler.config.selects import of_condition  # noqa: PLC0415 - imports SQLGlot, which most workspaces need not

    text = _text(node, context)
    if text is None:
        return None
    checked = of_condition(text, context.outline.engine, context.outline.tables())
    return _told(node, checked.sql, checked.faults, context)


def read_table_query(node: Node, context: Context) -> str | None:
    """The query that stands for a declared table; on DuckDB it reads files of the workspace."""
    from reconciler.config.selects import of_table  # noqa: PLC0415 - as above

    text = _text(node, context)
    if text is None:
        return None
    checked = of_table(text, context.outline.engine)
    return _told(node, checked.sql, checked.faults, context)


def _told(node: Node, sql: str, faults: tuple[tuple[int, int, str], ...], context: Context) -> str | None:
    for line, column, message in faults:
        where = f":{line}:{column}" if line else ""
        context.problems.add(node, f"{node.raw}{where}: {message}")
    return None if faults else sql


def _text(node: Node, context: Context) -> str | None:
    """The text of the file, or None with a problem at the place that names it."""
    name = read_one_file(node, context.problems)
    if name is None:
        return None
    path = context.root / name
    if not path.exists():
        context.problems.add(node, f"there is no file `{files.display(path)}`")
        return None
    if not path.resolve().is_relative_to(context.root.resolve()):
        context.problems.add(node, "is a symbolic link that leaves the workspace")
        return None
    found = Problems()
    text = files.read(path, found)
    if text is None:
        context.problems.add(node, "; ".join(map(str, found.error().problems)))
    return text
