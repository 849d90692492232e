"""What a change of the YAML does is told apart from what time does."""

from __future__ import annotations

import re

import pytest

from tests.flows.shop import NOW, Shop, members_of, names, resource, span

DEFINITIONS = """\
segments:
  buyers:
    name: Buyers
    who: { event: purchase, within: 7d }
  abandoners:
    name: Abandoners
    description: Left a cart
    who:
      all: [ { event: cart_added, within: 3d } ]
      none:
        - segment: buyers
        - { attribute: unsubscribed, is: true }
"""
LINE = "        - segment: buyers\n"
HOUR = span("1h")


@pytest.fixture
def applied(shop: Shop) -> Shop:
    """Twelve abandoners who bought and thirty who did not, five of them about to be too old; seven are yet to come."""
    shop.definitions = DEFINITIONS
    shop.people(names("shopper", 25), "cart_added", "2h")
    shop.people(names("leaving", 5), "cart_added", "71h")
    for key in names("buyer", 12):
        shop.customer(key)
        shop.event(key, "cart_added", "2h")
        shop.event(key, "purchase", "3d")
    shop.apply()
    for key in names("coming", 7):
        shop.customer(key)
        shop.event(key, "cart_added", "0h", at=NOW + HOUR)
    return shop


def test_a_dropped_exclusion_has_a_line_and_a_number_of_its_own(applied: Shop) -> None:
    """In JSON: the line of the definition, twelve by this change, and seven and five by time beside it."""
    applied.definitions = DEFINITIONS.replace(LINE, "")
    document = applied.plan(at=NOW + HOUR)
    lines = [
        (each["path"], each["before"], each["after"]) for each in resource(document, "segment.abandoners")["changes"]
    ]
    part = members_of(document, "abandoners")
    assert ("who.none", "segment.buyers", None) in lines
    assert part["by_change"] == {"added": 12, "removed": 0}
    assert part["by_time"] == {"added": 7, "removed": 5}
    assert (part["before"], part["after"], part["removed_by"]) == (30, 44, {"aged": 5})


def test_text_tells_the_change_apart_from_time(applied: Shop) -> None:
    """In text: the line with its sign, then the two numbers on lines of their own."""
    applied.definitions = DEFINITIONS.replace(LINE, "")
    out = applied.run("plan", at=NOW + HOUR).out
    assert "~ who.none: - segment.buyers\n" in out
    assert re.search(
        r"segment\.abandoners  30 -> 44\n +by this change: +\+12 -0\n +by time and data: +\+7 -5\n +removed: +5 aged\n",
        out,
    )


def test_markdown_tells_the_change_apart_from_time(applied: Shop) -> None:
    """In Markdown: the line in a difference, and the two numbers in cells of their own."""
    applied.definitions = DEFINITIONS.replace(LINE, "")
    out = applied.run("plan", "--format", "markdown", at=NOW + HOUR).out
    assert re.search(r"^. +who\.none: - segment\.buyers$", out, re.MULTILINE)
    row = next(
        line for line in out.splitlines() if line.startswith("|") and "segment.abandoners" in line and "+12" in line
    )
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert {"+12 -0", "+7 -5"} <= set(cells)


def test_the_apply_of_a_change_does_what_its_plan_said(applied: Shop) -> None:
    """Buyers come in, the old leave, and the next plan is empty."""
    applied.definitions = DEFINITIONS.replace(LINE, "")
    applied.apply(at=NOW + HOUR)
    wanted = {*names("shopper", 25), *names("buyer", 12), *names("coming", 7)}
    assert wanted == applied.members("Abandoners")
    assert applied.plan(at=NOW + HOUR)["summary"]["empty"]


def test_a_comment_changes_nothing(applied: Shop) -> None:
    """Comments, order of keys and white space are no part of a definition: the plan at the same clock is empty."""
    applied.definitions = DEFINITIONS.replace(LINE, "        # They have bought.\n" + LINE).replace(
        "{ event: cart_added, within: 3d }", "{within: 3d,   event: cart_added}"
    )
    done = applied.run("plan", "--detailed-exitcode", "--include-members", "--format", "json")
    assert (done.code, done.document["summary"]["empty"]) == (0, True)


def test_a_description_is_an_update_without_members_by_change(applied: Shop) -> None:
    """Only the words change: one update, no number by this change, and time goes on beside it."""
    applied.definitions = DEFINITIONS.replace("Left a cart", "Left a cart behind")
    document = applied.plan(at=NOW + HOUR)
    assert (document["summary"]["change"], document["summary"]["add"]) == (1, 0)
    assert [each["path"] for each in resource(document, "segment.abandoners")["changes"]] == ["description"]
    assert all(each["by_change"] == {"added": 0, "removed": 0} for each in document["members"])
    assert members_of(document, "abandoners")["by_time"] == {"added": 7, "removed": 5}


def test_a_description_alone_sends_no_identifier(applied: Shop) -> None:
    """At the same clock the apply is one call that updates the segment."""
    applied.definitions = DEFINITIONS.replace("Left a cart", "Left a cart behind")
    asked = applied.asked()
    applied.apply()
    assert [each["operation"] for each in applied.writes(asked)] == ["UpdateAudienceSegments"]


def test_a_new_exclusion_removes_by_definition(applied: Shop) -> None:
    """Who is denied by a new `none` alone leaves because of the change, not because of something she did."""
    applied.guards(max_changed="90%")
    applied.definitions = DEFINITIONS + "        - { event: cart_added, within: 70h..3d }\n"
    document = applied.plan(at=NOW)
    part = members_of(document, "abandoners")
    assert part["by_change"] == {"added": 0, "removed": 5}
    assert part["removed_by"] == {"definition": 5}
