"""Why each removal happens, worked out for the removed alone: the first cause that holds, for all lists at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlglot import exp, select

from reconciler.membership.difference import Side, denied_words, mix, removals, youngest
from reconciler.membership.digests import sent
from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column, identifier_rows
from reconciler.membership.keys import KEY, key, same_key
from reconciler.membership.layout import Layout
from reconciler.membership.ledger import words
from reconciler.membership.people import People
from reconciler.membership.persons import persons_of
from reconciler.membership.scopes import Evaluated
from reconciler.membership.source import Relations
from reconciler.membership.sql import (
    Sql,
    alias,
    bits,
    call,
    common,
    create,
    drop,
    either,
    integer,
    mask_when,
    masked,
    name,
    negated,
    some,
    table,
    together,
    without,
)
from reconciler.membership.unions import Unions, with_causes
from reconciler.model.address import Address
from reconciler.model.membership import Cause

ORDER = (Cause.GONE, Cause.CONSENT, Cause.PERIOD, Cause.EXCLUDED, Cause.DEFINITION, Cause.AGED, Cause.UNMET)


@dataclass(frozen=True, kw_only=True, slots=True)
class Inquiry:
    """What the causes depend on. `drained` and `frozen` are masks of lists; `stale` the kinds that are not to be
    trusted; `unions` the lists that are made of others.

    `then` holds, for each clock of an earlier apply, the applied definitions to ask again at that clock.
    """

    layout: Layout
    relations: Relations
    columns: tuple[Column, ...]
    as_of: dt.datetime
    wanted: tuple[Evaluated, ...]
    applied: tuple[Evaluated, ...]
    needs_consent: tuple[int, ...]
    drained: tuple[int, ...]
    frozen: tuple[int, ...]
    stale: frozenset[str]
    slices: tuple[tuple[Address, ...], ...]
    slices_then: tuple[tuple[Address, ...], ...]
    all_alike: bool
    then: Mapping[dt.datetime, tuple[Evaluated, ...]]
    then_needs_consent: tuple[int, ...]
    unions: Unions


def family(cause: Cause) -> str:
    """The family of words of a cause in the table `causes`."""
    return f"{cause.value}_"


def make_causes(engine: Engine, inquiry: Inquiry) -> None:
    """Make the table `causes(h, i, gone_…, consent_…, …)`: for every removal of the join, its one cause; what is frozen
    is left out, but for consent and exclusion by what is fresh.
    """
    layout = inquiry.layout
    gone = [alias(word, f"rem{number}") for number, word in enumerate(removals(layout))]
    applied = [alias(word, f"a{number}") for number, word in enumerate(words("a", layout))]
    moved = [alias(word, f"moved{number}") for number, word in enumerate(_elsewhere(inquiry))]
    rows = select(*key(), *gone, *applied, *moved).from_(table("joined")).where(some(removals(layout)))
    engine.run(create("removed", rows))
    engine.run(create("held", _held(inquiry)))
    if inquiry.relations.named is not None:
        engine.run(create("named", _named(inquiry.relations.named)))
    engine.run(create("affected", persons_of(inquiry.relations).whole("held")))
    _ask_now(engine, inquiry)
    _ask_then(engine, inquiry)
    engine.run(create("causes", _with_unions(_causes(inquiry), inquiry)))


def _with_unions(rows: exp.Select, inquiry: Inquiry) -> exp.Select:
    if not inquiry.unions:
        return rows
    layout = inquiry.layout
    families = {family(cause): words(family(cause), layout) for cause in ORDER}
    told = with_causes(layout, inquiry.unions, families)
    out = select(*key(), *words("moved", layout)).from_(rows.subquery("c"))
    return out.select(*(alias(word, f"{label}{n}") for label, made in told.items() for n, word in enumerate(made)))


def _elsewhere(inquiry: Inquiry) -> list[Sql]:
    """The slices of a segment in one of which the identifier is wanted: leaving another is a move between sisters."""
    layout = inquiry.layout
    out: list[list[Sql]] = [[] for _ in range(layout.words)]
    for segment in inquiry.slices:
        masks = layout.mask(segment)
        wanted = some(masked(word, mask) for word, mask in zip(words("w", layout), masks, strict=True) if mask)
        for number, mask in enumerate(masks):
            out[number] += [mask_when(wanted, mask)] if mask else []
    return [bits(*parts) for parts in out]


def _held(inquiry: Inquiry) -> exp.Query:
    """Who carries the removed identifiers now: rows `(h, i, k, c, wn…, an…)`.

    Here, and only here, non-members are hashed. What a member alone carries was hashed before.
    """
    wanted_none = words("wn", inquiry.layout)
    own = "wn" if inquiry.all_alike else "an"
    applied_none = [alias(word, f"an{number}") for number, word in enumerate(words(own, inquiry.layout))]
    carried = [name("k"), name("c"), *wanted_none, *applied_none]
    told = [name(column.alias_or_name) for column in carried]
    rows = identifier_rows(inquiry.columns, [*carried, *words("wq", inquiry.layout)]).subquery("e")
    hashed = select(alias(sent(inquiry.columns), "h"), name("i"), *told).from_(rows)
    hashed = hashed.join(_hashed_before().subquery("b"), on=mix().eq(name("x", "b")), join_type="left")
    hashed = hashed.where(either([negated(_is_member(inquiry)), negated(name("x", "b").is_(exp.null()))]))
    of_removed = [name(column, "p") for column in (*KEY, *(column.name for column in told))]
    return select(*of_removed).from_(hashed.subquery("p")).join(table("removed").as_("r"), on=same_key("p", "r"))


def _hashed_before() -> exp.Query:
    """The quick hashes of whatever was removed and is still a member elsewhere, and of what several people carry."""
    removed = select(name("x", "m")).from_(table("members").as_("m"))
    removed = removed.join(table("removed").as_("r"), on=same_key("m", "r"))
    return exp.union(removed, select(name("x")).from_(table("shared")), distinct=True)


def _is_member(inquiry: Inquiry) -> Sql:
    """Whether a person belongs on some list by herself: then whatever she carries is among the members."""
    layout = inquiry.layout
    side = Side(member="w", qualifying="wq", denying="wn", needs_consent=inquiry.needs_consent, slices=())
    kept = zip(words(side.qualifying, layout), denied_words(side, layout), strict=True)
    return some(without(qualifying, denied) for qualifying, denied in kept)


def _named(of_guests: exp.Query) -> exp.Select:
    """The removed identifiers that guests named."""
    rows = select(*key("g")).distinct().from_(of_guests.subquery("g"))
    return rows.join(table("removed").as_("r"), on=same_key("g", "r"))


def _ask_now(engine: Engine, inquiry: Inquiry) -> None:
    """For the people concerned: whose `not_followed_by` found its event, and whom fresh data alone excludes."""
    people = People(inquiry.relations, inquiry.layout, inquiry.as_of, among="affected", unpruned=True)
    for evaluated in inquiry.wanted:
        people.followed("wf", evaluated)
        people.deny("fresh", evaluated, without_kinds=inquiry.stale)
        people.followed("fresh", evaluated, without_kinds=inquiry.stale)
    for evaluated in inquiry.applied:
        people.followed("af", evaluated)
    people.prepare(engine)
    engine.run(create("present", people.query(("wf", "af", "fresh"))))


def _ask_then(engine: Engine, inquiry: Inquiry) -> None:
    """Make `earlier(h, i, t…, g…)`: who would belong on today's data at the clock of the last apply, and which of them
    has been followed since by what a `not_followed_by` names.
    """
    layout = inquiry.layout
    parts = [_nobody_then(layout)]
    for number, (as_of, applied) in enumerate(inquiry.then.items()):
        people = People(inquiry.relations, layout, as_of, among="affected")
        for evaluated in applied:
            people.qualify("tq", evaluated, direct=True)
            people.deny("tn", evaluated)
        people.prepare(engine)
        engine.run(create(f"earlier_{number}", people.query(("tq", "tn"))))
        parts.append(_members_then(inquiry, f"earlier_{number}"))
    rows = together(parts)
    joined = [alias(call("bit_or", word), word.name) for word in (*words("t", layout), *words("g", layout))]
    told = select(*key(), *joined).from_(rows.subquery("u", copy=False), copy=False)
    engine.run(create("earlier", told.group_by(*key(), copy=False)))
    engine.run(drop("facts_affected"))


def _nobody_then(layout: Layout) -> exp.Select:
    none = [alias(exp.cast(integer(0), "BIGINT"), label) for label in _family_names(("t", "g"), layout)]
    return select(*key(), *none).from_(table("held")).where(exp.false())


def _members_then(inquiry: Inquiry, people: str) -> exp.Select:
    layout = inquiry.layout
    rows = select(*key()).from_(table("held")).join(table(people), using=["k"])
    rows = rows.join(table("present"), using=["k"]).group_by(*key())
    refused = [mask_when(negated(name("c")), mask) if mask else integer(0) for mask in inquiry.then_needs_consent]
    for number, no in enumerate(refused):
        denied = call("bit_or", bits(name(f"tn{number}"), no))
        rows.select(alias(without(call("bit_or", name(f"tq{number}")), denied), f"t{number}"), copy=False)
        since = common(name(f"tq{number}"), _followed(number))
        rows.select(alias(call("bit_or", since), f"g{number}"), copy=False)
    kept = [alias(word, f"t{number}") for number, word in enumerate(youngest(inquiry.slices_then, layout, "t"))]
    return select(*key(), *kept, *words("g", layout)).from_(rows.subquery("g", copy=False), copy=False)


def _followed(number: int) -> Sql:
    return common(name(f"wf{number}"), name(f"af{number}"))


def _causes(inquiry: Inquiry) -> exp.Select:
    layout = inquiry.layout
    out = select(*key())
    for number in range(layout.words):
        for cause, word in _first_that_holds(inquiry, number).items():
            out.select(alias(_unless_frozen(inquiry, cause, word, number), f"{family(cause)}{number}"), copy=False)
        out.select(name(f"moved{number}"), copy=False)
    return out.from_(_told(inquiry).subquery("s", copy=False), copy=False)


def _first_that_holds(inquiry: Inquiry, number: int) -> dict[Cause, Sql]:
    """One word a cause; what an earlier cause has taken, a later one has not."""
    left: Sql = name(f"rem{number}")
    out: dict[Cause, Sql] = {}
    for cause, holds in zip(ORDER, _holding(inquiry, number), strict=True):
        out[cause] = common(left, holds)
        left = without(left, holds)
    return out


def _holding(inquiry: Inquiry, number: int) -> tuple[Sql, ...]:
    """What makes each cause hold. A `not_followed_by` excludes who belonged until its event came; where its event came
    late and the person would not have belonged then either, any holder who was followed is reason enough.
    """
    whole = integer((1 << 63) - 1)
    wanted_none, applied_none = name(f"wn{number}"), name(f"an{number}")
    late = without(_followed(number), name(f"t{number}"))
    excluded = bits(common(wanted_none, applied_none), name(f"g{number}"), late)
    return (
        mask_when(negated(name("known")), (1 << 63) - 1),
        mask_when(name("refused"), inquiry.needs_consent[number]),
        integer(inquiry.drained[number]),
        excluded,
        bits(without(wanted_none, applied_none), name(f"a{number}")),
        name(f"t{number}"),
        whole,
    )


def _unless_frozen(inquiry: Inquiry, cause: Cause, word: Sql, number: int) -> Sql:
    frozen = inquiry.frozen[number]
    if not frozen or cause is Cause.CONSENT:
        return word
    moving = masked(word, ((1 << 63) - 1) & ~frozen)
    return bits(moving, common(word, name(f"fresh{number}"))) if cause is Cause.EXCLUDED else moving


def _told(inquiry: Inquiry) -> exp.Select:
    """A row a removed identifier with everything that its holders are, together."""
    layout = inquiry.layout
    guests = inquiry.relations.named is not None
    knowing = ("p", "n") if guests else ("p",)
    people: exp.Select = select(*key(), alias(call("bool_or", negated(name("c"))), "refused"))
    for label in _family_names(("wn", "an", "wf", "af", "fresh"), layout):
        people.select(alias(call("bit_or", name(label)), label), copy=False)
    people = people.from_(table("held")).join(table("present"), using=["k"]).group_by(*key())
    told = select(*key("r"), *(name(label, "r") for label in _family_names(("rem", "a", "moved"), layout)))
    told = told.select(alias(either(negated(name("h", each).is_(exp.null())) for each in knowing), "known"))
    told = told.select(alias(exp.func("COALESCE", name("refused", "p"), exp.false()), "refused"))
    for owner, families in (("p", ("wn", "an", "wf", "af", "fresh")), ("t", ("t", "g"))):
        for label in _family_names(families, layout):
            told.select(alias(exp.func("COALESCE", name(label, owner), integer(0)), label), copy=False)
    told = told.from_(table("removed").as_("r"))
    if guests:
        told = told.join(table("named").as_("n"), on=same_key("r", "n"), join_type="left")
    told = told.join(people.subquery("p", copy=False), on=same_key("r", "p"), join_type="left")
    return told.join(table("earlier").as_("t"), on=same_key("r", "t"), join_type="left")


def _family_names(families: Collection[str], layout: Layout) -> list[str]:
    return [f"{label}{number}" for label in families for number in range(layout.words)]
