"""Identifiers of every kind on one engine: what becomes of each value, which faults it has, what it looks like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlglot import exp, select

from reconciler.membership.digests import sent
from reconciler.membership.engine import Engine
from reconciler.membership.faults import faults_of, has_fault, shape_of
from reconciler.membership.identifiers import Column, as_written, identifier_rows
from reconciler.membership.preparing import prepare
from reconciler.membership.sql import Sql, alias, create, drop, name, table, text
from reconciler.membership.values import Kind, Stored
from tests.membership.test_faults import ADDRESSES, DIGESTS, TELEPHONES
from tests.membership.test_normalise import OWN, PUBLISHED, REFUSED, UNICODE
from tests.membership.test_phones import REFUSED as NO_PHONES
from tests.membership.test_phones import SPELLED as PHONES

EMAILS = [
    *(raw for raw, _ in (*OWN.values(), *REFUSED)),
    *(vector["input"] for vector in (*UNICODE, *PUBLISHED)),
    *ADDRESSES,
]
NUMBERS = [*(raw for raw, *_ in (*PHONES.values(), *NO_PHONES)), *TELEPHONES]
HASHES = [*DIGESTS, "ab" * 16, "AB" * 32, f"\u00a0{'ab' * 32}\t", "", "0612345678", "ann@example.com"]
COLUMNS: dict[str, tuple[Column, Sequence[str]]] = {
    "addresses": (Column(number=0, raw="x value"), EMAILS),
    "addresses as MD5": (Column(number=0, raw="x value", form="md5"), EMAILS),
    "addresses beside digests": (Column(number=0, raw="x value", form="sha256_of_md5", at_once=True), EMAILS),
    "telephone numbers": (Column(number=0, raw="x value", type="phoneNumber", region="FR"), NUMBERS),
    "telephone numbers of no region": (Column(number=0, raw="x value", type="phoneNumber"), NUMBERS),
    "digests": (Column(number=0, raw="x value", hashed="sha256", at_once=True), HASHES),
}


def written(engine: Engine, values: Sequence[str | None], value: Sql) -> None:
    """Make `customers` of values, none of which holds a NUL, since not every engine can store it."""
    engine.run(exp.Drop(tables=[table("addressed")], kind="VIEW", exists=True))
    for label in ("written", "customers", "listed", "elements_of_customers_0"):
        engine.run(drop(label))
    columns = [exp.ColumnDef(this=exp.to_identifier(each), kind=exp.DataType.build("TEXT")) for each in ("n", "x")]
    engine.run(exp.Create(this=exp.Schema(this=table("written"), expressions=columns), kind="TABLE"))
    kept = [each for each in values if each is None or "\x00" not in each]
    engine.take("written", [[str(number) for number in range(len(kept))], kept])
    rows = select(alias(exp.cast(name("n"), "INT"), "k"), alias(value, "x value")).from_(table("written"))
    engine.run(create("customers", rows))


def told(engine: Engine, column: Column, values: Sequence[str | None]) -> list[tuple[Any, ...]]:
    """What becomes of each value, and everything that an audit says of it."""
    written(engine, values, name("x"))
    prepare(engine, (column,))
    value = as_written(column)
    looks = [*(has_fault(value, pattern) for pattern in faults_of(column).values()), shape_of(value)]
    parts = [alias(each.copy(), f"y{number}") for number, each in enumerate(looks)]
    rows = select(name("k"), name(column.value), name(column.reason), *parts).from_(table("addressed"))
    return engine.rows(rows.order_by(name("k")))


def bytes_of(engine: Engine, column: Column, values: Sequence[str | None]) -> list[tuple[Any, ...]]:
    """What is sent, as bytes with their type."""
    written(engine, values, name("x"))
    prepare(engine, (column,))
    rows = identifier_rows([column], [name("k")], of="addressed").subquery("a")
    found = engine.rows(select(name("k"), name("i"), alias(sent([column]), "h")).from_(rows))
    return sorted((key, code, bytes(value).hex()) for key, code, value in found)


def of_lists(engine: Engine) -> list[tuple[Any, ...]]:
    """The identifiers of a column of lists, each with its row."""
    column = Column(number=0, raw="x value", stored=Stored(Kind.TEXT, is_list=True))
    second = text("Bob@example.com")
    written(engine, ["Ann@example.com", "none", None], exp.Array(expressions=[name("x"), second]))
    prepare(engine, (column,))
    rows = identifier_rows([column], [name("k")], of="addressed").subquery("a")
    found = engine.rows(select(name("k"), name("e"), name("i")).from_(rows))
    one = engine.rows(select(name("k"), name("e0"), name("r0")).from_(table("addressed")))
    return [*sorted(found), *sorted(one)]
