"""What the plan tells of the source, each figure counted wrongly in one way that somebody might take for right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.model.conditions import Comparison
from reconciler.model.time import Window
from tests.membership import brute_health
from tests.membership.brute import Feed
from tests.membership.brute_conditions import Happened
from tests.membership.brute_health import READERS, Counts, Health, Table
from tests.membership.brute_values import as_text, as_truth, missing, there

table, merged, kinds_of_literals = Health.table, Health.merged, brute_health.kinds_of_literals


def blanks_are_unread(self: Health, owner: str, column: str, kind: type) -> int:
    return sum(dict(READERS)[kind](value) is None for value in _values(self, owner, column) if value is not None)


def elements_are_counted(self: Health, owner: str, column: str, kind: type) -> int:
    return sum(dict(READERS)[kind](value) is None for value in there(_values(self, owner, column)))


def _values(self: Health, owner: str, column: str) -> Iterator[object]:
    tables = [self.world.customers] if owner == "customers" else [feed.rows for feed in self.world.all_feeds]
    return (row.get(column) for rows in tables for row in rows)


def exists_reads(comparisons: Iterable[Comparison]) -> set[type]:
    return kinds_of_literals(replace(each, operator="is") for each in comparisons)


def all_literals_are_numbers(comparisons: Iterable[Comparison]) -> set[type]:
    return kinds_of_literals(comparisons) - {bool}


def neither_is_silent(self: Health) -> int:
    column = self.world.consent
    return 0 if column is None else sum(as_truth(row[column]) is None for row in self.world.customers)


def silence_is_told_of_persons(self: Health) -> int:
    column = self.world.consent
    told = [[missing(row[column]) for row in person.records] for person in self.brute.persons if column is not None]
    return sum(map(all, told))


def ahead_is_of_nobody_too(self: Health, event: Happened, window: Window) -> bool:
    return inside(self, replace(event, at=min(event.at, self.as_of)), window)


inside = Health.within


def every_kind_counts(self: Health, windows: Mapping[str, Collection[Window]]) -> int:
    return sum(event.at <= self.as_of for event in self.nobodys())


def guests_are_nobody(self: Health) -> Iterator[Happened]:
    known = {as_text(row[self.world.key]) for row in self.world.customers}
    for feed in self.world.all_feeds:
        for row in feed.rows:
            if (event := feed.event(row)) is not None and as_text(row[feed.customer]) not in known:
                yield event


def ahead_is_newest(self: Health, feed: Feed) -> Table:
    return replace(table(self, feed), newest=table(replace(self, as_of=self.as_of.replace(year=9000)), feed).newest)


def rows_without_a_kind_are_none(self: Health, feed: Feed) -> Table:
    return table(self, replace(feed, rows=[row for row in feed.rows if feed.kind_of(row) is not None]))


def many_are_one_person(self: Health) -> tuple[int, int, int] | None:
    told = merged(self)
    return told and (told[0], told[1] + told[2], told[2])


def blanks_are_wrong(self: Health) -> Counts:
    read = [each for row in self.world.customers for each in self.world.read(row, self.world.columns)]
    return {"valid": sum(each.found is not None for each in read), "wrong": sum(each.found is None for each in read)}


def identifiers_count_once(self: Health) -> Counts:
    told = identifiers(self)
    return {**told, "valid": len({found for person in self.brute.persons for found in person.identifiers})}


identifiers = Health.identifiers

MISREADINGS: tuple[tuple[object, str, Callable[..., object]], ...] = (
    (Health, "unread", blanks_are_unread),
    (Health, "unread", elements_are_counted),
    (brute_health, "kinds_of_literals", exists_reads),
    (brute_health, "kinds_of_literals", all_literals_are_numbers),
    (Health, "silent", neither_is_silent),
    (Health, "silent", silence_is_told_of_persons),
    (Health, "within", ahead_is_of_nobody_too),
    (Health, "of_nobody", every_kind_counts),
    (Health, "nobodys", guests_are_nobody),
    (Health, "table", ahead_is_newest),
    (Health, "table", rows_without_a_kind_are_none),
    (Health, "merged", many_are_one_person),
    (Health, "identifiers", blanks_are_wrong),
    (Health, "identifiers", identifiers_count_once),
)
"""Where each is counted, what it is called there, and the misreading."""
