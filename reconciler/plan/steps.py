"""Differences and a verdict → steps with the edges between them: restrict before you loosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.model.address import Address, Two, covers, excluding_audience
from reconciler.model.membership import Chosen, Membership, Selection
from reconciler.plan.audience_diff import AudienceDifference
from reconciler.plan.changes import Action, Operation, Phase, Step
from reconciler.plan.difference import ListDifference
from reconciler.plan.kind_list import grown_from
from reconciler.plan.kind_steps import departures, first_fills, kind_steps, restricting_changes
from reconciler.plan.removal import whole_segment
from reconciler.plan.step import new_step, parting, step_id
from reconciler.plan.targeting import Algebra, Usage


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """All that the steps are made from. `stopped` are lists of which a guard holds something back, `apart` every two
    segments that must not share anybody.
    """

    lists: tuple[ListDifference, ...]
    audiences: tuple[AudienceDifference, ...]
    membership: Membership
    selection: Selection
    stopped: frozenset[Address]
    usage: Usage
    apart: tuple[Two, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafts:
    """Steps before their order. `held` are ids of steps that are needed and can't be taken now."""

    steps: tuple[Step, ...]
    held: frozenset[str]


def draft(work: Work) -> Drafts:
    """Every step, with all it needs; needs may name steps that do not exist, which wait for nothing."""
    edges = _Edges(work)
    steps = [*_list_steps(work, edges), *_member_steps(work, edges), *_audience_steps(work, edges)]
    return Drafts(tuple(steps), frozenset(_held(work)))


def _held(work: Work) -> Iterator[str]:
    resources: tuple[ListDifference | AudienceDifference, ...] = (*work.lists, *work.audiences)
    for resource in resources:
        if resource.stopped:
            yield from (step_id(verb, resource.address) for verb in ("create", "add"))
    for address, chosen in work.selection.items():
        each = work.membership.lists[address]
        if not chosen.add and (each.added or each.resent.added):
            yield step_id("add", address)


class _Edges:
    """Which steps other steps wait for, looked up once for the whole plan."""

    def __init__(self, work: Work) -> None:
        self.usage = work.usage
        self.including: dict[Address, list[AudienceDifference]] = {}
        self.excluding: dict[Address, list[AudienceDifference]] = {}
        self.sisters: dict[Address, list[Address]] = {}
        for audience in work.audiences:
            for address in audience.algebra.include:
                self.including.setdefault(address, []).append(audience)
            for address in audience.algebra.exclude:
                self.excluding.setdefault(address, []).append(audience)
        for address in sorted(work.membership.lists):
            self.sisters.setdefault(whole_segment(address), []).append(address)
        self._apart = _partners(work)
        self._grown = grown_from(work.lists)
        self._narrowing = restricting_changes(work.lists, work.usage)
        self.fills = first_fills(work.membership)
        self._restricting = {audience.address: frozenset(self._restricts(audience)) for audience in work.audiences}

    def restricting(self, audience: AudienceDifference) -> frozenset[str]:
        """All steps after which fewer people are targeted by an audience."""
        return self._restricting[audience.address]

    def _restricts(self, audience: AudienceDifference) -> Iterator[str]:
        yield step_id("restrict", audience.address)
        yield from (step_id("add", address) for address in audience.algebra.exclude)
        yield from (step_id("change", address) for address in audience.algebra.lists & self._narrowing)
        yield from self.removals(audience.algebra.include)

    def removals(self, addresses: Iterable[Address]) -> Iterator[str]:
        """Removals that restrict: they wait for nothing, whatever waits for them."""
        yield from (step_id("remove", each) for each in addresses if self.usage.restricts_by_removal(each))

    def of_addition(self, address: Address) -> frozenset[str]:
        """Additions wait for the removals of their own list, its sisters and those that must not share anybody with it,
        and, where they loosen some audience, for all that restricts it. A removal that loosens is no reason to wait: it
        comes last itself.
        """
        sisters = (*self.sisters.get(whole_segment(address), ()), *self._apart.get(address, ()))
        audiences = (self.restricting(each) for each in self.including.get(address, ()))
        needs = frozenset({step_id("create", address), *self.removals(sisters)}).union(*audiences)
        return needs - {step_id("add", address)}

    def of_removal(self, address: Address) -> frozenset[str]:
        """Removals wait for nothing where they restrict, else for all that restricts the audiences they loosen. From a
        list of exclusions that is given up nobody goes before its audience, which may name the lists of it again.
        """
        if self.usage.restricts_by_removal(address):
            return frozenset()
        audience = excluding_audience(address)
        edits = {step_id("loosen", audience), step_id("restrict", audience)} if audience else set()
        users = map(self.restricting, self.excluding.get(address, ()))
        return frozenset({step_id("add", address), *edits}).union(*users)

    def of_change(self, address: Address) -> frozenset[str] | None:
        """A change that loosens waits for all that restricts the audiences it is in; None where it restricts itself."""
        if address in self._narrowing:
            return None
        users = (*self.including.get(address, ()), *self.excluding.get(address, ()))
        return frozenset[str]().union(*map(self.restricting, users))

    def of_departure(self, address: Address) -> frozenset[str]:
        """A list goes when it is empty, and no audience of ours uses it and no lookalike grows from it any more."""
        users = (*self.including.get(address, ()), *self.excluding.get(address, ()))
        verbs = ("restrict", "loosen", "delete")
        return frozenset(
            {step_id("remove", address), *(step_id(verb, user.address) for user in users for verb in verbs)}
        ) | departures(self._grown, address)


def _partners(work: Work) -> dict[Address, list[Address]]:
    """By list the lists that must not share anybody with it."""
    found: dict[Address, list[Address]] = {}
    for pair in work.apart:
        for one, other in (pair, pair[::-1]):
            others = [each for each in work.membership.lists if covers(other, each)]
            for address in (each for each in work.membership.lists if covers(one, each)):
                found.setdefault(address, []).extend(others)
    return found


def _list_steps(work: Work, edges: _Edges) -> Iterator[Step]:
    for each in work.lists:
        if each.action in (Action.DESTROY, Action.FORGET):
            yield from _departure(each, edges.of_departure(each.address))
        elif each.stopped:
            continue
        elif each.kind is not None:
            waits, loosens = _waits(each), edges.of_change(each.address)
            yield from kind_steps(each, each.kind, waits=waits, fills=edges.fills, loosens=loosens)
        else:
            yield from _words_of_list(each)
            yield from _record_of_list(each, edges, stopped=each.address in work.stopped)


def _departure(each: ListDifference, needs: frozenset[str]) -> Iterator[Step]:
    if each.action is Action.FORGET:
        yield from parting(each.address, each.words, Operation.UPDATE_SEGMENT, needs)
    else:
        step = new_step("delete", Operation.DELETE_SEGMENT, Phase.DELETE, each.address, needs)
        yield replace(step, kind=each.kind.kind if each.kind else None)


def _waits(each: ListDifference) -> frozenset[str]:
    return frozenset({step_id("update", each.waits)} if each.waits else ())


def _words_of_list(each: ListDifference) -> Iterator[Step]:
    words, waits = each.words, _waits(each)
    if each.action is Action.CREATE:
        step = new_step("create", Operation.CREATE_SEGMENT, Phase.CREATE, each.address, waits)
        yield replace(step, name=words.name, description=words.description, definition=each.definition)
    elif words.name is not None or words.description is not None:
        step = new_step("update", Operation.UPDATE_SEGMENT, Phase.CREATE, each.address, waits)
        yield replace(step, name=words.name, description=words.description)


def _record_of_list(each: ListDifference, edges: _Edges, *, stopped: bool) -> Iterator[Step]:
    """A changed definition is applied when its members have moved, those of sister slices too, and not while a guard
    holds some of them back.
    """
    definition = None if stopped else each.definition
    if each.action is not Action.CREATE and (definition is not None or each.words.stale):
        sisters = edges.sisters.get(whole_segment(each.address), ())
        moves = (step_id(verb, sister) for verb in ("remove", "add") for sister in sisters)
        needs = frozenset((*moves, step_id("update", each.address)))
        step = new_step("record", Operation.RECORD, Phase.LOOSEN, each.address, needs)
        if each.words.stale:
            step = replace(step, name=each.name, description=each.words.record)
        yield replace(step, definition=definition)


def _member_steps(work: Work, edges: _Edges) -> Iterator[Step]:
    stopped = {each.address for each in work.lists if each.stopped}
    for address, chosen in sorted(work.selection.items()):
        if address not in stopped:
            yield from _moves(address, chosen, work, edges)


def _moves(address: Address, chosen: Chosen, work: Work, edges: _Edges) -> Iterator[Step]:
    """What is in doubt is said again beside what moves: its removals are no loss, so that no guard stops them."""
    each = work.membership.lists[address]
    added = each.added + each.resent.added
    removed = sum(count for cause, count in each.removed_by.items() if cause in chosen.causes) + each.resent.removed
    if removed:
        phase = Phase.RESTRICT if edges.usage.restricts_by_removal(address) else Phase.LOOSEN
        step = new_step("remove", Operation.REMOVE, phase, address, edges.of_removal(address))
        yield replace(step, count=removed)
    if chosen.add and added:
        phase = Phase.RESTRICT if edges.usage.restricts_by_addition(address) else Phase.LOOSEN
        step = new_step("add", Operation.ADD, phase, address, edges.of_addition(address))
        yield replace(step, count=added)


def _audience_steps(work: Work, edges: _Edges) -> Iterator[Step]:
    linkers = {ad_set: step_id("link", each.address, ad_set) for each in work.audiences for ad_set in each.links.link}
    for each in work.audiences:
        if each.action is Action.DESTROY:
            yield from _unlinks(each)
            yield _end_of_audience(each, linkers)
        elif each.action is Action.FORGET:
            yield from parting(each.address, each.words, Operation.UPDATE_AUDIENCE)
        elif not each.stopped:
            yield from _words_of_audience(each)
            yield from _edits(each, edges)
            yield from _links(each, edges)
            yield from _unlinks(each)
            yield from _record_of_audience(each)


def _words_of_audience(each: AudienceDifference) -> Iterator[Step]:
    words = each.words
    waits = {step_id("update", each.waits)} if each.waits else set()
    if each.action is Action.CREATE:
        step = new_step("create", Operation.CREATE_AUDIENCE, Phase.CREATE, each.address, _creates(each.new) | waits)
        yield _targeting(replace(step, name=words.name, description=words.description), each.new)
    elif words.name is not None or words.description is not None:
        step = new_step("update", Operation.UPDATE_AUDIENCE, Phase.CREATE, each.address, frozenset(waits))
        yield replace(step, name=words.name, description=words.description)


def _creates(algebra: Algebra) -> frozenset[str]:
    return frozenset(step_id("create", address) for address in algebra.lists)


def _targeting(step: Step, algebra: Algebra) -> Step:
    include, exclude = (tuple(sorted(side)) for side in (algebra.include, algebra.exclude))
    return replace(step, include=include, exclude=exclude, algebra=algebra.formula)


def _edits(each: AudienceDifference, edges: _Edges) -> Iterator[Step]:
    restrict, loosen = each.edits.restrict, each.edits.loosen
    if restrict is not None:
        filled = {step_id("add", address) for address in restrict.exclude if excluding_audience(address)}
        needs = _creates(restrict) | filled
        step = new_step("restrict", Operation.UPDATE_AUDIENCE, Phase.RESTRICT, each.address, needs)
        yield _targeting(step, restrict)
    if loosen is not None:
        needs = _creates(loosen) | edges.restricting(each)
        step = new_step("loosen", Operation.UPDATE_AUDIENCE, Phase.LOOSEN, each.address, needs)
        yield _targeting(step, loosen)


def _links(each: AudienceDifference, edges: _Edges) -> Iterator[Step]:
    """An ad set is linked when everything of its audience is done."""
    own = (step_id(verb, each.address) for verb in ("create", "update", "restrict", "loosen"))
    moves = (step_id(verb, address) for verb in ("add", "remove", "change") for address in each.algebra.lists)
    needs = frozenset((*own, *moves)) | edges.restricting(each)
    for ad_set in sorted(each.links.link):
        step = new_step("link", Operation.LINK, Phase.LOOSEN, each.address, needs)
        yield replace(step, id=step_id("link", each.address, ad_set), ad_set=ad_set)


def _unlinks(each: AudienceDifference) -> Iterator[Step]:
    for ad_set in sorted(each.links.unlink):
        step = new_step("unlink", Operation.UNLINK, Phase.DELETE, each.address)
        yield replace(step, id=step_id("unlink", each.address, ad_set), ad_set=ad_set)


def _record_of_audience(each: AudienceDifference) -> Iterator[Step]:
    if each.action is Action.CREATE or not (each.record or each.words.stale or each.links.record is not None):
        return
    verbs = ("update", "restrict", "loosen")
    links = (step_id("link", each.address, ad_set) for ad_set in each.links.link)
    unlinks = (step_id("unlink", each.address, ad_set) for ad_set in each.links.unlink)
    needs = frozenset((*(step_id(verb, each.address) for verb in verbs), *links, *unlinks))
    step = new_step("record", Operation.RECORD, Phase.DELETE, each.address, needs)
    step = replace(step, name=each.name, description=each.words.record, ad_sets=each.links.record)
    yield _targeting(step, each.record) if each.record else step


def _end_of_audience(each: AudienceDifference, linkers: Mapping[str, str]) -> Step:
    """An audience goes when no ad set carries it: unlinked, or linked to another of ours."""
    unlinks = (step_id("unlink", each.address, ad_set) for ad_set in each.links.unlink)
    links = (linkers[ad_set] for ad_set in each.links.taken)
    return new_step("delete", Operation.DELETE_AUDIENCE, Phase.DELETE, each.address, frozenset((*unlinks, *links)))
