"""Who belongs on which list, the slow way: for each list, each person, each event, look.

Written from the meaning of the language alone. It shares nothing with the product, uses no query engine and keeps
nothing between two looks, because all it has to be is obviously right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tests.real.reading import Condition, Event, Person, Window, World, window
from tests.real.values import meets, number, truth

GROUPS = ("all", "any", "none")


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A world at a time."""

    world: World
    as_of: datetime


# Events


def is_in(span: Window, event: Event, moment: Moment) -> bool:
    """`from <= age < to`, to the microsecond."""
    age, (start, end) = moment.as_of - event.at, span
    return start <= age and (end is None or age < end)


def window_of(text: str, moment: Moment, slice_name: str | None) -> Window:
    """A window by its name, by its bounds, or the one of the slice that is asked about."""
    name = slice_name if text == "slice" else text
    if name is None:
        raise ValueError("a condition within a slice was looked at without one")
    return moment.world.windows.get(name) or window(name)


def happened(person: Person, kinds: object, moment: Moment) -> list[Event]:
    """The person's events of a kind or of several, as far as they have happened."""
    wanted = kinds if isinstance(kinds, list) else [kinds]
    return [event for event in person.events if event.kind in wanted and event.at <= moment.as_of]


def narrowed(events: Iterable[Event], where: Condition) -> list[Event]:
    return [event for event in events if all(meets(event.properties[name], test) for name, test in where.items())]


def latest_holds(condition: Condition, person: Person, events: list[Event], span: Window, moment: Moment) -> bool:
    """The latest event lies in the window and no event that undoes it came with it or after it."""
    if not events:
        return False
    latest = max(events, key=lambda event: event.at)
    undoing = happened(person, condition.get("not_followed_by", []), moment)
    return is_in(span, latest, moment) and not any(event.at >= latest.at for event in undoing)


def total(events: Iterable[Event], column: str) -> Decimal:
    """The exact sum of what can be read as a number; of nothing it is 0."""
    amounts = (number(event.properties[column]) for event in events)
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def event_holds(condition: Condition, person: Person, moment: Moment, slice_name: str | None) -> bool:
    events = narrowed(happened(person, condition["event"], moment), condition.get("where", {}))
    span = window_of(condition.get("within", "0m.."), moment, slice_name)
    if "latest" in condition:
        return latest_holds(condition, person, events, span, moment)
    counted = [event for event in events if is_in(span, event, moment)]
    if "times" in condition:
        return meets(str(len(counted)), condition["times"])
    if "total" in condition:
        comparisons = {operator: literal for operator, literal in condition["total"].items() if operator != "of"}
        return meets(format(total(counted, condition["total"]["of"]), "f"), comparisons)
    return bool(counted)


# Conditions


def holds(condition: Condition, person: Person, moment: Moment, slice_name: str | None = None) -> bool:
    """Whether a person meets a condition, a group or a leaf."""
    if any(group in condition for group in GROUPS):
        return group_holds(condition, person, moment, slice_name)
    if "everyone" in condition:
        return True
    if "event" in condition:
        return event_holds(condition, person, moment, slice_name)
    if "segment" in condition:
        return in_segment(condition["segment"], person, moment)
    comparisons = {operator: literal for operator, literal in condition.items() if operator != "attribute"}
    return meets(person.attributes[condition["attribute"]], comparisons)


def group_holds(group: Condition, person: Person, moment: Moment, slice_name: str | None) -> bool:
    for each in group.get("all", []):
        if not holds(each, person, moment, slice_name):
            return False
    if "any" in group and not any(holds(each, person, moment, slice_name) for each in group["any"]):
        return False
    return not any(holds(each, person, moment, slice_name) for each in group.get("none", []))


def in_segment(name: str, person: Person, moment: Moment) -> bool:
    """Whether a person is meant by a segment's `who`, in the named slice or in any; nothing else counts."""
    key, _, slice_name = name.partition(".")
    segment = moment.world.segments[key]
    slices = [slice_name] if slice_name else segment.get("slices", [None])
    return any(holds(segment["who"], person, moment, each) for each in slices)


# Lists


def consents(person: Person, world: World) -> bool:
    """A clear yes; silence is none, and neither is a word that says neither."""
    return world.consent_column is None or truth(person.attributes[world.consent_column]) is True


def is_running(segment: Condition, moment: Moment) -> bool:
    """Whether today, where the workspace lives, is in the segment's period, both its days included."""
    period, today = segment.get("active", {}), moment.as_of.astimezone(moment.world.zone).date()
    has_begun = "from" not in period or date.fromisoformat(period["from"]) <= today
    has_ended = "to" in period and date.fromisoformat(period["to"]) < today
    return has_begun and not has_ended


def is_denied(segment: Condition, person: Person, moment: Moment) -> bool:
    """Whether a person keeps every address that she holds off the segment's lists."""
    if not is_running(segment, moment):
        return True
    if segment.get("purpose") != "suppression" and not consents(person, moment.world):
        return True
    return any(holds(each, person, moment) for each in segment["who"].get("none", []))


def identifiers_of(people: Iterable[Person]) -> set[str]:
    return {identifier for person in people for identifier in person.identifiers}


def sent(segment: Condition, moment: Moment, slice_name: str | None) -> set[str]:
    """What some person who qualifies holds, and nobody who is denied."""
    people = moment.world.people
    qualified = identifiers_of(each for each in people if holds(segment["who"], each, moment, slice_name))
    return qualified - identifiers_of(each for each in people if is_denied(segment, each, moment))


def list_name(key: str, segment: Condition, slice_name: str | None) -> str:
    """What a list is called at Criteo."""
    if slice_name is None:
        return str(segment.get("name", key))
    return f"{segment['name']} ({slice_name})" if "name" in segment else f"{key}.{slice_name}"


def slices_from_the_youngest(segment: Condition, world: World) -> list[str | None]:
    names: list[str] = segment.get("slices", [])
    return [*sorted(names, key=lambda name: world.windows[name][0])] or [None]


def lists(moment: Moment) -> dict[str, set[str]]:
    """The identifiers that each published list holds, under the list's name at Criteo."""
    found: dict[str, set[str]] = {}
    for key, segment in moment.world.segments.items():
        if segment.get("publish") is False:
            continue
        taken: set[str] = set()
        for slice_name in slices_from_the_youngest(segment, moment.world):
            found[list_name(key, segment, slice_name)] = sent(segment, moment, slice_name) - taken
            taken |= sent(segment, moment, slice_name)
    return found
