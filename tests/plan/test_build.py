"""From what is wanted, what is and who belongs to a plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from reconciler.actual import Actual
from reconciler.desired import Desired
from reconciler.errors import Blocked, WorkspaceInvalid
from reconciler.model.address import Address
from reconciler.model.definition import Definition
from reconciler.model.mark import Mark, with_mark
from reconciler.model.membership import Cause, ListMembership, Membership, Movement
from reconciler.model.remote import RemoteAudience, Targeting
from reconciler.model.settings import IdentifierColumn
from reconciler.model.time import Period
from reconciler.model.workspace import Expected
from reconciler.plan.build import build, build_sync
from reconciler.plan.changes import Action, AttributeChange, Operation, Plan, Step
from reconciler.state.snapshot import Snapshot
from tests.plan.builders import (
    AS_OF,
    WORKSPACE,
    applied,
    at_criteo,
    audience,
    bought,
    cart,
    definition,
    desired,
    members,
    nothing,
    remote_segment,
    segment,
    still,
)

A, B, X = Address("segment.a"), Address("segment.b"), Address("audience.x")
PAST = Period(None, dt.date(2026, 1, 1))


def planned(
    new: Desired,
    old: Desired | None = None,
    *,
    actual: Actual | None = None,
    snapshot: Snapshot | None = None,
    membership: Membership | None = None,
) -> Plan:
    """The plan from what was applied (`old`, by default what is wanted) to what is wanted; nobody moves."""
    old = old or new
    return build(new, actual or at_criteo(old), snapshot or applied(old), membership or still(new, old))


def moving(address: str, added: int = 0, removed: int = 0, *, before: int = 1000) -> ListMembership:
    after = before + added - removed
    causes = {Cause.AGED: removed} if removed else {}
    return ListMembership(address=Address(address), before=before, wanted=after, added=added, removed_by=causes)


def ids(plan: Plan) -> list[str]:
    return [step.id for step in plan.steps]


def step(plan: Plan, name: str) -> Step:
    return next(each for each in plan.steps if each.id == name)


def blocks(plan: Plan) -> list[tuple[str, str]]:
    return [(each.address, each.guard) for each in plan.blocks]


WHOLE = desired(segment("a"), segment("b"), audience("x", ["a"], ["b"], ad_sets=("1",)))


def test_what_is_as_it_should_be_gives_an_empty_plan() -> None:
    """No step, no resource, no block, no note, no call."""
    plan = planned(WHOLE)

    assert plan.is_empty
    assert ((), (), (), {}, 0, 3) == (
        plan.resources,
        plan.blocks,
        plan.notes,
        plan.selection,
        plan.calls,
        plan.unchanged,
    )


def test_the_first_apply_makes_everything_in_order() -> None:
    """Lists, then the audience, then the excluded members, the included ones, and the link last of all."""
    lists = (moving("segment.a", 9, before=0), moving("segment.b", 3, before=0))

    plan = build(WHOLE, nothing(), None, members(*lists))

    assert [
        "create segment.a",
        "create segment.b",
        "create audience.x",
        "add segment.b",
        "add segment.a",
        'link audience.x ad_set["1"]',
    ] == ids(plan)
    assert {Action.CREATE} == {each.action for each in plan.resources}
    assert definition() == step(plan, "create segment.a").definition
    assert f"[reconciler {WORKSPACE} segment.a]" == step(plan, "create segment.a").description
    assert plan.lineage is None


def test_a_changed_description_updates_the_list_and_nothing_else() -> None:
    """No member moves and no definition is recorded."""
    old, new = desired(segment("a", description="Old")), desired(segment("a", description="New"))

    plan = planned(new, old)

    assert ["update segment.a"] == ids(plan)
    assert (AttributeChange("description", "Old", "New"),) == plan.resources[0].attributes
    assert (None, f"New [reconciler {WORKSPACE} segment.a]") == (plan.steps[0].name, plan.steps[0].description)
    assert not plan.moves_members


def test_a_description_that_is_no_longer_declared_goes() -> None:
    """We wrote it, so we take it back; the mark stays."""
    plan = planned(desired(segment("a")), desired(segment("a", description="Old")))

    assert f"[reconciler {WORKSPACE} segment.a]" == step(plan, "update segment.a").description


def test_words_that_nobody_declared_stay() -> None:
    """Only declared attributes are compared, as long as our mark is there."""
    world = at_criteo(WHOLE)
    noted = remote_segment(A, "a", "A note of somebody's")

    plan = planned(WHOLE, actual=replace(world, segments={**world.segments, A: noted}))

    assert plan.is_empty
    assert plan.resources == ()


def test_a_lost_mark_is_restored() -> None:
    """Without it we would not find what is ours; a second plan is then empty again."""
    world = at_criteo(WHOLE)
    bare = replace(world.segments[A], description=None)

    plan = planned(WHOLE, actual=replace(world, segments={**world.segments, A: bare}))

    assert ["update segment.a"] == ids(plan)
    assert f"[reconciler {WORKSPACE} segment.a]" == plan.steps[0].description


def test_a_new_name_is_an_update_in_the_first_phase() -> None:
    """Renaming keeps the list and its members."""
    plan = planned(desired(segment("a", name="New")), desired(segment("a", name="Old")))

    assert ["update segment.a"] == ids(plan)
    assert ("New", None) == (plan.steps[0].name, plan.steps[0].description)
    assert (AttributeChange("name", "Old", "New"),) == plan.resources[0].attributes


def test_a_changed_definition_that_moves_nobody_is_recorded() -> None:
    """Else the next plan would show it again, and a sync would run the old one."""
    new, old = desired(segment("a", definition(bought("7d")))), desired(segment("a", definition(bought("5d"))))

    plan = planned(new, old)

    assert [("record segment.a", Operation.RECORD, definition(bought("7d")))] == [
        (each.id, each.operation, each.definition) for each in plan.steps
    ]
    assert Action.UPDATE is plan.resources[0].action
    assert plan.changes_structure


def test_a_definition_is_recorded_after_its_members_moved() -> None:
    """A run that dies in between has not applied it."""
    new, old = desired(segment("a", definition(bought("7d")))), desired(segment("a", definition(bought("5d"))))

    plan = planned(new, old, membership=members(moving("segment.a", 5, 3)))

    assert ["remove segment.a", "add segment.a", "record segment.a"] == ids(plan)
    assert {"remove segment.a", "add segment.a"} == step(plan, "record segment.a").needs


def test_slices_record_their_definition_together() -> None:
    """One that is not done keeps the others from counting as applied."""
    old, new = desired(segment("cart", cart("hot", "warm"))), desired(segment("cart", cart("hot", "warm", none=())))

    plan = planned(new, old, membership=members(moving("segment.cart.hot"), moving("segment.cart.warm", 3)))

    assert {"add segment.cart.warm"} == step(plan, "record segment.cart.hot").needs


def test_a_definition_that_a_guard_holds_back_is_not_recorded() -> None:
    """The same question must come again in the next plan."""
    new, old = desired(segment("a", definition(bought("7d")))), desired(segment("a", definition(bought("5d"))))
    cut = ListMembership(
        address=A, before=100, wanted=30, removed_by={Cause.DEFINITION: 60, Cause.AGED: 10}, by_change=Movement(0, 60)
    )

    plan = planned(new, old, membership=members(cut))

    assert ["remove segment.a"] == ids(plan)
    assert 10 == plan.steps[0].count
    assert Cause.DEFINITION not in plan.selection[A].causes
    assert [("segment.a", "max_changed")] == blocks(plan)
    assert Action.BLOCKED is plan.resources[0].action


def test_people_in_doubt_are_said_again() -> None:
    """An otherwise empty plan has the steps that say it."""
    doubt = ListMembership(address=A, before=10, wanted=10, resent=Movement(4, 2))

    plan = planned(desired(segment("a")), membership=members(doubt))

    assert [("remove segment.a", 2), ("add segment.a", 4)] == [(each.id, each.count) for each in plan.steps]


def test_drift_is_shown_where_it_causes_a_step() -> None:
    """Somebody renamed the list at Criteo; the plan renames it back and says both."""
    world = at_criteo(WHOLE)
    renamed = replace(world.segments[A], name="Theirs")

    plan = planned(WHOLE, actual=replace(world, segments={**world.segments, A: renamed}))

    (resource,) = plan.resources
    assert (AttributeChange("name", "Theirs", "a"),) == resource.attributes
    assert (AttributeChange("name", "a", "Theirs"),) == resource.drift


def test_drift_that_cancels_a_step_is_shown_and_recorded() -> None:
    """Somebody made the change that is wanted: nothing is sent, and our record follows."""
    old, new = desired(segment("a", name="Old")), desired(segment("a", name="New"))

    plan = planned(new, old, actual=at_criteo(new))

    assert [(Operation.RECORD, "New")] == [(each.operation, each.name) for each in plan.steps]
    assert (AttributeChange("name", "Old", "New"),) == plan.resources[0].drift
    assert plan.resources[0].attributes == ()


def test_what_was_made_by_a_run_that_died_is_taken_in() -> None:
    """It is at Criteo with our mark and not in the snapshot: recorded, not made again."""
    plan = build(
        desired(segment("a")),
        at_criteo(desired(segment("a"))),
        applied(desired()),
        members(moving("segment.a", 5, before=0)),
    )

    assert ["add segment.a", "record segment.a"] == ids(plan)


def test_a_removed_segment_is_emptied_then_deleted() -> None:
    """And the audience lets go of it before."""
    new = desired(segment("b"), audience("x", ["b"]), removed={"segment.a": "drain"})
    old = desired(segment("a"), segment("b"), audience("x", ["a", "b"]))
    drained = ListMembership(address=A, before=1000, removed_by={Cause.DEFINITION: 1000})

    plan = planned(new, old, membership=members(drained, moving("segment.b")))

    assert ["restrict audience.x", "remove segment.a", "delete segment.a"] == ids(plan)
    assert {"restrict audience.x", "remove segment.a"} == step(plan, "delete segment.a").needs
    assert plan.blocks == ()


def test_a_segment_that_somebody_else_uses_is_drained_but_not_deleted() -> None:
    """Criteo would refuse; the message names their audience."""
    new, old = desired(removed={"segment.a": "drain"}), desired(segment("a"))
    theirs = {"Their audience": Targeting(include=frozenset({"id-segment.a"}))}
    drained = ListMembership(address=A, before=10, removed_by={Cause.AGED: 10})

    plan = planned(new, old, actual=at_criteo(old, foreign_audiences=theirs), membership=members(drained))

    assert ["remove segment.a"] == ids(plan)
    assert [("segment.a", "in_use")] == blocks(plan)
    assert '"Their audience"' in plan.blocks[0].message


def test_a_kept_resource_loses_our_mark_and_is_forgotten() -> None:
    """Nothing else is sent for it; with the mark it would be taken for ours, with its ledger lost."""
    plan = planned(desired(removed={"segment.a": "keep"}), desired(segment("a")), membership=members())

    assert [Operation.UPDATE_SEGMENT, Operation.FORGET] == [each.operation for each in plan.steps]
    assert plan.steps[0].description == ""
    assert plan.steps[1].needs == frozenset({plan.steps[0].id})
    assert Action.FORGET is plan.resources[0].action


def test_a_removed_audience_is_unlinked_then_deleted() -> None:
    """Criteo refuses to delete what an ad set carries."""
    new = desired(segment("a"), segment("b"), removed={"audience.x": "drain"})

    plan = planned(new, WHOLE)

    assert ['unlink audience.x ad_set["1"]', "delete audience.x"] == ids(plan)
    assert {'unlink audience.x ad_set["1"]'} == step(plan, "delete audience.x").needs


def test_an_entry_of_removed_that_has_done_its_work_is_noted() -> None:
    """It stops nothing."""
    plan = planned(desired(segment("a"), removed={"segment.z": "drain"}), desired(segment("a")))

    assert plan.is_empty
    assert ("segment.z is gone: its entry in `removed` can go too.",) == plan.notes


def test_an_audience_that_is_no_longer_asked_for_is_refused() -> None:
    """As a segment is."""
    with pytest.raises(WorkspaceInvalid, match=r"audience.x exists at Criteo"):
        planned(desired(segment("a"), segment("b")), WHOLE)


def test_a_name_of_somebody_else_blocks_the_creation_and_what_needs_it() -> None:
    """The rest goes on; the message has the ways out."""
    lists = (moving("segment.a", 9, before=0), moving("segment.b", 3, before=0))

    plan = build(WHOLE, at_criteo(desired(), foreign_segments=["b"]), None, members(*lists))

    assert ["create segment.a"] == ids(plan)
    assert ("segment.b", "name") == blocks(plan)[0]
    assert {"audience.x", "segment.a"} == {address for address, guard in blocks(plan) if guard == "dependency"}
    assert "give this one another `name`, or rename or delete theirs" in plan.blocks[0].message
    assert {"segment.a"} == plan.selection.keys() | {"segment.a"}


def test_a_rename_to_a_taken_name_is_blocked_alone() -> None:
    """Its members move on."""
    new, old = desired(segment("a", name="Taken")), desired(segment("a", name="Old"))

    plan = planned(
        new,
        old,
        actual=at_criteo(old, foreign_segments=["Taken"]),
        membership=members(moving("segment.a", 5)),
    )

    assert ["add segment.a"] == ids(plan)
    assert [("segment.a", "name")] == blocks(plan)


def test_a_name_that_moves_on_is_waited_for() -> None:
    """One list takes the name that another gives up."""
    old = desired(segment("a", name="One"), segment("b", name="Two"))
    new = desired(segment("a", name="Two"), segment("b", name="Three"))

    plan = planned(new, old)

    assert ["update segment.b", "update segment.a"] == ids(plan)
    assert {"update segment.b"} == step(plan, "update segment.a").needs


def test_a_name_whose_bearer_is_stuck_is_blocked() -> None:
    """The bearer would take a name of somebody else, and so keeps its own."""
    old = desired(segment("a", name="One"), segment("b", name="Two"))
    new = desired(segment("a", name="Two"), segment("b", name="Three"))

    plan = planned(new, old, actual=at_criteo(old, foreign_segments=["Three"]))

    assert plan.is_empty
    assert [("segment.a", "name"), ("segment.b", "name")] == blocks(plan)


def test_names_that_are_swapped_are_blocked() -> None:
    """No order of renamings does it."""
    old = desired(segment("a", name="One"), segment("b", name="Two"))
    new = desired(segment("a", name="Two"), segment("b", name="One"))

    plan = planned(new, old)

    assert plan.is_empty
    assert [("segment.a", "name"), ("segment.b", "name")] == blocks(plan)


def test_a_name_that_one_of_ours_still_bears_is_blocked() -> None:
    """The old list is deleted at the end of an apply, the new one is made at its start."""
    old, new = desired(segment("a", name="N")), desired(segment("b", name="N"), removed={"segment.a": "drain"})

    plan = planned(new, old, membership=members(moving("segment.a"), moving("segment.b", 5, before=0)))

    assert ("segment.b", "name") in blocks(plan)
    assert "create segment.b" not in ids(plan)
    assert "delete segment.a" in ids(plan)


def test_an_audience_that_is_gone_is_made_anew() -> None:
    """With its links; a note says so."""
    plan = planned(WHOLE, actual=at_criteo(WHOLE, gone=["audience.x"]))

    assert ["create audience.x", 'link audience.x ad_set["1"]'] == ids(plan)
    assert ("audience.x is no longer at Criteo and is made anew.",) == plan.notes


def test_a_list_that_is_gone_is_blocked_with_the_way_out() -> None:
    """Its ledger means nothing any more: a difference would leave it nearly empty. The rest goes on."""
    actual = at_criteo(WHOLE, gone=["segment.a"])

    plan = planned(WHOLE, actual=actual, membership=members(moving("segment.a", 5, 5), moving("segment.b", 2)))

    assert ["add segment.b"] == ids(plan)
    assert [("segment.a", "gone")] == blocks(plan)
    assert "removed: { segment.a: { contents: keep } }" in plan.blocks[0].message


def test_an_ad_set_of_another_audience_is_not_taken() -> None:
    """Somebody else linked it."""
    new = desired(segment("a"), audience("x", ["a"], ad_sets=("1", "2")))
    old = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)))

    plan = planned(new, old, actual=at_criteo(old, carried={"2": "900"}))

    assert plan.is_empty
    assert [("audience.x", "ad_set")] == blocks(plan)
    assert 'ad_set["2"] carries audience 900' in plan.blocks[0].message


def test_an_unknown_ad_set_is_blocked() -> None:
    """The others are linked."""
    old, new = (
        desired(segment("a"), audience("x", ["a"])),
        desired(segment("a"), audience("x", ["a"], ad_sets=("1", "9"))),
    )

    plan = planned(new, old)

    assert ['link audience.x ad_set["1"]'] == ids(plan)
    assert [("audience.x", "ad_set")] == blocks(plan)


def test_an_ad_set_moves_between_audiences_of_ours_in_one_step() -> None:
    """The new link replaces the old one, so that the ad set never targets everybody."""
    old = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)), audience("y", ["a"]))
    new = desired(segment("a"), audience("x", ["a"]), audience("y", ["a"], ad_sets=("1",)))

    assert ['link audience.y ad_set["1"]'] == ids(planned(new, old))


def test_an_audience_goes_after_its_ad_set_was_taken_over() -> None:
    """Criteo refuses to delete what an ad set carries."""
    old = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)), audience("y", ["a"]))
    new = desired(segment("a"), audience("y", ["a"], ad_sets=("1",)), removed={"audience.x": "drain"})

    plan = planned(new, old)

    assert ['link audience.y ad_set["1"]', "delete audience.x"] == ids(plan)
    assert {'link audience.y ad_set["1"]'} == step(plan, "delete audience.x").needs


def test_a_link_that_somebody_made_is_undone_where_ad_sets_are_declared() -> None:
    """Declared sets are compared as sets, and the drift is shown; undeclared ones are left alone."""
    none = desired(segment("a"), audience("x", ["a"]))
    one = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)))
    linked = {"2": "id-audience.x"}

    plan = planned(one, actual=at_criteo(one, carried=linked))

    assert ['unlink audience.x ad_set["2"]'] == ids(plan)
    assert (AttributeChange("ad_sets", None, 'ad_set["2"]'),) == plan.resources[0].drift
    assert planned(none, actual=at_criteo(none, carried=linked)).is_empty


def test_outside_its_period_an_audience_has_no_links() -> None:
    """Its algebra and its lists stay as they are."""
    old = desired(segment("a"), audience("x", ["a"], ad_sets=("1",)))
    new = desired(segment("a"), audience("x", ["a"], ad_sets=("1",), active=PAST))

    plan = planned(new, old)

    assert ['unlink audience.x ad_set["1"]'] == ids(plan)


def test_a_period_is_judged_in_the_workspaces_zone() -> None:
    """At 18:00 UTC it is the next day in Auckland already."""
    last_day = Period(None, AS_OF.date())
    new = desired(segment("a"), audience("x", ["a"], ad_sets=("1",), active=last_day))
    there = replace(new, settings=replace(new.settings, time_zone="Pacific/Auckland"))

    assert planned(new).is_empty
    assert ['unlink audience.x ad_set["1"]'] == ids(planned(there))


def test_an_edit_that_does_both_restricts_first() -> None:
    """First the common inclusions with all exclusions, then what is wanted."""
    old = desired(*(segment(key) for key in "abcd"), audience("x", ["a", "b"], ["c"]))
    new = desired(*(segment(key) for key in "abcd"), audience("x", ["b", "d"], ["a"]))

    plan = planned(new, old)

    assert ["restrict audience.x", "loosen audience.x"] == ids(plan)
    assert (("segment.b",), ("segment.a", "segment.c")) == (plan.steps[0].include, plan.steps[0].exclude)
    assert (("segment.b", "segment.d"), ("segment.a",)) == (plan.steps[1].include, plan.steps[1].exclude)
    assert {"restrict audience.x"} == plan.steps[1].needs


def test_an_edit_without_common_inclusions_is_not_narrowed() -> None:
    """An audience never includes nobody."""
    old = desired(segment("a"), segment("b"), audience("x", ["a"]))
    new = desired(segment("a"), segment("b"), audience("x", ["b"]))

    plan = planned(new, old)

    assert ["loosen audience.x"] == ids(plan)


@pytest.mark.parametrize(
    ("include", "exclude", "verb"),
    [
        (["a"], ["c"], "restrict"),
        (["a", "b"], ["c", "d"], "restrict"),
        (["a", "b", "d"], ["c"], "loosen"),
        (["a", "b"], [], "loosen"),
    ],
)
def test_an_edit_that_does_one_thing_is_one_call(include: list[str], exclude: list[str], verb: str) -> None:
    """Only mixed edits are cut."""
    lists = [segment(key) for key in "abcd"]
    old = desired(*lists, audience("x", ["a", "b"], ["c"]))

    assert [f"{verb} audience.x"] == ids(planned(desired(*lists, audience("x", include, exclude)), old))


def test_an_algebra_that_we_never_write_is_replaced() -> None:
    """Somebody built another shape at Criteo: shown as drift, written over before anything loosens."""
    world = at_criteo(WHOLE)
    theirs: RemoteAudience = replace(world.audiences[X], targeting=None)

    plan = planned(WHOLE, actual=replace(world, audiences={X: theirs}))

    assert ["restrict audience.x"] == ids(plan)
    assert (("segment.a",), ("segment.b",)) == (plan.steps[0].include, plan.steps[0].exclude)
    assert (AttributeChange("algebra", None, "a shape that reconciler never writes"),) == plan.resources[0].drift


def test_an_exclusion_that_somebody_added_goes_with_ours_in_place() -> None:
    """It is drift by Criteo's id, and what was reviewed replaces it."""
    world = at_criteo(WHOLE)
    theirs = Targeting(include=frozenset({"id-segment.a"}), exclude=frozenset({"id-segment.b", "777"}))

    plan = planned(WHOLE, actual=replace(world, audiences={X: replace(world.audiences[X], targeting=theirs)}))

    assert ["restrict audience.x"] == ids(plan)
    assert (AttributeChange("exclude", None, 'criteo_segment["777"]'),) == plan.resources[0].drift


def test_lists_that_exclude_each_other_are_a_named_cycle() -> None:
    """Their additions wait for removals alone, and nothing is stuck."""
    new = desired(segment("a"), segment("b"), audience("x", ["a"], ["b"]), audience("y", ["b"], ["a"]))

    plan = planned(new, membership=members(moving("segment.a", 5, 2), moving("segment.b", 5, 2)))

    assert ((A, B),) == plan.cycles
    assert {"remove segment.a", "remove segment.b"} == step(plan, "add segment.a").needs
    assert {"remove segment.a", "remove segment.b"} == step(plan, "add segment.b").needs


def test_removals_from_lists_that_are_only_excluded_come_last() -> None:
    """Taking somebody off an exclusion loosens: first whatever restricts the same audience."""
    plan = planned(WHOLE, membership=members(moving("segment.a", 0, 2), moving("segment.b", 5, 2)))

    assert ["add segment.b", "remove segment.a", "remove segment.b"] == ids(plan)
    assert {"add segment.b", "remove segment.a"} == step(plan, "remove segment.b").needs


def test_a_list_that_somebody_elses_audience_includes_counts_as_included() -> None:
    """Then leaving it restricts, and waits for nothing."""
    theirs = {"Theirs": Targeting(include=frozenset({"id-segment.b"}))}
    actual = at_criteo(WHOLE, foreign_audiences=theirs)

    plan = planned(WHOLE, actual=actual, membership=members(moving("segment.a"), moving("segment.b", 5, 2)))

    assert step(plan, "remove segment.b").needs == frozenset()


def test_an_addition_waits_for_removals_from_its_sister_slices() -> None:
    """Slices never overlap at Criteo either."""
    new = desired(segment("cart", cart("hot", "warm")))

    plan = planned(new, membership=members(moving("segment.cart.hot", 0, 3), moving("segment.cart.warm", 3)))

    assert {"remove segment.cart.hot"} == step(plan, "add segment.cart.warm").needs


def test_what_waits_for_a_held_exclusion_is_blocked_by_name() -> None:
    """Nobody is added to an audience whose exclusion may not be filled."""
    new = desired(segment("a"), segment("b", expected=Expected(at_least=100)), audience("x", ["a"], ["b"]))

    plan = planned(new, membership=members(moving("segment.a", 5), moving("segment.b", 9, before=0)))

    assert plan.is_empty
    assert [("segment.b", "expected_members"), ("segment.a", "dependency")] == blocks(plan)
    assert "`add segment.a` waits for `add segment.b`, which is blocked" == plan.blocks[1].message
    assert plan.selection == {}


def test_expectations_rest_outside_the_period() -> None:
    """A list that is drained by its period is not held against its usual size."""
    who = Definition(who=definition().who, active=PAST)
    new = desired(segment("a", who, expected=Expected(at_least=100)))
    drained = ListMembership(address=A, before=500, removed_by={Cause.PERIOD: 500})

    assert planned(new, membership=members(drained)).blocks == ()


def test_a_clock_that_goes_back_is_refused() -> None:
    """Before anything is compared."""
    with pytest.raises(Blocked):
        planned(WHOLE, snapshot=applied(WHOLE, as_of=AS_OF + dt.timedelta(minutes=1)))


@pytest.mark.parametrize(("count", "calls"), [(0, 0), (1, 6), (50_000, 6), (50_001, 7)])
def test_calls_are_counted_in_batches(count: int, calls: int) -> None:
    """A token, three searches, and one call for every 50,000 identifiers."""
    assert calls == planned(desired(segment("a")), membership=members(moving("segment.a", count))).calls


@pytest.mark.parametrize(("count", "calls"), [(1, 6), (2, 7), (50_001, 8)])
def test_calls_are_counted_by_type(count: int, calls: int) -> None:
    """A call takes identifiers of one type: the second type of a list costs one more."""
    new = desired(segment("a"))
    phone = IdentifierColumn(type="phoneNumber", column="phone")
    customers = replace(new.settings.source.customers, identifiers=(*new.settings.source.customers.identifiers, phone))
    new = replace(new, settings=replace(new.settings, source=replace(new.settings.source, customers=customers)))
    assert calls == planned(new, membership=members(moving("segment.a", count))).calls


@pytest.mark.parametrize(("count", "calls"), [(100, 6), (101, 7)])
def test_calls_are_counted_in_bulk(count: int, calls: int) -> None:
    """A hundred creations are one call."""
    new = desired(*(segment(f"s{number}") for number in range(count)))
    empty = still(new, holds=0)

    assert calls == build(new, nothing(), None, empty).calls


def synced(new: Desired, old: Desired, membership: Membership, actual: Actual | None = None) -> Plan:
    return build_sync(new, actual or at_criteo(old), applied(old), membership)


def test_a_sync_moves_members_and_touches_no_structure() -> None:
    """What is not applied yet is noted and left."""
    new = desired(segment("a", name="New"), segment("b"), audience("x", ["a"], ["b"]))

    plan = synced(new, WHOLE, members(moving("segment.a", 5, 3), moving("segment.b", 5)))

    assert ["add segment.b", "remove segment.a", "add segment.a"] == ids(plan)
    assert not plan.changes_structure
    assert [
        "audience.x differs from the workspace; that waits for an apply.",
        "segment.a differs from the workspace; that waits for an apply.",
    ] == list(plan.notes)


def test_a_sync_goes_on_when_yaml_is_gone() -> None:
    """An unapplied merge must not stop suppression."""
    plan = synced(desired(), WHOLE, members(moving("segment.a", 0, 3), moving("segment.b", 5)))

    assert ["add segment.b", "remove segment.a"] == ids(plan)
    assert len(plan.notes) == 3


def test_a_sync_without_anything_pending_is_empty() -> None:
    """No note, no step."""
    plan = synced(WHOLE, WHOLE, still(WHOLE))

    assert (True, (), ()) == (plan.is_empty, plan.notes, plan.resources)


def test_a_sync_is_guarded_by_the_workspaces_limits() -> None:
    """The YAML still gives guards and limits."""
    new = desired(segment("a", expected=Expected(at_most=100)))

    plan = synced(new, desired(segment("a")), members(moving("segment.a", 50, before=90)))

    assert plan.is_empty
    assert [("segment.a", "expected_members")] == blocks(plan)


def test_a_marked_description_in_a_record_is_read_without_its_mark() -> None:
    """A record may hold the description as it was sent."""
    new = desired(segment("a", description="Words"))
    old = applied(new)
    marked = replace(old.lists[A], description=with_mark("Words", Mark(WORKSPACE, A)))

    assert planned(new, snapshot=replace(old, lists={A: marked})).is_empty
