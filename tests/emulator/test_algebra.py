"""The tree of segments that an audience is."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator.algebra import BUILDER_LEVELS, builder_fault_of, fault_of, segments_of, size

A, B, C = ({"audienceSegmentId": number} for number in ("1", "2", "3"))
CART = {"and": [{"or": [A, B]}, {"not": C}]}


@pytest.mark.parametrize("tree", [A, {"not": A}, CART, {"or": [A]}, {**A, "and": None}])
def test_a_node_with_one_operator_is_well_formed(tree: dict[str, Any]) -> None:
    """Operators that are null do not count."""
    assert fault_of(tree) is None


@pytest.mark.parametrize(
    ("tree", "fault"),
    [
        (None, "the algebra is missing"),
        ({}, "a node needs exactly one of"),
        ({**A, "not": B}, "a node needs exactly one of"),
        ({"and": []}, "'and' is empty"),
        ({"or": [A, {"not": {}}]}, "a node needs exactly one of"),
        ({"and": [None]}, "the algebra is missing"),
    ],
)
def test_a_malformed_tree_is_told(tree: dict[str, Any] | None, fault: str) -> None:
    """However deep the fault sits."""
    found = fault_of(tree)
    assert found is not None
    assert found.startswith(fault)


def test_every_segment_is_found() -> None:
    """Included and excluded ones, at any depth."""
    assert ["1", "2", "3"] == list(segments_of(CART))


@pytest.mark.parametrize(
    ("tree", "fault"),
    [
        ({"and": [A, {"or": [B, {"and": [A, C]}]}]}, "the algebra has more than 3 levels"),
        ({"not": A}, "segments are excluded but none is included"),
        ({"or": [A, {"not": B}]}, "an excluded segment stands inside 'or'"),
        ({"and": [A, {"not": B}, {"not": C}]}, "two excluded segments are joined by 'and'"),
    ],
)
def test_the_builder_rules_forbid_four_shapes(tree: dict[str, Any], fault: str) -> None:
    """Three levels at most, and three shapes that Criteo's audience builder blocks."""
    assert fault == builder_fault_of(tree, BUILDER_LEVELS)


def test_the_builder_rules_allow_one_exclusion_beside_the_included() -> None:
    """`and[ or[…], not … ]` is what the builder makes itself."""
    assert builder_fault_of(CART, BUILDER_LEVELS) is None


def test_the_size_is_an_upper_bound() -> None:
    """`or` adds, `and` takes the smallest, `not` takes nobody away."""
    sizes = {"1": 10, "2": 5, "3": 7}
    assert 15 == size(CART, sizes.__getitem__)
    assert 5 == size({"and": [A, B, {"not": C}]}, sizes.__getitem__)
