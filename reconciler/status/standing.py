"""What `status` tells, as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.figures.held import Fit
from reconciler.model.address import Address
from reconciler.model.kinds import KindName
from reconciler.state.lock import Lock
from reconciler.state.snapshot import Doubt, Snapshot
from reconciler.state.statistics import Reading, Synced

GRACE = 4
"""A run is late when it is overdue by more than this part of the schedule: build servers start late, runs take time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListStanding:
    """A list: `held` by the ledger, `reading` is what Criteo counted, `fit` how the two go together. `criteo_id` None:
    it is not made yet.
    """

    address: Address
    name: str
    criteo_id: str | None = None
    held: int = 0
    as_of: dt.datetime | None = None
    reading: Reading | None = None
    fit: Fit | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KindStanding:
    """A segment of one of Criteo's own kinds. `criteo_id` None: it is not made yet."""

    address: Address
    name: str
    kind: KindName | None
    criteo_id: str | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceStanding:
    """An audience, with the ad sets that we linked. `criteo_id` None: it is not made yet."""

    address: Address
    name: str
    criteo_id: str | None = None
    ad_sets: tuple[str, ...] = ()
    size: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """All of it. `now` is the machine's clock, `criteos_now` the one by which the age of counts is told.

    `lock` comes with why it may be taken over, if it may; `unapplied` says what of a resource waits for an apply.
    `schedule` is in minutes.
    """

    workspace: str
    advertiser: str
    now: dt.datetime
    criteos_now: dt.datetime
    snapshot: Snapshot | None
    lists: tuple[ListStanding, ...]
    kinds: tuple[KindStanding, ...]
    audiences: tuple[AudienceStanding, ...]
    unapplied: Mapping[Address, tuple[str, ...]]
    doubts: tuple[Doubt, ...]
    lock: tuple[Lock, str | None] | None
    synced: Synced | None
    schedule: int
    notes: tuple[str, ...] = ()

    @property
    def as_of(self) -> dt.datetime | None:
        """The last clock of membership that was gone by: of an apply, or of a sync that had nothing to do."""
        known = [each for each in (self.snapshot and self.snapshot.as_of, self.synced and self.synced.as_of) if each]
        return max(known, default=None)

    @property
    def late_by(self) -> dt.timedelta | None:
        """How long the next run is overdue by the schedule; None where it is not, or nothing was ever applied."""
        every = dt.timedelta(minutes=self.schedule)
        overdue = self.now - self.as_of - every if self.as_of else dt.timedelta(0)
        return overdue if overdue > every / GRACE else None
