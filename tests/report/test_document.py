"""What every format is rendered from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.address import Address
from reconciler.model.membership import Cause, ListMembership, Movement
from reconciler.plan.build import build
from reconciler.plan.changes import Plan
from reconciler.report.document import _calls, calls_line, change_text, clean, document, summary_lines
from reconciler.report.markdown import render_markdown
from reconciler.report.text import render_text
from tests.plan.builders import applied, at_criteo, attribute, definition, desired, members, segment, still

A = Address("segment.a")


def moving(each: ListMembership) -> Plan:
    same = desired(segment("a"))
    return build(same, at_criteo(same), applied(same), members(each))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("VIPs of June", "VIPs of June"),
        ("ask ann@example.com first", "ask (address) first"),
        ("domain @example.com", "domain @example.com"),
        ("a\x1b[31mred\nline\u202e", "a?[31mred?line?"),
    ],
)
def test_words_are_fit_to_be_shown(text: str, shown: str) -> None:
    """No address of a person, and nothing that a terminal would obey."""
    assert shown == clean(text)


def test_an_address_in_a_definition_is_in_no_format() -> None:
    """A literal of the YAML may be one; nobody's address is printed."""
    new = desired(segment("a", definition(attribute("email", "ann@example.com"))))
    doc = document(build(new, at_criteo(desired()), None, members(ListMembership(address=A))))

    assert "(address)" in render_text(doc)
    for text in (str(doc), render_text(doc), render_markdown(doc)):
        assert "ann" not in text


def test_a_list_that_is_held_back_stays_as_it_is() -> None:
    """What is blocked counts neither as sent nor in what the list will hold."""
    each = ListMembership(address=A, before=600, wanted=365, added=5, removed_by={Cause.GONE: 240})

    doc = document(moving(each))

    (shown,) = doc["members"]
    assert (600, {"added": 0, "removed": 0}, {"added": 5, "removed": 240}) == (
        shown["after"],
        shown["sent"],
        shown["held_back"],
    )


def test_what_is_said_again_changes_no_list() -> None:
    """It is sent, and the ledger holds what it held."""
    each = ListMembership(address=A, before=10, wanted=12, added=2, resent=Movement(4, 3))

    (shown,) = document(moving(each))["members"]

    assert (12, {"added": 6, "removed": 3}, {"added": 4, "removed": 3}) == (
        shown["after"],
        shown["sent"],
        shown["said_again"],
    )


def test_the_summary_counts_identifiers_that_are_sent() -> None:
    """In thousands, and one segment in the singular."""
    each = ListMembership(address=A, before=50_000, wanted=61_283, added=12_403, removed_by={Cause.AGED: 1_120})

    assert (
        "Plan: 0 to add, 0 to change, 0 to destroy, 0 blocked.",
        "Members: +12,403 -1,120 in 1 segment.",
    ) == summary_lines(document(moving(each)))


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("4h", "6h", "who.within: 4h -> 6h"),
        (None, "segment.b", "who.within: + segment.b"),
        ("segment.b", None, "who.within: - segment.b"),
    ],
)
def test_a_change_is_one_line(before: str | None, after: str | None, line: str) -> None:
    """What changed, what came, what went."""
    assert line == change_text({"path": "who.within", "before": before, "after": after})


@pytest.mark.parametrize(
    ("requests", "ours", "line"),
    [
        (1, 200, "An apply needs about 1 request: 1 minute at 200 a minute."),
        (401, 200, "An apply needs about 401 requests: 3 minutes at 200 a minute."),
        (501, 0, "An apply needs about 501 requests: 3 minutes at 250 a minute."),
        (501, 1000, "An apply needs about 501 requests: 3 minutes at 250 a minute."),
    ],
)
def test_the_time_of_an_apply_is_told(requests: int, ours: int, line: str) -> None:
    """In whole minutes at our own limit, or at Criteo's where ours is none or more."""
    same = desired(segment("a"))
    calls = _calls(
        replace(build(same, at_criteo(same), applied(same), still(same)), calls=requests, calls_per_minute=ours)
    )
    assert (requests, ours) == (calls["requests"], calls["per_minute"])
    assert line == calls_line({"calls": calls})
