"""A first look at files that no workspace declares yet. Only shares leave the engine, and the names of events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp, select

from reconciler.errors import EngineFailed, SourceInvalid
from reconciler.membership.addresses import USUAL
from reconciler.membership.columns import as_declared, is_nested, stored_as
from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.engine import Engine
from reconciler.membership.files import at, find
from reconciler.membership.sql import (
    Sql,
    alias,
    call,
    create,
    filtered,
    name,
    negated,
    one_of,
    table,
    text,
)
from reconciler.membership.tables import Declared, blame, describe
from reconciler.membership.values import FALSE_WORDS, TRUE_WORDS, Kind, as_text
from reconciler.model.look import ColumnLook, TableLook
from reconciler.model.settings import Place, Table

SAMPLE = 100_000
"""The rows by which a column is judged."""
MOST_KINDS = 60
"""A column with more values than this does not name events."""
_NOWHERE = Place(file="--from", line=1, column=1, path="data")
_COUNT = exp.func("COUNT", exp.Star())
_STORED = {Kind.TEXT: "text", Kind.EXACT: "number", Kind.FLOAT: "number", Kind.BOOLEAN: "boolean", Kind.TIME: "time"}
_PATTERNS = {
    "emails": f"[ \t]*{USUAL}[ \t]*",
    "sha256": "[ \t]*[0-9A-Fa-f]{64}[ \t]*",
    "md5": "[ \t]*[0-9A-Fa-f]{32}[ \t]*",
    "phones": "[ \t']*([+]|00)?[(]?[0-9][0-9 ()./-]{6,18}[0-9][ \t]*",
    "full_phones": "[ \t']*([+]|00)[(]?[0-9][0-9 ()./-]{6,18}[0-9][ \t]*",
    "local_dates": "[ \t]*[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}([ ,T].*)?",
    "dated": "[ \t]*[0-9]{4}-[0-9]{2}-[0-9]{2}.*",
    "epochs": "[ \t]*1[0-9]{9}([0-9]{3})?([.][0-9]+)?[ \t]*",
}


@dataclass(frozen=True, slots=True)
class Looker:
    """Files that were looked at, still open for questions about their columns."""

    tables: tuple[TableLook, ...]
    engine: Engine

    def is_key(self, of: TableLook, column: str) -> bool:
        """Whether every row has a value of its own there."""
        value = name(column)
        found = select(exp.func("COUNT", value), exp.Count(this=exp.Distinct(expressions=[value])))
        filled, distinct = self.engine.rows(found.from_(self._relation(of)))[0]
        return bool(filled == distinct == of.rows)

    def repeats(self, of: TableLook, column: str) -> bool:
        """Whether a value stands in several rows, however it is written."""
        value = exp.Lower(this=exp.Trim(this=exp.cast(name(column), "TEXT")))
        found = select(exp.func("COUNT", value), exp.Count(this=exp.Distinct(expressions=[value])))
        filled, distinct = self.engine.rows(found.from_(self._relation(of)))[0]
        return bool(distinct < filled)

    def known(self, of: TableLook, column: str, customers: TableLook, key: str) -> float:
        """The share of rows whose value there is the key of a customer."""
        keys = select(exp.cast(name(key), "TEXT")).from_(self._relation(customers))
        there = exp.In(this=exp.cast(name(column), "TEXT"), query=keys.subquery())
        filled, known = self.engine.rows(
            select(exp.func("COUNT", name(column)), filtered(_COUNT.copy(), there)).from_(self._relation(of))
        )[0]
        return known / filled if filled else 0.0

    def kinds(self, of: TableLook, column: str) -> dict[str, int]:
        """Every value with its number of rows, the most frequent first; nothing where they are too many for kinds."""
        word = exp.cast(name(column), "TEXT")
        rows: list[tuple[str, int]] = self.engine.rows(
            select(alias(word, "w"), alias(_COUNT.copy(), "n"))
            .from_(self._relation(of))
            .where(negated(name(column).is_(exp.null())))
            .group_by(word.copy())
            .order_by(name("n").desc(), name("w"))
            .limit(MOST_KINDS + 1)
        )
        return dict(rows) if len(rows) <= MOST_KINDS else {}

    def newest(self, of: TableLook, time: str, kind: str | None, until: dt.datetime) -> dict[str, dt.datetime]:
        """The time of the newest event of each kind (`*`: of any) that is not after `until`, in UTC."""
        moment = _moment(name(time))
        word = exp.cast(name(kind), "TEXT") if kind else text("*")
        limit = exp.cast(text(until.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")), "TIMESTAMP")
        rows = self.engine.rows(
            select(alias(word, "w"), exp.Max(this=moment))
            .from_(self._relation(of))
            .where(moment.copy() <= limit)
            .group_by(word.copy())
        )
        found = {str(word): moment.replace(tzinfo=dt.UTC) for word, moment in rows if word is not None}
        return found | ({"*": max(found.values())} if found else {})

    def _relation(self, of: TableLook) -> exp.Table:
        return table(f"looked_{self.tables.index(of)}")


@contextmanager
def looking(root: Path, names: Sequence[str]) -> Iterator[Looker]:
    """Look at files below a folder. Raises SourceInvalid for what can't be read, EngineFailed when the engine can't."""
    declared = [_declared(root, each) for each in names]
    with DuckDB([path for each in declared for path in each.paths], ()) as engine:
        try:
            found = tuple(_looked(engine, number, each) for number, each in enumerate(declared))
            yield Looker(found, engine)
        except EngineFailed:
            with _plainly():
                blame(engine, declared)
            raise


@contextmanager
def _plainly() -> Iterator[None]:
    """Messages of the source speak of a place in the YAML, which there is not yet."""
    try:
        yield
    except SourceInvalid as error:
        raise SourceInvalid(error.summary, error.detail.replace(at(_NOWHERE), ""), error.hint) from None


def _declared(root: Path, label: str) -> Declared:
    with _plainly():
        files = find(root, Table(name=label, place=_NOWHERE))
        return Declared(table=files.table, rows=files.scan(), files=(files,), stays=files.format == "parquet")


def _looked(engine: Engine, number: int, declared: Declared) -> TableLook:
    with _plainly():
        types = {column: stored for column, stored in describe(engine, declared).items() if not is_nested(stored)}
    single = {column: stored for column, stored in types.items() if not stored_as(stored).is_list}
    rows = declared.rows.subquery("declared")
    values = [alias(_value(column, stored), column) for column, stored in single.items()]
    relation = f"looked_{number}"
    query = select(*values, *([] if values else [exp.Star()])).from_(rows)
    stays = exp.Create(this=table(relation), kind="VIEW", expression=query)
    engine.run(stays if declared.stays else create(relation, query))
    total = int(engine.rows(select(_COUNT.copy()).from_(table(relation)))[0][0])
    sample = select("*").from_(table(relation)).limit(SAMPLE).subquery("sample")
    columns = tuple(_column(engine, sample, column, stored) for column, stored in single.items())
    return TableLook(name=declared.table.name, rows=total, sampled=min(total, SAMPLE), columns=columns)


def _value(column: str, stored: str) -> Sql:
    """A column as it is declared, blank text as missing."""
    value, kind = as_declared(column, stored), stored_as(stored).kind
    return as_text(value, kind) if kind is Kind.TEXT else value


def _column(engine: Engine, sample: exp.Subquery, column: str, stored: str) -> ColumnLook:
    kind = stored_as(stored).kind
    value = name(column)
    asked: dict[str, Sql] = {
        "filled": exp.func("COUNT", value),
        "distinct": exp.Count(this=exp.Distinct(expressions=[value])),
    }
    if kind is Kind.TEXT:
        asked |= {label: _matching(value, pattern) for label, pattern in _PATTERNS.items()}
        asked["moments"] = exp.func("COUNT", _moment(value))
        asked["words"] = filtered(_COUNT.copy(), one_of(exp.Lower(this=value), (*TRUE_WORDS, *FALSE_WORDS)))
    elif kind is Kind.EXACT:
        written = exp.cast(value, "TEXT")
        asked |= {label: _matching(written, _PATTERNS[label]) for label in ("phones", "epochs")}
        asked["words"] = filtered(_COUNT.copy(), one_of(written, ("0", "1")))
    found = engine.rows(select(*(alias(each, label) for label, each in asked.items())).from_(sample.copy()))[0]
    counts = dict(zip(asked, map(int, found), strict=True))
    return ColumnLook(name=column, stored=_STORED.get(kind, "other"), **counts)


def _matching(value: Sql, pattern: str) -> Sql:
    return filtered(_COUNT.copy(), call("regexp_full_match", value.copy(), text(pattern)))


def _moment(value: Sql) -> Sql:
    """A time as events have it."""
    return exp.cast(exp.TryCast(this=value, to=exp.DataType.build("TIMESTAMPTZ")), "TIMESTAMP")
