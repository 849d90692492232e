"""Records and persons: who of the records merges with others, and how what is known of hers becomes one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp, select

from reconciler.membership.facts import Fact
from reconciler.membership.source import Relations
from reconciler.membership.sql import Sql, alias, call, name, negated, table

PERSONS = "persons"
"""The relation `persons(k, p)`: the records that merge with others, each with her smallest key."""


@dataclass(frozen=True, slots=True)
class Persons:
    """How a query knows a record's person. Without `merge` every record is a person, and nothing is joined."""

    merge: bool

    def key(self, record: Sql) -> Sql:
        """The person of a record, in a query that `joined` went over."""
        return exp.func("COALESCE", name("p", PERSONS), record) if self.merge else record

    def joined(self, query: exp.Select, record: Sql) -> exp.Select:
        """The query with `persons` beside each record that merges."""
        if not self.merge:
            return query
        return query.join(table(PERSONS), on=name("k", PERSONS).eq(record), join_type="left")

    def told(self, facts: str, columns: Iterable[Fact]) -> Sql:
        """The facts of every person under her key: those of one record as they are, those of several merged."""
        if not self.merge:
            return table(facts).as_("f")
        labels = [name(fact.column) for fact in columns]
        merging = exp.In(this=name("k"), query=select(name("k")).from_(table(PERSONS)).subquery())
        single = select(name("k"), *labels).from_(table(facts)).where(negated(merging))
        several = select(name("k"), *labels).from_(table(merged_name(facts)))
        return exp.union(single, several, distinct=False).subquery("f")

    def whole(self, keys: str) -> exp.Query:
        """The different keys `k` in a table, and those of all records of the same persons."""
        held = select(name("k")).distinct().from_(table(keys))
        if not self.merge:
            return held
        theirs = select(name("k", "o")).from_(table(PERSONS).as_("s"))
        theirs = theirs.join(table(PERSONS).as_("o"), on=name("p", "s").eq(name("p", "o")))
        theirs = theirs.where(exp.In(this=name("k", "s"), query=held.copy().subquery()))
        return exp.union(held, theirs, distinct=True)

    def merged(self, facts: str, columns: Iterable[Fact]) -> exp.Select:
        """The facts of those persons who have several records, by the person's key."""
        told = select(alias(name("p", PERSONS), "k"))
        told = told.select(*(alias(_merged(fact), fact.column) for fact in columns)).from_(table(PERSONS))
        return told.join(table(facts).as_("f"), on=name("k", PERSONS).eq(name("k", "f"))).group_by(name("p", PERSONS))


def persons_of(relations: Relations) -> Persons:
    """Whether the workspace says what makes records one person."""
    return Persons(merge=relations.source.customers.same_person is not None)


def merged_name(facts: str) -> str:
    """The table of the merged facts."""
    return f"{facts}_merged"


def _merged(fact: Fact) -> Sql:
    """A sum of whole numbers would be of a wider type than the numbers themselves."""
    column = name(fact.column, "f")
    match fact.merged:
        case "bits":
            return call("bit_or", column)
        case "count":
            return exp.cast(exp.func("SUM", column), "BIGINT")
        case "packed":
            return exp.TryCast(this=exp.func("SUM", column), to=exp.DataType.build("BIGINT"))
        case _:
            return exp.func(fact.merged, column)
