"""When Criteo misbehaves: what can be done is done, the rest is named, and the next apply completes."""

from __future__ import annotations

import signal
import time

import pytest

from tests.flows.shop import AMEND, NOW, Shop, blocked_by, names, span

DEFINITIONS = """\
segments:
  buyers: { name: Buyers, who: { event: purchase, within: 7d } }
  viewers: { name: Viewers, who: { event: page_viewed, within: 7d } }
audiences:
  lookers: { name: Lookers, include: [viewers], exclude: [buyers], ad_sets: ["700123"] }
  shoppers: { name: Shoppers, include: [buyers] }
"""
EACH_OTHER = """\
segments:
  buyers: { name: Buyers, who: { event: purchase, within: 7d } }
  viewers: { name: Viewers, who: { event: page_viewed, within: 7d } }
audiences:
  lookers: { name: Lookers, include: [viewers], exclude: [buyers], ad_sets: ["700123"] }
  shoppers: { name: Shoppers, include: [buyers], exclude: [viewers], ad_sets: ["700124"] }
"""
LATER = NOW + span("3h")


@pytest.fixture
def ready(shop: Shop) -> Shop:
    """A workspace that is about to be applied."""
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 10), "purchase", "2h")
    shop.people(names("viewer", 10), "page_viewed", "2h")
    return shop


def is_complete(shop: Shop) -> None:
    """Everything is at Criteo, once, and the plan is empty."""
    assert sorted(shop.lists()) == ["Buyers", "Viewers"]
    assert sorted(shop.audiences()) == ["Lookers", "Shoppers"]
    assert shop.members("Buyers") == set(names("buyer", 10))
    assert shop.members("Viewers") == set(names("viewer", 10))
    assert shop.audiences()["Lookers"]["adSetIds"] == ["700123"]
    assert shop.plan()["summary"]["empty"]


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (AMEND, "503"),
        (AMEND, "close_after"),
        ("CreateAudienceSegments", "503"),
        ("CreateAudiences", "close_before"),
        ("UpdateAdSetAudience", "close_after"),
    ],
)
def test_a_second_apply_completes_what_a_fault_broke_off(ready: Shop, operation: str, kind: str) -> None:
    """For as long as Criteo misbehaves the apply ends in 6 and says what is left; then one more apply does the rest,
    and nothing is there twice.
    """
    ready.criteo.fault(kind, operation=operation, count=None)
    done = ready.apply(code=6)
    assert "steps are not done" in done.err
    ready.criteo.http.delete("/emulator/faults")
    ready.apply()
    is_complete(ready)


@pytest.mark.parametrize(
    ("operation", "kind"), [("CreateAudienceSegments", "close_after"), ("CreateAudiences", "truncated")]
)
def test_what_was_made_although_its_answer_was_lost_is_found_again(ready: Shop, operation: str, kind: str) -> None:
    """The same apply finds it by its mark and goes on: exit 0, and nothing is there twice."""
    ready.criteo.fault(kind, operation=operation, count=None)
    ready.apply()
    is_complete(ready)


def test_one_list_that_fails_holds_up_only_what_waits_for_it(ready: Shop) -> None:
    """The list that is excluded somewhere can't be filled: what it protects waits, by name, and the rest is done."""
    ready.definitions += "  all: { name: All, include: [others] }\n"
    ready.definitions = ready.definitions.replace(
        "audiences:\n", "  others: { name: Others, who: { event: page_viewed, within: 7d } }\naudiences:\n"
    )
    ready.criteo.fault("503", operation=AMEND, path="/500/", count=None)
    done = ready.apply(code=6)
    assert ready.lists()["Buyers"] == "500"
    assert ready.members("Buyers") == set()
    assert ready.members("Viewers") == set()
    assert ready.members("Others") == set(names("viewer", 10))
    assert ready.audiences()["Lookers"]["adSetIds"] == []
    assert "segment.buyers" in done.out
    assert "skipped" in done.err


def test_a_bulk_call_that_fails_in_part_is_read_rightly(ready: Shop) -> None:
    """Somebody takes one of two names after we looked, and Criteo tells it in `warnings`: the other list is made, the
    apply ends in 6, and the next plan says whose name it is.
    """
    ready.criteo.authorize()
    create = {"operation": "CreateAudienceSegments"}
    ready.criteo.fault("effect_later", seconds=1.0, **create)
    ready.criteo.fault("slow", seconds=1.2, failed_items="warnings", **create)
    theirs = ready.criteo.new_list("Buyers")
    ready.apply(code=6)
    assert ready.members("Viewers") == set()
    assert ready.criteo.members(theirs) == []
    assert ("segment.buyers", "name") in blocked_by(ready.plan(code=3))


def test_a_token_that_dies_is_renewed(ready: Shop) -> None:
    """One renewal, the call is made again, and nobody notices."""
    ready.criteo.fault("token_dead", operation=AMEND)
    ready.apply()
    assert len(ready.requests(0, "OAuth2Token")) == 2
    is_complete(ready)


def test_two_audiences_that_exclude_each_others_lists_apply_without_deadlock(ready: Shop) -> None:
    """Both lists are filled and both ad sets linked; the plan says that their additions wait for removals alone."""
    ready.definitions = EACH_OTHER
    document = ready.plan()
    assert document["cycles"] == [["segment.buyers", "segment.viewers"]]
    assert "exclude each other" in ready.run("plan").out
    ready.apply()
    is_complete(ready)


@pytest.fixture
def in_a_ring(ready: Shop) -> Shop:
    """Lists that exclude each other; at the later clock three leave each of them and three others come."""
    ready.definitions = EACH_OTHER
    ready.people(names("ageing", 3), "page_viewed", "167h")
    ready.people(names("older", 3), "purchase", "167h")
    ready.apply()
    ready.people(names("coming", 3), "page_viewed", "1h")
    ready.people(names("next", 3), "purchase", "1h")
    return ready


def test_a_cycle_still_removes_before_it_adds(in_a_ring: Shop) -> None:
    """In a ring of exclusions every removal is answered before the first addition begins."""
    asked = in_a_ring.asked()
    in_a_ring.apply(at=LATER)
    calls = in_a_ring.requests(asked, AMEND)
    removals = [each for each in calls if each["contact_list_operation"] == "remove"]
    additions = [each for each in calls if each["contact_list_operation"] == "add"]
    assert (len(removals), len(additions)) == (2, 2)
    assert max(each["answered_order"] for each in removals) < min(each["arrived_order"] for each in additions)
    assert in_a_ring.members("Viewers") == {*names("viewer", 10), *names("coming", 3)}


def test_a_cycle_adds_nothing_while_a_removal_of_it_fails(in_a_ring: Shop) -> None:
    """The removal from one list is refused: nobody enters either of the two until it went through."""
    in_a_ring.criteo.fault("503", operation=AMEND, path=f"/{in_a_ring.lists()['Viewers']}/", count=None)
    in_a_ring.apply(at=LATER, code=6)
    assert in_a_ring.members("Buyers") == set(names("buyer", 10))
    in_a_ring.criteo.http.delete("/emulator/faults")
    in_a_ring.apply(at=LATER)
    assert in_a_ring.members("Buyers") == {*names("buyer", 10), *names("next", 3)}


def test_an_interrupted_apply_saves_what_is_done(ready: Shop) -> None:
    """Ctrl-C while the first list is on its way: exit 130 after that list, and the next apply does the rest alone."""
    ready.criteo.fault("slow", operation=AMEND, seconds=1.5)
    with ready.start("apply", "--auto-approve") as process:
        while not ready.requests(0, AMEND) and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "safe point" in err
    assert "the run was interrupted" in out
    asked = ready.asked()
    ready.apply()
    assert [each["identifiers"] for each in ready.requests(asked, AMEND)] == [10]
    is_complete(ready)
