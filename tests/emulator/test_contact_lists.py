"""Contact lists: amend, empty, statistics."""

from __future__ import annotations

from hashlib import md5, sha256
from typing import Any

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import Caller, codes, digest
from tests.emulator.conftest import Make


def _statistics(caller: Caller, segment: str) -> dict[str, Any]:
    caller.authorize()
    answer = caller.send("GET", f"/audience-segments/{segment}/contact-list/statistics")
    attributes: dict[str, Any] = answer.json()["data"]["attributes"]
    return attributes


def test_an_amendment_is_answered_with_its_counts(caller: Caller) -> None:
    """`contactListId` is a number, and malformed identifiers are counted and shown."""
    caller.set_clock("2026-11-21T10:00:00Z")
    caller.authorize()
    segment = caller.new_list()
    answer = caller.amend(segment, "add", [digest(1), "not-an-address", digest(2)], identifierType="email")
    assert {
        "data": {
            "type": "ContactlistAmendment",
            "attributes": {
                "contactListId": 500,
                "operation": "add",
                "requestDate": "2026-11-21T10:00:00Z",
                "identifierType": "email",
                "nbValidIdentifiers": 2,
                "nbInvalidIdentifiers": 1,
                "sampleInvalidIdentifiers": ["not-an-address"],
            },
        },
        "warnings": [],
        "errors": [],
    } == answer.json()
    assert sorted([digest(1), digest(2)]) == caller.members(segment)


def test_removing_takes_off_what_is_there_and_accepts_the_rest(caller: Caller) -> None:
    """An unknown identifier is valid, and the removal of it no mistake."""
    segment = caller.new_list()
    caller.amend(segment, "add", [digest(1), digest(2)])
    answer = caller.amend(segment, "remove", [digest(2), digest(3)])
    assert 2 == answer.json()["data"]["attributes"]["nbValidIdentifiers"]
    assert [digest(1)] == caller.members(segment)


def test_adding_twice_holds_once(caller: Caller) -> None:
    """A list is a set, though every identifier sent is counted."""
    segment = caller.new_list()
    answer = caller.amend(segment, "add", [digest(1), digest(1)])
    assert 2 == answer.json()["data"]["attributes"]["nbValidIdentifiers"]
    assert [digest(1)] == caller.members(segment)


def test_types_are_kept_apart(caller: Caller) -> None:
    """A removal of one identifier type leaves the others alone."""
    segment = caller.new_list()
    caller.amend(segment, "add", [digest(1)])
    caller.amend(segment, "add", [digest(1)], identifierType="phoneNumber")
    caller.amend(segment, "remove", [digest(1)], identifierType="phoneNumber")
    assert ([digest(1)], []) == (caller.members(segment), caller.members(segment, "phoneNumber"))


def test_the_forms_of_an_address_that_can_meet_do(caller: Caller) -> None:
    """A plain address is its SHA-256; an MD5 is another member."""
    segment = caller.new_list()
    plain, hashed = "person1@example.com", sha256(b"person1@example.com").hexdigest()
    legacy = md5(b"person1@example.com", usedforsecurity=False).hexdigest()
    caller.amend(segment, "add", [f" {plain.upper()} ", hashed.upper(), legacy])
    assert sorted([hashed, legacy]) == caller.members(segment)


def test_fifty_thousand_identifiers_are_taken_and_one_more_is_400(caller: Caller) -> None:
    """A call that is too large changes nothing."""
    segment = caller.new_list()
    full = [digest(number) for number in range(50_000)]
    assert 50_000 == caller.amend(segment, "add", full).json()["data"]["attributes"]["nbValidIdentifiers"]
    answer = caller.amend(segment, "remove", [*full, digest(-1)])
    assert (400, ["invalid"]) == (answer.status_code, codes(answer))
    assert 50_000 == len(caller.members(segment))


def test_too_many_identifiers_may_be_413(make_caller: Make) -> None:
    """By the switch, since Criteo does not say."""
    caller = make_caller(switches=Switches(too_many_identifiers=413))
    assert 413 == caller.amend(caller.new_list(), "add", [digest(1)] * 50_001).status_code


@pytest.mark.parametrize(
    "attributes",
    [
        {"operation": "replace", "identifiers": []},
        {"operation": "add"},
        {"operation": "add", "identifiers": "person1@example.com"},
        {"operation": "add", "identifiers": [1]},
        {"operation": "add", "identifiers": [None]},
        {"operation": "add", "identifiers": [], "identifierType": "customerid"},
    ],
)
def test_an_amendment_that_cannot_be_read_is_400(caller: Caller, attributes: dict[str, Any]) -> None:
    """The problem has the shape of the contact-list operations and repeats nothing that was sent."""
    body = {"data": {"type": "ContactlistAmendment", "attributes": attributes}}
    answer = caller.send("PATCH", f"/audience-segments/{caller.new_list()}/contact-list", body)
    assert (400, ["invalid"]) == (answer.status_code, codes(answer))
    problem = answer.json()["errors"][0]
    assert [] == problem["stackTrace"]
    assert "traceIdentifier" not in problem
    assert "person1" not in answer.text


def test_emptying_leaves_the_segment(caller: Caller) -> None:
    """Only the members go."""
    segment = caller.new_list()
    caller.amend(segment, "add", [digest(1)])
    answer = caller.send("DELETE", f"/audience-segments/{segment}/contact-list")
    assert {"data": {"id": segment, "type": "AudienceContactlist"}, "warnings": [], "errors": []} == answer.json()
    assert [] == caller.members(segment)
    assert [segment] == caller.ids(caller.search("/audience-segments"))


def test_only_a_contact_list_can_be_amended(caller: Caller) -> None:
    """404 for a segment that is not there, 403 for one of another type."""
    definition = {"visitorsType": "All", "daysSinceLastVisitMin": 0, "daysSinceLastVisitMax": 9}
    attributes = {"advertiserId": "42", "name": "R", "retargeting": definition}
    other = caller.ids(caller.bulk("POST", "/audience-segments/create", {"attributes": attributes}))[0]
    answers = [caller.amend(segment, "add", [digest(1)]) for segment in ("777", other)]
    assert [404, 403] == [answer.status_code for answer in answers]
    assert [["audience-invalid"]] * 2 == [codes(answer) for answer in answers]


def test_statistics_follow_at_the_next_processing_run(make_caller: Make) -> None:
    """Until 00:00 or 12:00 UTC has passed they show what the run before saw."""
    caller = make_caller(switches=Switches(counters="after_runs", match_rate=0.64))
    caller.set_clock("2026-11-21T11:59:50Z")
    caller.authorize()
    segment = caller.new_list()
    caller.amend(segment, "add", [digest(number) for number in range(1000)])
    nothing = {"numberOfIdentifiers": 0, "numberOfMatches": 0, "matchRate": 0.0}
    assert nothing == _statistics(caller, segment)
    caller.set_clock("2026-11-21T12:00:00Z")
    everybody = _statistics(caller, segment)
    assert 1000 == everybody["numberOfIdentifiers"]
    assert 540 <= everybody["numberOfMatches"] == 10 * everybody["matchRate"] <= 740
    caller.amend(segment, "remove", [digest(number) for number in range(900)])
    caller.set_clock("2026-11-21T23:59:00Z")
    assert everybody == _statistics(caller, segment)
    caller.set_clock("2026-11-22T00:00:00Z")
    assert 100 == _statistics(caller, segment)["numberOfIdentifiers"]
