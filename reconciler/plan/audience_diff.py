"""Audiences: wanted × recorded × at Criteo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from reconciler.actual import Actual
from reconciler.desired import Desired, DesiredAudience
from reconciler.model.address import Address
from reconciler.model.mark import Mark
from reconciler.plan.changes import Action, AttributeChange, Block
from reconciler.plan.links import Clock, Links, carried_by, compare_links
from reconciler.plan.names import judge_names
from reconciler.plan.removal import Contents, declared
from reconciler.plan.targeting import UNKNOWN_SHAPE, Algebra, Cut, Edits, Lists, Parts, algebra_lines, split_edit
from reconciler.plan.words import Words, compare_words, new_words, parting_words
from reconciler.state.snapshot import AudienceRecord, Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceDifference:
    """One audience with what is to be done to it.

    `old` is what it targets as far as we can tell, at Criteo and as recorded; `new` what it shall. `record` is the
    algebra to write into a record that is wrong although Criteo has what is wanted. `parts` are the lists that its list
    of exclusions is made of. `stopped` and `waits` as of a list.
    """

    address: Address
    action: Action
    name: str
    owner: str | None = None
    reason: str | None = None
    words: Words = field(default_factory=Words)
    old: Algebra = field(default_factory=Algebra)
    new: Algebra = field(default_factory=Algebra)
    edits: Edits = field(default_factory=Edits)
    record: Algebra | None = None
    parts: frozenset[Address] = frozenset()
    links: Links = field(default_factory=Links)
    attributes: tuple[AttributeChange, ...] = ()
    drift: tuple[AttributeChange, ...] = ()
    blocks: tuple[Block, ...] = ()
    stopped: bool = False
    waits: Address | None = None

    @property
    def algebra(self) -> Algebra:
        """All that it targets or will, also by way of its list of exclusions."""
        return self.old | self.new | Algebra(exclude=self.parts)


def compare_audiences(
    desired: Desired, actual: Actual, snapshot: Snapshot, clock: Clock
) -> tuple[AudienceDifference, ...]:
    """Every audience that is asked for or held, by address."""
    lists, said, parts = Lists(actual, snapshot), declared(desired), parts_of(desired, snapshot)
    wanted = {audience.address: audience for audience in desired.audiences}
    workspace, several = desired.settings.workspace, desired.settings.criteo.exclusions == "separate"
    cut = partial(split_edit, parts=parts, several=several)
    declaring = frozenset(address for address, audience in wanted.items() if audience.ad_sets)
    found = []
    for audience in wanted.values():
        links = compare_links(audience, declaring, actual, snapshot, clock)
        found.append(_wanted(audience, links, _Held(audience.address, actual, snapshot, lists), workspace, cut))
    for address in {*snapshot.audiences, *actual.audiences} - set(wanted):
        contents = said.contents(address)
        if contents is not None:
            carried = carried_by(actual.audiences.get(address), actual)
            found.append(_unwanted(_Held(address, actual, snapshot, lists), contents, carried))
    ordered = sorted(found, key=lambda difference: difference.address)
    named = _named(_without_moves(ordered), actual)
    return tuple(replace(each, parts=_behind(each.algebra.lists, parts)) for each in named)


def parts_of(desired: Desired | None, snapshot: Snapshot) -> Parts:
    """Of every list that is made of others: of which it is to be, or else of which it was as applied."""
    known = {address: each.definition.union for address, each in snapshot.lists.items() if each.definition}
    made = desired.exclusions if desired else ()
    wanted = {each.address: owner.definition.union for owner in made for each in owner.lists}
    return {address: frozenset(union) for address, union in {**known, **wanted}.items() if union}


def _behind(lists: frozenset[Address], parts: Parts) -> frozenset[Address]:
    return frozenset[Address]().union(*(parts.get(each, ()) for each in lists))


def recorded_audiences(actual: Actual, snapshot: Snapshot) -> tuple[AudienceDifference, ...]:
    """Every audience that we keep, with nothing to be done to it: what its lists have to wait for."""
    lists, parts = Lists(actual, snapshot), parts_of(None, snapshot)
    held = (_Held(address, actual, snapshot, lists) for address in sorted(snapshot.audiences))
    return tuple(
        AudienceDifference(
            address=each.address, action=Action.NONE, name=each.name, old=each.old, parts=_behind(each.old.lists, parts)
        )
        for each in held
    )


class _Held:
    """What the snapshot and Criteo know of one audience."""

    def __init__(self, address: Address, actual: Actual, snapshot: Snapshot, lists: Lists) -> None:
        self.address = address
        self.record: AudienceRecord | None = snapshot.audiences.get(address)
        self.remote = actual.audiences.get(address)
        self.shown = lists.known(self.remote) if self.remote else None
        self.recorded = _recorded(self.record)
        self._used = lists.used(self.remote) if self.remote else Algebra()

    @property
    def name(self) -> str:
        """Its name at Criteo, or else as recorded."""
        known = self.remote or self.record
        return known.name if known else ""

    @property
    def old(self) -> Algebra:
        """What it targets, at Criteo and as recorded: the two together where they differ."""
        return self._used | (self.recorded or Algebra())


def _recorded(record: AudienceRecord | None) -> Algebra | None:
    return Algebra(frozenset(record.include), frozenset(record.exclude), record.algebra) if record else None


def _wanted(audience: DesiredAudience, links: Links, held: _Held, workspace: str, cut: Cut) -> AudienceDifference:
    new = Algebra(frozenset(audience.include), frozenset(audience.exclude), audience.algebra)
    new = Algebra.of(audience.sent) if audience.sent else new
    mark = Mark(workspace, audience.address)
    base = AudienceDifference(
        address=audience.address,
        action=Action.CREATE,
        name=audience.name,
        owner=audience.owner,
        reason=audience.reason,
        new=new,
        links=links,
    )
    if held.remote is None:
        words = new_words(audience.name, audience.description, mark)
        lines = (*words.attributes, *algebra_lines(Algebra(), new), *links.attributes)
        return replace(base, words=words, attributes=lines, blocks=links.blocks)
    words = compare_words(audience.name, audience.description, mark, held.record, held.remote)
    same = new.means(held.shown)
    lines = (*words.attributes, *(() if same else algebra_lines(held.shown, new)), *links.attributes)
    return replace(
        base,
        action=Action.UPDATE if lines else Action.BLOCKED if links.blocks else Action.NONE,
        words=words,
        old=held.old,
        edits=Edits() if same else cut(held.shown, new),
        record=new if same and new != held.recorded else None,
        attributes=lines,
        drift=(*words.drift, *_drift(held), *links.drift),
        blocks=links.blocks,
    )


def _drift(held: _Held) -> tuple[AttributeChange, ...]:
    if held.recorded is None or held.recorded.means(held.shown):
        return ()
    lines = algebra_lines(held.recorded, held.shown or Algebra())
    return lines if held.shown else (AttributeChange("algebra", None, UNKNOWN_SHAPE),)


def _unwanted(held: _Held, contents: Contents, carried: frozenset[str]) -> AudienceDifference:
    forget = contents == "keep" or held.remote is None
    return AudienceDifference(
        address=held.address,
        action=Action.FORGET if forget else Action.DESTROY,
        name=held.name,
        old=held.old,
        links=Links() if forget else Links(unlink=carried),
        words=parting_words(held.remote) if forget else Words(),
    )


def _without_moves(differences: list[AudienceDifference]) -> list[AudienceDifference]:
    """Leave out the undoing of links that another audience of ours takes over: an ad set carries one audience, so that
    linking the new one replaces the old, without a moment in which it carries none.
    """
    taken = frozenset(ad_set for each in differences for ad_set in each.links.link)
    return [replace(each, links=_left(each.links, taken)) for each in differences]


def _left(links: Links, taken: frozenset[str]) -> Links:
    return replace(links, unlink=links.unlink - taken, taken=links.unlink & taken)


def _named(differences: list[AudienceDifference], actual: Actual) -> Iterator[AudienceDifference]:
    wants = {each.address: each.words.name for each in differences if each.words.name is not None}
    held = {address: remote.name for address, remote in actual.audiences.items()}
    naming = judge_names(wants, held, actual.foreign_audiences, "audience")
    for each in differences:
        block = naming.blocks.get(each.address)
        if block is None:
            yield replace(each, waits=naming.waits.get(each.address))
        else:
            create = each.action is Action.CREATE
            words = replace(each.words, name=None)
            action = Action.BLOCKED if create else each.action
            yield replace(each, action=action, words=words, stopped=create, blocks=(*each.blocks, block))
