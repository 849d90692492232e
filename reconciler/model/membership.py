"""What the membership stage is asked and what it answers: counts and causes, never people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from reconciler.model.address import Address, Two
from reconciler.model.definition import Definition


class Cause(StrEnum):
    """Why an identifier leaves a list: the first that holds, in this order."""

    FORGOTTEN = "forgotten"
    GONE = "gone"
    CONSENT = "consent"
    PERIOD = "period"
    EXCLUDED = "excluded"
    DEFINITION = "definition"
    AGED = "aged"
    UNMET = "unmet"


class LeftOut(StrEnum):
    """Why a person who meets a segment's conditions is not sent: the first that holds, in this order."""

    EXCLUDED = "excluded"
    NO_CONSENT = "no consent"
    NO_IDENTIFIER = "no identifier"
    INVALID = "invalid identifier"


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedSegment:
    """One published segment to compute. `wanted` None: it is to be drained; `applied` None: it was never applied.

    `lists` maps each address to its slice (None for a segment without slices); lists that only the applied definition
    has are among them. `applied_as_of` is the clock of the last apply of these lists.
    """

    key: str
    lists: tuple[tuple[Address, str | None], ...]
    wanted: Definition | None
    applied: Definition | None = None
    applied_as_of: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """Identifiers that enter and leave."""

    added: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


NOBODY: Mapping[Cause, int] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class ListMembership:
    """One list, in identifiers. `before` is what the ledger holds, `wanted` what the definition asks for;
    `added` and `removed_by` are what is to be sent after freezing; `resent` is what is in doubt and said again.

    `by_change` compares the applied definition with the wanted one on today's data, `by_time` what the ledger holds
    with today's members of the applied definition. `moved` of the removals go to another slice of the same segment.
    `left_out` counts persons. `frozen` says why additions and most removals wait: one sentence for each stale or
    shrunken source.
    """

    address: Address
    before: int = 0
    wanted: int = 0
    added: int = 0
    removed_by: Mapping[Cause, int] = field(default_factory=lambda: NOBODY)
    moved_by: Mapping[Cause, int] = field(default_factory=lambda: NOBODY)
    resent: Movement = Movement()
    by_change: Movement = Movement()
    by_time: Movement = Movement()
    left_out: Mapping[LeftOut, int] = field(default_factory=lambda: MappingProxyType({}))
    frozen: tuple[str, ...] = ()

    @property
    def removed(self) -> int:
        """All removals, whatever the cause."""
        return sum(self.removed_by.values())

    @property
    def after(self) -> int:
        """What the ledger will hold when all of it is sent."""
        return self.before + self.added - self.removed


@dataclass(frozen=True, kw_only=True, slots=True)
class TableHealth:
    """One source table: its rows, and for events the newest `age >= 0` per kind, later events and events of nobody.

    `name` is the table as it was declared.
    """

    name: str = ""
    rows: int = 0
    newest: Mapping[str, dt.datetime] = field(default_factory=lambda: MappingProxyType({}))
    future: int = 0
    orphans: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """How many records are one person with others, how many persons these are, and how many identifiers were shared by
    too many records to tell that.
    """

    records: int
    persons: int
    shared_by_many: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceHealth:
    """What is known of the data behind a membership.

    `events` are all events together, `sources` those of each declared source. `invalid` counts identifiers by reason,
    `uncast` values by column.
    `silent` counts the records that say nothing about consent, by what becomes of them. `merged` is None where every
    record is a person.
    """

    customers: TableHealth = TableHealth()
    events: TableHealth = TableHealth()
    sources: tuple[TableHealth, ...] = ()
    valid_identifiers: int = 0
    invalid: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    uncast: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    silent: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    merged: Merged | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """Everything the plan may know about members: counts, causes and the health of the source.

    `in_both` has of every two exclusive segments how many people they would both reach, where there are any.
    """

    as_of: dt.datetime
    lists: Mapping[Address, ListMembership]
    health: SourceHealth
    in_both: Mapping[Two, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What of a list's difference is to be carried out: its additions or not, and removals of which causes."""

    add: bool
    causes: frozenset[Cause]


Selection = Mapping[Address, Chosen]
"""The plan's decision per list; a list that is not in it does not move."""
