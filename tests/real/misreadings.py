"""Rules of the language, each read wrongly in one way that somebody might take for right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date
from decimal import Decimal

from tests.real import brute, values
from tests.real.reading import Condition, Event, Person, Window, World


def end_inside(span: Window, event: Event, moment: brute.Moment) -> bool:
    age = moment.as_of - event.at
    return span[0] <= age and (span[1] is None or age <= span[1])


def start_outside(span: Window, event: Event, moment: brute.Moment) -> bool:
    age = moment.as_of - event.at
    return span[0] < age and (span[1] is None or age < span[1])


def later_only(condition: Condition, person: Person, events: list[Event], span: Window, moment: brute.Moment) -> bool:
    undoing = brute.happened(person, condition.get("not_followed_by", []), moment)
    latest = max(events, key=lambda event: event.at, default=None)
    return latest is not None and brute.is_in(span, latest, moment) and all(each.at <= latest.at for each in undoing)


def window_before_latest(
    condition: Condition, person: Person, events: list[Event], span: Window, moment: brute.Moment
) -> bool:
    inside = [event for event in events if brute.is_in(span, event, moment)]
    return ORIGINAL_LATEST(condition, person, inside, span, moment)


def where_after_latest(condition: Condition, person: Person, moment: brute.Moment, slice_name: str | None) -> bool:
    if "latest" not in condition or "where" not in condition:
        return ORIGINAL_EVENT(condition, person, moment, slice_name)
    latest = sorted(brute.happened(person, condition["event"], moment), key=lambda event: event.at)[-1:]
    picked = brute.narrowed(latest, condition["where"])
    return any(brute.is_in(brute.window_of(condition["within"], moment, slice_name), each, moment) for each in picked)


def future_counts(person: Person, kinds: object, moment: brute.Moment) -> list[Event]:
    return [event for event in person.events if event.kind in (kinds if isinstance(kinds, list) else [kinds])]


def none_are_not_counted(condition: Condition, person: Person, moment: brute.Moment, slice_name: str | None) -> bool:
    some = brute.happened(person, condition["event"], moment)
    return bool(some) and ORIGINAL_EVENT(condition, person, moment, slice_name)


def sum_of_nothing_is_missing(events: Iterable[Event], column: str) -> Decimal:
    amounts = [event for event in events if not values.is_missing(event.properties[column])]
    return ORIGINAL_TOTAL(amounts, column) if amounts else Decimal("NaN")


def denied_alone(segment: Condition, moment: brute.Moment, slice_name: str | None) -> set[str]:
    people = [person for person in moment.world.people if not brute.is_denied(segment, person, moment)]
    return brute.identifiers_of(each for each in people if brute.holds(segment["who"], each, moment, slice_name))


def oldest_slice_first(segment: Condition, world: World) -> list[str | None]:
    return ORIGINAL_SLICES(segment, world)[::-1]


def days_of_utc(segment: Condition, moment: brute.Moment) -> bool:
    period, today = segment.get("active"), moment.as_of.astimezone(UTC).date()
    return not period or date.fromisoformat(period["from"]) <= today <= date.fromisoformat(period["to"])


def silence_consents(person: Person, world: World) -> bool:
    return values.truth(person.attributes["marketing_consent"]) is not False


def suppression_needs_consent(segment: Condition, person: Person, moment: brute.Moment) -> bool:
    return ORIGINAL_DENIED({**segment, "purpose": None}, person, moment)


def none_of_a_nested_group_denies(segment: Condition, person: Person, moment: brute.Moment) -> bool:
    nested = [each for group in ("all", "any") for each in segment["who"].get(group, []) if "none" in each]
    denied = any(brute.holds(each, person, moment) for group in nested for each in group["none"])
    return denied or ORIGINAL_DENIED(segment, person, moment)


def a_reference_means_the_list(name: str, person: Person, moment: brute.Moment) -> bool:
    segment = moment.world.segments[name.partition(".")[0]]
    return ORIGINAL_SEGMENT(name, person, moment) and not ORIGINAL_DENIED(segment, person, moment)


def missing_is_not(text: str, operator: str, literal: object) -> bool:
    return (operator == "not" and values.is_missing(text)) or ORIGINAL_MEETS_ONE(text, operator, literal)


def unreadable_is_not(text: str, literals: object) -> bool:
    return not values.is_any(text, literals)


def numbers_as_text(text: str, literals: object) -> bool:
    as_text = [str(each) if isinstance(each, Decimal) else each for each in values.as_list(literals)]
    return ORIGINAL_IS_ANY(text, as_text)


def any_case(text: str, comparisons: object) -> bool:
    return values.meets(text.lower(), comparisons)


def trimmed(text: str, comparisons: object) -> bool:
    return values.meets(text.strip(), comparisons)


ORIGINAL_LATEST, ORIGINAL_EVENT, ORIGINAL_TOTAL = brute.latest_holds, brute.event_holds, brute.total
ORIGINAL_SLICES, ORIGINAL_DENIED, ORIGINAL_SEGMENT = brute.slices_from_the_youngest, brute.is_denied, brute.in_segment
ORIGINAL_MEETS_ONE, ORIGINAL_IS_ANY = values.meets_one, values.is_any

MISREADINGS: tuple[tuple[object, str, Callable[..., object]], ...] = (
    (brute, "is_in", end_inside),
    (brute, "is_in", start_outside),
    (brute, "latest_holds", later_only),
    (brute, "latest_holds", window_before_latest),
    (brute, "event_holds", where_after_latest),
    (brute, "happened", future_counts),
    (brute, "event_holds", none_are_not_counted),
    (brute, "total", sum_of_nothing_is_missing),
    (brute, "sent", denied_alone),
    (brute, "slices_from_the_youngest", oldest_slice_first),
    (brute, "is_running", days_of_utc),
    (brute, "consents", silence_consents),
    (brute, "is_denied", suppression_needs_consent),
    (brute, "is_denied", none_of_a_nested_group_denies),
    (brute, "in_segment", a_reference_means_the_list),
    (values, "meets_one", missing_is_not),
    (values, "is_none", unreadable_is_not),
    (values, "is_any", numbers_as_text),
    (brute, "meets", any_case),
    (brute, "meets", trimmed),
)
