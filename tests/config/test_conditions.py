from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.config.load import load
from reconciler.model.codec import condition_from_dict, condition_to_dict
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
    Scalar,
    SegmentRef,
    Times,
    Total,
)
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.time import Window
from tests.conftest import Writer

SAMPLE = Path(__file__).parents[2] / "audiences"
NUMBER = Decimal


def compare(**comparisons: Scalar | tuple[Scalar, ...]) -> tuple[Comparison, ...]:
    return tuple(
        Comparison(name, value if isinstance(value, tuple) else (value,))  # type: ignore[arg-type]
        for name, value in comparisons.items()
    )


WRITTEN = """\
-- Who did anything within a day.
select customer_id
from   events -- all of them
where  occurred_at > :as_of - interval 1 day
"""
CASES: dict[str, Condition] = {
    "{ everyone: true }": Everyone(),
    "{ segment: other }": SegmentRef("other"),
    "{ segment: cut.hot }": SegmentRef("cut", "hot"),
    "{ event: a }": Event(("a",)),
    "{ event: [b, a] }": Event(("a", "b")),
    "{ event: a, within: 7d }": Event(("a",), within=Window(0, 10080)),
    "{ event: a, within: 4h..24h }": Event(("a",), within=Window(240, 1440)),
    "{ event: a, within: 120d.. }": Event(("a",), within=Window(172800, None)),
    "{ event: a, within: warm }": Event(("a",), within=Window(240, 1440)),
    "{ event: a, within: 2w }": Event(("a",), within=Window(0, 20160)),
    "{ event: a, times: 2 }": Event(("a",), measure=Times(compare(**{"is": NUMBER(2)}))),
    "{ event: a, times: { less_than: 3, not: [1, 0] } }": Event(
        ("a",), measure=Times((*compare(**{"not": (NUMBER(0), NUMBER(1))}), *compare(less_than=NUMBER(3))))
    ),
    "{ event: a, latest: true }": Event(("a",), measure=Pick()),
    "{ event: a, latest: true, not_followed_by: [z, b] }": Event(("a",), measure=Pick(("b", "z"))),
    "{ event: a, total: { of: x, at_least: 10.50 } }": Event(
        ("a",), measure=Total("x", compare(at_least=NUMBER("10.5")))
    ),
    "{ event: a, where: { z: 1, b: [y, x], c: { exists: false } } }": Event(
        ("a",),
        where=(
            ColumnTest("b", compare(**{"is": ("x", "y")})),
            ColumnTest("c", compare(exists=False)),
            ColumnTest("z", compare(**{"is": NUMBER(1)})),
        ),
    ),
    "{ attribute: c, is: [true, b, 2.0, a] }": Attribute(
        ColumnTest("c", compare(**{"is": (NUMBER(2), True, "a", "b")}))
    ),
    '{ attribute: c, at_most: "2026-03", more_than: 1 }': Attribute(
        ColumnTest("c", compare(at_most="2026-03", more_than=NUMBER(1)))
    ),
    '{ attribute: c, starts_with: "0", contains: x, not: "-0" }': Attribute(
        ColumnTest("c", compare(**{"not": "-0", "contains": "x", "starts_with": "0"}))
    ),
    "{ attribute: c, is: -0.0 }": Attribute(ColumnTest("c", compare(**{"is": NUMBER(0)}))),
    "{ event: a, first: true, within: 7d }": Event(("a",), within=Window(0, 10080), measure=Pick(which="first")),
    "{ event: a, first: true, followed_by: { event: [c, b], within: warm }, not_followed_by: d }": Event(
        ("a",),
        measure=Pick(which="first", followed_by=Follow(("b", "c"), Window(240, 1440)), not_followed_by=("d",)),
    ),
    "{ event: a, latest: true, followed_by: { event: b } }": Event(("a",), measure=Pick(followed_by=Follow(("b",)))),
    "{ event: a, times: { same: product, at_least: 2 } }": Event(
        ("a",), measure=Times(compare(at_least=NUMBER(2)), same="product")
    ),
    "{ event: a, total: { of: x, measure: average, less_than: 123456789012345 } }": Event(
        ("a",), measure=Total("x", compare(less_than=NUMBER("123456789012345")), "average")
    ),
    "{ event: a, total: { of: x, measure: sum, is: 12345678901234567890.123456789012345678 } }": Event(
        ("a",), measure=Total("x", compare(**{"is": NUMBER("12345678901234567890.123456789012345678")}))
    ),
    "{ event: a, total: { of: x, measure: distinct, is: 3 } }": Event(
        ("a",), measure=Total("x", compare(**{"is": NUMBER(3)}), "distinct")
    ),
    "{ ratio: { to: { event: [c, b], within: 7d }, at_most: 0.30, more_than: 0,"
    " of: { event: a, where: { x: 1 }, total: { of: y, measure: largest } } } }": Ratio(
        Event(("a",), where=(ColumnTest("x", compare(**{"is": NUMBER(1)})),), measure=Total("y", (), "largest")),
        Event(("b", "c"), within=Window(0, 10080), measure=Times(())),
        compare(at_most=NUMBER("0.3"), more_than=NUMBER(0)),
    ),
    "{ sample: { percent: 10, seed: 7 } }": Sample(NUMBER(10), "7"),
    "{ sample: { percent: 2.5%, seed: a word } }": Sample(NUMBER("2.5"), "a word"),
    "{ query: who.sql }": Query("SELECT customer_id FROM events WHERE occurred_at > :as_of - INTERVAL '1' DAY"),
    "{ keys: data/panel.csv }": Keys("data/panel.csv"),
    "{ attribute: c, older_than: 4h, within: warm, exists: true }": Attribute(
        ColumnTest("c", compare(exists=True, within=Window(240, 1440), older_than=Window(240)))
    ),
    "{ attribute: c, in_next: 2d }": Attribute(ColumnTest("c", compare(in_next=Window(0, 2880)))),
    "{ event: a, where: { c: { in_next: 1d..2d, older_than: 1w } } }": Event(
        ("a",), where=(ColumnTest("c", compare(older_than=Window(10080), in_next=Window(1440, 2880))),)
    ),
    "{ any: [ { event: a }, { none: [ { event: b } ] } ], none: [ { segment: other } ] }": Group(
        any=(Event(("a",)), Group(none=(Event(("b",)),))), none=(SegmentRef("other"),)
    ),
}


@pytest.mark.parametrize("text", CASES)
def test_a_condition_is_read_in_one_canonical_form(text: str, write_workspace: Writer) -> None:
    """Kinds, columns, comparisons and values come in one order, and numbers in one form, however they were written."""
    root = write_workspace(
        f"""\
windows: {{ hot: 4h, warm: 4h..24h }}
segments:
  cut: {{ slices: [hot, warm], who: {{ all: [ {{ event: a, within: slice, latest: true }} ] }} }}
  other: {{ who: {{ everyone: true }} }}
  tested: {{ who: {text} }}
""",
        **{"who.sql": WRITTEN},
    )
    found = next(segment.condition for segment in load(root).segments if segment.key == "tested")
    assert repr(found) == repr(CASES[text])
    assert repr(condition_from_dict(condition_to_dict(found))) == repr(found)


def test_the_window_of_the_slice_at_hand_stays_open(write_workspace: Writer) -> None:
    """`within: slice` is kept as such, for each slice to fill in."""
    root = write_workspace(
        "windows: { hot: 4h }\nsegments:\n  cut: { slices: [hot], who: { event: a, within: slice, latest: true } }\n"
    )
    (segment,) = load(root).segments
    assert segment.condition == Event(("a",), within=SLICE, measure=Pick())


def test_the_first_of_a_slice_may_be_picked(write_workspace: Writer) -> None:
    """`within: slice` goes with `first` as with `latest`."""
    root = write_workspace(
        "windows: { hot: 4h }\nsegments:\n  cut: { slices: [hot], who: { event: a, within: slice, first: true } }\n"
    )
    (segment,) = load(root).segments
    assert segment.condition == Event(("a",), within=SLICE, measure=Pick(which="first"))


def test_every_condition_of_the_sample_survives_being_stored() -> None:
    """What is read from YAML can be stored as JSON and read again unchanged."""
    for segment in load(SAMPLE).segments:
        assert condition_from_dict(condition_to_dict(segment.condition)) == segment.condition
