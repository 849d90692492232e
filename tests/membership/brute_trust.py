"""Which data are not trusted: sources that shrank and feeds that stopped. Written from the language alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, cached_property

from reconciler.state.snapshot import SourceCounts
from tests.membership.brute import Feed, World
from tests.membership.worlds import AS_OF

ANY = "*"
"""Every kind: in `fresh_within`, and what a query of somebody's own may read."""


@dataclass(frozen=True, eq=False)
class Distrust:
    """A source beside its sizes at the last apply; `names` are those of its tables of events."""

    world: World
    before: SourceCounts | None
    names: tuple[str, ...] = ()

    @cached_property
    def few(self) -> bool:
        """Whether the customers are too few: then nothing is trusted."""
        if not self.world.customers or self.before is None:
            return not self.world.customers
        columns = self.world.columns
        valid = sum(bool(each.found) for row in self.world.customers for each in self.world.read(row, columns))
        return _shrank(self.before.customers, len(self.world.customers)) or _shrank(
            self.before.valid_identifiers, valid
        )

    def _shrunken(self, number: int) -> bool:
        """Whether a source of events has lost too many rows: by itself where that is known, else all together."""
        feeds = self.world.all_feeds
        if self.before is None:
            return False
        if self.before.event_tables:
            return _shrank(self.before.event_tables.get(self.names[number], 0), len(feeds[number].rows))
        return _shrank(self.before.events, sum(len(feed.rows) for feed in feeds))

    @cache  # noqa: B019 - it lives as long as its pack
    def is_stale(self, kind: str) -> bool:
        """Whether a kind is not trusted, in some source that may have it."""
        return self.few or any(
            self._distrusted(number, feed, kind)
            for number, feed in enumerate(self.world.all_feeds)
            if self._may_have(feed, kind)
        )

    def _may_have(self, feed: Feed, kind: str) -> bool:
        if feed.name is None:
            return kind in (feed.kind, ANY)
        elsewhere = {each.kind for each in self.world.all_feeds if each.name is None}
        return kind not in elsewhere or kind in dict(feed.fresh_within)

    def _distrusted(self, number: int, feed: Feed, kind: str) -> bool:
        limits = dict(feed.fresh_within)
        asked = limits if kind == ANY else {ANY, kind} & limits.keys()
        return self._shrunken(number) or any(_silent(feed, each, limits[each]) for each in asked)


def _shrank(before: int, now: int) -> bool:
    return before - now > before * 0.3


def _silent(feed: Feed, kind: str, minutes: int) -> bool:
    """Whether the newest event of a kind, or of any, is too old."""
    events = [event for row in feed.rows if (event := feed.event(row)) is not None and event.at <= AS_OF]
    ages = [AS_OF - event.at for event in events if kind in (ANY, event.kind)]
    return not ages or min(ages) > dt.timedelta(minutes=minutes)
