"""Sources of every format on disk, requests over them, ledgers and doubts as files."""

from __future__ import annotations

import atexit
import csv
import datetime as dt
import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

import duckdb

from reconciler.membership.checks import Columns
from reconciler.membership.ledger import DoubtFile, LedgerFiles
from reconciler.membership.opening import Request
from reconciler.membership.session import Session
from reconciler.membership.source import source_columns
from reconciler.model.address import Address
from reconciler.model.identifiers import IdentifierType
from reconciler.model.membership import AskedSegment, Cause, Chosen, Selection
from reconciler.model.moves import Moves
from reconciler.model.settings import (
    Consent,
    Criteo,
    Customers,
    EngineAccess,
    Events,
    Guards,
    Place,
    Settings,
    Source,
    Table,
)
from reconciler.state.snapshot import SourceCounts
from tests.membership.brute import Feed, Found, World, as_text

AS_OF = dt.datetime(2026, 11, 21, 18, tzinfo=dt.UTC)
CUSTOMERS_AT = Place(file="reconciler.yaml", line=6, column=5, path="source.customers.table")
EVENTS_AT = Place(file="reconciler.yaml", line=9, column=5, path="source.events.table")
ALL = frozenset(Cause)

Row = Mapping[str, Any]
Types = Mapping[str, str]
EngineName = Literal["duckdb", "postgres", "spark"]
Lists = Mapping[Address, frozenset[str]]
Typed = Mapping[Address, frozenset[Found]]
IDENTIFIER_TYPES: tuple[IdentifierType, ...] = ("email", "phoneNumber")
"""By the code that ledger files have for them."""


@cache
def scribe() -> duckdb.DuckDBPyConnection:
    """The connection that writes files for tests."""
    connection = duckdb.connect()
    atexit.register(connection.close)
    connection.execute("set TimeZone = 'UTC'; set threads = 1")
    return connection


def write(path: Path, rows: Sequence[Row], types: Types) -> None:
    """Write rows in the format that the path's ending says. `types` are the columns with their Parquet types."""
    if path.suffix == ".parquet":
        return write_parquet(path, [[row[column] for row in rows] for column in types], types)
    plain = bool({".json", ".ndjson", ".jsonl"} & set(path.suffixes))
    content = _json(rows) if plain else _csv(rows, list(types))
    data = content.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return None


def write_parquet(path: Path, columns: Sequence[Sequence[Any]], types: Types) -> None:
    """Write columns as Parquet."""
    told = ", ".join(f'unnest(${n}::{kind}[]) as "{name}"' for n, (name, kind) in enumerate(types.items(), 1))
    scribe().execute(f"copy (select {told}) to '{path}' (format parquet)", [list(column) for column in columns])


def _csv(rows: Sequence[Row], columns: list[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    writer.writerows([["" if row[c] is None else written(row[c]) for c in columns] for row in rows])
    return out.getvalue()


def written(value: Any) -> str:
    """A value as text files hold it."""
    return value.isoformat() if isinstance(value, dt.date) else as_text(value)


def _json(rows: Sequence[Row]) -> str:
    return "\n".join(json.dumps({key: _plain(value) for key, value in row.items()}) for row in rows) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, int | float | str | None) else written(value)


def settings(
    root: Path,
    world: World,
    *,
    customers: str = "customers.parquet",
    events: str | None = "events.parquet",
    fresh_within: tuple[tuple[str, int], ...] = (),
    max_gone: Fraction = Fraction(30, 100),
) -> Settings:
    """A workspace over a source on disk."""
    feeds = [replace(feed, fresh_within=fresh_within) for feed in world.all_feeds]
    return declared(root, replace(world, feeds=tuple(feeds)), customers, [events] if events else [], max_gone=max_gone)


def declared(
    root: Path,
    world: World,
    customers: str,
    events: Sequence[str],
    *,
    max_gone: Fraction = Fraction(30, 100),
    engine: EngineName = "duckdb",
) -> Settings:
    """A workspace over tables of these names, the customers' and those of its sources of events, in their order."""
    people = Customers(
        table=Table(name=customers, place=CUSTOMERS_AT),
        key=world.key,
        identifiers=world.columns,
        consent=Consent(column=world.consent, missing=world.missing) if world.consent else None,
        same_person=world.same_person,
    )
    told = [_happened(feed, label) for feed, label in zip(world.all_feeds, events, strict=False)]
    return Settings(
        root=root,
        workspace="acme",
        advertiser="42",
        time_zone=world.time_zone,
        criteo=Criteo(email_form=world.form),
        source=Source(engine=engine, customers=people, events=tuple(told)),
        state=root / "state",
        guards=Guards(max_gone=max_gone),
    )


def _happened(feed: Feed, table: str) -> Events:
    return Events(
        table=Table(name=table, place=EVENTS_AT),
        customer=feed.customer,
        name=feed.name,
        kind=feed.kind,
        time=feed.time,
        fresh_within=feed.fresh_within,
        identifiers=feed.identifiers,
    )


def request(
    made: Settings,
    asked: Iterable[AskedSegment],
    *,
    bits: Mapping[Address, int] | None = None,
    as_of: dt.datetime = AS_OF,
    read: Iterable[tuple[str, str]] = (),
    folders: tuple[Path, ...] = (),
    ledger: LedgerFiles | None = None,
    doubts: tuple[DoubtFile, ...] = (),
    before: SourceCounts | None = None,
    access: EngineAccess | None = None,
) -> Request:
    """A request with a bit for each list unless said otherwise; `read` are columns that conditions name."""
    asked = tuple(asked)
    places = {"customers": CUSTOMERS_AT, "events": EVENTS_AT}
    columns: Columns = {**source_columns(made.source), **{pair: places[pair[0]] for pair in read}}
    addresses = (address for segment in asked for address, _ in segment.lists)
    return Request(
        settings=made,
        columns=columns,
        asked=asked,
        as_of=as_of,
        bits=bits if bits is not None else {address: number for number, address in enumerate(addresses)},
        folders=folders,
        ledger=ledger or LedgerFiles(),
        doubts=doubts,
        before=before,
        access=access or EngineAccess(),
    )


def everything(addresses: Iterable[Address]) -> Selection:
    """All additions, and removals of every cause."""
    return {address: Chosen(add=True, causes=ALL) for address in addresses}


def moved(moves: Moves, address: Address) -> tuple[frozenset[Found], frozenset[Found]]:
    """What is added to a list and what is removed from it, each with its type."""
    added, removed = (
        [(batch.type, digest.hex()) for batch in moves.batches(address, direction) for digest in batch.digests]
        for direction in ("add", "remove")
    )
    assert len(set(added)) == len(added)
    assert len(set(removed)) == len(removed)
    return frozenset(added), frozenset(removed)


def sent(moves: Moves, address: Address) -> tuple[frozenset[str], frozenset[str]]:
    """What is added to a list and what is removed from it, by the value alone."""
    added, removed = moved(moves, address)
    return frozenset(value for _, value in added), frozenset(value for _, value in removed)


def members(session: Session, address: Address) -> frozenset[str]:
    """All identifiers of a list, of a session that began with an empty ledger."""
    return sent(session.decide(everything([address])), address)[0]


def write_ledger(path: Path, lists: Lists | Typed, bits: Mapping[Address, int], *, cleared: Iterable[str] = ()) -> None:
    """A ledger file: a row an identifier, a bit a list. `cleared` are rows that hold nothing."""
    names = sorted({value for values in lists.values() for value in values} | set(cleared))
    words = _words(lists, bits, names)
    _write_keyed(path, names, {f"in_{number}": word for number, word in enumerate(words)})


def write_intent(path: Path, added: Lists | Typed, removed: Lists | Typed, bits: Mapping[Address, int]) -> None:
    """An intent: what was to be added and removed."""
    names = sorted({value for lists in (added, removed) for values in lists.values() for value in values})
    columns = {
        f"{part}_{number}": word
        for part, lists in (("add", added), ("rem", removed))
        for number, word in enumerate(_words(lists, bits, names))
    }
    _write_keyed(path, names, columns)


def _write_keyed(path: Path, names: Sequence[str | Found], columns: Mapping[str, Sequence[int]]) -> None:
    """Rows of identifiers; without types they are e-mail addresses all."""
    typed = [each for each in names if not isinstance(each, str)]
    codes = {"i": [IDENTIFIER_TYPES.index(kind) for kind, _ in typed]} if typed else {}
    values = [each if isinstance(each, str) else each[1] for each in names]
    types = {"h": "blob", **dict.fromkeys(codes, "smallint"), **dict.fromkeys(columns, "bigint")}
    write_parquet(path, [[bytes.fromhex(each) for each in values], *codes.values(), *columns.values()], types)


def _words(lists: Lists | Typed, bits: Mapping[Address, int], names: Sequence[str | Found]) -> list[list[int]]:
    count = max((bits[address] for address in bits), default=0) // 63 + 1
    words = [[0] * len(names) for _ in range(count)]
    for address, values in lists.items():
        word, bit = divmod(bits[address], 63)
        for row, value in enumerate(names):
            words[word][row] |= (value in values) << bit
    return words


def read_ledger(paths: Sequence[Path], bits: Mapping[Address, int]) -> dict[Address, frozenset[str]]:
    """What the files together say that each list holds, by the value alone."""
    held = read_typed(paths, bits)
    return {address: frozenset(value for _, value in values) for address, values in held.items()}


def read_typed(paths: Sequence[Path], bits: Mapping[Address, int]) -> dict[Address, frozenset[Found]]:
    """What the files together say that each list holds; later ones override rows of earlier ones."""
    rows: dict[Found, dict[str, int]] = {}
    for path in paths:
        found = scribe().execute("select * from read_parquet($1)", [str(path)])
        labels = [column[0] for column in found.description or ()]
        for row in found.fetchall():
            told = dict(zip(labels, row, strict=True))
            rows[IDENTIFIER_TYPES[told.pop("i", 0)], told.pop("h").hex()] = told
    return {
        address: frozenset(name for name, words in rows.items() if words.get(f"in_{bit // 63}", 0) >> bit % 63 & 1)
        for address, bit in bits.items()
    }


def number(text: str) -> Decimal:
    """A literal as the YAML gives it."""
    return (Decimal(text) + 0).normalize()
