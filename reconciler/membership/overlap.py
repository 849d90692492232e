"""Who is in several lists or audiences at once: one pass over the source, no ledger; only counts leave the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.errors import EngineFailed
from reconciler.membership.bought import bought_since
from reconciler.membership.checks import Columns
from reconciler.membership.counting import count_bits
from reconciler.membership.difference import Side
from reconciler.membership.engine import Engine
from reconciler.membership.engines import open_engine
from reconciler.membership.health import event_health
from reconciler.membership.layout import WORD, Layout
from reconciler.membership.ledger import LedgerFiles, words
from reconciler.membership.opening import Opened, Request, make_people, open_source
from reconciler.membership.reach import REACHED, aims_of, make_aimed
from reconciler.membership.sql import (
    Sql,
    alias,
    common,
    create,
    each,
    either,
    has,
    integer,
    masked,
    name,
    some,
    table,
    when,
)
from reconciler.membership.tables import blame, declare
from reconciler.model.address import Address, Two
from reconciler.model.membership import AskedSegment
from reconciler.model.overlap import Beyond, Matrix, Overlap, Targets, Together
from reconciler.model.settings import EngineAccess, Settings

OFTEN = 10
"""The most sets of audiences that are told."""
LISTS, AUDIENCES = "lists_together", "audiences_together"


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """What to hold against each other: the `lists` of the asked segments, with their names, and the `audiences`.

    `purchases` are the kinds of event that count as buying; `idle` are audiences that are outside their period; of
    what is `beyond` Criteo alone could tell.
    """

    settings: Settings
    columns: Columns
    asked: tuple[AskedSegment, ...]
    as_of: dt.datetime
    access: EngineAccess
    lists: Mapping[Address, str]
    audiences: Mapping[Address, Targets]
    purchases: tuple[str, ...]
    more_than: int
    idle: tuple[Address, ...] = ()
    beyond: Beyond = field(default_factory=Beyond)
    report: Callable[[str], None] = field(default=lambda _: None, repr=False, compare=False)


def overlap(asks: Inspection) -> Overlap:
    """Count. Raises SourceInvalid for data that does not fit or can't be read, EngineFailed when the engine can't."""
    settings = asks.settings
    declared = declare(settings.root, settings.source)
    paths = [path for each in declared.values() for path in each.paths]
    with open_engine(settings.source, asks.access, paths, ()) as engine:
        try:
            layout, since = _layout(asks.asked), tuple(_since(asks))
            opened = open_source(engine, _request(asks, layout, since), declared)
            asks.report("Reading events")
            make_people(opened)
            asks.report("Counting")
            return _counted(opened, asks, layout, {part for each in since for part, _ in each.lists})
        except EngineFailed:
            blame(engine, declared.values())
            raise


def _layout(asked: Iterable[AskedSegment]) -> Layout:
    return Layout({address: bit for bit, (address, _) in enumerate(part for each in asked for part in each.lists)})


def _bought(address: Address) -> Address:
    """The hidden list beside a list: of those who bought since."""
    return Address(f"bought.{address}")


def _since(asks: Inspection) -> Iterator[AskedSegment]:
    for segment in asks.asked:
        definition = bought_since(segment.wanted, asks.purchases) if segment.wanted and asks.purchases else None
        if definition is not None:
            lists = tuple((_bought(address), part) for address, part in segment.lists)
            yield AskedSegment(key=f"bought.{segment.key}", lists=lists, wanted=definition)


def _request(asks: Inspection, layout: Layout, since: tuple[AskedSegment, ...]) -> Request:
    """The hidden lists lie as many words further on as there are words of lists."""
    further = layout.words * WORD
    hidden = {part for each in since for part, _ in each.lists}
    bits = dict(layout.positions)
    bits |= {_bought(a): bit + further for a, bit in layout.positions.items() if _bought(a) in hidden}
    return Request(
        settings=asks.settings,
        columns=asks.columns,
        asked=(*asks.asked, *since),
        as_of=asks.as_of,
        bits=bits,
        ledger=LedgerFiles(),
        access=asks.access,
        report=asks.report,
    )


def _counted(opened: Opened, asks: Inspection, layout: Layout, since: set[Address]) -> Overlap:
    engine, audiences = opened.engine, Layout({address: bit for bit, address in enumerate(asks.audiences)})
    consenting = [address for address in opened.questions.consenting if address in layout.positions]
    slices = tuple(part for part in opened.questions.slices if part[0] in layout.positions)
    side = Side(member="w", qualifying="wq", denying="wn", needs_consent=layout.mask(consenting), slices=slices)
    aims = aims_of(layout, asks.audiences)
    further = [name(f"wq{layout.words + n}") if since else integer(0) for n in range(layout.words)]
    make_aimed(engine, layout, side, opened.columns, audiences=audiences, aims=aims, since=further)
    shown = Layout({a: bit for a, bit in layout.positions.items() if a in asks.lists})
    dated = [address for address in shown.positions if _bought(address) in since]
    aimed = [a for a, each in asks.audiences.items() if {_bought(i) for i in each.include} & since]
    _group(engine, LISTS, shown, "w")
    _group(engine, AUDIENCES, audiences, "a")
    return Overlap(
        workspace=asks.settings.workspace,
        as_of=asks.as_of,
        purchases=asks.purchases,
        names=MappingProxyType({**asks.lists, **{a: each.name for a, each in asks.audiences.items()}}),
        segments=_matrix(engine, LISTS, shown, _some_of(engine, shown, "b", dated), "w"),
        audiences=_matrix(engine, AUDIENCES, audiences, _some_of(engine, audiences, "d", aimed), "a"),
        more_than=asks.more_than,
        numbers=_numbers(engine, audiences),
        together=_together(engine, audiences, asks.more_than),
        idle=asks.idle,
        beyond=asks.beyond,
        unknown=_unknown(opened, asks.purchases),
    )


def _unknown(opened: Opened, purchases: tuple[str, ...]) -> tuple[str, ...]:
    known = {
        kind for each in event_health(opened.engine, opened.relations, opened.request.as_of) for kind in each.newest
    }
    return tuple(kind for kind in purchases if kind not in known)


def _group(engine: Engine, label: str, layout: Layout, family: str) -> None:
    """Make a table of the different sets that people are in, with the number `n` of people in exactly that set."""
    if layout.positions:
        masks = layout.mask(layout.positions)
        there = words(family, layout)
        kept = [alias(masked(word, mask), word.name) for word, mask in zip(there, masks, strict=True)]
        rows = select(*kept).from_(table(REACHED)).subquery("r")
        told = select(*words(family, layout), alias(exp.func("COUNT", exp.Star()), "n")).from_(rows)
        engine.run(create(label, told.where(some(words(family, layout))).group_by(*words(family, layout))))


def _some_of(engine: Engine, layout: Layout, family: str, among: Sequence[Address]) -> Mapping[Address, int]:
    counts = count_bits(engine, layout, exp.select().from_(table(REACHED)), words(family, layout))
    return MappingProxyType({address: counts[address] for address in among})


def _matrix(engine: Engine, label: str, layout: Layout, bought: Mapping[Address, int], family: str) -> Matrix:
    if not layout.positions:
        return Matrix(people={}, both={}, bought={}, reached=0)
    counts = _counts(engine, label, layout, family)
    reached = engine.rows(select(exp.func("SUM", name("n"))).from_(table(label)))[0][0]
    return Matrix(
        people=MappingProxyType({address: counts.get((address, address), 0) for address in layout.positions}),
        both=MappingProxyType({pair: counts[pair] for pair in combinations(layout.positions, 2) if pair in counts}),
        bought=bought,
        reached=int(reached or 0),
    )


def _counts(engine: Engine, label: str, layout: Layout, family: str) -> dict[Two, int]:
    """How many people are in both of every two, and in each with itself: the sets that people are in, joined twice with
    a constant list of bits.
    """
    named = {bit: address for address, bit in layout.positions.items()}
    one, other = (_bits(layout, owner) for owner in ("x", "y"))
    later = name("bit", "x") <= name("bit", "y")
    pairs = select(name("bit", "x"), name("bit", "y"), exp.func("SUM", name("n", "c"))).from_(table(label).as_("c"))
    pairs = pairs.join(one, on=_shares(layout, family, "x"))
    pairs = pairs.join(other, on=each([_shares(layout, family, "y"), later]))
    found = engine.rows(pairs.group_by(name("bit", "x"), name("bit", "y")))
    return {(named[first], named[second]): int(people) for first, second, people in found}


def _bits(layout: Layout, owner: str) -> exp.Values:
    """Rows `(bit, m0, m1, …)`: each list's bit, and the masks that have it."""
    rows = [(bit, *layout.mask([address])) for address, bit in layout.positions.items()]
    return exp.values(rows, alias=owner, columns=["bit", *(f"m{number}" for number in range(layout.words))])


def _shares(layout: Layout, family: str, owner: str) -> Sql:
    """Whether the bit of a row is among those of a set."""
    masks = (name(f"m{number}", owner) for number in range(layout.words))
    return either(common(word, mask).neq(0) for word, mask in zip(_of(family, layout), masks, strict=True))


def _of(family: str, layout: Layout) -> list[Sql]:
    return [name(word.name, "c") for word in words(family, layout)]


def _number(layout: Layout) -> Sql:
    """Of how many audiences a person is part."""
    ones = [
        when(has(name(f"a{word}"), mask), integer(1), integer(0))
        for word, members in layout.by_word()
        for _, mask in members
    ]
    return _sum(ones)


def _sum(parts: Sequence[Sql]) -> Sql:
    """Built as a balanced tree, so that long sums do not nest deeply."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return exp.Paren(this=exp.Add(this=_sum(parts[:half]), expression=_sum(parts[half:])))


def _numbers(engine: Engine, layout: Layout) -> Mapping[int, int]:
    if not layout.positions:
        return {}
    rows = select(alias(_number(layout), "k"), name("n")).from_(table(AUDIENCES)).subquery("r")
    found = engine.rows(select(name("k"), exp.func("SUM", name("n"))).from_(rows).group_by(name("k")))
    return MappingProxyType({int(number): int(people) for number, people in sorted(found)})


def _together(engine: Engine, layout: Layout, more_than: int) -> tuple[Together, ...]:
    if not layout.positions:
        return ()
    sets = words("a", layout)
    rows = select(*sets, name("n")).from_(table(AUDIENCES)).where(_number(layout) > integer(more_than))
    rows = rows.order_by(name("n").desc(), *words("a", layout)).limit(OFTEN)
    return tuple(
        Together(
            tuple(a for a, bit in layout.positions.items() if found[bit // WORD] >> bit % WORD & 1), int(found[-1])
        )
        for found in engine.rows(rows)
    )
