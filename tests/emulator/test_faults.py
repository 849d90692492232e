"""Misbehaviour on request."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import httpx
import pytest

from reconciler.emulator.routes import ROUTES
from tests.emulator.caller import Caller, audience_of, codes, digest, list_of
from tests.emulator.conftest import Make

AMEND = "UpdateContactListByAudienceSegment"


def _token(caller: Caller) -> httpx.Response:
    form = {"client_id": "app", "client_secret": "s", "grant_type": "client_credentials"}
    return caller.http.post("/oauth2/token", data=form)


@pytest.fixture
def stocked(caller: Caller) -> Caller:
    """A world with the empty list 500."""
    caller.new_list()
    return caller


@pytest.mark.parametrize("kind", [401, 403, 429, "500", "502", "503", "504"])
def test_a_status_comes_once_and_without_effect(stocked: Caller, kind: int | str) -> None:
    """The next call is as it should be."""
    stocked.fault(kind, operation=AMEND)  # type: ignore[arg-type]
    answers = [stocked.amend("500", "add", [digest(number)]) for number in (1, 2)]
    assert [int(kind), 200] == [answer.status_code for answer in answers]
    assert [digest(2)] == stocked.members("500")


def test_a_scripted_429_says_when_to_come_back(make_caller: Make) -> None:
    """Also where the emulator has no limit."""
    caller = make_caller(rate_limit=0)
    caller.set_clock("2026-11-21T10:00:00Z")
    caller.authorize()
    caller.fault("429", seconds=7)
    headers = caller.search("/audiences").headers
    assert ("250", "0") == (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"])
    assert int(headers["x-ratelimit-reset"]) - 1_795_255_200 in (7, 8)


@pytest.mark.parametrize("kind", ["500_after", "503_after"])
def test_a_failure_after_the_effect_leaves_the_effect(stocked: Caller, kind: str) -> None:
    """The client cannot tell it from one before."""
    stocked.fault(kind)
    assert int(kind[:3]) == stocked.amend("500", "add", [digest(1)]).status_code
    assert [digest(1)] == stocked.members("500")


@pytest.mark.parametrize(("kind", "held"), [("close_before", []), ("close_after", [digest(1)])])
def test_a_connection_closes_before_or_after_the_effect(stocked: Caller, kind: str, held: list[str]) -> None:
    """Without a socket this is the error that a socket gives, and the log knows of no status."""
    stocked.fault(kind, operation=AMEND)
    with pytest.raises(httpx.RemoteProtocolError):
        stocked.amend("500", "add", [digest(1)])
    assert held == stocked.members("500")
    assert (kind, None) == tuple(stocked.requests()[-1][name] for name in ("fault", "status"))


def test_an_effect_may_come_later(stocked: Caller) -> None:
    """The answer is at once; a change in between comes before it."""
    stocked.fault("effect_later", seconds=60)
    assert 200 == stocked.amend("500", "add", [digest(1)]).status_code
    stocked.amend("500", "remove", [digest(1)])
    assert [] == stocked.members("500")
    stocked.advance(59)
    assert [] == stocked.members("500")
    stocked.advance(2)
    assert [digest(1)] == stocked.members("500")


def test_a_late_effect_may_be_behind_a_closed_connection(stocked: Caller) -> None:
    """A create that got no answer is there after a while, under an id of its own."""
    stocked.fault("effect_later", seconds=60, answer="close")
    with pytest.raises(httpx.RemoteProtocolError):
        stocked.new_list("late")
    assert "502" == stocked.new_list("prompt")
    stocked.advance(61)
    assert [("500", "VIP"), ("502", "prompt"), ("501", "late")] == [
        (segment["id"], segment["name"]) for segment in stocked.http.get("/emulator/segments").json()
    ]


def test_late_effects_keep_their_order(stocked: Caller) -> None:
    """The one due first comes first, whichever was asked for first."""
    stocked.fault("effect_later", seconds=60)
    stocked.fault("effect_later", seconds=30)
    stocked.amend("500", "add", [digest(1)])
    stocked.amend("500", "remove", [digest(1)])
    stocked.advance(61)
    assert [digest(1)] == stocked.members("500")


def test_a_processing_run_may_mix_up_what_it_was_sent(stocked: Caller) -> None:
    """Nothing is on the list before the run; after it some later removals have come before their additions."""
    stocked.set_clock("2026-11-21T10:00:00Z")
    stocked.authorize()
    stocked.fault("reordered", operation=AMEND, count=None)
    for number in range(20):
        stocked.amend("500", "add", [digest(number)])
        stocked.amend("500", "remove", [digest(number)])
    stocked.set_clock("2026-11-21T11:59:00Z")
    assert [] == stocked.members("500")
    stocked.set_clock("2026-11-21T12:00:00Z")
    assert 0 < len(stocked.members("500")) < 20


def test_a_truncated_answer_ends_the_connection(stocked: Caller) -> None:
    """The effect is there."""
    stocked.fault("truncated")
    with pytest.raises(httpx.RemoteProtocolError):
        stocked.amend("500", "add", [digest(1)])
    assert [digest(1)] == stocked.members("500")


def test_an_answer_may_be_no_json_or_no_envelope(stocked: Caller) -> None:
    """With status 200, after the effect."""
    stocked.fault("wrong_json")
    stocked.fault("wrong_shape")
    answers = [stocked.amend("500", "add", [digest(number)]) for number in (1, 2)]
    assert [200, 200] == [answer.status_code for answer in answers]
    with pytest.raises(ValueError, match="Expecting value"):
        answers[0].json()
    assert {"data": "unexpected"} == answers[1].json()
    assert 2 == len(stocked.members("500"))


def test_a_slow_answer_is_late(stocked: Caller) -> None:
    """By the seconds that were asked for."""
    stocked.fault("slow", seconds=0.2)
    begin = time.monotonic()
    assert 200 == stocked.search("/audiences").status_code
    assert time.monotonic() - begin >= 0.2


def test_a_dead_token_stays_dead(stocked: Caller) -> None:
    """Until the client gets another one."""
    stocked.fault("token_dead")
    answers = [stocked.search("/audiences") for _ in range(2)]
    assert [["authorization-token-expired"]] * 2 == [codes(answer) for answer in answers]
    stocked.authorize()
    assert 200 == stocked.search("/audiences").status_code


def test_a_late_effect_yields_to_what_happened_meanwhile(stocked: Caller) -> None:
    """Names stay unique, what was deleted does not come back, and what is in use stays."""
    tree = {"audienceSegmentId": "500"}
    stocked.fault("effect_later", seconds=60, count=5)
    stocked.new_list("twice")
    stocked.new_audience("twice", tree)
    gone = stocked.bulk("POST", "/audience-segments/delete", {"id": "500"})
    assert ["500"] == stocked.ids(gone)
    stocked.bulk("PATCH", "/audience-segments", {"id": "500", "attributes": {"name": "renamed"}})
    stocked.link("700123", None)
    assert ["502", "901"] == [stocked.new_list("twice"), stocked.new_audience("twice", tree)]
    stocked.link("700123", "901")
    stocked.advance(61)
    told = [stocked.http.get(f"/emulator/{what}").json() for what in ("segments", "audiences")]
    assert [("500", "renamed"), ("502", "twice")] == [(each["id"], each["name"]) for each in told[0]]
    assert [("901", [])] == [(each["id"], each["adSetIds"]) for each in told[1]]


def test_a_late_change_of_what_was_deleted_comes_to_nothing(stocked: Caller) -> None:
    """Neither a segment nor an audience rises again."""
    stocked.new_audience("A", {"audienceSegmentId": "500"})
    stocked.fault("effect_later", seconds=60, count=3)
    stocked.bulk("PATCH", "/audiences", {"id": "900", "attributes": {"name": "B"}})
    stocked.bulk("PATCH", "/audience-segments", {"id": "500", "attributes": {"name": "B"}})
    stocked.link("700123", "900")
    for what, number in (("audiences", "900"), ("audience-segments", "500")):
        assert [number] == stocked.ids(stocked.bulk("POST", f"/{what}/delete", {"id": number}))
    stocked.advance(61)
    assert [[], []] == [stocked.http.get(f"/emulator/{what}").json() for what in ("segments", "audiences")]


def test_a_late_effect_is_counted_by_the_run_after_it_came(stocked: Caller) -> None:
    """Not by the run after it was asked for."""
    stocked.set_clock("2026-11-21T11:59:00Z")
    stocked.authorize()
    stocked.fault("effect_later", seconds=120)
    stocked.amend("500", "add", [digest(1)])
    counts = []
    for now in ("2026-11-21T12:00:30Z", "2026-11-21T12:02:00Z", "2026-11-22T00:00:00Z"):
        stocked.set_clock(now)
        stocked.authorize()
        told = stocked.send("GET", "/audience-segments/500/contact-list/statistics").json()
        counts.append(told["data"]["attributes"]["numberOfIdentifiers"])
    assert [0, 0, 1] == counts


@pytest.mark.parametrize(
    ("shape", "array"), [("errors", "errors"), ("warnings", "warnings"), ("bad_request", "errors")]
)
def test_some_items_fail_and_are_not_carried_out(stocked: Caller, shape: str, array: str) -> None:
    """The answer holds those that were, and the problem of each that was not, in the shape that was asked for."""
    stocked.fault("partial", share=0.4, failed_items=shape, seed=3)
    answer = stocked.bulk("POST", "/audience-segments/create", *(list_of(f"L{number}") for number in range(20)))
    made = [each["attributes"]["name"] for each in answer.json()["data"]]
    assert 0 < len(made) < 20
    assert ["internal-error"] * (20 - len(made)) == codes(answer, array)
    assert ["VIP", *made] == [each["name"] for each in stocked.http.get("/emulator/segments").json()]


def test_each_bulk_operation_can_fail_in_part(stocked: Caller) -> None:
    """At least one item fails, under the code that was asked for; nothing of it is carried out."""
    stocked.new_audience("A", {"audienceSegmentId": "500"})
    stocked.new_list("unused")
    before = [stocked.http.get(f"/emulator/{what}").json() for what in ("segments", "audiences")]
    stocked.fault("partial", share=0, code="segment-locked", failed_items="errors", count=None)
    renamed = {"attributes": {"name": "B"}}
    for what, number, new in (
        ("audience-segments", "501", list_of("new")),
        ("audiences", "900", audience_of("new", {"audienceSegmentId": "500"})),
    ):
        answers = [
            stocked.bulk("POST", f"/{what}/create", new),
            stocked.bulk("PATCH", f"/{what}", {"id": number, **renamed}),
            stocked.bulk("POST", f"/{what}/compute-sizes", {"id": number}),
            stocked.bulk("POST", f"/{what}/delete", {"id": number}),
        ]
        assert [([], ["segment-locked"])] * 4 == [(answer.json()["data"], codes(answer)) for answer in answers]
    assert before == [stocked.http.get(f"/emulator/{what}").json() for what in ("segments", "audiences")]


def test_a_call_that_fails_in_part_as_a_400_has_no_data(stocked: Caller) -> None:
    """Where no item succeeded."""
    stocked.fault("partial", share=1, failed_items="bad_request", count=2)
    answers = [
        stocked.bulk("POST", f"/audience-segments/{verb}", {"id": "500"}) for verb in ("delete", "compute-sizes")
    ]
    assert [(400, ["internal-error"])] * 2 == [(answer.status_code, codes(answer)) for answer in answers]


def test_failed_items_may_take_another_shape_for_one_call(stocked: Caller) -> None:
    """As if the switch had been set for it."""
    stocked.fault("failed_items", failed_items="warnings")
    missing = {"id": "777"}
    answers = [stocked.bulk("POST", "/audience-segments/delete", missing) for _ in range(2)]
    assert [["segment-not-found"], []] == [codes(answer, "warnings") for answer in answers]


@pytest.mark.parametrize(
    ("fields", "statuses"),
    [
        ({"nth": 2}, [200, 503, 200, 200]),
        ({"count": 2}, [503, 503, 200, 200]),
        ({"nth": 3, "count": None}, [200, 200, 503, 503]),
        ({"method": "GET"}, [200, 200, 200, 200]),
        ({"path": "/audiences/(search|create)$", "count": None}, [503, 503, 503, 503]),
        ({"path": "segments"}, [200, 200, 200, 200]),
        ({"operation": "SearchAudiences", "nth": 4}, [200, 200, 200, 503]),
    ],
)
def test_a_fault_hits_the_calls_it_names(caller: Caller, fields: dict[str, Any], statuses: list[int]) -> None:
    """By method, path, operation, place and number."""
    caller.fault("503", **fields)
    assert statuses == [caller.search("/audiences").status_code for _ in range(4)]


def test_chance_is_repeatable(make_caller: Make) -> None:
    """The same seed hits the same calls."""

    def run(seed: int) -> list[int]:
        caller = make_caller()
        caller.fault("500", probability=0.5, seed=seed, count=None)
        return [caller.search("/audiences").status_code for _ in range(40)]

    assert run(1) == run(1) != run(2)
    assert 5 < run(1).count(500) < 35


def test_the_token_endpoint_can_fail_too(caller: Caller) -> None:
    """Its operation is called `OAuth2Token`, and it fails in the shape of OAuth."""
    for kind in ("500", "429", "401", "token_down"):
        caller.fault(kind, operation="OAuth2Token")
    answers = [_token(caller) for _ in range(5)]
    assert [500, 429, 401, 503, 200] == [answer.status_code for answer in answers]
    wanted = ["temporarily_unavailable", "temporarily_unavailable", "invalid_client", "temporarily_unavailable"]
    assert wanted == [answer.json()["error"] for answer in answers[:4]]


@pytest.mark.parametrize("answer", ["close", "truncated", "500", "wrong_json", "wrong_shape"])
def test_the_token_endpoint_may_be_down_in_every_way(caller: Caller, answer: str) -> None:
    """Other calls are not touched by it."""
    caller.fault("token_down", answer=answer)
    assert 200 == caller.search("/audiences").status_code
    if answer in ("close", "truncated"):
        with pytest.raises(httpx.RemoteProtocolError):
            _token(caller)
    else:
        assert "access_token" not in _token(caller).text
    assert "access_token" in _token(caller).json()


@pytest.mark.parametrize(
    "kind", ["slow", "close_before", "close_after", "truncated", "wrong_json", "wrong_shape", "503"]
)
def test_a_fault_of_every_call_hits_every_endpoint(caller: Caller, kind: str) -> None:
    """Those of Criteo's operations, of tokens, and of paths that are none."""
    caller.fault(kind, count=None)
    paths = [route.path.replace("<version>", "2026-07") for route in ROUTES]
    for method, path in [*((route.method, path) for route, path in zip(ROUTES, paths, strict=True)), ("GET", "/2nd")]:
        with suppress(httpx.RemoteProtocolError):
            caller.http.request(method, path)
    with suppress(httpx.RemoteProtocolError):
        _token(caller)
    entries = caller.requests()[1:]
    assert len(ROUTES) + 2 == len(entries)
    assert {kind} == {entry["fault"] for entry in entries}


@pytest.mark.parametrize("kind", ["reordered", "effect_later", "partial", "token_dead"])
def test_a_fault_passes_over_calls_that_it_can_do_nothing_to(caller: Caller, kind: str) -> None:
    """They are not even counted: tokens, and for the others whatever only reads."""
    caller.fault(kind, count=None)
    _token(caller)
    if kind != "token_dead":
        caller.search("/audiences")
    assert [{"kind": kind, "seen": 0, "hits": 0}] == caller.http.get("/emulator/faults").json()


def test_hits_are_counted_by_kind_also_of_faults_taken_back(caller: Caller) -> None:
    """Since the start of the emulator."""
    for kind, count in (("500", 2), ("429", 1), ("500", 1)):
        caller.fault(kind, count=count)
        for _ in range(3):
            caller.search("/audiences")
        caller.http.delete("/emulator/faults")
    assert {"429": 1, "500": 3} == caller.http.get("/emulator/faults/injected").json()


def test_faults_can_be_counted_and_taken_back(caller: Caller) -> None:
    """The list shows how often each was met and has hit."""
    caller.fault("500", nth=2, count=None)
    statuses = [caller.search("/audiences").status_code for _ in range(3)]
    assert [200, 500, 500] == statuses
    assert [{"kind": "500", "seen": 3, "hits": 2}] == caller.http.get("/emulator/faults").json()
    assert [] == caller.http.delete("/emulator/faults").json()
    assert 200 == caller.search("/audiences").status_code


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "faults: a JSON list of objects is needed"),
        (["429"], "faults[0]: an object is needed"),
        ([{}], "faults[0].kind: is missing"),
        ([{"kind": "500"}, {"kind": "explode"}], "faults[1].kind: one of"),
        ([{"kind": "500", "nht": 2}], "faults[0].nht: there is no such field"),
        ([{"kind": "500", "path": "("}], "faults[0].path: "),
        ([{"kind": "slow", "seconds": "2"}], "faults[0].seconds: a number is needed"),
        ([{"kind": "500", "nth": 0}], "faults[0].nth: a whole number from 1 on"),
        ([{"kind": "500", "nth": 1.5}], "faults[0].nth: a whole number from 1 on"),
        ([{"kind": "500", "count": 0.5}], "faults[0].count: a whole number from 0 on"),
        ([{"kind": "500", "seed": 0.5}], "faults[0].seed: a whole number from 0 on"),
        ([{"kind": "500", "probability": 2}], "faults[0].probability: between 0 and 1"),
        ([{"kind": "failed_items", "failed_items": "nowhere"}], "faults[0].failed_items: one of"),
        ([{"kind": ["500"]}], "faults[0].kind: one of"),
        ([{"kind": "slow", "answer": "late"}], "faults[0].answer: one of"),
        ([{"kind": "500", "answer": "close"}], "faults[0].answer: only with effect_later, reordered, slow, token_down"),
        ([{"kind": "token_down", "answer": "normal"}], "faults[0].answer: token_down does not answer normally"),
        ([{"kind": "partial", "share": 2}], "faults[0].share: between 0 and 1"),
        (
            [{"kind": "reordered", "operation": "CreateAudiences"}],
            "faults[0].operation: reordered does nothing to this operation",
        ),
        ([{"kind": "500", "operation": 3}], "faults[0].operation: one of"),
    ],
)
def test_a_fault_that_cannot_be_read_is_told(caller: Caller, body: object, message: str) -> None:
    """With its place; none of the list is taken."""
    answer = caller.send("POST", "/emulator/faults", body)
    assert 400 == answer.status_code
    assert answer.json()["error"].startswith(message)
    assert [] == caller.http.get("/emulator/faults").json()
