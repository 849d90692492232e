"""Five kinds of customers, each with a past that some segment of the sample workspace is about."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from reconciler.demo.customers import Customer
from reconciler.demo.visits import (
    DAY,
    HISTORY,
    HOUR,
    REFILLS,
    SHELF,
    Event,
    Step,
    Visitor,
    any_step,
    help_wanted,
    order,
    visit,
)

GUESTS = 0.03  # of the visits are by people who did not log in
TICKETS = 0.03  # of the customers wrote to customer service within the last two months


def logged_in(who: Visitor) -> Visitor:
    """Who logs in need not leave an address."""
    return Visitor(who.customer_id)


def perhaps_guest(rng: random.Random, who: Visitor) -> Visitor:
    """The same person, now and then without logging in: then an order carries the address instead."""
    return Visitor(None, who.order_email) if rng.random() < GUESTS else logged_in(who)


def _recently(rng: random.Random) -> int:
    """An age in seconds: the shop is busy since a sale began yesterday, and was not dead before."""
    kind = rng.random()
    if kind < 0.13:
        return rng.randrange(DAY)
    if kind < 0.27:
        return rng.randrange(DAY, 7 * DAY)
    return rng.randrange(7 * DAY, HISTORY)


def _regular(rng: random.Random, who: Visitor, now: int) -> Iterator[Event]:
    for _ in range(1 + min(int(rng.expovariate(0.26)), 25)):
        yield from visit(rng, perhaps_guest(rng, who), now - _recently(rng), any_step(rng))


def _quiet(rng: random.Random, who: Visitor, now: int) -> Iterator[Event]:
    if rng.random() < 0.5:
        yield from visit(rng, logged_in(who), now - rng.randrange(7 * DAY, HISTORY), any_step(rng))


def _lapsed(rng: random.Random, who: Visitor, now: int) -> Iterator[Event]:
    """Two to four orders, and silence for two to four months."""
    moment = now - rng.randrange(60 * DAY, 120 * DAY)
    for _ in range(rng.randint(2, 4)):
        yield order(rng, logged_in(who), moment, rng.choices(SHELF, k=rng.randint(1, 3)))
        moment -= rng.randrange(5 * DAY, 20 * DAY)


def _refiller(rng: random.Random, who: Visitor, now: int) -> Iterator[Event]:
    """The same thing about every month, or, of late, not."""
    moment = now - rng.randrange(50 * DAY)
    while moment > now - HISTORY:
        yield order(rng, logged_in(who), moment, [rng.choice(REFILLS)])
        moment -= rng.randrange(27 * DAY, 33 * DAY)


def _collector(rng: random.Random, who: Visitor, now: int) -> Iterator[Event]:
    """Never without a coupon."""
    for _ in range(rng.randint(2, 4)):
        moment = now - rng.randrange(HOUR, HISTORY)
        yield order(rng, logged_in(who), moment, rng.choices(SHELF, k=2), always_coupon=True)
    yield from visit(rng, logged_in(who), now - _recently(rng), Step.CARTED)


History = Callable[[random.Random, Visitor, int], Iterator[Event]]
HISTORIES: Mapping[History, int] = MappingProxyType({_regular: 54, _quiet: 33, _lapsed: 6, _refiller: 5, _collector: 2})


def history(rng: random.Random, customer: Customer, now: int) -> Iterator[Event]:
    """All that one customer did in the 150 days before `now` (seconds since 1970): no more is kept, or known."""
    who = Visitor(customer.customer_id, customer.email)
    tell = rng.choices(tuple(HISTORIES), tuple(HISTORIES.values()))[0]
    yield from (event for event in tell(rng, who, now) if now - HISTORY <= event.occurred_at < now)
    if rng.random() < TICKETS:
        opened = now - rng.randrange(60 * DAY)
        yield from (event for event in help_wanted(rng, who, opened) if event.occurred_at < now)
