"""A case for every key of the workspace's own tests: what makes a test pass makes another one fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.schema_walk.case import Case
from tests.schema_walk.given import DATA, SETTINGS

SEGMENTS = """\
segments:
  buyers: { who: { event: purchase, within: 2h } }
  gold: { who: { attribute: tier, is: gold } }
  ending: { who: { attribute: renews, in_next: 7d } }
"""
ANN = "{ customer_id: ann, tier: gold, email: ann@example.com }"
BOUGHT = f"customers: [ {ANN} ], events: [ {{ customer_id: ann, event: purchase, ago: 1h }} ]"
GOLD = "expect: { gold: [ann] }"
BUYERS = "expect: { buyers: [ann] }"


def own_tests() -> Iterator[tuple[str, Case]]:
    """By their paths in a file of definitions."""
    yield "tests", _case("KEY", "", _test(BOUGHT, "expect: { gold: 0 }"))
    yield "tests.*", _case(f"{_test(BOUGHT, GOLD)[:-2]} KEY }}", "", f", u: {_inner(BOUGHT, 'expect: { gold: 0 }')}")
    yield (
        "tests.*.as_of",
        _case(
            _test(f"customers: [ {ANN} ], events: [ {{ customer_id: ann, event: purchase, at: X }} ]", BUYERS)
            .replace("at: X", "occurred_at: 2026-11-21T17:00:00Z")
            .replace("as_of: 2026-11-21T18:00:00Z", "as_of: KEY"),
            "2026-11-21T18:00:00Z",
            "2026-11-21T20:00:00Z",
        ),
    )
    for path, (given, expect, one, other) in _CASES.items():
        yield f"tests.*.{path}", _case(_test(given, expect), one, other)


_ENDING = f"customers: [ {ANN[:-2]}, renews: KEY }} ]"
_TABLES = f"customers: [ {ANN} ], events: {{ events.csv: ROWS }}"
_CASES: Mapping[str, tuple[str, str, str, str]] = {
    "given": ("KEY", GOLD, f"customers: [ {ANN} ]", "customers: []"),
    "given.customers": ("customers: KEY", "expect: { gold: 1 }", f"[ {ANN} ]", "[]"),
    "given.customers[].*": (f"customers: [ {ANN} ]".replace("gold", "KEY"), GOLD, "gold", "vip"),
    "given.customers[].*.ago": (_ENDING, "expect: { ending: 1 }", "{ ago: 0h }", "{ ago: 1d }"),
    "given.customers[].*.in": (_ENDING, "expect: { ending: 1 }", "{ in: 1d }", "{ in: 8d }"),
    "given.events": (
        f"customers: [ {ANN} ], events: KEY",
        BUYERS,
        "[ { customer_id: ann, event: purchase, ago: 1h } ]",
        "[]",
    ),
    "given.events[].*": (BOUGHT.replace("purchase", "KEY"), BUYERS, "purchase", "refund"),
    "given.events[].*.ago": (BOUGHT.replace("ago: 1h", "occurred_at: { ago: KEY }"), BUYERS, "1h", "2h"),
    "given.events[].*.in": (BOUGHT.replace("ago: 1h", "occurred_at: { in: KEY }"), BUYERS, "0h", "1h"),
    "given.events.*": (
        _TABLES.replace("ROWS", "KEY"),
        BUYERS,
        "[ { customer_id: ann, event: purchase, ago: 1h } ]",
        "[]",
    ),
    "given.events.*[].*": (
        _TABLES.replace("ROWS", "[ { customer_id: ann, event: KEY, ago: 1h } ]"),
        BUYERS,
        "purchase",
        "refund",
    ),
    "given.events.*[].*.ago": (
        _TABLES.replace("ROWS", "[ { customer_id: ann, event: purchase, occurred_at: { ago: KEY } } ]"),
        BUYERS,
        "1h",
        "2h",
    ),
    "given.events.*[].*.in": (
        _TABLES.replace("ROWS", "[ { customer_id: ann, event: purchase, occurred_at: { in: KEY } } ]"),
        BUYERS,
        "0h",
        "1h",
    ),
    "expect": (BOUGHT, "expect: KEY", "{ gold: [ann] }", "{ gold: [] }"),
    "expect.*": (BOUGHT, "expect: { gold: KEY }", "1", "0"),
    "expect.*.at_least": (BOUGHT, "expect: { gold: { at_least: KEY } }", "1", "2"),
    "expect.*.at_most": (BOUGHT, "expect: { gold: { at_most: KEY } }", "1", "0"),
    "expect_sent": (BOUGHT, "expect_sent: KEY", "{ gold: [ann] }", "{ gold: [] }"),
    "expect_sent.*": (BOUGHT, "expect_sent: { gold: KEY }", "1", "0"),
    "expect_sent.*.at_least": (BOUGHT, "expect_sent: { gold: { at_least: KEY } }", "1", "2"),
    "expect_sent.*.at_most": (BOUGHT, "expect_sent: { gold: { at_most: KEY } }", "1", "0"),
}


def _inner(given: str, expect: str) -> str:
    return f"{{ as_of: 2026-11-21T18:00:00Z, given: {{ {given} }}, {expect} }}"


def _test(given: str, expect: str) -> str:
    return f"tests: {{ t: {_inner(given, expect)} }}"


def _case(text: str, one: str, other: str) -> Case:
    whole = f"version: 1\n{SEGMENTS}{text}\n"
    return Case(
        shows="exit",
        command="test",
        file="definitions.yaml",
        variants=(whole.replace("KEY", one), whole.replace("KEY", other)),
        files={**DATA, "reconciler.yaml": SETTINGS},
    )
