"""Requests that no decent client sends, over bare sockets and with bare bodies: each has an answer that is no 500."""

from __future__ import annotations

import gzip
import json
import re
import socket
from typing import Any

import pytest

from tests.emulator.caller import API, LISTS, Caller

ME = "/2026-07/advertisers/me"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def _exchange(remote: Caller, *requests: bytes, end: bool = False) -> bytes:
    """Send requests in one piece over one connection, and return all that comes until it is closed."""
    host, port = remote.http.base_url.host, remote.http.base_url.port
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(b"".join(requests))
        if end:
            connection.shutdown(socket.SHUT_WR)
        got = b""
        while piece := connection.recv(65536):
            got += piece
        return got


def _request(remote: Caller, method: str, path: str, body: bytes = b"", more: bytes | None = None) -> bytes:
    """Write a request; `more` are headers in place of the length of the body."""
    token = str(remote.http.headers["Authorization"])
    head = f"{method} {path} HTTP/1.1\r\nHost: emulator\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
    length = f"Content-Length: {len(body)}\r\n".encode()
    return head.encode() + (length if more is None else more) + b"\r\n" + body


def _last(remote: Caller) -> bytes:
    """A request after which the connection is closed."""
    return _request(remote, "GET", ME, more=b"Connection: close\r\n")


def _statuses(answers: bytes) -> list[bytes]:
    """The status of each answer; bodies have no such line."""
    return re.findall(rb"HTTP/1\.1 ([0-9]{3})", answers)


@pytest.mark.parametrize("path", [ME, f"{LISTS}/search", "/emulator/clock", "/no/such/path"])
def test_the_answer_to_head_has_no_body(remote: Caller, path: str) -> None:
    """What came after its head would be taken for the next answer."""
    answers = _exchange(remote, _request(remote, "HEAD", path), _last(remote))
    head, _, rest = answers.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 ")
    assert rest.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nContent-Length: " in head


def test_an_answer_without_a_body_says_so(remote: Caller) -> None:
    """Its end would be waited for as long as the connection lasts."""
    remote.http.post("/emulator/switches", json={"too_many_calls": "empty"})
    remote.fault("429")
    answers = _exchange(remote, _request(remote, "GET", ME), _last(remote))
    assert _statuses(answers) == [b"429", b"200"]
    assert b"\r\nContent-Length: 0\r\n" in answers.partition(b"\r\n\r\n")[0] + b"\r\n"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/emulator/segments", b"200"),
        ("GET", "/emulator/segments/1/identifiers", b"404"),
        ("DELETE", "/emulator/faults", b"200"),
        ("POST", "/emulator/no/such/endpoint", b"404"),
        ("GET", ME, b"200"),
        ("POST", "/no/such/path", b"404"),
    ],
)
def test_a_body_that_nobody_wants_is_read_all_the_same(remote: Caller, method: str, path: str, status: bytes) -> None:
    """What was left of it would be taken for the next request."""
    answers = _exchange(remote, _request(remote, method, path, b'{"a": 1}'), _last(remote))
    assert [status, b"200"] == _statuses(answers)


@pytest.mark.parametrize("path", [f"{LISTS}/search", "/emulator/clock", "/oauth2/token"])
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (CHUNKED, b"no number\r\n{}\r\n0\r\n\r\n"),
        (CHUNKED, b"-2\r\n{}\r\n0\r\n\r\n"),
        (CHUNKED, b"2\r\n{}and more\r\n0\r\n\r\n"),
        (CHUNKED, b"10\r\n{}"),
        (b"Content-Length: -2\r\n", b""),
        (b"Content-Length: two\r\n", b""),
        (b"Content-Length: 99\r\n", b"{}"),
    ],
)
def test_a_body_whose_end_cannot_be_found_is_a_400_and_ends_the_connection(
    remote: Caller, path: str, headers: bytes, body: bytes
) -> None:
    """It is the client's mistake and no failure of the emulator's."""
    answers = _exchange(remote, _request(remote, "POST", path, body, headers), end=True)
    assert [b"400"] == _statuses(answers)
    assert b"\r\nConnection: close\r\n" in answers
    assert not any(entry["failure"] for entry in remote.requests())


def test_a_client_that_waits_to_send_its_body_is_told_once_to_go_on(remote: Caller) -> None:
    """By `Expect: 100-continue`."""
    more = b"Expect: 100-continue\r\nContent-Length: 2\r\n"
    answers = _exchange(remote, _request(remote, "POST", f"{LISTS}/search", b"{}", more), _last(remote))
    assert [b"100", b"400", b"200"] == _statuses(answers)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + 400 * "0"])
def test_a_number_that_no_double_can_be_is_refused(remote: Caller, number: str) -> None:
    """It could not be told again: the answer would be no JSON."""
    attributes = '{"advertiserId":"42","name":"L","location":{"radiusInKm":1,"pointsOfInterest":[{"latitude":%s}]}}'
    body = f'{{"data":[{{"attributes":{attributes % number}}}]}}'
    answer = remote.http.post(f"{LISTS}/create", content=body, headers={"Content-Type": "application/json"})
    assert 400 == answer.status_code
    assert [] == remote.ids(remote.search("/audience-segments"))


def test_a_whole_number_may_be_written_with_a_point(remote: Caller) -> None:
    """`5.0` is an integer to JSON Schema, and is told as one."""
    prospecting: dict[str, Any] = {
        "usersType": "Prospects",
        "daysSinceLastVisitMin": 5.0,
    }  # as 5.0 it goes over the wire
    attributes = {"advertiserId": "42", "name": "P", "prospecting": prospecting}
    made = remote.bulk("POST", "/audience-segments/create", {"attributes": attributes})
    assert '"daysSinceLastVisitMin":5}' in made.text
    wrapped = {"prospecting": {"daysSinceLastVisitMax": {"value": 1e1}}}
    changed = remote.bulk("PATCH", "/audience-segments", {"id": remote.ids(made)[0], "attributes": wrapped})
    days = changed.json()["data"][0]["attributes"]["prospecting"]
    assert '{"usersType": "Prospects", "daysSinceLastVisitMin": 5, "daysSinceLastVisitMax": 10}' == json.dumps(days)


@pytest.mark.parametrize("parameter", ["limit", "offset"])
def test_a_page_of_very_many_digits_is_out_of_range(remote: Caller, parameter: str) -> None:
    """More than Python reads into a number."""
    answer = remote.http.post(f"{LISTS}/search?{parameter}={'1' * 5000}", json={"data": {}})
    assert 400 == answer.status_code


@pytest.mark.parametrize("after", ["9" * 30, "9223372036854775808", "-1", "x"])
def test_requests_after_any_number_are_told(remote: Caller, after: str) -> None:
    """Those after one that has not come yet are none."""
    answer = remote.http.get("/emulator/requests", params={"after": after})
    assert 200 == answer.status_code
    assert after.startswith("9") == (answer.json() == [])


@pytest.mark.parametrize(
    "clock",
    [
        {"advance": 1e18},
        {"advance": -1e18},
        {"advance": 1e300},
        {"now": "9999-12-31T23:59:59-14:00"},
        {"now": "0001-01-01T00:00:00+14:00"},
        {"now": "1969-12-31T23:59:59Z"},
    ],
)
def test_a_clock_is_not_set_to_where_it_could_not_be_told(remote: Caller, clock: dict[str, object]) -> None:
    """No `Date` could be written any more, in this process or the next."""
    assert 400 == remote.send("POST", "/emulator/clock", clock).status_code
    assert 200 == remote.http.get(ME).status_code


def test_a_fast_clock_stops_at_its_end(remote: Caller) -> None:
    """It goes on answering."""
    told = remote.send("POST", "/emulator/clock", {"now": "2999-12-31T23:59:59.999Z", "speed": 100_000}).json()
    while told["now"] < "3000":
        told = remote.send("GET", "/emulator/clock").json()
    assert "3000-01-01T00:00:00.000000Z" == told["now"]
    remote.authorize()
    assert 200 == remote.http.get(ME).status_code


def test_a_switch_of_very_many_digits_is_refused(remote: Caller) -> None:
    """And says what it can be."""
    body = f'{{"bulk_cap": {"9" * 4000}}}'
    answer = remote.http.post("/emulator/switches", content=body)
    assert 400 == answer.status_code
    assert answer.json()["error"].endswith("it is a number from 0 to 100000")


@pytest.mark.parametrize("fault", [{"method": "patch"}, {"operation": "UpdateAudienceSegment"}])
def test_a_fault_that_could_hit_nothing_is_refused(remote: Caller, fault: dict[str, str]) -> None:
    """A slip in its method or operation would be found by nobody."""
    answer = remote.send("POST", "/emulator/faults", [{"kind": "500", **fault}])
    assert 400 == answer.status_code
    assert " one of " in answer.json()["error"]


def test_the_token_endpoint_knows_one_method(remote: Caller) -> None:
    """Others are a 405."""
    assert 405 == remote.http.get("/oauth2/token").status_code


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "client_credentials"}, 400, "invalid_request"),
        ({"grant_type": "password", "client_id": "a", "client_secret": "b"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "client_id": "a", "client_secret": "b"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "client_id": "a", "client_secret": "b"}, 400, "invalid_grant"),
    ],
)
def test_a_grant_that_is_not_given_is_told_in_the_words_of_oauth(
    remote: Caller, form: dict[str, str], status: int, error: str
) -> None:
    """RFC 6749, section 5.2; Criteo knows codes and refresh tokens too, and nobody gives any here."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = remote.http.post("/oauth2/token", data=form, headers=headers)
    assert (status, error) == (answer.status_code, answer.json()["error"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'\xef\xbb\xbf{"data": {}}', 200),
        (b' \n{"data": {}}\n', 200),
        ('{"data": {}}'.encode("utf-16"), 400),
        (b'{"data": {"type": "\xff"}}', 400),
        (b'{"data": {"type": "\xed\xa0\x80"}}', 400),
        (b"", 400),
        (b'{"data": {}} x', 400),
        (b"[" * 100_000, 400),
        (gzip.compress(b'{"data": {}}', mtime=0), 400),
    ],
)
def test_a_body_is_json_in_utf_8(remote: Caller, body: bytes, status: int) -> None:
    """As RFC 8259 has it, with a byte order mark or without."""
    answer = remote.http.post(f"{LISTS}/search", content=body, headers={"Content-Type": "application/json"})
    assert status == answer.status_code


def test_an_odd_id_in_a_path_is_one_that_is_not_there(remote: Caller) -> None:
    """Whatever its letters and its length."""
    for odd in ("%ff%00", "%F0%9F%A6%8A", "0500", "-1", "9" * 30_000, "5e2"):
        assert 404 == remote.http.delete(f"{API}/audience-segments/{odd}/contact-list").status_code
