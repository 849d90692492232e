"""A definition as a tree of conditions: places, sentences, what is unfolded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.config.load import load
from reconciler.config.names import slice_names
from reconciler.explain.conditions import Clause, clauses_of
from reconciler.explain.sentences import sentence
from reconciler.model.codec import condition_from_dict
from tests.conftest import Writer

SAMPLE = Path(__file__).parents[2] / "audiences"

CUT = """\
windows: { hot: 0h..4h, warm: 4h..24h }
segments:
  carts:
    slices: [hot, warm]
    who:
      all:
        - { event: cart_added, latest: true, within: slice, not_followed_by: purchase }
      none:
        - segment: buyers
        - any:
            - { attribute: staff, is: true }
            - { attribute: country, not: [FR, BE] }
  buyers:
    publish: false
    who: { event: purchase, within: 7d }
  anybody-with-a-cart:
    who: { segment: carts }
"""


def paths(clause: Clause) -> list[tuple[str, str]]:
    return [(each.role, each.path) for each in clause.walk()]


def test_every_condition_has_its_path_and_what_is_referred_to_is_unfolded(write_workspace: Writer) -> None:
    """Groups by their members, and a segment that is referred to by its own conditions, each under its own path."""
    tree = clauses_of(load(write_workspace(CUT)), "carts", "hot")

    assert paths(tree) == [
        ("who", "segments.carts.who"),
        ("all", "segments.carts.who.all[0]"),
        ("none", "segments.carts.who.none[0]"),
        ("all", "segments.buyers.who"),
        ("none", "segments.carts.who.none[1]"),
        ("any", "segments.carts.who.none[1].any[0]"),
        ("any", "segments.carts.who.none[1].any[1]"),
    ]


def test_every_condition_has_its_place(write_workspace: Writer) -> None:
    """File, line and column are those of the YAML, also of what stands in another segment."""
    tree = clauses_of(load(write_workspace(CUT)), "carts", "hot")

    found = [(Path(each.place.file).name, each.place.line, each.place.column) for each in tree.walk() if each.place]

    lines = [("definitions.yaml", line) for line in (7, 8, 10, 16, 11, 12, 13)]
    assert [(file, line) for file, line, _ in found] == lines
    assert found[0] == ("definitions.yaml", 7, 7)


def test_the_window_of_the_slice_at_hand_is_put_in(write_workspace: Writer) -> None:
    """What a slice asks is said with its own window; without a slice all of them are told."""
    workspace = load(write_workspace(CUT))

    warm, whole = clauses_of(workspace, "carts", "warm"), clauses_of(workspace, "anybody-with-a-cart")

    assert "at least 4 hours and less than 1 day old" in warm.children[0].text
    assert [each.text for each in whole.walk()][:3] == ["is in segment `carts`", "slice `hot`", NEWEST]


NEWEST = "the latest `cart_added` is less than 4 hours old, and no `purchase` came after it"


def test_every_condition_has_a_hidden_address_of_its_own() -> None:
    """No two conditions of a tree share one, in any segment of the sample."""
    workspace = load(SAMPLE)

    for segment in workspace.segments:
        for part in slice_names(segment):
            hidden = [each.hidden for each in clauses_of(workspace, segment.key, part).walk()]
            assert len(set(hidden)) == len(hidden)


def test_every_condition_of_the_sample_has_a_place() -> None:
    """Nothing of the sample is explained without saying where it stands."""
    workspace = load(SAMPLE)

    trees = [
        clauses_of(workspace, each.key, each.slices[0].name if each.slices else None) for each in workspace.segments
    ]

    assert all(each.place is not None for tree in trees for each in tree.walk())


def number(text: str) -> dict[str, str]:
    return {"number": text}


SENTENCES: dict[str, dict[str, Any]] = {
    "has an `open` in the last 7 days": {"event": ["open"], "within": "7d"},
    "has a `buy` at least 7 days and less than 30 days ago": {"event": ["buy"], "within": "7d..30d"},
    "has a `buy` at least 120 days ago": {"event": ["buy"], "within": "120d.."},
    "has a `buy` where `shop` is `a` or `b` and `price` is more than 1.5": {
        "event": ["buy"],
        "where": {"shop": {"is": ["a", "b"]}, "price": {"more_than": number("1.5")}},
    },
    "the number of `buy` or `rent` events in the last 90 minutes is at most 1": {
        "event": ["buy", "rent"],
        "times": {"at_most": number("1")},
        "within": "90m",
    },
    "the number of `view` events that share one `product` is at least 2": {
        "event": ["view"],
        "times": {"at_least": number("2"), "same": "product"},
    },
    "the average `price` of `buy` events where `coupon` is missing is less than 10": {
        "event": ["buy"],
        "where": {"coupon": {"exists": False}},
        "total": {"of": "price", "measure": "average", "less_than": number("10")},
    },
    "the first `buy` is there": {"event": ["buy"], "first": True},
    "the latest `buy` is less than 1 day old, a `rent` less than 2 hours later came after it": {
        "event": ["buy"],
        "latest": True,
        "within": "1d",
        "followed_by": {"event": ["rent"], "within": "2h"},
    },
    "the number of `a` events, divided by the number of `b` events, is at least 0.5": {
        "ratio": {"of": {"event": ["a"], "times": {}}, "to": {"event": ["b"], "times": {}}, "at_least": number("0.5")}
    },
    "`until` lies less than 30 days ahead": {"attribute": "until", "in_next": "30d"},
    "`since` lies at least 10 days back": {"attribute": "since", "older_than": "10d"},
    "`plan` is not `a` or `b` and starts with `x`": {"attribute": "plan", "not": ["a", "b"], "starts_with": "x"},
    "falls into a stable sample of 2.5% (seed `s`)": {"sample": {"percent": "2.5", "seed": "s"}},
    "stands in the file `keys.csv`": {"keys": "keys.csv"},
    "is found by the query": {"query": "select 1"},
    "everyone": {"everyone": True},
}


@pytest.mark.parametrize("said", SENTENCES)
def test_a_condition_is_told_in_plain_english(said: str) -> None:
    """Each kind of condition has its sentence."""
    assert sentence(condition_from_dict(SENTENCES[said])) == said
