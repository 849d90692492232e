"""Traits: what is known of a person from her records alone, worked out once however many segments ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from sqlglot import exp, select

from reconciler.membership.columns import label
from reconciler.membership.comparisons import is_there, satisfies, some
from reconciler.membership.persons import PERSONS, Persons
from reconciler.membership.sql import Sql, alias, call, each, name, negated, table
from reconciler.membership.streams import is_among
from reconciler.membership.values import ABSENT, Stored, as_boolean
from reconciler.model.conditions import Test
from reconciler.model.settings import Consent

RECORD = "customers"
"""What a record's row is called in every query of traits."""


class Traits:
    """Booleans `b0, b1, …` of every record that hold when one of her person's records has them, and what stands beside
    a person as it is.

    Where several records are one person, the table of the traits tells those of persons with several records.
    """

    def __init__(
        self, columns: Mapping[str, Stored], persons: Persons, as_of: dt.datetime, table: str, records: str = RECORD
    ) -> None:
        self._columns = columns
        self._persons = persons
        self._as_of = as_of
        self.table = table
        self._records = records
        self._traits: dict[str, tuple[str, Sql]] = {}
        self._plain: dict[str, tuple[str, Sql]] = {}
        self._chosen: dict[str, tuple[str, Sql]] = {}

    def attribute(self, test: Test) -> Sql:
        """Whether the values of a column of all her records meet a test."""
        stored = self._columns.get(test.column, ABSENT)
        value = self._value(test.column)
        return satisfies(test, stored, value, self._as_of, self._trait, several=self._persons.merge)

    def consents(self, consent: Consent | None) -> Sql:
        """Whether some record says yes and none says no; what is neither is no, and silence as it is declared."""
        if consent is None:
            return exp.true()
        stored, value = self._columns[consent.column], self._value(consent.column)
        yes = some(value, stored, lambda one: _is_yes(one, stored))
        given = self._trait(yes)
        if not (self._persons.merge or stored.is_list):
            return given
        no = some(value, stored, lambda one: is_there(one, stored.kind).and_(negated(_is_yes(one, stored))))
        if consent.missing == "refuse":
            no = exp.paren(no).or_(negated(some(value, stored, lambda one: is_there(one, stored.kind))))
        return each([given, negated(self._trait(no))])

    def chosen(self, keys: str, key: Sql) -> Sql:
        """Whether the key of one of her records stands in a table of keys; `key` is hers, as it is there."""
        self._chosen.setdefault(keys, (f"chosen_{len(self._chosen)}", key))
        return self._trait(negated(name("k", self._chosen[keys][0]).is_(exp.null())))

    def beside(self, value: Sql) -> Sql:
        """What is worked out of the person's key, in the row of each of her records."""
        return name(self._plain.setdefault(value.sql(), (f"u{len(self._plain)}", value))[0])

    def query(self, among: str | None) -> exp.Select | None:
        """The traits of persons with several records, by the person's key; None when nothing merges."""
        if not self._persons.merge or not self._traits:
            return None
        told = select(alias(name("p", PERSONS), "k"))
        told = told.select(*(alias(call("bool_or", own), column) for column, own in self._traits.values()))
        told = told.from_(table(PERSONS)).join(
            table(self._records).as_(RECORD), on=name("k", PERSONS).eq(name("k", RECORD))
        )
        told = self._with_chosen(told).group_by(name("p", PERSONS))
        return told if among is None else told.where(is_among(name("k", PERSONS), among))

    def joined(self, query: exp.Select) -> exp.Select:
        """The query over records (with `persons` beside them) with all of it."""
        query = self._with_chosen(query)
        merged = self._persons.merge and bool(self._traits)
        if merged:
            query = query.join(table(self.table).as_("m"), on=name("k", "m").eq(name("p", PERSONS)), join_type="left")
        return query.select(*self._told(merged))

    def _told(self, merged: bool) -> Iterator[Sql]:
        for column, own in self._traits.values():
            yield alias(exp.func("COALESCE", name(column, "m"), own) if merged else own, column)
        yield from (alias(value, column) for column, value in self._plain.values())

    def _with_chosen(self, query: exp.Select) -> exp.Select:
        for chosen, (short, key) in self._chosen.items():
            told = table(chosen).as_(short)
            query = query.join(told, on=name("k", short).eq(key), join_type="left", copy=False)
        return query

    def _trait(self, held: Sql) -> Sql:
        return name(self._traits.setdefault(held.sql(), (f"b{len(self._traits)}", held))[0])

    def _value(self, column: str) -> Sql:
        """A column that only an earlier definition names may be there no more: then every value is missing."""
        return name(label(column), RECORD) if column in self._columns else exp.cast(exp.null(), "TEXT")


def _is_yes(value: Sql, stored: Stored) -> Sql:
    return exp.func("COALESCE", as_boolean(value, stored.kind), exp.false())
