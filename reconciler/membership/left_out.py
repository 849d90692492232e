"""Who meets a list's conditions and is not sent: persons, each once, by the first reason that keeps her out."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp, select

from reconciler.membership.causes import Inquiry
from reconciler.membership.counting import count_bits
from reconciler.membership.engine import Engine
from reconciler.membership.layout import Layout
from reconciler.membership.ledger import words
from reconciler.membership.normalise import Invalid
from reconciler.membership.sql import (
    Sql,
    alias,
    call,
    common,
    create,
    either,
    integer,
    masked,
    name,
    negated,
    table,
    text,
    together,
    when,
    without,
)
from reconciler.model.address import Address
from reconciler.model.membership import LeftOut


def count_left_out(engine: Engine, inquiry: Inquiry) -> Mapping[LeftOut, Mapping[Address, int]]:
    """For each reason, how many persons of each list. A person is reached if any of her records has an identifier that
    can be sent; she has none if all that her records have is blank.
    """
    layout = inquiry.layout
    qualifying, denied = words("wq", layout), words("wn", layout)
    rest = [without(q, n) for q, n in zip(qualifying, denied, strict=True)]
    refused: list[Sql] = [
        when(name("c"), integer(0), masked(r, m)) for r, m in zip(rest, inquiry.needs_consent, strict=True)
    ]
    asked = [without(a, b) for a, b in zip(rest, refused, strict=True)]
    persons = select().from_(_persons(engine, inquiry))
    unreachable = persons.where(negated(name("reached")))
    excluded = [common(q, n) for q, n in zip(qualifying, denied, strict=True)]
    return {
        LeftOut.EXCLUDED: count_bits(engine, layout, persons, excluded),
        LeftOut.NO_CONSENT: count_bits(engine, layout, persons, refused),
        LeftOut.NO_IDENTIFIER: count_bits(engine, layout, unreachable.where(negated(name("tried"))), asked),
        LeftOut.INVALID: count_bits(engine, layout, unreachable.where(name("tried")), asked),
    }


def _persons(engine: Engine, inquiry: Inquiry) -> Sql:
    """Rows `(c, wq…, wn…, reached, tried)`, one a person."""
    layout = inquiry.layout
    records = select(name("k"), name("p"), name("c"), *_words(layout), *_identified(inquiry)).from_(table("people"))
    if inquiry.relations.source.customers.same_person is None:
        return records.subquery("p")
    merging = exp.In(this=name("k"), query=select(name("k")).from_(table("persons")).subquery())
    rows = records.subquery("r")
    told: list[Sql] = [alias(call("bool_or", name(each)), each) for each in ("c", "reached", "tried")]
    told += [alias(exp.Max(this=word), word.name) for word in _words(layout)]
    merged = select(*told).from_(rows).where(merging).group_by(name("p"))
    engine.run(create("persons_merged", merged))
    columns = [name("c"), name("reached"), name("tried"), *_words(layout)]
    alone = select(*columns).from_(rows.copy()).where(negated(merging.copy()))
    return together([alone, select(*columns).from_(table("persons_merged"))]).subquery("p")


def _words(layout: Layout) -> list[Sql]:
    return [*words("wq", layout), *words("wn", layout)]


def _identified(inquiry: Inquiry) -> list[Sql]:
    """Whether a record has an identifier that can be sent, and whether it has any that is not blank."""
    valid = either(negated(name(column.value).is_(exp.null())) for column in inquiry.columns)
    there = either(name(column.reason).neq(text(Invalid.BLANK)) for column in inquiry.columns)
    return [alias(valid, "reached"), alias(exp.func("COALESCE", there, exp.false()), "tried")]
