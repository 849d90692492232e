"""Whom two segments that must not share anybody, or two audiences with different offers, would both reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.membership.difference import Side
from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column
from reconciler.membership.layout import WORD, Layout
from reconciler.membership.ledger import words
from reconciler.membership.reach import REACHED, aims_of, make_reached
from reconciler.membership.sql import Sql, alias, each, either, filtered, has, masked, name, table
from reconciler.model.address import Address, Two, covers
from reconciler.model.overlap import Targets

AT_ONCE = 400
"""Sums in one query."""


def count_in_both(
    engine: Engine,
    layout: Layout,
    side: Side,
    columns: Sequence[Column],
    *,
    pairs: Sequence[Two],
    aims: Mapping[Address, Targets],
) -> Mapping[Two, int]:
    """Of every two that share somebody, how many. The tables are made where there are pairs of what is known; what
    audiences target stands in `aims`.
    """
    known = [pair for pair in dict.fromkeys(pairs) if all(_lists(layout, aims, address) for address in pair)]
    if not known:
        return MappingProxyType({})
    named = {part.split(".")[1] for pair in known for address in pair for part in _lists(layout, aims, address)}
    # A slice alone does not tell which of the youngest it is: the sisters come along.
    among = layout.mask(address for address in layout.positions if address.split(".")[1] in named)
    asked = {address: aims[address] for pair in known for address in pair if address in aims}
    audiences = Layout({address: bit for bit, address in enumerate(asked)})
    make_reached(engine, layout, side, columns, among=among, audiences=audiences, aims=aims_of(layout, asked))
    return MappingProxyType({pair: people for pair, people in _counts(engine, layout, audiences, known) if people})


def _counts(engine: Engine, layout: Layout, audiences: Layout, pairs: Sequence[Two]) -> Iterator[tuple[Two, int]]:
    told = [*words("w", layout), *words("a", audiences)]
    grouped = select(*told, alias(exp.func("COUNT", exp.Star()), "n")).from_(table(REACHED)).group_by(*told)
    for start in range(0, len(pairs), AT_ONCE):
        chunk = pairs[start : start + AT_ONCE]
        both = [each(_reached(layout, audiences, address) for address in pair) for pair in chunk]
        sums = [filtered(exp.func("SUM", name("n")), condition) for condition in both]
        found = engine.rows(select(*sums).from_(grouped.copy().subquery("g")))[0]
        yield from ((pair, int(people or 0)) for pair, people in zip(chunk, found, strict=True))


def _lists(layout: Layout, aims: Mapping[Address, Targets], address: Address) -> list[Address]:
    """The lists that it is about; none where some of an audience's are not known."""
    if address in aims:
        targets = (*aims[address].include, *aims[address].exclude)
        return list(targets) if set(targets) <= layout.positions.keys() else []
    return [part for part in layout.positions if covers(address, part)]


def _reached(layout: Layout, audiences: Layout, address: Address) -> Sql:
    """Whether an audience reaches somebody, or she is on any list of a segment."""
    if address in audiences.positions:
        word, bit = divmod(audiences.positions[address], WORD)
        return has(name(f"a{word}"), 1 << bit)
    masks = zip(words("w", layout), layout.mask(_lists(layout, {}, address)), strict=True)
    return either(masked(word, mask).neq(0) for word, mask in masks if mask)
