from __future__ import annotations

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


def test_ids_that_are_no_numbers_can_be_sorted_too(make_caller: Make) -> None:
    """Where the deletion of what is not there counts as done, and answers are sorted, any id may stand in one."""
    caller = make_caller(switches=Switches(bulk_order="sorted", delete_unknown="ok"))
    items = ({"id": each} for each in ("10", "9", "x", ""))

    assert caller.ids(caller.bulk("POST", "/audience-segments/delete", *items)) == ["", "9", "x", "10"]
