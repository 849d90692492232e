"""Open points of segments, audiences and ad sets: what the emulator does at each position of a switch."""

from __future__ import annotations

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import audience_of, codes, list_of, some_lists
from tests.emulator.conftest import Make

SEGMENTS, AUDIENCES = "/audience-segments", "/audiences"


@pytest.mark.parametrize(
    ("switches", "fails"),
    [
        (Switches(longest_name=0, longest_description=0), (False, False)),
        (Switches(longest_name=5), (True, False)),
        (Switches(longest_description=5), (False, True)),
    ],
)
def test_the_length_of_texts(make_caller: Make, switches: Switches, fails: tuple[bool, bool]) -> None:
    """A name or a description that is too long fails its item, when it is made and when it is changed."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    for number, (name, description) in enumerate([("long name", "d"), ("name", "long description")]):
        new = list_of(name)
        new["attributes"]["description"] = description
        change = {"name": f"{name}{number}"[-9:], "description": {"value": description}}
        for answer in (
            caller.bulk("POST", f"{SEGMENTS}/create", new),
            caller.bulk("PATCH", SEGMENTS, {"id": "500", "attributes": change}),
        ):
            assert bool(codes(answer)) == fails[number]


@pytest.mark.parametrize(
    ("switches", "status"), [(Switches(plain_in_update="refuse"), 400), (Switches(plain_in_update="accept"), 200)]
)
def test_a_nullable_field_sent_plain_in_an_update(make_caller: Make, switches: Switches, status: int) -> None:
    """It is a 400, or the value is taken; a wrapped one always is, and days of retargeting are never wrapped."""
    caller = make_caller(switches=switches)
    retargeting = {"visitorsType": "All", "daysSinceLastVisitMin": 0, "daysSinceLastVisitMax": 30}
    attributes = {"advertiserId": "42", "name": "r", "retargeting": retargeting}
    caller.bulk("POST", f"{SEGMENTS}/create", {"attributes": attributes})
    plain = caller.bulk("PATCH", SEGMENTS, {"id": "500", "attributes": {"description": "plain"}})
    assert plain.status_code == status
    changed = {"description": {"value": "wrapped"}, "retargeting": {"daysSinceLastVisitMax": 7}}
    read = caller.bulk("PATCH", SEGMENTS, {"id": "500", "attributes": changed}).json()["data"][0]["attributes"]
    assert (read["description"], read["retargeting"]["daysSinceLastVisitMax"]) == ("wrapped", 7)


@pytest.mark.parametrize(
    ("switches", "taken"), [(Switches(day_ranges="any"), True), (Switches(day_ranges="ordered"), False)]
)
def test_days_in_the_wrong_order(make_caller: Make, switches: Switches, taken: bool) -> None:
    """A smallest number of days above the largest is taken, or fails its item."""
    caller = make_caller(switches=switches)
    retargeting = {"visitorsType": "All", "daysSinceLastVisitMin": 9, "daysSinceLastVisitMax": 3}
    attributes = {"advertiserId": "42", "name": "r", "retargeting": retargeting}
    assert bool(caller.bulk("POST", f"{SEGMENTS}/create", {"attributes": attributes}).json()["data"]) == taken


@pytest.mark.parametrize(
    ("switches", "deleted", "tree"),
    [
        (
            Switches(delete_in_use="reject"),
            [],
            {"and": [{"audienceSegmentId": "500"}, {"not": {"audienceSegmentId": "501"}}]},
        ),
        (Switches(delete_in_use="unlink"), ["501"], {"and": [{"audienceSegmentId": "500"}]}),
        (
            Switches(delete_in_use="leave"),
            ["501"],
            {"and": [{"audienceSegmentId": "500"}, {"not": {"audienceSegmentId": "501"}}]},
        ),
    ],
)
def test_the_deletion_of_a_segment_in_use(
    make_caller: Make, switches: Switches, deleted: list[str], tree: object
) -> None:
    """The item fails, the audience lets go of the segment, or goes on naming what is no longer there."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a", "b")
    caller.new_audience("x", {"and": [{"audienceSegmentId": "500"}, {"not": {"audienceSegmentId": "501"}}]})
    assert deleted == caller.ids(caller.bulk("POST", f"{SEGMENTS}/delete", {"id": "501"}))
    assert tree == caller.search(AUDIENCES).json()["data"][0]["attributes"]["algebra"]
    assert caller.bulk("POST", f"{AUDIENCES}/compute-sizes", {"id": "900"}).json()["data"]


def test_an_audience_keeps_its_last_segment(make_caller: Make) -> None:
    """Where audiences let go of what is deleted, one of which nothing would be left does not."""
    caller = make_caller(switches=Switches(delete_in_use="unlink"))
    some_lists(caller, "a")
    caller.new_audience("x", {"or": [{"audienceSegmentId": "500"}]})
    assert codes(caller.bulk("POST", f"{SEGMENTS}/delete", {"id": "500"})) == ["segment-in-use"]


@pytest.mark.parametrize(
    ("switches", "deleted"), [(Switches(delete_in_use="reject"), False), (Switches(delete_in_use="unlink"), True)]
)
def test_the_deletion_of_an_audience_in_use(make_caller: Make, switches: Switches, deleted: bool) -> None:
    """The item fails, or the ad set targets nobody afterwards."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    caller.new_audience("x", {"audienceSegmentId": "500"})
    caller.link("700123", "900")
    answer = caller.bulk("POST", f"{AUDIENCES}/delete", {"id": "900"})
    assert codes(answer) == ([] if deleted else ["audience-in-use"])
    assert len(caller.ids(caller.search(AUDIENCES))) == (0 if deleted else 1)


@pytest.mark.parametrize(
    ("switches", "done"), [(Switches(delete_unknown="error"), []), (Switches(delete_unknown="ok"), ["999"])]
)
def test_the_deletion_of_what_is_not_there(make_caller: Make, switches: Switches, done: list[str]) -> None:
    """It fails, or counts as done."""
    caller = make_caller(switches=switches)
    for path in (SEGMENTS, AUDIENCES):
        assert done == caller.ids(caller.bulk("POST", f"{path}/delete", {"id": "999"}))


@pytest.mark.parametrize(
    ("switches", "taken"),
    [
        (Switches(algebra="any"), [True, True]),
        (Switches(algebra="blocked_shapes"), [True, False]),
        (Switches(algebra="builder_rules"), [False, False]),
    ],
)
def test_which_algebra_is_taken(make_caller: Make, switches: Switches, taken: list[bool]) -> None:
    """Any, any but three shapes, or at most three levels too."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    leaf = {"audienceSegmentId": "500"}
    deep = {"and": [{"or": [{"and": [leaf, leaf]}, leaf]}]}
    blocked = {"and": [leaf, {"not": leaf}, {"not": leaf}]}
    answers = [
        caller.bulk("POST", f"{AUDIENCES}/create", audience_of(str(place), tree))
        for place, tree in enumerate((deep, blocked))
    ]
    assert taken == [not codes(answer) for answer in answers]


@pytest.mark.parametrize(
    "switches", [Switches(unknown_in_algebra="segment-not-found"), Switches(unknown_in_algebra="invalid")]
)
def test_a_strange_segment_in_an_algebra(make_caller: Make, switches: Switches) -> None:
    """One that is not there, and one of another advertiser, fail the item with the same code."""
    caller = make_caller(advertisers=("42", "43"), switches=switches)
    caller.bulk("POST", f"{SEGMENTS}/create", list_of("theirs", "43"))
    for number in ("500", "999"):
        answer = caller.bulk("POST", f"{AUDIENCES}/create", audience_of("x", {"audienceSegmentId": number}))
        assert codes(answer) == [switches.unknown_in_algebra]


@pytest.mark.parametrize(
    ("switches", "status"),
    [(Switches(failed_link=400), 400), (Switches(failed_link=403), 403), (Switches(failed_link=404), 404)],
)
def test_a_link_that_fails(make_caller: Make, switches: Switches, status: int) -> None:
    """To an audience that is not there, or from an ad set that is not."""
    caller = make_caller(switches=switches)
    assert [status, status] == [caller.link("700123", "999").status_code, caller.link("1", None).status_code]


@pytest.mark.parametrize(
    ("switches", "status"), [(Switches(audiences_deleted=200), 200), (Switches(audiences_deleted=204), 204)]
)
def test_the_status_of_deleted_audiences(make_caller: Make, switches: Switches, status: int) -> None:
    """A 204 has no body."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    caller.new_audience("x", {"audienceSegmentId": "500"})
    answer = caller.bulk("POST", f"{AUDIENCES}/delete", {"id": "900"})
    assert (answer.status_code, bool(answer.content)) == (status, status == 200)


def test_an_id_that_is_deleted_once_though_it_stands_twice_is_no_failure(make_caller: Make) -> None:
    """Nothing failed, so it is a 204 where that is the status."""
    caller = make_caller(switches=Switches(audiences_deleted=204, repeated_ids="once"))
    some_lists(caller, "a")
    caller.new_audience("x", {"audienceSegmentId": "500"})
    assert 204 == caller.bulk("POST", f"{AUDIENCES}/delete", {"id": "900"}, {"id": "900"}).status_code


def test_an_audience_that_names_a_deleted_segment_can_be_renamed(make_caller: Make) -> None:
    """Only what an update sends is checked: the algebra stays what it is."""
    caller = make_caller(switches=Switches(delete_in_use="leave"))
    some_lists(caller, "a")
    caller.new_audience("x", {"audienceSegmentId": "500"})
    caller.bulk("POST", "/audience-segments/delete", {"id": "500"})
    answer = caller.bulk("PATCH", AUDIENCES, {"id": "900", "attributes": {"name": "y"}})
    assert [("y", {"audienceSegmentId": "500"})] == [
        (each["attributes"]["name"], each["attributes"]["algebra"]) for each in answer.json()["data"]
    ]


@pytest.mark.parametrize(
    ("switches", "failing"),
    [(Switches(computable_sizes="all"), []), (Switches(computable_sizes="estimable"), ["size-not-computable"])],
)
def test_which_sizes_can_be_computed(make_caller: Make, switches: Switches, failing: list[str]) -> None:
    """Those of every segment, or those of the types that can be estimated; audiences go by their segments."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    attributes = {"advertiserId": "42", "name": "m", "inMarket": {"country": "FR"}}
    caller.bulk("POST", f"{SEGMENTS}/create", {"attributes": attributes})
    caller.new_audience("x", {"audienceSegmentId": "500"})
    answer = caller.bulk("POST", f"{SEGMENTS}/compute-sizes", {"id": "500"}, {"id": "501"})
    assert (codes(answer), "501" in caller.ids(answer)) == (failing, True)
    assert codes(caller.bulk("POST", f"{AUDIENCES}/compute-sizes", {"id": "900"})) == failing


@pytest.mark.parametrize(
    ("switches", "types"),
    [
        (Switches(filter_based="off", behavioral="off"), []),
        (Switches(filter_based="on"), ["FilterBased"]),
        (Switches(behavioral="on"), ["Behavioral"]),
    ],
)
def test_segments_that_criteo_provides(make_caller: Make, switches: Switches, types: list[str]) -> None:
    """They are found and used in audiences, bear the attribute of their type, and can't be changed or deleted."""
    caller = make_caller(switches=switches)
    found = caller.search(SEGMENTS).json()["data"]
    assert types == [item["attributes"]["type"] for item in found]
    for item in found:
        attribute = item["attributes"]["type"][0].lower() + item["attributes"]["type"][1:]
        assert item["attributes"][attribute]
        caller.new_audience("x", {"audienceSegmentId": item["id"]})
        assert codes(caller.bulk("PATCH", SEGMENTS, {"id": item["id"], "attributes": {"name": "mine"}})) == ["invalid"]
        assert codes(caller.bulk("POST", f"{SEGMENTS}/delete", {"id": item["id"]})) == ["invalid"]
        assert caller.bulk("POST", f"{SEGMENTS}/compute-sizes", {"id": item["id"]}).json()["data"]
