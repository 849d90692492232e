"""Laws of edits of formulas: what is cut off first only restricts, and the last edit is what is wanted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.address import Address, exclusions_address
from reconciler.model.algebra import And, Formula, Leaf, Not, Or, canonical, included, means
from reconciler.plan.targeting import Algebra, split_edit

NAMES = ("segment.a", "segment.b", "segment.c", "segment.d")
formulas: st.SearchStrategy[Formula] = st.recursive(
    st.sampled_from(NAMES).map(Leaf),
    lambda below: st.one_of(
        below.map(Not),
        st.lists(below, min_size=1, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(below, min_size=1, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=6,
).map(canonical)
algebras = formulas.filter(lambda formula: bool(included(formula))).map(Algebra.of)


def whole(algebra: Algebra) -> Formula:
    formula = algebra.whole
    assert formula is not None
    return formula


@given(algebras, algebras)
def test_what_restricts_targets_nobody_new_and_the_last_edit_is_what_is_wanted(old: Algebra, new: Algebra) -> None:
    """The first of two edits adds nobody to what is there, and what is left in the end is the new formula."""
    edits = split_edit(old, new, parts={}, several=True)
    last = edits.loosen or edits.restrict or old
    assert means(whole(last), whole(new))
    if edits.restrict is not None:
        assert means(And((whole(edits.restrict), whole(old))), whole(edits.restrict))


@given(st.sets(st.sampled_from(NAMES), min_size=2))
def test_a_list_of_exclusions_takes_the_place_of_its_parts_in_one_edit(parts: set[str]) -> None:
    """Once it holds them, to exclude it in their place restricts, and to go back loosens: never are there both."""
    union = exclusions_address("x")
    of_union = {union: frozenset(map(Address, parts))}
    separate = Algebra(frozenset({Address("segment.z")}), frozenset(map(Address, parts)))
    joined = Algebra(separate.include, frozenset({union}))
    there = split_edit(separate, joined, parts=of_union, several=False)
    back = split_edit(joined, separate, parts=of_union, several=True)
    assert (there.restrict, there.loosen) == (joined, None)
    assert (back.restrict, back.loosen) == (None, separate)
