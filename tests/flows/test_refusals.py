"""What is not ours, or can't be right, is refused and left as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.emulator.caller import audience_of, list_of
from tests.flows.conftest import Opener
from tests.flows.shop import NOW, Shop, blocked_by, members_of, names

DEFINITIONS = """\
segments:
  buyers:
    name: Buyers
    who: { event: purchase, within: 7d }
audiences:
  loyal:
    name: Loyal
    include: [buyers]
    ad_sets: ["700123"]
"""


@pytest.fixture
def buyers(shop: Shop) -> Shop:
    """A workspace that is not applied yet; the shop's own hand at Criteo has a token."""
    shop.criteo.authorize()
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 100), "purchase", "2h")
    return shop


def test_a_clock_before_the_last_applied_one_is_refused(buyers: Shop) -> None:
    """Plan, apply and sync end in 3 and name both clocks; nothing is written."""
    buyers.apply()
    asked, files = buyers.asked(), buyers.state_files()
    for command in (["plan"], ["apply", "--auto-approve"], ["sync"]):
        done = buyers.run(*command, at=NOW - timedelta(minutes=1))
        assert done.code == 3
        assert "2026-11-21T17:59" in done.err
        assert "2026-11-21T18:00" in done.err
    assert [] == buyers.writes(asked)
    assert snapshot(files) == snapshot(buyers.state_files())


def snapshot(files: dict[str, tuple[bytes, int]]) -> tuple[bytes, int]:
    return next(content for path, content in files.items() if path.endswith("snapshot.json"))


@pytest.mark.parametrize(("minutes", "side"), [(6, "behind"), (-6, "ahead of")])
def test_a_machine_clock_far_from_criteos_is_refused(buyers: Shop, minutes: int, side: str) -> None:
    """Six minutes off is refused where the machine's clock is used, and does not matter where --as-of is given."""
    buyers.criteo.advance(minutes * 60)
    done = buyers.run("apply", "--auto-approve", at=None)
    assert (done.code, done.out) == (3, "")
    assert f"{side} Criteo's clock" in done.err
    assert "--as-of" in done.err
    assert [] == buyers.writes()
    assert buyers.run("plan").code == 0


def test_a_machine_clock_close_to_criteos_is_taken(buyers: Shop) -> None:
    """Four minutes off is near enough."""
    buyers.criteo.advance(240)
    assert buyers.run("plan", at=None).code == 0


@pytest.mark.parametrize(("gone", "frozen"), [(30, False), (31, True)])
def test_a_source_with_fewer_rows_freezes_its_lists(buyers: Shop, gone: int, frozen: bool) -> None:
    """A feed that has lost more than max_gone of its customers is a broken feed: both figures are told, exit 3."""
    buyers.apply()
    for key in names("buyer", gone):
        del buyers.customers[key]
    document = buyers.plan(code=3 if frozen else 0)
    assert blocked_by(document) == ({("segment.buyers", "frozen")} if frozen else set())
    if frozen:
        message = document["blocks"][0]["message"]
        assert message.startswith("customers: 69 now, 100 at the last apply")
        assert "max_gone allows 30%" in message
        buyers.apply(code=3)
        assert len(buyers.members("Buyers")) == 100


def test_a_source_with_fewer_events_freezes_its_lists(buyers: Shop) -> None:
    """Half of the events are missing: nobody leaves because of it."""
    buyers.apply()
    del buyers.events[50:]
    document = buyers.plan(code=3)
    assert blocked_by(document) == {("segment.buyers", "frozen")}
    assert document["blocks"][0]["message"].startswith("events: 50 now, 100 at the last apply")


def test_a_source_with_fewer_valid_addresses_freezes_its_lists(buyers: Shop) -> None:
    """A broken e-mail column is a broken feed, with as many rows as ever."""
    buyers.apply()
    for key in names("buyer", 40):
        buyers.customer(key, email="n/a")
    document = buyers.plan(code=3)
    assert blocked_by(document) == {("segment.buyers", "frozen")}
    assert document["blocks"][0]["message"].startswith("valid identifiers: 60 now, 100 at the last apply")


def test_a_frozen_source_is_measured_against_the_last_good_one(buyers: Shop) -> None:
    """An apply over half a feed does not make the half the measure of the next."""
    buyers.apply()
    del buyers.events[50:]
    buyers.people(["viewer"], "page_viewed", "1h")
    buyers.apply(code=3)
    assert blocked_by(buyers.plan(code=3)) == {("segment.buyers", "frozen")}


def test_the_name_of_a_list_that_is_not_ours_is_not_taken(buyers: Shop) -> None:
    """Somebody's list bears the name: exit 3 with the ways out, and theirs keeps its members."""
    theirs = buyers.criteo.new_list("Buyers")
    buyers.criteo.amend(theirs, "add", ["0" * 64], identifierType="email")
    document = buyers.plan(code=3)
    assert ("segment.buyers", "name") in blocked_by(document)
    assert '"Buyers"' in next(each["message"] for each in document["blocks"] if each["guard"] == "name")
    buyers.apply(code=3)
    assert buyers.criteo.members(theirs) == ["0" * 64]
    assert set(buyers.lists()) == {"Buyers"}
    buyers.definitions = DEFINITIONS.replace("name: Buyers", "name: Our buyers")
    buyers.apply()
    assert len(buyers.members("Our buyers")) == 100


def test_the_name_of_an_audience_that_is_not_ours_is_not_taken(buyers: Shop) -> None:
    """The same for audiences; the list below it is filled all the same."""
    theirs = buyers.criteo.new_list("Theirs")
    buyers.criteo.new_audience("Loyal", {"audienceSegmentId": theirs})
    assert ("audience.loyal", "name") in blocked_by(buyers.plan(code=3))
    buyers.apply(code=3)
    assert len(buyers.members("Buyers")) == 100
    assert theirs in str(buyers.audiences()["Loyal"]["algebra"])


def test_an_ad_set_that_carries_somebody_elses_audience_is_left_alone(buyers: Shop) -> None:
    """Exit 3, the ad set by its id, and the link stays; once it is undone at Criteo the next apply links."""
    theirs = buyers.criteo.new_audience("Theirs", {"audienceSegmentId": buyers.criteo.new_list("Theirs")})
    buyers.criteo.link("700123", theirs)
    document = buyers.plan(code=3)
    assert blocked_by(document) == {("audience.loyal", "ad_set")}
    assert 'ad_set["700123"]' in document["blocks"][0]["message"]
    buyers.apply(code=3)
    assert buyers.audiences()["Theirs"]["adSetIds"] == ["700123"]
    buyers.criteo.link("700123", None)
    buyers.apply()
    assert buyers.audiences()["Loyal"]["adSetIds"] == ["700123"]


def test_the_mark_of_another_workspace_is_respected(buyers: Shop, open_shop: Opener) -> None:
    """A second workspace that wants a name of the first one's is refused, and the first one's list is untouched."""
    buyers.apply()
    buyers.settings["workspace"] = "other-shop"
    buyers.settings["state"] = ".reconciler-other"
    done = buyers.run("apply", "--auto-approve")
    assert done.code == 3
    assert "corner-shop" in done.err
    assert len(buyers.members("Buyers")) == 100


def test_drift_is_shown_apart_and_put_right(buyers: Shop) -> None:
    """What somebody renamed in Criteo's console is told as such, with exit 2 where asked, and named back."""
    buyers.apply()
    item = {"id": buyers.lists()["Buyers"], "type": "AudienceSegment", "attributes": {"name": "Hers"}}
    assert buyers.criteo.bulk("PATCH", "/audience-segments", item).status_code == 200
    done = buyers.run("plan", "--detailed-exitcode", "--format", "json")
    (found,) = (each for each in done.document["resources"] if each["drift"])
    assert (done.code, found["address"]) == (2, "segment.buyers")
    assert found["drift"] == [{"path": "name", "before": "Buyers", "after": "Hers"}]
    buyers.apply()
    assert set(buyers.lists()) == {"Buyers"}


def test_unmanaged_things_are_never_touched(buyers: Shop) -> None:
    """Lists and audiences of somebody else go through plan, apply and removal of ours as they were."""
    theirs = buyers.criteo.new_list("Somebody's")
    buyers.criteo.ids(buyers.criteo.bulk("POST", "/audience-segments/create", list_of("Another")))
    buyers.criteo.ids(buyers.criteo.bulk("POST", "/audiences/create", audience_of("A", {"audienceSegmentId": theirs})))
    before = buyers.lists()
    buyers.apply()
    assert members_of(buyers.plan(), "buyers")["before"] == 100
    assert before.items() <= buyers.lists().items()
    assert "A" in buyers.audiences()


def test_a_list_that_somebody_deleted_is_not_made_anew_by_itself(buyers: Shop) -> None:
    """What was sent to it is lost with it: exit 3 with the way out, which then works."""
    definitions = buyers.definitions = DEFINITIONS.partition("audiences:")[0]
    buyers.apply()
    item = {"id": buyers.lists()["Buyers"], "type": "AudienceSegment"}
    assert buyers.criteo.bulk("POST", "/audience-segments/delete", item).status_code == 200
    document = buyers.plan(code=3)
    assert blocked_by(document) == {("segment.buyers", "gone")}
    assert "contents: keep" in document["blocks"][0]["message"]
    buyers.sync(code=3)
    buyers.definitions = "removed: { segment.buyers: { contents: keep } }\n"
    buyers.apply()
    buyers.definitions = definitions
    buyers.apply()
    assert len(buyers.members("Buyers")) == 100


def test_a_list_in_somebody_elses_audience_is_drained_and_not_deleted(buyers: Shop) -> None:
    """Their audience would lose its target without a word: exit 3 with the name of their audience, until it lets go."""
    buyers.definitions = DEFINITIONS.partition("audiences:")[0]
    buyers.apply()
    theirs = buyers.criteo.new_audience("Theirs", {"audienceSegmentId": buyers.lists()["Buyers"]})
    buyers.definitions = "removed: { segment.buyers: { contents: drain } }\n"
    done = buyers.apply(code=3)
    assert '"Theirs"' in done.out
    assert (buyers.members("Buyers"), set(buyers.audiences())) == (set(), {"Theirs"})
    item = {"id": theirs, "type": "Audience"}
    assert buyers.criteo.bulk("POST", "/audiences/delete", item).is_success
    buyers.apply()
    assert buyers.lists() == {}
