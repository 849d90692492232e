"""What is open about calls as such, seen both ways: tokens, the rate, how large a body may be."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import Caller, codes, digest, list_of
from tests.emulator.conftest import Make

SEGMENTS, AUDIENCES = "/audience-segments", "/audiences"


def test_how_large_a_body_may_be(make_caller: Make) -> None:
    """One byte too many is a 413, and nothing of the call is carried out."""
    caller = make_caller(switches=Switches(largest_body=5_000))
    segment = caller.new_list()
    assert caller.amend(segment, "add", [digest(number) for number in range(80)]).status_code == 413
    assert caller.members(segment) == []
    assert caller.amend(segment, "add", [digest(number) for number in range(40)]).status_code == 200
    assert len(caller.members(segment)) == 40


@pytest.mark.parametrize(
    ("switches", "kind"),
    [
        (Switches(too_many_calls="problem"), "application/json"),
        (Switches(too_many_calls="empty"), None),
        (Switches(too_many_calls="page"), "text/html"),
    ],
)
def test_the_body_of_a_429(make_caller: Make, switches: Switches, kind: str | None) -> None:
    """A problem, nothing, or a page that is no JSON; the same where a fault makes it, and at the token endpoint."""
    caller = make_caller(switches=switches, rate_limit=1)
    caller.set_clock("2026-11-21T12:00:01Z")
    assert caller.search(SEGMENTS).status_code == 200
    answers = [caller.search(SEGMENTS)]
    for path in (f"{SEGMENTS}/search", "/oauth2/token"):
        caller.fault("429")
        answers.append(caller.send("POST", path, {"data": {}}))
    for answer in answers:
        assert answer.status_code == 429
        assert (answer.headers.get("Content-Type") or "").partition(";")[0] == (kind or "")
        assert answer.headers["x-ratelimit-remaining"] == "0"
    assert (answers[0].text == "") is (kind is None)
    if kind == "application/json":
        assert codes(answers[0]) == ["too-many-requests"]


@pytest.mark.parametrize(
    ("switches", "told"), [(Switches(retry_after="off"), None), (Switches(retry_after="on"), "39")]
)
def test_whether_a_429_says_when_to_try_again(make_caller: Make, switches: Switches, told: str | None) -> None:
    """In the header that HTTP has for it too, in seconds."""
    caller = make_caller(switches=switches, rate_limit=1, time=lambda: 1_800_000_021.0)
    assert "Retry-After" not in caller.search(SEGMENTS).headers
    refused = caller.search(SEGMENTS)
    assert (refused.status_code, refused.headers.get("Retry-After")) == (429, told)


@pytest.mark.parametrize(("own", "statuses"), [(0, [200, 200, 200]), (2, [200, 200, 429])])
def test_whether_sizes_have_a_limit_of_their_own(make_caller: Make, own: int, statuses: list[int]) -> None:
    """What they take of it is not taken of the other calls', and their headers tell of it."""
    caller = make_caller(switches=Switches(sizes_rate=own), rate_limit=100)
    caller.set_clock("2026-11-21T12:00:01Z")
    segment = caller.new_list()
    answers = [caller.bulk("POST", f"{SEGMENTS}/compute-sizes", {"id": segment}) for _ in range(3)]
    assert statuses == [answer.status_code for answer in answers]
    assert answers[0].headers["x-ratelimit-limit"] == str(own or 100)
    assert caller.search(SEGMENTS).headers["x-ratelimit-remaining"] == ("98" if own else "95")


@pytest.mark.parametrize(
    ("switches", "told"),
    [
        (Switches(unauthorized="precise"), "authorization-token-invalid"),
        (Switches(unauthorized="unknown"), "authorization-unknown"),
        (Switches(unauthorized="empty"), None),
    ],
)
def test_what_a_401_tells(make_caller: Make, switches: Switches, told: str | None) -> None:
    """The cause, one code for all causes, or nothing."""
    caller = make_caller(switches=switches)
    caller.http.headers["Authorization"] = "Bearer nobody's"
    answer = caller.search(SEGMENTS)
    assert answer.status_code == 401
    assert (codes(answer) if answer.content else None) == (told and [told])


@pytest.mark.parametrize(
    ("switches", "told"),
    [
        (Switches(credentials_error="invalid_client"), {"error": "invalid_client"}),
        (Switches(credentials_error="invalid_grant"), {"error": "invalid_grant"}),
        (Switches(credentials_error="envelope"), {"code": "authorization-unknown"}),
    ],
)
def test_how_wrong_credentials_are_told(make_caller: Make, switches: Switches, told: dict[str, str]) -> None:
    """By a word of OAuth's, or in Criteo's own envelope."""
    caller = make_caller(switches=switches, client_secret="secret")
    form = {"client_id": "app", "client_secret": "wrong", "grant_type": "client_credentials"}
    answer = caller.http.post("/oauth2/token", data=form)
    body = answer.json()
    assert (answer.status_code, told.items() <= {**body, **(body.get("errors") or [{}])[0]}.items()) == (401, True)


@pytest.mark.parametrize(
    ("switches", "status"),
    [(Switches(type_in_requests="optional"), 200), (Switches(type_in_requests="needed"), 400)],
)
def test_whether_requests_tell_their_types(make_caller: Make, switches: Switches, status: int) -> None:
    """Bulk calls and searches without a type are taken or not; with one they are."""
    caller = make_caller(switches=switches)
    segment = caller.new_list()
    untyped: list[tuple[str, str, Any]] = [
        ("PATCH", SEGMENTS, [{"id": segment, "attributes": {"name": "b"}}]),
        ("POST", f"{SEGMENTS}/search", {"attributes": {}}),
    ]
    assert [status] * 2 == [caller.send(method, path, {"data": data}).status_code for method, path, data in untyped]
    typed = {"data": {"type": "AudienceSegment", "attributes": {}}}
    assert caller.send("POST", f"{SEGMENTS}/search", typed).status_code == 200
    assert caller.bulk("POST", f"{SEGMENTS}/create", list_of("c")).status_code == 200


def clashing(caller: Caller) -> Any:
    """The one problem of a bulk call whose second item bears a name that is taken and whose third is not there."""
    caller.bulk("POST", f"{SEGMENTS}/create", list_of("a"), list_of("b"))
    items = [{"id": "500", "attributes": {"name": "c"}}, {"id": "501", "attributes": {"name": "c"}}]
    return caller.bulk("PATCH", SEGMENTS, *items).json()["errors"][0]


@pytest.mark.parametrize(
    ("switches", "place", "words"),
    [
        (Switches(blame="detail"), "detail", "Another Segment exists with the name: c"),
        (Switches(blame="source"), "source", "data/1"),
        (Switches(blame="instance"), "instance", "/2026-07/marketing-solutions/audience-segments/501"),
        (Switches(blame="nowhere"), "", ""),
    ],
)
def test_where_a_problem_says_which_item_it_is_about(
    make_caller: Make, switches: Switches, place: str, words: str
) -> None:
    """In its words, by a pointer into the request, by the path of the item, or nowhere at all."""
    problem = clashing(make_caller(switches=switches))
    said = {
        "detail": "name: c" in problem["detail"],
        "source": problem["source"] == {"pointer": "data/1"},
        "instance": problem["instance"].endswith("/501"),
    }
    assert [name for name, is_said in said.items() if is_said] == ([place] if place else [])
    assert not place or words in str(problem[place])


def test_a_new_item_is_told_by_its_place(make_caller: Make) -> None:
    """It has no id that a path could end with."""
    caller = make_caller(switches=Switches(blame="instance"))
    caller.new_list("a")
    answer = caller.bulk("POST", f"{SEGMENTS}/create", list_of("b"), list_of("a"))
    assert answer.json()["errors"][0]["instance"].endswith("/create/data/1")


@pytest.mark.parametrize(
    ("switches", "code"),
    [
        (Switches(item_codes="not-found"), "segment-not-found"),
        (Switches(item_codes="invalid"), "invalid"),
        (Switches(item_codes="unlisted"), "request-rule-violated"),
    ],
)
def test_the_codes_of_items(make_caller: Make, switches: Switches, code: str) -> None:
    """As sister APIs have them, one for all, or one that nobody knows; a name that is taken always has its own."""
    caller = make_caller(switches=switches)
    assert clashing(caller)["code"] == "name-must-be-unique"
    assert [code] == codes(caller.bulk("POST", f"{SEGMENTS}/delete", {"id": "999"}))
