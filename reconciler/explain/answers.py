"""What an explanation tells: no key, no identifier, and no value that may be one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from reconciler.explain.conditions import Clause
from reconciler.model.address import Address
from reconciler.model.identifiers import IdentifierType
from reconciler.model.settings import Place

Looked = tuple[dt.datetime | None, dt.datetime | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class EventSeen:
    """An event that was looked at: its kind, its time in UTC, and the columns that the condition asks, None of a value
    that is missing. What may be an identifier is there by its shape.
    """

    kind: str
    time: dt.datetime
    columns: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What a condition found: some events, with a few words on which they are, and how many more there are."""

    what: str
    events: tuple[EventSeen, ...]
    more: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A condition of somebody's: whether it holds, whether that is why she belongs or does not, and what it found.

    `values` are those of an attribute; None stands for a missing one.
    """

    clause: Clause
    holds: bool
    decides: bool
    evidence: tuple[Evidence, ...] = ()
    values: tuple[str | None, ...] = ()
    children: tuple[Judged, ...] = ()

    def walk(self) -> Iterator[Judged]:
        """It, and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """The identifiers of one type: how many different ones she has, how many are sent, why others are kept back, and
    how many values can't be sent by reason.
    """

    type: IdentifierType
    number: int
    sent: int
    kept_back: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    invalid: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """When her standing changes, and what changes then, in sentences."""

    at: dt.datetime
    why: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A person and one list, or one segment that is not published (`published` False): whether she is in, since when
    and until when (None: as far as the data go), and why.

    `reasons` say why not, the most telling first, and where she is in by somebody else's doing, that. `consents` and
    `in_period` are None where nothing is asked.
    """

    address: Address
    name: str
    place: Place
    published: bool
    belongs: bool
    reasons: tuple[str, ...]
    consents: bool | None
    in_period: bool | None
    judged: Judged
    fates: tuple[Fate, ...]
    turned: Turn | None
    turns: Turn | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """One person, of so many `holders` of what was asked for, and the lists of a segment. `predictable` is False where
    a query reads the clock itself; `looked` is how far back and ahead was looked, None where that is as far as there is
    anything to see.
    """

    as_of: dt.datetime
    holders: int
    records: int
    standings: tuple[Standing, ...]
    predictable: bool = True
    looked: Looked = (None, None)


@dataclass(frozen=True, kw_only=True, slots=True)
class InAudience:
    """One person and an audience. She is reached by an identifier that is on an included list and on no excluded one:
    `included` of her `identifiers` are on an included list, and `held_out` tells how many of these each excluded list
    holds. `algebra` is what decides where that is more than any of some lists and none of others, `beyond` are segments
    of Criteo's own, in which nobody is taken to be. `linked` says whether the audience has ad sets, `in_period` whether
    they are linked now; `is_list` that it is the list that stands for all that an audience excludes.
    """

    address: Address
    name: str
    place: Place
    as_of: dt.datetime
    holders: int
    records: int
    reached: bool
    identifiers: int
    included: int
    held_out: Mapping[Address, int]
    linked: bool
    in_period: bool | None
    include: tuple[Standing, ...]
    exclude: tuple[Standing, ...]
    turned: Turn | None
    turns: Turn | None
    predictable: bool = True
    looked: Looked = (None, None)
    algebra: str | None = None
    beyond: tuple[Address, ...] = ()
    is_list: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A condition of a funnel: how many people meet it alone, how many are left after it and all before it (None
    where it stands inside of another, or more of its `any` follow), and how many more would belong without it.
    """

    clause: Clause
    depth: int
    alone: int
    left: int | None
    without: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Funnel:
    """A list, or a segment that is not published: everybody, who belongs by the conditions, who of them is allowed
    (consent, and the period), and how many identifiers are sent; of what is not published the last two are None.
    """

    address: Address
    name: str
    place: Place
    description: str | None
    published: bool
    everyone: int
    belong: int
    rows: tuple[Row, ...]
    allowed: int | None
    identifiers: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Exclusion:
    """An excluded list: how many identifiers it has, how many of those that are included it holds out, and how many of
    these no other list does.
    """

    address: Address
    name: str
    members: int
    held_out: int
    alone: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """An audience by itself, in identifiers: those of each included list, of all of them together, what each excluded
    list takes away, and what is left. `algebra`, `beyond` and `is_list` as in InAudience.
    """

    address: Address
    name: str
    place: Place
    description: str | None
    ad_sets: tuple[str, ...]
    in_period: bool | None
    include: tuple[tuple[Address, str, int], ...]
    included: int
    exclude: tuple[Exclusion, ...]
    left: int
    algebra: str | None = None
    beyond: tuple[Address, ...] = ()
    is_list: bool = False
