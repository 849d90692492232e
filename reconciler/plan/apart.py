"""The guard of `exclusive`: who is in two segments at once stops what would be added to their lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reconciler.desired import Desired
from reconciler.model.address import Address, covers
from reconciler.model.apart import Approval, Exclusive
from reconciler.model.membership import Membership
from reconciler.plan.changes import Block
from reconciler.plan.guards import Verdict, withheld
from reconciler.plan.removal import whole_segment
from reconciler.plan.targeting import Usage

GUARD = "exclusive"
_MONTH = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Stop:
    """What is added to one segment waits, because of another one."""

    address: Address
    message: str


def keep_apart(verdict: Verdict, desired: Desired, membership: Membership, usage: Usage) -> tuple[Verdict, list[str]]:
    """The verdict with the additions held back that would put somebody into two exclusive segments at once, and what is
    to be said of approvals. Removals go on, and so do additions that leave people out.
    """
    judge = _Judge(verdict, desired, membership, usage)
    stops = list(dict.fromkeys(stop for group in desired.exclusive for stop in judge.stops(group)))
    held = {part for stop in stops for part in judge.adding(stop.address)}
    selection = {a: replace(chosen, add=chosen.add and a not in held) for a, chosen in verdict.selection.items()}
    segments = {whole_segment(address) for address in held if withheld(membership.lists[address], selection[address])}
    blocks = tuple(Block(stop.address, GUARD, stop.message) for stop in stops)
    judged = Verdict(
        selection=selection,
        blocks=(*verdict.blocks, *blocks),
        stopped=verdict.stopped | {a for a in selection if whole_segment(a) in segments},
    )
    return judged, [*dict.fromkeys(judge.notes)]


class _Judge:
    def __init__(self, verdict: Verdict, desired: Desired, membership: Membership, usage: Usage) -> None:
        self._verdict = verdict
        self._membership = membership
        self._usage = usage
        self._time_zone = desired.settings.time_zone
        self._approvals = desired.approvals
        self.notes: list[str] = []

    def stops(self, group: Exclusive) -> Iterator[_Stop]:
        """Both of two that share more people than approved, and one whose other can't let go of somebody."""
        for pair in group.pairs():
            for one, other in (pair, pair[::-1]):
                count = self._membership.in_both.get(pair, 0)
                if count and not self._is_approved(one, other, count):
                    yield _Stop(one, self._too_many(group, one, other, count))
                elif (why := self._staying(other)) and self._adds(one):
                    yield _Stop(one, f"{why}, and {_waits(group)}")

    def adding(self, address: Address) -> list[Address]:
        """The lists of a segment to which nobody may be added: those whose additions leave people out are not among
        them.
        """
        return [part for part in self._lists(address) if not self._usage.restricts_by_addition(part)]

    def _adds(self, address: Address) -> bool:
        return any(self._membership.lists[part].added for part in self.adding(address))

    def _lists(self, address: Address) -> list[Address]:
        return [part for part in self._verdict.selection if covers(address, part)]

    def _is_approved(self, one: Address, other: Address, count: int) -> bool:
        for approval in self._current():
            if covers(approval.step, one) and count <= approval.up_to:
                said = f"{count:,} people in both {one} and {other}: approved until {approval.until}"
                self.notes.append(f"{said} ({approval.reason}).")
                return True
        return False

    def _current(self) -> Iterator[Approval]:
        return (each for each in self._approvals if each.holds(self._membership.as_of, self._time_zone))

    def _too_many(self, group: Exclusive, one: Address, other: Address, count: int) -> str:
        adding = self.adding(one)
        what = "what would be added here waits" if adding else "what is added here goes on, since it leaves people out"
        until = (self._membership.as_of + _MONTH).date()
        entry = f"{{ step: {one}, guard: {GUARD}, up_to: {count}, until: {until}, reason: … }}"
        return (
            f"{_people(count)} be in {other} too, against {_group(group)}; {what}; change one of the two so that they "
            f"share nobody, or, if this is right for now, add to `approvals`: {entry}"
        )

    def _staying(self, address: Address) -> str | None:
        """Why people may have to stay in a segment who are about to enter another one."""
        staying = 0
        for part in self._lists(address):
            each, chosen = self._membership.lists[part], self._verdict.selection[part]
            if each.frozen and each.before:
                return f"{address} is frozen, so that hardly anybody can leave it"
            staying += sum(count for cause, count in each.removed_by.items() if cause not in chosen.causes)
        return f"{staying:,} who should leave {address} are held there by a guard" if staying else None


def _people(count: int) -> str:
    return "1 person would" if count == 1 else f"{count:,} people would"


def _group(group: Exclusive) -> str:
    return f"`{group.label}`" + (f" ({group.reason})" if group.reason else "")


def _waits(group: Exclusive) -> str:
    return f"by {_group(group)} nobody may be in both; what would be added here waits until they may go"


def expired(approvals: Iterable[Approval], as_of: dt.datetime, time_zone: str) -> Iterator[str]:
    """What is to be said of approvals whose day is over."""
    for each in approvals:
        if not each.holds(as_of, time_zone):
            yield f"The approval of {each.step} for {each.guard} ended on {each.until}: it can go."
