"""A plan as a plain document, following `schemas/plan.schema.json`: every other format is rendered from it.

Counts, addresses and words of the workspace only, never an identifier. Text that looks like an e-mail address, in a
name or a literal of a definition, is struck out, and so are control characters, which a terminal would obey.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from reconciler.model.membership import ListMembership, Merged, Movement, SourceHealth, TableHealth
from reconciler.model.settings import CRITEO_ALLOWS
from reconciler.plan.changes import Action, AttributeChange, Block, Operation, Plan, ResourceChange, Step
from reconciler.report.sizes import sizes_part

FORMAT_VERSION = "1.2"
_ADDRESS = re.compile(r"[^\s@\"'<>(){}\[\],;]+@[^\s@\"'<>(){}\[\],;]+")
Document = dict[str, Any]


def document(plan: Plan) -> Document:
    """The whole plan as JSON values."""
    return {
        "format_version": FORMAT_VERSION,
        "workspace": clean(plan.workspace),
        "as_of": plan.as_of.isoformat().replace("+00:00", "Z"),
        "lineage": plan.lineage,
        "structure_serial": plan.structure_serial,
        "ledger_generation": plan.ledger_generation,
        "summary": _summary(plan),
        "resources": [_resource(each) for each in sorted(plan.resources, key=_destructive_first)],
        "unchanged": plan.unchanged,
        "blocks": [_block(each) for each in plan.blocks],
        "members": [_members(each, plan) for _, each in sorted(plan.membership.lists.items())],
        "source": _source(plan.membership.health),
        "steps": [_step(each) for each in plan.steps],
        "cycles": [list(cycle) for cycle in plan.cycles],
        "notes": [clean(note) for note in plan.notes],
        "calls": _calls(plan),
        **sizes_part(plan.sizes),
    }


def clean(text: str) -> str:
    """Words of somebody else, made fit to be shown."""
    return _ADDRESS.sub("(address)", "".join(each if each.isprintable() else "?" for each in text))


def _clean(text: str | None) -> str | None:
    return None if text is None else clean(text)


_DESTRUCTIVE = (
    Action.DESTROY,
    Action.REPLACE,
    Action.FORGET,
    Action.BLOCKED,
    Action.UPDATE,
    Action.CREATE,
    Action.NONE,
)


def _destructive_first(change: ResourceChange) -> tuple[int, str]:
    return _DESTRUCTIVE.index(change.action), change.address


def _summary(plan: Plan) -> Document:
    actions = [each.action for each in plan.resources]
    added = [step for step in plan.steps if step.operation is Operation.ADD]
    removed = [step for step in plan.steps if step.operation is Operation.REMOVE]
    return {
        "add": actions.count(Action.CREATE) + actions.count(Action.REPLACE),
        "change": actions.count(Action.UPDATE),
        "destroy": actions.count(Action.DESTROY),
        "forget": actions.count(Action.FORGET),
        "blocked": sum(1 for each in plan.resources if each.blocks),
        "members_added": sum(step.count for step in added),
        "members_removed": sum(step.count for step in removed),
        "segments_moved": len({step.address.split(".")[1] for step in (*added, *removed)}),
        "empty": plan.is_empty,
    }


def _resource(each: ResourceChange) -> Document:
    return {
        "address": each.address,
        "action": each.action.name.lower(),
        "sign": each.action.value,
        "name": clean(each.name),
        "owner": _clean(each.owner),
        "reason": _clean(each.reason),
        "changes": [_change(change) for change in each.attributes],
        "drift": [_change(change) for change in each.drift],
        "blocked_by": [block.guard for block in each.blocks],
    }


def _change(each: AttributeChange) -> Document:
    return {"path": clean(each.path), "before": _clean(each.before), "after": _clean(each.after)}


def _block(each: Block) -> Document:
    return {"address": each.address, "guard": each.guard, "message": clean(each.message)}


def _members(each: ListMembership, plan: Plan) -> Document:
    sent = {step.operation: step.count for step in plan.steps if step.address == each.address}
    added, removed = sent.get(Operation.ADD, 0), sent.get(Operation.REMOVE, 0)
    asked = Movement(each.added + each.resent.added, each.removed + each.resent.removed)
    again = Movement(each.resent.added if added else 0, each.resent.removed if removed else 0)
    return {
        "address": each.address,
        "before": each.before,
        "after": each.before + added - again.added - removed + again.removed,
        "wanted": each.wanted,
        "sent": _movement(Movement(added, removed)),
        "held_back": _movement(Movement(asked.added - added, asked.removed - removed)),
        "said_again": _movement(again),
        "by_change": _movement(each.by_change),
        "by_time": _movement(each.by_time),
        "removed_by": _counts(each.removed_by),
        "moved_by": _counts(each.moved_by),
        "left_out": _counts(each.left_out),
        "frozen": [clean(sentence) for sentence in each.frozen],
    }


def _movement(each: Movement) -> Document:
    return {"added": each.added, "removed": each.removed}


def _counts(counts: Mapping[Any, int]) -> Document:
    return {clean(_word(key)): count for key, count in counts.items() if count}


def _word(key: object) -> str:
    return key.value if isinstance(key, StrEnum) else str(key)


def _source(health: SourceHealth) -> Document:
    tables = [
        {"table": clean(each.name), "events": each.rows, "newest": _newest(each), "future_events": each.future}
        for each in health.sources
    ]
    return {
        "customers": health.customers.rows,
        "events": health.events.rows,
        **({"event_tables": tables} if len(tables) > 1 else {}),
        "newest": _newest(health.events),
        "future_events": health.events.future,
        "events_of_nobody": health.events.orphans,
        "valid_identifiers": health.valid_identifiers,
        "invalid": _counts(dict(sorted(health.invalid.items()))),
        "uncast": _counts(dict(sorted(health.uncast.items()))),
        "silent_on_consent": _counts(health.silent),
        **({"same_person": _merged(health.merged)} if health.merged else {}),
    }


def _merged(merged: Merged) -> Document:
    return {"records": merged.records, "persons": merged.persons, "shared_by_many": merged.shared_by_many}


def _newest(events: TableHealth) -> Document:
    return {clean(kind): moment.isoformat().replace("+00:00", "Z") for kind, moment in sorted(events.newest.items())}


def _step(each: Step) -> Document:
    return {
        "id": each.id,
        "operation": each.operation.value,
        "phase": each.phase.value,
        "address": each.address,
        "needs": sorted(each.needs),
        "ad_set": each.ad_set,
        "count": each.count,
    }


def _calls(plan: Plan) -> Document:
    ours = plan.calls_per_minute
    return {"requests": plan.calls, "per_minute": ours, "minutes": -(-plan.calls // _rate(ours))}


def _rate(ours: int) -> int:
    """Calls a minute that can be made: Criteo's limit holds where ours is none or more."""
    return min(ours or CRITEO_ALLOWS, CRITEO_ALLOWS)


def summary_lines(doc: Document) -> tuple[str, str]:
    """The two lines that every format ends or begins with; their form is frozen, so that scripts may read them."""
    each = doc["summary"]
    segments = "segment" if each["segments_moved"] == 1 else "segments"
    counts = f"{each['add']:,} to add, {each['change']:,} to change, {each['destroy']:,} to destroy"
    moves = f"+{each['members_added']:,} -{each['members_removed']:,}"
    return (
        f"Plan: {counts}, {each['blocked']:,} blocked.",
        f"Members: {moves} in {each['segments_moved']:,} {segments}.",
    )


def verdict(doc: Document) -> str | None:
    """What to say instead of changes: nothing is to be done, or nothing can be."""
    if not doc["summary"]["empty"]:
        return None
    if doc["blocks"]:
        return "Nothing can be done: all that would change is blocked."
    return "No changes. Criteo has what the workspace asks for."


def moving(doc: Document) -> list[Document]:
    """The lists of which something moves or is held back."""
    parts = ("sent", "held_back")
    return [each for each in doc["members"] if each["frozen"] or any(sum(each[part].values()) for part in parts)]


def counted(counts: Mapping[str, int]) -> str:
    """`4,000 aged, 900 excluded`."""
    return ", ".join(f"{count:,} {word}" for word, count in counts.items())


def moved(movement: Mapping[str, int]) -> str:
    """`+512 -0`."""
    return f"+{movement['added']:,} -{movement['removed']:,}"


def change_text(change: Mapping[str, str | None]) -> str:
    """`name: a -> b`, `who.none: - segment.recent-purchasers` or `who.none: + segment.vips`."""
    before, after = change["before"], change["after"]
    if before is None:
        return f"{change['path']}: + {after}"
    return f"{change['path']}: - {before}" if after is None else f"{change['path']}: {before} -> {after}"


def source_lines(doc: Document) -> Iterable[str]:
    """What is worth knowing about the data behind the members."""
    each = doc["source"]
    yield f"{each['customers']:,} customers, {each['events']:,} events, {each['valid_identifiers']:,} valid addresses"
    for table in each.get("event_tables", ()):
        newest = max(table["newest"].values(), default="none yet")
        yield f"of these in {table['table']}: {table['events']:,}, the newest: {newest}"
    if each["invalid"]:
        yield f"addresses that can't be sent: {counted(each['invalid'])}"
    if each["future_events"]:
        yield f"events after the clock, left out until then: {each['future_events']:,}"
    if each["events_of_nobody"]:
        yield f"events of nobody in customers: {each['events_of_nobody']:,}"
    if each["uncast"]:
        yield f"values that could not be read: {counted(each['uncast'])}"
    if each["silent_on_consent"]:
        yield f"records that say nothing about consent: {counted(each['silent_on_consent'])}"
    if "same_person" in each:
        yield from _persons(each["same_person"])


def _persons(merged: Mapping[str, int]) -> Iterable[str]:
    yield f"records that are one person with others: {merged['records']:,}, of {merged['persons']:,} persons"
    if merged["shared_by_many"]:
        yield f"identifiers that too many records share to tell a person by them: {merged['shared_by_many']:,}"


def calls_line(doc: Document) -> str:
    """What an apply will need of Criteo's time."""
    calls = doc["calls"]
    unit = "minute" if calls["minutes"] == 1 else "minutes"
    requests = "request" if calls["requests"] == 1 else "requests"
    time = f"{calls['minutes']:,} {unit} at {_rate(calls['per_minute']):,} a minute"
    return f"An apply needs about {calls['requests']:,} {requests}: {time}."


def cycle_line(cycle: Iterable[str]) -> str:
    """Why some additions do not wait as the others do."""
    return (
        f"{' and '.join(cycle)} exclude each other: what they add waits for their removals alone, so that for a moment "
        f"somebody may be in more than one of them."
    )


def definition_twins(doc: Document) -> dict[str, str]:
    """Slices share one definition: the address of a list → the earlier sister whose changed conditions are the same."""
    first: dict[tuple[str, str], str] = {}
    twins = {}
    for each in doc["resources"]:
        lines = repr(conditions(each))
        if each["address"].count(".") == 2 and conditions(each):
            key = (each["address"].rpartition(".")[0], lines)
            if key in first:
                twins[each["address"]] = first[key]
            first.setdefault(key, each["address"])
    return twins


def conditions(resource: Document) -> list[Document]:
    """The changed lines of a resource that belong to its definition."""
    roots = ("who", "slices", "segments", "active", "purpose")
    return [change for change in resource["changes"] if change["path"].split(".")[0].split("[")[0] in roots]
