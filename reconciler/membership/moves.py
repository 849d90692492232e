"""The members' part of a plan once it is decided: batches for Criteo, the intent, the new rows of the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlglot import exp, select

from reconciler.errors import ReconcilerError
from reconciler.membership.causes import ORDER, family
from reconciler.membership.difference import additions, additions_again, removals_again
from reconciler.membership.engine import Engine
from reconciler.membership.keys import TYPES, code, first_key, key, same_key
from reconciler.membership.layout import WORD, Layout
from reconciler.membership.ledger import words
from reconciler.membership.normalise import VERSION
from reconciler.membership.sql import Sql, alias, bits, create, drop, has, integer, masked, name, some, table, without
from reconciler.membership.unions import Unions, with_moves
from reconciler.model.address import Address
from reconciler.model.identifiers import BATCH, Direction, Form, Identifiers
from reconciler.model.membership import Chosen, Selection

FOLD = 4
"""A delta is folded into a new base when all deltas together have more than a fourth of the base's rows."""


def make_moves(
    engine: Engine, layout: Layout, frozen: tuple[int, ...], selection: Selection, *, caused: bool, unions: Unions
) -> None:
    """Make the table `moves(h, i, add…, rem…)` of what the selection lets through.

    `caused`: there is a table of causes. `unions` are the lists that are made of others.
    """
    adding = layout.mask(address for address, chosen in selection.items() if chosen.add)
    chosen = layout.mask(selection)
    rows = select(*key("joined")).from_(table("joined"))
    if caused:
        rows = rows.join(table("causes"), on=same_key("joined", "causes"), join_type="left")
    new, again, dropped = additions(layout, frozen), additions_again(layout, frozen), removals_again(layout, frozen)
    for number in range(layout.words):
        added = masked(bits(new[number], again[number]), adding[number])
        caused_bits = _removed(layout, selection, number) if caused else []
        removed = bits(*caused_bits, masked(dropped[number], chosen[number]))
        rows = rows.select(alias(added, f"add{number}"), alias(removed, f"rem{number}"))
    rows = _with_unions(rows, layout, selection, unions)
    moving = some([*words("add", layout), *words("rem", layout)])
    engine.run(drop("moves"))
    engine.run(create("moves", select("*").from_(rows.subquery("m")).where(moving)))


def _with_unions(rows: exp.Select, layout: Layout, selection: Selection, unions: Unions) -> exp.Select:
    if not unions:
        return rows
    removing = layout.mask(address for address, chosen in selection.items() if chosen.causes)
    added, removed = with_moves(
        layout,
        unions,
        held=words("i", layout),
        added=words("add", layout),
        removed=words("rem", layout),
        adding=layout.mask(address for address, chosen in selection.items() if chosen.add),
        removing=removing,
    )
    told = select(*key()).from_(rows.select(*words("i", layout)).subquery("u"))
    for label, made in (("add", added), ("rem", removed)):
        told = told.select(*(alias(word, f"{label}{number}") for number, word in enumerate(made)))
    return told


def _removed(layout: Layout, selection: Selection, number: int) -> list[Sql]:
    parts = []
    for cause in ORDER:
        mask = layout.mask(address for address, chosen in selection.items() if cause in chosen.causes)[number]
        word = exp.func("COALESCE", name(f"{family(cause)}{number}"), integer(0))
        parts += [masked(word, mask)] if mask else []
    return parts


class DecidedMoves:
    """Implements `Moves` on the table `moves` of an open engine."""

    normaliser = VERSION

    def __init__(self, engine: Engine, layout: Layout, form: Form, *, has_base: bool) -> None:
        self.form = form
        self._engine = engine
        self._layout = layout
        self._has_base = has_base
        found = engine.rows(select(name("i")).distinct().from_(table("moves")))
        self._types = tuple(TYPES[number] for (number,) in sorted(found))

    def batches(self, address: Address, direction: Direction) -> Iterator[Identifiers]:
        """The identifiers to add to or remove from a list, type by type in batches of at most `BATCH`."""
        word, bit = divmod(self._layout.positions[address], WORD)
        column = name(f"{'add' if direction == 'add' else 'rem'}{word}")
        query = select(name("h")).from_(table("moves")).where(has(column, 1 << bit))
        for kind in self._types:
            for rows in self._engine.stream(query.where(name("i").eq(code(kind))), BATCH):
                yield Identifiers(tuple(digest for (digest,) in rows), kind)

    def write_intent(self, path: Path, bits: Mapping[Address, int]) -> int:
        """Write every row that moves as `(h, i, add_0…, rem_0…)`; answer the number of rows."""
        self._check(bits)
        columns = [
            alias(name(f"{part}{number}"), f"{part}_{number}")
            for part in ("add", "rem")
            for number in range(self._layout.words)
        ]
        self._engine.write_file(select(*key(), *columns).from_(table("moves")), path, stays=False)
        return self._rows("moves")

    def write_ledger(self, path: Path, bits: Mapping[Address, int], done: Mapping[Address, Chosen]) -> bool:
        """Write the rows of the ledger that change when the moves of the `done` lists are taken in; see `Moves`."""
        self._check(bits)
        mask = self._layout.mask(done)
        whole = not self._has_base or self._deltas_are_large()
        rows = self._whole(mask) if whole else self._changed(mask)
        self._engine.write_file(rows, path, stays=True)
        return whole

    def _check(self, bits: Mapping[Address, int]) -> None:
        if any(self._layout.positions.get(address, bit) != bit for address, bit in bits.items()):
            raise ReconcilerError(
                "The ledger's bits do not fit.", hint="This is a bug in reconciler; nothing was sent."
            )

    def _deltas_are_large(self) -> bool:
        overridden = self._rows("overrides") if self._engine.has("overrides") else 0
        return (self._rows("moves") + overridden) * FOLD > self._rows("ledger")

    def _rows(self, label: str) -> int:
        return int(self._engine.rows(select(exp.func("COUNT", exp.Star())).from_(table(label)))[0][0])

    def _changed(self, mask: tuple[int, ...]) -> exp.Select:
        rows = select(*key("m"), *self._new_words(mask)).from_(table("moves").as_("m"))
        rows = rows.join(table("ledger").as_("l"), on=same_key("m", "l"), join_type="left")
        concerned = some(
            masked(name(f"{part}{n}"), mask[n]) for part in ("add", "rem") for n in range(self._layout.words)
        )
        return rows.where(concerned)

    def _whole(self, mask: tuple[int, ...]) -> exp.Select:
        rows = select(*first_key("l", "m"), *self._new_words(mask)).from_(table("ledger").as_("l"))
        rows = rows.join(table("moves").as_("m"), on=same_key("m", "l"), join_type="full")
        kept = some(name(f"in_{number}") for number in range(self._layout.words))
        return select("*").from_(rows.subquery("w")).where(kept)

    def _new_words(self, mask: tuple[int, ...]) -> list[Sql]:
        return [alias(self._new_word(number, mask[number]), f"in_{number}") for number in range(self._layout.words)]

    def _new_word(self, number: int, mask: int) -> Sql:
        known = self._layout.mask(self._layout.positions)[number]
        held = masked(exp.func("COALESCE", name(f"i{number}", "l"), integer(0)), known)
        added = masked(exp.func("COALESCE", name(f"add{number}", "m"), integer(0)), mask)
        removed = masked(exp.func("COALESCE", name(f"rem{number}", "m"), integer(0)), mask)
        return without(bits(held, added), removed)
