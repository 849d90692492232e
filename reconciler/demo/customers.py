"""The shop's customers, and what happens to their records as hours pass."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from reconciler.demo.addresses import KINDS, SHARES, clean_address, soil

SHARING = 0.04  # of the records hold the address of the record before: couples, families, a second account
CONSENTS = ("yes", "no", None, "n/a")  # the last two are how real tables say that nobody asked
CONSENT_SHARES = (82, 11, 6, 1)
INTERESTS = ("baking", "camping", "gardening", "hiking")


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    customer_id: str
    email: str | None = dataclasses.field(repr=False)
    marketing_consent: str | None
    unsubscribed: bool
    tier: str
    support_case: str | None
    country: str
    interests: tuple[str, ...]
    member_until: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Dirt:
    """What is wrong with the addresses: how many of each kind, and how many repeat the one before."""

    kinds: Mapping[str, int]
    shared: int


def sign_up(rng: random.Random, number: int, email: str | None, today: date) -> Customer:
    return Customer(
        customer_id=f"c{number:06d}",
        email=email,
        marketing_consent=rng.choices(CONSENTS, CONSENT_SHARES)[0],
        unsubscribed=rng.random() < 0.05,
        tier="vip" if rng.random() < 0.015 else "standard",
        support_case=rng.choices((None, "closed", "open"), (960, 35, 5))[0],
        country=rng.choice(("DE", "FR", "GB", "NO")),
        interests=tuple(sorted(rng.sample(INTERESTS, rng.choices(range(4), (50, 30, 15, 5))[0]))),
        member_until=today + timedelta(days=rng.randrange(-60, 365)) if rng.random() < 0.12 else None,
    )


def gather(rng: random.Random, count: int, today: date) -> tuple[tuple[Customer, ...], Dirt]:
    """`count` customers, and what is wrong with their addresses."""
    kinds: Counter[str] = Counter()
    shared, customers, address = 0, [], clean_address(rng, 0)
    for number in range(count):
        shares = number > 0 and rng.random() < SHARING
        address = address if shares else clean_address(rng, number)
        kind = rng.choices(KINDS, SHARES)[0]
        kinds[kind] += 1
        shared += shares
        customers.append(sign_up(rng, number, soil(kind, address), today))
    return tuple(customers), Dirt(kinds=MappingProxyType(dict(kinds)), shared=shared)


Change = Callable[[random.Random, Customer], Customer | None]


def _moves(rng: random.Random, customer: Customer) -> Customer:
    return dataclasses.replace(customer, email=clean_address(rng, f"{customer.customer_id}.new"))


# What happens to a record: the share of the records it happens to within an hour, and what it makes of the record.
CHANGES: Mapping[str, tuple[float, Change]] = MappingProxyType(
    {
        "unsubscribed": (0.0004, lambda _, customer: dataclasses.replace(customer, unsubscribed=True)),
        "consent withdrawn": (0.0002, lambda _, customer: dataclasses.replace(customer, marketing_consent="no")),
        "new address": (0.0002, _moves),
        "deleted": (0.00004, lambda *_: None),
    }
)
SIGN_UPS = 0.0003  # new records within an hour, as a share of those that are there


def _fate(rng: random.Random, hours: float) -> str | None:
    return next((name for name, (share, _) in CHANGES.items() if rng.random() < share * hours), None)


def _live_on(rng: random.Random, customers: Iterable[Customer], hours: float, seen: Counter[str]) -> Iterator[Customer]:
    for customer in customers:
        fate = _fate(rng, hours)
        changed = CHANGES[fate][1](rng, customer) if fate else customer
        if fate:
            seen[fate] += 1
        if changed:
            yield changed


def age(
    rng: random.Random, customers: Sequence[Customer], hours: float, today: date
) -> tuple[tuple[Customer, ...], Mapping[str, int]]:
    """The same customers some hours later, with newcomers behind them, and how often each thing happened."""
    seen: Counter[str] = Counter()
    stayed = tuple(_live_on(rng, customers, hours, seen))
    first = 1 + max(int(customer.customer_id[1:]) for customer in customers)
    arrived = range(first, first + round(len(customers) * SIGN_UPS * hours))
    seen["signed up"] = len(arrived)
    newcomers = tuple(sign_up(rng, number, clean_address(rng, number), today) for number in arrived)
    return stayed + newcomers, MappingProxyType({name: seen[name] for name in (*CHANGES, "signed up")})
