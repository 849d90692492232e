"""Grouping a great table in passes: each takes a share of the keys, so that its groups fit into the engine's memory.

An embedded engine that runs out of memory spills, and encrypts what it spills: that costs several times what reading
the source once more does (measured: 80 s of processor time against 19 for five million people).
"""

from __future__ import annotations

from sqlglot import exp

from reconciler.membership.engine import Engine
from reconciler.membership.sql import call, create, integer, name, table

THREADS = 2
"""Each thread keeps groups of its own until they are put together; more threads share the same memory."""
MOST = 16


def create_grouped(engine: Engine, label: str, query: exp.Select, *, groups: int, state: int) -> None:
    """Make the table `label` of a query that groups by `k`: about so many groups, of so many bytes each."""
    count = _passes(engine.room, groups * state * THREADS)
    if count == 1:
        return engine.run(create(label, query))
    for number in range(count):
        share = exp.Mod(this=exp.paren(call("hash", name("k"), integer(1))), expression=integer(count)).eq(
            integer(number)
        )
        part = query.copy().where(share, copy=False)
        engine.run(exp.Insert(this=table(label), expression=part) if number else create(label, part))
    return None


def _passes(room: int | None, needed: int) -> int:
    return 1 if room is None else max(1, min(MOST, -(-needed // room)))
