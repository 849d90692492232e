"""Results → which lists are as wanted, which moves enter the ledger, and what stays in doubt. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from reconciler.apply.outcome import Result, Status, only_done
from reconciler.model.address import Address
from reconciler.model.membership import Chosen, ListMembership, Membership
from reconciler.plan.changes import Operation, Plan
from reconciler.state.snapshot import Doubt, ListRecord, SourceCounts

_MOVES = (Operation.ADD, Operation.REMOVE)
_CREATES = (Operation.CREATE_SEGMENT, Operation.CREATE_AUDIENCE)


@dataclass(frozen=True, slots=True)
class Settled:
    """What the results of a run mean for its lists. `moves` are the results of member steps, by list and direction."""

    plan: Plan
    moves: Mapping[tuple[Address, Operation], Result]

    @classmethod
    def of(cls, plan: Plan, results: Iterable[Result]) -> Settled:
        """Sort the results of a run by list."""
        moves = {(each.step.address, each.step.operation): each for each in results if each.step.operation in _MOVES}
        return cls(plan, moves)

    def sent(self, address: Address, operation: Operation) -> int | None:
        """How many identifiers a finished step of a list has sent; None when there is none, or it is not done."""
        result = self.moves.get((address, operation))
        return result.sent if result is not None and result.status is Status.DONE else None

    def done_moves(self) -> dict[Address, Chosen]:
        """The lists whose moves enter the ledger: those of which Criteo has accepted every step whole."""
        ended: dict[Address, list[Result]] = {}
        for result in self.moves.values():
            ended.setdefault(result.step.address, []).append(result)
        done = (address for address, each in ended.items() if len(only_done(each)) == len(each))
        return {address: self.plan.selection[address] for address in sorted(done)}

    def touched(self) -> frozenset[Address]:
        """The lists to which something was sent that does not enter the ledger."""
        begun = {each.step.address for each in self.moves.values() if each.touched}
        return frozenset(begun - self.done_moves().keys())

    def emptied(self) -> frozenset[Address]:
        """The lists that hold nobody now, in the ledger as well."""
        lists = self.plan.membership.lists
        return frozenset(each for each in self.done_moves() if not lists[each].wanted and self.is_whole(each))

    def is_whole(self, address: Address) -> bool:
        """Whether the list now holds exactly what is wanted: nothing was frozen, blocked, failed or left out."""
        members = self.plan.membership.lists.get(address)
        if members is None or members.frozen:
            return False
        return self._added_all(members) and self._removed_all(members)

    def _added_all(self, members: ListMembership) -> bool:
        chosen = self.plan.selection.get(members.address)
        if not members.added and not members.resent.added:
            return True
        return chosen is not None and chosen.add and self.sent(members.address, Operation.ADD) is not None

    def _removed_all(self, members: ListMembership) -> bool:
        chosen = self.plan.selection.get(members.address)
        causes = {cause for cause, count in members.removed_by.items() if count}
        if not causes and not members.resent.removed:
            return True
        return (
            chosen is not None and causes <= chosen.causes and self.sent(members.address, Operation.REMOVE) is not None
        )

    def count(self, record: ListRecord) -> int:
        """How many identifiers the ledger holds for a list after the run."""
        members = self.plan.membership.lists.get(record.address)
        if members is None:
            return record.count
        if self.is_whole(record.address):
            return members.wanted
        added = self.sent(record.address, Operation.ADD) or 0
        removed = self.sent(record.address, Operation.REMOVE) or 0
        return max(0, members.before + added - removed)


def with_members(lists: Mapping[Address, ListRecord], settled: Settled) -> dict[Address, ListRecord]:
    """The lists with how many they hold now, and with the plan's clock where they are as wanted."""
    return {
        address: replace(
            record,
            count=settled.count(record),
            as_of=settled.plan.as_of if settled.is_whole(address) else record.as_of,
        )
        for address, record in lists.items()
    }


def own_doubt(settled: Settled, results: Iterable[Result], intent: Doubt) -> Doubt:
    """What this run leaves in doubt of what it was about to do: lists not all accepted, and lost creations."""
    lost = {each.step.address for each in results if each.status is Status.UNKNOWN and each.step.operation in _CREATES}
    return replace(intent, lists=settled.touched(), creates=frozenset(lost))


def still_doubted(doubt: Doubt, resolved: frozenset[Address], known: frozenset[Address]) -> Doubt | None:
    """What is left of a doubt: lists that are not `resolved`, creations that are not `known`; None when nothing is."""
    lists = doubt.lists - resolved
    creates = doubt.creates - known
    if not lists and not creates:
        return None
    bits = {address: bit for address, bit in doubt.bits.items() if address in lists}
    return replace(doubt, intent=doubt.intent if lists else None, bits=bits, lists=lists, creates=creates)


def source_counts(membership: Membership, before: SourceCounts | None) -> SourceCounts | None:
    """The sizes of the source to compare the next run's with. While a list is frozen the old ones stay: a shrunken feed
    must not become the measure of itself.
    """
    if any(members.frozen for members in membership.lists.values()):
        return before
    health = membership.health
    several = len(health.sources) > 1
    return SourceCounts(
        customers=health.customers.rows,
        events=health.events.rows,
        valid_identifiers=health.valid_identifiers,
        event_tables=MappingProxyType({each.name: each.rows for each in health.sources if several}),
    )
