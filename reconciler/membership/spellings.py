"""What Python normalises for the engine: each spelling once a run, in batches, into a table `(raw, e, r)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from sqlglot import exp, select

from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column, as_written, is_ascii
from reconciler.membership.normalise import Verdict, read_email
from reconciler.membership.phones import read_phone
from reconciler.membership.sql import Sql, integer, name, negated, table

BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Spellings:
    """A table of spellings: what is read into it, and how."""

    table: str
    condition: Sql
    read: Callable[[str], Verdict]


def spellings_of(column: Column) -> Spellings | None:
    """The table that a column needs: of addresses for what is not ASCII, of telephone numbers for all."""
    if column.hashed:
        return None
    if column.type == "email":
        return Spellings("odd", negated(is_ascii(as_written(column))), read_email)
    there = negated(as_written(column).is_(exp.null()))
    return Spellings(f"phones_{(column.region or 'abroad').lower()}", there, partial(read_phone, region=column.region))


def read_spellings(engine: Engine, column: Column, of: str) -> None:
    """Normalise what a column holds and is not known yet."""
    needed = spellings_of(column)
    if needed is None:
        return
    if not engine.has(needed.table):
        columns = [_text_column(each) for each in ("raw", "e", "r")]
        engine.run(exp.Create(this=exp.Schema(this=table(needed.table), expressions=columns), kind="TABLE"))
    raw = as_written(column)
    known = select(integer(1)).from_(table(needed.table).as_("s")).where(name("raw", "s").eq(raw))
    query = select(raw).distinct().from_(table(of)).where(needed.condition, negated(exp.Exists(this=known)))
    for batch in engine.stream(query, BATCH):
        engine.take(needed.table, normalised(needed.read, [row[0] for row in batch]))


def _text_column(label: str) -> exp.ColumnDef:
    return exp.ColumnDef(this=exp.to_identifier(label, quoted=True), kind=exp.DataType.build("TEXT"))


def normalised(read: Callable[[str], Verdict], raw: Iterable[str]) -> list[list[str | None]]:
    """The columns of a table of spellings."""
    rows = [(each, *read(each)) for each in raw]
    return [[row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]]
