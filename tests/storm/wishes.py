"""What a storm asks for: segments and audiences that change, and who must be on each list, in plain Python."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.storm.formulas import Formula, any_but, names_in, renamed
from tests.storm.kinds import Own
from tests.storm.people import HOUR, Customer, People

Lists = dict[str, frozenset[str]]


@dataclass(kw_only=True)
class Segment:
    """A segment: who did `event` within `hours`, or who `attribute` is true of, but for those in `none`.

    With `slices` it is about the last `event` that no purchase followed, cut by windows of its own.
    """

    key: str
    name: str
    description: str
    event: str | None = None
    hours: tuple[int, int] = (0, 24)
    attribute: str = "vip"
    slices: dict[str, tuple[int, int]] = field(default_factory=dict)
    none: list[str] = field(default_factory=list)
    over: bool = False
    """Whether its campaign is over: then its lists are empty."""
    own: Own | None = None
    """What it is where it is of one of Criteo's own kinds: then nothing else counts."""

    @property
    def lists(self) -> dict[str, str]:
        """Names at Criteo by address."""
        if not self.slices:
            return {self.key: self.name}
        return {f"{self.key}.{each}": f"{self.name} ({each})" for each in self.slices}

    def yaml(self) -> dict[str, Any]:
        """The segment as the workspace says it."""
        if self.own is not None:
            return {"name": self.name, "description": self.description, "criteo": self.own}
        who: dict[str, Any] = {"all": [self._condition()]}
        if self.none:
            who["none"] = [{"segment": each} for each in self.none]
        written: dict[str, Any] = {"name": self.name, "description": self.description, "allow_empty": True, "who": who}
        if self.slices:
            written["slices"] = [*self.slices]
        if self.over:
            written["active"] = {"from": "2026-01-01", "to": "2026-01-31"}
        return written

    def windows(self) -> dict[str, str]:
        """The windows of its slices."""
        return {each: f"{first}h..{last}h" for each, (first, last) in self.slices.items()}

    def holding(self, customer: Customer, people: People) -> set[str]:
        """The addresses of its lists for which somebody qualifies, before anybody is denied."""
        if self.slices:
            return {f"{self.key}.{each}" for each, hours in self.slices.items() if self._left(customer, people, hours)}
        if self.event is None:
            return {self.key} if getattr(customer, self.attribute) else set()
        first, last = self.hours
        ages = (people.now - moment for moment in customer.moments[self.event])
        return {self.key} if any(first * HOUR <= age < last * HOUR for age in ages) else set()

    def _condition(self) -> dict[str, Any]:
        if self.slices:
            return {"event": self.event, "latest": True, "within": "slice", "not_followed_by": "purchase"}
        if self.event is None:
            return {"attribute": self.attribute, "is": True}
        return {"event": self.event, "within": f"{self.hours[0]}h..{self.hours[1]}h"}

    def _left(self, customer: Customer, people: People, hours: tuple[int, int]) -> bool:
        latest = max(customer.moments[self.event or ""], default=None)
        bought = max(customer.moments["purchase"], default=None)
        if latest is None or (bought is not None and bought >= latest):
            return False
        return hours[0] * HOUR <= people.now - latest < hours[1] * HOUR


@dataclass(kw_only=True)
class Audience:
    """An audience over lists, by their addresses: any of some and none of others, or what a formula says."""

    key: str
    name: str
    include: set[str]
    exclude: set[str] = field(default_factory=set)
    algebra: Formula | None = None
    ad_sets: set[str] = field(default_factory=set)

    @property
    def formula(self) -> Formula:
        """Whom it targets."""
        return self.algebra or any_but(sorted(self.include), sorted(self.exclude))

    def yaml(self) -> dict[str, Any]:
        """The audience as the workspace says it."""
        targets: dict[str, Any] = {"include": sorted(self.include), "exclude": sorted(self.exclude)}
        targets = {"algebra": self.algebra} if self.algebra else targets
        return {"name": self.name, **targets, "ad_sets": sorted(self.ad_sets)}


@dataclass(kw_only=True)
class Wish:
    """Everything that is asked for. `removed` says what becomes of what was asked for once."""

    segments: dict[str, Segment] = field(default_factory=dict)
    audiences: dict[str, Audience] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    """Names of lists that were let go of: they stay at Criteo, and nobody cares for them."""
    one_list: bool = False
    """Whether several exclusions of an audience are one list."""
    there: dict[str, str] = field(default_factory=dict)
    """Names of the lists that were there after the last plan, by address."""

    def yaml(self) -> dict[str, Any]:
        """The workspace's definitions."""
        windows: dict[str, str] = {}
        for segment in self.segments.values():
            windows |= segment.windows()
        return {
            "version": 1,
            "windows": windows,
            "segments": {key: segment.yaml() for key, segment in self.segments.items()},
            "audiences": {key: audience.yaml() for key, audience in self.audiences.items()},
            "removed": {address: {"contents": contents} for address, contents in self.removed.items()},
        }

    def used(self) -> set[str]:
        """The addresses of the lists that audiences name, or lookalikes."""
        return self.seeds() | {each for audience in self.audiences.values() for each in names_in(audience.formula)}

    def carried_out(self) -> None:
        """Take note of what is there now."""
        self.there = {f"segment.{address}": name for address, name in self.addresses().items()}

    def addresses(self) -> Mapping[str, str]:
        """Names of lists at Criteo by address."""
        return {address: name for segment in self.segments.values() for address, name in segment.lists.items()}

    def lists(self, people: People) -> Lists:
        """What each list must hold, as SHA-256 of addresses, by its name."""
        ours = [segment for segment in self.segments.values() if segment.own is None]
        lists = {name: members for segment in ours for name, members in self._held(segment, people)}
        names = self.addresses()
        for audience in self.joined():
            held = (lists[names[each]] for each in audience.exclude)
            lists[f"{audience.key} (exclusions)"] = frozenset[str]().union(*held)
        return lists

    def joined(self) -> list[Audience]:
        """The audiences whose exclusions are one list."""
        return [each for each in self.audiences.values() if self.one_list and len(each.exclude) > 1]

    def names(self) -> list[str]:
        """The names of everything that has to be there."""
        return [*self.addresses().values(), *(f"{each.key} (exclusions)" for each in self.joined()), *self.kept]

    def formula(self, audience: Audience) -> Formula:
        """Whom an audience targets, over names."""
        if audience in self.joined():
            include = renamed(any_but(sorted(audience.include), []), self.addresses())
            return {"and": [include, {"not": f"{audience.key} (exclusions)"}]}
        return renamed(audience.formula, self.addresses())

    def ours(self) -> list[str]:
        """The addresses of the lists that are ours to fill."""
        return [address for segment in self.segments.values() if segment.own is None for address in segment.lists]

    def seeds(self) -> set[str]:
        """The addresses of the lists that lookalikes grow from."""
        owns = (segment.own or {} for segment in self.segments.values())
        return {own["lookalike"]["seed"] for own in owns if "lookalike" in own}

    def _held(self, segment: Segment, people: People) -> Iterator[tuple[str, frozenset[str]]]:
        holding: dict[str, set[str]] = defaultdict(set)
        denied: set[str] = set()
        for customer in people.customers.values():
            if customer.address is None:
                continue
            for address in segment.holding(customer, people):
                holding[address].add(customer.address)
            if segment.over or any(self._belongs(customer, other, people) for other in segment.none):
                denied.add(customer.address)
        for address, name in segment.lists.items():
            members = holding[address] - denied
            denied |= members  # the youngest slice alone has an address
            yield name, frozenset(hashlib.sha256(each.encode()).hexdigest() for each in members)

    def _belongs(self, customer: Customer, key: str, people: People) -> bool:
        """Whether somebody is in a segment that another one names: its people, whatever becomes of its lists."""
        segment = self.segments[key]
        return bool(segment.holding(customer, people)) and not any(
            self._belongs(customer, other, people) for other in segment.none
        )
