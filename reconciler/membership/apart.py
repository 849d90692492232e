"""How many people two exclusive segments would both reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.membership.difference import Side
from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column
from reconciler.membership.layout import Layout
from reconciler.membership.ledger import words
from reconciler.membership.reach import REACHED, make_reached
from reconciler.membership.sql import Sql, alias, each, either, filtered, masked, name, table
from reconciler.model.address import Address, Two, covers


def count_in_both(
    engine: Engine, layout: Layout, side: Side, columns: Sequence[Column], pairs: Sequence[Two]
) -> Mapping[Two, int]:
    """Of every two that share somebody, how many. The tables are made where there are pairs of lists that are known."""
    known = [pair for pair in dict.fromkeys(pairs) if all(_lists(layout, address) for address in pair)]
    if not known:
        return MappingProxyType({})
    # A slice alone does not tell which of the youngest it is: the sisters come along.
    named = {address.split(".")[1] for pair in known for address in pair}
    among = [address for address in layout.positions if address.split(".")[1] in named]
    make_reached(engine, layout, side, columns, layout.mask(among))
    count = alias(exp.func("COUNT", exp.Star()), "n")
    grouped = select(*words("w", layout), count).from_(table(REACHED)).group_by(*words("w", layout))
    sums = [filtered(exp.func("SUM", name("n")), each(_on(layout, address) for address in pair)) for pair in known]
    found = engine.rows(select(*sums).from_(grouped.subquery("g")))[0]
    return MappingProxyType({pair: int(people) for pair, people in zip(known, found, strict=True) if people})


def _lists(layout: Layout, address: Address) -> list[Address]:
    return [part for part in layout.positions if covers(address, part)]


def _on(layout: Layout, address: Address) -> Sql:
    """Whether somebody is on any list of a segment."""
    masks = zip(words("w", layout), layout.mask(_lists(layout, address)), strict=True)
    return either(masked(word, mask).neq(0) for word, mask in masks if mask)
