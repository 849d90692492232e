"""The difference of definitions, line by line."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal

import pytest

from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Follow,
    Group,
    Keys,
    Pick,
    Query,
    Ratio,
    Sample,
    SegmentRef,
    Times,
    Total,
)
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.definition import Definition, Slice, Who
from reconciler.model.time import Period, parse_window
from reconciler.plan.changes import AttributeChange
from reconciler.plan.definitions import definition_lines
from tests.plan.builders import attribute

LATEST = Event(("cart_added",), within=SLICE, measure=Pick(("purchase",)))
UNSUBSCRIBED = attribute("unsubscribed", True)


def group(*none: str, all_of: tuple[Condition, ...] = (LATEST,)) -> Group:
    return Group(all=all_of, none=tuple(map(SegmentRef, none)))


def sliced(condition: Condition, hot: str = "4h", **others: Who) -> Definition:
    parts = (Slice("hot", parse_window(hot)),)
    return Definition(who=Who(condition, parts), segments=tuple(sorted(others.items())))


def test_a_dropped_exclusion_is_one_line() -> None:
    """Dropping a purchase exclusion reads as that line of the definition."""
    lines = definition_lines(sliced(group("recent", "vip")), sliced(group("vip")))

    assert (AttributeChange("who.none", "segment.recent", None),) == lines


def test_a_moved_bound_shows_both_windows() -> None:
    """Windows of slices are told by the slice's name."""
    lines = definition_lines(sliced(group("vip")), sliced(group("vip"), hot="6h"))

    assert (AttributeChange("slices.hot", "0h..4h", "0h..6h"),) == lines


def test_a_change_inside_a_helper_is_shown_under_its_key() -> None:
    """A segment that is never sent changes the ones that refer to it."""
    within = Event(("refund",), within=parse_window("3d"))
    longer = Event(("refund",), within=parse_window("5d"))

    lines = definition_lines(sliced(group("bad"), bad=Who(within)), sliced(group("bad"), bad=Who(longer)))

    assert (AttributeChange("segments.bad.who.within", "0h..3d", "0h..5d"),) == lines


FOLLOWED = Event(("signup",), measure=Pick(("churn",), Follow(("purchase",), parse_window("7d")), "first"))
LIMIT = (Comparison("at_most", (Decimal("0.30"),)),)
AS_WRITTEN: list[tuple[Condition, str]] = [
    (
        FOLLOWED,
        "{ event: signup, first: true, followed_by: { event: purchase, within: 0h..7d }, not_followed_by: churn }",
    ),
    (
        Ratio(Event(("returned",), measure=Times(())), Event(("purchase",), measure=Total("amount", ())), LIMIT),
        "{ ratio: { of: { event: returned }, to: { event: purchase, total: { of: amount } }, at_most: 0.3 } }",
    ),
    (
        Event(("view",), measure=Times((Comparison("at_least", (Decimal(2),)),), "product")),
        "{ event: view, times: { at_least: 2, same: product } }",
    ),
    (
        Event(("purchase",), measure=Total("amount", LIMIT, "average")),
        "{ event: purchase, total: { of: amount, measure: average, at_most: 0.3 } }",
    ),
    (Sample(Decimal("2.50"), "holdout"), "{ sample: { percent: 2.5, seed: holdout } }"),
    (Keys("data/panel.csv"), "{ keys: data/panel.csv }"),
    (Query("SELECT id FROM events"), "{ query: SELECT id FROM events }"),
    (
        Attribute(ColumnTest("joined", (Comparison("older_than", (parse_window("365d.."),)),))),
        "{ attribute: joined, older_than: 365d }",
    ),
    (
        Attribute(ColumnTest("renews", (Comparison("in_next", (parse_window("2d..7d"),)),))),
        "{ attribute: renews, in_next: 2d..7d }",
    ),
]


@pytest.mark.parametrize(("condition", "text"), AS_WRITTEN, ids=[text for _, text in AS_WRITTEN])
def test_a_new_condition_reads_as_it_is_written(condition: Condition, text: str) -> None:
    """Every kind of condition is shown in the YAML's own words, without what it does not say."""
    lines = definition_lines(sliced(group("vip")), sliced(group("vip", all_of=(LATEST, condition))))

    assert (AttributeChange("who.all", None, text),) == lines


def test_what_follows_is_shown_by_its_own_line() -> None:
    """A longer time to follow within is that bound alone."""
    longer = Event(("signup",), measure=Pick(("churn",), Follow(("purchase",), parse_window("14d")), "first"))

    lines = definition_lines(sliced(group(all_of=(FOLLOWED,))), sliced(group(all_of=(longer,))))

    assert (AttributeChange("who.all[0].followed_by.within", "0h..7d", "0h..14d"),) == lines


def test_a_change_of_a_long_query_is_shown_around_it() -> None:
    """Of a query only what changed is shown, with the words around it, so that a reviewer sees it at a glance."""
    many = " AND ".join(f"c{number} = {number}" for number in range(40))

    def query(kind: str) -> Definition:
        return Definition(who=Who(Query(f"SELECT id FROM events WHERE {many} AND kind = '{kind}' AND {many}")))  # noqa: S608

    (line,) = definition_lines(query("view"), query("cart"))

    expected = (
        "who.query",
        "\"… = 39 AND kind = 'view' AND c0 = 0 AND …\"",
        "\"… = 39 AND kind = 'cart' AND c0 = 0 AND …\"",
    )
    assert expected == (line.path, line.before, line.after)


def test_conditions_are_compared_as_a_set() -> None:
    """A condition put first changes nothing of the others."""
    before = sliced(group(all_of=(LATEST, UNSUBSCRIBED)))
    after = sliced(group(all_of=(Everyone(), UNSUBSCRIBED, LATEST)))

    assert (AttributeChange("who.all", None, "{ everyone: true }"),) == definition_lines(before, after)


def test_another_order_alone_is_said() -> None:
    """Every definition with another digest has at least one line, so that no update is silent."""
    lines = definition_lines(sliced(group("a", "b")), sliced(group("b", "a")))

    assert (AttributeChange("who", "these conditions", "the same in another order"),) == lines


def test_a_repeated_condition_is_said() -> None:
    """The same condition twice means the same people, and yet it is another definition."""
    lines = definition_lines(sliced(group("a", "b")), sliced(group("a", "b", "b")))

    assert (AttributeChange("who.none", "segment.b, 1 times", "segment.b, 2 times"),) == lines


def test_the_same_definition_has_no_lines() -> None:
    """Nothing changed is nothing shown."""
    assert definition_lines(sliced(group("a")), sliced(group("a"))) == ()


def test_a_new_definition_is_cut_into_its_conditions() -> None:
    """Each top-level condition, slice and helper on a line of its own, in the style of the YAML."""
    spent = Event(("purchase",), measure=Total("amount", (Comparison("at_least", (Decimal("100.50"),)),)))
    after = Definition(
        who=Who(Group(all=(LATEST, spent), none=(SegmentRef("bad", "hot"),)), (Slice("hot", parse_window("4h")),)),
        suppression=True,
        active=Period(dt.date(2026, 11, 1), None),
        segments=(("bad", Who(UNSUBSCRIBED)),),
    )

    expected = [
        ("who.all", "{ event: cart_added, within: slice, latest: true, not_followed_by: purchase }"),
        ("who.all", "{ event: purchase, total: { of: amount, at_least: 100.5 } }"),
        ("who.none", "segment.bad.hot"),
        ("slices.hot", "0h..4h"),
        ("purpose", "suppression"),
        ("active.from", "2026-11-01"),
        ("segments.bad.who", "{ attribute: unsubscribed, is: true }"),
    ]
    assert expected == [(line.path, line.after) for line in definition_lines(None, after)]


def test_text_that_looks_like_something_else_is_quoted() -> None:
    """A reviewer sees whether `1` is a number or text."""

    def one(value: Decimal | str | bool) -> Definition:
        return Definition(who=Who(attribute("level", value)))

    assert (AttributeChange("who.is", '"1"', "1"),) == definition_lines(one("1"), one(Decimal(1)))
    assert (AttributeChange("who.is", '"true"', "true"),) == definition_lines(one("true"), one(True))


def test_a_definition_of_another_shape_is_shown_in_parts() -> None:
    """Nothing in common: all that goes and all that comes."""
    times = Event(("view",), measure=Times((Comparison("at_least", (Decimal(2),)),)))

    lines = definition_lines(Definition(who=Who(UNSUBSCRIBED)), Definition(who=Who(times)))

    expected: set[tuple[str, str | None, str | None]] = {
        ("who.attribute", "unsubscribed", None),
        ("who.is", "true", None),
    }
    expected |= {("who.event", None, "view"), ("who.times", None, "{ at_least: 2 }")}
    assert expected == {(line.path, line.before, line.after) for line in lines}


def test_the_differ_is_imported_only_when_a_definition_changed() -> None:
    """Planning without a changed definition does not pay for it."""
    code = "import sys, reconciler.plan.build; sys.exit('deepdiff' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
