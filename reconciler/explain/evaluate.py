"""Which conditions hold for whom: each is a hidden segment, and one pass of the compiler answers them all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reconciler.explain.conditions import Clause
from reconciler.membership.checks import Columns
from reconciler.membership.study import Studied, studying
from reconciler.model.address import Address
from reconciler.model.definition import Definition
from reconciler.model.settings import EngineAccess, Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Truths:
    """What holds at one clock, of each record by its key (as text, whole numbers without a point): the hidden addresses
    of the conditions that her person meets.
    """

    met: Mapping[str, frozenset[Address]]

    def holds(self, key: str, clause: Clause) -> bool:
        """Whether the person of a record meets a condition; nobody who is not there does."""
        return clause.hidden in self.met.get(key, frozenset())


def hidden_definitions(clauses: Iterable[Clause]) -> Mapping[Address, Definition]:
    """The hidden segments of whole trees."""
    return MappingProxyType({each.hidden: each.definition for clause in clauses for each in clause.walk()})


def evaluate(
    settings: Settings,
    columns: Columns,
    clauses: Iterable[Clause],
    as_of: dt.datetime,
    *,
    access: EngineAccess | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> Truths:
    """Which of the conditions of some trees hold for every record of the source, at a clock.

    Raises SourceInvalid for data that does not fit or can't be read, EngineFailed.
    """
    studied = Studied(
        settings=settings,
        columns=columns,
        as_of=as_of,
        hidden=hidden_definitions(clauses),
        access=access or EngineAccess(),
        report=report,
    )
    with studying(studied) as study:
        study.look(as_of)
        return Truths(met=MappingProxyType({each.key: each.meets for each in study.standings()}))
