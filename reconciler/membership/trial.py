"""The same questions asked of one small source after another: what the tests of a workspace run on.

The source is opened and the definitions are compiled as for a plan, once. What that makes is then made again by the
same statements for every set of rows, which takes tens of milliseconds and keeps nothing of the rows before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from sqlglot import exp, select

from reconciler.membership.checks import Columns
from reconciler.membership.dialect import write
from reconciler.membership.difference import make_members
from reconciler.membership.digests import sent
from reconciler.membership.duckdb_engine import DuckDB, Filling
from reconciler.membership.identifiers import Column, columns_of, identifier_rows
from reconciler.membership.keys import same_key
from reconciler.membership.ledger import LedgerFiles, words
from reconciler.membership.normalise import HASH, Invalid
from reconciler.membership.opening import Opened, Request, make_people, open_source, sides_of
from reconciler.membership.preparing import refuse_misdeclared
from reconciler.membership.spellings import Spellings, normalised, spellings_of
from reconciler.membership.sql import Sql, alias, name, table, without
from reconciler.membership.tables import Declared, owners
from reconciler.model.address import Address
from reconciler.model.membership import AskedSegment
from reconciler.model.settings import Settings, Source
from reconciler.model.tests import Answer, Rows, Value

Shape = Mapping[str, Mapping[str, bool]]
"""The columns of each table (`customers`, and `events` or `events[0]` …), and whether their values are lists."""

_READ_OFTEN = "addressed"
"""A view that is worth making a table of: judging an identifier costs more than anything else here."""


@dataclass(frozen=True, slots=True)
class _Spelt:
    """A column whose values Python normalises: all of them, or (`odd`) those that are not plain ASCII."""

    owner: str
    column: str
    spellings: Spellings
    odd: bool


class Trial:
    """An embedded engine with the questions compiled at one clock, and no rows yet.

    `columns` are those that the workspace names, all of which are in the shape.
    """

    def __init__(
        self, settings: Settings, columns: Columns, asked: Iterable[AskedSegment], as_of: dt.datetime, shape: Shape
    ) -> None:
        segments = tuple(replace(segment, applied=segment.wanted) for segment in asked)
        addresses = [address for segment in segments for address, _ in segment.lists]
        request = Request(
            settings=replace(settings, source=replace(settings.source, engine="duckdb")),
            columns=columns,
            asked=segments,
            as_of=as_of,
            bits={address: bit for bit, address in enumerate(addresses)},
            ledger=LedgerFiles(),
        )
        self._shape = shape
        self._times = _times_of(settings.source)
        self._known: set[tuple[str, str]] = set()
        self._engine = DuckDB((), (), small=True)
        try:
            self._opened = self._compiled(request)
        except BaseException:
            self._engine.close()
            raise
        self._spelt = tuple(_spelt(self._opened))
        made = list(_tables_made(self._engine.statements))
        self._engine.run(exp.Drop(tables=[table(_READ_OFTEN)], kind="VIEW"))
        self._again = [write(tree, self._engine.dialect) for tree in made]
        self._answers = [write(tree, self._engine.dialect) for tree in _answers(self._opened)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.close()

    def answer(self, given: Mapping[str, Rows]) -> Answer:
        """Who belongs among these people. Raises SourceInvalid where identifiers are not what was declared."""
        for owner in self._shape:
            self._fill(owner, given.get(owner))
        self._learn(given)
        self._engine.again(self._again)
        self._refuse_misdeclared(given)
        people, held = (self._engine.answer(statement) for statement in self._answers)
        masks = [(address, word, mask) for word, lists in self._opened.layout.by_word() for address, mask in lists]
        met = [(person, _lists(masks, found)) for _, person, *found in people]
        return Answer(
            persons={record: person for record, person, *_ in people},
            who={address: frozenset(person for person, lists in met if address in lists) for address, *_ in masks},
            held=tuple((person, _lists(masks, found)) for person, *found in held),
        )

    def _compiled(self, request: Request) -> Opened:
        for owner in self._shape:
            self._fill(owner, None)
        source = request.settings.source
        tables = {"customers": source.customers.table, **{each: found.table for each, found in owners(source).items()}}
        declared = {
            owner: Declared(table=found, rows=select("*").from_(table(_given(owner))))
            for owner, found in tables.items()
        }
        opened = open_source(self._engine, request, declared)
        make_people(opened)
        make_members(self._engine, opened.layout, sides_of(opened), opened.columns)
        return opened

    def _fill(self, owner: str, given: Rows | None) -> None:
        self._engine.fill(_given(owner), _filled(self._shape[owner], given, self._times.get(owner)))

    def _learn(self, given: Mapping[str, Rows]) -> None:
        """Normalise what Python has to, each spelling once, whichever rows it is in."""
        for each in self._spelt:
            values = given[each.owner].column(each.column) if each.owner in given else ()
            label = each.spellings.table
            texts = {value for value in _texts(values) if not (each.odd and value.isascii())}
            if new := sorted(text for text in texts if (label, text) not in self._known):
                self._known |= {(label, text) for text in new}
                self._engine.take(label, normalised(each.spellings.read, new))

    def _refuse_misdeclared(self, given: Mapping[str, Rows]) -> None:
        """Ask as a plan does, where something is at all like what it refuses."""
        opened = self._opened
        for number, (owner, columns) in enumerate(_identifiers(opened).items()):
            if owner not in given or not any(_is_odd(each, given[owner]) for each in columns):
                continue
            guests = f"guests_{number - 1}"
            of, listed = ("people", "listed") if owner == "customers" else (f"{guests}_addressed", f"{guests}_listed")
            if owner == "customers" or self._engine.has(guests):
                wrong, places = (Invalid.HASH, Invalid.PLAIN), opened.request.columns
                refuse_misdeclared(self._engine, columns, wrong, places, owner=owner, of=of, listed=listed)


def _is_odd(column: Column, given: Rows) -> bool:
    return any(
        (HASH.search(text) is None) is (column.hashed is not None) for text in _texts(given.column(column.declared))
    )


def _given(owner: str) -> str:
    return f"given_{''.join(each if each.isalnum() else '_' for each in owner)}"


def write_tables(folder: Path, source: Source, shape: Shape, given: Mapping[str, Rows]) -> Mapping[str, str]:
    """Write the rows of each table to a file of a folder, typed as in a trial; answer the names of the files."""
    times = _times_of(source)
    names = {owner: f"{_given(owner)}.parquet" for owner in shape}
    with DuckDB((), (folder,), small=True) as engine:
        for owner, name in names.items():
            engine.fill(_given(owner), _filled(shape[owner], given.get(owner), times.get(owner)))
            engine.write_file(select("*").from_(table(_given(owner))), folder / name, stays=False)
    return names


def _times_of(source: Source) -> Mapping[str, str]:
    return {owner: events.time for owner, events in owners(source).items()}


def _filled(
    shape: Mapping[str, bool], given: Rows | None, time: str | None
) -> Mapping[str, tuple[Sequence[object], Filling]]:
    columns: dict[str, tuple[Sequence[object], Filling]] = {}
    for column, is_list in shape.items():
        kind: Filling = "list" if is_list else "time" if column == time else "text"
        columns[column] = (_shaped(given.column(column) if given else (), is_list), kind)
    return columns


def _shaped(values: Iterable[Value], is_list: bool) -> list[object]:
    """A single value in a column of lists is a list of itself."""
    return [(value,) if is_list and isinstance(value, str) else value for value in values]


def _texts(values: Iterable[Value]) -> Iterator[str]:
    for value in values:
        yield from (value,) if isinstance(value, str) else value or ()


def _identifiers(opened: Opened) -> Mapping[str, tuple[Column, ...]]:
    """The columns of identifiers of each table."""
    settings, relations = opened.request.settings, opened.relations
    declared = [settings.source.customers.identifiers, *(events.identifiers for events in settings.source.events)]
    stored = (relations.customers, *relations.own)
    names = ("customers", *owners(settings.source))
    return {
        owner: columns_of(columns, settings, types)
        for owner, columns, types in zip(names, declared, stored, strict=True)
    }


def _spelt(opened: Opened) -> Iterator[_Spelt]:
    for owner, columns in _identifiers(opened).items():
        for column in columns:
            if (spellings := spellings_of(column)) is not None:
                yield _Spelt(owner, column.declared, spellings, odd=column.type == "email")


def _tables_made(statements: Iterable[Sql]) -> Iterator[exp.Create]:
    """The tables made of queries, each in the place of the one before; views stay, and so do tables of spellings."""
    for tree in statements:
        is_made = isinstance(tree, exp.Create) and isinstance(tree.expression, exp.Query)
        if is_made and (tree.args["kind"] == "TABLE" or tree.this.name == _READ_OFTEN):
            yield exp.Create(this=tree.this.copy(), kind="TABLE", expression=tree.expression.copy(), replace=True)


def _answers(opened: Opened) -> tuple[exp.Query, exp.Query]:
    """Rows `(record, person, words of who)`, and rows `(person, words of what is sent)`."""
    layout = opened.layout
    met = zip(words("wq", layout), words("wn", layout), strict=True)
    people = select(name("k"), name("p"), *(alias(without(q, n), q.name) for q, n in met)).from_(table("people"))
    holders = identifier_rows(opened.columns, [name("p")]).subquery("a")
    hashed = select(alias(sent(opened.columns), "h"), name("i"), name("p")).from_(holders)
    held = select(name("p", "o"), *(name(word.name, "m") for word in words("w", layout))).distinct()
    held = held.from_(table("members").as_("m")).join(hashed.subquery("o"), on=same_key("m", "o"))
    return people, held


def _lists(masks: Iterable[tuple[Address, int, int]], found: Sequence[int]) -> frozenset[Address]:
    return frozenset(address for address, word, mask in masks if found[word] & mask)
