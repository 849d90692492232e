"""Audiences."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import Caller, audience_of, codes, digest, list_of
from tests.emulator.conftest import Make

A, B = {"audienceSegmentId": "500"}, {"audienceSegmentId": "501"}
CREATE, PATCH, DELETE = "/audiences/create", "/audiences", "/audiences/delete"


@pytest.fixture
def stocked(caller: Caller) -> Caller:
    """A world with the lists 500 and 501."""
    caller.new_list("one")
    caller.new_list("two")
    return caller


def test_a_created_audience_is_read_back_whole(stocked: Caller) -> None:
    """The algebra comes back as it was sent, and no ad set is linked."""
    stocked.set_clock("2026-11-21T10:00:00Z")
    stocked.authorize()
    tree = {"and": [A, {"not": B}]}
    created = stocked.bulk("POST", CREATE, audience_of("Cart", tree)).json()
    attributes: dict[str, Any] = {
        "name": "Cart",
        "description": None,
        "createdAt": "2026-11-21T10:00:00Z",
        "updatedAt": "2026-11-21T10:00:00Z",
        "advertiserId": "42",
        "adSetIds": [],
        "algebra": tree,
    }
    assert [{"id": "900", "type": "Audience", "attributes": attributes}] == created["data"]
    assert created["data"] == stocked.search("/audiences").json()["data"]


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        ({"audienceSegmentId": "777"}, "segment-not-found"),
        ({"and": [A, {"not": {"audienceSegmentId": "777"}}]}, "segment-not-found"),
        ({"and": []}, "invalid"),
        (None, "invalid"),
    ],
)
def test_a_bad_algebra_fails_its_item(stocked: Caller, tree: dict[str, Any] | None, code: str) -> None:
    """On create and on update alike; the other items are carried out."""
    made = stocked.bulk("POST", CREATE, audience_of("bad", tree), audience_of("good", A))
    assert ([code], ["900"]) == (codes(made), stocked.ids(made))
    changed = stocked.bulk("PATCH", PATCH, {"id": "900", "attributes": {"algebra": tree}})
    assert ([code], []) == (codes(changed), stocked.ids(changed))
    assert A == stocked.search("/audiences").json()["data"][0]["attributes"]["algebra"]


def test_an_algebra_of_the_wrong_types_is_400(stocked: Caller) -> None:
    """A number for an id, or a list below `not`, cannot be read."""
    for tree in ({"audienceSegmentId": 500}, {"not": [A]}, {"and": A}):
        assert 400 == stocked.bulk("POST", CREATE, audience_of("bad", tree)).status_code


def test_an_algebra_that_is_too_deep_is_400(stocked: Caller) -> None:
    """Rather than a failure of the emulator."""
    tree: dict[str, Any] = A
    for _ in range(500):
        tree = {"not": tree}
    answer = stocked.bulk("POST", CREATE, audience_of("deep", tree))
    assert (400, ["invalid"]) == (answer.status_code, codes(answer))


def test_a_segment_of_another_advertiser_is_not_found(make_caller: Make) -> None:
    """An audience is made of its own advertiser's segments."""
    caller = make_caller(advertisers=("42", "43"))
    caller.bulk("POST", "/audience-segments/create", list_of("theirs", "43"))
    assert ["segment-not-found"] == codes(caller.bulk("POST", CREATE, audience_of("A", A)))


def test_the_builder_rules_are_a_switch(make_caller: Make) -> None:
    """A tree of one exclusion alone passes without them."""
    for switches, expected in ((Switches(), []), (Switches(algebra="builder_rules"), ["invalid"])):
        caller = make_caller(switches=switches)
        caller.new_list()
        assert expected == codes(caller.bulk("POST", CREATE, audience_of("A", {"not": A})))


def test_names_are_unique_among_audiences_only(stocked: Caller) -> None:
    """An audience may be called what a segment is called."""
    answer = stocked.bulk("POST", CREATE, audience_of("one", A), audience_of("one", B), audience_of("", B))
    assert (["900"], ["name-must-be-unique", "name-must-not-be-empty"]) == (stocked.ids(answer), codes(answer))


def test_an_update_replaces_the_tree_and_unwraps_the_description(stocked: Caller) -> None:
    """What is not named stays."""
    stocked.new_audience("A", A)
    stocked.bulk("PATCH", PATCH, {"id": "900", "attributes": {"description": {"value": "text"}}})
    changed = stocked.bulk("PATCH", PATCH, {"id": "900", "attributes": {"algebra": B}}).json()["data"][0]
    assert ("A", "text", B) == tuple(changed["attributes"][name] for name in ("name", "description", "algebra"))
    plain = stocked.bulk("PATCH", PATCH, {"id": "900", "attributes": {"description": "plain"}})
    assert (400, ["invalid"]) == (plain.status_code, codes(plain))


def test_an_audience_in_use_is_not_deleted(stocked: Caller) -> None:
    """It goes when its ad set has been unlinked."""
    stocked.new_audience("A", A)
    stocked.link("700123", "900")
    refused = stocked.bulk("POST", DELETE, {"id": "900"}, {"id": "777"})
    assert ["audience-in-use", "audience-not-found"] == codes(refused)
    stocked.link("700123", None)
    assert ["900"] == stocked.ids(stocked.bulk("POST", DELETE, {"id": "900"}))
    assert [] == stocked.ids(stocked.search("/audiences"))


def test_a_deletion_may_be_answered_without_a_body(make_remote: Make) -> None:
    """By the switch, a 204 where nothing failed; the connection goes on."""
    remote = make_remote(switches=Switches(audiences_deleted=204))
    remote.new_list()
    for name in ("A", "B"):
        remote.new_audience(name, A)
    partly, wholly = (
        remote.bulk("POST", DELETE, *items) for items in ([{"id": "900"}, {"id": "777"}], [{"id": "901"}])
    )
    assert (200, ["900"]) == (partly.status_code, remote.ids(partly))
    assert (204, b"") == (wholly.status_code, wholly.content)
    assert [] == remote.ids(remote.search("/audiences"))


def test_search_finds_by_ad_set_and_by_segment(stocked: Caller) -> None:
    """Also by a segment that is excluded."""
    stocked.new_audience("A", A)
    stocked.new_audience("B", {"and": [B, {"not": A}]})
    stocked.link("700123", "901")

    def found(**filters: list[str]) -> list[str]:
        return stocked.ids(stocked.search("/audiences", filters))

    assert ["901"] == found(adSetIds=["700123"])
    assert ["900", "901"] == found(audienceSegmentIds=["500"])
    assert ["901"] == found(audienceSegmentIds=["501", "777"])
    assert ["900"] == found(audienceIds=["900"], advertiserIds=["42"])
    assert {"totalItems": 2, "limit": 1, "offset": 1} == stocked.search("/audiences", limit=1, offset=1).json()["meta"]


def test_sizes_follow_the_lists(stocked: Caller) -> None:
    """An audience is measured by its segments as of the last processing run."""
    stocked.set_clock("2026-11-21T10:00:00Z")
    stocked.authorize()
    stocked.amend("500", "add", [digest(number) for number in range(100)])
    stocked.new_audience("A", A)
    stocked.set_clock("2026-11-21T12:00:00Z")
    stocked.authorize()
    answer = stocked.bulk("POST", "/audiences/compute-sizes", {"id": "900"}, {"id": "777"})
    assert [{"id": "900", "type": "AudienceSize", "attributes": {"size": 64}}] == answer.json()["data"]
    assert ["audience-not-found"] == codes(answer)
