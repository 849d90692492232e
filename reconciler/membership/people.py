"""Conditions as SQL: one row a person, one bit a list, whatever the number of segments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlglot import exp, select

from reconciler.errors import ReconcilerError
from reconciler.membership.chosen import keys_table, sampled
from reconciler.membership.engine import Engine
from reconciler.membership.happenings import Happenings
from reconciler.membership.layout import WORD, Layout
from reconciler.membership.persons import persons_of
from reconciler.membership.queries import keys_of
from reconciler.membership.scopes import (
    Evaluated,
    Scope,
    followed_events,
    kinds_of,
    plain_window,
    positive,
    refs_of,
    scope_of,
    top_level_none,
    windows_of,
)
from reconciler.membership.source import Relations
from reconciler.membership.sql import (
    Sql,
    alias,
    bits,
    create,
    drop,
    each,
    either,
    integer,
    mask_when,
    masked,
    name,
    negated,
    table,
    when,
)
from reconciler.membership.streams import Scan, is_among
from reconciler.membership.traits import RECORD, Traits
from reconciler.membership.values import as_key
from reconciler.model.address import Address
from reconciler.model.conditions import (
    Attribute,
    Condition,
    Event,
    Everyone,
    Group,
    Keys,
    Query,
    Ratio,
    Sample,
    SegmentRef,
    SliceMark,
)
from reconciler.model.definition import Who
from reconciler.model.time import Window


class People:
    """Compiles definitions, asked at one clock, into the query of a row a person.

    Bits are gathered by family: the words `wq0, wq1, …` of family `wq` hold one bit a list.
    """

    def __init__(
        self,
        relations: Relations,
        layout: Layout,
        as_of: dt.datetime,
        *,
        among: str | None = None,
        unpruned: bool = False,
    ) -> None:
        self._label = label = f"facts_{among}" if among else "facts"
        scan = Scan(columns=relations.events, as_of=as_of, events=relations.happened, among=among)
        self._persons = persons_of(relations)
        self._events = Happenings(scan, self._persons, layout.words, label)
        self._traits = Traits(relations.customers, self._persons, as_of, f"{label}_traits", relations.records)
        self._among = among
        self._relations = relations
        self._layout = layout
        self._as_of = as_of
        self._unpruned = unpruned
        self._queries: dict[str, str] = {}
        self._consent: Sql | None = None
        self._layers: list[list[tuple[str, Sql]]] = []
        self._references: dict[tuple[int, str | None], tuple[Sql, int]] = {}
        self._resolved: dict[tuple[Who, tuple[int, ...]], int] = {}
        self._meanings: dict[tuple[str, str], int] = {}
        self._terms: dict[str, dict[str, tuple[Sql, list[int]]]] = {}
        self._direct: dict[str, list[int]] = {}

    def qualify(self, family: str, evaluated: Evaluated, *, direct: bool = False) -> None:
        """The bits of those who meet a definition, what denies left aside; of lists that the definition has not, none.

        `direct` lets one plain window of events use the list's own bit of the facts; one family a query can have that.
        """
        who = evaluated.definition.who
        windows = windows_of(who)
        condition = positive(who)
        for address, part in evaluated.lists:
            if part not in windows:
                continue
            if direct and (event := plain_window(condition)) is not None:
                self._use_own_bit(family, event, address)
            else:
                scope = replace(scope_of(evaluated.definition), window=windows[part])
                self._term(family, self._condition(condition, scope), [address])

    def deny(self, family: str, evaluated: Evaluated, *, without_kinds: Collection[str] | None = None) -> None:
        """The bits of those whom the top-level `none` denies; with `without_kinds` by conditions that read none of
        these.
        """
        scope = scope_of(evaluated.definition)
        conditions = [
            condition
            for condition in top_level_none(evaluated.definition.who)
            if without_kinds is None or not kinds_of(condition, scope.whos) & set(without_kinds)
        ]
        if conditions:
            denied = either(self._condition(condition, scope) for condition in conditions)
            self._term(family, denied, [address for address, _ in evaluated.lists])

    def followed(self, family: str, evaluated: Evaluated, *, without_kinds: Collection[str] = ()) -> None:
        """The bits of those for whom a `not_followed_by` found its event."""
        scope = scope_of(evaluated.definition)
        latests = followed_events(evaluated.definition.who.condition, scope.whos)
        found = [self._followed(event) for event in latests if not kinds_of(event, scope.whos) & set(without_kinds)]
        if found:
            self._term(family, either(found), [address for address, _ in evaluated.lists])

    def ask_consent(self) -> None:
        """Tell as `c` whether the person has given her consent."""
        self._consent = self._traits.consents(self._relations.source.customers.consent)

    def prepare(self, engine: Engine, records: int = 0) -> None:
        """Run the scans of the events, and what several records tell together, into tables; `records` is about how
        many people they are of, where these are many.
        """
        self._events.prepare(engine, records)
        for sql, label in self._queries.items():
            engine.run(drop(label))
            engine.run(create(label, keys_of(engine, self._relations, sql, self._as_of)))
        merged = self._traits.query(self._among)
        if merged is not None:
            engine.run(drop(self._traits.table))
            engine.run(create(self._traits.table, merged))

    def query(
        self, families: Iterable[str], extra: Iterable[tuple[str, Sql]] = (), of: str = "customers"
    ) -> exp.Select:
        """A row a record of the relation `of`: its key `k`, its person's `p`, the number `n` of her events that were
        read (in one of her rows), the `extra` columns (over `customers`), and the words of some families, which all
        her records share.
        """
        extra = list(extra)
        told = select(name("k"), name("p"), *(name(column) for column, _ in extra), self._number())
        told = told.select(*([] if self._consent is None else [alias(self._consent, "c")]))
        places = [(family, word) for family in families for word in range(self._layout.words)]
        told = told.select(*(alias(self._word(family, word), f"{family}{word}") for family, word in places))
        return told.from_(self._layered(extra, of).subquery("p", copy=False), copy=False)

    def _number(self) -> Sql:
        if not self._events.is_asked:
            return alias(integer(0), "n")
        own = name("k").eq(name("p"))
        return alias(when(own, name("n"), integer(0)), "n") if self._persons.merge else name("n")

    def _use_own_bit(self, family: str, event: Event, address: Address) -> None:
        position = self._layout.positions[address]
        self._events.occurs_at(event, _resolved(event.within, None), position)
        self._direct.setdefault(family, []).append(position)

    def _term(self, family: str, condition: Sql, addresses: list[Address]) -> None:
        positions = [self._layout.positions[address] for address in addresses]
        terms = self._terms.setdefault(family, {})
        terms.setdefault(condition.sql(), (condition, []))[1].extend(positions)

    def _word(self, family: str, word: int) -> Sql:
        own = sum(1 << position % WORD for position in self._direct.get(family, ()) if position // WORD == word)
        parts = [masked(name(f"m{word}"), own)] if own else []
        for condition, positions in self._terms.get(family, {}).values():
            mask = sum(1 << position % WORD for position in positions if position // WORD == word)
            parts += [mask_when(condition, mask)] if mask else []
        return exp.cast(bits(*parts), "BIGINT")

    def _layered(self, extra: list[tuple[str, Sql]], of: str) -> exp.Select:
        """The base row with facts and attributes, then one layer for each depth of references between segments."""
        rows = self._base(extra, of)
        for layer in self._layers:
            rows = select("*", *(alias(value, column) for column, value in layer)).from_(rows.subquery("l", copy=False))
        return rows

    def _base(self, extra: list[tuple[str, Sql]], of: str) -> exp.Select:
        record = name("k", RECORD)
        person = self._persons.key(record)
        base = select(record, alias(person, "p"), *(alias(value, column) for column, value in extra))
        base = self._persons.joined(base.from_(table(of).as_(RECORD)), record)
        base = self._traits.joined(self._events.joined(base, person))
        return base if self._among is None else base.where(is_among(record, self._among))

    def _condition(self, condition: Condition, scope: Scope) -> Sql:
        match condition:
            case Everyone():
                return exp.true()
            case Attribute(test):
                return self._traits.attribute(test)
            case SegmentRef():
                return self._reference(condition, scope)[0]
            case Group():
                return self._group(condition, scope)
            case Event():
                return self._events.holds(condition, _resolved(condition.within, scope.window))
            case Ratio():
                return self._events.ratio(condition)
            case Sample() | Keys() | Query():
                return self._by_key(condition)
            case _:
                raise ReconcilerError("This condition can't be computed yet.", hint="This is a bug in reconciler.")

    def _group(self, group: Group, scope: Scope) -> Sql:
        parts = [self._condition(member, scope) for member in group.all]
        if group.any:
            parts.append(either(self._condition(member, scope) for member in group.any))
        if group.none:
            parts.append(negated(either(self._condition(member, scope) for member in group.none)))
        return each(parts)

    def _followed(self, event: Event) -> Sql:
        reach = event.within.end if isinstance(event.within, Window) and not self._unpruned else None
        return self._events.followed(event, reach)

    def _by_key(self, condition: Sample | Keys | Query) -> Sql:
        record = name("k", RECORD)
        match condition:
            case Sample():
                return self._traits.beside(sampled(condition, self._as_key(self._persons.key(record))))
            case Keys(file):
                return self._traits.chosen(keys_table(file), self._as_key(record))
            case Query(sql):
                label = self._queries.setdefault(sql, f"{self._label}_query_{len(self._queries)}")
                return self._traits.chosen(label, self._as_key(record))

    def _as_key(self, key: Sql) -> Sql:
        customers = self._relations.source.customers
        return as_key(key, self._relations.customers[customers.key].kind)

    def _reference(self, ref: SegmentRef, scope: Scope) -> tuple[Sql, int]:
        """The column that tells who is in a referred segment, and its layer; made once for each distinct meaning."""
        who = scope.whos[ref.key]
        key = (self._meaning(ref.key, scope), ref.slice)
        if key not in self._references:
            slices = [part.window for part in who.slices if ref.slice in (None, part.name)]
            windows: list[Window | None] = [*slices] or [None]
            value = either([self._condition(who.condition, replace(scope, window=window)) for window in windows])
            depth = max((self._reference(inner, scope)[1] + 1 for inner in refs_of(who.condition)), default=0)
            column = name(f"in{len(self._references)}")
            self._layers.extend([] for _ in range(depth + 1 - len(self._layers)))
            self._layers[depth].append((column.name, value))
            self._references[key] = (column, depth)
        return self._references[key]

    def _meaning(self, key: str, scope: Scope) -> int:
        """A number for what a segment means in a scope: equal for equal meanings, also between old and new
        definitions.
        """
        known = (scope.digest, key)
        if known not in self._meanings:
            who = scope.whos[key]
            inner = tuple(self._meaning(ref.key, scope) for ref in refs_of(who.condition))
            self._meanings[known] = self._resolved.setdefault((who, inner), len(self._resolved))
        return self._meanings[known]


def _resolved(window: Window | SliceMark, of_slice: Window | None) -> Window:
    if isinstance(window, Window):
        return window
    if of_slice is None:
        raise ReconcilerError("`within: slice` without a slice.", hint="This is a bug in reconciler.")
    return of_slice
