"""A small shop as CSV files, its workspace, and who is where by plain loops that know nothing of the engine."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from tests.cli.commandline import AS_OF, write_csv

NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)
SETTINGS = """\
version: 1
workspace: corner-shop
advertiser: "42"
source:
  customers:
    table: customers.csv
    key: customer_id
    identifiers: { email: { columns: [email, other] } }
    consent: { column: consent }
  events:
    table: events.csv
    customer: customer_id
    name: event
    time: occurred_at
"""
DEFINITIONS = """\
version: 1
windows: { hot: 0h..4h, warm: 4h..24h }
segments:
  carts:
    slices: [hot, warm]
    who: { event: cart_added, latest: true, within: slice }
  lookers:
    who:
      all: [ { event: viewed, times: { at_least: 2 }, within: 3d } ]
      none: [ { attribute: tier, is: vip } ]
  vips: { who: { attribute: tier, is: vip } }
  stop: { purpose: suppression, reason: they asked, who: { attribute: tier, is: stop } }
audiences:
  hot: { include: [carts.hot] }
  all-carts: { include: [carts], exclude: [vips] }
  keen: { include: [lookers, vips], exclude: [stop] }
"""
LISTS = ("carts.hot", "carts.warm", "lookers", "stop", "vips")
AUDIENCES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "all-carts": (frozenset({"carts.hot", "carts.warm"}), frozenset({"vips"})),
    "hot": (frozenset({"carts.hot"}), frozenset()),
    "keen": (frozenset({"lookers", "vips"}), frozenset({"stop"})),
}


@dataclass(kw_only=True)
class Person:
    """One customer: her addresses, what she says, and the hours since each thing that she did."""

    key: str
    addresses: tuple[str, ...]
    consent: bool = True
    tier: str = ""
    did: list[tuple[str, float]] = field(default_factory=list)

    def ages(self, kind: str) -> list[float]:
        """In hours."""
        return [hours for what, hours in self.did if what == kind]

    def qualifies(self, name: str) -> bool:
        """Whether she meets the definition, what denies her left aside."""
        if name.startswith("carts."):
            low, high = {"carts.hot": (0, 4), "carts.warm": (4, 24)}[name]
            latest = min(self.ages("cart_added"), default=-1)
            return low <= latest < high
        if name == "lookers":
            return len([hours for hours in self.ages("viewed") if hours < 72]) >= 2
        return self.tier == {"vips": "vip", "stop": "stop"}[name]

    def denied(self, name: str) -> bool:
        """Whether her addresses must not be on the list."""
        return (not self.consent and name != "stop") or (name == "lookers" and self.tier == "vip")

    def bought_since(self, name: str) -> bool:
        """Whether a purchase came after the latest event that brings her in."""
        kind = "viewed" if name == "lookers" else "cart_added"
        if name in {"vips", "stop"} or not self.qualifies(name):
            return False
        return any(hours <= min(self.ages(kind)) for hours in self.ages("purchase"))


def lists_of(people: Iterable[Person]) -> dict[str, set[str]]:
    """The addresses on each list: exclusion wins, and of two slices the youngest."""
    people = list(people)
    held = {}
    for name in LISTS:
        wanted = {address for person in people if person.qualifies(name) for address in person.addresses}
        held[name] = wanted - {address for person in people if person.denied(name) for address in person.addresses}
    held["carts.warm"] -= held["carts.hot"]
    return held


def reached(people: Iterable[Person]) -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, set[str]]]:
    """By list and by audience the keys of those whom they reach, and of those of them who bought since."""
    people = list(people)
    held = lists_of(people)
    by_list = {name: {p.key for p in people if held[name] & {*p.addresses}} for name in LISTS}
    by_audience, bought = {}, {}
    for name, (include, exclude) in AUDIENCES.items():
        aimed = set().union(*(held[each] for each in include)) - set().union(*(held[each] for each in exclude))
        by_audience[name] = {p.key for p in people if aimed & {*p.addresses}}
        bought[name] = {
            p.key for p in people for each in include if p.bought_since(each) and aimed & held[each] & {*p.addresses}
        }
    for name in LISTS:
        bought[name] = {p.key for p in people if p.bought_since(name) and held[name] & {*p.addresses}}
    return by_list, by_audience, bought


def pairs(members: Mapping[str, set[str]]) -> dict[frozenset[str], int]:
    """How many are in two at once, where somebody is."""
    shared = {frozenset(two): len(members[two[0]] & members[two[1]]) for two in combinations(members, 2)}
    return {two: count for two, count in shared.items() if count}


def draw(seed: int, count: int = 60) -> list[Person]:
    """People at random; addresses are few, so that many are shared."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    kinds = ("cart_added", "viewed", "viewed", "purchase")
    return [
        Person(
            key=f"p{number}",
            addresses=tuple(f"a{dice.randrange(count)}@example.com" for _ in range(dice.choice([1, 1, 2]))),
            consent=dice.random() < 0.85,
            tier=dice.choice(["", "", "", "vip", "stop"]),
            did=[(dice.choice(kinds), dice.choice([0.5, 2, 3, 5, 12, 30, 60])) for _ in range(dice.randrange(6))],
        )
        for number in range(count)
    ]


def write(root: Path, people: Iterable[Person], definitions: str = DEFINITIONS) -> Path:
    """Put the shop on disk."""
    (root / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "definitions.yaml").write_text(definitions, encoding="utf-8")
    people = list(people)
    rows = [
        {
            "customer_id": each.key,
            "email": each.addresses[0],
            "other": each.addresses[1] if len(each.addresses) > 1 else "",
            "consent": "yes" if each.consent else "no",
            "tier": each.tier,
        }
        for each in people
    ]
    events = [
        {"customer_id": each.key, "event": kind, "occurred_at": (NOW - timedelta(hours=hours)).isoformat()}
        for each in people
        for kind, hours in each.did
    ]
    nobody = {"customer_id": "", "event": "started", "occurred_at": AS_OF}
    write_csv(root / "customers.csv", rows)
    write_csv(root / "events.csv", [*events, nobody])
    return root
