"""Audience segments."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import Caller, codes, digest, list_of
from tests.emulator.conftest import Make

CREATE, PATCH, DELETE = "/audience-segments/create", "/audience-segments", "/audience-segments/delete"

DEFINITIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "inMarket": ("InMarket", {"country": "FR", "gender": "Female", "buyingPower": ["High"]}),
    "prospecting": ("Prospecting", {"usersType": "Prospects", "daysSinceLastVisitMin": 30}),
    "location": (
        "Location",
        {"pointsOfInterest": [{"name": "Here", "latitude": 48.8566142, "longitude": 2}], "radiusInKm": 3},
    ),
    "retargeting": ("Retargeting", {"visitorsType": "All", "daysSinceLastVisitMin": 0, "daysSinceLastVisitMax": 30}),
    "lookalike": ("Lookalike", {"seedSegmentId": "500", "targetSize": 1000}),
}


def _item(attribute: str) -> dict[str, Any]:
    definition = DEFINITIONS[attribute][1]
    return {"attributes": {"advertiserId": "42", "name": attribute, attribute: definition}}


def test_a_created_segment_is_read_back_whole(caller: Caller) -> None:
    """The answer and a later search show the same entity, its id as text, other types null."""
    caller.set_clock("2026-11-21T10:00:00Z")
    caller.authorize()
    created = caller.bulk("POST", CREATE, list_of("VIP")).json()
    assert {
        "id": "500",
        "type": "AudienceSegment",
        "attributes": {
            "name": "VIP",
            "description": None,
            "type": "ContactList",
            "createdAt": "2026-11-21T10:00:00Z",
            "updatedAt": "2026-11-21T10:00:00Z",
            "advertiserId": "42",
            "contactList": {"isReadOnly": False},
            **dict.fromkeys(("inMarket", "prospecting", "location", "behavioral", "retargeting", "lookalike")),
        },
    } == created["data"][0]
    assert created["data"] == caller.search("/audience-segments").json()["data"]


@pytest.mark.parametrize("attribute", DEFINITIONS)
def test_each_type_can_be_created(caller: Caller, attribute: str) -> None:
    """The attribute decides the type, and comes back as it was given."""
    caller.new_list()
    attributes = caller.bulk("POST", CREATE, _item(attribute)).json()["data"][0]["attributes"]
    made, given = DEFINITIONS[attribute]
    assert made == attributes["type"]
    assert set(given) <= set(attributes[attribute])
    assert attributes["contactList"] is None


def test_coordinates_are_kept_to_five_decimals(caller: Caller) -> None:
    """Criteo rounds them."""
    attributes = caller.bulk("POST", CREATE, _item("location")).json()["data"][0]["attributes"]
    assert [48.85661, 2] == [attributes["location"]["pointsOfInterest"][0][axis] for axis in ("latitude", "longitude")]


def test_a_name_is_taken_once_in_an_advertiser(make_caller: Make) -> None:
    """The second is refused, in the same call too; another advertiser may use it."""
    caller = make_caller(advertisers=("42", "43"))
    answer = caller.bulk("POST", CREATE, list_of("VIP"), list_of("VIP"), list_of("VIP", "43"))
    assert (["500", "501"], ["name-must-be-unique"]) == (caller.ids(answer), codes(answer))
    assert "Another Segment exists with the name: VIP" == answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (list_of(" "), "name-must-not-be-empty"),
        ({"attributes": {"advertiserId": "42", "name": "none"}}, "invalid"),
        ({"attributes": {**_item("retargeting")["attributes"], "contactList": {}}}, "invalid"),
        (_item("lookalike"), "segment-not-found"),
    ],
    ids=["empty name", "no type", "two types", "unknown seed"],
)
def test_a_bad_item_fails_alone(caller: Caller, item: dict[str, Any], code: str) -> None:
    """It is reported and the rest is created."""
    answer = caller.bulk("POST", CREATE, item, list_of("good"))
    assert ([code], 1) == (codes(answer), len(caller.ids(answer)))


@pytest.mark.parametrize(
    ("shape", "statuses", "array"),
    [("errors", [200, 200], "errors"), ("warnings", [200, 200], "warnings"), ("bad_request", [400, 200], "errors")],
)
def test_failed_items_are_reported_as_the_switch_says(
    make_caller: Make, shape: Any, statuses: list[int], array: str
) -> None:
    """In either array of a 200, or as a 400 when no item succeeded."""
    caller = make_caller(switches=Switches(failed_items=shape))
    caller.new_list("VIP")
    answers = [
        caller.bulk("POST", CREATE, list_of("VIP")),
        caller.bulk("POST", CREATE, list_of("VIP"), list_of(f"new {shape}")),
    ]
    assert statuses == [answer.status_code for answer in answers]
    assert [["name-must-be-unique"]] * 2 == [codes(answer, array) for answer in answers]
    assert ["501"] == caller.ids(answers[1])


def test_an_advertiser_without_consent_is_403(caller: Caller) -> None:
    """Nothing of the call is carried out."""
    answer = caller.bulk("POST", CREATE, list_of("VIP"), list_of("VIP", "99"))
    assert (403, ["insufficient-advertiser-permissions"]) == (answer.status_code, codes(answer))
    assert [] == caller.search("/audience-segments").json()["data"]


@pytest.mark.parametrize(
    "item",
    [
        {"attributes": {"name": "no advertiser", "contactList": {}}},
        {"attributes": {"advertiserId": 42, "name": "number", "contactList": {}}},
        {"attributes": {"advertiserId": "42", "name": "wrapped", "description": {"value": "x"}, "contactList": {}}},
        {"attributes": {"advertiserId": "42", "name": "half", "retargeting": {"visitorsType": "All"}}},
        {"attributes": {"advertiserId": "42", "name": "enum", "prospecting": {"usersType": "Everybody"}}},
        {"attributes": {"advertiserId": "42", "name": "twice", "inMarket": {"country": "FR", "brandIds": ["1", "1"]}}},
        "text",
    ],
)
def test_a_create_that_cannot_be_read_is_400(caller: Caller, item: object) -> None:
    """A wrong type or a missing field refuses the whole call."""
    answer = caller.bulk("POST", CREATE, list_of("good"), item)
    assert (400, ["invalid"]) == (answer.status_code, codes(answer))
    assert 0 == caller.search("/audience-segments").json()["meta"]["totalItems"]


def test_an_update_takes_nullable_fields_wrapped_and_leaves_out_the_rest(caller: Caller) -> None:
    """`{"value": x}` sets, `{}` and `{"value": null}` clear, and what is not named stays."""
    caller.new_list()
    caller.bulk("POST", CREATE, _item("prospecting"))
    caller.advance(60)

    def changed(number: str, **attributes: Any) -> dict[str, Any]:
        answer = caller.bulk("PATCH", PATCH, {"id": number, "attributes": attributes})
        result: dict[str, Any] = answer.json()["data"][0]["attributes"]
        return result

    assert "old" == changed("500", description={"value": "old"})["description"]
    renamed = changed("500", name="VIP 2")
    assert ("VIP 2", "old") == (renamed["name"], renamed["description"])
    assert renamed["updatedAt"] > renamed["createdAt"]
    assert changed("500", description={})["description"] is None
    days = {"daysSinceLastVisitMin": {"value": None}, "daysSinceLastVisitMax": {"value": 60}}
    assert {
        "usersType": "Prospects",
        "daysSinceLastVisitMin": None,
        "daysSinceLastVisitMax": 60,
    } == changed("501", prospecting=days)["prospecting"]


@pytest.mark.parametrize(
    "attributes",
    [
        {"description": "plain"},
        {"name": {"value": "wrapped"}},
        {"prospecting": {"daysSinceLastVisitMin": 3}},
        {"inMarket": {"gender": "Female"}},
        {"retargeting": {"visitorsType": {"value": "All"}}},
    ],
)
def test_a_wrongly_wrapped_update_is_400(caller: Caller, attributes: dict[str, Any]) -> None:
    """Nullable fields need their wrapper and plain ones must have none."""
    caller.new_list()
    answer = caller.bulk("PATCH", PATCH, {"id": "500", "attributes": attributes})
    assert (400, ["invalid"]) == (answer.status_code, codes(answer))


def test_an_update_cannot_change_the_type_take_a_name_or_find_what_is_not_there(caller: Caller) -> None:
    """Each of the three is reported on its item."""
    caller.new_list("one")
    caller.new_list("two")
    answer = caller.bulk(
        "PATCH",
        PATCH,
        {"id": "500", "attributes": {"retargeting": {"visitorsType": "All"}}},
        {"id": "500", "attributes": {"name": "two"}},
        {"id": "777", "attributes": {"name": "three"}},
        {"id": "501", "attributes": {"name": "two"}},
    )
    assert ["invalid", "name-must-be-unique", "segment-not-found"] == codes(answer)
    assert ["501"] == caller.ids(answer)


def test_a_segment_in_use_is_not_deleted(caller: Caller) -> None:
    """Neither one that an audience names nor the seed of a lookalike."""
    for name in ("used", "seed", "free"):
        caller.new_list(name)
    caller.new_audience("A", {"not": {"audienceSegmentId": "500"}})
    seeded = {"seedSegmentId": "501"}
    caller.bulk("POST", CREATE, {"attributes": {"advertiserId": "42", "name": "like", "lookalike": seeded}})
    answer = caller.bulk("POST", DELETE, *({"id": number} for number in ("500", "501", "502", "777")))
    assert ["segment-in-use", "segment-in-use", "segment-not-found"] == codes(answer)
    assert ["502"] == caller.ids(answer)
    assert ["500", "501", "503"] == caller.ids(caller.search("/audience-segments"))


def test_an_id_is_never_given_out_again(caller: Caller) -> None:
    """A segment made after a deletion has a new id."""
    first = caller.new_list()
    caller.bulk("POST", DELETE, {"id": first})
    assert "501" == caller.new_list()


def test_search_filters_are_joined_by_and(caller: Caller) -> None:
    """Ids that are not there are passed over."""
    for name in ("a", "b"):
        caller.new_list(name)
    caller.bulk("POST", CREATE, _item("retargeting"))

    def found(**filters: list[str]) -> list[str]:
        return caller.ids(caller.search("/audience-segments", filters))

    assert ["500", "501", "502"] == found()
    assert ["500", "502"] == found(audienceSegmentIds=["502", "500", "9"])
    assert ["500"] == found(audienceSegmentIds=["502", "500"], audienceSegmentTypes=["ContactList"])
    assert [] == found(advertiserIds=["43"])


def test_a_search_is_paged_by_query(caller: Caller) -> None:
    """50 items unless said otherwise, at most 100; `totalItems` counts all that match."""
    caller.bulk("POST", CREATE, *(list_of(f"list {number}") for number in range(120)))
    default = caller.search("/audience-segments")
    assert {"totalItems": 120, "limit": 50, "offset": 0} == default.json()["meta"]
    assert [str(number) for number in range(500, 550)] == caller.ids(default)
    last = caller.search("/audience-segments", limit=100, offset=100)
    assert [str(number) for number in range(600, 620)] == caller.ids(last)
    assert [] == caller.ids(caller.search("/audience-segments", limit=0))


@pytest.mark.parametrize("query", [{"limit": 101}, {"limit": -1}, {"offset": -1}])
def test_a_page_out_of_range_is_400(caller: Caller, query: dict[str, int]) -> None:
    """Only limits from 0 to 100 and offsets from 0 are taken."""
    assert 400 == caller.search("/audience-segments", {}, **query).status_code


def test_sizes_follow_at_the_next_processing_run(caller: Caller) -> None:
    """A list has its size, the matched share, only after the next 00:00 or 12:00 UTC."""
    caller.set_clock("2026-11-21T10:00:00Z")
    caller.authorize()
    caller.amend(caller.new_list(), "add", [digest(number) for number in range(100)])

    def size() -> int:
        caller.authorize()
        answer = caller.bulk("POST", "/audience-segments/compute-sizes", {"id": "500"})
        result: int = answer.json()["data"][0]["attributes"]["size"]
        return result

    assert 0 == size()
    caller.set_clock("2026-11-21T12:00:00Z")
    assert 64 == size()


def test_a_lookalike_does_not_grow_from_another_advertisers_segment(make_caller: Make) -> None:
    """To it, that segment is not there."""
    caller = make_caller(advertisers=("42", "43"))
    seed = caller.new_list("theirs")
    attributes = {"name": "L", "lookalike": {"seedSegmentId": seed}}
    items = [{"attributes": {**attributes, "advertiserId": advertiser}} for advertiser in ("43", "42")]
    answer = caller.bulk("POST", "/audience-segments/create", *items)
    assert (["segment-not-found"], 1) == (codes(answer), len(answer.json()["data"]))
