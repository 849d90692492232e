"""What moves and why, each rule read wrongly in one way that somebody might take for right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable

from reconciler.model.definition import Definition
from reconciler.model.membership import Cause, Movement
from tests.membership import brute_moves, brute_trust
from tests.membership.brute import Brute, Feed, Found, Person
from tests.membership.brute_moves import NOTHING, ORDER, Judge, Pair
from tests.membership.brute_trust import Distrust

again, let_through, followed, excluded = Judge.again, Judge.let_through, Judge._followed, Judge._excluded
silent, members = brute_trust._silent, Judge.members


def before(first: Cause, second: Cause) -> tuple[Cause, ...]:
    """The causes with one put before another."""
    rest = [each for each in ORDER if each is not first]
    place = rest.index(second)
    return (*rest[:place], first, *rest[place:])


def guests_are_gone(self: Brute, kinds: Collection[str]) -> frozenset[Found]:
    return NOTHING


def excluded_by_some_version(self: Judge, holders: Iterable[Person], definition: Definition | None) -> bool:
    versions = [each for each in (self.segment.wanted, self.segment.applied) if each is not None]
    told = list(holders)
    return any(excluded(self, told, each) for each in versions)


def nobody_was_followed(self: Judge, persons: Iterable[Person], definition: Definition | None) -> list[bool]:
    return [False for _ in persons]


def followed_is_enough(self: Judge, holders: Iterable[Person], part: str | None) -> bool:
    return any(followed(self, holders, self.segment.wanted))


def everything_waits(self: Judge, found: Found, cause: Cause) -> bool:
    return not self.frozen


def exclusion_never_waits(self: Judge, found: Found, cause: Cause) -> bool:
    return cause is Cause.EXCLUDED or let_through(self, found, cause)


def nothing_waits(self: Judge, found: Found, cause: Cause) -> bool:
    return True


def frozen_is_said_again(
    self: Judge, wanted: frozenset[Found], held: frozenset[Found], doubtful: frozenset[Found]
) -> Pair:
    return doubtful & wanted & held, doubtful - wanted - held


def only_what_is_in_is_said_again(
    self: Judge, wanted: frozenset[Found], held: frozenset[Found], doubtful: frozenset[Found]
) -> Pair:
    return again(self, wanted, held, doubtful)[0], NOTHING


def change_and_time_together(
    self: Judge, held: frozenset[Found], applied: frozenset[Found], wanted: frozenset[Found]
) -> tuple[Movement, Movement]:
    return Movement(len(wanted - applied), len(applied - wanted)), Movement(len(wanted - held), len(held - wanted))


def then_is_now(self: Judge, definition: Definition | None, as_of: dt.datetime | None) -> dict[str | None, object]:
    return dict(members(self, definition, as_of and self.as_of))


def consent_is_never_exempt(self: Brute, person: Person, definition: Definition) -> bool:
    return not person.consents


def a_limit_is_stale(feed: Feed, kind: str, minutes: int) -> bool:
    return silent(feed, kind, minutes - 1) if minutes % 5 == 0 else silent(feed, kind, minutes)


def any_kind_is_each_kind(self: Distrust, number: int, feed: Feed, kind: str) -> bool:
    limits = dict(feed.fresh_within)
    return self._shrunken(number) or any(silent(feed, each, limits[each]) for each in {kind} & limits.keys())


def every_source_has_every_kind(self: Distrust, feed: Feed, kind: str) -> bool:
    return True


def less_is_shrunken(before: int, now: int) -> bool:
    return now < before


def sources_are_shrunken_together(self: Distrust, number: int) -> bool:
    feeds = self.world.all_feeds
    return self.before is not None and brute_trust._shrank(self.before.events, sum(len(feed.rows) for feed in feeds))


MISREADINGS: tuple[tuple[object, str, Callable[..., object] | object], ...] = (
    (brute_moves, "ORDER", before(Cause.PERIOD, Cause.CONSENT)),
    (brute_moves, "ORDER", before(Cause.PERIOD, Cause.GONE)),
    (brute_moves, "ORDER", before(Cause.EXCLUDED, Cause.CONSENT)),
    (brute_moves, "ORDER", before(Cause.EXCLUDED, Cause.PERIOD)),
    (brute_moves, "ORDER", before(Cause.AGED, Cause.DEFINITION)),
    (brute_moves, "ORDER", before(Cause.AGED, Cause.EXCLUDED)),
    (brute_moves, "ORDER", before(Cause.UNMET, Cause.AGED)),
    (Brute, "named", guests_are_gone),
    (Brute, "refused", consent_is_never_exempt),
    (Judge, "_excluded", excluded_by_some_version),
    (Judge, "_followed", nobody_was_followed),
    (Judge, "_stopped", followed_is_enough),
    (Judge, "let_through", everything_waits),
    (Judge, "let_through", exclusion_never_waits),
    (Judge, "let_through", nothing_waits),
    (Judge, "again", frozen_is_said_again),
    (Judge, "again", only_what_is_in_is_said_again),
    (Judge, "sisters", NOTHING),
    (Judge, "apart", change_and_time_together),
    (Judge, "members", then_is_now),
    (brute_trust, "_silent", a_limit_is_stale),
    (Distrust, "_distrusted", any_kind_is_each_kind),
    (Distrust, "_may_have", every_source_has_every_kind),
    (Distrust, "_shrunken", sources_are_shrunken_together),
    (brute_trust, "_shrank", less_is_shrunken),
)
"""Where each is read, what it is called there, and the misreading."""
