"""Whether nobody can be reached by two audiences: told from how they are made, never from who there is now."""

from __future__ import annotations

from itertools import product

from reconciler.lint.subject import Audience, List, Subject
from reconciler.model.address import covers, segment_address
from reconciler.model.conditions import Condition, Group, SegmentRef
from reconciler.model.time import Period


def are_apart(one: Audience, other: Audience, subject: Subject) -> bool:
    """Whether every list of the one is kept from every list of the other, or they are never shown together."""
    if not _meet(one.config.active, other.config.active):
        return True
    out_of_one = {each.address for each in one.exclude}
    out_of_other = {each.address for each in other.exclude}
    return all(
        a.address in out_of_other or b.address in out_of_one or lists_are_apart(a, b, subject)
        for a, b in product(one.include, other.include)
    )


def lists_are_apart(one: List, other: List, subject: Subject) -> bool:
    """Whether no identifier can be on both: two slices of a segment, one whose `none` names the other, or two of one
    group of `exclusive`.
    """
    if one.segment is other.segment:
        return one.slice_name != other.slice_name
    return _denies(one, other) or _denies(other, one) or _exclusive(one, other, subject)


def _denies(one: List, other: List) -> bool:
    """Only what stands in the top-level `none` keeps the identifier itself off the list."""
    condition: Condition = one.segment.condition
    named = condition.none if isinstance(condition, Group) else ()
    return any(isinstance(each, SegmentRef) and _means(each, other) for each in named)


def _means(reference: SegmentRef, other: List) -> bool:
    return covers(segment_address(reference.key, reference.slice), other.address)


def _exclusive(one: List, other: List, subject: Subject) -> bool:
    for group in subject.workspace.exclusive:
        held = [{part for part in group.segments if covers(part, each.address)} for each in (one, other)]
        if held[0] and held[1] and held[0] != held[1]:
            return True
    return False


def _meet(one: Period | None, other: Period | None) -> bool:
    """Whether two periods have a day in common; None is ever."""
    if one is None or other is None:
        return True
    starts_in_time = one.last is None or other.first is None or other.first <= one.last
    return starts_in_time and (other.last is None or one.first is None or one.first <= other.last)
