"""Laws of formulas, held against all assignments."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.algebra import (
    And,
    Formula,
    Leaf,
    Not,
    Or,
    any_but,
    canonical,
    excluded,
    from_plain,
    holds,
    implies,
    included,
    means,
    possible,
    sides,
    to_plain,
)

NAMES = "abcd"
WORLDS = [frozenset(each) for size in range(len(NAMES) + 1) for each in combinations(NAMES, size)]
formulas: st.SearchStrategy[Formula] = st.recursive(
    st.sampled_from(NAMES).map(Leaf),
    lambda below: st.one_of(
        below.map(Not),
        st.lists(below, min_size=1, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(below, min_size=1, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=8,
)


def truth(formula: Formula) -> list[bool]:
    return [holds(formula, world) for world in WORLDS]


@given(formulas)
def test_the_canonical_form_means_the_same(formula: Formula) -> None:
    """It holds in exactly the same worlds."""
    assert truth(canonical(formula)) == truth(formula)


@given(formulas)
def test_the_canonical_form_is_canonical(formula: Formula) -> None:
    """Once more changes nothing, no operator stands in itself, and none has a single part or one twice."""
    once = canonical(formula)
    assert canonical(once) == once
    waiting = [once]
    while waiting:
        match waiting.pop():
            case Not(of):
                assert not isinstance(of, Not)
                waiting.append(of)
            case And(parts) | Or(parts) as group:
                assert len(set(parts)) == len(parts) > 1
                assert not any(type(part) is type(group) for part in parts)
                waiting += parts


@given(formulas)
def test_order_and_nesting_do_not_matter(formula: Formula) -> None:
    """Parts in another order, groups within groups, and what is denied twice have the same canonical form."""
    assert canonical(shuffled(formula)) == canonical(formula)


def shuffled(formula: Formula) -> Formula:
    match formula:
        case Leaf():
            return Not(Not(formula))
        case Not(of):
            return Not(And((shuffled(of),)))
        case And(parts) | Or(parts):
            kind = type(formula)
            first, *rest = map(shuffled, reversed(parts))
            return kind((kind((first, *rest)), first))


@given(formulas, formulas)
def test_implication_is_that_of_all_worlds(one: Formula, other: Formula) -> None:
    """One formula implies another iff no world has the one without the other."""
    assert implies(one, other) == all(b or not a for a, b in zip(truth(one), truth(other), strict=True))
    assert means(one, other) == (truth(one) == truth(other))


@given(formulas)
def test_a_formula_is_possible_where_some_world_has_it(formula: Formula) -> None:
    """Whether anybody can be in an audience is told without trying all worlds."""
    assert possible(formula) == any(truth(formula))


@given(formulas)
def test_what_brings_in_and_what_keeps_out(formula: Formula) -> None:
    """Only lists that stand there without a denial can bring somebody in, and only denied ones keep somebody out."""
    for name in NAMES:
        pairs = [(holds(formula, world), holds(formula, world | {name})) for world in WORLDS if name not in world]
        assert name in included(formula) or all(before or not after for before, after in pairs)
        assert name in excluded(formula) or all(after or not before for before, after in pairs)


@given(formulas)
def test_formulas_survive_being_written(formula: Formula) -> None:
    """What the workspace and the state hold is read back."""
    assert from_plain(to_plain(formula)) == formula


@pytest.mark.parametrize(
    "value", [None, 1, {}, [], {"and": []}, {"xor": ["a"]}, {"not": ["a"]}, {"or": ["a"], "not": "b"}]
)
def test_what_is_no_formula_is_refused(value: object) -> None:
    """Nothing else is read as one."""
    with pytest.raises(ValueError, match="no formula"):
        from_plain(value)


@given(st.frozensets(st.sampled_from(NAMES), min_size=1), st.frozensets(st.sampled_from(NAMES)))
def test_sides_are_those_of_a_plain_formula(include: frozenset[str], exclude: frozenset[str]) -> None:
    """Any of some, none of others: told apart from everything else."""
    assert sides(any_but(include, exclude)) == (include, exclude)


@pytest.mark.parametrize("value", [{"and": ["a", "b"]}, {"not": "a"}, {"or": ["a", {"not": "b"}]}])
def test_other_formulas_have_no_sides(value: object) -> None:
    """What is more than that is kept whole."""
    assert sides(canonical(from_plain(value))) is None
