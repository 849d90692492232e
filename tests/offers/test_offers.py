"""Ladders of offers, and the audiences held against them, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commandline import AS_OF, run, write_csv
from tests.flows.shop import Shop

SETTINGS = """\
version: 1
workspace: corner-shop
advertiser: "42"
source:
  customers: { table: customers.csv, key: customer_id, identifiers: { email: email } }
  events: { table: events.csv, customer: customer_id, name: event, time: occurred_at }
"""
SEGMENTS = """\
version: 1
windows: { hot: 0h..4h, warm: 4h..24h, cooling: 2d..7d }
segments:
  carts: { slices: [hot, warm, cooling], who: { event: cart_added, latest: true, within: slice } }
  lapsed: { who: { event: purchase, latest: true, within: 60d..120d } }
  seen: { who: { all: [ { event: viewed, within: 3d }, { event: viewed, times: { at_least: 2 } } ] } }
  calm: { who: { all: [ { everyone: true } ], none: [ { segment: lapsed }, { segment: carts.hot } ] } }
  deep: { who: { all: [ { everyone: true }, { none: [ { segment: lapsed } ] } ] } }
"""
LADDER = """\
offers:
  cart:
    stages:
      - { touch: 1, within: hot, discount: none }
      - { touch: 2, within: warm, discount: 5% }
      - { touch: 3, within: cooling, discount: 10% }
"""


def found(root: Path, text: str, *arguments: str) -> list[tuple[str, str]]:
    """What the rules about offers say: rule and message."""
    (root / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "definitions.yaml").write_text(SEGMENTS + text, encoding="utf-8")
    done = run("lint", "--rule", "RL4", "--format", "json", *arguments, "-w", root)
    assert done.stderr == ""
    return [(each["rule"], each["message"]) for each in json.loads(done.stdout)["findings"]]


def two(first: str, second: str, more: str = "") -> str:
    """Two audiences with different discounts on ladders of one stage."""
    offers = (
        "offers: { one: { stages: [ { touch: 1, discount: 5% } ] }, two: { stages: [ { touch: 1, discount: 9% } ] } }\n"
    )
    return (
        f"{offers}audiences:\n"
        f"  a: {{ {first}, offer: {{ ladder: one, touch: 1, discount: 5% }} }}\n"
        f"  b: {{ {second}, offer: {{ ladder: two, touch: 1, discount: 9% }} }}\n{more}"
    )


APART = {
    "slices of one segment": two("include: [carts.hot]", "include: [carts.warm]"),
    "excluded by the one": two("include: [carts], exclude: [lapsed]", "include: [lapsed]"),
    "excluded by the other": two("include: [carts]", "include: [lapsed], exclude: [carts]"),
    "each slice excluded": two(
        "include: [carts]", "include: [lapsed], exclude: [carts.hot, carts.warm, carts.cooling]"
    ),
    "named in the none": two("include: [calm]", "include: [lapsed]"),
    "a slice named in the none": two("include: [carts.hot]", "include: [calm]"),
    "declared exclusive": two("include: [carts]", "include: [lapsed]", "exclusive: { one: [carts, lapsed] }\n"),
    "a slice declared exclusive": two("include: [seen]", "include: [carts.hot]", "exclusive: { x: [carts, seen] }\n"),
    "one after the other": two(
        "include: [carts], active: { to: 2026-11-30 }", "include: [lapsed], active: { from: 2026-12-01 }"
    ),
}
TOGETHER = {
    "nothing at all": two("include: [carts]", "include: [lapsed]"),
    "the same list": two("include: [carts.hot]", "include: [carts.hot]"),
    "a slice in its whole": two("include: [carts]", "include: [carts.hot]"),
    "one list of two": two("include: [carts, seen]", "include: [lapsed], exclude: [carts]"),
    "another slice excluded": two("include: [carts.hot]", "include: [lapsed], exclude: [carts.warm]"),
    "a deeper none": two("include: [deep]", "include: [lapsed]"),
    "another slice in the none": two("include: [carts.warm]", "include: [calm]"),
    "another group": two("include: [carts]", "include: [lapsed]", "exclusive: { one: [seen, lapsed] }\n"),
    "a day in common": two(
        "include: [carts], active: { to: 2026-12-01 }", "include: [lapsed], active: { from: 2026-12-01 }"
    ),
}


@pytest.mark.parametrize("why", APART)
def test_offers_that_are_kept_apart_are_fine(why: str, tmp_path: Path) -> None:
    """Each way in which nobody can be reached by both."""
    assert found(tmp_path, APART[why]) == []


@pytest.mark.parametrize("why", TOGETHER)
def test_offers_that_nothing_keeps_apart_are_told(why: str, tmp_path: Path) -> None:
    """What looks like it and is none of these ways."""
    ((rule, message),) = found(tmp_path, TOGETHER[why])
    assert rule == "RL404"
    assert message == "offers 5%, audience.b offers 9%, and nothing keeps somebody from being reached by both"


def test_equal_discounts_and_silence_are_not_compared(tmp_path: Path) -> None:
    """Two that offer the same, and one that says nothing."""
    text = two("include: [carts]", "include: [carts]").replace("9%", "5%") + "  c: { include: [carts] }\n"
    assert found(tmp_path, text) == []


def test_with_data_people_are_counted(tmp_path: Path) -> None:
    """How many are reached by both; where nobody is, nothing is said, and what is kept apart is not counted."""
    write_csv(tmp_path / "customers.csv", [{"customer_id": k, "email": f"{k}@example.com"} for k in ("ann", "bob")])
    rows = [("ann", "cart_added", "2026-11-21T17:00:00Z"), ("ann", "purchase", "2026-09-01T17:00:00Z")]
    columns = ("customer_id", "event", "occurred_at")
    write_csv(tmp_path / "events.csv", [dict(zip(columns, row, strict=True)) for row in rows])
    data = ("--data", "--as-of", AS_OF)
    ((rule, message),) = found(tmp_path, TOGETHER["nothing at all"], *data)
    assert (rule, message) == ("RL405", "offers 5%, audience.b offers 9%, and 1 person is reached by both")
    assert found(tmp_path, TOGETHER["another slice excluded"], *data)[0][0] == "RL405"
    assert found(tmp_path, two("include: [carts.warm]", "include: [lapsed]"), *data) == []
    assert found(tmp_path, APART["excluded by the one"], *data) == []


@pytest.mark.parametrize(
    ("audience", "message"),
    [
        ("include: [carts.warm], offer: { ladder: cart, discount: 5% }", None),
        ("include: [carts.warm], offer: { touch: 2, discount: 5% }", None),
        ("include: [carts.warm], offer: { touch: 2, discount: 5.5% }", "offers 5.5%, and touch 2"),
        (
            "include: [carts], offer: { ladder: cart, discount: 5% }",
            "offers 5% to segment.carts.hot (0h..4h), at which",
        ),
        ("include: [seen], offer: { ladder: cart, discount: 1% }", "offers 1% to segment.seen (0h..3d)"),
        ("include: [lapsed], offer: { ladder: cart, discount: 10% }", None),
        ("include: [lapsed], offer: { ladder: cart, discount: 11% }", "at which `offers.cart` allows 10%"),
    ],
)
def test_no_discount_before_its_stage(audience: str, message: str | None, tmp_path: Path) -> None:
    """By touch or by the windows of the lists; a stage counts until the next one begins, the last one for ever."""
    said = [
        text for rule, text in found(tmp_path, f"{LADDER}audiences: {{ a: {{ {audience} }} }}\n") if rule == "RL401"
    ]
    assert len(said) == (message is not None)
    assert message is None or message in said[0]


def step(owned: str, offer: str, include: str = "carts.cooling", active: str = "") -> str:
    """A ladder of two stages with what is owned at the second, and one audience."""
    return (
        "offers: { cart: { stages: [ { touch: 1, within: hot, discount: none, owned: { push: { discount: none, "
        f"until: 1d }} }} }}, {{ touch: 2, within: cooling, discount: 20%, owned: {{ {owned} }} }} ] }} }}\n"
        f"audiences: {{ a: {{ include: [{include}], offer: {{ {offer} }}{active} }} }}\n"
    )


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (step("email: 10%", "touch: 2, discount: 10%"), []),
        (
            step("email: 10%", "touch: 2, discount: none"),
            ["the ads offer no discount, the e-mail of touch 2 offers 10%"],
        ),
        (step("sms: none", "touch: 2, discount: 10%"), ["the text message of touch 2 offers no discount until 7d"]),
        (
            step("email: { discount: 10%, until: 3d }", "touch: 2, discount: 10%"),
            ["until 3d, and the ads go on until 7d"],
        ),
        (step("email: { discount: 10%, until: 9d }", "touch: 2, discount: 10%"), []),
        (
            step("email: { discount: 10%, until: 2026-12-24 }", "touch: 2, discount: 10%"),
            ["the e-mail offers 10% until 2026-12-24, and the ads go on without an end"],
        ),
        (
            step(
                "email: { discount: 10%, until: 2026-12-24 }",
                "touch: 2, discount: 10%",
                active=", active: { to: 2026-12-24 }",
            ),
            [],
        ),
        (step("email: 10%", "ladder: cart, discount: none", "carts.warm"), []),
        (
            step("email: 5%", "ladder: cart, discount: 5%", "carts.warm"),
            ["the push notification of touch 1 offers no discount until 1d"],
        ),
    ],
)
def test_ads_and_own_channels_are_in_step(text: str, messages: list[str], tmp_path: Path) -> None:
    """The same at the same time, also beside what an earlier stage left standing, and no longer."""
    said = [message for rule, message in found(tmp_path, text) if rule == "RL406"]
    assert len(said) == len(messages)
    assert all(part in message for part, message in zip(messages, said, strict=True))


def test_a_discount_needs_a_stage(tmp_path: Path) -> None:
    """One without ladder, and one of whose lists no window tells the age; `none` needs nothing."""
    offers = LADDER + "audiences:\n"
    lines = (
        "a: { include: [calm], offer: { discount: 5% } }",
        "b: { include: [calm], offer: { ladder: cart, discount: 5% } }",
    )
    for line in lines:
        assert [rule for rule, _ in found(tmp_path, f"{offers}  {line}\n")] == ["RL402"]
        assert found(tmp_path, f"{offers}  {line.replace('5%', 'none')}\n") == []


def test_offers_change_nothing_that_is_sent(shop: Shop) -> None:
    """What was applied without them is as it should be with them, and what lint says of them stands in the plan."""
    shop.definitions = SEGMENTS.removeprefix("version: 1\n") + "audiences: { a: { include: [carts.hot] } }\n"
    shop.people(["ann"], "cart_added", "1h")
    shop.apply()
    offer = "[carts.hot], offer: { touch: 1, discount: 5% }"
    shop.definitions = shop.definitions.replace("[carts.hot] }", f"{offer} }}") + LADDER
    plan = shop.plan()
    assert plan["summary"]["empty"]
    assert "RL401" in {each["rule"] for each in plan["lint"]["findings"]}
