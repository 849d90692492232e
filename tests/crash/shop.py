"""A small shop that moves on, the workspace that reads it, and its membership worked out in plain Python."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

START = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)

WINDOWS = {"hot": (0, 4), "warm": (4, 24), "cooling": (48, 168)}
"""Windows in hours."""
LOOKED = {"looked-today": (0, 24), "looked-yesterday": (24, 48), "looked-before": (48, 168)}

SETTINGS = """\
version: 1
workspace: crash
advertiser: "42"
criteo: { calls_per_minute: 0 }
source:
  customers: { table: customers.csv, key: customer_id, identifiers: { email: email } }
  events: { table: events.csv, customer: customer_id, name: event, time: occurred_at }
guards: { max_gone: 100%, max_changed: 100% }
windows: { hot: 0h..4h, warm: 4h..24h, cooling: 2d..7d }
segments:
  buyers:
    allow_empty: true
    who: { event: purchase, within: 7d }
  refused:
    purpose: suppression
    reason: They asked for it
    allow_empty: true
    who: { attribute: unsubscribed, is: true }
  carts:
    allow_empty: true
    slices: [hot, warm, cooling]
    who:
      all: [{ event: cart_added, latest: true, within: slice, not_followed_by: purchase }]
      none: [{ segment: refused }]
"""
LOOKED_SEGMENT = """\
  {name}:
    allow_empty: true
    who:
      all: [{{ event: product_viewed, within: {first}h..{last}h }}]
      none: [{{ segment: buyers }}]
"""
AUDIENCES = """\
audiences:
  recovery: { include: [carts.hot, carts.warm], exclude: [refused, buyers], ad_sets: ["700123"] }
"""
REMINDERS = '  reminders: { include: [carts.cooling, %s], exclude: [refused], ad_sets: ["700124", "700125"] }\n'

Lists = Mapping[str, frozenset[str]]


@dataclass(kw_only=True)
class Shop:
    """The shop at `now`: addresses and refusals by customer, and what customers did. `grown` is the later workspace."""

    chance: random.Random
    now: dt.datetime = START
    grown: bool = False
    emails: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    events: list[tuple[str, str, dt.datetime]] = field(default_factory=list)
    born: int = 0

    @classmethod
    def opened(cls, seed: int, customers: int) -> Shop:
        """A shop of `customers` with a week behind it."""
        shop = cls(chance=random.Random(seed))  # noqa: S311 - seeded on purpose
        shop._welcome(customers)
        for customer in shop.emails:
            shop._act(customer, "product_viewed", 0.6, 24 * 7)
            shop._act(customer, "cart_added", 0.8, 30 if shop.chance.random() < 0.8 else 24 * 7)
            shop._act(customer, "purchase", 0.3, 24 * 10)
        return shop

    def move(self, hours: int) -> None:
        """Let time pass: people buy, look, come back, refuse, change their address, leave, and new ones arrive."""
        self.now += hours * HOUR
        for customer in [*self.emails]:
            self._act(customer, "purchase", 0.15, hours)
            self._act(customer, "cart_added", 0.15, hours)
            self._act(customer, "product_viewed", 0.1, hours)
            self._turn(customer)
        self._welcome(len(self.emails) // 20)

    def write(self, folder: Path) -> None:
        """Write the workspace with its data."""
        looked = dict([*LOOKED.items()][: 3 if self.grown else 2])
        segments = "".join(LOOKED_SEGMENT.format(name=n, first=a, last=b) for n, (a, b) in looked.items())
        audiences = AUDIENCES + REMINDERS % ", ".join(looked)
        settings = SETTINGS.replace("who: { event: purchase", "description: Of a week\n    who: { event: purchase")
        settings = settings if self.grown else SETTINGS
        (folder / "reconciler.yaml").write_text(settings + segments + audiences, encoding="utf-8")
        with (folder / "customers.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["customer_id", "email", "unsubscribed"])
            rows.writerows([who, email, str(who in self.refused).lower()] for who, email in self.emails.items())
        with (folder / "events.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["customer_id", "event", "occurred_at"])
            rows.writerows([who, event, at.isoformat()] for who, event, at in self.events)

    def lists(self) -> Lists:
        """What every list must hold now, as SHA-256 of addresses, by the name of the list."""
        people = self._people()
        held: dict[str, set[str]] = defaultdict(set)
        denied: dict[str, set[str]] = defaultdict(set)
        for person in people.values():
            address = person.email.strip().lower()
            for name, belongs in person.belongs(self.now, grown=self.grown).items():
                held[name] |= {address} if belongs and "@" in address else set()
            for name, is_denied in person.denied(self.now, grown=self.grown).items():
                denied[name] |= {address} if is_denied else set()
        younger: set[str] = set()
        result = {}
        for name, holding in held.items():
            members = holding - denied[name] - (younger if name.startswith("carts.") else set())
            younger |= members if name.startswith("carts.") else set()
            result[name] = frozenset(hashlib.sha256(each.encode()).hexdigest() for each in members)
        return result

    def _people(self) -> dict[str, _Person]:
        people = {who: _Person(email=email, refused=who in self.refused) for who, email in self.emails.items()}
        for who, event, at in self.events:
            if who in people and at <= self.now:
                people[who].times[event].append(at)
        return people

    def _act(self, customer: str, event: str, probability: float, hours: int) -> None:
        if self.chance.random() < probability:
            ago = dt.timedelta(seconds=self.chance.randrange(hours * 3600))
            self.events.append((customer, event, self.now - ago))

    def _turn(self, customer: str) -> None:
        luck = self.chance.random()
        if luck < 0.03:
            self.refused ^= {customer}
        elif luck < 0.06:
            self.emails[customer] = self._address(f"{customer}-{self.now:%d%H}")
        elif luck < 0.08:
            del self.emails[customer]

    def _welcome(self, count: int) -> None:
        for number in range(self.born, self.born + count):
            customer = f"c{number}"
            self.emails[customer] = self._address(customer)
            if self.chance.random() < 0.05:
                self.refused.add(customer)
            if number >= count:
                self._act(customer, "cart_added", 0.7, 3)
        self.born += count

    def _address(self, name: str) -> str:
        """Mostly a clean address, at times a dirty one, somebody else's, or none."""
        luck = self.chance.random()
        if luck < 0.02 and self.emails:
            return self.chance.choice([*self.emails.values()][-50:])
        if luck < 0.04:
            return f"{name}.example.com"
        return f"  {name.upper()}@Example.COM " if luck < 0.10 else f"{name}@example.com"


@dataclass(kw_only=True)
class _Person:
    email: str
    refused: bool
    times: dict[str, list[dt.datetime]] = field(default_factory=lambda: defaultdict(list))

    def belongs(self, now: dt.datetime, *, grown: bool) -> dict[str, bool]:
        """Whether the person qualifies for each list, before anybody is denied."""
        carted = max(self.times["cart_added"], default=None)
        bought = max(self.times["purchase"], default=None)
        left = carted is not None and (bought is None or bought < carted)
        lists = {"buyers": self._bought(now), "refused": self.refused}
        for name, (first, last) in WINDOWS.items():
            age = now - carted if carted is not None else None
            lists[f"carts.{name}"] = left and age is not None and first * HOUR <= age < last * HOUR
        for name, (first, last) in _looked(grown):
            lists[name] = any(first * HOUR <= now - at < last * HOUR for at in self.times["product_viewed"])
        return lists

    def denied(self, now: dt.datetime, *, grown: bool) -> dict[str, bool]:
        """Whether the person is denied a list, and with it everybody who has the same address."""
        bought = self._bought(now)
        return {f"carts.{name}": self.refused for name in WINDOWS} | {name: bought for name, _ in _looked(grown)}

    def _bought(self, now: dt.datetime) -> bool:
        return any(now - at < 7 * DAY for at in self.times["purchase"])


def _looked(grown: bool) -> list[tuple[str, tuple[int, int]]]:
    return [*LOOKED.items()][: 3 if grown else 2]
