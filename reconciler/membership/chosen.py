"""Persons chosen by their keys: from a file of the workspace, or as a stable share of all."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path

from sqlglot import exp, select

from reconciler.errors import SourceInvalid
from reconciler.membership.csv_files import HeaderError, read_header
from reconciler.membership.engine import Engine
from reconciler.membership.files import at
from reconciler.membership.scopes import leaves_of
from reconciler.membership.source import Relations
from reconciler.membership.sql import Sql, alias, call, create, name, table, text
from reconciler.membership.values import Kind, as_number, as_text, whole_number
from reconciler.model.conditions import Keys, Sample
from reconciler.model.definition import Definition

BATCH = 50_000
_DIGITS = 8


def sampled(sample: Sample, key: Sql) -> Sql:
    """Whether the first digits of the SHA-256 of `seed:key` lie below the share. Digits of equal number compare as
    texts do.
    """
    below = math.ceil(sample.percent * (1 << 4 * _DIGITS) / Decimal(100))
    if below >= 1 << 4 * _DIGITS:
        return exp.true()
    hashed = call("sha256", exp.func("CONCAT", text(f"{sample.seed}:"), key))
    digits = exp.Substring(this=hashed, start=exp.Literal.number(1), length=exp.Literal.number(_DIGITS))
    return digits < text(f"{below:0{_DIGITS}x}")


def keys_table(file: str) -> str:
    """The table of the keys of a file."""
    return f"keys_{hashlib.sha256(file.encode()).hexdigest()[:12]}"


def take_key_files(
    engine: Engine,
    relations: Relations,
    root: Path,
    wanted: Iterable[Definition],
    earlier: Iterable[Definition] = (),
) -> None:
    """Make the table `keys_…(k)` of every file of keys: its column with the name of the key, or else its first.

    Raises SourceInvalid when one can't be read; one that only an earlier definition names may be gone.
    """
    needed = _files(wanted)
    customers = relations.source.customers
    for file, place in sorted({**_files(earlier), **needed}.items()):
        there = file in needed or (root / file).is_file()
        batches = _batches(root, file, place, customers.key) if there else iter(())
        _take(engine, keys_table(file), batches, relations.customers[customers.key].kind)


def _files(definitions: Iterable[Definition]) -> dict[str, str]:
    """The files of keys, each with the place that names it first, as messages begin."""
    leaves = (leaf for each in definitions for who in each.whos() for leaf in leaves_of(who.condition))
    found: dict[str, str] = {}
    for leaf in leaves:
        if isinstance(leaf, Keys):
            found.setdefault(leaf.file, at(leaf.place) if leaf.place else "")
    return found


def _take(engine: Engine, label: str, batches: Iterable[list[str]], kind: Kind) -> None:
    raw, written = f"{label}_raw", name("k")
    columns = [exp.ColumnDef(this=exp.to_identifier("k", quoted=True), kind=exp.DataType.build("TEXT"))]
    engine.run(exp.Create(this=exp.Schema(this=table(raw), expressions=columns), kind="TABLE"))
    for batch in batches:
        engine.take(raw, [batch])
    numeric = kind in (Kind.EXACT, Kind.FLOAT)
    key = exp.func("COALESCE", whole_number(as_number(written, Kind.TEXT), written), written) if numeric else written
    there = as_text(written, Kind.TEXT).is_(exp.null()).not_()
    engine.run(create(label, select(alias(key, "k")).distinct().from_(table(raw)).where(there)))


def _batches(root: Path, file: str, place: str, column: str) -> Iterator[list[str]]:
    told, path = f"{place}`{file}`", (root / file).resolve()
    if not path.is_relative_to(root.resolve()):
        raise _unreadable(told, "it leads out of the workspace")
    try:
        header = read_header(path)
        number = header.columns.index(column) if column in header.columns else 0
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as opened:
            lines = io.TextIOWrapper(io.BufferedReader(opened), encoding="utf-8-sig", newline="")
            rows = csv.reader(lines, delimiter=header.delimiter, strict=True)
            next(rows)
            while batch := [row[number] for row in islice(rows, BATCH) if len(row) > number]:
                yield batch
    except FileNotFoundError:
        raise _unreadable(told, "it is not there") from None
    except HeaderError as error:
        raise _unreadable(told, str(error)) from None
    except OSError as error:
        raise _unreadable(told, error.strerror or type(error).__name__) from None
    except (UnicodeDecodeError, EOFError, csv.Error):
        raise _unreadable(told, "it is broken, or not CSV in UTF-8") from None


def _unreadable(file: str, why: str) -> SourceInvalid:
    return SourceInvalid(
        "A file of keys can't be read.", f"{file}: {why}", "Put it where `keys` says; nothing was changed."
    )
