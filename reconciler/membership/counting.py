"""Counting bits: rows are grouped by equal words first, so that hundreds of lists cost little more than one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlglot import exp, select

from reconciler.membership.engine import Engine
from reconciler.membership.layout import Layout
from reconciler.membership.sql import Sql, alias, filtered, has, name
from reconciler.model.address import Address


def count_bits(engine: Engine, layout: Layout, rows: exp.Select, words: list[Sql]) -> Mapping[Address, int]:
    """How many of the rows (a query without columns) have each list's bit in the word that holds it."""
    counts: Counter[Address] = Counter()
    for (_, lists), word in zip(layout.by_word(), words, strict=True):
        if lists:
            counts.update(_count_word(engine, lists, rows, word))
    return counts


def _count_word(engine: Engine, lists: list[tuple[Address, int]], rows: exp.Select, word: Sql) -> dict[Address, int]:
    groups = rows.select(alias(word, "w"), alias(exp.func("COUNT", exp.Star()), "n")).group_by(word.copy(), copy=False)
    sums = [filtered(exp.func("SUM", name("n")), has(name("w"), mask)) for _, mask in lists]
    found = engine.rows(select(*sums).from_(groups.subquery("g", copy=False), copy=False))[0]
    return {address: int(number or 0) for (address, _), number in zip(lists, found, strict=True)}
