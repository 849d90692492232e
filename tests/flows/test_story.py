"""A long story: data, clock and definitions move, Criteo misbehaves, and in the end all is right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random

from tests.flows.shop import AMEND, NOW, Shop, names, span

LISTS = """\
windows: {{ hot: 0h..4h, warm: 4h..24h, cooling: 2d..7d }}
segments:
  buyers:
    name: Buyers
    allow_empty: true
    who: {{ event: purchase, within: {buyers} }}
  unsubscribed:
    name: Unsubscribed
    allow_empty: true
    purpose: suppression
    reason: They asked not to be advertised to
    who: {{ attribute: unsubscribed, is: true }}
  carts:
    name: Carts
    allow_empty: true
    slices: [hot, warm, cooling]
    who:
      all: [ {{ event: cart_added, latest: true, within: slice }} ]
      none: [ {{ event: purchase, within: {recent} }}, {{ attribute: unsubscribed, is: true }} ]
audiences:
  recovery: {{ name: Recovery, include: [carts.hot, carts.warm], exclude: [{excluded}], ad_sets: ["700123"] }}
  later: {{ name: Later, include: [carts.cooling], exclude: [carts.hot, unsubscribed], ad_sets: ["700124"] }}
"""
EDITIONS = (
    {"buyers": "7d", "recent": "3d", "excluded": "buyers, unsubscribed"},
    {"buyers": "2d", "recent": "1d", "excluded": "unsubscribed"},
    {"buyers": "7d", "recent": "36h", "excluded": "carts.cooling, buyers, unsubscribed"},
)
SLICES = (("hot", "0h", "4h"), ("warm", "4h", "24h"), ("cooling", "2d", "7d"))
NAMES = {"Buyers": "buyers", "Unsubscribed": "unsubscribed"} | {f"Carts ({n})": f"carts.{n}" for n, _, _ in SLICES}
MISHAPS = ("503", "close_before", "close_after", "503_after", "wrong_json", "truncated", "token_dead", "429")
OPERATIONS = (
    AMEND,
    AMEND,
    AMEND,
    "CreateAudienceSegments",
    "CreateAudiences",
    "UpdateAudiences",
    "UpdateAdSetAudience",
)


MAY_END = (0, 1, 6, 7)
"""With Criteo misbehaving: all done, Criteo not to be reached at all, partly done, or not let in."""


def ages(shop: Shop, at: datetime, kind: str) -> Mapping[str, timedelta]:
    """How long ago each customer did something for the last time."""
    found: dict[str, timedelta] = {}
    for event in shop.events:
        age = at - datetime.fromisoformat(event["occurred_at"])
        if event["event"] == kind and age >= timedelta():
            found[event["customer_id"]] = min(age, found.get(event["customer_id"], age))
    return found


def sent(shop: Shop, qualify: Iterable[str], denied: Iterable[str]) -> set[str]:
    """Addresses of which some holder qualifies and none is denied."""
    address = {key: row["email"].strip().lower() for key, row in shop.customers.items()}
    kept_out = {address[key] for key in denied}
    return {address[key].partition("@")[0] for key in qualify if address[key] not in kept_out and "@" in address[key]}


def wanted(shop: Shop, at: datetime, edition: Mapping[str, str]) -> dict[str, set[str]]:
    """Who belongs where, in plain Python."""
    bought, added = ages(shop, at, "purchase"), ages(shop, at, "cart_added")
    silent = {key for key, row in shop.customers.items() if row["unsubscribed"] == "yes"}
    refused = {key for key, row in shop.customers.items() if row["consent"] != "yes"}
    denied = refused | silent | {key for key, age in bought.items() if age < span(edition["recent"])}
    found = {
        "Buyers": sent(shop, [key for key, age in bought.items() if age < span(edition["buyers"])], refused),
        "Unsubscribed": sent(shop, silent, ()),
    }
    younger: set[str] = set()
    for name, start, end in SLICES:
        inside = [key for key, age in added.items() if span(start) <= age < span(end)]
        found[f"Carts ({name})"] = sent(shop, inside, denied) - younger
        younger |= found[f"Carts ({name})"]
    return found | (excluded(found, edition) if shop.settings["criteo"].get("exclusions") == "one_list" else {})


def excluded(found: Mapping[str, set[str]], edition: Mapping[str, str]) -> dict[str, set[str]]:
    """What stands for the exclusions of each audience that has several."""
    by_key = {NAMES.get(key, key): members for key, members in found.items()}
    several = {"recovery": edition["excluded"].split(", "), "later": ["carts.hot", "unsubscribed"]}
    return {
        f"{audience} (exclusions)": set().union(*(by_key[key] for key in keys))
        for audience, keys in several.items()
        if len(keys) > 1
    }


class Life:
    """What happens in the shop between two runs, by lot."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        self.lot = Random(seed)  # noqa: S311 - chance in a story is seeded, not secret
        self.at = NOW
        self.addresses = 0

    def begins(self) -> None:
        for key in names("c", 60):
            self.shop.customer(key)
            self.does_something(key)

    def goes_on(self) -> None:
        self.at += timedelta(minutes=self.lot.choice((30, 240, 720, 1440, 2000)))
        for key in self.lot.sample(sorted(self.shop.customers), 20):
            self.does_something(key)
        for key in self.lot.sample(sorted(self.shop.customers), 8):
            self.changes(key)

    def does_something(self, key: str) -> None:
        kind = self.lot.choice(("purchase", "cart_added", "cart_added"))
        ago = timedelta(minutes=self.lot.randrange(0, 10_000))
        moment = (self.at - ago).isoformat()
        self.shop.events.append({"customer_id": key, "event": kind, "occurred_at": moment, "amount": ""})

    def changes(self, key: str) -> None:
        row = self.shop.customers[key]
        self.addresses += 1
        other = self.lot.choice(sorted(self.shop.customers))
        change = self.lot.choice(
            (
                {"consent": self.lot.choice(("yes", "no", ""))},
                {"unsubscribed": self.lot.choice(("yes", "no"))},
                {"email": f"new{self.addresses}@example.com"},
                {"email": self.shop.customers[other]["email"].upper()},
                {"email": "broken.example.com"},
            )
        )
        self.shop.customers[key] = {**row, **change}

    def mishap(self) -> None:
        operation, kind = self.lot.choice(OPERATIONS), self.lot.choice(MISHAPS[:-1])
        nth, count = self.lot.randint(1, 4), self.lot.choice((1, 3, 50))
        self.shop.criteo.fault(kind, operation=operation, nth=nth, count=count)


def at_criteo(shop: Shop) -> dict[str, set[str]]:
    return {name: shop.members(name) for name in shop.lists()}


def test_whatever_happens_one_good_apply_puts_everything_right(shop: Shop) -> None:
    """Through mishaps, edits, syncs and half-done applies: after each apply that nothing disturbs every list holds
    exactly whom plain Python puts there, and a plan straight after it is empty.
    """
    shop.guards(max_gone="100%", max_changed="100%", min_count=1000)
    life = Life(shop, seed=1)
    life.begins()
    edition = EDITIONS[0]
    for _ in range(5):
        edition = life.lot.choice(EDITIONS)
        shop.definitions = LISTS.format(**edition)
        life.mishap()
        assert shop.run("apply", "--auto-approve", at=life.at).code in MAY_END
        shop.criteo.http.delete("/emulator/faults")
        life.goes_on()
        if shop.state.joinpath("snapshot.json").exists():
            life.mishap()
            assert shop.run("sync", at=life.at).code in MAY_END
            shop.criteo.http.delete("/emulator/faults")
        life.goes_on()
        if life.lot.random() < 0.5:
            shop.apply(at=life.at)
            assert wanted(shop, life.at, edition) == at_criteo(shop)
    shop.apply(at=life.at)
    assert wanted(shop, life.at, edition) == at_criteo(shop)
    done = shop.run("plan", "--detailed-exitcode", "--include-members", at=life.at)
    assert done.code == 0, done
