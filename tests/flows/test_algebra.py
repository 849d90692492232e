"""Audiences by a formula, from the YAML to Criteo and back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.conftest import Opener
from tests.flows.shop import Document, Shop, names, resource, step_ids
from tests.switches.positions import usual

SEGMENTS = """\
segments:
  carts: { name: Carts, who: { event: cart_added, within: 3d } }
  lapsed: { name: Lapsed, who: { event: lapsed, within: 90d } }
  vips: { name: VIPs, who: { attribute: tier, is: vip } }
  buyers: { name: Buyers, who: { event: purchase, within: 7d } }
"""
FORMULA = "{ and: [ vips, { or: [carts, lapsed] } ] }"


def audience(algebra: str, more: str = "") -> str:
    return f"{SEGMENTS}audiences:\n  style:\n    name: Style\n    algebra: {algebra}\n{more}"


@pytest.fixture
def styled(open_shop: Opener) -> Shop:
    """Criteo takes any formula. Ten people with carts, eight who lapsed, six who bought; some of each are VIPs."""
    shop = open_shop(switches=usual(algebra="any", left_out="unchanged"))
    shop.definitions = audience(FORMULA)
    for kind, count in (("cart_added", 10), ("lapsed", 8), ("purchase", 6)):
        for number, key in enumerate(names(kind, count)):
            shop.customer(key, tier="vip" if number % 2 else "")
            shop.event(key, kind, "2h")
    shop.apply()
    return shop


def changes(document: Document) -> set[tuple[str, str | None, str | None]]:
    found = resource(document, "audience.style")["changes"]
    return {(each["path"], each["before"], each["after"]) for each in found}


def rewritten(shop: Shop, algebra: Document) -> None:
    """Somebody edits the audience at Criteo; names stand for ids."""
    ids = shop.lists()

    def told(node: Any) -> Document:
        if isinstance(node, str):
            return {"audienceSegmentId": ids[node]}
        ((key, value),) = node.items()
        return {key: told(value) if key == "not" else list(map(told, value))}

    shop.criteo.authorize()
    theirs = shop.audiences()["Style"]
    item = {"id": theirs["id"], "type": "Audience", "attributes": {"algebra": told(algebra)}}
    answer = shop.criteo.bulk("PATCH", "/audiences", item)
    assert answer.json().get("data"), answer.text


def test_a_formula_is_written_and_then_left_alone(styled: Shop) -> None:
    """Criteo gets the formula, sorted; a plan straight after has nothing to do."""
    assert styled.algebra("Style") == {"and": ["VIPs", {"or": ["Carts", "Lapsed"]}]}
    assert styled.plan()["summary"]["empty"]


@pytest.mark.parametrize(
    "same",
    [
        "{ and: [ { or: [lapsed, carts, lapsed] }, { and: [ { not: { not: vips } } ] } ] }",
        "{ or: [ { and: [vips, carts] }, { and: [lapsed, vips] } ] }",
    ],
)
def test_another_way_to_say_it_is_no_change_at_criteo(styled: Shop, same: str) -> None:
    """Order, nesting and even another formula that means the same ask nothing of Criteo."""
    styled.definitions = audience(same)
    before = styled.asked()
    styled.apply()
    assert styled.writes(before) == []
    assert styled.plan()["summary"]["empty"]


@pytest.mark.switches(algebra="any")
def test_what_criteo_nests_otherwise_is_no_drift(styled: Shop) -> None:
    """The same formula in another shape is neither drift nor change."""
    rewritten(styled, {"or": [{"and": ["Lapsed", "VIPs"]}, {"and": ["VIPs", {"or": ["Carts"]}]}]})
    document = styled.plan()
    assert document["summary"]["empty"]
    assert document["resources"] == []


@pytest.mark.switches(algebra="any")
def test_what_somebody_else_made_of_it_is_drift(styled: Shop) -> None:
    """It is shown as such, and put back."""
    rewritten(styled, {"and": ["VIPs", {"not": {"and": ["Carts", "Lapsed"]}}]})
    document = styled.plan()
    drift = resource(document, "audience.style")["drift"]
    assert [(each["before"], each["after"]) for each in drift] == [
        ("or: [segment.carts, segment.lapsed]", None),
        (None, "not: { and: [segment.carts, segment.lapsed] }"),
    ]
    styled.apply()
    assert styled.algebra("Style") == {"and": ["VIPs", {"or": ["Carts", "Lapsed"]}]}


def test_a_narrower_formula_goes_first(styled: Shop) -> None:
    """It is one edit that restricts, shown by the part that comes, in JSON, text and Markdown."""
    styled.definitions = audience("{ and: [ vips, { or: [carts, lapsed] }, { not: { and: [carts, buyers] } } ] }")
    document = styled.plan()
    assert "restrict audience.style" in step_ids(document)
    assert "loosen audience.style" not in step_ids(document)
    assert changes(document) == {("algebra", None, "not: { and: [segment.buyers, segment.carts] }")}
    line = "algebra: + not: { and: [segment.buyers, segment.carts] }"
    assert f"~ {line}\n" in styled.run("plan").out
    assert line in styled.run("plan", "--format", "markdown").out


@pytest.mark.switches(algebra="any")
def test_a_wider_formula_waits(styled: Shop) -> None:
    """It is one edit that loosens."""
    styled.definitions = audience("{ or: [ buyers, { and: [ vips, { or: [carts, lapsed] } ] } ] }")
    document = styled.plan()
    assert "loosen audience.style" in step_ids(document)
    assert "restrict audience.style" not in step_ids(document)
    styled.apply()
    assert styled.algebra("Style") == {"or": ["Buyers", {"and": ["VIPs", {"or": ["Carts", "Lapsed"]}]}]}


def test_a_formula_that_does_both_is_narrowed_first(styled: Shop) -> None:
    """First what both formulas hold of, then the new one."""
    styled.definitions = audience("{ and: [ buyers, { or: [carts, lapsed] } ] }")
    assert [each for each in step_ids(styled.plan()) if "audience" in each] == [
        "restrict audience.style",
        "loosen audience.style",
    ]
    styled.apply()
    assert styled.algebra("Style") == {"and": ["Buyers", {"or": ["Carts", "Lapsed"]}]}
    assert styled.plan()["summary"]["empty"]


def test_from_sides_to_a_formula_and_back(styled: Shop) -> None:
    """An audience may change from one way to the other; nothing is left to do each time."""
    plain = SEGMENTS + "audiences:\n  style:\n    name: Style\n    include: [carts]\n    exclude: [buyers]\n"
    for definitions, wanted in (
        (plain, {"and": ["Carts", {"not": "Buyers"}]}),
        (audience(FORMULA), {"and": ["VIPs", {"or": ["Carts", "Lapsed"]}]}),
    ):
        styled.definitions = definitions
        styled.apply()
        assert styled.algebra("Style") == wanted
        assert styled.plan()["summary"]["empty"]


def test_what_is_always_excluded_is_excluded_from_formulas_too(styled: Shop) -> None:
    """By `and` and `not` at the top, unless the audience opts out with a reason."""
    styled.settings["always_exclude"] = ["buyers"]
    styled.apply()
    assert styled.algebra("Style") == {"and": ["VIPs", {"or": ["Carts", "Lapsed"]}, {"not": "Buyers"}]}
    styled.definitions = audience(FORMULA, "    always_exclude: { except: { buyers: They like it } }\n")
    styled.apply()
    assert styled.algebra("Style") == {"and": ["VIPs", {"or": ["Carts", "Lapsed"]}]}


def test_overlap_counts_by_the_formula(styled: Shop) -> None:
    """Only VIPs of the carts and the lapsed are in it: nine of eighteen."""
    done = styled.run("overlap", "--format", "json", "--audiences")
    assert done.code == 0, done.err
    assert '"people": 9' in done.out


def test_explain_tells_an_audience_by_its_formula(styled: Shop) -> None:
    """How many are left, and of somebody whether she is in."""
    whole = styled.run("explain", "audience.style")
    assert "By and: [segment.vips, { or: [segment.carts, segment.lapsed] }]; lists that bring people in:" in whole.out
    assert "9  are left" in whole.out
    inside = styled.run("explain", "audience.style", "--key", "lapsed1")
    outside = styled.run("explain", "audience.style", "--key", "lapsed2")
    assert "IN   audience.style" in inside.out
    assert "OUT  audience.style" in outside.out
