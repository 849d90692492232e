"""The tests of a workspace: a few people with their events, and who belongs then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reconciler.model.address import Address
from reconciler.model.algebra import Formula, holds
from reconciler.model.settings import Place

Value = str | tuple[str, ...] | None
"""A value of a fixture: as text, as a CSV file would have it; a list of texts; or missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """The rows of one table of a fixture, each with a value for every column. `place` is where they were given."""

    place: Place
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def column(self, name: str) -> tuple[Value, ...]:
        """The values of a column, all missing where there is no such column."""
        if name not in self.columns:
            return (None,) * len(self.rows)
        number = self.columns.index(name)
        return tuple(row[number] for row in self.rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """Who belongs to a segment, to one of its slices (`slice`) or to an audience: these customers, or so many people.

    `sent` asks for those who are reached at Criteo, else for the people of `who`. `members` None: only the number is
    looked at.
    """

    place: Place
    key: str
    slice: str | None = None
    audience: bool = False
    sent: bool = False
    members: tuple[str, ...] | None = None
    at_least: int | None = None
    at_most: int | None = None

    @property
    def label(self) -> str:
        """As it is written."""
        return f"{self.key}.{self.slice}" if self.slice else self.key


@dataclass(frozen=True, kw_only=True, slots=True)
class TestConfig:
    """One entry of `tests`, checked. `given` are the rows of `customers` and of each source of events: `events`, or of
    several `events[0]` and so on.
    """

    __test__ = False

    name: str
    place: Place
    as_of: dt.datetime
    given: Mapping[str, Rows]
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Who belongs: persons, each by her smallest key. `persons` tells whose a record is, `who` is by list; `held` are
    identifiers that are sent, each as a holder and the lists that it is on.
    """

    persons: Mapping[str, str]
    who: Mapping[Address, frozenset[str]]
    held: tuple[tuple[str, frozenset[Address]], ...]

    def reached(self, lists: Collection[Address]) -> frozenset[str]:
        """Who holds an identifier that is on one of these lists."""
        wanted = frozenset(lists)
        return frozenset(person for person, held in self.held if held & wanted)

    def targeted(self, formula: Formula) -> frozenset[str]:
        """Who holds an identifier of which a formula of lists holds."""
        return frozenset(person for person, lists in self.held if holds(formula, lists))
