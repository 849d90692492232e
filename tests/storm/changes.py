"""Random changes of what a storm asks for, each of a kind that a team makes in a pull request."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.storm import kinds
from tests.storm.formulas import at_random
from tests.storm.people import EVENTS
from tests.storm.wishes import Audience, Segment, Wish

AD_SETS = tuple(str(number) for number in range(700123, 700135))
CUTS = (("hot", (0, 6)), ("warm", (6, 24)), ("cool", (24, 96)), ("cold", (96, 180)))
MOST_SEGMENTS, MOST_AUDIENCES = 9, 5


@dataclass(kw_only=True)
class Changer:
    """Changes a wish; what it makes is never called as anything before it."""

    wish: Wish
    chance: random.Random
    made: int = 0

    def begin(self) -> None:
        """Ask for something to begin with."""
        for _ in range(4):
            self.new_segment()
        for _ in range(2):
            self.new_audience()

    def change(self, times: int) -> None:
        """Change something, so many times."""
        for _ in range(times):
            self.chance.choice(CHANGES)(self)

    def new_segment(self) -> None:
        """One more segment, of any kind."""
        if len(self.wish.segments) >= MOST_SEGMENTS:
            return
        key = self._key("s")
        segment = Segment(key=key, name=f"Segment {self.made}", description="As first thought of")
        luck = self.chance.random()
        if luck < 0.35:
            cuts = self.chance.sample(CUTS, self.chance.randint(1, 3))
            segment.event = self.chance.choice(EVENTS[1:])
            segment.slices = {f"{key}-{name}": hours for name, hours in CUTS if (name, hours) in cuts}
        elif luck < 0.8:
            segment.event, segment.hours = self.chance.choice(EVENTS), self._hours()
        else:
            segment.attribute = self.chance.choice(["vip", "unsubscribed"])
        self.wish.segments[key] = segment
        self._deny(segment)

    def new_kind(self) -> None:
        """One more segment of one of Criteo's own kinds."""
        if len(self.wish.segments) < MOST_SEGMENTS:
            key = self._key("s")
            own = kinds.at_random(self.chance, self.wish.ours())
            name, words = f"Segment {self.made}", "Of Criteo's"
            self.wish.segments[key] = Segment(key=key, name=name, description=words, own=own)

    def change_kind(self) -> None:
        """A segment of Criteo's changes, at times into another kind or to another seed."""
        for segment in self._shuffled():
            if segment.own is not None:
                is_new = self.chance.random() < 0.3
                of_ours = self.wish.ours()
                segment.own = (
                    kinds.at_random(self.chance, of_ours) if is_new else kinds.changed(segment.own, self.chance)
                )
                return

    def new_audience(self) -> None:
        """One more audience."""
        if len(self.wish.audiences) < MOST_AUDIENCES:
            key = self._key("a")
            self.wish.audiences[key] = Audience(key=key, name=f"Audience {self.made}", include={self._list()})
            self._target(self.wish.audiences[key])
            self.move_ad_set()

    def drop_segment(self) -> None:
        """A segment that nothing needs any more goes, emptied or let go of."""
        used = self.wish.used()
        named = {each for segment in self.wish.segments.values() for each in segment.none}
        free = [each for each in self.wish.segments.values() if each.key not in named and not used & each.lists.keys()]
        others = [each for each in self.wish.segments.values() if each.own is None]
        free = [each for each in free if [each] != others]
        if free and len(self.wish.segments) > 2:
            segment = self.chance.choice(free)
            del self.wish.segments[segment.key]
            for address in segment.lists:
                # A lookalike that is let go of would keep its seed from being deleted.
                self._remove(f"segment.{address}", only_drained=segment.own is not None)

    def drop_slice(self) -> None:
        """A slice that no audience needs any more goes."""
        used = self.wish.used()
        for segment in self._shuffled():
            free = [each for each in segment.slices if f"{segment.key}.{each}" not in used]
            if len(segment.slices) > 1 and free:
                name = self.chance.choice(free)
                self._remove(f"segment.{segment.key}.{name}")
                del segment.slices[name]
                return

    def new_slice(self) -> None:
        """A segment is cut once more."""
        for segment in self._shuffled():
            missing = [(name, hours) for name, hours in CUTS if f"{segment.key}-{name}" not in segment.slices]
            gone = {f"segment.{segment.key}.{segment.key}-{name}" for name, _ in missing} & self.wish.removed.keys()
            if segment.slices and missing and not gone:
                name, hours = self.chance.choice(missing)
                every = {**segment.slices, f"{segment.key}-{name}": hours}
                segment.slices = dict(sorted(every.items(), key=lambda each: each[1]))
                return

    def drop_audience(self) -> None:
        """An audience goes."""
        if len(self.wish.audiences) > 1:
            audience = self.chance.choice([*self.wish.audiences.values()])
            del self.wish.audiences[audience.key]
            self.wish.removed[f"audience.{audience.key}"] = "drain"

    def rename(self) -> None:
        """A segment or an audience is called otherwise from now on."""
        self.made += 1
        called: list[Segment | Audience] = [*self.wish.segments.values(), *self.wish.audiences.values()]
        self.chance.choice(called).name = f"Called {self.made}"

    def describe(self) -> None:
        """Somebody thinks of better words."""
        self.made += 1
        self._segment().description = f"Thought of again, {self.made}"

    def redefine(self) -> None:
        """A window moves, or another event or attribute counts."""
        segment = self._segment()
        if segment.own is not None:
            segment.own = kinds.changed(segment.own, self.chance)
        elif segment.slices:
            segment.event = self.chance.choice(EVENTS[1:])
        elif segment.event:
            segment.hours = self._hours()
        else:
            segment.attribute = "vip" if segment.attribute == "unsubscribed" else "unsubscribed"

    def deny(self) -> None:
        """Other people are kept out of a segment."""
        segment = self._segment()
        segment.none = []
        self._deny(segment)

    def end_or_begin(self) -> None:
        """A campaign ends, or one that was over goes on."""
        segment = self._segment()
        segment.over = not segment.over

    def retarget(self) -> None:
        """An audience includes and excludes other lists."""
        self._target(self.chance.choice([*self.wish.audiences.values()]))

    def move_ad_set(self) -> None:
        """An ad set goes from any audience, or from none, to any other, or to none."""
        ad_set = self.chance.choice(AD_SETS)
        for audience in self.wish.audiences.values():
            audience.ad_sets.discard(ad_set)
        if self.chance.random() < 0.8:
            self.chance.choice([*self.wish.audiences.values()]).ad_sets.add(ad_set)

    def _target(self, audience: Audience) -> None:
        lists = [*self.wish.addresses()]
        audience.include = set(self.chance.sample(lists, self.chance.randint(1, min(3, len(lists)))))
        others = sorted({*(self.wish.ours() if self.wish.one_list else lists)} - audience.include)
        audience.exclude = set(self.chance.sample(others, self.chance.randint(0, min(2, len(others)))))
        is_formula = len(lists) >= 4 and not self.wish.one_list and self.chance.random() < 0.4
        audience.algebra = at_random(lists, self.chance) if is_formula else None

    def _remove(self, address: str, *, only_drained: bool = False) -> None:
        contents = "drain" if only_drained else self.chance.choice(["drain", "drain", "keep"])
        self.wish.removed[address] = contents
        if contents == "keep" and address in self.wish.there:
            self.wish.kept.add(self.wish.there[address])

    def _deny(self, segment: Segment) -> None:
        """Only a segment that came before is named, so that nothing goes round in a circle."""
        before = [
            each.key
            for each in self.wish.segments.values()
            if each.own is None and int(each.key[1:]) < int(segment.key[1:])
        ]
        if before and self.chance.random() < 0.6:
            segment.none = self.chance.sample(before, self.chance.randint(1, min(2, len(before))))

    def _segment(self) -> Segment:
        return self.chance.choice([*self.wish.segments.values()])

    def _shuffled(self) -> list[Segment]:
        return self.chance.sample([*self.wish.segments.values()], len(self.wish.segments))

    def _list(self) -> str:
        return self.chance.choice([*self.wish.addresses()])

    def _hours(self) -> tuple[int, int]:
        first = self.chance.choice([0, 0, 2, 24])
        return first, first + self.chance.choice([5, 24, 72, 160])

    def _key(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made}"


CHANGES: tuple[Callable[[Changer], None], ...] = (
    Changer.new_segment,
    Changer.new_segment,
    Changer.new_kind,
    Changer.change_kind,
    Changer.new_audience,
    Changer.drop_segment,
    Changer.drop_segment,
    Changer.drop_slice,
    Changer.new_slice,
    Changer.drop_audience,
    Changer.rename,
    Changer.rename,
    Changer.describe,
    Changer.redefine,
    Changer.redefine,
    Changer.deny,
    Changer.end_or_begin,
    Changer.retarget,
    Changer.retarget,
    Changer.move_ad_set,
    Changer.move_ad_set,
)
