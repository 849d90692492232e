"""What an audience includes and excludes, and how an edit of it is cut so that it restricts before it loosens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from reconciler.actual import Actual
from reconciler.model.address import Address, criteo_address, criteo_id_of, replaced_by
from reconciler.model.algebra import (
    And,
    Formula,
    Leaf,
    Or,
    any_but,
    bare,
    blocked_shapes,
    canonical,
    excluded,
    implies,
    included,
    means,
    possible,
    renamed,
    sides,
)
from reconciler.model.remote import RemoteAudience, Targeting
from reconciler.plan.changes import AttributeChange, set_lines
from reconciler.state.snapshot import Snapshot

UNKNOWN_SHAPE = "a shape that reconciler does not know"


@dataclass(frozen=True, slots=True)
class Algebra:
    """Any of `include`, none of `exclude`, by address; where it says anything else, `formula`, of which these are what
    brings in and what keeps out.
    """

    include: frozenset[Address] = frozenset()
    exclude: frozenset[Address] = frozenset()
    formula: Formula | None = None

    @classmethod
    def of(cls, formula: Formula) -> Self:
        """From a canonical formula over addresses."""
        plain = sides(formula)
        include, exclude = plain or (included(formula), excluded(formula))
        return cls(_addresses(include), _addresses(exclude), None if plain else formula)

    @property
    def lists(self) -> frozenset[Address]:
        """All lists in it."""
        return self.include | self.exclude

    @property
    def whole(self) -> Formula | None:
        """All of it as a formula; None where nothing is targeted."""
        return self.formula or (any_but(self.include, self.exclude) if self.include else None)

    def renamed(self, names: Mapping[Address, Address]) -> Algebra:
        """The same of other lists."""
        include, exclude = (frozenset(names.get(each, each) for each in side) for side in (self.include, self.exclude))
        formula = self.formula and canonical(renamed(self.formula, lambda name: names.get(Address(name), name)))
        return Algebra(include, exclude, formula)

    def __or__(self, other: Algebra) -> Algebra:
        """The lists of both: what they are used for, not what they mean."""
        return Algebra(self.include | other.include, self.exclude | other.exclude)

    def means(self, other: Algebra | None) -> bool:
        """Whether both target the same people, whoever is on which list."""
        if other is None or self == other:
            return self == other
        one, two = self.whole, other.whole
        is_plain = self.formula is None and other.formula is None
        return not is_plain and one is not None and two is not None and means(one, two)


def _addresses(names: frozenset[str]) -> frozenset[Address]:
    return frozenset(map(Address, names))


@dataclass(frozen=True, slots=True)
class Edits:
    """One edit of an audience in at most two calls: the first only restricts, the second is what is wanted."""

    restrict: Algebra | None = None
    loosen: Algebra | None = None


Parts = Mapping[Address, frozenset[Address]]
"""Of lists that are made of others: of which. They hold whoever is on one of these."""


Cut = Callable[["Algebra | None", "Algebra"], "Edits"]
"""`split_edit` of a workspace."""


def split_edit(old: Algebra | None, new: Algebra, *, parts: Parts, several: bool) -> Edits:
    """Cut an edit. What is there now (`old` None: we can't tell) is narrowed first: no fewer exclusions, no new
    inclusions; the inclusions stay as they are where nothing of them would be left. Where that can't be said in lists
    that the workspace names, the whole edit goes first: what was reviewed replaces what was not. Where Criteo does not
    take `several` exclusions at once, one of them is changed for the other in a single edit, which waits as one that
    loosens.
    """
    if old is None:
        return Edits(restrict=new)
    swaps = {each: by for each in old.lists if (by := replaced_by(each)) is not None and by in new.lists}
    if swaps:
        return _swapping(old, new, swaps, parts=parts, several=several)
    if old.formula is not None or new.formula is not None:
        return _split_formula(old, new, parts)
    exclude = old.exclude | new.exclude
    exclude -= frozenset[Address]().union(*(parts.get(each, ()) for each in exclude))
    narrow = Algebra(old.include & new.include or old.include, exclude)
    if _names_strangers(narrow, new):
        return Edits(restrict=new)
    if not several and len(exclude) > 1:
        return Edits(loosen=new)
    return Edits(narrow if narrow != old else None, new if new != narrow else None)


def _swapping(old: Algebra, new: Algebra, swaps: Mapping[Address, Address], *, parts: Parts, several: bool) -> Edits:
    """One segment takes the place of another in one call, the last one: both at once would be another shape, which
    Criteo may not take.
    """
    restrict = split_edit(old.renamed(swaps), new, parts=parts, several=several).restrict
    narrow = restrict.renamed({by: each for each, by in swaps.items()}) if restrict else None
    return Edits(narrow if narrow != old else None, new)


def _split_formula(old: Algebra, new: Algebra, parts: Parts) -> Edits:
    """The same for formulas: one that follows from the old one loosens, one that the old one follows from restricts,
    and between others stands what both of them target. Where Criteo's builder would not take that though it takes both,
    the edit is one that loosens: it waits for all that restricts.
    """
    before, after = old.whole, new.whole
    if before is None or after is None or implies(_spelled(after, parts), _spelled(before, parts)):
        return Edits(restrict=new)
    if implies(_spelled(before, parts), _spelled(after, parts)):
        return Edits(loosen=new)
    narrow = Algebra.of(canonical(And((before, after))))
    if _names_strangers(narrow, new):
        return Edits(restrict=new)
    both = blocked_shapes(before) | blocked_shapes(after)
    if not possible(And((before, after))) or set(blocked_shapes(narrow.whole or after)) - both:
        return Edits(loosen=new)
    return Edits(narrow, new)


def _spelled(formula: Formula, parts: Parts) -> Formula:
    """With the lists that some are made of in their place."""
    return renamed(formula, lambda name: Or(tuple(map(Leaf, sorted(parts.get(Address(name), {Address(name)}))))))


def _names_strangers(algebra: Algebra, new: Algebra) -> bool:
    """Whether it names segments that are not ours and that the workspace does not name."""
    return any(criteo_id_of(address) for address in algebra.lists - new.lists)


class Lists:
    """Criteo's segment ids as addresses."""

    def __init__(self, actual: Actual, snapshot: Snapshot | None) -> None:
        lists, kinds = (snapshot.lists, snapshot.kinds) if snapshot else ({}, {})
        recorded = {record.criteo_id: address for address, record in lists.items()}
        recorded |= {record.criteo_id: address for address, record in kinds.items()}
        there = {**actual.segments, **actual.kinds}
        self._addresses = recorded | {remote.id: address for address, remote in there.items()}

    def address(self, segment_id: str) -> Address:
        """Our address, or Criteo's id in quotes where the segment is not ours."""
        return self._addresses.get(segment_id, criteo_address(segment_id))

    def algebra(self, targeting: Targeting) -> Algebra:
        """What an audience at Criteo targets."""
        formula = targeting.algebra
        return Algebra(
            frozenset(map(self.address, targeting.include)),
            frozenset(map(self.address, targeting.exclude)),
            canonical(renamed(formula, self.address)) if formula else None,
        )

    def known(self, audience: RemoteAudience) -> Algebra | None:
        """What an audience of ours targets; None for a shape that we do not know."""
        return self.algebra(audience.targeting) if audience.targeting else None

    def used(self, audience: RemoteAudience) -> Algebra:
        """The lists that somebody's audience uses; in a shape that we do not know each may bring in and keep out."""
        mentioned = frozenset(map(self.address, audience.mentioned))
        return self.known(audience) or Algebra(mentioned, mentioned)


def algebra_lines(old: Algebra | None, new: Algebra) -> tuple[AttributeChange, ...]:
    """One line for each list that comes or goes, or, where one of the two is more than any of some and none of others,
    for each formula that has to hold; sets are compared as sets.
    """
    before = old or Algebra()
    unknown = () if old is not None else (AttributeChange("algebra", UNKNOWN_SHAPE, None),)
    if before.formula or new.formula:
        return (*unknown, *set_lines("algebra", _required(before), _required(new)))
    include = set_lines("include", before.include, new.include)
    return (*unknown, *include, *set_lines("exclude", before.exclude, new.exclude))


def _required(algebra: Algebra) -> frozenset[str]:
    """What has to hold, part by part."""
    whole = algebra.whole
    if whole is None:
        return frozenset()
    return frozenset(map(bare, whole.parts if isinstance(whole, And) else (whole,)))


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
    known = [*algebras.values(), *map(lists.used, actual.foreign_audiences.values())]
    return Usage(
        frozenset(address for algebra in known for address in algebra.include),
        frozenset(address for algebra in known for address in algebra.exclude),
    )
