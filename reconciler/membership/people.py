"""Conditions as SQL: one row a person, one bit a list, whatever the number of segments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlglot import exp, select

from reconciler.errors import ReconcilerError
from reconciler.membership.ages import within
from reconciler.membership.engine import Engine
from reconciler.membership.facts import Facts, Stream
from reconciler.membership.layout import WORD, Layout
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
from reconciler.membership.source import Relations, label
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
)
from reconciler.membership.values import ABSENT, number_satisfies, satisfies
from reconciler.model.address import Address
from reconciler.model.conditions import (
    Attribute,
    Condition,
    Event,
    Everyone,
    Group,
    Occurs,
    Pick,
    SegmentRef,
    SliceMark,
    Times,
    Total,
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
        self._facts = Facts(relations.events, layout.words)
        self._among = among
        self._relations = relations
        self._layout = layout
        self._as_of = as_of
        self._unpruned = unpruned
        self._attributes: set[str] = set()
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

    def prepare(self, engine: Engine) -> None:
        """Run the one scan of the events into the table of facts."""
        engine.run(drop(self._table))
        facts = self._facts.query(self._as_of, self._among)
        if facts is not None:
            engine.run(create(self._table, facts))

    def query(
        self, families: Iterable[str], extra: Iterable[tuple[str, Sql]] = (), of: str = "customers"
    ) -> exp.Select:
        """A row a person of the relation `of`: `k`, the `extra` columns (over `customers`), the words of some
        families.
        """
        extra = list(extra)
        told = select(name("k"), *(name(column) for column, _ in extra))
        told = told.select(name("n") if self._facts.is_asked else alias(integer(0), "n"))
        places = [(family, word) for family in families for word in range(self._layout.words)]
        told = told.select(*(alias(self._word(family, word), f"{family}{word}") for family, word in places))
        return told.from_(self._layered(extra, of).subquery("p"))

    @property
    def _table(self) -> str:
        return f"facts_{self._among}" if self._among else "facts"

    def _use_own_bit(self, family: str, event: Event, address: Address) -> None:
        position = self._layout.positions[address]
        self._facts.occurs_at(Stream(event.kinds, event.where), _resolved(event.within, None), position)
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
            rows = select("*", *(alias(value, column) for column, value in layer)).from_(rows.subquery("l"))
        return rows

    def _base(self, extra: list[tuple[str, Sql]], of: str) -> exp.Select:
        base = select(name("k", "customers"), *(alias(value, column) for column, value in extra))
        base = base.select(*(alias(self._attribute(column), label(column)) for column in sorted(self._attributes)))
        base = base.from_(table(of).as_("customers"))
        if self._facts.is_asked:
            same = name("k", "customers").eq(name("k", "f"))
            base = base.select(*map(_with_nothing, self._facts.columns))
            base = base.join(table(self._table).as_("f"), on=same, join_type="left")
        if self._among is None:
            return base
        return base.where(
            exp.In(this=name("k", "customers"), query=select(name("k")).from_(table(self._among)).subquery())
        )

    def _attribute(self, column: str) -> Sql:
        """A column that only an earlier definition names may be there no more: then every value is missing."""
        known = column in self._relations.customers
        return name(label(column), "customers") if known else exp.cast(exp.null(), "TEXT")

    def _condition(self, condition: Condition, scope: Scope) -> Sql:
        match condition:
            case Everyone():
                return exp.true()
            case Attribute(test):
                self._attributes.add(test.column)
                return satisfies(
                    test, self._relations.customers.get(test.column, ABSENT).kind, column=label(test.column)
                )
            case SegmentRef():
                return self._reference(condition, scope)[0]
            case Group():
                return self._group(condition, scope)
            case Event():
                return self._event(condition, scope)
            case _:
                raise ReconcilerError("This condition can't be computed yet.", hint="This is a bug in reconciler.")

    def _group(self, group: Group, scope: Scope) -> Sql:
        parts = [self._condition(member, scope) for member in group.all]
        if group.any:
            parts.append(either(self._condition(member, scope) for member in group.any))
        if group.none:
            parts.append(negated(either(self._condition(member, scope) for member in group.none)))
        return each(parts)

    def _event(self, event: Event, scope: Scope) -> Sql:
        stream = Stream(event.kinds, event.where)
        window = _resolved(event.within, scope.window)
        match event.measure:
            case Occurs():
                return self._facts.occurs(stream, window)
            case Times(comparisons):
                return number_satisfies(comparisons, self._facts.count(stream, window))
            case Total(of, comparisons):
                return number_satisfies(comparisons, self._facts.total(stream, window, of))
            case Pick(kinds):
                time = self._facts.latest(stream, window.end)
                inside = exp.func("COALESCE", within(time, window, self._as_of), exp.false())
                return each([inside, *(negated(self._after(kind, time, window.end)) for kind in kinds)])

    def _after(self, kind: str, time: Sql, reach: int | None) -> Sql:
        return exp.func("COALESCE", self._facts.latest(Stream((kind,)), reach) >= time, exp.false())

    def _followed(self, event: Event) -> Sql:
        reach = event.within.end if isinstance(event.within, Window) and not self._unpruned else None
        time = self._facts.latest(Stream(event.kinds, event.where), reach)
        kinds = event.measure.not_followed_by if isinstance(event.measure, Pick) else ()
        return either(self._after(kind, time, reach) for kind in kinds)

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


def _with_nothing(column: tuple[str, Sql | None]) -> Sql:
    label, nothing = column
    value = name(label, "f")
    return value if nothing is None else alias(exp.func("COALESCE", value, nothing), label)


def _resolved(window: Window | SliceMark, of_slice: Window | None) -> Window:
    if isinstance(window, Window):
        return window
    if of_slice is None:
        raise ReconcilerError("`within: slice` without a slice.", hint="This is a bug in reconciler.")
    return of_slice
