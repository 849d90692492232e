"""The list that stands for all that an audience excludes, as `show` and `explain` tell of it."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from tests.flows.shop import ROOT, Shop

LIST = "segment.recovery(exclusions)"
DEFINITIONS = """\
segments:
  carts: { name: Carts, who: { event: cart_added, within: 3d } }
  buyers: { name: Buyers, who: { event: purchase, within: 7d } }
  out:
    name: Unsubscribed
    purpose: suppression
    reason: They asked us to stop
    who: { attribute: unsubscribed, is: "yes" }
audiences:
  recovery: { include: [carts], exclude: [buyers, out], ad_sets: ["700123"] }
  single: { include: [carts], exclude: [buyers] }
"""


@pytest.fixture
def excluding(shop: Shop) -> Shop:
    """Two bought, one of them and somebody else asked us to stop; what is excluded is one list."""
    shop.settings["criteo"]["exclusions"] = "one_list"
    shop.definitions = DEFINITIONS
    shop.people(["ann", "bob"], "purchase", "1d")
    shop.customer("bob", unsubscribed="yes")
    shop.customer("cat", unsubscribed="yes", consent="no")
    shop.people(["dan"], "cart_added", "1h")
    return shop


def schema(name: str) -> Draft202012Validator:
    """One of our schemas."""
    text = (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


@pytest.mark.parametrize("name", [LIST, "recovery(exclusions)"])
def test_show_says_what_it_stands_for_and_who_uses_it(excluding: Shop, name: str) -> None:
    """By its address and by its key, as text and as JSON that follows the schema."""
    told = excluding.run("show", name, "--format", "json", at=None)
    assert told.code == 0, told
    schema("show").validate(told.document)
    assert told.document["address"] == LIST
    assert [each["address"] for each in told.document["stands_for"]] == ["segment.buyers", "segment.out"]
    assert [(each["address"], each["how"]) for each in told.document["used_by"]["audiences"]] == [
        ("audience.recovery", "exclude")
    ]
    text = excluding.run("show", name, at=None).out
    assert text.startswith(LIST)
    assert 'Stands for\n  segment.buyers  "Buyers"' in text
    assert "audience.recovery  excludes it" in text


def test_explain_counts_each_list_and_all_of_them(excluding: Shop) -> None:
    """Somebody on two of them counts once, and the number is what an apply fills it with."""
    text = excluding.run("explain", LIST).out
    assert "2  segment.buyers\n" in text
    assert "2  segment.out\n" in text
    assert "3  are on one of them, and so on this one\n" in text
    assert "left" not in text
    told = excluding.run("explain", "recovery(exclusions)", "--format", "json")
    schema("explain").validate(told.document)
    excluding.apply()
    assert len(excluding.members("recovery (exclusions)")) == told.document["included"] == 3


@pytest.mark.parametrize(("key", "is_on_it"), [("ann", True), ("cat", True), ("dan", False)])
def test_explain_says_which_list_puts_somebody_on_it(excluding: Shop, key: str, is_on_it: bool) -> None:
    """In or out as after an apply, with the lists that decide."""
    done = excluding.run("explain", LIST, "--key", key)
    assert f"{'IN ' if is_on_it else 'OUT'}  {LIST}" in done.out
    assert f"{int(is_on_it)} of 1 identifiers on a list that it stands for" in done.out
    assert "ad sets" not in done.out
    told = excluding.run("explain", LIST, "--key", key, "--format", "json")
    schema("explain").validate(told.document)
    excluding.apply()
    assert (key in excluding.members("recovery (exclusions)")) is is_on_it


@pytest.mark.parametrize("name", ["single(exclusions)", "segment.single(exclusions)"])
def test_where_there_is_none_it_says_so(excluding: Shop, name: str) -> None:
    """An audience that excludes one list needs none; the message names what to ask for instead."""
    done = excluding.run("explain", name)
    assert done.code == 64
    assert "No list stands for what audience.single excludes" in done.err
    assert "reconciler explain audience.single" in done.err
    assert "There is no audience `nobody`" in excluding.run("explain", "nobody(exclusions)").err
