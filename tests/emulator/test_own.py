"""The emulator's own endpoints: segments, audiences, requests and the clock."""

from __future__ import annotations

import pytest

from reconciler.emulator import Switches, identifiers, request_log
from reconciler.emulator.clock import parse_iso
from tests.emulator.caller import LISTS, Caller, digest
from tests.emulator.conftest import Make


def test_segments_are_told_with_their_counts(caller: Caller) -> None:
    """At once, whatever Criteo would tell; identifiers of every type are counted."""
    segment = caller.new_list("VIP")
    caller.amend(segment, "add", [digest(1), digest(2)])
    caller.amend(segment, "add", ["+33612345678"], identifierType="phoneNumber")
    told = caller.http.get("/emulator/segments", headers={"Authorization": ""}).json()
    assert [{"id": "500", "name": "VIP", "type": "ContactList", "count": 3}] == told


def test_audiences_are_told_with_their_ad_sets(caller: Caller) -> None:
    """So that a test needs no client to look."""
    tree = {"audienceSegmentId": caller.new_list()}
    caller.link("700123", caller.new_audience("A", tree))
    told = caller.http.get("/emulator/audiences").json()
    assert [{"id": "900", "name": "A", "algebra": tree, "adSetIds": ["700123"]}] == told


def test_members_of_nothing_are_404_and_of_no_type_400(caller: Caller) -> None:
    """Rather than an empty list."""
    assert 404 == caller.http.get("/emulator/segments/777/identifiers").status_code
    assert 400 == caller.http.get("/emulator/segments/777/identifiers?type=fax").status_code


def test_a_request_is_logged_with_what_it_touched(caller: Caller) -> None:
    """Operation, counts, status, and ids from the path, the body and the answer."""
    segment = caller.new_list()
    caller.amend(segment, "remove", [digest(1), "malformed"])
    audience = caller.new_audience("A", {"audienceSegmentId": segment})
    caller.link("700123", audience)
    token, made, amended, created, linked = caller.requests()
    assert ("OAuth2Token", 200) == (token["operation"], token["status"])
    assert ["500"] == made["segment_ids"]
    assert {
        "number": 3,
        "method": "PATCH",
        "path": f"{LISTS}/500/contact-list",
        "operation": "UpdateContactListByAudienceSegment",
        "contact_list_operation": "remove",
        "identifiers": 2,
        "invalid_identifiers": 1,
        "status": 200,
        "fault": None,
        "failure": None,
        "segment_ids": ["500"],
        "audience_ids": [],
        "ad_set_ids": [],
    } == {name: value for name, value in amended.items() if not name.endswith(("_at", "_order"))}
    assert (["500"], ["900"]) == (created["segment_ids"], created["audience_ids"])
    assert (["900"], ["700123"]) == (linked["audience_ids"], linked["ad_set_ids"])


def test_the_order_of_requests_can_be_judged(caller: Caller) -> None:
    """One after the other: each is answered before the next arrives, in orders and in times."""
    for _ in range(3):
        caller.search("/audiences")
    entries = caller.requests()
    marks = [(entry["arrived_order"], entry["answered_order"]) for entry in entries]
    assert [(1, 2), (3, 4), (5, 6), (7, 8)] == marks
    times = [entry[name] for entry in entries for name in ("arrived_at", "answered_at")]
    assert sorted(times) == times
    assert all(time.endswith("Z") for time in times)


def test_the_log_can_be_read_from_a_number_on(caller: Caller) -> None:
    """And does not count its own endpoints."""
    for _ in range(3):
        caller.search("/audiences")
    assert [3, 4] == [entry["number"] for entry in caller.http.get("/emulator/requests?after=2").json()]


def test_the_newest_requests_alone_are_kept(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the numbers that they had, in bounded memory."""
    monkeypatch.setattr(request_log, "KEPT", 3)
    log = request_log.RequestLog()
    for number in range(10):
        entry = log.arrived("GET", f"/{number}")
        entry.touched.segments.add(str(number))
        log.answered(entry, 200)
    assert [(8, ["7"]), (9, ["8"]), (10, ["9"])] == [(each["number"], each["segment_ids"]) for each in log.to_list()]
    assert [[8, 9, 10], [9, 10], [10], [], []] == [
        [each["number"] for each in log.to_list(after)] for after in (3, 8, 9, 10, 11)
    ]
    assert 1 == len(caller.requests())


def test_a_refused_amendment_is_logged_with_its_count(caller: Caller) -> None:
    """Also one that is too large, and one without a token."""
    segment = caller.new_list()
    caller.amend(segment, "add", [digest(1)] * 50_001)
    caller.http.headers["Authorization"] = ""
    caller.amend(segment, "add", [digest(1)])
    assert [(50_001, 400), (1, 401)] == [(entry["identifiers"], entry["status"]) for entry in caller.requests()[-2:]]


def test_a_failure_of_the_emulator_is_told_by_its_place(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a 500 that quotes nothing of what was sent, and later calls are served."""

    def fail(text: str, _: Switches) -> bytes | None:
        raise ValueError(text)

    segment = caller.new_list()
    monkeypatch.setattr(identifiers, "READERS", {"email": fail})
    answer = caller.amend(segment, "add", ["person1@example.com"])
    monkeypatch.undo()
    entry = caller.requests()[-1]
    assert (500, 500) == (answer.status_code, entry["status"])
    assert entry["failure"].startswith("ValueError in test_own.py:")
    assert "person1" not in answer.text + str(entry)
    assert 200 == caller.amend(segment, "add", ["person1@example.com"]).status_code


def test_no_body_is_in_the_log(caller: Caller) -> None:
    """Neither identifiers nor names nor credentials."""
    segment = caller.new_list("Secret name")
    caller.amend(segment, "add", ["person1@example.com", "malformed-person", digest(1)])
    caller.bulk("POST", "/audiences/create", {"attributes": {"person2@example.com": 1}})
    text = caller.http.get("/emulator/requests").text
    for secret in ("person", digest(1)[:8], "Secret", "secret"):
        assert secret not in text


def test_the_clock_moves_and_runs_on(caller: Caller) -> None:
    """Setting and advancing it move the `Date` of every answer."""
    answer = caller.send("POST", "/emulator/clock", {"now": "2027-03-01T12:00:00Z"})
    assert "2027-03-01T12:00:00" == answer.json()["now"][:19]
    assert answer.headers["Date"].startswith("Mon, 01 Mar 2027 12:00:0")
    caller.advance(3600)
    assert caller.http.get("/emulator/segments").headers["Date"].startswith("Mon, 01 Mar 2027 13:00:0")
    first, second = (caller.http.get("/emulator/clock").json()["now"] for _ in range(2))
    assert first < second


def test_the_clock_runs_faster(make_caller: Make) -> None:
    """At a speed of sixty a second of the machine's is a minute there; changing the speed does not move it."""
    machine = [1_795_284_000.0]
    caller = make_caller(time=lambda: machine[0])
    faster = caller.send("POST", "/emulator/clock", {"now": "2027-03-01T12:00:00Z", "speed": 60}).json()
    assert {"now": "2027-03-01T12:00:00.000000Z", "speed": 60} == faster
    machine[0] += 2
    assert "2027-03-01T12:02:00.000000Z" == caller.http.get("/emulator/clock").json()["now"]
    slower = caller.send("POST", "/emulator/clock", {"speed": 0.5}).json()
    assert {"now": "2027-03-01T12:02:00.000000Z", "speed": 0.5} == slower
    machine[0] += 2
    caller.advance(9)
    assert "2027-03-01T12:02:10.000000Z" == caller.http.get("/emulator/clock").json()["now"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"now": "soon"},
        {"now": 5},
        {"advance": "1h"},
        {"advance": True},
        {"speed": 0},
        {"speed": -1},
        {"speed": True},
        {"speed": "fast"},
        {"speed": 1e6},
        {"speed": 2, "pace": 1},
        {"now": "2027-03-01T12:00:00Z", "advance": 1},
    ],
)
def test_a_clock_that_cannot_be_read_is_400(caller: Caller, body: object) -> None:
    """And stays where it is."""
    before = caller.http.get("/emulator/clock").json()["now"]
    assert 400 == caller.send("POST", "/emulator/clock", body).status_code
    after = caller.http.get("/emulator/clock").json()["now"]
    assert 0 <= parse_iso(after) - parse_iso(before) < 60
