"""The source as the engine sees it: two relations, `customers` and `events`, with checked columns of known kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.errors import SourceInvalid
from reconciler.membership.checks import Columns, Types, problems_of
from reconciler.membership.columns import (
    LISTED_JSON,
    as_common,
    as_declared,
    common_type,
    data_type,
    kind_of,
    label,
    stored_as,
)
from reconciler.membership.engine import Engine
from reconciler.membership.sql import Sql, alias, call, create, filtered, integer, name, table, text, together, when
from reconciler.membership.tables import Declared, describe, owners
from reconciler.membership.values import Kind, Stored
from reconciler.model.settings import Events, Source

_TEXT = exp.DataType.build("TEXT")


def source_columns(source: Source) -> Columns:
    """The columns that `source` itself names, each with the place of its table."""
    customers = source.customers
    consent = (customers.consent.column,) if customers.consent else ()
    own = {
        ("customers", column): customers.table.place
        for column in (customers.key, *(each.column for each in customers.identifiers), *consent)
    }
    for owner, events in owners(source).items():
        own |= {(owner, column): events.table.place for column in _own(events)}
    return own


def _own(events: Events) -> tuple[str, ...]:
    """The columns of a source of events that the workspace gives a meaning."""
    named = (events.name,) if events.name is not None else ()
    return (events.customer, *named, events.time, *(each.column for each in events.identifiers))


@dataclass(frozen=True, kw_only=True, slots=True)
class Relations:
    """What may be asked of the engine: `customers(k, x …)` and `events(s, k, kind, t, x …)`, and each column's kind.

    `k` is the key, `s` the number of the source, `kind` an event's name, `t` its time in UTC (NULL where it can't be
    read). `declared` are the tables as they were declared. `own` are the columns of each source of events by itself,
    `shares` what it tells in the columns of all. `happened` names the relation like `events` that
    tells whose each event is; where that is another one, `named` are the rows `(h, i)` of what guests named. `records`
    is the relation like `customers` that is read, and `addressed` that of the same records with their identifiers.
    """

    source: Source
    customers: Mapping[str, Stored]
    events: Mapping[str, Stored]
    own: tuple[Mapping[str, Stored], ...]
    shares: tuple[tuple[Sql, ...], ...]
    declared: Mapping[str, Declared]
    happened: str = "events"
    named: exp.Query | None = None
    records: str = "customers"
    addressed: str = "addressed"

    @property
    def has_events(self) -> bool:
        """Whether the workspace declares events at all."""
        return bool(self.source.events)

    def share(self, number: int, key: Sql) -> exp.Select:
        """The rows of one source, under that key, as all events are told; from where they are to come is left open."""
        return select(name("s"), alias(key, "k"), name("kind"), name("t"), *self.shares[number])


def open_relations(
    engine: Engine,
    source: Source,
    declared: Mapping[str, Declared],
    columns: Columns,
    more: Iterable[tuple[str, str]] = (),
) -> Relations:
    """Check the declared columns and make the two relations. Raises SourceInvalid with every column that does not fit.

    `more` are columns that only an earlier definition names: they are taken along where they still are.
    """
    types = {owner: describe(engine, each) for owner, each in declared.items()}
    _check(source, types, columns)
    taken = _taken(source, types, [*columns, *more])
    for owner, asked in taken.items():
        types[owner] |= _arrays(engine, declared[owner], {column: types[owner][column] for column in asked})
    _check(source, types, columns)
    common = _common(source, types)
    maker = _Maker(source=source, declared=declared, types=types, taken=taken, common=common)
    for tree in maker.statements():
        engine.run(tree)
    return Relations(
        source=source,
        customers=_stored(types["customers"]),
        events=_stored(common),
        own=tuple(_stored(types[owner]) for owner in owners(source)),
        shares=tuple(maker.share(owner) for owner in owners(source)),
        declared=MappingProxyType(dict(declared)),
    )


def _check(source: Source, types: Types, columns: Columns) -> None:
    if problems := problems_of(source, types, columns):
        raise SourceInvalid(
            "The source does not fit the workspace.",
            hint="Mend the columns or the workspace; nothing was changed.",
            problems=problems,
        )


def _taken(source: Source, types: Types, columns: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The columns to read of each table. Properties of events are looked for in every source of events."""
    asked: dict[str, dict[str, None]] = {owner: {} for owner in types}
    for owner, column in columns:
        for place in owners(source) if owner == "events" else (owner,):
            if column in types.get(place, {}):
                asked[place][column] = None
    return {owner: tuple(found) for owner, found in asked.items()}


def _arrays(engine: Engine, declared: Declared, types: Mapping[str, str]) -> dict[str, str]:
    """The JSON columns in which some value is an array: their values are lists."""
    columns = [column for column, stored in types.items() if stored == "JSON"]
    if not columns:
        return {}
    counts = [
        filtered(exp.func("COUNT", exp.Star()), call("json_type", name(column)).eq(text("ARRAY"))) for column in columns
    ]
    found = engine.rows(select(*counts).from_(declared.rows.subquery("declared")))[0]
    return {column: LISTED_JSON for column, count in zip(columns, found, strict=True) if count}


def _common(source: Source, types: Types) -> dict[str, str]:
    """The columns of all sources of events with the type that each has in common."""
    found: dict[str, list[str]] = {}
    for owner in owners(source):
        for column, stored in types[owner].items():
            found.setdefault(column, []).append(stored)
    if len(source.events) == 1:
        return dict(types["events"])
    return {column: common_type(each) for column, each in found.items()}


def _stored(types: Mapping[str, str]) -> Mapping[str, Stored]:
    return MappingProxyType({column: stored_as(stored) for column, stored in types.items()})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Maker:
    """Writes the statements that make the relations. `taken` are the columns to read of each table."""

    source: Source
    declared: Mapping[str, Declared]
    types: Types
    taken: Mapping[str, tuple[str, ...]]
    common: Mapping[str, str]

    def statements(self) -> Iterable[exp.Create]:
        """In the order in which they must run."""
        yield self._made("customers", "customers", self._customers())
        by_source = owners(self.source)
        for number, (owner, events) in enumerate(by_source.items()):
            yield self._made(relation_of(self.source, number), owner, self._events(owner, events, number))
        if not by_source:
            yield create("events", _no_events())
        elif len(by_source) > 1:
            parts = [
                select("s", "k", "kind", "t", *self.share(owner)).from_(table(relation_of(self.source, number)))
                for number, owner in enumerate(by_source)
            ]
            yield _view("events", together(parts))

    def _made(self, relation: str, owner: str, query: exp.Select) -> exp.Create:
        """Parquet stays where it is and is pruned; text is parsed once."""
        query = query.from_(self.declared[owner].rows.subquery("declared"))
        return _view(relation, query) if self.declared[owner].stays else create(relation, query)

    def _customers(self) -> exp.Select:
        return select(self._key("customers", self.source.customers.key), *self._labelled("customers"))

    def _events(self, owner: str, events: Events, number: int) -> exp.Select:
        types = self.types[owner]
        named = as_declared(events.name, types[events.name]) if events.name is not None else text(events.kind or "")
        time = _time(as_declared(events.time, types[events.time]), kind_of(types[events.time]))
        return select(
            alias(integer(number), "s"),
            self._key(owner, events.customer),
            alias(exp.cast(named, _TEXT), "kind"),
            alias(time, "t"),
            *self._labelled(owner),
        )

    def _labelled(self, owner: str) -> list[Sql]:
        types = self.types[owner]
        return [alias(as_declared(column, types[column]), label(column)) for column in self.taken[owner]]

    def share(self, owner: str) -> tuple[Sql, ...]:
        """The properties that any source has, as one source tells them."""
        columns = sorted({each for owner in owners(self.source) for each in self.taken[owner]})
        return tuple(alias(self._property(owner, column), label(column)) for column in columns)

    def _property(self, owner: str, column: str) -> Sql:
        common = self.common[column]
        if column not in self.taken[owner]:
            return exp.cast(exp.null(), data_type(common))
        return as_common(name(label(column)), self.types[owner][column], common)

    def _key(self, owner: str, column: str) -> Sql:
        stored = self.types[owner][column]
        value = as_declared(column, stored)
        return alias(_word(value, kind_of(stored)) if self._keys_are_words() else value, "k")

    def _keys_are_words(self) -> bool:
        """Whether keys have to be compared as text, because not all sources store them alike."""
        key = self.types["customers"][self.source.customers.key]
        others = (self.types[owner][each.customer] for owner, each in owners(self.source).items())
        return not all(_comparable(key, other) for other in others)


def relation_of(source: Source, number: int) -> str:
    """The relation of the events of one source alone."""
    return f"events_of_{number}" if len(source.events) > 1 else "events"


def _view(relation: str, query: exp.Query) -> exp.Create:
    return exp.Create(this=table(relation), kind="VIEW", expression=query)


def _no_events() -> exp.Select:
    """What an earlier definition finds once the workspace declares no events any more."""
    kind, time = exp.cast(exp.null(), "TEXT"), exp.cast(exp.null(), "TIMESTAMP")
    told = select(alias(integer(0), "s"), name("k"), alias(kind, "kind"), alias(time, "t"))
    return told.from_(table("customers")).where(exp.false())


def _comparable(one: str, other: str) -> bool:
    return one == other or kind_of(one) is kind_of(other) is Kind.EXACT


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
