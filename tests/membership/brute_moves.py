"""What moves and why, by plain loops: the ledger, doubts, frozen lists and the cause of every removal."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.model.address import Address
from reconciler.model.conditions import Condition, Event, Group, Pick, Query, Ratio, SegmentRef
from reconciler.model.definition import Definition, Who
from reconciler.model.membership import AskedSegment, Cause, Movement
from tests.membership.brute import Brute, Clock, Found, Person

Held = Mapping[Address, frozenset[Found]]
Pair = tuple[frozenset[Found], frozenset[Found]]
ORDER = (Cause.GONE, Cause.CONSENT, Cause.PERIOD, Cause.EXCLUDED, Cause.DEFINITION, Cause.AGED, Cause.UNMET)
NOTHING: frozenset[Found] = frozenset()


def kinds_of(condition: Condition, segments: Mapping[str, Who]) -> set[str]:
    """Every kind of event that a condition reads."""
    match condition:
        case Event(kinds, _, _, Pick(stops, follow)):
            return {*kinds, *stops, *(follow.kinds if follow else ())}
        case Event(kinds):
            return set(kinds)
        case Ratio(of, to):
            return {*of.kinds, *to.kinds}
        case SegmentRef(key):
            return kinds_of(segments[key].condition, segments)
        case Group():
            inner = (kinds_of(each, segments) for each in (*condition.all, *condition.any, *condition.none))
            return set().union(*inner)
        case Query():
            return {"*"}
        case _:
            return set()


def kinds_read(definition: Definition) -> set[str]:
    """Every kind of event that a definition reads."""
    return kinds_of(definition.who.condition, dict(definition.segments))


def met_latests(condition: Condition, segments: Mapping[str, Who]) -> Iterator[Event]:
    """The events with `not_followed_by` whose being met lets a person in."""
    match condition:
        case Event(measure=Pick(not_followed_by)) if not_followed_by:
            yield condition
        case SegmentRef(key):
            yield from met_latests(segments[key].condition, segments)
        case Group():
            for each in (*condition.all, *condition.any):
                yield from met_latests(each, segments)


@dataclass(frozen=True, kw_only=True)
class Judge:
    """A segment between what its lists hold and what they should hold.

    `asked` are the kinds of events that any segment reads, `is_stale` tells those that are not trusted.
    """

    brute: Brute
    segment: AskedSegment
    as_of: dt.datetime
    held: Held
    doubtful: Held
    frozen: bool
    asked: frozenset[str]
    is_stale: Callable[[str], bool]

    def members(self, definition: Definition | None, as_of: dt.datetime | None) -> dict[str | None, frozenset[Found]]:
        """The lists of a definition at a clock."""
        return self.brute.lists(definition, as_of) if definition is not None and as_of is not None else {}

    @property
    def wanted(self) -> dict[str | None, frozenset[Found]]:
        """By slice, what should be held."""
        return self.members(self.segment.wanted, self.as_of)

    @property
    def applied(self) -> dict[str | None, frozenset[Found]]:
        """By slice, what the applied definition asks for today."""
        return self.members(self.segment.applied, self.as_of)

    def causes(self, address: Address, part: str | None) -> dict[Found, Cause]:
        """The cause of every removal that is due, before anything is frozen."""
        gone = self.held[address] - self.wanted.get(part, NOTHING)
        return {found: self._cause(found, part) for found in gone}

    def let_through(self, found: Found, cause: Cause) -> bool:
        """Whether a removal is carried out although its list is frozen, if it is."""
        if not self.frozen or cause is Cause.CONSENT:
            return True
        return cause is Cause.EXCLUDED and any(map(self._excluded_by_fresh, self.brute.holders(found)))

    def _cause(self, found: Found, part: str | None) -> Cause:
        holders, wanted, applied = self.brute.holders(found), self.segment.wanted, self.segment.applied
        then = self.members(applied, self.segment.applied_as_of).get(part, NOTHING)
        denies = [self._excluded(holders, each) for each in (wanted, applied)]
        consent = wanted is not None and any(self.brute.refused(each, wanted) for each in holders)
        period = wanted is not None and not self.brute.in_period(wanted, self.as_of)
        followed = self._stopped(holders, part) or (self._followed_at_all(holders) and found not in then)
        reasons = {
            Cause.GONE: not holders and found not in self.brute.named(self.asked),
            Cause.CONSENT: consent,
            Cause.PERIOD: period,
            Cause.EXCLUDED: all(denies) or followed,
            Cause.DEFINITION: denies == [True, False] or found in self.applied.get(part, NOTHING),
            Cause.AGED: found in then,
            Cause.UNMET: True,
        }
        return next(cause for cause in ORDER if reasons[cause])

    def again(self, wanted: frozenset[Found], held: frozenset[Found], doubtful: frozenset[Found]) -> Pair:
        """What is in doubt and said again: that it is in, and that it is out."""
        return (NOTHING, NOTHING) if self.frozen else (doubtful & wanted & held, doubtful - wanted - held)

    @property
    def sisters(self) -> frozenset[Found]:
        """What some slice of a segment of several should hold."""
        return NOTHING.union(*self.wanted.values()) if len(self.segment.lists) > 1 else NOTHING

    def apart(
        self, held: frozenset[Found], applied: frozenset[Found], wanted: frozenset[Found]
    ) -> tuple[Movement, Movement]:
        """What the change does on today's data, and what time and data do."""
        change = Movement(len(wanted - applied), len(applied - wanted))
        return change, Movement(len(applied - held), len(held - applied))

    def _excluded(self, holders: Iterable[Person], definition: Definition | None) -> bool:
        return definition is not None and any(self.brute.excluded(each, definition, self.as_of) for each in holders)

    def _stopped(self, holders: Iterable[Person], part: str | None) -> bool:
        """Some holder belonged at the last apply, and was followed since under both definitions."""
        applied, then = self.segment.applied, self.segment.applied_as_of
        if applied is None or then is None or not self.brute.in_period(applied, then):
            return False
        if part not in self.brute.parts(applied):
            return False
        clock = self.brute.clock(applied, then)
        met = [each for each in holders if clock.but_for_none(each, applied.who, part)]
        both = zip(self._followed(met, self.segment.wanted), self._followed(met, applied), strict=True)
        return any(now and before for now, before in both)

    def _followed_at_all(self, holders: list[Person]) -> bool:
        return all(any(self._followed(holders, each)) for each in (self.segment.wanted, self.segment.applied))

    def _followed(self, persons: Iterable[Person], definition: Definition | None) -> list[bool]:
        if definition is None:
            return [False for _ in persons]
        segments = dict(definition.segments)
        events = list(met_latests(definition.who.condition, segments))
        return [any(self._found(person, each, segments) for each in events) for person in persons]

    def _found(self, person: Person, event: Event, segments: Mapping[str, Who]) -> bool:
        """Whether the event that must not follow came after the one that is picked."""
        assert isinstance(event.measure, Pick)
        clock = self._clock(segments)
        found = clock.counted(person, event.kinds, event.where)
        if not found:
            return False
        chosen = clock.chosen(found, event.measure)
        return bool(clock.followers(person, chosen, event, event.measure.not_followed_by))

    def _clock(self, segments: Mapping[str, Who]) -> Clock:
        return Clock(self.as_of, segments, self.brute.world.outside)

    def _excluded_by_fresh(self, person: Person) -> bool:
        wanted = self.segment.wanted
        assert wanted is not None
        segments = dict(wanted.segments)
        top = wanted.who.condition
        fresh = [each for each in (top.none if isinstance(top, Group) else ()) if not self._is_stale(each, segments)]
        latests = [each for each in met_latests(top, segments) if not self._is_stale(each, segments)]
        by_none = self._clock(segments).some(person, fresh, None)
        return by_none or any(self._found(person, each, segments) for each in latests)

    def _is_stale(self, condition: Condition, segments: Mapping[str, Who]) -> bool:
        return any(map(self.is_stale, kinds_of(condition, segments)))


def counted(causes: Mapping[Found, Cause]) -> dict[Cause, int]:
    """How many removals each cause has."""
    return dict(Counter(causes.values()))
