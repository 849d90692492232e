"""Emptiness: when it is no accident that a list comes to hold nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Condition,
    Event,
    Everyone,
    Group,
    Keys,
    Query,
    Ratio,
    Sample,
    SegmentRef,
)
from reconciler.model.definition import Definition, Who
from reconciler.model.membership import Cause, ListMembership
from reconciler.model.time import MINUTES, Window
from reconciler.plan.removal import slice_name

_MEANT = frozenset({Cause.PERIOD, Cause.FORGOTTEN})


def empties(each: ListMembership, definition: Definition | None) -> bool:
    """Whether a list that holds somebody would hold nobody, without a cause that says it is meant.

    Meant are the end of a period and forgetting, whatever moves on to a sister slice, and lists whose windows are all
    so short (a day at most) that a quiet day leaves them empty.
    """
    causes = {cause for cause, count in each.removed_by.items() if count}
    moved = sum(each.moved_by.values())
    lost = each.before > 0 and each.after == 0 and each.removed > moved
    return lost and not causes <= _MEANT and not _short_lived(definition, slice_name(each.address))


def _short_lived(definition: Definition | None, part: str | None) -> bool:
    if definition is None:
        return False
    windows = tuple(_windows(definition.who.condition, definition.who, part, dict(definition.segments)))
    return bool(windows) and all(window.end is not None and window.end <= MINUTES["d"] for window in windows)


def _windows(condition: Condition, who: Who, part: str | None, segments: dict[str, Who]) -> Iterator[Window]:
    """The windows in which somebody must have done something; what keeps people out (`none`) does not count."""
    match condition:
        case Event():
            yield from _window(condition, who, part)
        case Group():
            for each in (*condition.all, *condition.any):
                yield from _windows(each, who, part, segments)
        case SegmentRef(key, name):
            other = segments[key]
            yield from _windows(other.condition, other, name, segments)
        case Ratio(_, to):
            yield from _window(to, who, part)
        case Everyone() | Attribute() | Sample() | Query() | Keys():
            return
        case _:
            assert_never(condition)


def _window(event: Event, who: Who, part: str | None) -> Iterator[Window]:
    if event.within is not SLICE:
        yield event.within
        return
    yield from (each.window for each in who.slices if part is None or each.name == part)
