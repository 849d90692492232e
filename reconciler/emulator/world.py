"""The pretend world: advertisers, their segments, audiences and ad sets, and who is on each list.

The world changes only through `World.apply`, one event at a time, so that the events of a log make
it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from reconciler.emulator.clock import Clock, ClockSettings
from reconciler.emulator.members import Amendment, ContactList, Read, Run, Shelf
from reconciler.emulator.packed import Packed, pack

FIRST_SEGMENT = 500
FIRST_AUDIENCE = 900
FIRST_CAMPAIGN = 300_001
FIRST_AD_SET = 700_123
CAMPAIGNS = ("Acquisition", "Retention")
AD_SETS_PER_CAMPAIGN = 6
ADDED = "members added"
REMOVED = "members removed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One accepted change of the world.

    `at` is the emulator's instant. Only an amendment has members: `keys` as long as they have not
    been written, then `run`, which says where they lie.
    """

    name: str
    at: float
    values: Mapping[str, Any] = field(default_factory=dict)
    keys: Packed = field(default=Packed(), repr=False)
    run: Run | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """An audience segment; `definition` holds the attributes of its type."""

    id: str
    advertiser: str
    name: str
    description: str | None
    type: str
    definition: Mapping[str, Any]
    created_at: float
    updated_at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """An audience; `algebra` is the tree as the client sent it."""

    id: str
    advertiser: str
    name: str
    description: str | None
    algebra: Mapping[str, Any]
    created_at: float
    updated_at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """A campaign of a new world."""

    id: str
    advertiser: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AdSet:
    """An ad set of a new world; which audience it targets is in `World.links`."""

    id: str
    advertiser: str
    campaign: str
    name: str


class World:
    """Everything the emulator knows; readers hold the store's lock."""

    def __init__(self, clock: Clock, read: Read) -> None:
        self.clock = clock
        self._shelf = Shelf(read)
        self.advertisers: list[str] = []
        self.campaigns: dict[str, Campaign] = {}
        self.ad_sets: dict[str, AdSet] = {}
        self.segments: dict[str, Segment] = {}
        self.audiences: dict[str, Audience] = {}
        self.contact_lists: dict[str, ContactList] = {}
        self.links: dict[str, str] = {}
        self.gone_segments: set[str] = set()
        self.gone_audiences: set[str] = set()
        self.next_segment = FIRST_SEGMENT
        self.next_audience = FIRST_AUDIENCE
        self._changes = {
            "advertiser": self._add_advertiser,
            "clock": self._set_clock,
            "next ids": self._set_next_ids,
            "segment": self._put_segment,
            "segment deleted": self._delete_segment,
            ADDED: self._amend,
            REMOVED: self._amend,
            "members emptied": self._empty,
            "members counted": self._set_counted,
            "audience": self._put_audience,
            "audience deleted": self._delete_audience,
            "link": self._link,
        }

    def apply(self, event: Event) -> None:
        """Carry out one event; one about something deleted meanwhile does nothing."""
        self._changes[event.name](event)

    def reserve(self, event: Event) -> None:
        """Let nothing else have the id of what is made later."""
        if event.name == "segment":
            self.next_segment = max(self.next_segment, int(event.values["id"]) + 1)
        elif event.name == "audience":
            self.next_audience = max(self.next_audience, int(event.values["id"]) + 1)

    def is_gone(self, event: Event) -> bool:
        """Tell whether an event is about a segment or an audience that was deleted, which no event brings back."""
        gone = {"segment": self.gone_segments, "audience": self.gone_audiences}.get(event.name, set())
        return event.values.get("id") in gone

    def take_segment_id(self) -> str:
        """Return an id that no segment has had."""
        self.next_segment += 1
        return str(self.next_segment - 1)

    def take_audience_id(self) -> str:
        """Return an id that no audience has had."""
        self.next_audience += 1
        return str(self.next_audience - 1)

    def ad_sets_of(self, audience: str) -> list[str]:
        """Return the ids of the ad sets that target `audience`, in order."""
        return sorted(ad_set for ad_set, linked in self.links.items() if linked == audience)

    def events(self) -> Iterator[Event]:
        """Yield the fewest events that make this world again."""
        at = self.clock.now()
        yield Event(name="clock", at=at, values=asdict(self.clock.settings))
        for advertiser in self.advertisers:
            yield Event(name="advertiser", at=at, values={"id": advertiser})
        for segment in self.segments.values():
            yield from self._segment_events(segment)
        for audience in self.audiences.values():
            yield put_audience(audience)
        for ad_set, linked in self.links.items():
            yield link(at, ad_set, linked)
        next_ids = {"segment": self.next_segment, "audience": self.next_audience}
        yield Event(name="next ids", at=at, values=next_ids)

    def _segment_events(self, segment: Segment) -> Iterator[Event]:
        yield put_segment(segment)
        held = self.contact_lists.get(segment.id)
        if held is None:
            return
        counted = {"segment": segment.id, "count": held.counted()}
        for identifier_type, keys in held.members().items():
            values = {"segment": segment.id, "type": identifier_type}
            yield Event(name=ADDED, at=held.changed_at, values=values, keys=pack(keys))
        yield Event(name="members counted", at=held.changed_at, values=counted)

    def _add_advertiser(self, event: Event) -> None:
        advertiser = event.values["id"]
        place = len(self.advertisers)
        self.advertisers.append(advertiser)
        for number, name in enumerate(CAMPAIGNS):
            campaign = str(FIRST_CAMPAIGN + place * len(CAMPAIGNS) + number)
            self.campaigns[campaign] = Campaign(id=campaign, advertiser=advertiser, name=name)
            first = FIRST_AD_SET + place * 100 + number * AD_SETS_PER_CAMPAIGN
            for ad_set in map(str, range(first, first + AD_SETS_PER_CAMPAIGN)):
                self.ad_sets[ad_set] = AdSet(
                    id=ad_set, advertiser=advertiser, campaign=campaign, name=f"Ad set {ad_set}"
                )

    def _set_clock(self, event: Event) -> None:
        self.clock.settings = ClockSettings(**event.values)

    def _set_next_ids(self, event: Event) -> None:
        self.next_segment = event.values["segment"]
        self.next_audience = event.values["audience"]

    def _put_segment(self, event: Event) -> None:
        segment = Segment(**event.values)
        self.segments[segment.id] = segment
        self.reserve(event)
        if segment.type == "ContactList":
            self.contact_lists.setdefault(segment.id, ContactList(segment.id, self._shelf))

    def _delete_segment(self, event: Event) -> None:
        self.gone_segments.add(event.values["id"])
        self.segments.pop(event.values["id"], None)
        self.contact_lists.pop(event.values["id"], None)
        self._shelf.drop(event.values["id"])

    def _amend(self, event: Event) -> None:
        held = self.contact_lists.get(event.values["segment"])
        if held is not None and event.run is not None:
            adds = event.name == ADDED
            held.amend(event.at, Amendment(adds=adds, type=event.values["type"], run=event.run))

    def _empty(self, event: Event) -> None:
        held = self.contact_lists.get(event.values["segment"])
        if held is not None:
            held.empty(event.at)

    def _set_counted(self, event: Event) -> None:
        held = self.contact_lists[event.values["segment"]]
        held.set_counted(event.at, event.values["count"])

    def _put_audience(self, event: Event) -> None:
        audience = Audience(**event.values)
        self.audiences[audience.id] = audience
        self.reserve(event)

    def _delete_audience(self, event: Event) -> None:
        self.gone_audiences.add(event.values["id"])
        self.audiences.pop(event.values["id"], None)
        self.links = {ad_set: linked for ad_set, linked in self.links.items() if linked != event.values["id"]}

    def _link(self, event: Event) -> None:
        self.links.pop(event.values["ad_set"], None)
        if event.values["audience"] in self.audiences:
            self.links[event.values["ad_set"]] = event.values["audience"]


def put_segment(segment: Segment) -> Event:
    """Return the event that makes or replaces a segment."""
    return Event(name="segment", at=segment.updated_at, values=_fields(segment))


def put_audience(audience: Audience) -> Event:
    """Return the event that makes or replaces an audience."""
    return Event(name="audience", at=audience.updated_at, values=_fields(audience))


def link(at: float, ad_set: str, audience: str | None) -> Event:
    """Return the event that points an ad set at an audience, or at none."""
    return Event(name="link", at=at, values={"ad_set": ad_set, "audience": audience})


def _fields(value: Segment | Audience) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
