"""What a session runs, as trees: of the sample workspace, and of one that has every kind of condition."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlglot import exp

from reconciler.demo.shop import build
from reconciler.demo.workspace import copy_sample
from reconciler.membership.ledger import DoubtFile, LedgerFiles
from reconciler.membership.opening import Request
from reconciler.membership.session import open_session
from reconciler.membership.sql import Sql
from reconciler.model.address import Address, exclusions_address, segment_address
from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Follow,
    Group,
    Keys,
    Pick,
    Query,
    Ratio,
    Sample,
    SegmentRef,
    Times,
    Total,
)
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.definition import Definition, Slice, Who
from reconciler.model.membership import AskedSegment
from reconciler.model.settings import IdentifierColumn
from reconciler.model.time import Period, Window, parse_window
from reconciler.plan.ask import ask
from reconciler.run import read
from tests.membership import worlds
from tests.membership.brute import Feed, World, identifier
from tests.membership.worlds import AS_OF, number

THEN = AS_OF - dt.timedelta(hours=6)
ADDRESSES = ("ann@example.com", "bob@example.com", "jos\u00e9@example.com", "dee@example")
CUSTOMERS = MappingProxyType(
    {
        "customer_id": "varchar",
        "email": "varchar",
        "marketing_consent": "varchar",
        "unsubscribed": "boolean",
        "tier": "varchar",
        "support_case": "varchar",
        "score": "varchar",
        "visits": "integer",
        "mails": "varchar[]",
        "digest": "varchar",
        "mobile": "varchar",
        "tags": "varchar[]",
        "signed_up": "varchar",
        "renewal": "date",
    }
)
EVENTS = MappingProxyType(
    {
        "customer_id": "varchar",
        "event": "varchar",
        "occurred_at": "timestamp",
        "category": "varchar",
        "amount": "decimal(10,2)",
        "coupon": "varchar",
        "order_email": "varchar",
        "mobile": "varchar",
    }
)
KINDS = ("buy", "cart", "view")


@cache
def statements(workspace: str) -> tuple[Sql, ...]:
    """Every statement on tables, in order: the source's files are tables of `given`, what is written to a file is its
    query.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        WORKSPACES[workspace](Path(folder)) as request,
        open_session(request) as session,
    ):
        moves = session.decide(worlds.everything(session.membership.lists))
        moves.write_intent(Path(folder, "intent"), request.bits)
        moves.write_ledger(Path(folder, "ledger"), request.bits, worlds.everything(request.bits))
        ran = list(session._engine.statements)
    return tuple(_on_tables(tree) for tree in ran if not _is_about_the_engine(tree))


def _is_about_the_engine(tree: Sql) -> bool:
    return isinstance(tree, exp.Describe) or any(each.db == "information_schema" for each in tree.find_all(exp.Table))


def _on_tables(tree: Sql) -> Sql:
    tree = tree.this.unnest() if isinstance(tree, exp.Copy) else tree.copy()
    for read_file in [each for each in tree.find_all(exp.Anonymous) if str(each.this).startswith("read_")]:
        path = next(each for each in read_file.find_all(exp.Literal) if each.is_string)
        place = read_file.parent if isinstance(read_file.parent, exp.Table) else read_file
        place.replace(exp.to_table(f"given.{_table_of(Path(path.name))}"))
    return tree


def _table_of(path: Path) -> str:
    """A file, or the folder of many."""
    return path.parent.name if path.parent.name == "events" else path.stem


def _write_source(folder: Path) -> None:
    people: list[dict[str, Any]] = [
        dict.fromkeys(CUSTOMERS) | {"customer_id": str(n), "email": email, "marketing_consent": "yes"}
        for n, email in enumerate(ADDRESSES)
    ]
    happened: list[dict[str, Any]] = [
        dict.fromkeys(EVENTS) | {"customer_id": "0", "event": kind, "occurred_at": THEN.replace(tzinfo=None)}
        for kind in (*KINDS, "purchase")
    ]
    worlds.write(folder / "customers.parquet", people, CUSTOMERS)
    worlds.write(folder / "events.parquet", happened, EVENTS)
    worlds.write(folder / "orders.parquet", happened, EVENTS)
    (folder / "keys.csv").write_text("customer_id\n1\n", encoding="utf-8")


# ------------------------------------------------------------------------------------------ the sample workspace


@contextmanager
def _sample(folder: Path) -> Iterator[Request]:
    root = copy_sample(folder)
    build(root, AS_OF, customers=40)
    desired = read(root)
    asked = ask(desired, None)
    addresses = (address for segment in asked for address, _ in segment.lists)
    yield Request(
        settings=desired.settings,
        columns=desired.columns,
        asked=asked,
        as_of=AS_OF,
        bits={address: place for place, address in enumerate(addresses)},
        ledger=LedgerFiles(),
        folders=(folder,),
    )


# ------------------------------------------------------------------------------------------ every kind of condition


def _attribute(column: str, operator: Any, *values: Any) -> Attribute:
    return Attribute(_test(column, operator, *values))


def _test(column: str, operator: Any, *values: Any) -> ColumnTest:
    return ColumnTest(column, (Comparison(operator, values),))


def _at_least(least: str) -> tuple[Comparison, ...]:
    return (Comparison("at_least", (number(least),)),)


WEEK = parse_window("7d")
COUPON = (_test("coupon", "exists", True), _test("amount", "more_than", number("9.99")))
BOUGHT = Event(("buy",), measure=Times(()))
SPENT = Event(("buy",), within=WEEK, measure=Total("amount", ()))
CONDITIONS: Mapping[str, Condition] = MappingProxyType(
    {
        "everyone": Group(all=(Everyone(),), none=(_attribute("unsubscribed", "is", True),)),
        "text": _attribute("tier", "is", "gold", "silver"),
        "no-text": _attribute("tier", "not", "gold"),
        "part-of-text": _attribute("tier", "contains", "ol"),
        "start-of-text": _attribute("tier", "starts_with", "g"),
        "missing": _attribute("tier", "exists", False),
        "number-in-text": _attribute("score", "at_most", number("12.5")),
        "number": _attribute("visits", "less_than", number("3")),
        "truth": _attribute("support_case", "is", False),
        "occurs": Event(("buy", "cart"), within=WEEK),
        "occurs-narrowed": Event(("buy",), where=COUPON, within=WEEK),
        "times": Event(("view",), within=parse_window("3d"), measure=Times(_at_least("2"))),
        "latest": Event(("cart",), within=WEEK, measure=Pick(("buy",))),
        "sum": Event(("buy",), measure=Total("amount", _at_least("100"))),
        "element": _attribute("tags", "is", "new"),
        "no-element": _attribute("tags", "not", "new"),
        "no-list": _attribute("tags", "exists", False),
        "young": _attribute("signed_up", "within", WEEK),
        "old": _attribute("signed_up", "older_than", Window(1440, None)),
        "ahead": _attribute("renewal", "in_next", WEEK),
        "first": Event(("cart",), within=WEEK, measure=Pick(which="first")),
        "followed": Event(("cart",), measure=Pick(followed_by=Follow(("buy", "cart"), Window(0, 60)))),
        "followed-later": Event(("cart",), measure=Pick(followed_by=Follow(("buy",), Window(60, None)))),
        "times-of-one": Event(("view",), within=WEEK, measure=Times(_at_least("2"), same="category")),
        "average": Event(("buy",), within=WEEK, measure=Total("amount", _at_least("12.5"), "average")),
        "smallest": Event(("buy",), measure=Total("amount", _at_least("1"), "smallest")),
        "largest": Event(("buy",), measure=Total("amount", _at_least("1"), "largest")),
        "distinct": Event(("buy",), measure=Total("category", _at_least("2"), "distinct")),
        "ratio-of-counts": Ratio(
            Event(("buy",), measure=Times(())), Event(("cart",), measure=Times(())), _at_least("0.3")
        ),
        "ratio-of-sums": Ratio(SPENT, Event(("cart",), measure=Total("amount", ())), _at_least("0.3")),
        "sample": Sample(number("12.5"), "spring"),
        "keys": Keys("keys.csv"),
        "query": Query("SELECT customer_id FROM customers WHERE visits > 3"),
        "segment": Group(any=(SegmentRef("helper"),), none=(SegmentRef("helper", "hot"),)),
    }
)
SLICES = (Slice("hot", Window(0, 1440)), Slice("warm", Window(1440, None)))
HELPER = Who(Group(all=(Event(("cart",), within=SLICE, measure=Pick(("buy",))),)), SLICES)


IDENTIFIERS = (
    IdentifierColumn(type="email", column="mails"),
    IdentifierColumn(type="email", column="digest", hashed="sha256"),
    IdentifierColumn(type="phoneNumber", column="mobile", region="FR"),
)
GUESTS = (IdentifierColumn(type="email", column="order_email"), IDENTIFIERS[-1])
FEEDS = (Feed(rows=(), identifiers=GUESTS), Feed(rows=(), name=None, kind="order"))


def _definition(condition: Condition, **more: Any) -> Definition:
    return Definition(Who(condition), segments=(("helper", HELPER),), **more)


def _asked() -> tuple[AskedSegment, ...]:
    """Each condition in a new list; one list that is cut in slices, one that changed, one that has ended, one that
    is made of both of these.
    """
    new = [_segment(key, _definition(condition), None) for key, condition in CONDITIONS.items()]
    ended = _definition(Everyone(), active=Period(None, AS_OF.date() - dt.timedelta(days=1)))
    changed = _definition(CONDITIONS["sum"], suppression=True)
    return (
        *new,
        _segment("cut", Definition(HELPER), Definition(HELPER), [part.name for part in SLICES]),
        _segment("changed", changed, _definition(CONDITIONS["times"])),
        _segment("ended", ended, _definition(Everyone())),
        _union(segment_address("changed"), segment_address("ended")),
    )


def _union(*parts: Address) -> AskedSegment:
    """A list that is made of others, and was made of one of them."""
    wanted, applied = (Definition(Who(Everyone()), union=each) for each in (parts, parts[:1]))
    address = exclusions_address("union")
    return AskedSegment(key="union", lists=((address, None),), wanted=wanted, applied=applied, applied_as_of=THEN)


def _segment(
    key: str, wanted: Definition, applied: Definition | None, parts: Sequence[str | None] = (None,)
) -> AskedSegment:
    lists = tuple((segment_address(key, part), part) for part in parts)
    return AskedSegment(
        key=key, lists=lists, wanted=wanted, applied=applied, applied_as_of=THEN if applied is not None else None
    )


@contextmanager
def _conditions(folder: Path) -> Iterator[Request]:
    _write_source(folder)
    world = World(customers=(), consent="marketing_consent", identifiers=IDENTIFIERS, same_person="email", feeds=FEEDS)
    made = worlds.declared(folder, world, "customers.parquet", ["events.parquet", "orders.parquet"])
    asked = _asked()
    attributes = [each.test.column for each in CONDITIONS.values() if isinstance(each, Attribute)]
    columns = [("customers", column) for column in (*attributes, "unsubscribed")]
    columns += [("events", column) for column in ("amount", "category", "coupon")]
    request = worlds.request(made, asked, read=columns, folders=(folder,))
    ledger, doubts = _state(folder, request.bits)
    yield replace(request, ledger=ledger, doubts=doubts)


def _state(folder: Path, bits: Mapping[Address, int]) -> tuple[LedgerFiles, tuple[DoubtFile, ...]]:
    """Somebody is on every list and belongs to none, so that every cause is asked for; one apply is in doubt."""
    gone = frozenset({identifier("gone@example.com") or ""})
    base, delta, doubt = folder / "base.parquet", folder / "delta.parquet", folder / "doubt.parquet"
    worlds.write_ledger(base, dict.fromkeys(bits, gone), bits)
    worlds.write_ledger(delta, {}, bits, cleared=[identifier("ann@example.com") or ""])
    worlds.write_intent(doubt, dict.fromkeys(bits, gone), {}, bits)
    doubtful = DoubtFile(path=doubt, bits=bits, lists=frozenset(bits))
    return LedgerFiles(base=base, deltas=(delta,)), (doubtful,)


WORKSPACES = MappingProxyType({"sample": _sample, "conditions": _conditions})
