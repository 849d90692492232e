from __future__ import annotations

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import Caller
from tests.emulator.conftest import Make


def test_a_segment_keeps_only_what_its_kind_has(caller: Caller) -> None:
    """Attributes that Criteo does not know are taken, and neither kept nor read back: when created, when changed."""
    point = {"name": "Shop", "latitude": 1.5, "longitude": 2.5}
    location = {"pointsOfInterest": [{**point, "colour": "red"}], "radiusInKm": 5, "height": 3}
    attributes = {"advertiserId": "42", "name": "Near", "location": location}
    made = caller.bulk("POST", "/audience-segments/create", {"attributes": attributes}).json()["data"][0]
    change = {"id": made["id"], "attributes": {"location": {"radiusInKm": 7, "colour": {"value": "red"}}}}
    changed = caller.bulk("PATCH", "/audience-segments", change).json()["data"][0]

    kept = {"registryType": "PointOfInterest", "pointsOfInterest": [point]}
    assert made["attributes"]["location"] == {**kept, "radiusInKm": 5}
    assert changed["attributes"]["location"] == {**kept, "radiusInKm": 7}


def test_what_only_an_update_knows_is_passed_over_in_a_creation(caller: Caller) -> None:
    """The registry of a location is Criteo's to say, and would be told though it is none."""
    location = {"pointsOfInterest": [], "radiusInKm": 5, "registryType": "no such registry"}
    attributes = {"advertiserId": "42", "name": "Near", "location": location}
    made = caller.bulk("POST", "/audience-segments/create", {"attributes": attributes}).json()["data"][0]
    assert made["attributes"]["location"]["registryType"] == "PointOfInterest"


@pytest.mark.parametrize("seed", ["501", 7, None, {"value": "501"}])
def test_the_seed_of_a_lookalike_stays_what_it_is(caller: Caller, seed: object) -> None:
    """An update of it has no such field."""
    caller.new_list("a")
    caller.new_list("b")
    attributes = {"advertiserId": "42", "name": "Like a", "lookalike": {"seedSegmentId": "500"}}
    made = caller.ids(caller.bulk("POST", "/audience-segments/create", {"attributes": attributes}))[0]
    lookalike = {"seedSegmentId": seed, "targetSize": 20_000}
    changed = caller.bulk("PATCH", "/audience-segments", {"id": made, "attributes": {"lookalike": lookalike}})
    told = changed.json()["data"][0]["attributes"]["lookalike"]
    assert told == {"seedSegmentId": "500", "targetSize": 20_000}


def test_ids_that_are_no_numbers_can_be_sorted_too(make_caller: Make) -> None:
    """Where the deletion of what is not there counts as done, and answers are sorted, any id may stand in one."""
    caller = make_caller(switches=Switches(bulk_order="sorted", delete_unknown="ok"))
    items = ({"id": each} for each in ("10", "9", "x", ""))

    assert caller.ids(caller.bulk("POST", "/audience-segments/delete", *items)) == ["", "9", "x", "10"]
