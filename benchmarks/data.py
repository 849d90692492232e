"""A made-up shop of any size, as Parquet: customers and the events of ninety days before one clock.

    python -m benchmarks.data DIR [--customers 5000000] [--events 50000000]

Addresses come as feeds have them: three in a hundred are missing, some are no addresses, a quarter is written untidily.
Most events are recent. The same numbers give the same shop.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

CUSTOMERS = """
    select format('c{{}}', i) as customer_id,
           case when i * 7 % 100 < 3 then null
                when i * 7 % 100 < 5 then format('user{{}}@example', i)
                when i * 7 % 100 < 30 then format('  User{{}}@Shop{{}}.Example.COM ', i, i % 997)
                else format('user{{}}@shop{{}}.example.com', i, i % 997) end as email,
           hash(i + 1) % 20 = 0 as unsubscribed,
           hash(i + 2) % 50 = 0 as vip
    from range({customers}) r(i)"""
EVENTS = """
    select format('c{{}}', hash(i) % {customers}) as customer_id,
           case hash(i + 3) % 5 when 0 then 'purchase' when 1 then 'cart_added' else 'product_viewed' end as event,
           timestamp '2026-11-21 18:00:00'
             - to_microseconds((90 * 86400e6 * (hash(i + 4) % 1000000 / 1e6) * (hash(i + 5) % 1000000 / 1e6))::bigint)
             as occurred_at,
           (hash(i + 6) % 20000 / 100)::decimal(10, 2) as amount
    from range({events}) r(i)"""


def make(folder: Path, customers: int, events: int) -> None:
    """Write `data/customers.parquet` and `data/events.parquet`."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as engine:
        for name, query in (("customers", CUSTOMERS), ("events", EVENTS)):
            rows = query.format(customers=customers, events=events)
            engine.execute(f"copy ({rows}) to '{folder}/data/{name}.parquet' (format parquet, compression zstd)")


def main() -> None:
    """Make it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--customers", type=int, default=5_000_000)
    parser.add_argument("--events", type=int, default=50_000_000)
    given = parser.parse_args()
    make(given.folder, given.customers, given.events)


if __name__ == "__main__":
    main()
