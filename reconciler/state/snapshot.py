"""The snapshot: the small document that says what exists, what was applied and where the ledger is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from reconciler.model.address import Address
from reconciler.model.algebra import Formula
from reconciler.model.definition import Definition
from reconciler.model.identifiers import Form, IdentifierType
from reconciler.model.kinds import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Blob:
    """An immutable file of the state: named by its SHA-256, with its size in bytes."""

    digest: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """Pointers to the identifiers we have sent, of one form of e-mail addresses and one version of the normaliser.

    A row is an identifier and its type (where it names none: `identifier`) with one bit per list (`bits`): in `in_N`
    the lists that it is in. A delta overrides the rows of the base, and of the deltas before it, that are about the
    same identifier. `retired` are bits of lists that are no more: they may still be set in the files, so that no other
    list may have them until a new base is written without.
    """

    identifier: IdentifierType = "email"
    form: Form = "sha256"
    normaliser: int = 1
    bits: Mapping[Address, int] = field(default_factory=lambda: MappingProxyType({}))
    retired: frozenset[int] = frozenset()
    base: Blob | None = None
    deltas: tuple[Blob, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ListRecord:
    """A contact list that we keep: what was last applied to it, at which clock, and how many identifiers it held."""

    address: Address
    criteo_id: str
    name: str
    description: str | None
    definition: Definition | None
    as_of: dt.datetime | None
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class KindRecord:
    """A segment of one of Criteo's own kinds that we keep, as last applied; `kind` None: what it is is not known."""

    address: Address
    criteo_id: str
    name: str
    description: str | None
    kind: Kind | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceRecord:
    """An audience that we keep, as last applied: any of `include` and none of `exclude`; where it is anything else,
    these are what brings in and what keeps out by the formula `algebra`. `ad_sets` are the ids we linked.
    """

    address: Address
    criteo_id: str
    name: str
    description: str | None
    include: tuple[Address, ...]
    exclude: tuple[Address, ...]
    ad_sets: tuple[str, ...] = ()
    algebra: Formula | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """An intent whose outcome is not known in full: its lists may hold any of the identifiers it names.

    `intent` points to rows of identifiers with the bits to add and to remove (by `bits`); only the bits of `lists` are
    in doubt. `creates` are the addresses whose creation was under way: a resource that bears their mark is ours.
    """

    intent: Blob | None
    bits: Mapping[Address, int]
    lists: frozenset[Address]
    creates: frozenset[Address]


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceCounts:
    """Sizes of the source at the last apply, against which a shrunken feed is told.

    `events` are all together; where there are several sources of events, `event_tables` has the rows of each table.
    """

    customers: int
    events: int
    valid_identifiers: int
    event_tables: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """All of it: `lists` have members of ours, `kinds` are segments of Criteo's own kinds. `structure_serial` counts
    changes of structure, `ledger_generation` changes of membership; `journal` is the number of the last intent that
    this snapshot has taken in.
    """

    workspace: str
    lineage: str
    advertiser: str = ""
    structure_serial: int = 0
    ledger_generation: int = 0
    journal: int = 0
    as_of: dt.datetime | None = None
    lists: Mapping[Address, ListRecord] = field(default_factory=lambda: MappingProxyType({}))
    kinds: Mapping[Address, KindRecord] = field(default_factory=lambda: MappingProxyType({}))
    audiences: Mapping[Address, AudienceRecord] = field(default_factory=lambda: MappingProxyType({}))
    ledger: Ledger = field(default_factory=Ledger)
    doubts: tuple[Doubt, ...] = ()
    source: SourceCounts | None = None
