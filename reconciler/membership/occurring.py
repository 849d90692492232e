"""Whether what a workspace mentions occurs in its data: kinds of events, values of columns, and what can be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlglot import exp, select

from reconciler.errors import EngineFailed, EngineUnavailable, Problem
from reconciler.membership.columns import label
from reconciler.membership.comparisons import is_there, satisfies, some
from reconciler.membership.engine import Engine
from reconciler.membership.files import told
from reconciler.membership.queries import keys_of
from reconciler.membership.revealing import FEW, may_be_shown, quoted
from reconciler.membership.source import Relations
from reconciler.membership.sql import Sql, alias, filtered, name, negated, one_of, table
from reconciler.membership.values import Kind, Stored, as_text, typed, unreadable
from reconciler.model.conditions import Comparison, Scalar, Test
from reconciler.model.mentions import MentionedValue, Mentions
from reconciler.model.nearest import nearest
from reconciler.model.settings import Place, Source
from reconciler.model.time import Window

_AT_ONCE = 100
"""How many counts one scan takes."""
_LISTED = 8
"""How many kinds a message lists where none is near."""
_COUNT = exp.func("COUNT", exp.Star())
_LOOKED_FOR = ("is", "not", "contains", "starts_with")
Asked = tuple[str, str, type, Scalar]
"""What is counted: `there`, `odd`, `read` or the operator; the column; the type of the literal; the literal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrences:
    """A source taken in, and what it is held against."""

    engine: Engine
    relations: Relations
    mentions: Mentions
    as_of: dt.datetime

    def problems(self) -> Iterator[Problem]:
        """An error for what nobody can have meant: nearly a name that occurs, a comparison that no value can satisfy, a
        query that can't be run. A warning for what might still come.
        """
        source = self.relations.source
        if self._is_empty("customers"):
            yield _warned(source.customers.table.place, "has no rows")
        else:
            yield from self._values("customers", self.relations.customers)
        if source.events and self._is_empty("events"):
            yield _warned(source.events[0].table.place, "has no rows")
        elif source.events:
            yield from self._kinds()
            yield from self._values("events", self.relations.events)
        yield from self._queries()

    def _is_empty(self, relation: str) -> bool:
        return not self.engine.rows(select(_COUNT).from_(table(relation)))[0][0]

    def _kinds(self) -> Iterator[Problem]:
        if not self.mentions.kinds:
            return
        kinds = select(alias(name("kind"), "w")).from_(table("events"))
        known = self._counted(kinds)
        occurring = set(known) if len(known) <= FEW else self._occurring({kind for kind, _ in self.mentions.kinds})
        names = may_be_shown(known)
        listed = f"; the data has {', '.join(map(quoted, sorted(names)))}" if 0 < len(names) <= _LISTED else ""
        for kind, place in self.mentions.kinds:
            if kind not in occurring:
                yield _never(place, f"{quoted(kind)} never occurs", nearest(kind, names), otherwise=listed)

    def _occurring(self, kinds: Iterable[str]) -> set[str]:
        kind = name("kind")
        asked = select(kind).from_(table("events")).where(one_of(kind, sorted(kinds))).group_by(kind)
        return {row[0] for row in self.engine.rows(asked)}

    def _counted(self, words: exp.Select) -> dict[str, int]:
        """How many rows have each text `w`; of more than `FEW` texts, the first ones and one more."""
        word = name("w")
        counted = select(word, _COUNT).from_(words.subquery("a")).where(negated(word.is_(exp.null())))
        return {str(text): int(n) for text, n in self.engine.rows(counted.group_by(word).order_by(word).limit(FEW + 1))}

    def _values(self, owner: str, stored: Mapping[str, Stored]) -> Iterator[Problem]:
        mentioned = [each for each in self.mentions.values if each.owner == owner and each.column in stored]
        counted = self._counts(owner, mentioned, stored)
        said: set[tuple[str, type | None]] = set()
        for each in mentioned:
            if not counted["there", each.column, str, ""]:
                yield from _once(
                    said, (each.column, None), _warned(each.place, f"`{each.column}` is empty in every row")
                )
            elif _is_read(each) and (problem := _about_reading(each, counted)):
                yield from _once(said, (each.column, type(each.value)), problem)
            elif each.operator in _LOOKED_FOR and not counted[_sought(each)]:
                yield self._missing(owner, each, stored[each.column])

    def _counts(
        self, owner: str, mentioned: Iterable[MentionedValue], stored: Mapping[str, Stored]
    ) -> Mapping[Asked, int]:
        """In how many rows each thing that is asked holds, as many as possible in one scan."""
        asked = dict(pair for each in mentioned for pair in self._asked(each, stored[each.column]))
        keys = list(asked)
        found: dict[Asked, int] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some_keys = keys[start : start + _AT_ONCE]
            counts = [filtered(_COUNT.copy(), asked[key]) for key in some_keys]
            row = self.engine.rows(select(*counts).from_(table(owner)))[0]
            found |= {key: int(n) for key, n in zip(some_keys, row, strict=True)}
        return found

    def _asked(self, each: MentionedValue, stored: Stored) -> Iterator[tuple[Asked, Sql]]:
        value, column, kind = name(label(each.column)), each.column, type(each.value)
        yield ("there", column, str, ""), some(value, stored, lambda one: is_there(one, stored.kind))
        if _is_read(each):
            odd = unreadable(value, stored, each.value)
            read = some(value, stored, lambda one: negated(typed(one, stored.kind, each.value).is_(exp.null())))
            yield ("odd", column, kind, ""), odd if odd is not None else exp.false()
            yield ("read", column, kind, ""), read
        if each.operator in _LOOKED_FOR:
            sought = _sought(each)
            test = Test(column, (Comparison("is" if each.operator == "not" else each.operator, (each.value,)),))
            yield sought, satisfies(test, stored, value, self.as_of)

    def _missing(self, owner: str, each: MentionedValue, stored: Stored) -> Problem:
        told_value = quoted(each.value)
        if each.operator in ("contains", "starts_with"):
            verb = "contains" if each.operator == "contains" else "starts with"
            return _warned(each.place, f"no value of `{each.column}` {verb} {told_value}")
        is_plain = isinstance(each.value, str) and stored.kind is Kind.TEXT
        is_own = (owner, each.column) in _own_columns(self.relations.source)
        near = nearest(str(each.value), self._names(owner, each.column, stored)) if is_plain and not is_own else ""
        return _never(each.place, f"{told_value} never occurs in `{each.column}`", near)

    def _names(self, owner: str, column: str, stored: Stored) -> tuple[str, ...]:
        value: Sql = name(label(column))
        elements = select(alias(exp.Explode(this=value) if stored.is_list else value, "v")).from_(table(owner))
        return may_be_shown(
            self._counted(select(alias(as_text(name("v"), stored.kind), "w")).from_(elements.subquery("e")))
        )

    def _queries(self) -> Iterator[Problem]:
        for sql, place in self.mentions.queries:
            try:
                keys_of(self.engine, self.relations, sql, self.as_of)
            except EngineUnavailable:
                raise
            except EngineFailed:
                yield told(place, "this query can't be run on these tables: a name or a type in it does not fit")


def _is_read(each: MentionedValue) -> bool:
    """Whether values have to be read as another type."""
    return not isinstance(each.value, str) and each.operator != "exists"


def _sought(each: MentionedValue) -> Asked:
    return "is" if each.operator == "not" else each.operator, each.column, type(each.value), each.value


def _about_reading(each: MentionedValue, counted: Mapping[Asked, int]) -> Problem | None:
    """What can't be read satisfies nothing, and a plan only counts it."""
    kind = type(each.value)
    there, odd, read = (
        counted["there", each.column, str, ""],
        counted["odd", each.column, kind, ""],
        counted["read", each.column, kind, ""],
    )
    what = {bool: "yes or no", Decimal: "a number", Window: "a time"}[kind]
    if not read:
        return told(each.place, f"no value of `{each.column}` can be read as {what}")
    if odd:
        message = f"{odd:,} of {there:,} values of `{each.column}` can't be read as {what} and satisfy nothing"
        return _warned(each.place, message)
    return None


def _never(place: Place, message: str, near: str, otherwise: str = "") -> Problem:
    """A slip of the keyboard is an error; what has no near name may be something that has not happened yet."""
    return told(place, message + near) if near else _warned(place, message + otherwise)


def _warned(place: Place, message: str) -> Problem:
    return replace(told(place, message), severity="warning")


def _once(said: set[tuple[str, type | None]], what: tuple[str, type | None], problem: Problem) -> Iterator[Problem]:
    if what not in said:
        said.add(what)
        yield problem


def _own_columns(source: Source) -> frozenset[tuple[str, str]]:
    """Columns whose values are people, not categories."""
    customers = source.customers
    own = {("customers", customers.key), *(("customers", each.column) for each in customers.identifiers)}
    events = {("events", each.customer) for each in source.events}
    return frozenset(own | events | {("events", i.column) for each in source.events for i in each.identifiers})
