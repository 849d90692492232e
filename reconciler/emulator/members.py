"""Who is on the lists, in bounded memory: amendments stay where they were written, sets are made when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from reconciler.emulator.clock import last_run
from reconciler.emulator.packed import Packed

CACHED_MEMBERS = 2_000_000
"""So many members are kept as sets, beside the one list that is asked for; a million takes about 150 MB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Where the members of one amendment lie; `width` is that of `Packed`."""

    offset: int
    length: int
    width: int
    count: int


Read = Callable[[Run], Packed]


@dataclass(frozen=True, kw_only=True, slots=True)
class Amendment:
    """One amendment of a list: members of a type that come or go."""

    adds: bool
    type: str
    run: Run


@dataclass(slots=True)
class _Made:
    """The sets that the first `upto` amendments of a list come to."""

    upto: int = 0
    members: dict[str, set[bytes]] = field(default_factory=dict, repr=False)

    def count(self) -> int:
        return sum(map(len, self.members.values()))

    def take(self, amendment: Amendment, keys: Packed) -> None:
        held = self.members.setdefault(amendment.type, set())
        if amendment.adds:
            held.update(keys)
        else:
            held.difference_update(keys)
        self.upto += 1


class Shelf:
    """The sets of the lists that were asked for last, `CACHED_MEMBERS` in all."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._made: dict[str, _Made] = {}
        self._size = 0

    def members(self, held: ContactList, upto: int) -> Mapping[str, set[bytes]]:
        """Return what the first `upto` amendments of a list come to; it is the caller's to read only."""
        made = self._take_out(held.id)
        if made.upto > upto:
            made = _Made()
        for amendment in held.amendments[made.upto : upto]:
            made.take(amendment, self._read(amendment.run))
        self._made[held.id] = made
        self._size += made.count()
        self._make_room()
        return made.members

    def drop(self, list_id: str) -> None:
        """Forget the set of a list."""
        self._take_out(list_id)

    def _take_out(self, list_id: str) -> _Made:
        made = self._made.pop(list_id, None) or _Made()
        self._size -= made.count()
        return made

    def _make_room(self) -> None:
        while self._size > CACHED_MEMBERS and len(self._made) > 1:
            self.drop(next(iter(self._made)))


class ContactList:
    """The members of one segment: its amendments in order, and how many members Criteo has counted.

    Criteo counts only when a processing run has passed: what the last run before `changed_at` saw
    is what the first `_seen` amendments come to.
    """

    def __init__(self, list_id: str, shelf: Shelf) -> None:
        self.id = list_id
        self.amendments: list[Amendment] = []
        self.changed_at = 0.0
        self._shelf = shelf
        self._seen = 0
        self._counts = {0: 0}

    def members(self) -> Mapping[str, set[bytes]]:
        """Return the members by identifier type, to be read only and at once."""
        return self._members(len(self.amendments))

    def count(self) -> int:
        """Return how many identifiers the list holds now."""
        return self._count(len(self.amendments))

    def count_at_run(self, at: float) -> int:
        """Return how many identifiers the newest processing run before `at` saw."""
        return self.count() if self.changed_at <= last_run(at) else self._count(self._seen)

    def counted(self) -> int:
        """Return how many identifiers the last run before the newest change saw."""
        return self._count(self._seen)

    def amend(self, at: float, amendment: Amendment) -> None:
        """Let members come or go."""
        self._change(at).amendments.append(amendment)

    def empty(self, at: float) -> None:
        """Let everybody go."""
        self.set_counted(at, self._change(at).counted())
        self._shelf.drop(self.id)
        self.amendments = []
        self._counts = {0: 0, self._seen: self._counts[self._seen]}

    def set_counted(self, at: float, count: int) -> None:
        """Say what the last run before a change at `at` saw."""
        self.changed_at, self._seen = at, -1
        self._counts[self._seen] = count

    def least_count(self) -> int:
        """Estimate the count without reading anything: as if nobody had come twice since it was last known."""
        upto = max(self._counts)
        since = self.amendments[upto:]
        return max(0, self._counts[upto] + sum(each.run.count if each.adds else -each.run.count for each in since))

    def _change(self, at: float) -> Self:
        """Remember what the runs so far saw, just before a change at `at`."""
        if self.changed_at <= last_run(at):
            self._seen = len(self.amendments)
        self.changed_at = at
        return self

    def _members(self, upto: int) -> Mapping[str, set[bytes]]:
        members = self._shelf.members(self, upto)
        self._counts = {place: count for place, count in self._counts.items() if place in (0, self._seen)}
        self._counts[upto] = sum(map(len, members.values()))
        return members

    def _count(self, upto: int) -> int:
        if upto not in self._counts:
            self._members(upto)
        return self._counts[upto]
