"""The source as the engine sees it: two relations, `customers` and `events`, with checked columns of known kinds."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.errors import EngineFailed, SourceInvalid
from reconciler.membership.engine import Engine
from reconciler.membership.files import Files, as_declared, at, labelled
from reconciler.membership.sql import Sql, alias, create, name, table, when
from reconciler.membership.values import Kind, Stored, as_text
from reconciler.model.settings import Events, Place, Source

Columns = Mapping[tuple[str, str], Place]


def label(column: str) -> str:
    """The name of a user's column in our relations; `k`, `kind`, `t` and `c` are ours."""
    return f"x {column}"


def first_events(source: Source) -> Events | None:
    """The source of events, where there is one."""
    return source.events[0] if source.events else None


def source_columns(source: Source) -> dict[tuple[str, str], Place]:
    """The columns that `source` itself names, each with the place of its table."""
    customers, events = source.customers, first_events(source)
    consent = (customers.consent.column,) if customers.consent else ()
    own = {
        ("customers", column): customers.table.place
        for column in (customers.key, *(each.column for each in customers.identifiers), *consent)
    }
    if events is None:
        return own
    return own | {
        ("events", column): events.table.place for column in (events.customer, events.name or "", events.time)
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Relations:
    """What may be asked of the engine: `customers(k, x …)` and `events(k, kind, t, x …)`, and each column's kind.

    `k` is the key, `kind` an event's name, `t` its time in UTC (NULL where it can't be read).
    """

    source: Source
    customers: Mapping[str, Stored]
    events: Mapping[str, Stored]

    @property
    def has_events(self) -> bool:
        """Whether the workspace declares events at all."""
        return bool(self.source.events)


def open_relations(
    engine: Engine, source: Source, files: Mapping[str, Files], columns: Columns, more: Iterable[tuple[str, str]] = ()
) -> Relations:
    """Check the declared columns and make the two relations. Raises SourceInvalid with every column that does not fit.

    `more` are columns that only an earlier definition names: they are taken along where they still are.
    """
    stored = {label: _describe(engine, each) for label, each in files.items()}
    problems = [line for label in files for line in _missing(label, stored[label], columns)]
    problems += [*_wrong_time(source, stored, columns), *_nested(stored, columns)]
    if problems:
        raise SourceInvalid(
            "The source does not fit the workspace.",
            "\n".join(problems),
            "Mend the columns or the workspace; nothing was changed.",
        )
    relations = Relations(
        source=source,
        customers=MappingProxyType(_kinds(stored["customers"])),
        events=MappingProxyType(_kinds(stored.get("events", {}))),
    )
    taken = dict.fromkeys([*columns, *(pair for pair in more if pair[1] in stored.get(pair[0], {}))])
    for label, query in _definitions(relations, stored, files, taken).items():
        engine.run(_made(label, query, files[label].format))
    if not relations.has_events:
        engine.run(create("events", _no_events()))
    return relations


def _no_events() -> exp.Select:
    """What an earlier definition finds once the workspace declares no events any more."""
    kind, time = exp.cast(exp.null(), "TEXT"), exp.cast(exp.null(), "TIMESTAMP")
    return select(name("k"), alias(kind, "kind"), alias(time, "t")).from_(table("customers")).where(exp.false())


def _made(label: str, query: exp.Select, stored_as: str) -> Sql:
    """Parquet stays where it is and is pruned; text is parsed once."""
    if stored_as != "parquet":
        return create(label, query)
    return exp.Create(this=table(label), kind="VIEW", expression=query)


def _describe(engine: Engine, files: Files) -> dict[str, str]:
    try:
        return dict(engine.describe(files.scan()))
    except EngineFailed as error:
        blame(engine, [files])
        raise files.refuse(
            "A source can't be read.", "its files do not fit together", "Check that all have the same columns."
        ) from error


def blame(engine: Engine, files: Iterable[Files]) -> None:
    """After the engine failed: read each file by itself and raise SourceInvalid for the first that is not whole."""
    for one in (one for each in files for one in each.each()):
        if (why := _fault(engine, one)) is not None:
            raise one.unreadable(f"`{one.paths[0].name}` {why}")


def _fault(engine: Engine, one: Files) -> str | None:
    try:
        counts = [exp.func("COUNT", name(column)) for column in engine.describe(one.scan())]
        engine.rows(select(*counts).from_(one.scan().subquery("one")))
    except EngineFailed as error:
        return f"is broken at line {error.line}" if error.line else "is broken, or not what its name says"
    return None


def _missing(label: str, stored: Mapping[str, str], columns: Columns) -> list[str]:
    known = _names(stored, [column for owner, column in columns if owner == label])
    return [
        f"{at(place)}{label} has no column `{column}`{_nearest(column, known)}"
        for (owner, column), place in columns.items()
        if owner == label and column not in stored
    ]


def _names(stored: Iterable[str], asked: Iterable[str]) -> list[str]:
    """The columns that a message may name. In a file without header a person's row stands for one: none of its values
    may be repeated.
    """
    return [column for column in stored if "@" not in column] if set(stored) & set(asked) else []


def _nearest(column: str, known: list[str]) -> str:
    near = difflib.get_close_matches(column, known, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _wrong_time(source: Source, stored: Mapping[str, Mapping[str, str]], columns: Columns) -> list[str]:
    events = first_events(source)
    time = stored.get("events", {}).get(events.time) if events else None
    if events is None or time is None or kind_of(time) in (Kind.TIME, Kind.TEXT):
        return []
    place = columns.get(("events", events.time), events.table.place)
    return [f"{at(place)}`{events.time}` holds {time}, not times; use a timestamp or ISO 8601 text"]


def _nested(stored: Mapping[str, Mapping[str, str]], columns: Columns) -> list[str]:
    """Lists and structures are not compared yet; without a word they would match nobody."""
    return [
        f"{at(place)}`{column}` of {owner} holds nested values; use a column of plain ones"
        for (owner, column), place in columns.items()
        if _is_nested(stored.get(owner, {}).get(column, ""))
    ]


def _is_nested(kind: str) -> bool:
    return kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]")


def _kinds(stored: Mapping[str, str]) -> dict[str, Stored]:
    return {column: stored_as(kind) for column, kind in stored.items()}


def stored_as(stored: str) -> Stored:
    """How a column is stored by the engine's name of its type."""
    element = stored.removesuffix("[]")
    return Stored(kind_of(element), is_list=element != stored)


def kind_of(stored: str) -> Kind:
    """The kind of a column by the engine's name of its type."""
    if stored in ("VARCHAR", "JSON") or stored.startswith("ENUM"):
        return Kind.TEXT
    if stored.startswith("DECIMAL") or stored.endswith("INT") or stored == "INTEGER":
        return Kind.EXACT
    if stored in ("DOUBLE", "FLOAT"):
        return Kind.FLOAT
    if stored == "BOOLEAN":
        return Kind.BOOLEAN
    return Kind.TIME if stored.startswith(("TIMESTAMP", "DATE")) and not stored.endswith("]") else Kind.OTHER


def _definitions(
    relations: Relations,
    stored: Mapping[str, Mapping[str, str]],
    files: Mapping[str, Files],
    columns: Iterable[tuple[str, str]],
) -> dict[str, exp.Select]:
    source, events = relations.source, first_events(relations.source)
    as_words = events is not None and not _comparable(
        stored["customers"][source.customers.key], stored["events"][events.customer]
    )
    out = {"customers": select(_key(source.customers.key, stored["customers"], as_words))}
    if events is not None:
        kind = exp.cast(as_declared(events.name or "", stored["events"][events.name or ""]), "TEXT")
        time = _time(as_declared(events.time, stored["events"][events.time]), relations.events[events.time].kind)
        out["events"] = select(_key(events.customer, stored["events"], as_words), alias(kind, "kind"), alias(time, "t"))
    for owner, column in columns:
        out[owner] = out[owner].select(labelled(column, stored[owner][column], label(column)))
    return {owner: query.from_(files[owner].scan().subquery("declared")) for owner, query in out.items()}


def _comparable(one: str, other: str) -> bool:
    return one == other or kind_of(one) is kind_of(other) is Kind.EXACT


def _key(column: str, stored: Mapping[str, str], as_words: bool) -> Sql:
    value = as_declared(column, stored[column])
    return alias(_word(value, kind_of(stored[column])) if as_words else value, "k")


def _word(value: Sql, kind: Kind) -> Sql:
    """A key as text. A feed with gaps has whole numbers as floats, and 7.0 is customer 7."""
    written = exp.cast(value, "TEXT")
    if kind not in (Kind.EXACT, Kind.FLOAT):
        return written
    whole = exp.TryCast(this=value, to=exp.DataType.build("DECIMAL(38, 0)"))
    return when(whole.eq(value), exp.cast(whole, "TEXT"), written)


def _time(value: Sql, kind: Kind) -> Sql:
    if kind is Kind.TEXT:
        return exp.cast(exp.TryCast(this=value, to=exp.DataType.build("TIMESTAMPTZ")), "TIMESTAMP")
    return exp.cast(value, "TIMESTAMP")


def check_keys(engine: Engine, relations: Relations, files: Files) -> int:
    """The number of records. Raises SourceInvalid when some have no key or share one."""
    key = name("k")
    text_kind = relations.customers[relations.source.customers.key].kind is Kind.TEXT
    there = as_text(key, Kind.TEXT) if text_kind else key
    rows, keyed, different = engine.rows(
        select(
            exp.func("COUNT", exp.Star()),
            exp.func("COUNT", there),
            exp.Count(this=exp.Distinct(expressions=[exp.func("HASH", key)])),
        ).from_(table("customers"))
    )[0]
    column = relations.source.customers.key
    if keyed < rows:
        raise files.refuse(
            "Customers without a key.",
            f"{rows - keyed:,} of {rows:,} rows have no `{column}`",
            "Give every row its key; nothing was changed.",
        )
    if different < keyed and (twice := keyed - _different(engine)):
        raise files.refuse(
            "Customers share a key.",
            f"`{column}` repeats in {twice:,} of {rows:,} rows",
            "Keep one row a customer; nothing was changed.",
        )
    return int(rows)


def _different(engine: Engine) -> int:
    """Counted by hash first, since that is quick; by value only when two hashes met."""
    query = select(exp.Count(this=exp.Distinct(expressions=[name("k")]))).from_(table("customers"))
    return int(engine.rows(query)[0][0])
