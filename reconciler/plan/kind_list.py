"""Segments of Criteo's own kinds as differences: like lists, but with something to say of what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count

from reconciler.actual import Actual
from reconciler.desired import Desired, DesiredKind
from reconciler.model.address import Address, replaced_by
from reconciler.model.kinds import Kind
from reconciler.model.mark import Mark
from reconciler.model.remote import RemoteSegment
from reconciler.plan.changes import Action
from reconciler.plan.difference import ListDifference, in_use, users_of
from reconciler.plan.kind_diff import KindEdit, drift_lines, edit, kind_lines
from reconciler.plan.removal import Contents, declared
from reconciler.plan.replacing import shown_kind
from reconciler.plan.targeting import Lists
from reconciler.plan.words import Words, compare_words, new_words, parting_words
from reconciler.state.snapshot import KindRecord, Snapshot


def compare_kinds(desired: Desired, actual: Actual, snapshot: Snapshot) -> Iterator[ListDifference]:
    """Every segment of Criteo's own kinds that is asked for or held; what is replaced stands aside already."""
    said, lists = declared(desired), Lists(actual, snapshot)
    wanted = {each.address for each in desired.kinds}
    parting = {}
    for address in {*snapshot.kinds, *actual.kinds} - wanted:
        contents = said.contents(address)
        if contents is not None:
            parting[address] = _unwanted(_Held(address, actual, snapshot, lists), contents)
    yield from parting.values()
    for each in desired.kinds:
        old = sorted(address for address in actual.kinds if replaced_by(address) == each.address)
        held = _Held(each.address, actual, snapshot, lists)
        yield _wanted(each, held, [parting[address] for address in old if address in parting], desired)


class _Held:
    """What the snapshot and Criteo know of one address."""

    def __init__(self, address: Address, actual: Actual, snapshot: Snapshot, lists: Lists) -> None:
        self.address = address
        self.actual = actual
        self.record: KindRecord | None = snapshot.kinds.get(address)
        self.remote: RemoteSegment | None = actual.kinds.get(address)
        self.shown: Kind | None = shown_kind(self.remote, self.record, lists) if self.remote else None
        told = shown_kind(self.remote, None, lists) if self.remote else None
        self.told = told or self.shown

    @property
    def recorded(self) -> Kind | None:
        """What we said last that it is."""
        return self.record.kind if self.record else None


def _wanted(each: DesiredKind, held: _Held, old: list[ListDifference], desired: Desired) -> ListDifference:
    mark = Mark(desired.settings.workspace, each.address)
    base = ListDifference(address=each.address, action=Action.CREATE, name=each.name, owner=each.owner)
    bearer = next((other for other in old if other.name == each.name), None)
    if held.remote is None or held.shown is None:
        name = each.name if bearer is None else _new_name(each.name, held.actual)
        kind = _renamed(KindEdit(kind=each.kind), each.name, bearer)
        before = _shown_of(old[-1], held) if old else None
        return replace(
            base,
            action=Action.REPLACE if old else Action.CREATE,
            words=new_words(name, each.description, mark),
            lines=kind_lines(each.kind, before, None),
            kind=kind,
        )
    name = each.name if bearer is None else held.remote.name
    words = compare_words(name, each.description, mark, held.record, held.remote)
    lines = kind_lines(each.kind, held.shown, held.recorded)
    kind = _renamed(edit(each.kind, held.shown, held.recorded), each.name, bearer)
    busy = words.attributes or lines or kind.rename
    return replace(
        base,
        action=Action.UPDATE if busy else Action.NONE,
        words=words,
        lines=lines,
        drift=drift_lines(held.recorded, held.shown),
        kind=kind,
    )


def _shown_of(old: ListDifference, held: _Held) -> Kind | None:
    """What the segment that is replaced is, by Criteo's words."""
    remote = held.actual.kinds.get(old.address)
    kind = remote.kind if remote else None
    return replace(kind, seed=old.kind.seed if old.kind else kind.seed) if kind else None


def _renamed(kind: KindEdit, name: str, bearer: ListDifference | None) -> KindEdit:
    """It gets its name when the one that bears it has gone, unless that one can't go now."""
    if bearer is None or bearer.action is not Action.DESTROY:
        return kind
    return replace(kind, rename=name, after=bearer.address)


def _new_name(name: str, actual: Actual) -> str:
    """A name that nobody bears, until the right one is free."""
    taken = {each.name for each in actual.ids.values()}
    names = (f"{name} (new)" if number == 1 else f"{name} (new {number})" for number in count(1))
    return next(each for each in names if each not in taken)


def _unwanted(held: _Held, contents: Contents) -> ListDifference:
    forget = contents == "keep" or held.remote is None
    users = users_of(held.remote, held.actual)
    blocks = () if forget or not users else (in_use(held.address, users, "it is not deleted"),)
    known = held.remote or held.record
    return ListDifference(
        address=held.address,
        action=Action.FORGET if forget else Action.BLOCKED if blocks else Action.DESTROY,
        name=known.name if known else "",
        blocks=blocks,
        words=parting_words(held.remote) if forget else Words(),
        kind=KindEdit(kind=held.shown or held.recorded, seed=held.shown.seed if held.shown else None),
    )


def grown_from(kinds: Iterable[ListDifference]) -> dict[Address, list[Address]]:
    """By seed the lookalikes that grow from it at Criteo and are to be deleted."""
    found: dict[Address, list[Address]] = {}
    for each in kinds:
        if each.action is Action.DESTROY and each.kind is not None and each.kind.seed is not None:
            found.setdefault(each.kind.seed, []).append(each.address)
    return found
