"""CSV files, read by their own header and never guessed: a row that does not fit is an error, not a surprise."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp, select

from reconciler.membership.sql import Sql, alias, call, name, text, together

DELIMITERS = (",", ";", "\t", "|")


class HeaderError(Exception):
    """The first line of a CSV file does not name its columns; the message says why."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a CSV file."""

    delimiter: str
    columns: tuple[str, ...]


def read_header(path: Path) -> Header:
    """The delimiter is the one that cuts the first line into most columns. Raises HeaderError, OSError."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            line = file.readline(1 << 20).decode("utf-8-sig").rstrip("\r\n")
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile):
        raise HeaderError("its first line is not UTF-8 text") from None
    if not line.strip():
        raise HeaderError("it is empty")
    columns, delimiter = max((_cut(line, each), each) for each in DELIMITERS)
    names = next(csv.reader([line], delimiter=delimiter, strict=False))
    if not all(map(str.strip, names)):
        raise HeaderError("its first line leaves a column without a name")
    if len(set(names)) < columns:
        raise HeaderError("its first line names a column twice")
    return Header(delimiter, tuple(names))


def _cut(line: str, delimiter: str) -> int:
    return len(next(csv.reader([line], delimiter=delimiter, strict=False)))


def scan_csv(paths: Sequence[Path], headers: Sequence[Header]) -> exp.Select:
    """All rows of all files as text; a column that some file lacks is NULL there."""
    columns = tuple(dict.fromkeys(column for header in headers for column in header.columns))
    alike: dict[Header, list[Path]] = {}
    for path, header in zip(paths, headers, strict=True):
        alike.setdefault(header, []).append(path)
    parts = [_scan_alike(header, found, columns) for header, found in alike.items()]
    return select("*").from_(together(parts).subquery("files"))


def _scan_alike(header: Header, paths: Sequence[Path], columns: Sequence[str]) -> exp.Select:
    own = set(header.columns)
    told = [name(c) if c in own else alias(exp.cast(exp.null(), "TEXT"), c) for c in columns]
    return select(*told).from_(_reader(header, paths))


def _reader(header: Header, paths: Sequence[Path]) -> Sql:
    types = [exp.PropertyEQ(this=text(column), expression=text("VARCHAR")) for column in header.columns]
    options = {
        "columns": exp.Struct(expressions=types),
        "delim": text(header.delimiter),
        "quote": text('"'),
        "escape": text('"'),
        "header": exp.true(),
        "auto_detect": exp.false(),
        "strict_mode": exp.true(),
    }
    files = exp.Array(expressions=[text(str(path)) for path in paths])
    named = [exp.EQ(this=exp.column(key), expression=value) for key, value in options.items()]
    return call("read_csv", files, *named)
