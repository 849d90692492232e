"""The shop's tables on disk: Parquet, replaced whole, so that a reader never meets half a file."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from reconciler.demo.customers import Customer
from reconciler.demo.visits import Event

CUSTOMERS = Path("data", "customers.parquet")
EVENTS = Path("data", "events")

_CUSTOMER_TYPES = MappingProxyType(
    {
        "customer_id": "VARCHAR",
        "email": "VARCHAR",
        "marketing_consent": "VARCHAR",
        "unsubscribed": "BOOLEAN",
        "tier": "VARCHAR",
        "support_case": "VARCHAR",
        "country": "VARCHAR",
        "interests": "VARCHAR[]",
        "member_until": "DATE",
    }
)
_EVENT_TYPES = MappingProxyType(
    {
        "customer_id": "VARCHAR",
        "event": "VARCHAR",
        "occurred_at": "BIGINT",
        "product_id": "VARCHAR",
        "category": "VARCHAR",
        "amount": "DECIMAL(10,2)",
        "coupon": "VARCHAR",
        "order_email": "VARCHAR",
    }
)
_NULL = "\\N"  # apart from blank text, which the shop has too


def write_customers(workspace: Path, customers: Iterable[Customer]) -> None:
    rows = (tuple(_written(getattr(customer, name)) for name in _CUSTOMER_TYPES) for customer in customers)
    _write(rows, _CUSTOMER_TYPES, "*", "customer_id", workspace / CUSTOMERS)


def _written(value: object) -> object:
    """Lists as the engine reads them from text."""
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else value


def read_customers(workspace: Path) -> tuple[Customer, ...]:
    with duckdb.connect() as db:
        rows = db.read_parquet(str(workspace / CUSTOMERS)).order("customer_id").fetchall()
    return tuple(_read(dict(zip(_CUSTOMER_TYPES, row, strict=True))) for row in rows)


def _read(row: dict[str, Any]) -> Customer:
    return Customer(**{**row, "interests": tuple(row["interests"])})


def write_events(workspace: Path, events: Iterable[Event], until: datetime) -> int:
    """Write one file of events, named after its end, and return their number. Times are stored as UTC without zone."""
    columns = "* replace (make_timestamp(occurred_at * 1000000) as occurred_at)"
    target = workspace / EVENTS / f"until-{until:%Y%m%dT%H%M%SZ}.parquet"
    return _write(events, _EVENT_TYPES, columns, "occurred_at, customer_id, event, product_id, amount", target)


def abandoners(workspace: Path, since: datetime, now: datetime) -> tuple[tuple[str, bool], ...]:
    """Who filled a cart after `since` and has not bought after it; with each, whether that was within four hours."""
    query = """
        select customer_id, max(occurred_at) filter (event in ('cart_added', 'checkout_started')) as added,
               coalesce(added >= $now - interval 4 hours, false)
        from read_parquet($files) where occurred_at between $since and $now and customer_id is not null
        group by customer_id
        having added > coalesce(max(occurred_at) filter (event = 'purchase'), timestamp '1970-01-01')
        order by customer_id"""
    values = {
        "files": str(workspace / EVENTS / "*.parquet"),
        "since": since.replace(tzinfo=None),
        "now": now.replace(tzinfo=None),
    }
    with duckdb.connect() as db:
        return tuple((who, hot) for who, _, hot in db.execute(query, values).fetchall())


def _write(rows: Iterable[Sequence[object]], types: Mapping[str, str], columns: str, order: str, target: Path) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as folder, duckdb.connect() as db:
        text, table = Path(folder, "rows.csv"), Path(folder, "rows.parquet")
        with text.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([_NULL if value is None else value for value in row] for row in rows)
        made = db.read_csv(str(text), header=False, columns=dict(types), na_values=_NULL, sep=",", quotechar='"')
        made.project(columns).order(order).write_parquet(str(table), compression="zstd")
        ((count,),) = db.execute("select count(*) from read_parquet($file)", {"file": str(table)}).fetchall()
        table.replace(target)
    return int(count)
