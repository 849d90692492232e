"""What a definition can be seen to do without any data: how long somebody stays, how far it looks back, whether it
keeps buyers out. Where a definition does not tell, the answer is the one that makes no finding.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from reconciler.lint.subject import List
from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Group,
    Keys,
    Occurs,
    Pick,
    Query,
    Ratio,
    Sample,
    SegmentRef,
    Times,
    Total,
)
from reconciler.model.time import EVER, Window
from reconciler.model.workspace import SegmentConfig

EVER_LONG = math.inf
"""Minutes without end."""

_ORDERS = re.compile(r"purchas|order|bought|buyer|transaction", re.IGNORECASE)
"""Words of a name by which it is about buying."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads definitions. `is_purchase` tells which kinds of events are purchases."""

    segments: Mapping[str, SegmentConfig]
    is_purchase: Callable[[str], bool]
    _known: dict[tuple[str, SegmentRef], list[Any]] = field(default_factory=dict, compare=False, repr=False)

    def stay(self, each: List) -> float:
        """Minutes for which somebody is on the list at most, by one event."""
        return self._stay(each.segment.condition, each.slice.window if each.slice else EVER)

    def _stay(self, condition: Condition, window: Window) -> float:
        if isinstance(condition, Event):
            return _width(_within(condition, window)) if needs_event(condition) else EVER_LONG
        if isinstance(condition, Attribute):
            return min((_time_width(each) for each in condition.test.comparisons), default=EVER_LONG)
        if isinstance(condition, SegmentRef):
            return max(self._meant(condition, self._stay))
        if isinstance(condition, Group):
            several = [max(self._stay(each, window) for each in condition.any)] if condition.any else []
            return min([*(self._stay(each, window) for each in condition.all), *several], default=EVER_LONG)
        return EVER_LONG

    def reach(self, each: List) -> float:
        """The age in minutes of the oldest event that can put somebody on the list with nothing else that is telling
        beside it: what somebody is or said counts as telling, and so does a list of keys.
        """
        return self._reach(each.segment.condition, each.slice.window if each.slice else EVER)

    def _reach(self, condition: Condition, window: Window) -> float:
        if isinstance(condition, Event):
            return _end(_within(condition, window)) if needs_event(condition) else EVER_LONG
        if isinstance(condition, Everyone | Sample):
            return EVER_LONG
        if isinstance(condition, Ratio):
            return max(_end(_within(each, window)) for each in (condition.of, condition.to))
        if isinstance(condition, SegmentRef):
            return max(self._meant(condition, self._reach))
        if isinstance(condition, Group):
            several = [max(self._reach(each, window) for each in condition.any)] if condition.any else []
            return min([*(self._reach(each, window) for each in condition.all), *several], default=EVER_LONG)
        return 0

    def keeps_buyers_out(self, each: List) -> bool:
        """Whether nobody who has just bought can be on the list."""
        return self._keeps_out(each.segment.condition, each.slice.window if each.slice else EVER)

    def _keeps_out(self, condition: Condition, window: Window) -> bool:
        if isinstance(condition, Event):
            return self._event_keeps_out(condition, window)
        if isinstance(condition, Attribute):
            return self._tells_of_orders(condition) and any(_is_past(each) for each in condition.test.comparisons)
        if isinstance(condition, SegmentRef):
            return all(self._meant(condition, self._keeps_out))
        if isinstance(condition, Group):
            return (
                any(self._keeps_out(each, window) for each in condition.all)
                or any(self._holds_buyers(each, window) for each in condition.none)
                or (bool(condition.any) and all(self._keeps_out(each, window) for each in condition.any))
            )
        return False

    def _event_keeps_out(self, event: Event, window: Window) -> bool:
        measure, within = event.measure, _within(event, window)
        if isinstance(measure, Pick) and any(map(self.is_purchase, measure.not_followed_by)):
            return True
        if event.where or not any(map(self.is_purchase, event.kinds)):
            return False
        if isinstance(measure, Pick):
            return measure.which == "latest" and within.start > 0
        return isinstance(measure, Times) and not _allows_some(measure.comparisons) and within.start == 0

    @staticmethod
    def _tells_of_orders(condition: Attribute) -> bool:
        return _ORDERS.search(condition.test.column) is not None

    def holds_buyers(self, each: List) -> bool:
        """Whether those who have just bought are on the list: all of them, or those whom a `where` chooses. A list of
        keys, or by a query, is taken at its name.
        """
        if isinstance(each.segment.condition, Keys | Query):
            return _ORDERS.search(f"{each.segment.key} {each.segment.name or ''}") is not None
        return self._holds_buyers(each.segment.condition, each.slice.window if each.slice else EVER)

    def _holds_buyers(self, condition: Condition, window: Window) -> bool:
        if isinstance(condition, Event):
            return self._event_holds(condition, window)
        if isinstance(condition, Attribute):
            return self._tells_of_orders(condition) and any(_is_recent(each) for each in condition.test.comparisons)
        if isinstance(condition, SegmentRef):
            return any(self._meant(condition, self._holds_buyers))
        if isinstance(condition, Group):
            one = not condition.any or any(self._holds_buyers(each, window) for each in condition.any)
            return (
                bool(condition.all or condition.any)
                and one
                and all(self._holds_buyers(each, window) for each in condition.all)
            )
        return False

    def _event_holds(self, event: Event, window: Window) -> bool:
        if _within(event, window).start > 0 or not any(map(self.is_purchase, event.kinds)):
            return False
        measure = event.measure
        if isinstance(measure, Pick):
            return measure.which == "latest" and not measure.not_followed_by and measure.followed_by is None
        return isinstance(measure, Occurs) or (isinstance(measure, Times) and _allows(measure.comparisons, Decimal(1)))

    def kinds(self, each: List) -> frozenset[str]:
        """The kinds of events that put somebody on the list or keep her there, and purchases wherever they exclude."""
        whole = frozenset(kind for leaf in self.leaves(each) for kind in _kinds(leaf))
        telling = frozenset(kind for leaf in self.leaves(each, excluding=False) for kind in _kinds(leaf))
        return telling | set(filter(self.is_purchase, whole))

    def leaves(self, each: List, *, excluding: bool = True) -> Iterator[Condition]:
        """The conditions that are no group, of the list and of all segments that it refers to, each segment once.
        Without `excluding` those in a `none` are left out.
        """
        waiting, seen = [each.segment.condition], {each.segment.key}
        while waiting:
            condition = waiting.pop()
            if isinstance(condition, Group):
                waiting += [*condition.all, *condition.any, *(condition.none if excluding else ())]
            elif not isinstance(condition, SegmentRef):
                yield condition
            elif condition.key not in seen:
                seen.add(condition.key)
                waiting.append(self.segments[condition.key].condition)

    def _meant(self, reference: SegmentRef, read: Callable[[Condition, Window], T]) -> list[T]:
        """What is read in the condition that a reference stands for, for each slice that is meant; read once."""
        known = (read.__name__, reference)
        if known not in self._known:
            segment = self.segments[reference.key]
            windows = [part.window for part in segment.slices if reference.slice in {None, part.name}] or [EVER]
            self._known[known] = [read(segment.condition, window) for window in windows]
        return self._known[known]


def needs_event(event: Event) -> bool:
    """Whether somebody without any such event is left out."""
    measure = event.measure
    if isinstance(measure, Times):
        return not _allows(measure.comparisons, Decimal(0))
    if isinstance(measure, Total) and measure.measure in {"sum", "distinct"}:
        return not _allows(measure.comparisons, Decimal(0))
    return True


def _within(event: Event, window: Window) -> Window:
    return window if event.within is SLICE else event.within


def _width(window: Window) -> float:
    return EVER_LONG if window.end is None else window.end - window.start


def _end(window: Window) -> float:
    return EVER_LONG if window.end is None else window.end


def _time_width(comparison: Comparison) -> float:
    (value, *_) = comparison.values
    if comparison.operator in {"within", "in_next"} and isinstance(value, Window):
        return _width(value)
    return EVER_LONG


def _kinds(leaf: Condition) -> Iterator[str]:
    for event in (leaf.of, leaf.to) if isinstance(leaf, Ratio) else (leaf,):
        yield from event.kinds if isinstance(event, Event) else ()
        if isinstance(event, Event) and isinstance(event.measure, Pick):
            yield from event.measure.not_followed_by
            yield from event.measure.followed_by.kinds if event.measure.followed_by else ()


def _is_recent(comparison: Comparison) -> bool:
    """Whether a time is asked to be close to now."""
    (value, *_) = comparison.values
    return comparison.operator == "within" and isinstance(value, Window) and value.start == 0


def _is_past(comparison: Comparison) -> bool:
    """Whether a time is asked to be some while ago."""
    (value, *_) = comparison.values
    is_window = isinstance(value, Window) and comparison.operator in {"within", "older_than"}
    return is_window and isinstance(value, Window) and value.start > 0


def _allows(comparisons: tuple[Comparison, ...], number: Decimal) -> bool:
    return all(_holds(each, number) for each in comparisons)


def _allows_some(comparisons: tuple[Comparison, ...]) -> bool:
    """Whether some number from 1 on satisfies all of them: if one does, then one next to a bound."""
    bounds = [value for each in comparisons for value in each.values if isinstance(value, Decimal)]
    near = {Decimal(1), *(bound + step for bound in bounds for step in (-1, 0, 1))}
    return any(_allows(comparisons, number) for number in near if number >= 1)


def _holds(comparison: Comparison, number: Decimal) -> bool:
    values = [value for value in comparison.values if isinstance(value, Decimal)]
    if comparison.operator in {"is", "not"}:
        return (number in values) is (comparison.operator == "is")
    (bound, *_) = values or [Decimal(0)]
    answers = {
        "at_least": number >= bound,
        "at_most": number <= bound,
        "more_than": number > bound,
        "less_than": number < bound,
    }
    return answers.get(comparison.operator, True)


def leaves_out(condition: Condition, key: str) -> bool:
    """Whether nobody of another segment meets a condition: it stands in its `none`, whole."""
    if not isinstance(condition, Group):
        return False
    away = any(isinstance(each, SegmentRef) and each.key == key and each.slice is None for each in condition.none)
    return away or any(leaves_out(each, key) for each in condition.all)
