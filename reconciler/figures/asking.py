"""Ask Criteo for the statistics of some lists, and take the answers into what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

from reconciler.errors import CriteoError, NotAuthorised, Refused
from reconciler.figures.held import LAG, watched
from reconciler.model.address import Address
from reconciler.model.figures import Statistics
from reconciler.state.snapshot import ListRecord
from reconciler.state.statistics import Held, ListsStatistics, ListStatistics, Reading, Synced


class Counting(Protocol):
    """What of the client is needed here."""

    def statistics(self, segment_id: str) -> Statistics: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What came of asking: counts by list, None where Criteo refused one; `problem` is why nothing more was asked."""

    counts: Mapping[Address, Statistics | None]
    problem: CriteoError | None = None


def ask(client: Counting, criteo_ids: Mapping[Address, str], addresses: Iterable[Address]) -> Asked:
    """One call a list, until one fails for a reason that is not the list's own.

    A list that Criteo does not answer for has had its turn, so that it keeps no other from theirs.
    """
    counts: dict[Address, Statistics | None] = {}
    for address in addresses:
        try:
            counts[address] = client.statistics(criteo_ids[address])
        except Refused:
            counts[address] = None
        except NotAuthorised as error:
            return Asked(counts=counts, problem=error)
        except CriteoError as error:
            return Asked(counts={**counts, address: None}, problem=error)
    return Asked(counts=counts)


def taken_in(
    known: ListsStatistics,
    lists: Mapping[Address, ListRecord],
    asked: Asked,
    now: dt.datetime,
    synced: Synced | None = None,
) -> ListsStatistics:
    """What is known after a run: of the lists that there are, with the new counts, and with what they hold now."""
    found = {
        address: _looked_at(_same(known.lists.get(address), record), record, address, asked, now)
        for address, record in sorted(lists.items())
    }
    return replace(known, lists=MappingProxyType(found), synced=synced or known.synced)


def _same(known: ListStatistics | None, record: ListRecord) -> ListStatistics | None:
    return known if known is not None and known.criteo_id == record.criteo_id else None


def _looked_at(
    known: ListStatistics | None, record: ListRecord, address: Address, asked: Asked, now: dt.datetime
) -> ListStatistics:
    held = watched(known.held if known else None, record.count, now)
    before = ListStatistics(criteo_id=record.criteo_id, held=held)
    current = replace(known, held=held) if known else before
    if address not in asked.counts:
        return current
    counts = asked.counts[address]
    reading = _reading(counts, held, now) if counts is not None else current.reading
    return replace(current, asked=now, reading=reading)


def _reading(counts: Statistics, held: Held, now: dt.datetime) -> Reading:
    return Reading(
        at=now,
        identifiers=counts.identifiers,
        matches=counts.matches,
        match_rate=counts.match_rate,
        low=min(held.low, held.low_before),
        high=max(held.high, held.high_before),
        settled=now - held.since >= LAG,
    )
