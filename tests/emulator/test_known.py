from __future__ import annotations

from tests.emulator.caller import Caller


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
