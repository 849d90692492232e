"""Declared tables, whatever they are: files of the workspace, a table of the engine, or the rows of a query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import sqlglot
from sqlglot import exp, select

from reconciler.errors import EngineFailed, EngineUnavailable, SourceInvalid
from reconciler.membership.dialects.rules import as_written
from reconciler.membership.engine import Engine
from reconciler.membership.files import Files, find, is_file_name, told
from reconciler.membership.sql import name
from reconciler.model.settings import Events, Source, Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """A declared table: the query of all its rows, and the files that are read for it.

    `stays` says that its rows may be read again and again where they are; else they are computed once.
    """

    table: Table
    rows: exp.Query
    files: tuple[Files, ...] = ()
    stays: bool = True

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file that has to be readable."""
        return tuple(path for each in self.files for path in each.paths)


def owners(source: Source) -> dict[str, Events]:
    """The sources of events by the name that messages have for them: `events`, or of several `events[0]` and so on."""
    if len(source.events) == 1:
        return {"events": source.events[0]}
    return {f"events[{number}]": each for number, each in enumerate(source.events)}


def declare(root: Path, source: Source) -> dict[str, Declared]:
    """Find every table of a source. Raises SourceInvalid for files that are not there or lie outside the workspace."""
    tables = {"customers": source.customers.table, **{owner: each.table for owner, each in owners(source).items()}}
    return {owner: _declared(root, each, source.engine) for owner, each in tables.items()}


def _declared(root: Path, table: Table, engine: str) -> Declared:
    if table.query is not None:
        return _query(root, table, engine)
    if engine != "duckdb":
        rows = select("*").from_(exp.to_table(table.name, dialect=engine))
        return Declared(table=table, rows=rows)
    files = find(root, table)
    return Declared(table=table, rows=files.scan(), files=(files,), stays=files.format == "parquet")


def _query(root: Path, table: Table, engine: str) -> Declared:
    """The files that a query of DuckDB names as tables are read as a declared file would be."""
    tree = sqlglot.parse_one(table.query or "", dialect=engine)
    if not isinstance(tree, exp.Query):
        problem = told(table.place, f"`{table.name}`")
        raise SourceInvalid("A query is not one.", hint="Write one SELECT.", problems=(problem,))
    named = [each for each in tree.find_all(exp.Table) if engine == "duckdb" and is_file_name(each.name)]
    found = [find(root, replace(table, name=each.name)) for each in named]
    for node, files in zip(named, found, strict=True):
        node.replace(files.scan().subquery(exp.to_identifier(node.alias or Path(node.name).stem, quoted=True)))
    return Declared(table=table, rows=as_written(tree), files=tuple(found), stays=False)


def describe(engine: Engine, declared: Declared) -> dict[str, str]:
    """The columns of a table with their types. Raises SourceInvalid when it can't be read, EngineUnavailable when the
    engine is not there to tell.
    """
    try:
        return dict(engine.describe(declared.rows))
    except EngineUnavailable:
        raise
    except EngineFailed as error:
        blame(engine, [declared])
        raise _unfit(declared) from error


def _unfit(declared: Declared) -> SourceInvalid:
    place, label = declared.table.place, declared.table.name
    if declared.table.query is not None:
        return SourceInvalid(
            "A source can't be read.",
            hint="Run it by hand and mend it; it sees what the engine lets us see.",
            problems=(told(place, f"the query of `{label}` can't be run"),),
        )
    if not declared.files:
        return SourceInvalid(
            "A source can't be read.",
            hint="Check the name and the rights.",
            problems=(told(place, f"the engine has no table `{label}`, or does not let us read it"),),
        )
    return _unlike(declared.files[0], "")


def _unlike(files: Files, why: str) -> SourceInvalid:
    detail = f"the files of `{files.table.name}` do not fit together{why}"
    return files.refuse("A source can't be read.", detail, "Give each column one type in all of them.")


def blame(engine: Engine, declared: Iterable[Declared]) -> None:
    """After the engine failed: read each file by itself and raise SourceInvalid for the first that is not whole, or
    else for those that are not alike.
    """
    every = [files for table in declared for files in table.files]
    for one in (one for files in every for one in files.each()):
        if (why := _fault(engine, one)) is not None:
            raise one.unreadable(f"`{one.paths[0].name}` {why}")
    for files in every:
        if len(files.paths) > 1 and _fault(engine, files) is not None:
            raise _unlike(files, _difference(engine, files))


def _difference(engine: Engine, files: Files) -> str:
    """The first column that is not of one type in all files."""
    first: dict[str, tuple[str, str]] = {}
    for one in files.each():
        path = one.paths[0].name
        for column, kind in engine.describe(one.scan()).items():
            there, known = first.setdefault(column, (path, kind))
            if known != kind:
                return f": `{column}` is {known} in `{there}` and {kind} in `{path}`"
    return ""


def _fault(engine: Engine, one: Files) -> str | None:
    try:
        counts = [exp.func("COUNT", name(column)) for column in engine.describe(one.scan())]
        engine.rows(select(*counts).from_(one.scan().subquery("one")))
    except EngineUnavailable:
        raise
    except EngineFailed as error:
        return f"is broken at line {error.line}" if error.line else "is broken, or not what its name says"
    return None
