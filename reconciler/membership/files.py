"""The declared files of a source: found inside the workspace, read as what their names say they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlglot import exp, select

from reconciler.errors import Problem, SourceInvalid
from reconciler.membership.csv_files import Header, HeaderError, read_header, scan_csv
from reconciler.membership.sql import Sql, call, text
from reconciler.model.nearest import suggested
from reconciler.model.settings import Place, Table

FORMATS = {".parquet": "parquet", ".csv": "csv", ".json": "json", ".ndjson": "json", ".jsonl": "json"}


_WILD = frozenset("*?[")
"""The engine would take a name with one of these for a pattern."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """The files behind a declared table, sorted, all of one format (`parquet`, `csv` or `json`)."""

    table: Table
    paths: tuple[Path, ...]
    format: str

    def scan(self) -> exp.Select:
        """All rows of all files; of text formats every column is text. Raises SourceInvalid for a bad header."""
        if self.format == "csv":
            return scan_csv(self.paths, [self._header(path) for path in self.paths])
        return select("*").from_(_reader(self.format, self.paths))

    def each(self) -> Iterator[Files]:
        """Every file by itself."""
        return (replace(self, paths=(path,)) for path in self.paths)

    def _header(self, path: Path) -> Header:
        try:
            return read_header(path)
        except HeaderError as error:
            raise self.unreadable(f"`{path.name}`: {error}") from None
        except OSError as error:
            raise self.unreadable(f"`{path.name}`: {error.strerror or type(error).__name__}") from None

    def unreadable(self, detail: str) -> SourceInvalid:
        """An error about a file that can't be read."""
        return self.refuse("A source can't be read.", detail, "Export it again; nothing was changed.")

    def refuse(self, summary: str, detail: str, hint: str) -> SourceInvalid:
        """An error that names the place in the YAML."""
        return _refused(self.table, summary, detail, hint)


def told(place: Place, message: str) -> Problem:
    """A problem of the source at the place in the YAML that asks for what is not there."""
    return Problem(place.file, place.line, place.column, place.path, message, suggested(message))


def at(place: Place) -> str:
    """`file:line:column: path: `, as every message about the YAML begins."""
    return f"{place.file}:{place.line}:{place.column}: {place.path}: "


def find(root: Path, table: Table) -> Files:
    """Resolve a declared file or glob. Raises SourceInvalid when nothing is there, or it lies outside the workspace."""
    paths = tuple(sorted(path for path in root.glob(table.name) if path.is_file()))
    if not paths:
        raise _refused(
            table,
            "A source has no file.",
            f"nothing matches `{table.name}`",
            "Check the path; it is relative to the workspace.",
        )
    base = root.resolve()
    if not all(path.resolve().is_relative_to(base) for path in paths):
        raise _refused(
            table,
            "A source lies outside the workspace.",
            f"`{table.name}` leads out of it",
            "Move the data below the workspace.",
        )
    if odd := next((path for path in paths if _WILD.intersection(str(path.resolve()))), None):
        raise _refused(
            table,
            "A source's file can't be read under its name.",
            f"`{odd.relative_to(root)}` or a folder above it has `*`, `?` or `[` in its name, which stand for others",
            "Rename it.",
        )
    formats = {_format(path) for path in paths}
    if len(formats) != 1 or None in formats:
        raise _refused(
            table,
            "A source is of no known format.",
            f"`{table.name}`",
            "Use .parquet, .csv or .json files (text may be .gz), one format a table.",
        )
    return Files(table=table, paths=tuple(path.resolve() for path in paths), format=formats.pop() or "")


def is_file_name(table: str) -> bool:
    """Whether the name of a table is that of a file."""
    return _format(Path(table)) is not None


def _refused(table: Table, summary: str, detail: str, hint: str) -> SourceInvalid:
    return SourceInvalid(summary, hint=hint, problems=(told(table.place, detail),))


def _format(path: Path) -> str | None:
    suffixes = path.suffixes[-2:]
    packed = suffixes[-1:] == [".gz"] and FORMATS.get(suffixes[0]) != "parquet"
    return FORMATS.get(suffixes[0] if packed else path.suffix)


def _reader(kind: str, paths: tuple[Path, ...]) -> Sql:
    files = exp.Array(expressions=[text(str(path)) for path in paths])
    if kind == "parquet":
        return _option_call("read_parquet", files, union_by_name=exp.true())
    # A key that only a late row has is a column as well: all rows are looked at, not a sample of them.
    every, depth = exp.Literal.number(-1), exp.Literal.number(1)
    return _option_call("read_json", files, maximum_depth=depth, sample_size=every, union_by_name=exp.true())


def _option_call(function: str, files: Sql, **options: Sql) -> Sql:
    named = [exp.EQ(this=exp.column(key), expression=value) for key, value in options.items()]
    return call(function, files, *named)
