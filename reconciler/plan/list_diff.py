"""Lists: wanted × recorded × at Criteo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconciler.actual import Actual
from reconciler.desired import Desired, DesiredList, DesiredSegment
from reconciler.model.address import Address
from reconciler.model.mark import Mark
from reconciler.plan.changes import Action, Block
from reconciler.plan.definitions import definition_lines
from reconciler.plan.difference import ListDifference, in_use, users_of
from reconciler.plan.kind_list import compare_kinds
from reconciler.plan.names import judge_names
from reconciler.plan.removal import Contents, declared
from reconciler.plan.words import Words, compare_words, new_words, parting_words
from reconciler.state.snapshot import ListRecord, Snapshot


def compare_lists(desired: Desired, actual: Actual, snapshot: Snapshot) -> tuple[ListDifference, ...]:
    """Every list and segment of Criteo's own kinds that is asked for or held, by address."""
    wanted = {each.address: (segment, each) for segment in desired.kept for each in segment.lists}
    said = declared(desired)
    workspace = desired.settings.workspace
    found = [_wanted(*wanted[address], _Held(address, actual, snapshot), workspace) for address in wanted]
    for address in {*snapshot.lists, *actual.segments} - set(wanted):
        contents = said.contents(address)
        if contents is not None:
            found.append(_unwanted(_Held(address, actual, snapshot), contents))
    ordered = sorted((*found, *compare_kinds(desired, actual, snapshot)), key=lambda difference: difference.address)
    return tuple(_named(ordered, actual))


def recorded_lists(actual: Actual, snapshot: Snapshot) -> tuple[ListDifference, ...]:
    """Every list that we keep, with nothing to be done to it but its members."""
    return tuple(_recorded(_Held(address, actual, snapshot)) for address in sorted(snapshot.lists))


def _recorded(held: _Held) -> ListDifference:
    base = ListDifference(address=held.address, action=Action.NONE, name=_name(held))
    if held.remote is not None:
        return base
    return replace(base, action=Action.BLOCKED, blocks=(_gone(held.address),), stopped=True)


class _Held:
    """What the snapshot and Criteo know of one address."""

    def __init__(self, address: Address, actual: Actual, snapshot: Snapshot) -> None:
        self.address = address
        self.record: ListRecord | None = snapshot.lists.get(address)
        self.remote = actual.segments.get(address)
        self.users = users_of(self.remote, actual)


def _wanted(segment: DesiredSegment, each: DesiredList, held: _Held, workspace: str) -> ListDifference:
    mark = Mark(workspace, each.address)
    base = ListDifference(
        address=each.address, action=Action.NONE, name=each.name, owner=segment.owner, reason=segment.reason
    )
    if held.remote is None and held.record is not None:
        return replace(base, action=Action.BLOCKED, blocks=(_gone(each.address),), stopped=True)
    applied = held.record.definition if held.record else None
    base = replace(
        base,
        definition=segment.definition if applied != segment.definition else None,
        lines=definition_lines(applied, segment.definition),
    )
    if held.remote is None:
        return replace(base, action=Action.CREATE, words=new_words(each.name, segment.description, mark))
    words = compare_words(each.name, segment.description, mark, held.record, held.remote)
    changed = words.attributes or base.lines
    return replace(base, action=Action.UPDATE if changed else Action.NONE, words=words)


def _gone(address: Address) -> Block:
    return Block(
        address,
        "gone",
        f"it is in our state and no longer at Criteo, so what was sent to it is lost; to make it anew, first let go of "
        f"it (`publish: false` or no YAML, and `removed: {{ {address}: {{ contents: keep }} }}`) and apply, then "
        f"declare it again",
    )


def _name(held: _Held) -> str:
    known = held.remote or held.record
    return known.name if known else ""


def _unwanted(held: _Held, contents: Contents) -> ListDifference:
    forget = contents == "keep" or held.remote is None
    blocks = () if forget or not held.users else (in_use(held.address, held.users, "it is drained but not deleted"),)
    action = Action.FORGET if forget else Action.BLOCKED if blocks else Action.DESTROY
    words = parting_words(held.remote) if forget else Words()
    return ListDifference(address=held.address, action=action, name=_name(held), blocks=blocks, words=words)


def _named(differences: list[ListDifference], actual: Actual) -> Iterator[ListDifference]:
    wants = {each.address: each.words.name for each in differences if each.words.name is not None}
    held = {address: remote.name for address, remote in (*actual.segments.items(), *actual.kinds.items())}
    naming = judge_names(wants, held, actual.foreign_segments, "segment")
    for each in differences:
        block = naming.blocks.get(each.address)
        if block is None:
            yield replace(each, waits=naming.waits.get(each.address))
            continue
        create = each.action in (Action.CREATE, Action.REPLACE)
        words = replace(each.words, name=None)
        changes = each.kind is not None and each.kind.changes
        action = each.action if words.description or each.definition or changes else Action.BLOCKED
        yield replace(
            each, action=Action.BLOCKED if create else action, words=words, stopped=create, blocks=(*each.blocks, block)
        )
