"""Guards: limits that stop what would do damage. Counts and causes in, a decision for each list out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from reconciler.errors import Blocked
from reconciler.model.address import Address, segment_address
from reconciler.model.definition import Definition
from reconciler.model.membership import Cause, Chosen, ListMembership, Selection
from reconciler.model.settings import Guards
from reconciler.model.workspace import Expected
from reconciler.plan.changes import Block
from reconciler.plan.emptiness import empties
from reconciler.plan.targeting import Usage

ALL = frozenset(Cause)
UNSURE = frozenset({Cause.GONE, Cause.UNMET, Cause.DEFINITION, Cause.EXCLUDED})
"""Removals that a broken feed or a slip of the pen can cause; the others are never stopped by their share."""
_EMPTY = "it holds {before:,} and would hold nobody; if this is right, say `allow_empty: true` on its segment"
SKEW = dt.timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Guarded:
    """One segment before the guards. `expected` is None outside its period; a segment being drained is let through."""

    key: str
    lists: tuple[ListMembership, ...]
    definition: Definition | None = None
    expected: Expected | None = None
    allow_empty: bool = False
    draining: bool = False

    @property
    def parts(self) -> frozenset[Address]:
        """The lists that it is made of, if it is made of others."""
        return frozenset(self.definition.union) if self.definition else frozenset()

    @property
    def address(self) -> Address:
        """Where blocks of the whole segment are shown."""
        return self.lists[0].address if len(self.lists) == 1 else segment_address(self.key)

    @property
    def before(self) -> int:
        """What all of its lists hold."""
        return sum(each.before for each in self.lists)

    @property
    def after(self) -> int:
        """What all of its lists would hold."""
        return sum(each.after for each in self.lists)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What may move. `stopped` are the lists of segments of which something is held back: their definition, which
    slices share, is not applied yet.
    """

    selection: Selection
    blocks: tuple[Block, ...] = ()
    stopped: frozenset[Address] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hold:
    """Something held back: of a whole segment, or (`address`) of one of its lists."""

    block: Block
    causes: frozenset[Cause] = frozenset()
    additions: bool = False
    even_if_excluded: bool = False
    address: Address | None = None


def judge(segments: Iterable[Guarded], limits: Guards, usage: Usage) -> Verdict:
    """Hold every segment against its limits. A list that is made of others has none of its own: what is held back of
    them is held back of it.
    """
    selection: dict[Address, Chosen] = {}
    blocks: list[Block] = []
    stopped: set[Address] = set()
    judged = sorted(segments, key=lambda segment: bool(segment.parts))
    for segment in judged:
        holds = () if segment.draining or segment.parts else tuple(_holds(segment, limits))
        blocks += [hold.block for hold in holds]
        chosen = {each.address: _chosen(segment, each, holds, usage) for each in segment.lists}
        if segment.parts & stopped:
            chosen = {address: replace(each, causes=frozenset()) for address, each in chosen.items()}
        selection |= chosen
        if any(each.frozen or withheld(each, chosen[each.address]) for each in segment.lists):
            stopped.update(chosen)
    return Verdict(selection=selection, blocks=tuple(dict.fromkeys(blocks)), stopped=frozenset(stopped))


def withheld(each: ListMembership, chosen: Chosen) -> bool:
    """Whether something of a list's difference is held back."""
    causes = {cause for cause, count in each.removed_by.items() if count}
    adds = each.added or each.resent.added
    return bool((adds and not chosen.add) or causes - chosen.causes)


def _chosen(segment: Guarded, each: ListMembership, holds: tuple[_Hold, ...], usage: Usage) -> Chosen:
    ours = [hold for hold in holds if hold.address in (None, each.address)]
    withheld = frozenset(chain.from_iterable(hold.causes for hold in ours))
    excluded = usage.restricts_by_addition(each.address)
    stop = any(hold.additions and (hold.even_if_excluded or not excluded) for hold in ours)
    overlap = not excluded and _strands_a_move(segment, each, holds)
    return Chosen(add=not (stop or overlap or segment.draining), causes=ALL - withheld)


def _strands_a_move(segment: Guarded, each: ListMembership, holds: tuple[_Hold, ...]) -> bool:
    """Whether somebody who should leave a sister slice for this list has to stay there: slices never overlap."""
    for sister in segment.lists:
        withheld = chain.from_iterable(hold.causes for hold in holds if hold.address in (None, sister.address))
        if sister is not each and any(sister.moved_by.get(cause, 0) for cause in withheld):
            return True
    return False


def _holds(segment: Guarded, limits: Guards) -> Iterator[_Hold]:
    yield from _frozen(segment)
    yield from _by_share(segment, limits)
    yield from _emptied(segment)
    yield from _unexpected(segment)


def _frozen(segment: Guarded) -> Iterator[_Hold]:
    """A frozen list has lost what waits already, in the membership stage; here it is only said."""
    for sentence in dict.fromkeys(chain.from_iterable(each.frozen for each in segment.lists)):
        yield _Hold(block=Block(segment.address, "frozen", sentence))


def _by_share(segment: Guarded, limits: Guards) -> Iterator[_Hold]:
    for cause, (name, words, limit) in _limits(limits).items():
        count = sum(_leaving(each, cause) for each in segment.lists)
        if segment.before and count > limit * segment.before and count > limits.min_count:
            share = _percent(Fraction(count, segment.before))
            message = (
                f"{count:,} of {segment.before:,} would leave as {cause} ({share}), more than {words} "
                f"{_percent(limit)} and min_count {limits.min_count:,}; if this is right, raise `guards.{name}` "
                f"or `guards.min_count`"
            )
            yield _Hold(block=Block(segment.address, name, message), causes=frozenset({cause}), additions=True)


def _limits(limits: Guards) -> Mapping[Cause, tuple[str, str, Fraction]]:
    return {
        Cause.GONE: ("max_gone", "max_gone", limits.max_gone),
        Cause.UNMET: ("max_gone", "max_gone", limits.max_gone),
        Cause.EXCLUDED: ("max_gone", "twice max_gone,", 2 * limits.max_gone),
        Cause.DEFINITION: ("max_changed", "max_changed", limits.max_changed),
    }


def _leaving(each: ListMembership, cause: Cause) -> int:
    """Removals that are a loss: whoever moves on to a sister slice is not."""
    return each.removed_by.get(cause, 0) - each.moved_by.get(cause, 0)


def _emptied(segment: Guarded) -> Iterator[_Hold]:
    for each in segment.lists:
        if not segment.allow_empty and empties(each, segment.definition):
            block = Block(each.address, "emptiness", _EMPTY.format(before=each.before))
            yield _Hold(block=block, causes=ALL, additions=True, even_if_excluded=True, address=each.address)


def _unexpected(segment: Guarded) -> Iterator[_Hold]:
    expected, after, block_at = segment.expected, segment.after, segment.address
    if expected is None:
        return
    low, high = expected.at_least or 0, expected.at_most
    added = sum(each.added for each in segment.lists)
    removals = sum(each.removed_by.get(cause, 0) for each in segment.lists for cause in UNSURE)
    first = segment.before == 0
    if high is not None and after > high and added:
        message = _range_message(segment, f"more than at_most {high:,}", "additions")
        yield _Hold(block=Block(block_at, "expected_members", message), additions=True, even_if_excluded=first)
    elif after < low and first and added:
        message = _range_message(segment, f"fewer than at_least {low:,}", "additions")
        yield _Hold(block=Block(block_at, "expected_members", message), additions=True, even_if_excluded=True)
    elif after < low and not first and removals:
        message = _range_message(segment, f"fewer than at_least {low:,}", f"{removals:,} removals")
        yield _Hold(block=Block(block_at, "expected_members", message), causes=UNSURE)


def _range_message(segment: Guarded, breach: str, what: str) -> str:
    start = "its first fill" if segment.before == 0 else f"it holds {segment.before:,} and"
    return (
        f"{start} would come to {segment.after:,}, {breach}; its {what} wait; if this is right, change "
        f"`expected_members` of segment.{segment.key}"
    )


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.2f}".rstrip("0").rstrip(".") + " %"


def check_clock(as_of: dt.datetime, applied: dt.datetime | None, skew: dt.timedelta | None) -> None:
    """Refuse a clock that can't be right.

    `applied` is the clock of the last apply; `skew` is how far the machine's clock is from Criteo's, and None where
    `as_of` was given by the user. Raises Blocked.
    """
    if applied is not None and as_of < applied:
        raise Blocked(
            "The clock of this run is before the last applied one.",
            f"as_of is {as_of.isoformat()}, the last applied one {applied.isoformat()}.",
            "Members would go back in time. Give a later --as-of, or leave it out.",
        )
    if skew is not None and abs(skew) > SKEW:
        side = "ahead of" if skew > dt.timedelta() else "behind"
        raise Blocked(
            "This machine's clock is not to be trusted.",
            f"It is {abs(skew).total_seconds():.0f} seconds {side} Criteo's clock.",
            "Set the clock of this machine, or give --as-of.",
        )
