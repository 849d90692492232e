"""From what is wanted, what is and who belongs to a plan."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.membership import Cause, ListMembership, Movement
from reconciler.plan.build import build
from reconciler.plan.changes import Action, AttributeChange, Operation
from tests.plan.builders import (
    WORKSPACE,
    applied,
    at_criteo,
    bought,
    cart,
    definition,
    desired,
    members,
    nothing,
    remote_segment,
    segment,
)
from tests.plan.planning import WHOLE, A, blocks, ids, moving, planned, step


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
