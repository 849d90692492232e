"""What is open about segments and audiences, seen both ways: what an update leaves out, kinds, algebras."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import Caller, audience_of, digest, list_of
from tests.emulator.conftest import Make

SEGMENTS, AUDIENCES = "/audience-segments", "/audiences"


def segment_of(**kinds: object) -> dict[str, Any]:
    """A segment of some kinds, as an item of a create call."""
    return {"type": "AudienceSegment", "attributes": {"advertiserId": "42", "name": f"{sorted(kinds)}", **kinds}}


def fails(caller: Caller, item: dict[str, Any], path: str = SEGMENTS) -> bool:
    """Whether the creation of one item fails."""
    answer = caller.bulk("POST", f"{path}/create", item)
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["errors"])


@pytest.mark.parametrize(
    ("switches", "stays"), [(Switches(left_out="unchanged"), True), (Switches(left_out="cleared"), False)]
)
def test_what_an_update_leaves_out(make_caller: Make, switches: Switches, stays: bool) -> None:
    """Descriptions, genders and days stay or become null; what can't be null stays."""
    caller = make_caller(switches=switches)
    items = [
        segment_of(description="words", inMarket={"country": "FR", "gender": "Male"}),
        segment_of(description="words", prospecting={"usersType": "Prospects", "daysSinceLastVisitMin": 3}),
    ]
    market, prospects = caller.ids(caller.bulk("POST", f"{SEGMENTS}/create", *items))
    audience = caller.ids(caller.bulk("POST", f"{AUDIENCES}/create", audience_of("A", {"audienceSegmentId": market})))[
        0
    ]
    changes = [
        {"id": market, "attributes": {"inMarket": {"country": "DE"}}},
        {"id": prospects, "attributes": {"prospecting": {"usersType": "ProspectsOrNonBuyers"}}},
    ]
    first, second = (each["attributes"] for each in caller.bulk("PATCH", SEGMENTS, *changes).json()["data"])
    assert (first["name"], first["inMarket"]["country"]) == ("['description', 'inMarket']", "DE")
    kept = (first["description"], first["inMarket"]["gender"], second["prospecting"]["daysSinceLastVisitMin"])
    assert kept == (("words", "Male", 3) if stays else (None, None, None))
    named = {"id": audience, "attributes": {"description": {"value": "words"}}}
    caller.bulk("PATCH", AUDIENCES, named)
    renamed = caller.bulk("PATCH", AUDIENCES, {"id": audience, "attributes": {"name": "B"}}).json()["data"][0]
    assert renamed["attributes"]["description"] == ("words" if stays else None)
    assert renamed["attributes"]["algebra"] == {"audienceSegmentId": market}


@pytest.mark.parametrize(
    ("switches", "refused"), [(Switches(audience_names="unique"), True), (Switches(audience_names="free"), False)]
)
def test_two_audiences_of_one_name(make_caller: Make, switches: Switches, refused: bool) -> None:
    """The second fails or is made; two segments of one name there never are."""
    caller = make_caller(switches=switches)
    tree = {"audienceSegmentId": caller.new_list("a")}
    assert not fails(caller, audience_of("A", tree), AUDIENCES)
    assert fails(caller, audience_of("A", tree), AUDIENCES) is refused
    assert fails(caller, list_of("a"))


@pytest.mark.parametrize(
    ("switches", "refused"), [(Switches(several_types="refuse"), True), (Switches(several_types="first"), False)]
)
def test_a_segment_of_several_types(make_caller: Make, switches: Switches, refused: bool) -> None:
    """It fails, or is of the first of them; one of none fails anyhow."""
    caller = make_caller(switches=switches)
    mixed = segment_of(contactList={}, lookalike={"seedSegmentId": caller.new_list("a")})
    assert fails(caller, mixed) is refused
    assert refused or caller.send("GET", "/emulator/segments").json()[-1]["type"] == "ContactList"
    assert fails(caller, segment_of())


@pytest.mark.parametrize(
    ("switches", "refused"), [(Switches(in_market_ids="optional"), False), (Switches(in_market_ids="needed"), True)]
)
def test_an_in_market_segment_without_interests_or_brands(make_caller: Make, switches: Switches, refused: bool) -> None:
    """It is made or fails; empty lists of them are lists."""
    caller = make_caller(switches=switches)
    assert fails(caller, segment_of(inMarket={"country": "FR"})) is refused
    assert not fails(caller, segment_of(description="x", inMarket={"country": "FR", "interestIds": [], "brandIds": []}))


@pytest.mark.parametrize(
    ("switches", "refused"), [(Switches(unlisted_ids="taken"), False), (Switches(unlisted_ids="refused"), True)]
)
def test_interests_and_brands_that_are_not_listed(make_caller: Make, switches: Switches, refused: bool) -> None:
    """They are taken or not; those of the country always are."""
    caller = make_caller(switches=switches)
    assert not fails(caller, segment_of(inMarket={"country": "FR", "interestIds": ["187"], "brandIds": ["1002"]}))
    for words, name in (("owner", "interestIds"), ("description", "brandIds")):
        assert fails(caller, segment_of(**{words: "x"}, inMarket={"country": "FR", name: ["999999"]})) is refused


POINT = {"name": "shop", "latitude": 48.85, "longitude": 2.35}
BEYOND = [
    {"retargeting": {"visitorsType": "All", "daysSinceLastVisitMin": 0, "daysSinceLastVisitMax": 181}},
    {"prospecting": {"usersType": "Prospects", "daysSinceLastVisitMin": 181}},
    {"location": {"pointsOfInterest": [POINT] * 101, "radiusInKm": 5}},
    {"location": {"pointsOfInterest": [POINT], "radiusInKm": 101}},
    {"lookalike": {"seedSegmentId": "500", "targetSize": 9_999}},
]


@pytest.mark.parametrize(
    ("switches", "refused"), [(Switches(kind_limits="none"), False), (Switches(kind_limits="tight"), True)]
)
@pytest.mark.parametrize("kind", BEYOND, ids=lambda kind: next(iter(kind)))
def test_the_limits_of_definitions(make_caller: Make, switches: Switches, refused: bool, kind: dict[str, Any]) -> None:
    """Days, points, kilometres and sizes have some or not."""
    caller = make_caller(switches=switches)
    caller.new_list("seed")
    assert fails(caller, segment_of(**kind)) is refused


def test_a_change_is_held_to_the_limits_too(make_caller: Make) -> None:
    """What is within them can be changed as long as it stays there."""
    caller = make_caller(switches=Switches(kind_limits="tight", in_market_ids="needed"))
    days = {"visitorsType": "All", "daysSinceLastVisitMin": 0, "daysSinceLastVisitMax": 180}
    assert not fails(caller, segment_of(retargeting=days))
    for most, problems in ((90, 0), (181, 1)):
        changed = {"id": "500", "attributes": {"retargeting": {**days, "daysSinceLastVisitMax": most}}}
        assert len(caller.bulk("PATCH", SEGMENTS, changed).json()["errors"]) == problems


@pytest.mark.parametrize(
    ("switches", "refused"), [(Switches(empty_seed="taken"), False), (Switches(empty_seed="refused"), True)]
)
def test_a_lookalike_of_a_list_that_was_not_counted(make_caller: Make, switches: Switches, refused: bool) -> None:
    """It is made or fails, until a processing run has counted somebody on the list."""
    caller = make_caller(switches=switches)
    caller.set_clock("2026-11-21T10:00:00Z")
    seed = caller.new_list("seed")
    caller.amend(seed, "add", [digest(1)])
    assert fails(caller, segment_of(lookalike={"seedSegmentId": seed})) is refused
    caller.set_clock("2026-11-21T12:00:01Z")
    assert not fails(caller, segment_of(description="x", lookalike={"seedSegmentId": seed}))


@pytest.mark.parametrize(
    ("switches", "taken"),
    [
        (Switches(algebra_lists="filled"), [True, True, False]),
        (Switches(algebra_lists="distinct"), [True, False, False]),
        (Switches(algebra_lists="any"), [True, True, True]),
    ],
)
def test_what_and_and_or_may_join(make_caller: Make, switches: Switches, taken: list[bool]) -> None:
    """Different segments always; one twice and none at all by the switch."""
    caller = make_caller(switches=switches)
    one, other = ({"audienceSegmentId": caller.new_list(name)} for name in "ab")
    trees = {"x": {"or": [one, other]}, "y": {"or": [one, {"and": [other, other]}]}, "z": {"and": [one, {"or": []}]}}
    assert taken == [not fails(caller, audience_of(name, tree), AUDIENCES) for name, tree in trees.items()]


@pytest.mark.parametrize(("most", "refused"), [(0, False), (4, False), (3, True)])
def test_how_many_nodes_an_algebra_may_have(make_caller: Make, most: int, refused: bool) -> None:
    """Each segment, `and`, `or` and `not` is one."""
    caller = make_caller(switches=Switches(algebra_nodes=most))
    one, other = ({"audienceSegmentId": caller.new_list(name)} for name in "ab")
    assert fails(caller, audience_of("A", {"and": [one, {"not": other}]}), AUDIENCES) is refused
