"""Ledger files: what every list holds, one row an identifier, one bit a list, in no order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp, select

from reconciler.membership.engine import Engine
from reconciler.membership.keys import code, key, same_key
from reconciler.membership.layout import WORD, Layout
from reconciler.membership.sql import Sql, alias, bits, call, create, integer, masked, name, some, table, text, together
from reconciler.model.address import Address


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerFiles:
    """The ledger as files: a base and, oldest first, the deltas that override rows of it."""

    base: Path | None = None
    deltas: tuple[Path, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DoubtFile:
    """An intent whose outcome is not known: for `lists`, every identifier it names is in doubt.

    `bits` are the file's own.
    """

    path: Path
    bits: Mapping[Address, int]
    lists: frozenset[Address]


def words(family: str, layout: Layout) -> list[Sql]:
    """The columns of a family of words."""
    return [name(f"{family}{number}") for number in range(layout.words)]


def empty(layout: Layout, family: str) -> exp.Select:
    """No row, with the key and the family's words."""
    columns = [alias(exp.cast(integer(0), "BIGINT"), f"{family}{number}") for number in range(layout.words)]
    nothing = alias(exp.cast(text(""), "BLOB"), "h")
    return select(nothing, alias(code("email"), "i"), *columns).where(exp.false())


def open_ledger(engine: Engine, layout: Layout, files: LedgerFiles) -> None:
    """Make the relation `ledger(h, i, i0, i1, …)`: rows of the base, overridden by deltas, last one wins."""
    if files.base is None:
        return engine.run(create("ledger", empty(layout, "i")))
    if not files.deltas:
        return engine.run(_view("ledger", _rows(engine, layout, files.base)))
    engine.run(create("overrides", _overrides(engine, layout, files.deltas)))
    overridden = select(integer(1)).from_(table("overrides").as_("o")).where(same_key("o", "b"))
    base = _rows(engine, layout, files.base).subquery("b")
    kept = select("*").from_(base).where(exp.not_(exp.Exists(this=overridden)))
    live = select("*").from_(table("overrides")).where(some(words("i", layout)))
    return engine.run(_view("ledger", exp.union(kept, live, distinct=False)))


def _view(label: str, query: exp.Query) -> exp.Create:
    return exp.Create(this=table(label), kind="VIEW", expression=query)


def _overrides(engine: Engine, layout: Layout, deltas: Sequence[Path]) -> exp.Select:
    parts: list[exp.Query] = [
        _rows(engine, layout, path).select(alias(integer(number), "turn")) for number, path in enumerate(deltas)
    ]
    rows = together(parts)
    last = [alias(call("arg_max", word, name("turn")), word.name) for word in words("i", layout)]
    return select(*key(), *last).from_(rows.subquery("d")).group_by(*key())


def _rows(engine: Engine, layout: Layout, path: Path) -> exp.Select:
    """The rows of one file; words that it does not have yet are empty, and without a type they are e-mail addresses."""
    file = engine.read_file(path)
    there = engine.describe(file)
    columns = [
        alias(name(f"in_{number}") if f"in_{number}" in there else exp.cast(integer(0), "BIGINT"), f"i{number}")
        for number in range(layout.words)
    ]
    return select(name("h"), _type(there), *columns).from_(file.subquery("file"))


def _type(there: Collection[str]) -> Sql:
    return name("i") if "i" in there else alias(code("email"), "i")


def open_doubts(engine: Engine, layout: Layout, doubts: Sequence[DoubtFile]) -> None:
    """Make the table `doubts(h, i, d0, d1, …)`: every identifier in doubt, with the bits of the lists concerned."""
    parts: list[exp.Query] = [empty(layout, "d"), *(_doubtful(engine, layout, doubt) for doubt in doubts)]
    rows = together(parts)
    joined = [alias(call("bit_or", word), word.name) for word in words("d", layout)]
    engine.run(create("doubts", select(*key(), *joined).from_(rows.subquery("u")).group_by(*key())))


def _doubtful(engine: Engine, layout: Layout, doubt: DoubtFile) -> exp.Select:
    columns = [alias(_moved(layout, doubt, number), f"d{number}") for number in range(layout.words)]
    file = engine.read_file(doubt.path)
    return select(name("h"), _type(engine.describe(file)), *columns).from_(file.subquery("file"))


def _moved(layout: Layout, doubt: DoubtFile, word: int) -> Sql:
    """One of our words from the words of an intent: bits that kept their place at once, others one by one."""
    parts: list[Sql] = []
    stayed = 0
    for address in sorted(doubt.lists & doubt.bits.keys() & layout.positions.keys()):
        here, there = layout.positions[address], doubt.bits[address]
        if here // WORD != word:
            continue
        if here == there:
            stayed |= 1 << here % WORD
        else:
            found = masked(_named(there // WORD), 1 << there % WORD).neq(0)
            parts.append(exp.func("IF", found, integer(1 << here % WORD), integer(0)))
    return bits(*parts, masked(_named(word), stayed)) if stayed else bits(*parts)


def _named(word: int) -> Sql:
    return bits(name(f"add_{word}"), name(f"rem_{word}"))
