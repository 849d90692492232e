"""The people of a storm: a small shop's customers, what they did, and who of them has one address."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

START = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
EVENTS = ("purchase", "cart_added", "product_viewed")
LONGEST = 24 * 8
"""Hours that anybody looks back."""


@dataclass(kw_only=True)
class Customer:
    """One record, and the moments of what its customer did, by event."""

    email: str
    unsubscribed: bool = False
    vip: bool = False
    moments: dict[str, list[dt.datetime]] = field(default_factory=lambda: defaultdict(list), repr=False)

    @property
    def address(self) -> str | None:
        """The address as it is hashed, if it is one."""
        address = self.email.strip().lower()
        return address if "@" in address else None


@dataclass(kw_only=True)
class People:
    """Everybody at `now`."""

    chance: random.Random
    now: dt.datetime = START
    customers: dict[str, Customer] = field(default_factory=dict)
    born: int = 0

    def welcome(self, count: int) -> None:
        """Let new customers arrive, with a few days behind them."""
        for _ in range(count):
            self.born += 1
            customer = Customer(email=self._address(f"c{self.born}"), vip=self.chance.random() < 0.2)
            customer.unsubscribed = self.chance.random() < 0.1
            self.customers[f"c{self.born}"] = customer
            self._act(customer, 3, LONGEST)

    def move(self, hours: int) -> None:
        """Let time pass: customers act, turn, leave, and new ones come."""
        self.now += hours * HOUR
        for key, customer in [*self.customers.items()]:
            self._act(customer, 1, hours)
            luck = self.chance.random()
            if luck < 0.03:
                customer.unsubscribed = not customer.unsubscribed
            elif luck < 0.06:
                customer.email = self._address(f"{key}-{self.now:%d%H}")
            elif luck < 0.08:
                del self.customers[key]
        self.welcome(len(self.customers) // 12)

    def write(self, folder: Path) -> None:
        """Write the two tables."""
        with (folder / "customers.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["customer_id", "email", "unsubscribed", "vip"])
            for key, each in self.customers.items():
                rows.writerow([key, each.email, str(each.unsubscribed).lower(), str(each.vip).lower()])
        with (folder / "events.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["customer_id", "event", "occurred_at"])
            rows.writerows(self._events())

    def _events(self) -> Iterator[tuple[str, str, str]]:
        for key, customer in self.customers.items():
            for event, moments in customer.moments.items():
                yield from ((key, event, moment.isoformat()) for moment in moments)

    def _act(self, customer: Customer, most: int, hours: int) -> None:
        for event in EVENTS:
            for _ in range(self.chance.randint(0, most)):
                ago = dt.timedelta(seconds=self.chance.randrange(hours * 3600))
                customer.moments[event].append(self.now - ago)

    def _address(self, name: str) -> str:
        """Mostly a clean address, at times a dirty one, somebody else's, or none."""
        luck = self.chance.random()
        if luck < 0.03 and self.customers:
            return self.chance.choice([*self.customers.values()]).email
        if luck < 0.05:
            return f"{name}.example.com"
        return f" {name.upper()}@Example.COM" if luck < 0.1 else f"{name}@example.com"
