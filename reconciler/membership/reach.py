"""Whom lists and audiences reach, person by person: an identifier on a list reaches everybody who holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp, select

from reconciler.membership.difference import Side, denied_words, youngest
from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column, identifier_rows
from reconciler.membership.layout import Layout
from reconciler.membership.ledger import words
from reconciler.membership.sql import (
    Sql,
    alias,
    bits,
    call,
    common,
    create,
    each,
    either,
    mask_when,
    masked,
    name,
    negated,
    some,
    table,
    without,
)
from reconciler.model.address import Address
from reconciler.model.algebra import And, Formula, Leaf, Not, Or
from reconciler.model.overlap import Targets

HELD, REACHED = "on_lists", "reached"


@dataclass(frozen=True, slots=True)
class Aim:
    """What an audience targets, as `formula` says; `include` are the masks of the lists that bring somebody in."""

    include: tuple[int, ...]
    formula: Formula


def aims_of(layout: Layout, audiences: Mapping[Address, Targets]) -> dict[Address, Aim]:
    """What each audience targets, as masks."""
    return {address: Aim(layout.mask(each.include), each.formula) for address, each in audiences.items()}


def make_reached(
    engine: Engine,
    layout: Layout,
    side: Side,
    columns: Sequence[Column],
    *,
    among: Sequence[int],
    audiences: Layout,
    aims: Mapping[Address, Aim],
) -> None:
    """Make the tables `on_lists(e, i, w…)` of every identifier that is sent for a list of the masks `among`, with the
    lists that hold it, and `reached(p, w…, a…)` of every person whom they reach, with the audiences that do.
    """
    engine.run(create(HELD, _on_lists(layout, side, columns, among)))
    lists = words("w", layout)
    told = [alias(call("bit_or", word), word.name) for word in lists]
    for word, members in audiences.by_word():
        reaching = _masks([(_reaches(aims[address], layout, lists), mask) for address, mask in members])
        told.append(alias(call("bit_or", reaching), f"a{word}"))
    rows = _reaching(layout, columns, [])
    engine.run(create(REACHED, select(name("p"), *told).from_(rows).group_by(name("p"))))


def make_aimed(
    engine: Engine,
    layout: Layout,
    side: Side,
    columns: Sequence[Column],
    *,
    audiences: Layout,
    aims: Mapping[Address, Aim],
    since: Sequence[Sql],
) -> None:
    """The same with more of each person: `b…` the lists of `w…` for which she has a bit in the words of `since`, `a…`
    the audiences that reach her, `d…` those that do by such a list.
    """
    engine.run(create(HELD, _on_lists(layout, side, columns, layout.mask(layout.positions))))
    own = [
        alias(common(q, s), f"s{n}") for n, (q, s) in enumerate(zip(words(side.qualifying, layout), since, strict=True))
    ]
    lists = words("w", layout)
    also = [common(word, name(f"s{n}")) for n, word in enumerate(lists)]
    told = [alias(call("bit_or", word), word.name) for word in lists]
    told += [alias(call("bit_or", word), f"b{n}") for n, word in enumerate(also)]
    for word, members in audiences.by_word():
        by_any = [(_reaches(aims[address], layout, lists), mask) for address, mask in members]
        by_since = [
            (each([_reaches(aims[a], layout, lists), _has(also, aims[a].include)]), mask) for a, mask in members
        ]
        told.append(alias(call("bit_or", _masks(by_any)), f"a{word}"))
        told.append(alias(call("bit_or", _masks(by_since)), f"d{word}"))
    rows = _reaching(layout, columns, own)
    engine.run(create(REACHED, select(name("p"), *told).from_(rows).group_by(name("p"))))


def _on_lists(layout: Layout, side: Side, columns: Sequence[Column], among: Sequence[int]) -> exp.Select:
    """Exclusion wins, and of slices the youngest."""
    qualifying = words(side.qualifying, layout)
    kept = [_kept(word, mask) for word, mask in zip(qualifying, among, strict=True)]
    denied = [_kept(word, mask) for word, mask in zip(denied_words(side, layout), among, strict=True)]
    told = [alias(q, word.name) for q, word in zip(kept, qualifying, strict=True)]
    told += [alias(d, f"x{n}") for n, d in enumerate(denied)]
    rows = identifier_rows(columns, told, some([*kept, *denied])).subquery("h")
    together: exp.Select = select(*_held_key()).from_(rows).group_by(*_held_key())
    for number, word in enumerate(qualifying):
        sent = without(call("bit_or", word), call("bit_or", name(f"x{number}")))
        together = together.select(alias(sent, f"w{number}"))
    held = select(*_held_key(), *words("w", layout)).from_(together.subquery("g"))
    held = held.where(some(words("w", layout)))
    kept_words = [alias(word, f"w{n}") for n, word in enumerate(youngest(side.slices, layout, "w"))]
    return select(*_held_key(), *kept_words).from_(held.subquery("y"))


def _kept(word: Sql, mask: int) -> Sql:
    return exp.cast(masked(word, mask), "BIGINT")


def _held_key() -> list[exp.Column]:
    """What tells identifiers apart before they are hashed."""
    return [name("e"), name("i")]


def _reaching(layout: Layout, columns: Sequence[Column], own: Sequence[Sql]) -> Sql:
    """Rows `(p, own…, w…)`: a person, and the lists that hold one of her identifiers."""
    holders = identifier_rows(columns, [name("p"), *own]).subquery("h")
    same = each(name(column.name, "h").eq(name(column.name, "l")) for column in _held_key())
    told = [name("p", "h"), *(name(column.alias, "h") for column in own)]
    rows = select(*told, *(name(word.name, "l") for word in words("w", layout))).from_(holders)
    return rows.join(table(HELD).as_("l"), on=same).subquery("r")


def _reaches(aim: Aim, layout: Layout, lists: Sequence[Sql]) -> Sql:
    return on_lists(aim.formula, lambda some_lists: _has(lists, layout.mask(some_lists)))


def on_lists(formula: Formula, on: Callable[[Sequence[Address]], Sql]) -> Sql:
    """A formula in SQL; `on` tells whether somebody is on one of some lists. Lists that stand beside each other are
    asked for together.
    """
    match formula:
        case Leaf(name):
            return on([Address(name)])
        case Not(of):
            return negated(on_lists(of, on))
        case Or(parts):
            plain, others = _apart(parts)
            return either([*([on(plain)] if plain else []), *(on_lists(part, on) for part in others)])
        case And(parts):
            denied, others = _apart([part.of if isinstance(part, Not) else Not(part) for part in parts])
            told = [on_lists(part.of if isinstance(part, Not) else Not(part), on) for part in others]
            return each([*told, *([negated(on(denied))] if denied else [])])


def _apart(parts: Sequence[Formula]) -> tuple[list[Address], list[Formula]]:
    """Single lists, and the rest."""
    plain = [Address(part.name) for part in parts if isinstance(part, Leaf)]
    return plain, [part for part in parts if not isinstance(part, Leaf)]


def _has(lists: Sequence[Sql], masks: Sequence[int]) -> Sql:
    return either(masked(word.copy(), mask).neq(0) for word, mask in zip(lists, masks, strict=True) if mask)


def _masks(conditions: Sequence[tuple[Sql, int]]) -> Sql:
    return exp.cast(bits(*(mask_when(condition, mask) for condition, mask in conditions)), "BIGINT")
