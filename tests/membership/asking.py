"""Small worlds, and who of them meets a condition: one session for all conditions of a test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reconciler.membership.session import open_session
from reconciler.model.address import segment_address
from reconciler.model.conditions import Comparison, Condition, Operator, Scalar
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.definition import Definition, Who
from reconciler.model.membership import AskedSegment
from tests.membership import worlds
from tests.membership.brute import World, identifier
from tests.membership.worlds import AS_OF

Row = dict[str, Any]
COLUMNS = {
    "customer_id": "varchar",
    "event": "varchar",
    "occurred_at": "timestamp",
    "amount": "varchar",
    "item": "varchar",
}


def did(key: str, event: str, hours: float, amount: str | None = None, item: str | None = None) -> Row:
    """An event, so many hours ago."""
    at = (AS_OF - dt.timedelta(hours=hours)).replace(tzinfo=None)
    return {"customer_id": key, "event": event, "occurred_at": at, "amount": amount, "item": item}


def be(operator: Operator, *values: Scalar) -> Comparison:
    """A comparison."""
    return Comparison(operator, values)


def has(column: str, *comparisons: Comparison) -> ColumnTest:
    """Comparisons on a column."""
    return ColumnTest(column, comparisons)


def who(
    root: Path,
    conditions: Sequence[Condition],
    events: Sequence[Row] = (),
    *,
    customers: Sequence[Row] = (),
    types: dict[str, str] | None = None,
    read: Sequence[tuple[str, str]] = (),
    **world: Any,
) -> list[set[str]]:
    """The keys of those who meet each condition. Customers are those of the events unless given; each has the address
    of her key in the column `email`.
    """
    told = list(customers) or [{"customer_id": key} for key in dict.fromkeys(row["customer_id"] for row in events)]
    rows = [{"email": f"{row['customer_id']}@example.com", **row} for row in told]
    worlds.write(
        root / "c.parquet",
        rows,
        {"email": "varchar", **(types or {}), "customer_id": (types or {}).get("customer_id", "varchar")},
    )
    worlds.write(root / "e.parquet", list(events), COLUMNS)
    lists = [segment_address(f"s{number}") for number in range(len(conditions))]
    asked = [
        AskedSegment(key=f"s{number}", lists=((address, None),), wanted=Definition(Who(condition)))
        for number, (address, condition) in enumerate(zip(lists, conditions, strict=True))
    ]
    made = worlds.settings(root, World(customers=rows, **world), customers="c.parquet", events="e.parquet")
    keys = {identifier(row["email"]): str(row["customer_id"]) for row in rows}
    with open_session(worlds.request(made, asked, read=read)) as session:
        return [{keys[found] for found in worlds.members(session, address)} for address in lists]
