"""A case for every key of a condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.schema_walk.case import Condition
from tests.schema_walk.given import who

COMPARISONS: Mapping[str, tuple[str, str, str]] = {
    "is": ("tier", "vip", "bronze"),
    "not": ("tier", "vip", "bronze"),
    "at_least": ("score", "10", "11"),
    "at_most": ("score", "10", "9"),
    "more_than": ("score", "10", "9"),
    "less_than": ("score", "10", "11"),
    "contains": ("tier", "vip", "plus"),
    "starts_with": ("tier", "vip", "vip p"),
    "exists": ("tier", "true", "false"),
    "older_than": ("joined", "1d", "30d"),
    "in_next": ("renews", "7d", "60d"),
}
PROPERTIES: Mapping[str, tuple[str, str, str]] = {
    **COMPARISONS,
    "is": ("category", "refill", "[refill, shoes]"),
    "not": ("category", "refill", "belts"),
    "at_least": ("amount", "30", "31"),
    "at_most": ("amount", "5", "4"),
    "more_than": ("amount", "30", "29"),
    "less_than": ("amount", "5", "6"),
    "contains": ("category", "efil", "belt"),
    "starts_with": ("category", "ha", "a"),
    "exists": ("coupon", "true", "false"),
    "within": ("seen_at", "2h", "60d"),
    "older_than": ("seen_at", "2h", "60d"),
    "in_next": ("due_at", "7d", "60d"),
}
COUNTS: Mapping[str, tuple[str, str]] = {
    "is": ("2", "1"),
    "not": ("2", "1"),
    "at_least": ("2", "1"),
    "at_most": ("2", "1"),
    "more_than": ("1", "2"),
    "less_than": ("1", "2"),
}
SUMS: Mapping[str, tuple[str, str]] = {
    "is": ("15", "16"),
    "not": ("15", "16"),
    "at_least": ("15", "16"),
    "at_most": ("15", "14"),
    "more_than": ("15", "14"),
    "less_than": ("15", "16"),
}


QUOTIENTS: Mapping[str, tuple[str, str]] = {**COUNTS, "more_than": ("1", "2"), "less_than": ("2", "1")}


def conditions() -> Iterator[tuple[str, Condition]]:
    vip, gold = "{ attribute: tier, is: vip }", "{ attribute: tier, is: gold }"
    yield "all", who("{ KEY }", f"all: [ {vip} ]", f"all: [ {vip}, {{ event: page_viewed }} ]")
    yield "any", who("{ KEY }", f"any: [ {vip} ]", f"any: [ {vip}, {gold} ]")
    yield "none", who("{ all: [ { everyone: true } ], KEY }", f"none: [ {vip} ]", f"none: [ {vip}, {gold} ]")
    yield "event", who("{ event: KEY }", "purchase", "page_viewed")
    yield "where", who("{ event: purchase KEY }", "", ", where: { category: shoes }")
    yield "where.*", who("{ event: purchase, where: { category: { exists: true } KEY } }", "", ", coupon: X1")
    yield "within", who("{ event: purchase KEY }", "", ", within: 2h")
    yield "times", who("{ event: purchase KEY }", "", ", times: 2")
    yield "latest", who("{ event: [purchase, cart_added], within: 25h..30d KEY }", "", ", latest: true")
    yield "not_followed_by", who("{ event: cart_added, latest: true KEY }", "", ", not_followed_by: purchase")
    yield "times.same", who("{ event: purchase, times: { at_least: 2 KEY } }", "", ", same: coupon")
    yield "first", who("{ event: [purchase, cart_added], within: 3h KEY }", "", ", first: true")
    followed = "{ event: cart_added, first: true KEY }"
    yield "followed_by", who(followed, "", ", followed_by: { event: purchase }")
    yield "followed_by.event", who(followed.replace("KEY", ", followed_by: { event: KEY }"), "purchase", "returned")
    text = "{ event: purchase, first: true, followed_by: { event: cart_added KEY } }"
    yield "followed_by.within", who(text, "", ", within: 3d")
    yield "total", who("{ event: purchase KEY }", "", ", total: { of: amount, at_least: 20 }")
    yield "total.of", who("{ event: purchase, total: { of: KEY, at_least: 20 } }", "amount", "cents")
    text = "{ event: purchase, total: { of: amount, at_least: 15 KEY } }"
    yield "total.measure", who(text, "", ", measure: average")
    yield "attribute", who("{ attribute: KEY, exists: true }", "tier", "email_2")
    for name, (column, one, other) in COMPARISONS.items():
        yield name, who(f"{{ attribute: {column}, {name}: KEY }}", one, other)
    for name, (column, one, other) in PROPERTIES.items():
        text = f"{{ event: purchase, where: {{ {column}: {{ {name}: KEY }} }} }}"
        yield f"where.*.{name}", who(text, one, other)
    for name, (one, other) in COUNTS.items():
        yield f"times.{name}", who(f"{{ event: purchase, times: {{ {name}: KEY }} }}", one, other)
    yield from _ratios()
    yield from _others()
    for name, (one, other) in SUMS.items():
        yield f"total.{name}", who(f"{{ event: purchase, total: {{ of: amount, {name}: KEY }} }}", one, other)


def _ratios() -> Iterator[tuple[str, Condition]]:
    """Everybody but k5 has one `cart_added`, which is what purchases are held against, or what is held against them."""
    both = "{ ratio: { of: { event: purchase }, to: { event: cart_added }, KEY } }"
    yield "ratio", who(both, "at_least: 2", "at_most: 0")
    for name, (one, other) in QUOTIENTS.items():
        yield f"ratio.{name}", who(both.replace("KEY", f"{name}: KEY"), one, other)
    yield from _figures("of", "{ ratio: { of: { FIGURE }, to: { event: cart_added }, TEST } }")
    yield from _figures("to", "{ ratio: { of: { event: cart_added }, to: { FIGURE }, TEST } }")


def _figures(part: str, text: str) -> Iterator[tuple[str, Condition]]:
    def figure(key: str, told: str, test: str, one: str, other: str) -> tuple[str, Condition]:
        whole = text.replace("FIGURE", told).replace("TEST", test)
        return f"ratio.{part}{key}", who(whole, one, other)

    few = "at_least: 1" if part == "of" else "at_most: 0.5"
    sums = "at_least: 15" if part == "of" else "at_most: 0.07"
    yield figure("", "KEY", few, "event: purchase", "event: page_viewed")
    yield figure(".event", "event: KEY", few, "purchase", "page_viewed")
    yield figure(".where", "event: purchase KEY", "more_than: 0", "", ", where: { category: shoes }")
    exists = "event: purchase, where: { category: { exists: true } KEY }"
    yield figure(".where.*", exists, "more_than: 0", "", ", coupon: X1")
    for name, (column, one, other) in PROPERTIES.items():
        told = f"event: purchase, where: {{ {column}: {{ {name}: KEY }} }}"
        yield figure(f".where.*.{name}", told, "more_than: 0", one, other)
    yield figure(".within", "event: purchase KEY", "more_than: 0", "", ", within: 2h")
    yield figure(".total", "event: purchase KEY", sums, "", ", total: { of: amount }")
    yield figure(".total.of", "event: purchase, total: { of: KEY }", "more_than: 0", "amount", "cents")
    yield figure(".total.measure", "event: purchase, total: { of: amount KEY }", sums, "", ", measure: smallest")


def _others() -> Iterator[tuple[str, Condition]]:
    yield "sample", who("{ sample: KEY }", "{ percent: 100, seed: a }", "{ percent: 0, seed: a }")
    yield "sample.percent", who("{ sample: { percent: KEY, seed: a } }", "100", "50")
    yield "sample.seed", who("{ sample: { percent: 50, seed: KEY } }", "a", "b")
    yield "query", who("{ query: KEY }", "buyers.sql", "vips.sql")
    yield "keys", who("{ keys: KEY }", "panel.csv", "jury.csv")
