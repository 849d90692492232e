"""Criteo's own kinds: wanted × recorded × at Criteo, by declared attributes alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.model.address import Address
from reconciler.model.kinds import ATTRIBUTES, Kind, Value, none_of
from reconciler.plan.changes import AttributeChange
from reconciler.plan.narrowing import Reach, reach


@dataclass(frozen=True, kw_only=True, slots=True)
class KindEdit:
    """What is to be done to what a segment is. `kind` is what is wanted (None: it goes), `changes` the attributes to
    send of one that exists, and `reach` what they do to who is in it. `is_stale` tells that the record alone is wrong.

    `seed` is what it grows from at Criteo. `rename` is the name it gets once `after`, which it replaces, is deleted.
    """

    kind: Kind | None
    changes: tuple[str, ...] = ()
    reach: Reach = Reach.SAME
    is_stale: bool = False
    seed: Address | None = None
    rename: str | None = None
    after: Address | None = None


def changed_attributes(wanted: Kind, shown: Kind, recorded: Kind | None) -> tuple[str, ...]:
    """The attributes to send: declared ones that differ, and those that we said last and that are to be none again."""
    return tuple(name for name, before, after in _both(wanted, shown, recorded) if before != after)


def edit(wanted: Kind, shown: Kind, recorded: Kind | None) -> KindEdit:
    """How a segment becomes what is wanted, without being replaced."""
    changes = changed_attributes(wanted, shown, recorded)
    return KindEdit(
        kind=wanted,
        changes=changes,
        reach=reach(shown, wanted.only(changes)),
        is_stale=not changes and recorded != wanted,
        seed=shown.seed,
    )


def kind_lines(wanted: Kind, shown: Kind | None, recorded: Kind | None) -> tuple[AttributeChange, ...]:
    """One line for each attribute that changes, and for each item of a set."""
    if shown is None or shown.name != wanted.name:
        start = AttributeChange("criteo", shown.name if shown else None, wanted.name)
        return (start, *_seed_lines(wanted, None), *_lines(wanted, ((n, None, v) for n, v in wanted.attributes)))
    return (*_seed_lines(wanted, shown.seed or wanted.seed), *_lines(wanted, _both(wanted, shown, recorded)))


def drift_lines(recorded: Kind | None, shown: Kind | None) -> tuple[AttributeChange, ...]:
    """What somebody else made of the attributes that we said last."""
    if recorded is None or shown is None:
        return ()
    if recorded.name != shown.name:
        return (AttributeChange("criteo", recorded.name, shown.name),)
    values = shown.values
    return tuple(_lines(recorded, ((n, v, values.get(n)) for n, v in recorded.attributes)))


def _both(wanted: Kind, shown: Kind, recorded: Kind | None) -> Iterator[tuple[str, Value, Value]]:
    before, after, said = shown.values, wanted.values, recorded.said().values if recorded else {}
    for attribute in ATTRIBUTES[wanted.name]:
        can_be_none = attribute.is_nullable or attribute.form == "set"
        if attribute.name in after or (can_be_none and attribute.name in said):
            none = none_of(wanted.name, attribute.name)
            yield attribute.name, before.get(attribute.name, none), after.get(attribute.name, none)


def _seed_lines(wanted: Kind, before: Address | None) -> Iterator[AttributeChange]:
    if wanted.seed != before:
        yield AttributeChange(f"criteo.{wanted.name}.seed", before, wanted.seed)


def _lines(kind: Kind, changes: Iterator[tuple[str, Value, Value]]) -> Iterator[AttributeChange]:
    for name, before, after in changes:
        path = f"criteo.{kind.name}.{name}"
        if isinstance(before, tuple) or isinstance(after, tuple):
            yield from _items(path, before, after)
        elif before != after:
            yield AttributeChange(path, _text(before), _text(after))


def _items(path: str, before: Value, after: Value) -> Iterator[AttributeChange]:
    gone, come = (set(each) if isinstance(each, tuple) else set() for each in (before, after))
    yield from (AttributeChange(path, str(each), None) for each in sorted(gone - come, key=str))
    yield from (AttributeChange(path, None, str(each)) for each in sorted(come - gone, key=str))


def _text(value: Value) -> str | None:
    return None if value is None else str(value)
