"""Open points of calls and their answers: what the emulator does at each position of a switch."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import audience_of, codes, digest, list_of, some_lists
from tests.emulator.conftest import Make

SEGMENTS, AUDIENCES = "/audience-segments", "/audiences"


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
    answer = make_caller(switches=switches, without=["consent"]).bulk("POST", f"{SEGMENTS}/create", list_of("a"))
    assert (answer.status_code, codes(answer)) == (403, [switches.no_permission])
