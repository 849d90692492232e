"""Members, and the one join with the ledger that tells every list's additions and removals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp, select

from reconciler.membership.digests import sent
from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column, identifier_rows
from reconciler.membership.keys import KEY, first_key, key, same_key
from reconciler.membership.layout import WORD, Layout
from reconciler.membership.ledger import words
from reconciler.membership.questions import Questions
from reconciler.membership.sql import (
    Sql,
    alias,
    bits,
    call,
    common,
    create,
    each,
    either,
    has,
    integer,
    mask_when,
    masked,
    name,
    negated,
    some,
    table,
    without,
)
from reconciler.membership.unions import with_unions
from reconciler.model.address import Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One set of definitions evaluated: its families of qualifying and denying words, the lists that need consent, and
    the slices of each segment from the youngest to the oldest.
    """

    member: str
    qualifying: str
    denying: str
    needs_consent: tuple[int, ...]
    slices: tuple[tuple[Address, ...], ...]


def holders(side_list: Sequence[Side], layout: Layout, columns: Sequence[Column], people: str = "people") -> exp.Query:
    """Rows `(e, i, …)`: an identifier with one of its holders' bits; holders who neither qualify nor are denied are
    left away.
    """
    told: list[Sql] = []
    decided: list[Sql] = []
    for side in side_list:
        qualifying, denied = words(side.qualifying, layout), denied_words(side, layout)
        told += [alias(q, q.name) for q in qualifying]
        told += [alias(d, f"{side.member}d{number}") for number, d in enumerate(denied)]
        decided += [*qualifying, *denied]
    return identifier_rows(columns, told, some(decided), of=people)


def denied_words(side: Side, layout: Layout) -> list[Sql]:
    """The words of what a person is denied, by the top-level `none` or because she has not given her consent."""
    refused = [mask_when(negated(name("c")), mask) if mask else integer(0) for mask in side.needs_consent]
    return [bits(word, no) for word, no in zip(words(side.denying, layout), refused, strict=True)]


def make_members(engine: Engine, layout: Layout, sides: Sequence[Side], columns: Sequence[Column]) -> None:
    """Make the table `members(h, i, x, …)` with the words of each side: exclusion wins, and of slices the youngest; `x`
    is a quick hash of what `h` is the digest of.

    Identifiers with one holder pass straight on; the few that several people hold are grouped first, and the table
    `shared(x)` has their hashes.
    """
    every = holders(sides, layout, columns)
    mixed = mix()
    twice = exp.func("COUNT", exp.Star()) > 1
    shared = select(alias(mixed, "x")).from_(every.subquery("a")).group_by(mixed).having(twice)
    engine.run(create("shared", shared))
    held_by_several = exp.In(this=mixed, query=select(name("x")).from_(table("shared")).subquery())
    single = _hashed(sides, layout, columns, every.copy(), negated(held_by_several))
    held = (name("e"), name("i"))
    grouped = select(*held).from_(every.copy().subquery("b")).where(held_by_several.copy()).group_by(*held)
    for word in _words(sides, layout):
        grouped.select(alias(call("bit_or", name(word)), word), copy=False)
    several = _youngest(sides, layout, _hashed(sides, layout, columns, grouped, exp.true()))
    engine.run(create("members", exp.union(single, several, distinct=False)))


def mix() -> Sql:
    """A quick hash of an identifier before it is digested."""
    return exp.func("HASH", name("e"))


def _words(sides: Sequence[Side], layout: Layout) -> list[str]:
    return [
        f"{family}{n}" for side in sides for family in (side.qualifying, f"{side.member}d") for n in range(layout.words)
    ]


def _hashed(
    sides: Sequence[Side], layout: Layout, columns: Sequence[Column], rows: exp.Query, condition: Sql
) -> exp.Select:
    """Only members are hashed: whoever nobody wants costs nothing."""
    kept = [alias(word, label) for label, word in _kept(sides, layout)]
    chosen = either(word.neq(0) for _, word in _kept(sides, layout))
    told = select(alias(sent(columns), "h"), name("i"), alias(mix(), "x"), *kept)
    return told.from_(rows.subquery("c", copy=False), copy=False).where(condition, chosen, copy=False)


def _kept(sides: Sequence[Side], layout: Layout) -> list[tuple[str, Sql]]:
    return [
        (f"{side.member}{n}", without(name(f"{side.qualifying}{n}"), name(f"{side.member}d{n}")))
        for side in sides
        for n in range(layout.words)
    ]


def _youngest(sides: Sequence[Side], layout: Layout, rows: exp.Select) -> exp.Select:
    kept = [
        alias(word, column.name)
        for side in sides
        for column, word in zip(words(side.member, layout), youngest(side.slices, layout, side.member), strict=True)
    ]
    return select(*key(), name("x"), *kept).from_(rows.subquery("y", copy=False), copy=False)


def youngest(slices: Iterable[Sequence[Address]], layout: Layout, family: str) -> list[Sql]:
    """The words of a family without the bits of slices that are older than another slice of the same segment."""
    older: list[list[Sql]] = [[] for _ in range(layout.words)]
    for segment in slices:
        for number, address in enumerate(segment[:-1]):
            word, bit = divmod(layout.positions[address], WORD)
            for target, mask in enumerate(layout.mask(segment[number + 1 :])):
                older[target] += [mask_when(has(name(f"{family}{word}"), 1 << bit), mask)] if mask else []
    return [
        without(word, bits(*masks)) if masks else word for word, masks in zip(words(family, layout), older, strict=True)
    ]


def make_joined(engine: Engine, layout: Layout, questions: Questions) -> None:
    """Make the table `joined(h, i, i…, w…, a…, d…)`: every identifier that moves, would have moved, or is in doubt."""
    of_asked = layout.mask(questions.addresses)
    alike = None if questions.all_alike else layout.mask(questions.alike)
    source = table("members").as_("m")
    query = select(*first_key("m", "l", "x")).from_(source)
    query = query.join(table("ledger").as_("l"), on=same_key("m", "l"), join_type="full")
    known = [exp.func("COALESCE", name(column, "m"), name(column, "l")) for column in KEY]
    doubted = each(value.eq(name(column, "x")) for value, column in zip(known, KEY, strict=True))
    query = query.join(table("doubts").as_("x"), on=doubted, join_type="full")
    for number in range(layout.words):
        wanted = _or_none("m", f"w{number}")
        applied = wanted if alike is None else bits(masked(wanted, alike[number]), _or_none("m", f"a{number}"))
        held = masked(_or_none("l", f"i{number}"), of_asked[number])
        doubtful = masked(_or_none("x", f"d{number}"), of_asked[number])
        parts = {"i": held, "w": wanted, "a": applied, "d": doubtful}
        query.select(*(alias(value, f"{family}{number}") for family, value in parts.items()), copy=False)
    rows = _with_unions(query, layout, questions)
    told = select("*").from_(rows.subquery("j", copy=False), copy=False).where(_differs(layout), copy=False)
    engine.run(create("joined", told))


def _with_unions(rows: exp.Select, layout: Layout, questions: Questions) -> exp.Select:
    """The rows with the bits of lists that are made of others, as they are wanted and as they were applied."""
    if not questions.unions and not questions.unions_then:
        return rows
    told = select(*key(), *words("i", layout), *words("d", layout)).from_(rows.subquery("u"))
    for family, unions in (("w", questions.unions), ("a", questions.unions_then)):
        made = with_unions(layout, unions, words(family, layout))
        told = told.select(*(alias(word, f"{family}{number}") for number, word in enumerate(made)))
    return told


def _or_none(owner: str, column: str) -> Sql:
    return exp.func("COALESCE", name(column, owner), integer(0))


def _differs(layout: Layout) -> Sql:
    held, wanted, applied, doubtful = (words(family, layout) for family in "iwad")
    moved = [h.neq(w).or_(h.neq(a)) for h, w, a in zip(held, wanted, applied, strict=True)]
    return either([*moved, some(doubtful)])


def additions(layout: Layout, frozen: tuple[int, ...]) -> list[Sql]:
    """The bits to add that the ledger does not have."""
    return [
        masked(without(w, i), _outside(f))
        for w, i, f in zip(words("w", layout), words("i", layout), frozen, strict=True)
    ]


def additions_again(layout: Layout, frozen: tuple[int, ...]) -> list[Sql]:
    """The bits to add once more, because what the ledger says of them is in doubt."""
    families = (words(family, layout) for family in "wid")
    return [masked(common(common(w, i), d), _outside(f)) for w, i, d, f in zip(*families, frozen, strict=True)]


def removals_again(layout: Layout, frozen: tuple[int, ...]) -> list[Sql]:
    """The bits to remove that only a doubtful intent names."""
    families = (words(family, layout) for family in "dwi")
    return [masked(without(without(d, w), i), _outside(f)) for d, w, i, f in zip(*families, frozen, strict=True)]


def _outside(mask: int) -> int:
    return ((1 << WORD) - 1) & ~mask


def removals(layout: Layout) -> list[Sql]:
    """The bits to remove, before anything is held back."""
    return [without(i, w) for i, w in zip(words("i", layout), words("w", layout), strict=True)]
