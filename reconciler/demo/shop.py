"""The made-up shop: opened once with its past, and then told that hours have passed.

Everything follows from the seed and the clock: the same two give the same shop on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reconciler.demo.addresses import BROKEN
from reconciler.demo.customers import Customer, Dirt, age, gather
from reconciler.demo.histories import history, perhaps_guest
from reconciler.demo.tables import abandoners, read_customers, write_customers, write_events
from reconciler.demo.visits import HOUR, SHELF, Event, Visitor, any_step, help_wanted, order, visit

CUSTOMERS = 40_000
VISITS = 0.01  # within an hour, as a share of the customers: a sale is on
TICKETS = 0.0001  # the same for support tickets
COME_BACK = {True: 0.3, False: 0.06}  # who buys after all: of those who left within four hours, of the others


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopSummary:
    """What was made. `dirt` counts the addresses by kind, as the shop holds them."""

    customers: int
    events: int
    without_consent: int
    dirt: Dirt

    @property
    def useless_addresses(self) -> int:
        """Addresses that are missing or that no cleaning can mend."""
        return sum(self.dirt.kinds.get(kind, 0) for kind in BROKEN)


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursPassed:
    """What happened meanwhile. `records` counts what happened to customers' records, by name."""

    until: datetime
    events: int
    visits: int
    came_back: int
    records: Mapping[str, int]


def build(workspace: Path, now: datetime, seed: int = 7, customers: int = CUSTOMERS) -> ShopSummary:
    """Write the shop's past up to `now`, which must have a zone, into the data folder of `workspace`."""
    clock = _seconds(now)
    people, dirt = gather(_chance(seed, "customers"), customers, now.date())
    rng = _chance(seed, "history", now)
    events = (event for person in people for event in history(rng, person, clock))
    write_customers(workspace, people)
    return ShopSummary(
        customers=len(people),
        events=write_events(workspace, events, now.astimezone(UTC)),
        without_consent=sum(person.marketing_consent != "yes" for person in people),
        dirt=dirt,
    )


def pass_time(workspace: Path, now: datetime, hours: int, seed: int = 7) -> HoursPassed:
    """Let `hours` go by after `now`: new visits, orders of people who had left a cart, tickets, changed records.

    The events go into a file of their own beside those that were there; the customers are written anew.
    """
    people = read_customers(workspace)
    until = now.astimezone(UTC) + timedelta(hours=hours)
    rng = _chance(seed, "later", now)
    # Everybody who left a cart in the last week may have second thoughts.
    left = abandoners(workspace, now.astimezone(UTC) - timedelta(days=7), now.astimezone(UTC))
    back = [who for who, hot in left if rng.random() < COME_BACK[hot]]
    visitors = rng.choices(people, k=round(len(people) * VISITS * hours))
    stayed, records = age(_chance(seed, "records", now), people, hours, now.date())
    events = write_events(workspace, _meanwhile(rng, back, visitors, _seconds(now), hours), until)
    write_customers(workspace, stayed)
    return HoursPassed(until=until, events=events, visits=len(visitors), came_back=len(back), records=records)


def _meanwhile(
    rng: random.Random, back: Sequence[str], visitors: Sequence[Customer], start: int, hours: int
) -> Iterator[Event]:
    end = start + hours * HOUR
    for event in _told(rng, back, visitors, start, end):
        if event.occurred_at < end:
            yield event


def _told(
    rng: random.Random, back: Sequence[str], visitors: Sequence[Customer], start: int, end: int
) -> Iterator[Event]:
    for who in back:
        yield order(rng, Visitor(who), rng.randrange(start, end), rng.choices(SHELF, k=rng.randint(1, 3)))
    for visitor in visitors:
        caller = perhaps_guest(rng, Visitor(visitor.customer_id, visitor.email))
        yield from visit(rng, caller, rng.randrange(start, end), any_step(rng))
        if rng.random() < TICKETS / VISITS:
            yield from help_wanted(rng, Visitor(visitor.customer_id), rng.randrange(start, end))


def _chance(seed: int, part: str, now: datetime | None = None) -> random.Random:
    """One stream of chance for each part, so that a change of one leaves the others as they were."""
    return random.Random(f"{seed} {part} {_seconds(now) if now else ''}")


def _seconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("the shop's clock needs a time zone")
    return int(moment.timestamp())
