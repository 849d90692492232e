"""What an audience includes and excludes, and how an edit of it is cut so that it restricts before it loosens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.actual import Actual
from reconciler.model.address import Address
from reconciler.model.remote import RemoteAudience, Targeting
from reconciler.plan.changes import AttributeChange
from reconciler.state.snapshot import Snapshot

FOREIGN = "criteo_segment"
"""How a segment that is not ours is named, with Criteo's id in brackets."""


@dataclass(frozen=True, slots=True)
class Algebra:
    """Any of `include`, none of `exclude`, by address."""

    include: frozenset[Address] = frozenset()
    exclude: frozenset[Address] = frozenset()

    @property
    def lists(self) -> frozenset[Address]:
        """All lists in it."""
        return self.include | self.exclude

    def __or__(self, other: Algebra) -> Algebra:
        return Algebra(self.include | other.include, self.exclude | other.exclude)


@dataclass(frozen=True, slots=True)
class Edits:
    """One edit of an audience in at most two calls: the first only restricts, the second is what is wanted."""

    restrict: Algebra | None = None
    loosen: Algebra | None = None


def split_edit(old: Algebra | None, new: Algebra) -> Edits:
    """Cut an edit. What is there now (`old` None: we can't tell) is narrowed first: no fewer exclusions, no new
    inclusions; the inclusions stay as they are where nothing of them would be left. Where that can't be said in lists
    of ours, the whole edit goes first: what was reviewed replaces what was not.
    """
    if old is None:
        return Edits(restrict=new)
    narrow = Algebra(old.include & new.include or old.include, old.exclude | new.exclude)
    if any(address.startswith(FOREIGN) for address in narrow.lists):
        return Edits(restrict=new)
    return Edits(narrow if narrow != old else None, new if new != narrow else None)


class Lists:
    """Criteo's segment ids as addresses."""

    def __init__(self, actual: Actual, snapshot: Snapshot) -> None:
        recorded = {record.criteo_id: address for address, record in snapshot.lists.items()}
        self._addresses = recorded | {remote.id: address for address, remote in actual.segments.items()}

    def address(self, segment_id: str) -> Address:
        """Our address, or Criteo's id in quotes where the segment is not ours."""
        return self._addresses.get(segment_id, Address(f'{FOREIGN}["{segment_id}"]'))

    def algebra(self, targeting: Targeting) -> Algebra:
        """What an audience at Criteo targets."""
        return Algebra(
            frozenset(map(self.address, targeting.include)),
            frozenset(map(self.address, targeting.exclude)),
        )

    def known(self, audience: RemoteAudience) -> Algebra | None:
        """What an audience of ours targets; None for a shape that we never write."""
        return self.algebra(audience.targeting) if audience.targeting else None


def algebra_lines(old: Algebra | None, new: Algebra) -> tuple[AttributeChange, ...]:
    """One line for each list that comes or goes; sets are compared as sets."""
    before = old or Algebra()
    unknown = () if old is not None else (AttributeChange("algebra", "a shape that reconciler never writes", None),)
    include = set_lines("include", before.include, new.include)
    return (*unknown, *include, *set_lines("exclude", before.exclude, new.exclude))


def set_lines(path: str, before: frozenset[Address], after: frozenset[Address]) -> Iterator[AttributeChange]:
    """The difference of two sets, what goes before what comes."""
    yield from (AttributeChange(path, address, None) for address in sorted(before - after))
    yield from (AttributeChange(path, None, address) for address in sorted(after - before))


@dataclass(frozen=True, slots=True)
class Usage:
    """Which lists some audience includes or excludes: as it is at Criteo, as recorded, or as wanted."""

    included: frozenset[Address]
    excluded: frozenset[Address]

    def restricts_by_removal(self, address: Address) -> bool:
        """Whether fewer people are targeted when somebody leaves; a list used by no audience counts as included."""
        return address in self.included or address not in self.excluded

    def restricts_by_addition(self, address: Address) -> bool:
        """Whether fewer people are targeted when somebody enters."""
        return address in self.excluded


def usage(algebras: Mapping[Address, Algebra], actual: Actual, lists: Lists) -> Usage:
    """`algebras` are those of our audiences, old and new together; audiences of somebody else count too."""
    foreign = (audience.targeting for audience in actual.foreign_audiences.values())
    known = [*algebras.values(), *(lists.algebra(targeting) for targeting in foreign if targeting)]
    return Usage(
        frozenset(address for algebra in known for address in algebra.include),
        frozenset(address for algebra in known for address in algebra.exclude),
    )
