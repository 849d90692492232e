"""Rules of the language, each read wrongly in one way that somebody might take for right."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from reconciler.model.conditions import Comparison, Event, Keys, Pick, Query, Ratio, Sample, Test, Times, Total
from reconciler.model.definition import Definition
from reconciler.model.membership import LeftOut
from reconciler.model.settings import IdentifierColumn
from reconciler.model.time import Window
from tests.membership import brute, brute_conditions, brute_identifiers, brute_values
from tests.membership.brute import Brute, Feed, Found, Slices
from tests.membership.brute_conditions import Clock, Happened, Person, Row
from tests.membership.brute_values import missing, there

inside, satisfied, meets = brute_values.inside, brute_values.satisfied, brute_values.meets
value, by_key, picked, followers = Clock.value, Clock.by_key, Clock.picked, Clock.followers
valid = brute.World.valid


def end_inside(span: dt.timedelta, window: Window) -> bool:
    return inside(span, window) or (window.end is not None and span == dt.timedelta(minutes=window.end))


def start_outside(span: dt.timedelta, window: Window) -> bool:
    return inside(span, window) and (not window.start or span != dt.timedelta(minutes=window.start))


def one_value_is_enough(comparison: Comparison) -> bool:
    return False


def met_by_different_values(values: Sequence[Any], comparisons: Sequence[Comparison], as_of: dt.datetime) -> bool:
    return all(satisfied(values, [each], as_of) for each in comparisons)


def blanks_in_lists_are_there(values: Sequence[Any], comparisons: Sequence[Comparison], as_of: dt.datetime) -> bool:
    told = ["." if isinstance(each, list) and each and not list(there(each)) else each for each in values]
    return satisfied(told, comparisons, as_of)


def unreadable_is_not(found: Any, comparison: Comparison, as_of: dt.datetime) -> bool:
    told = [brute_values.alike(found, literal) for literal in comparison.values]
    unread = comparison.operator == "not" and None in told
    return unread or meets(found, comparison, as_of)


def ahead_is_within(found: Any, operator: str, window: Window, as_of: dt.datetime) -> bool:
    moment = brute_values.as_time(found)
    span = abs(as_of - moment) if moment else None
    return span is not None and inside(span, window)


def future_counts(clock: Clock, person: Person, kinds: Iterable[str], where: Iterable[Test] = ()) -> list[Happened]:
    wanted = set(kinds)
    of_kind = [each for each in person.events if each.kind in wanted]
    return [each for each in of_kind if all(clock.is_met([each.row], test) for test in where)]


def window_before_pick(clock: Clock, person: Person, event: Event, found: list[Happened], window: Window) -> bool:
    seen = [each for each in found if clock.within(each, window)]
    return bool(seen) and picked(clock, person, event, seen, window)


def the_latest_always(clock: Clock, found: list[Happened], pick: Pick) -> Happened:
    return max(found, key=lambda each: each.at)


def events_follow_themselves(
    clock: Clock, person: Person, chosen: Happened, event: Event, kinds: Iterable[str]
) -> list[Happened]:
    return [each for each in clock.counted(person, kinds) if each.at >= chosen.at]


def only_later_follows(
    clock: Clock, person: Person, chosen: Happened, event: Event, kinds: Iterable[str]
) -> list[Happened]:
    return [each for each in clock.counted(person, kinds) if each.at > chosen.at]


def followers_are_narrowed(
    clock: Clock, person: Person, chosen: Happened, event: Event, kinds: Iterable[str]
) -> list[Happened]:
    own = followers(clock, person, chosen, event, kinds)
    return [each for each in own if all(clock.is_met([each.row], test) for test in event.where)]


def numbers_are_different(clock: Clock, events: list[Happened], measure: Times | Total) -> Fraction | None:
    if isinstance(measure, Total) and measure.measure == "distinct":
        told = {brute_values.as_number(each) for each in there(event.row.get(measure.of) for event in events)}
        return Fraction(len(told - {None}))
    return value(clock, events, measure)


def same_counts_values(clock: Clock, events: list[Happened], measure: Times | Total) -> Fraction | None:
    if isinstance(measure, Times) and measure.same is not None:
        return Fraction(len(set(there(each.row.get(measure.same) for each in events))))
    return value(clock, events, measure)


def nothing_is_zero(clock: Clock, events: list[Happened], measure: Times | Total) -> Fraction | None:
    return value(clock, events, measure) or Fraction(0)


def sum_of_nothing_is_missing(clock: Clock, events: list[Happened], measure: Times | Total) -> Fraction | None:
    return None if isinstance(measure, Total) and not events else value(clock, events, measure)


def average_over_all_events(clock: Clock, events: list[Happened], measure: Times | Total) -> Fraction | None:
    if isinstance(measure, Total) and measure.measure == "average" and events:
        return (value(clock, events, replace(measure, measure="sum")) or Fraction(0)) / len(events)
    return value(clock, events, measure)


def by_zero_is_zero(clock: Clock, person: Person, ratio: Ratio) -> bool:
    of, to = (clock.part(person, each) for each in (ratio.of, ratio.to))
    known = of is not None and to is not None
    return brute_values.figure(None if not known else of / to if of and to else Fraction(0), ratio.comparisons)


def largest_key(clock: Clock, person: Person, condition: Sample | Query | Keys) -> bool:
    by = replace(person, keys=(max(person.keys),)) if isinstance(condition, Sample) else person
    return by_key(clock, by, condition)


def first_key_alone(clock: Clock, person: Person, condition: Sample | Query | Keys) -> bool:
    by = person if isinstance(condition, Sample) else replace(person, keys=person.keys[:1])
    return by_key(clock, by, condition)


def first_record_alone(clock: Clock, rows: Iterable[Row], test: Test) -> bool:
    return satisfied([row.get(test.column) for row in list(rows)[:1]], test.comparisons, clock.as_of)


def some_yes_is_enough(self: Brute, records: Iterable[Row]) -> bool:
    column = self.world.consent
    return column is None or True in [self._says(record[column]) for record in records]


def silence_is_no(self: Brute, said: Any) -> bool | None:
    return None if missing(said) and self.world.missing == "refuse" else False if missing(said) else says(self, said)


says = Brute._says


def whoever_is_named(self: Brute, feed: Feed, row: Row, owner: Any, holders: Any) -> frozenset[int]:
    named = (holders.get(each, set()) for each in self.world.valid(row, feed.identifiers))
    return whose(self, feed, row, owner, holders).union(*named)


def nobody_is_a_guest(self: Brute, feed: Feed, row: Row, owner: Any, holders: Any) -> frozenset[int]:
    return whose(self, replace(feed, identifiers=()), row, owner, holders)


whose = Brute._whose


def denied_alone(self: Brute, definition: Definition, as_of: dt.datetime) -> Slices:
    own = replace(self.world)
    less = Brute(own)
    less.persons = [each for each in self.persons if not self.denied(each, definition, as_of)]
    return lists(less, definition, as_of)


def oldest_slice_first(self: Brute, definition: Definition) -> list[str | None]:
    return parts(self, definition)[::-1]


lists, parts, left_out = Brute.lists, Brute.parts, Brute.left_out


def records_are_counted(
    self: Brute, definition: Definition, part: str | None, as_of: dt.datetime
) -> dict[LeftOut, int]:
    each = [replace(person, records=(row,)) for person in self.persons for row in person.records]
    more = Brute(self.world)
    more.persons = each
    return dict(Counter(left_out(more, definition, part, as_of)))


def without_region(raw: Any, column: IdentifierColumn, form: Any) -> str | None:
    return plain(raw, replace(column, region=None), form)


def digests_as_they_stand(raw: str, form: Any) -> str | None:
    return raw if re.fullmatch(r"[0-9a-f]+", raw) else None


def only_the_first(self: brute.World, row: Row, columns: Iterable[IdentifierColumn]) -> frozenset[Found]:
    return valid(self, row, list(columns)[:1])


plain = brute_identifiers._plain

MISREADINGS: tuple[tuple[object, str, Callable[..., object] | object], ...] = (
    (brute_conditions, "inside", end_inside),
    (brute_conditions, "inside", start_outside),
    (brute_values, "inside", end_inside),
    (brute_values, "inside", start_outside),
    (brute_values, "_ASCII_SPACE", ""),
    (brute_conditions, "satisfied", met_by_different_values),
    (brute_values, "_denies", one_value_is_enough),
    (brute_conditions, "satisfied", blanks_in_lists_are_there),
    (brute_values, "meets", unreadable_is_not),
    (brute_values, "on_the_clock", ahead_is_within),
    (brute_values, "_NUMBER", re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")),
    (Clock, "counted", future_counts),
    (Clock, "picked", window_before_pick),
    (Clock, "chosen", the_latest_always),
    (Clock, "followers", events_follow_themselves),
    (Clock, "followers", only_later_follows),
    (Clock, "followers", followers_are_narrowed),
    (Clock, "value", numbers_are_different),
    (Clock, "value", same_counts_values),
    (Clock, "value", nothing_is_zero),
    (Clock, "value", sum_of_nothing_is_missing),
    (Clock, "value", average_over_all_events),
    (Clock, "ratio", by_zero_is_zero),
    (Clock, "by_key", largest_key),
    (Clock, "by_key", first_key_alone),
    (Clock, "is_met", first_record_alone),
    (brute, "MANY", 0),
    (brute, "MANY", 10**6),
    (Brute, "_consents", some_yes_is_enough),
    (Brute, "_says", silence_is_no),
    (Brute, "_whose", whoever_is_named),
    (Brute, "_whose", nobody_is_a_guest),
    (Brute, "lists", denied_alone),
    (Brute, "parts", oldest_slice_first),
    (Brute, "left_out", records_are_counted),
    (brute_identifiers, "_plain", without_region),
    (brute_identifiers, "_hashed", digests_as_they_stand),
    (brute.World, "valid", only_the_first),
)
"""Where each is read, what it is called there, and the misreading."""
