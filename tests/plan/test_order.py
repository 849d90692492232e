"""Laws of the order, on random workspaces, random drift and random movement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.desired import Desired
from reconciler.model.address import Address
from reconciler.model.membership import Cause, ListMembership
from reconciler.plan.build import build
from reconciler.plan.changes import Operation, Phase, Plan, Step
from reconciler.plan.order import find_rings
from tests.plan.builders import applied, at_criteo, audience, cart, desired, ids_of, members, nothing, segment

LISTS = ("a", "b", "c", "cart.hot", "cart.warm")
PHASES = tuple(Phase)
algebras = st.tuples(
    st.sets(st.sampled_from(LISTS), min_size=1, max_size=3), st.sets(st.sampled_from(LISTS), max_size=3)
)
movements = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=len(LISTS), max_size=len(LISTS))


def workspace(targets: Iterable[tuple[set[str], set[str]]], ad_sets: bool) -> Desired:
    segments = (segment("a"), segment("b"), segment("c"), segment("cart", cart("hot", "warm")))
    audiences = (
        audience(f"x{at}", include, exclude, ad_sets=(str(at + 1),) if ad_sets else ())
        for at, (include, exclude) in enumerate(targets)
    )
    return desired(*segments, *audiences)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, Desired, Desired]:
    """A plan with what was applied before it and what it wants."""
    pairs = draw(st.lists(st.tuples(algebras, algebras), min_size=1, max_size=3))
    linked = draw(st.booleans())
    old = workspace((before for before, _ in pairs), linked)
    new = workspace((after for _, after in pairs), draw(st.booleans()) or linked)
    moves = (
        ListMembership(
            address=Address(f"segment.{name}"),
            before=1000,
            wanted=1000 + added - removed,
            added=added,
            removed_by={Cause.AGED: removed} if removed else {},
        )
        for name, (added, removed) in zip(LISTS, draw(movements), strict=True)
    )
    membership = members(*moves)
    if draw(st.booleans()):
        return build(new, at_criteo(old), applied(old), membership), old, new
    fresh = (replace(each, before=0, wanted=each.added, removed_by={}) for each in membership.lists.values())
    return build(new, nothing(), None, members(*fresh)), new, new


def reach(steps: dict[str, Step], start: str) -> set[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        fresh = steps[ahead.pop()].needs - seen
        seen |= fresh
        ahead += fresh
    return seen


@given(plans())
@settings(max_examples=150, deadline=None)
def test_no_step_comes_before_what_it_needs(drawn: tuple[Plan, Desired, Desired]) -> None:
    """The steps are sorted, and so the needs have no cycle and name no step that is not there."""
    plan, _, _ = drawn
    seen: set[str] = set()
    for step in plan.steps:
        assert step.needs <= seen
        seen.add(step.id)


@given(plans())
@settings(max_examples=150, deadline=None)
def test_no_step_needs_one_of_a_later_phase(drawn: tuple[Plan, Desired, Desired]) -> None:
    """Restricting never waits for loosening."""
    plan, _, _ = drawn
    steps = {step.id: step for step in plan.steps}
    for step in plan.steps:
        for need in step.needs:
            assert PHASES.index(steps[need].phase) <= PHASES.index(step.phase)


@given(plans())
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_on_the_way(drawn: tuple[Plan, Desired, Desired]) -> None:
    """Without a block every movement has its step, and every audience ends as it is wanted."""
    plan, old, new = drawn
    assert plan.blocks == ()
    moved = {(step.address, step.operation): step.count for step in plan.steps}
    for each in plan.membership.lists.values():
        assert each.added == moved.get((each.address, Operation.ADD), 0)
        assert each.removed == moved.get((each.address, Operation.REMOVE), 0)
    before = {each.address: (each.include, each.exclude) for each in old.audiences}
    for wanted in new.audiences:
        edits = [(each.include, each.exclude) for each in plan.steps if each.address == wanted.address and each.include]
        last = edits[-1] if edits else before[wanted.address]
        assert (wanted.include, wanted.exclude) == last


@given(plans())
@settings(max_examples=200, deadline=None)
def test_nobody_is_added_to_an_audience_before_all_that_restricts_it(drawn: tuple[Plan, Desired, Desired]) -> None:
    """Every addition to an included list comes after what is excluded and narrowed of each audience that includes it;
    only the lists of a named cycle do not wait for each other's additions.
    """
    plan, old, new = drawn
    steps = {step.id: step for step in plan.steps}
    rings = [frozenset(cycle) for cycle in plan.cycles]
    for before, after in zip(old.audiences, new.audiences, strict=True):
        included, excluded = {*before.include, *after.include}, {*before.exclude, *after.exclude}
        for address in included:
            addition = f"add {address}"
            if addition not in steps:
                continue
            waits = reach(steps, addition)
            excused = next((ring for ring in rings if address in ring), frozenset())
            assert f"restrict {after.address}" not in steps or f"restrict {after.address}" in waits
            for other in excluded - excused - {address}:
                assert f"add {other}" not in steps or f"add {other}" in waits
            for other in included:
                assert f"remove {other}" not in steps or f"remove {other}" in waits


@given(plans())
@settings(max_examples=150, deadline=None)
def test_a_narrowed_audience_targets_nobody_new(drawn: tuple[Plan, Desired, Desired]) -> None:
    """After the first of two edits it includes no more lists and excludes no fewer than before, and never none."""
    plan, old, _ = drawn
    before = {each.address: each for each in old.audiences}
    for step in plan.steps:
        if step.id.startswith("restrict audience"):
            assert step.include
            assert set(step.include) <= set(before[step.address].include)
            assert set(step.exclude or ()) >= set(before[step.address].exclude)


@given(plans())
@settings(max_examples=100, deadline=None)
def test_links_come_after_everything_of_their_audience(drawn: tuple[Plan, Desired, Desired]) -> None:
    """An ad set never carries an audience that is half done."""
    plan, _, new = drawn
    steps = {step.id: step for step in plan.steps}
    lists = {each.address: {*each.include, *each.exclude} for each in new.audiences}
    for step in plan.steps:
        if step.operation is Operation.LINK:
            own = {each.id for each in plan.steps if each.address in lists[step.address] | {step.address}}
            own -= {each.id for each in plan.steps if each.operation in {Operation.LINK, Operation.UNLINK}}
            own -= {each.id for each in plan.steps if each.operation is Operation.RECORD}
            assert own <= reach(steps, step.id)


@given(plans())
@settings(max_examples=100, deadline=None)
def test_the_same_values_give_the_same_plan(drawn: tuple[Plan, Desired, Desired]) -> None:
    """Planning twice gives the same steps in the same order."""
    plan, old, new = drawn
    if plan.lineage is not None:
        assert plan == build(new, at_criteo(old), applied(old), plan.membership)


@given(st.dictionaries(st.sampled_from("abcdef"), st.frozensets(st.sampled_from("abcdef"))))
def test_rings_are_groups_that_reach_each_other(drawn: dict[str, frozenset[str]]) -> None:
    """Compared with the definition of a strongly connected component, node by node."""
    graph = {node: needs & drawn.keys() for node, needs in drawn.items()}

    def ahead(start: str) -> set[str]:
        seen = set(graph[start])
        while more := {each for node in seen for each in graph[node]} - seen:
            seen |= more
        return seen

    mutual = {frozenset({b for b in graph if b in ahead(a) and a in ahead(b)} | {a}) for a in graph}
    assert {each for each in mutual if len(each) > 1} == set(find_rings(graph))


def test_the_ids_of_the_builders_do_not_collide() -> None:
    """The laws above would be about nothing if two lists shared an id."""
    ids = ids_of(workspace([({"a"}, {"b"})], ad_sets=True))

    assert len(set(ids.values())) == len(ids)
