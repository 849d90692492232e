from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.criteo.algebra import decode, encode, mentioned
from reconciler.model.algebra import holds as formula_holds
from reconciler.model.remote import Targeting

ids = st.sampled_from(["501", "502", "503", "504"])
targetings = st.builds(Targeting, include=st.frozensets(ids, min_size=1), exclude=st.frozensets(ids))


def seg(number: str) -> dict[str, Any]:
    return {"audienceSegmentId": number}


def trees() -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        ids.map(seg),
        lambda node: st.one_of(
            st.lists(node, min_size=1, max_size=3).map(lambda nodes: {"and": nodes}),
            st.lists(node, min_size=1, max_size=3).map(lambda nodes: {"or": nodes}),
            node.map(lambda inner: {"not": inner}),
        ),
        max_leaves=6,
    )


def holds(node: dict[str, Any], person: frozenset[str]) -> bool:
    """Whether somebody who is in the segments `person` is meant by a tree, read word for word."""
    ((operator, value),) = node.items()
    if operator == "audienceSegmentId":
        return value in person
    if operator == "not":
        return not holds(value, person)
    return (all if operator == "and" else any)(holds(child, person) for child in value)


PEOPLE = [frozenset(n for bit, n in enumerate(["501", "502", "503", "504"]) if mask >> bit & 1) for mask in range(16)]


@given(targetings)
def test_what_we_write_is_read_back(targeting: Targeting) -> None:
    """Every targeting survives the way to Criteo and back."""
    assert decode(encode(targeting)) == targeting


@given(targetings)
def test_what_we_write_means_any_of_and_none_of(targeting: Targeting) -> None:
    """The tree that is sent holds for exactly those who are in something included and in nothing excluded."""
    tree = encode(targeting)
    for person in PEOPLE:
        assert holds(tree, person) == bool(person & targeting.include and not person & targeting.exclude)


@given(trees())
def test_what_is_read_means_the_same(tree: dict[str, Any]) -> None:
    """Whatever the tree, its targeting means the same people."""
    targeting = decode(tree)
    assert targeting is not None
    formula = targeting.formula if targeting.include else targeting.algebra
    assert formula is not None
    assert [holds(tree, person) for person in PEOPLE] == [formula_holds(formula, person) for person in PEOPLE]


@given(trees())
def test_what_is_read_can_be_written(tree: dict[str, Any]) -> None:
    """What is read and sent again means the same, and is read as the same: there is nothing to change then."""
    targeting = decode(tree)
    assert targeting is not None
    if targeting.include:
        again = encode(targeting)
        assert decode(again) == targeting
        assert [holds(tree, person) for person in PEOPLE] == [holds(again, person) for person in PEOPLE]


@pytest.mark.parametrize(
    ("targeting", "tree"),
    [
        (Targeting(include=frozenset({"501"})), seg("501")),
        (Targeting(include=frozenset({"503", "501"})), {"or": [seg("501"), seg("503")]}),
        (Targeting(include=frozenset({"501"}), exclude=frozenset({"502"})), {"and": [seg("501"), {"not": seg("502")}]}),
        (
            Targeting(include=frozenset({"503", "501"}), exclude=frozenset({"502", "500"})),
            {"and": [{"or": [seg("501"), seg("503")]}, {"not": seg("500")}, {"not": seg("502")}]},
        ),
    ],
)
def test_the_canonical_shape(targeting: Targeting, tree: dict[str, Any]) -> None:
    """The tree is flat and sorted, and a single node stands by itself."""
    assert encode(targeting) == tree


@pytest.mark.parametrize(
    "tree",
    [
        {"and": [{"and": [seg("501"), {"not": seg("502")}]}, {"not": seg("503")}]},
        {"and": [seg("501"), {"not": {"or": [seg("502"), seg("503")]}}]},
        {"and": [{"not": {"not": seg("501")}}, {"not": seg("503")}, {"not": seg("502")}, {"not": seg("502")}]},
        {"and": [{"or": [seg("501")]}, {"or": [seg("501"), seg("504")]}, {"not": seg("502")}, {"not": seg("503")}]},
        {"not": {"or": [seg("502"), seg("503"), {"not": seg("501")}]}},
        {"and": [seg("501") | {"and": None, "or": None, "not": None}, {"not": seg("502")}, {"not": seg("503")}]},
    ],
)
def test_equivalent_shapes_are_understood(tree: dict[str, Any]) -> None:
    """A tree that somebody wrote differently is no difference."""
    assert decode(tree) == Targeting(include=frozenset({"501"}), exclude=frozenset({"502", "503"}))


@pytest.mark.parametrize(
    "tree",
    [
        None,
        {},
        "501",
        {"and": []},
        {"or": None},
        {"xor": [seg("501")]},
        {"and": [seg("501"), {"atLeast": [seg("502")]}]},
        {"and": seg("501")},
        seg("501") | {"not": seg("502")},
        *({"audienceSegmentId": odd} for odd in (["501"], {"id": "501"}, True, 501.0)),
    ],
)
def test_unknown_shapes_are_not_guessed_at(tree: Any) -> None:
    """A node of a kind that is not documented makes the whole tree unknown, and is never an error."""
    assert decode(tree) is None


def test_an_unknown_shape_still_tells_its_segments() -> None:
    """Which lists somebody's audience uses is known even where its meaning is not."""
    tree = {"and": [seg("501"), {"atLeast": {"count": 2, "of": [seg("502"), {"not": seg("503")}]}}]}
    assert mentioned(tree) == {"501", "502", "503"}


@pytest.mark.parametrize(
    ("tree", "include", "exclude"),
    [
        ({"and": [seg("502"), seg("501")]}, {"501", "502"}, set()),
        ({"or": [seg("501"), {"not": seg("502")}]}, {"501"}, {"502"}),
        ({"or": [seg("503"), {"and": [seg("502"), seg("501")]}]}, {"501", "502", "503"}, set()),
        ({"and": [seg("501"), {"not": {"and": [seg("503"), seg("502")]}}]}, {"501"}, {"502", "503"}),
        ({"not": seg("501")}, set(), {"501"}),
    ],
)
def test_other_shapes_are_kept_as_a_formula(tree: Any, include: set[str], exclude: set[str]) -> None:
    """What is more than any of some and none of others is kept whole, with what brings in and what keeps out."""
    targeting = decode(tree)
    assert targeting is not None
    assert targeting.algebra is not None
    assert targeting.include == include
    assert targeting.exclude == exclude


def test_nothing_included_is_refused() -> None:
    """An audience of exclusions alone is never written."""
    with pytest.raises(ValueError, match="at least one segment"):
        encode(Targeting(include=frozenset(), exclude=frozenset({"501"})))
