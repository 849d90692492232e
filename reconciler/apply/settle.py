"""Results → which lists are as wanted, which moves enter the ledger, and what stays in doubt. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reconciler.apply.outcome import Result, Status
from reconciler.model.address import Address
from reconciler.model.definition import Definition
from reconciler.model.membership import Chosen, ListMembership, Membership
from reconciler.plan.changes import Operation, Plan
from reconciler.state.snapshot import Blob, Doubt, ListRecord, SourceCounts

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
        """The moves that enter the ledger: of each list the directions that Criteo has accepted whole."""
        chosen = {address: self._accepted(address, each) for address, each in self.plan.selection.items()}
        return {address: each for address, each in sorted(chosen.items()) if each.add or each.causes}

    def _accepted(self, address: Address, chosen: Chosen) -> Chosen:
        removed = self.sent(address, Operation.REMOVE) is not None
        return Chosen(
            add=chosen.add and self.sent(address, Operation.ADD) is not None,
            causes=chosen.causes if removed else frozenset(),
        )

    def is_whole(self, address: Address) -> bool:
        """Whether the list now holds exactly what is wanted: nothing was frozen, blocked, failed or left out."""
        members = self.plan.membership.lists.get(address)
        if members is None or members.frozen:
            return False
        return self._added_all(members) and self._removed_all(members)

    def _added_all(self, members: ListMembership) -> bool:
        chosen = self.plan.selection.get(members.address)
        if not members.added:
            return True
        return chosen is not None and chosen.add and self.sent(members.address, Operation.ADD) is not None

    def _removed_all(self, members: ListMembership) -> bool:
        chosen = self.plan.selection.get(members.address)
        causes = {cause for cause, count in members.removed_by.items() if count}
        if not causes:
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


def with_members(
    lists: Mapping[Address, ListRecord], settled: Settled, definitions: Mapping[Address, Definition]
) -> dict[Address, ListRecord]:
    """The lists with the definition and clock that they have now been brought to.

    The lists of one segment go together, since its slices share one definition: they keep the old one until all are as
    wanted. Where there is no old one, the wanted one is kept at once, so that the next `sync` goes on with it.
    """
    behind = {segment_of(address) for address in lists if not settled.is_whole(address)}
    after = {address: replace(record, count=settled.count(record)) for address, record in lists.items()}
    for address in after.keys() & definitions.keys():
        if segment_of(address) not in behind or after[address].definition is None:
            after[address] = replace(after[address], definition=definitions[address], as_of=settled.plan.as_of)
    return after


def segment_of(address: Address) -> str:
    """The key of the segment that a list belongs to."""
    return address.split(".")[1]


def own_doubt(results: Iterable[Result], intent: Blob | None, bits: Mapping[Address, int]) -> Doubt:
    """What this run leaves in doubt: lists of which a request was begun and not all accepted, and lost creations."""
    results = tuple(results)
    lists = {
        each.step.address
        for each in results
        if each.step.operation in _MOVES and each.touched and each.status is not Status.DONE
    }
    creates = {
        each.step.address for each in results if each.step.operation in _CREATES and each.status is Status.UNKNOWN
    }
    return Doubt(
        intent=intent,
        bits={address: bits[address] for address in sorted(lists)},
        lists=frozenset(lists),
        creates=frozenset(creates),
    )


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
    return SourceCounts(
        customers=health.customers.rows, events=health.events.rows, valid_identifiers=health.valid_identifiers
    )
