"""Guests: events whose customer is unknown belong to whoever holds an identifier that they name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp, select

from reconciler.membership import preparing
from reconciler.membership.checks import Columns
from reconciler.membership.columns import label
from reconciler.membership.digests import sent
from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column, columns_of, identifier_rows
from reconciler.membership.normalise import Invalid
from reconciler.membership.source import Relations, relation_of
from reconciler.membership.sql import (
    Sql,
    alias,
    call,
    create,
    either,
    name,
    negated,
    one_of,
    table,
    text,
    together,
    when,
)
from reconciler.membership.tables import owners
from reconciler.model.settings import Events, Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """What finding guests needs: `columns` are the identifiers of customers in `addressed`, `kinds` are those of the
    events that somebody asks for, `places` tell where each column was named.
    """

    engine: Engine
    relations: Relations
    columns: tuple[Column, ...]
    settings: Settings
    kinds: frozenset[str]
    places: Columns


def welcome(party: Party) -> Relations:
    """Make `happened`: the events under the key of whom they belong to, one row for each such person; NULL where there
    is nobody. `addressed` and, where records merge, `persons` are there.

    Raises SourceInvalid for digests where plain identifiers were declared, and the other way round.
    """
    relations = party.relations
    asked = [number for number, events in enumerate(relations.source.events) if _is_asked(events, party.kinds)]
    guests = [number for number in asked if relations.source.events[number].identifiers]
    if not guests:
        return relations
    named = [_find(party, number) for number in guests]
    parts = [_told(relations, number, guests=number in guests) for number in asked]
    party.engine.run(exp.Create(this=table("happened"), kind="VIEW", expression=together(parts)))
    return replace(relations, happened="happened", named=together(named))


def _is_asked(events: Events, kinds: frozenset[str]) -> bool:
    return events.kind in kinds if events.kind is not None else bool(kinds)


def _find(party: Party, number: int) -> exp.Query:
    """Make `found_N(g, k)`: the persons who hold what the guests of one source name, `g`. Answers all that they name,
    as it would be sent.
    """
    engine, relations, guests = party.engine, party.relations, f"guests_{number}"
    engine.run(create(guests, _named(party, number)))
    own = columns_of(relations.source.events[number].identifiers, party.settings, relations.own[number])
    ready, listed = f"{guests}_addressed", f"{guests}_listed"
    preparing.prepare(engine, own, of=guests, into=ready, listed=listed)
    owner = list(owners(relations.source))[number]
    wrong = (Invalid.HASH, Invalid.PLAIN)
    preparing.refuse_misdeclared(engine, own, wrong, party.places, owner=owner, of=ready, listed=listed)
    said = identifier_rows(own, [name("k")], of=ready, listed=listed)
    engine.run(create(f"found_{number}", _found(party, said)))
    every = identifier_rows(own, of=ready, listed=listed).subquery("n")
    return select(alias(sent(own), "h"), name("i")).from_(every)


def _named(party: Party, number: int) -> exp.Select:
    """What guests name, each once, under `k`."""
    raw = _raw(party.relations, number)
    named = either(negated(each.is_(exp.null())) for each in raw)
    rows = select(alias(name("g"), "k"), *raw).distinct()
    rows = rows.from_(_with_guests(party.relations, number).subquery("e"))
    return rows.where(negated(name("g").is_(exp.null())), one_of(name("kind"), sorted(party.kinds)), named)


def _found(party: Party, said: exp.Query) -> exp.Select:
    holders = identifier_rows(party.columns, [name("k")], of="addressed").subquery("c")
    same = name("e", "g").eq(name("e", "c")).and_(name("i", "g").eq(name("i", "c")))
    found = select(alias(name("k", "g"), "g")).distinct().from_(said.subquery("g")).join(holders, on=same)
    if party.relations.source.customers.same_person is None:
        return found.select(name("k", "c"))
    found = found.join(table("persons").as_("p"), on=name("k", "p").eq(name("k", "c")), join_type="left")
    return found.select(alias(exp.func("COALESCE", name("p", "p"), name("k", "c")), "k"))


def _raw(relations: Relations, number: int) -> list[exp.Column]:
    return [name(label(each.column)) for each in relations.source.events[number].identifiers]


def _with_guests(relations: Relations, number: int) -> exp.Select:
    """The events of one source with `known`, the customer if there is one, and else `g`: all that they name."""
    stranger = name("k", "c").is_(exp.null())
    rows = select(exp.Column(this=exp.Star(), table=exp.to_identifier("e")), alias(name("k", "c"), "known"))
    rows = rows.select(alias(when(stranger, _said(_raw(relations, number)), exp.null()), "g"))
    rows = rows.from_(table(relation_of(relations.source, number)).as_("e"))
    return rows.join(table("customers").as_("c"), on=name("k", "e").eq(name("k", "c")), join_type="left")


def _said(raw: list[exp.Column]) -> Sql:
    """What is named, as one text: of several columns, their digests in a row."""
    texts = [exp.func("COALESCE", exp.cast(name(each.name, "e"), "TEXT"), text("")) for each in raw]
    return texts[0] if len(texts) == 1 else exp.Concat(expressions=[call("sha256", each) for each in texts])


def _told(relations: Relations, number: int, *, guests: bool) -> exp.Select:
    """The events of one source, with all columns of `events`."""
    if not guests:
        return relations.share(number, name("k")).from_(table(relation_of(relations.source, number)))
    told = relations.share(number, exp.func("COALESCE", name("known", "e"), name("k", "f")))
    told = told.from_(_with_guests(relations, number).subquery("e"))
    return told.join(table(f"found_{number}").as_("f"), on=name("g", "e").eq(name("g", "f")), join_type="left")
