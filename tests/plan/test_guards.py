"""Every guard on both sides of both bounds."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from reconciler.errors import Blocked
from reconciler.model.address import Address
from reconciler.model.conditions import SLICE, Condition, Event, Group, Pick, SegmentRef
from reconciler.model.definition import Definition, Slice, Who
from reconciler.model.membership import Cause, ListMembership, Movement
from reconciler.model.settings import Guards
from reconciler.model.time import parse_window
from reconciler.model.workspace import Expected
from reconciler.plan.guards import ALL, UNSURE, Guarded, Verdict, check_clock, judge
from reconciler.plan.targeting import Usage
from tests.plan.builders import AS_OF, attribute, bought, definition

A = Address("segment.a")
HOT, WARM = Address("segment.cart.hot"), Address("segment.cart.warm")
UNUSED = Usage(frozenset(), frozenset())
EXCLUDED = Usage(frozenset(), frozenset({A, HOT, WARM}))


def losing(before: int, added: int = 0, address: Any = A, moved: Any = None, **causes: int) -> ListMembership:
    """A list with removals by cause; of these, `moved` by cause go to a sister slice."""
    removed = {Cause(name): count for name, count in causes.items()}
    wanted = before + added - sum(removed.values())
    return ListMembership(
        address=address, before=before, wanted=wanted, added=added, removed_by=removed, moved_by=moved or {}
    )


def verdict(
    *lists: ListMembership,
    limits: Guards | None = None,
    usage: Usage = UNUSED,
    expected: Expected | None = None,
    allow_empty: bool = False,
    draining: bool = False,
    who: Definition | None = None,
) -> Verdict:
    segment = Guarded(
        key=lists[0].address.split(".")[1],
        lists=lists,
        definition=who or definition(),
        expected=expected,
        allow_empty=allow_empty,
        draining=draining,
    )
    return judge((segment,), limits or Guards(), usage)


def guards_of(found: Verdict) -> list[tuple[str, str]]:
    return [(block.address, block.guard) for block in found.blocks]


@pytest.mark.parametrize(
    ("cause", "guard", "share"),
    [
        ("gone", "max_gone", 30),
        ("unmet", "max_gone", 30),
        ("definition", "max_changed", 30),
        ("excluded", "max_gone", 60),
    ],
)
def test_a_share_is_exceeded_only_beyond_it(cause: str, guard: str, share: int) -> None:
    """Exactly the share passes, one more is stopped: that cause alone, with the additions."""
    limits = Guards(min_count=0)
    at = verdict(losing(1000, added=5, **{cause: 10 * share}), limits=limits)
    beyond = verdict(losing(1000, added=5, **{cause: 10 * share + 1}, aged=7), limits=limits)

    assert at.blocks == ()
    assert at.stopped == frozenset()
    assert [(A, guard)] == guards_of(beyond)
    assert ALL - {Cause(cause)} == beyond.selection[A].causes
    assert not beyond.selection[A].add
    assert beyond.stopped == {A}


@pytest.mark.parametrize("cause", ["gone", "unmet", "definition", "excluded"])
def test_a_count_is_exceeded_only_beyond_it(cause: str) -> None:
    """However large the share: exactly `min_count` passes, one more is stopped."""
    assert verdict(losing(60, **{cause: 50})).blocks == ()
    assert len(verdict(losing(60, **{cause: 51})).blocks) == 1


@pytest.mark.parametrize("cause", ["aged", "consent", "period", "forgotten"])
def test_some_causes_are_never_stopped_by_their_share(cause: str) -> None:
    """Time, consent, periods and forgetting empty a list as far as they go."""
    assert verdict(losing(1000, **{cause: 999})).blocks == ()


def test_each_cause_is_judged_by_itself() -> None:
    """Two causes below their limits are not added up."""
    assert verdict(losing(1000, gone=300, unmet=300, definition=300)).blocks == ()


def test_limits_come_from_the_workspace() -> None:
    """A looser limit lets the same removals pass, and a tighter one stops them."""
    assert verdict(losing(1000, gone=400), limits=Guards(max_gone=Fraction(1, 2))).blocks == ()
    assert [(A, "max_gone")] == guards_of(verdict(losing(1000, gone=200), limits=Guards(max_gone=Fraction(1, 10))))
    assert [(A, "max_changed")] == guards_of(
        verdict(losing(1000, definition=200), limits=Guards(max_changed=Fraction(1, 10)))
    )


def test_the_message_says_the_figures_and_the_limit_to_change() -> None:
    """Whoever is stopped finds the knob in the message."""
    (block,) = verdict(losing(600, gone=240)).blocks

    assert (
        "240 of 600 would leave as gone (40 %), more than max_gone 30 % and min_count 50; if this is right, raise "
        "`guards.max_gone` or `guards.min_count`"
    ) == block.message


def test_slices_count_as_one_list() -> None:
    """A share of one slice is nothing when it is little of the segment; a share of the segment stops every slice."""
    little = verdict(losing(100, address=HOT, gone=90), losing(1000, address=WARM))
    much = verdict(losing(100, address=HOT, gone=90), losing(100, address=WARM, added=1))

    assert little.blocks == ()
    assert [("segment.cart", "max_gone")] == guards_of(much)
    assert not much.selection[WARM].add
    assert much.stopped == {HOT, WARM}


def test_moving_on_to_a_sister_slice_is_no_loss() -> None:
    """Whoever goes to a younger slice leaves this list as `unmet`, and is not lost."""
    moving = losing(1000, address=HOT, unmet=400, moved={Cause.UNMET: 200})

    assert verdict(moving, losing(0, address=WARM, added=200)).blocks == ()


def test_a_stopped_list_that_is_excluded_still_grows() -> None:
    """Additions to an excluded list restrict, and restricting is rarely blocked."""
    found = verdict(losing(1000, added=5, gone=400), usage=EXCLUDED)

    assert found.selection[A].add
    assert Cause.GONE not in found.selection[A].causes


def test_additions_wait_with_a_move_that_is_withheld() -> None:
    """Slices never overlap: who has to stay in one is not added to the other."""
    moving = losing(1000, address=HOT, unmet=400, moved={Cause.UNMET: 50})
    found = verdict(moving, losing(1000, address=WARM, added=50), expected=Expected(at_least=1900))

    assert [("segment.cart", "expected_members")] == guards_of(found)
    assert not found.selection[WARM].add


@pytest.mark.parametrize("cause", ["aged", "consent", "gone", "excluded"])
def test_a_list_that_would_hold_nobody_is_stopped_whole(cause: str) -> None:
    """Whatever the causes, and however few people they are."""
    found = verdict(losing(3, **{cause: 3}))

    assert [(A, "emptiness")] == guards_of(found)
    assert found.selection[A].causes == frozenset()
    assert "holds 3" in found.blocks[0].message
    assert "allow_empty: true" in found.blocks[0].message


def test_one_that_stays_is_enough() -> None:
    """Almost empty is not empty."""
    assert verdict(losing(3, aged=2)).blocks == ()
    assert verdict(losing(3, added=1, aged=3)).blocks == ()


@pytest.mark.parametrize("causes", [{"period": 3}, {"forgotten": 3}, {"period": 2, "forgotten": 1}])
def test_a_period_that_ends_and_forgetting_may_empty_a_list(causes: dict[str, int]) -> None:
    """Both are meant."""
    assert verdict(losing(3, **causes)).blocks == ()


def test_a_period_with_anything_else_is_stopped() -> None:
    """One removal for another cause is enough to ask."""
    assert [(A, "emptiness")] == guards_of(verdict(losing(3, period=2, aged=1)))


def test_a_segment_may_allow_emptiness() -> None:
    """`allow_empty: true` is the way to say that it is right."""
    assert verdict(losing(3, aged=3), allow_empty=True).blocks == ()


def test_a_list_that_was_empty_may_stay_so() -> None:
    """Only a list that holds somebody can be emptied."""
    assert verdict(losing(0)).blocks == ()


EVER = Event(("purchase",))
VIP = attribute("vip", True)


@pytest.mark.parametrize(
    ("condition", "stopped"),
    [
        (bought("24h"), False),
        (bought("1441m"), True),
        (EVER, True),
        (VIP, True),
        (Group(all=(bought("4h"), VIP), none=(bought("30d"),)), False),
        (Group(any=(bought("4h"), bought("2d"))), True),
        (Group(all=(SegmentRef("other"),)), False),
    ],
    ids=[
        "a day",
        "a minute more",
        "ever",
        "no window",
        "exclusions do not count",
        "one is longer",
        "through a segment",
    ],
)
def test_lists_of_a_day_at_most_may_run_empty(condition: Condition, stopped: bool) -> None:
    """A quiet day empties a list of short windows, and only such a list."""
    who = Definition(who=Who(condition), segments=(("other", Who(bought("3h"))),))

    assert stopped is bool(verdict(losing(3, aged=3), who=who).blocks)


def test_a_slice_is_judged_by_its_own_window() -> None:
    """The young slice may run empty, the old one may not."""
    latest = Event(("cart_added",), within=SLICE, measure=Pick())
    who = Definition(who=Who(latest, (Slice("hot", parse_window("4h")), Slice("warm", parse_window("1d..3d")))))

    found = verdict(losing(3, address=HOT, aged=3), losing(3, address=WARM, aged=3), who=who)

    assert [(WARM, "emptiness")] == guards_of(found)
    assert ALL == found.selection[HOT].causes
    assert {HOT, WARM} == found.stopped


def test_a_slice_whose_people_all_moved_on_may_run_empty() -> None:
    """Nobody is lost."""
    moving = losing(3, address=HOT, aged=3, moved={Cause.AGED: 3})

    assert verdict(moving, losing(5, address=WARM, added=3)).blocks == ()


@pytest.mark.parametrize(("count", "stopped"), [(99, True), (100, False), (500, False), (501, True)])
def test_a_first_fill_stays_within_what_is_expected(count: int, stopped: bool) -> None:
    """Outside the range nothing is added, whoever uses the list."""
    for usage in (UNUSED, EXCLUDED):
        found = verdict(losing(0, added=count), expected=Expected(at_least=100, at_most=500), usage=usage)

        assert stopped is bool(found.blocks)
        assert stopped is not found.selection[A].add


def test_a_first_fill_without_expectation_is_not_limited() -> None:
    """There is nothing to hold it against."""
    assert verdict(losing(0, added=1_000_000)).blocks == ()


def test_growth_stops_at_what_is_expected() -> None:
    """Above `at_most` additions wait and removals go; in an excluded list they go too, for they restrict."""
    expected = Expected(at_most=500)
    at, beyond = losing(490, added=10), losing(490, added=12, aged=1)

    assert verdict(at, expected=expected).blocks == ()
    found = verdict(beyond, expected=expected)
    assert [(A, "expected_members")] == guards_of(found)
    assert (False, ALL) == (found.selection[A].add, found.selection[A].causes)
    assert verdict(beyond, expected=expected, usage=EXCLUDED).selection[A].add


def test_shrinking_above_the_expected_needs_no_guard() -> None:
    """A list that is too long may only become shorter."""
    assert verdict(losing(600, aged=10), expected=Expected(at_most=500)).blocks == ()


def test_shrinking_stops_at_what_is_expected() -> None:
    """Below `at_least` the doubtful causes wait; time and consent go on."""
    expected = Expected(at_least=100)

    assert verdict(losing(110, gone=10), expected=expected).blocks == ()
    found = verdict(losing(110, gone=9, aged=2), expected=expected)
    assert [(A, "expected_members")] == guards_of(found)
    assert ALL - UNSURE == found.selection[A].causes
    assert verdict(losing(110, aged=11), expected=expected).blocks == ()


def test_a_frozen_list_is_told_and_the_rest_of_it_goes() -> None:
    """Membership has taken out what waits; consent still goes, and the definition does not count as applied."""
    frozen = ListMembership(
        address=A, before=100, wanted=40, removed_by={Cause.CONSENT: 2}, frozen=("purchase is stale.",)
    )
    found = verdict(frozen)

    assert [(A, "frozen", "purchase is stale.")] == [(each.address, each.guard, each.message) for each in found.blocks]
    assert ALL == found.selection[A].causes
    assert found.stopped == {A}


def test_slices_are_frozen_in_one_sentence() -> None:
    """What holds for every slice is said once."""
    lists = [ListMembership(address=each, before=1, wanted=1, frozen=("stale.",)) for each in (HOT, WARM)]

    assert [("segment.cart", "frozen")] == guards_of(verdict(*lists))


def test_what_is_drained_is_let_through() -> None:
    """`removed` was reviewed; nothing is added on the way out."""
    found = verdict(losing(1000, added=1, definition=1000), draining=True)

    assert found.blocks == ()
    assert (False, ALL) == (found.selection[A].add, found.selection[A].causes)


def test_what_is_said_again_is_no_removal() -> None:
    """People in doubt were never in the ledger: taking them out again does not count towards a share."""
    again = ListMembership(address=A, before=10, wanted=10, resent=Movement(0, 5000))

    assert verdict(again).blocks == ()


def test_a_clock_before_the_last_applied_one_is_refused() -> None:
    """Equal is fine; a second earlier is not."""
    check_clock(AS_OF, AS_OF, None)
    check_clock(AS_OF, None, None)

    with pytest.raises(Blocked, match="before the last applied one"):
        check_clock(AS_OF, AS_OF + dt.timedelta(seconds=1), None)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_machine_clock_that_is_off_is_refused(sign: int) -> None:
    """Five minutes either way pass, a second more does not."""
    limit = sign * dt.timedelta(minutes=5)
    check_clock(AS_OF, None, limit)

    with pytest.raises(Blocked, match="not to be trusted"):
        check_clock(AS_OF, None, limit + sign * dt.timedelta(seconds=1))
