"""What people do in the shop: they look, fill a cart, walk off, come back, buy, and sometimes ask for help.

Times are whole seconds since 1970 in UTC: four hundred thousand of them have to be made while somebody is watching.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

HOUR = 3_600
DAY = 24 * HOUR
HISTORY = 150 * DAY

COUPONS = ("WELCOME10", "AUTUMN15", "THANKS5")


class Visitor(NamedTuple):
    """Whom the shop sees: a customer who logged in, or a guest who leaves an address with the order."""

    customer_id: str | None
    order_email: str | None = None

    def __repr__(self) -> str:
        return f"<{self.customer_id or 'a guest'}>"


class Event(NamedTuple):
    """One row of the events table; a tuple, since it goes straight into a file."""

    customer_id: str | None
    event: str
    occurred_at: int
    product_id: str | None = None
    category: str | None = None
    amount: Decimal | None = None
    coupon: str | None = None
    order_email: str | None = None

    def __repr__(self) -> str:
        return f"<{self.event} at {self.occurred_at}>"


class Product(NamedTuple):
    product_id: str
    category: str
    price: Decimal


class Step(IntEnum):
    """How far a visit gets."""

    LOOKED = 0
    CARTED = 1
    CHECKOUT = 2
    BOUGHT = 3


SHELF = tuple(
    Product(f"p-{n:04d}", ("kitchen", "garden", "travel", "refill")[n % 4], Decimal(1_490 + n * 61 % 7_800) / 100)
    for n in range(240)
)
REFILLS = tuple(product for product in SHELF if product.category == "refill")
STEP_SHARES = (720, 110, 70, 100)  # of a thousand visits, in the order of Step


def visit(rng: random.Random, who: Visitor, start: int, reaches: Step) -> Iterator[Event]:
    """One visit, and what comes of it later: a purchase the next day, or second thoughts after one."""
    looked_at = rng.choices(SHELF, k=1 + min(int(rng.expovariate(0.45)), 12))
    moment = start
    for product in looked_at:
        yield Event(who.customer_id, "product_viewed", moment, product.product_id, product.category, product.price)
        moment += rng.randrange(15, 240)
    if reaches == Step.LOOKED:
        return
    basket = looked_at[-rng.randint(1, 3) :]
    for product in basket:
        yield Event(who.customer_id, "cart_added", moment, product.product_id, product.category, product.price)
        moment += rng.randrange(5, 60)
    if reaches == Step.CARTED:
        return
    yield Event(who.customer_id, "checkout_started", moment, amount=_total(basket))
    yield from _end(rng, who, moment, basket, reaches)


def _end(rng: random.Random, who: Visitor, moment: int, basket: list[Product], reaches: Step) -> Iterator[Event]:
    if reaches == Step.BOUGHT:
        yield order(rng, who, moment + rng.randrange(40, 400), basket)
        if rng.random() < 0.3:  # the cable that should have come with it
            extra = rng.choice(SHELF)
            later = moment + rng.randrange(HOUR, 2 * DAY)
            yield Event(who.customer_id, "cart_added", later, extra.product_id, extra.category, extra.price)
    elif rng.random() < 0.25:
        yield order(rng, who, moment + rng.randrange(2 * HOUR, 20 * HOUR), basket)


def order(
    rng: random.Random, who: Visitor, moment: int, basket: list[Product], *, always_coupon: bool = False
) -> Event:
    """A purchase. It is filed under the first product of the basket."""
    coupon = rng.choice(COUPONS) if always_coupon or rng.random() < 0.12 else None
    first = basket[0]
    paid = _total(basket)
    return Event(who.customer_id, "purchase", moment, first.product_id, first.category, paid, coupon, who.order_email)


def _total(basket: list[Product]) -> Decimal:
    return sum((product.price for product in basket), Decimal(0))


def any_step(rng: random.Random) -> Step:
    return Step(rng.choices(range(4), STEP_SHARES)[0])


def help_wanted(rng: random.Random, who: Visitor, opened: int) -> Iterator[Event]:
    """A support ticket. Most are closed within days, some are forgotten."""
    yield Event(who.customer_id, "support_opened", opened)
    if rng.random() < 0.7:
        yield Event(who.customer_id, "support_resolved", opened + rng.randrange(HOUR, 5 * DAY))
