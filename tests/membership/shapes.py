"""Shapes drawn at random, and the rows of cases in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any, Literal

from reconciler.model.identifiers import Form
from reconciler.model.settings import IdentifierColumn
from tests.membership import pools
from tests.membership.brute import Feed
from tests.membership.sources import CASE, KEY, CaseRows, Column, FeedShape, Rows, Shape
from tests.membership.worlds import AS_OF

KINDS = ("buy", "cart", "view")
CONSTANT = "sale"
"""The kind of a source that has only one."""


def fixed(kind: str, values: Sequence[Any]) -> Column:
    """A column whose values are the same for every case."""
    return Column(kind, lambda _: values)


def _numbers(random: Random, ending: str) -> Column:
    floats = fixed("double", pools.WHOLE_FLOATS if ending else pools.FLOATS)
    some = [floats, fixed("integer", pools.INTEGERS), fixed("varchar", pools.numbers_as_text())]
    return random.choice(some if ending.startswith(".json") else [*some, fixed("decimal(10,2)", pools.DECIMALS)])


def _truths(random: Random) -> Column:
    words, flags = fixed("varchar", pools.WORDS), fixed("boolean", (None, True, False))
    return random.choice([words, flags, fixed("integer", (None, 0, 1, 2))])


def _consents(random: Random) -> Column:
    """Mostly yes."""
    said = _truths(random)
    yes = {"varchar": "yes", "boolean": True, "integer": 1}[said.type]
    return fixed(said.type, [*[yes] * 3 * len(said.pool(0)), *said.pool(0)])


def _moments(random: Random) -> Column:
    aware = random.random() < 0.5
    typed = fixed("timestamptz" if aware else "timestamp", pools.instants(aware=aware))
    return random.choice([typed, fixed("date", pools.days()), fixed("varchar", pools.told_times())])


_TEXT = fixed("varchar", pools.MESSY)


def draw_shape(random: Random, endings: Sequence[str], prefix: str = "") -> Shape:
    """Columns, types and settings of a pack."""
    ending = random.choice(endings)
    form: Form = random.choice(["sha256", "sha256", "md5", "sha256_of_md5"])
    email = random.choice([("email", "email_2"), ("email",)])
    identifiers, columns = _identifiers(random, form, lists=_has_lists(ending))
    columns |= dict.fromkeys(email, _addresses())
    columns |= {"score": _numbers(random, ending), "tier": _TEXT, "vip": _truths(random), "joined": _moments(random)}
    if _has_lists(ending):
        columns["tags"] = fixed("varchar[]", pools.TAGS)
    consent = random.choice([None, "consent"])
    if consent:
        columns[consent] = _consents(random)
    scalar = [*email, *(each.column for each in identifiers if not columns[each.column].type.endswith("[]"))]
    missing: Literal["ignore", "refuse"] = "refuse" if random.random() < 0.5 else "ignore"
    whole = random.random() < 0.3
    return Shape(
        ending=ending,
        prefix=prefix,
        key_type="bigint" if whole else "varchar",
        event_key_type="bigint" if whole and random.random() < 0.5 else "varchar",
        customers=columns,
        email=email,
        identifiers=identifiers,
        consent=consent,
        missing=missing,
        same_person=random.choice([None, *scalar]),
        feeds=_feeds(random, ending, form),
        form=form,
    )


def _has_lists(ending: str) -> bool:
    return ending in ("", ".parquet", ".json")


def _identifiers(random: Random, form: Form, *, lists: bool) -> tuple[tuple[IdentifierColumn, ...], dict[str, Column]]:
    """Columns of identifiers beside the plain addresses."""
    region = random.choice(["FR", "GB", "US", None])
    offers: list[tuple[IdentifierColumn, Column]] = [
        (IdentifierColumn(type="phoneNumber", column="phone", region=region), _phones(region)),
        (IdentifierColumn(type="phoneNumber", column="mobile", region="FR"), _phones("FR")),
        (IdentifierColumn(type="email", column="digest", hashed=form), _digests(form)),
    ]
    if lists:
        many = Column("varchar[]", pools.lists_of(pools.addresses))
        offers.append((IdentifierColumn(type="email", column="emails"), many))
        many = Column("varchar[]", pools.lists_of(pools.telephones("GB")))
        offers.append((IdentifierColumn(type="phoneNumber", column="phones", region="GB"), many))
    told = IdentifierColumn(type="phoneNumber", column="phone_digest", hashed="sha256")
    offers.append((told, Column("varchar", pools.hashed_telephones)))
    taken = [offer for offer in offers if random.random() < 0.25]
    return tuple(told for told, _ in taken), {told.column: column for told, column in taken}


def _addresses() -> Column:
    return Column("varchar", pools.mostly(pools.addresses, 8))


def _phones(region: str | None) -> Column:
    return Column("varchar", pools.telephones(region))


def _digests(form: Form) -> Column:
    return Column("varchar", pools.hashes(form))


# ---------------------------------------------------------------------------------------------- events


def _feeds(random: Random, ending: str, form: Form) -> tuple[FeedShape, ...]:
    """One to three sources of events; the first has every column that conditions name."""
    count = random.choice([1, 1, 2, 3])
    columns = {"amount": _numbers(random, ending), "coupon": _TEXT, "product": fixed("varchar", pools.PRODUCTS)}
    columns["due"] = _moments(random)
    if _has_lists(ending):
        columns["items"] = fixed("varchar[]", pools.TAGS)
    return tuple(_feed(random, number, columns, ending, form) for number in range(count))


def _feed(random: Random, number: int, columns: dict[str, Column], ending: str, form: Form) -> FeedShape:
    constant = random.random() < 0.3
    own = columns if number == 0 else {name: kept for name, kept in columns.items() if random.random() < 0.7}
    if number and "amount" in own and columns["amount"].type in ("varchar", "integer") and random.random() < 0.4:
        other = "integer" if columns["amount"].type == "varchar" else "varchar"
        own["amount"] = fixed(other, pools.INTEGERS if other == "integer" else pools.OTHERS)
    guests, more = _guests(random, form) if random.random() < 0.5 else ((), {})
    declared = Feed(
        rows=(),
        name=None if constant else random.choice(["event", "what"]),
        kind=CONSTANT if constant else None,
        customer=random.choice([KEY, "buyer"]),
        time=random.choice(["occurred_at", "at"]),
        identifiers=guests,
    )
    return FeedShape(declared=declared, columns={**own, **more}, aware=random.random() < 0.5)


def _guests(random: Random, form: Form) -> tuple[tuple[IdentifierColumn, ...], dict[str, Column]]:
    address = (
        IdentifierColumn(type="email", column="order_email"),
        Column("varchar", pools.mostly(pools.addresses, 8)),
    )
    offers = [
        address,
        (IdentifierColumn(type="phoneNumber", column="order_phone", region="FR"), _phones("FR")),
        (IdentifierColumn(type="email", column="order_digest", hashed=form), _digests(form)),
    ]
    taken = [offer for offer in offers if random.random() < 0.6] or [address]
    return tuple(told for told, _ in taken), {told.column: column for told, column in taken}


# ---------------------------------------------------------------------------------------------- rows


def kinds_of(case: int) -> tuple[str, ...]:
    """The kinds of events of a case."""
    return tuple(f"{kind}{case}" for kind in KINDS)


def draw_rows(random: Random, shape: Shape, case: int, bounds: Sequence[int], *, rich: bool = False) -> CaseRows:
    """The rows of a case; many where it is `rich`."""
    crowd = shape.same_person is not None and random.random() < (0.08 if rich else 0.03)
    few = (0, 1, 2, 2, 3, 3, 4, 6) if case else (1, 2, 3, 4)
    usual = random.choice((8, 10, 12) if rich else few)
    events = random.choice((40, 60) if rich else (0, 6, 12, 18, 24))
    keys = _keys(random, shape, case, random.choice((20, 21, 23)) if crowd else usual)
    pools_of = {name: column.pool(case) for name, column in shape.customers.items()}
    customers = [
        {KEY: key, CASE: f"n{case}"} | {name: random.choice(pool) for name, pool in pools_of.items()} for key in keys
    ]
    if crowd:
        _share(random, shape, customers)
    known = [_moment(random, bounds) for _ in range(random.randint(1, 5))]
    return CaseRows(
        customers=customers,
        events=tuple(
            _events(random, shape, feed, (case, keys, events // len(shape.feeds)), known) for feed in shape.feeds
        ),
    )


def _share(random: Random, shape: Shape, customers: Rows) -> None:
    """Give nearly all records one value of the column that tells persons."""
    assert shape.same_person is not None
    shared = customers[0][shape.same_person]
    for record in customers:
        if random.random() < 0.97:
            record[shape.same_person] = shared


def _keys(random: Random, shape: Shape, case: int, count: int) -> list[Any]:
    if shape.key_type == "bigint":
        return random.sample([case * 1000 + n for n in (*range(15), *range(95, 115))], count)
    ends = [*"abcXYZ", "10", "9", "1", "\u00e9", "a1", "_", *(f"m{n}" for n in range(12))]
    return [f"k{case}-{end}" for end in random.sample(ends, count)]


def _moment(random: Random, bounds: Sequence[int]) -> dt.datetime:
    """A time on a bound or a hair off it, now and then ahead of the clock."""
    minutes = random.choice([bound for bound in bounds if bound < 10**6])
    off = random.choice([0, 0, 0, 0, 1, -1, 60_000_000, 3_600_000_000])
    return AS_OF - dt.timedelta(minutes=minutes, microseconds=off)


def _events(
    random: Random,
    shape: Shape,
    feed: FeedShape,
    people: tuple[int, Sequence[Any], int],
    known: Sequence[dt.datetime],
) -> Rows:
    """So many events that share a few moments, so that there are ties; some rows twice."""
    case, keys, count = people
    text = shape.event_key_type == "varchar"
    whose = [*map(str, keys), f"nobody{case}", ""] if text else [*keys, case * 1000 + 999]
    whose += whose[: len(keys)] * 3
    kinds = [*kinds_of(case) * 4, f"unheard{case}", f"Buy{case}", CONSTANT, None]
    times: list[Any] = [each if feed.aware else each.replace(tzinfo=None) for each in known]
    unread = pools.JUNK_TIMES[:1] if shape.is_text else ()
    pools_of = {name: column.pool(case) for name, column in feed.columns.items()}
    declared = feed.declared
    rows: Rows = []
    for _ in range(count):
        row = {declared.customer: random.choice([*whose, None])}
        row |= {} if declared.name is None else {declared.name: random.choice(kinds)}
        row |= {declared.time: random.choice([*times, *times, *times, *unread, None])}
        rows.append(row | {name: random.choice(pool) for name, pool in pools_of.items()})
    again = random.choice([0, 0, 1, 2])
    return rows + [dict(row) for row in rows[:again]]
