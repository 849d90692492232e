"""Criteo's own kinds that can't become what is wanted are replaced, in one apply or, when it breaks off, in several."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from tests.flows.shop import Done, Shop, resource

pytestmark = pytest.mark.switches(empty_seed="taken", in_market_ids="optional", kind_limits="none")

RETARGETING = "retargeting: { visitorsType: All, daysSinceLastVisitMin: 0, daysSinceLastVisitMax: 30 }"
PROSPECTING = "prospecting: { usersType: Prospects }"
CREATE, UPDATE, DELETE = "CreateAudienceSegments", "UpdateAudienceSegments", "DeleteAudienceSegments"


def workspace(shop: Shop, kind: str, *, seed: str = "buyers") -> None:
    """Define `visitors` of a kind, included here and excluded there, and a lookalike."""
    shop.definitions = f"""segments:
  visitors: {{ name: Visitors, criteo: {{ {kind} }} }}
  buyers: {{ name: Buyers, who: {{ event: purchase, within: 7d }} }}
  like: {{ name: Like, criteo: {{ lookalike: {{ seed: {seed} }} }} }}
audiences:
  back: {{ include: [visitors], exclude: [buyers] }}
  new: {{ include: [like], exclude: [visitors] }}
"""


@pytest.fixture
def ready(shop: Shop) -> Shop:
    """A shop whose first version is applied."""
    shop.people([f"buyer{number}" for number in range(3)], "purchase", "1d")
    shop.criteo.authorize()
    workspace(shop, RETARGETING)
    shop.apply()
    return shop


def is_done(shop: Shop) -> bool:
    """Whether everything is as wanted: the right kind under the right name, once, in both audiences, and no more."""
    ids = shop.lists()
    assert set(ids) == {"Visitors", "Buyers", "Like"}
    kinds = Counter(
        each["attributes"]["type"]
        for each in shop.criteo.search("/audience-segments", {"advertiserIds": ["42"]}).json()["data"]
    )
    assert {kinds[each] for each in ("Prospecting", "ContactList", "Lookalike")} == {1}
    assert not kinds["Retargeting"] + kinds["InMarket"]
    audiences = shop.audiences()
    without_buyers = {"and": [{"audienceSegmentId": ids["Visitors"]}, {"not": {"audienceSegmentId": ids["Buyers"]}}]}
    without_visitors = {"and": [{"audienceSegmentId": ids["Like"]}, {"not": {"audienceSegmentId": ids["Visitors"]}}]}
    assert audiences["back"]["algebra"] == without_buyers
    assert audiences["new"]["algebra"] == without_visitors
    empty: bool = shop.plan()["summary"]["empty"]
    return empty


def test_another_kind_replaces_it_in_one_apply(ready: Shop) -> None:
    """The new one is made beside the old one, the audiences turn to it, the old one goes and leaves its name."""
    workspace(ready, PROSPECTING)
    plan = ready.plan()
    assert resource(plan, "segment.visitors")["sign"] == "-/+"
    assert resource(plan, "segment.visitors.(old)")["sign"] == "-"
    assert not [each for each in plan["resources"] if each["drift"]]
    assert (plan["summary"]["add"], plan["summary"]["destroy"]) == (1, 1)
    ready.apply()
    assert is_done(ready)


@pytest.mark.switches(algebra="any")
def test_one_takes_the_others_place_in_one_call(ready: Shop) -> None:
    """An audience never names both, which Criteo may not take, and a new exclusion beside it still goes first."""
    workspace(ready, PROSPECTING)
    phases = [each["phase"] for each in ready.plan()["steps"] if each["address"] == "audience.new"]
    assert phases == ["loosen"]
    ready.definitions = ready.definitions.replace("exclude: [visitors] }", "exclude: [visitors, buyers] }")
    phases = [each["phase"] for each in ready.plan()["steps"] if each["address"] == "audience.new"]
    assert phases == ["restrict", "loosen"]


def test_the_plan_is_there_as_text_and_markdown(ready: Shop) -> None:
    """Every format shows what is replaced, and by what."""
    workspace(ready, PROSPECTING)
    text = ready.run("plan").out
    assert '-/+ segment.visitors        replace: "Visitors"' in text
    assert "criteo: retargeting -> prospecting" in text
    assert "segment.visitors.(old)" in ready.run("plan", "--format", "markdown").out


FAULTS = [
    ("503", CREATE),
    ("close_after", CREATE),
    ("close_after", "UpdateAudiences"),
    ("503", DELETE),
    ("close_after", DELETE),
    ("close_after", UPDATE),
]


@pytest.mark.parametrize(("kind", "operation"), FAULTS)
def test_the_next_run_goes_on_where_one_broke_off(ready: Shop, kind: str, operation: str) -> None:
    """Whatever call is lost or refused, nothing is there twice and nothing is left in the end."""
    workspace(ready, PROSPECTING)
    ready.criteo.fault(kind, operation=operation, count=4)
    first = ready.run("apply", "--auto-approve")
    assert first.code in (0, 6), first
    assert ready.criteo.http.get("/emulator/faults/injected").json()
    ends(ready)


def ends(shop: Shop) -> list[Done]:
    """Clear the faults and apply until it is all done, twice at most."""
    shop.criteo.http.delete("/emulator/faults")
    runs = []
    for _ in range(2):
        runs.append(shop.run("apply", "--auto-approve"))
        if runs[-1].code == 0 and shop.plan()["summary"]["empty"]:
            break
    assert is_done(shop), [each.out + each.err for each in runs]
    return runs


@pytest.mark.parametrize("operation", [CREATE, "UpdateAudiences"])
def test_the_next_run_goes_on_where_one_was_killed(ready: Shop, operation: str) -> None:
    """A process that dies while a call is answered has written no new state: both segments are found all the same."""
    workspace(ready, PROSPECTING)
    before = ready.asked()
    ready.criteo.fault("slow", operation=operation, seconds=3.0)
    with ready.start("apply", "--auto-approve") as process:
        while not ready.requests(before, operation) and process.poll() is None:
            time.sleep(0.02)
        process.kill()
        process.communicate(timeout=60)
    assert process.returncode == -9
    while "Visitors (new)" not in ready.lists():
        time.sleep(0.02)
    ready.sync()
    ends(ready)


def test_a_change_of_mind_halfway_leaves_one(ready: Shop) -> None:
    """When the old one can't be deleted and a third kind is wanted, both go, and the third one gets the name."""
    workspace(ready, "in_market: { country: FR }")
    ready.criteo.fault("503", operation=DELETE, count=4)
    assert ready.run("apply", "--auto-approve").code == 6
    workspace(ready, PROSPECTING)
    ends(ready)


def test_another_seed_makes_another_lookalike(ready: Shop) -> None:
    """Criteo can't change a seed: the lookalike is replaced, and so is what grows from it in turn."""
    workspace(ready, RETARGETING, seed="visitors")
    ids = ready.lists()
    plan = ready.plan()
    assert resource(plan, "segment.like")["sign"] == "-/+"
    assert {"path": "criteo.lookalike.seed", "before": "segment.buyers", "after": "segment.visitors"} in resource(
        plan, "segment.like"
    )["changes"]
    ready.apply()
    assert ready.lists()["Like"] != ids["Like"]
    assert ready.plan()["summary"]["empty"]


@pytest.mark.switches(behavioral="off", filter_based="off")
def test_what_grows_from_something_replaced_is_replaced(ready: Shop) -> None:
    """A lookalike of the old visitors goes before these do, and a new one grows from the new ones."""
    workspace(ready, RETARGETING, seed="visitors")
    ready.apply()
    workspace(ready, PROSPECTING, seed="visitors")
    assert resource(ready.plan(), "segment.like")["sign"] == "-/+"
    ready.apply()
    found = {
        each["attributes"]["name"]: each
        for each in ready.criteo.search("/audience-segments", {"advertiserIds": ["42"]}).json()["data"]
    }
    assert set(found) == {"Visitors", "Buyers", "Like"}
    assert found["Like"]["attributes"]["lookalike"]["seedSegmentId"] == found["Visitors"]["id"]
    assert ready.plan()["summary"]["empty"]


def test_what_somebody_else_uses_stays_and_is_told(ready: Shop) -> None:
    """An audience that is not ours keeps the old one alive: all the rest is done, and the plan says who uses it."""
    old = ready.lists()["Visitors"]
    ready.criteo.new_audience("Theirs", {"audienceSegmentId": old})
    workspace(ready, PROSPECTING)
    assert ready.run("apply", "--auto-approve").code == 3
    assert set(ready.lists()) == {"Visitors", "Visitors (new)", "Buyers", "Like"}
    done = ready.run("plan")
    assert done.code == 3
    assert "segment.visitors.(old)" in done.out
    assert '"Theirs"' in done.out
