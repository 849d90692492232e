"""Every open point of Criteo's documents, seen both ways: what the emulator does at each position of its switches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Switches, switches_of
from tests.emulator.caller import Caller, audience_of, codes, digest, list_of
from tests.emulator.conftest import Make

SEGMENTS, AUDIENCES = "/audience-segments", "/audiences"


def test_every_switch_is_tested_at_every_position() -> None:
    """What a switch does is claimed by a test of this room, for the default and for each other position."""
    texts = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    missing = [
        f"{switch.name}={position!r}"
        for switch in switches_of(Switches).values()
        for position in switch.choices
        if f"{switch.name}={position!r}".replace("'", '"') not in texts
    ]
    assert missing == []


def some_lists(caller: Caller, *names: str) -> Any:
    return caller.bulk("POST", f"{SEGMENTS}/create", *map(list_of, names)).json()["data"]


def statistics(caller: Caller, segment: str) -> dict[str, Any]:
    found = caller.send("GET", f"{SEGMENTS}/{segment}/contact-list/statistics").json()["data"]["attributes"]
    return dict(found)


@pytest.mark.parametrize(
    ("switches", "shown"),
    [(Switches(bulk_answers="full"), {"id", "type", "attributes"}), (Switches(bulk_answers="ids"), {"id", "type"})],
)
def test_what_a_bulk_call_answers(make_caller: Make, switches: Switches, shown: set[str]) -> None:
    """Creations and updates of segments and audiences show whole resources, or ids alone."""
    caller = make_caller(switches=switches)
    tree = {"audienceSegmentId": some_lists(caller, "a")[0]["id"]}
    answers = [
        caller.bulk("POST", f"{SEGMENTS}/create", list_of("b")),
        caller.bulk("PATCH", SEGMENTS, {"id": "500", "attributes": {"name": "c"}}),
        caller.bulk("POST", f"{AUDIENCES}/create", audience_of("d", tree)),
        caller.bulk("PATCH", AUDIENCES, {"id": "900", "attributes": {"name": "e"}}),
    ]
    assert [shown] * 4 == [set(answer.json()["data"][0]) for answer in answers]


@pytest.mark.parametrize(
    ("switches", "order"),
    [
        (Switches(bulk_order="as_sent"), ["501", "502", "500"]),
        (Switches(bulk_order="sorted"), ["500", "501", "502"]),
        (Switches(bulk_order="shuffled"), ["501", "500", "502"]),
    ],
)
def test_the_order_of_a_bulk_answer(make_caller: Make, switches: Switches, order: list[str]) -> None:
    """As it was sent, by id, or neither."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a", "b", "c")
    sent = [{"id": number} for number in ("501", "502", "500")]
    assert order == caller.ids(caller.bulk("POST", f"{SEGMENTS}/compute-sizes", *sent))


@pytest.mark.parametrize(("switches", "status"), [(Switches(bulk_cap=0), 200), (Switches(bulk_cap=2), 400)])
def test_the_size_of_a_bulk_call(make_caller: Make, switches: Switches, status: int) -> None:
    """One item too many, and nothing of the call is carried out."""
    caller = make_caller(switches=switches)
    answer = caller.bulk("POST", f"{SEGMENTS}/create", *map(list_of, "abc"))
    assert answer.status_code == status
    assert len(caller.send("GET", "/emulator/segments").json()) == (3 if status == 200 else 0)
    assert caller.bulk("POST", f"{SEGMENTS}/create", *map(list_of, "de")).status_code == 200


@pytest.mark.parametrize(
    ("switches", "names"),
    [
        (Switches(repeated_ids="in_turn"), ["x", "y"]),
        (Switches(repeated_ids="once"), ["y"]),
        (Switches(repeated_ids="refuse"), None),
    ],
)
def test_an_id_twice_in_a_bulk_call(make_caller: Make, switches: Switches, names: list[str] | None) -> None:
    """Both are carried out in turn, the last one alone, or none."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    answer = caller.bulk("PATCH", SEGMENTS, *({"id": "500", "attributes": {"name": name}} for name in "xy"))
    assert answer.status_code == (400 if names is None else 200)
    if names is not None:
        assert names == [item["attributes"]["name"] for item in answer.json()["data"]]


@pytest.mark.parametrize(
    ("switches", "order"),
    [
        (Switches(search_order="id"), ["500", "501", "502"]),
        (Switches(search_order="newest_first"), ["502", "501", "500"]),
        (Switches(search_order="name"), ["501", "502", "500"]),
    ],
)
def test_the_order_of_a_search(make_caller: Make, switches: Switches, order: list[str]) -> None:
    """By id, with the newest first, or by name, also across pages."""
    caller = make_caller(switches=switches)
    some_lists(caller, "c", "a", "b")
    pages = [caller.ids(caller.search(SEGMENTS, limit=2, offset=offset)) for offset in (0, 2)]
    assert order == [*pages[0], *pages[1]]


@pytest.mark.parametrize(
    ("switches", "found"),
    [(Switches(no_filters="all"), 1), (Switches(no_filters="none"), 0), (Switches(no_filters="refuse"), None)],
)
def test_a_search_without_filters(make_caller: Make, switches: Switches, found: int | None) -> None:
    """It finds everything, nothing, or is a 400; one with a filter is the same everywhere."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    answer = caller.search(SEGMENTS)
    assert (answer.status_code, answer.json().get("meta", {}).get("totalItems")) == (
        200 if found is not None else 400,
        found,
    )
    assert len(caller.ids(caller.search(SEGMENTS, {"advertiserIds": ["42"]}))) == 1


@pytest.mark.parametrize(
    ("switches", "status"), [(Switches(inaccessible="fewer"), 200), (Switches(inaccessible="forbidden"), 403)]
)
def test_a_search_for_what_is_not_accessible(make_caller: Make, switches: Switches, status: int) -> None:
    """It finds fewer, or is a 403: for an advertiser without consent, and for an id that is not there."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    for filters in ({"advertiserIds": ["42", "43"]}, {"audienceSegmentIds": ["500", "999"]}):
        answer = caller.search(SEGMENTS, filters)
        assert answer.status_code == status
        assert len(answer.json().get("data", [])) == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    ("switches", "errors"),
    [
        (Switches(empty_arrays="empty"), {"errors": [], "warnings": []}),
        (Switches(empty_arrays="null"), {"errors": None, "warnings": None}),
        (Switches(empty_arrays="left_out"), {}),
    ],
)
def test_arrays_without_problems(make_caller: Make, switches: Switches, errors: dict[str, Any]) -> None:
    """They are empty, null or not there, but for contact lists, whose answers always have both."""
    caller = make_caller(switches=switches)
    answer = caller.bulk("POST", f"{SEGMENTS}/create", list_of("a")).json()
    assert errors == {name: answer[name] for name in ("errors", "warnings") if name in answer}
    amended = caller.amend("500", "add", [digest(1)]).json()
    assert ([], []) == (amended["errors"], amended["warnings"])
    failed = caller.bulk("POST", f"{SEGMENTS}/create", list_of("a")).json()
    assert codes_anywhere(failed) == ["name-must-be-unique"]


def codes_anywhere(body: dict[str, Any]) -> list[str]:
    return [problem["code"] for name in ("errors", "warnings") for problem in body.get(name) or ()]


@pytest.mark.parametrize(("switches", "data"), [(Switches(empty_data="list"), []), (Switches(empty_data="null"), None)])
def test_data_that_is_empty(make_caller: Make, switches: Switches, data: object) -> None:
    """A search that finds nothing, and a bulk call of which nothing succeeded."""
    caller = make_caller(switches=switches)
    assert caller.search(SEGMENTS).json()["data"] == data
    assert caller.bulk("POST", f"{SEGMENTS}/delete", {"id": "999"}).json()["data"] == data


@pytest.mark.parametrize(
    ("switches", "ends"),
    [
        (Switches(deprecation_headers="on"), "Tue, 02 Feb 2027 00:00:00 GMT"),
        (Switches(deprecation_headers="off"), None),
    ],
)
def test_the_headers_of_a_version_near_its_end(make_caller: Make, switches: Switches, ends: str | None) -> None:
    """2026-01 tells its end, or does not; 2026-07 never does."""
    caller = make_caller(switches=switches)
    old = caller.send("GET", "/2026-01/advertisers/me").headers
    assert (old.get("Deprecation"), old.get("Sunset")) == ("true" if ends else None, ends)
    assert "Deprecation" not in caller.send("GET", "/2026-07/advertisers/me").headers


@pytest.mark.parametrize(
    ("switches", "status"), [(Switches(wrong_credentials=401), 401), (Switches(wrong_credentials=400), 400)]
)
def test_wrong_credentials(make_caller: Make, switches: Switches, status: int) -> None:
    """The body says `invalid_client` whatever the status."""
    caller = make_caller(client_secret="secret", switches=switches)
    form = {"client_id": "app", "client_secret": "wrong", "grant_type": "client_credentials"}
    answer = caller.http.post("/oauth2/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (status, "invalid_client")


@pytest.mark.parametrize(
    ("switches", "lives"), [(Switches(), 900), (Switches(token_drift=-600), 300), (Switches(token_drift=15), 915)]
)
def test_the_end_of_a_token(make_caller: Make, switches: Switches, lives: int) -> None:
    """A token dies when its `expires_in` of 900 s is over, or earlier or later than that."""
    caller = make_caller(switches=switches)
    caller.set_clock("2026-11-21T10:00:00Z")
    caller.authorize()
    caller.advance(lives - 10)
    assert caller.search(SEGMENTS, {"advertiserIds": ["42"]}).status_code == 200
    caller.advance(10)
    assert codes(caller.search(SEGMENTS)) == ["authorization-token-expired"]


@pytest.mark.parametrize(
    "switches",
    [
        Switches(no_permission="insufficient-advertiser-permissions"),
        Switches(no_permission="insufficient-advertiser-permission"),
    ],
)
def test_the_code_of_a_missing_consent(make_caller: Make, switches: Switches) -> None:
    """Criteo's documents spell it in the plural and in the singular."""
    answer = make_caller(switches=switches).bulk("POST", f"{SEGMENTS}/create", list_of("a", "43"))
    assert (answer.status_code, codes(answer)) == (403, [switches.no_permission])


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


@pytest.mark.parametrize(
    ("switches", "status"), [(Switches(too_many_identifiers=400), 400), (Switches(too_many_identifiers=413), 413)]
)
def test_too_many_identifiers(make_caller: Make, switches: Switches, status: int) -> None:
    """More than 50,000 in one call, and none of them is taken."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    assert caller.amend("500", "add", [digest(1)] * 50_001).status_code == status
    assert caller.members("500") == []


@pytest.mark.parametrize(
    ("switches", "status"),
    [(Switches(missing_identifier_type="email"), 200), (Switches(missing_identifier_type="refuse"), 400)],
)
def test_identifiers_without_a_type(make_caller: Make, switches: Switches, status: int) -> None:
    """They are e-mail addresses, or refused."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    assert caller.amend("500", "add", [digest(1)]).status_code == status
    assert caller.members("500") == ([digest(1)] if status == 200 else [])
    assert caller.amend("500", "add", [digest(1)], identifierType="email").status_code == 200


@pytest.mark.parametrize(("switches", "status"), [(Switches(all_invalid=200), 200), (Switches(all_invalid=400), 400)])
def test_identifiers_that_are_all_malformed(make_caller: Make, switches: Switches, status: int) -> None:
    """They are counted, or the call is refused; one good one makes it a 200."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    assert caller.amend("500", "add", ["no", "neither"], identifierType="email").status_code == status
    assert caller.amend("500", "add", ["no", digest(1)], identifierType="email").status_code == 200


@pytest.mark.parametrize(
    ("switches", "counts"), [(Switches(duplicates="each"), (2, 3)), (Switches(duplicates="once"), (1, 1))]
)
def test_identifiers_that_come_twice(make_caller: Make, switches: Switches, counts: tuple[int, int]) -> None:
    """Each counts, or the same ones count once, well-formed or not; the list holds it once."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    answer = caller.amend("500", "add", [digest(1)] * 2 + ["no"] * 3, identifierType="email")
    attributes = answer.json()["data"]["attributes"]
    assert counts == (attributes["nbValidIdentifiers"], attributes["nbInvalidIdentifiers"])
    assert caller.members("500") == [digest(1)]


@pytest.mark.parametrize(
    ("switches", "valid"), [(Switches(upper_case_hex="valid"), True), (Switches(upper_case_hex="invalid"), False)]
)
@pytest.mark.parametrize(("kind", "length"), [("email", 64), ("email", 32), ("phoneNumber", 64)])
def test_a_digest_in_upper_case(make_caller: Make, switches: Switches, valid: bool, kind: str, length: int) -> None:
    """It is the same as in lower case, or malformed, alone and among others."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    for others in ([], ["no"]):
        answer = caller.amend("500", "add", [digest(1)[:length].upper(), *others], identifierType=kind)
        attributes = answer.json().get("data", {}).get("attributes", {"nbValidIdentifiers": 0})
        assert attributes["nbValidIdentifiers"] == int(valid)
    assert caller.members("500", kind) == ([digest(1)[:length]] if valid else [])


@pytest.mark.parametrize(("switches", "left"), [(Switches(forms="meet"), 0), (Switches(forms="apart"), 1)])
@pytest.mark.parametrize(("added", "removed"), [("person1@example.com", digest(1)), (digest(1), "person1@example.com")])
def test_another_form_of_an_address(make_caller: Make, switches: Switches, left: int, added: str, removed: str) -> None:
    """Removing the plain form of what was added hashed, or the other way round, removes it or leaves it."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    caller.amend("500", "add", [added], identifierType="email")
    caller.amend("500", "remove", [removed], identifierType="email")
    assert len(caller.members("500")) == left
    caller.amend("500", "remove", [added], identifierType="email")
    assert caller.members("500") == []


@pytest.mark.parametrize(("switches", "status"), [(Switches(unknown_list=404), 404), (Switches(unknown_list=403), 403)])
def test_a_list_that_is_not_there(make_caller: Make, switches: Switches, status: int) -> None:
    """Criteo's code `audience-invalid` was documented for both statuses."""
    answer = make_caller(switches=switches).amend("999", "add", [digest(1)], identifierType="email")
    assert (answer.status_code, codes(answer)) == (status, ["audience-invalid"])


@pytest.mark.parametrize(
    ("switches", "counted"), [(Switches(counters="after_runs"), 0), (Switches(counters="at_once"), 9)]
)
def test_when_counters_change(make_caller: Make, switches: Switches, counted: int) -> None:
    """Sizes and statistics show the last processing run, or the present."""
    caller = make_caller(switches=switches)
    caller.set_clock("2026-11-21T01:00:00Z")
    caller.authorize()
    some_lists(caller, "a")
    caller.amend("500", "add", list(map(digest, range(9))), identifierType="email")
    size = caller.bulk("POST", f"{SEGMENTS}/compute-sizes", {"id": "500"}).json()["data"][0]["attributes"]["size"]
    assert (statistics(caller, "500")["numberOfIdentifiers"], bool(size)) == (counted, bool(counted))


@pytest.mark.parametrize("rate", [0.0, 0.64, 1.0])
def test_the_match_rate(make_caller: Make, rate: float) -> None:
    """Lists and identifier types differ a little around it, the same for the same list; none and all are exact."""
    caller = make_caller(switches=Switches(match_rate=rate, counters="at_once"))
    some_lists(caller, "a", "b", "c")
    for segment, kind in (("500", "email"), ("501", "email"), ("502", "phoneNumber")):
        caller.amend(segment, "add", list(map(digest, range(500))), identifierType=kind)
    rates = [statistics(caller, segment)["matchRate"] for segment in ("500", "501", "502")]
    assert len(set(rates)) == (3 if rate == 0.64 else 1)
    assert all(abs(each - 100 * rate) <= 10 for each in rates)
    assert rates == [statistics(caller, segment)["matchRate"] for segment in ("500", "501", "502")]
