"""Tokens, credentials and the rate limit."""

from __future__ import annotations

import httpx
import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import API, Caller, codes
from tests.emulator.conftest import Make

FORM = {"client_id": "app", "client_secret": "secret", "grant_type": "client_credentials"}
ME = "/2026-07/advertisers/me"
RATE_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


def remaining(answer: httpx.Response) -> str | None:
    left: str | None = answer.headers.get("x-ratelimit-remaining")
    return left


def test_a_token_lasts_fifteen_minutes_and_has_a_null_refresh_token(caller: Caller) -> None:
    """The answer has the keys that Criteo's SDK reads, `refresh_token` among them."""
    answer = caller.http.post("/oauth2/token", data=FORM).json()
    assert {"token_type": "Bearer", "expires_in": 900, "refresh_token": None} == {
        key: value for key, value in answer.items() if key != "access_token"
    }
    assert 3 == len(answer["access_token"].split("."))


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({**FORM, "grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 400, "invalid_request"),
        ({**FORM, "client_secret": "wrong"}, 401, "invalid_client"),
        ({**FORM, "client_id": "other"}, 401, "invalid_client"),
    ],
)
def test_a_refused_token_request_has_the_shape_of_oauth(
    make_caller: Make, form: dict[str, str], status: int, error: str
) -> None:
    """The token endpoint answers with `error`, not with the envelope."""
    caller = make_caller(client_id="app", client_secret="secret")
    answer = caller.http.post("/oauth2/token", data=form)
    assert (status, error) == (answer.status_code, answer.json()["error"])
    assert "errors" not in answer.json()


def test_a_token_request_needs_the_content_type_of_a_form(caller: Caller) -> None:
    """Without it the answer is OAuth's `invalid_request`."""
    answer = caller.http.post("/oauth2/token", content=b"grant_type=client_credentials")
    assert (400, "invalid_request") == (answer.status_code, answer.json()["error"])


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "authorization-token-missing"),
        ("Basic YTpi", "authorization-token-missing"),
        ("Bearer made-up", "authorization-token-invalid"),
    ],
)
def test_a_call_without_a_good_token_is_401(caller: Caller, header: str, code: str) -> None:
    """The code tells a missing token from an unknown one."""
    answer = caller.http.get(ME, headers={"Authorization": header})
    assert (401, [code]) == (answer.status_code, codes(answer))


def test_a_token_expires_after_900_seconds_of_the_emulators_clock(caller: Caller) -> None:
    """It is good just before and expired just after; a new one is good again."""
    caller.advance(890)
    assert 200 == caller.http.get(ME).status_code
    caller.advance(15)
    expired = caller.http.get(ME)
    assert (401, ["authorization-token-expired"]) == (expired.status_code, codes(expired))
    caller.authorize()
    assert 200 == caller.http.get(ME).status_code


def test_several_tokens_are_good_at_once(caller: Caller) -> None:
    """A second token does not end the first."""
    first = caller.http.headers["Authorization"]
    caller.authorize()
    assert first != caller.http.headers["Authorization"]
    assert 200 == caller.http.get(ME, headers={"Authorization": first}).status_code


def test_calls_above_the_limit_are_429_until_the_minute_is_over(make_caller: Make) -> None:
    """With a fixed window the headers count down on every answer, and a refused call changes nothing."""
    caller = make_caller(rate_limit=3, switches=Switches(rate_window="fixed", rate_headers="always"))
    caller.set_clock("2026-11-21T10:00:05Z")
    caller.authorize()
    answers = [caller.http.get(ME) for _ in range(4)]
    assert [200, 200, 200, 429] == [answer.status_code for answer in answers]
    assert ["2", "1", "0", "0"] == [answer.headers["x-ratelimit-remaining"] for answer in answers]
    assert {"1795255260"} == {answer.headers["x-ratelimit-reset"] for answer in answers}
    assert "quota" == answers[3].json()["errors"][0]["type"]
    assert 429 == caller.send("POST", f"{API}/audience-segments/create", {"data": []}).status_code
    caller.set_clock("2026-11-21T10:01:00Z")
    assert 200 == caller.http.get(ME).status_code


def test_a_sliding_window_frees_call_by_call(make_caller: Make) -> None:
    """A call counts for sixty seconds of its own; the reset is when the oldest one counts no more."""
    caller = make_caller(rate_limit=2, switches=Switches(rate_window="sliding", rate_headers="always"))
    caller.set_clock("2026-11-21T10:00:10Z")
    caller.authorize()
    assert 200 == caller.http.get(ME).status_code
    caller.advance(30)
    second, third = caller.http.get(ME), caller.http.get(ME)
    assert [(200, "0"), (429, "0")] == [(each.status_code, remaining(each)) for each in (second, third)]
    assert {"1795255271"} == {each.headers["x-ratelimit-reset"] for each in (second, third)}
    caller.set_clock("2026-11-21T10:01:11Z")
    fourth, fifth = caller.http.get(ME), caller.http.get(ME)
    assert [200, 429] == [fourth.status_code, fifth.status_code]
    assert "1795255301" == fifth.headers["x-ratelimit-reset"]


def test_headers_on_a_429_alone(make_caller: Make) -> None:
    """By a switch only the answer that refuses for the rate tells how it stands."""
    caller = make_caller(rate_limit=1, switches=Switches(rate_headers="on_429"))
    caller.set_clock("2026-11-21T10:00:05Z")
    caller.authorize()
    answers = [caller.http.get(ME) for _ in range(2)]
    assert [(200, None), (429, "0")] == [(each.status_code, remaining(each)) for each in answers]


def test_token_requests_count_by_a_switch(make_caller: Make) -> None:
    """They take from the same rate as calls, and one too many is a 429 in the shape of OAuth."""
    caller = make_caller(rate_limit=3, switches=Switches(rate_counts="calls_and_tokens"))
    caller.set_clock("2026-11-21T10:00:05Z")
    caller.authorize()
    assert "1" == remaining(caller.http.get(ME))
    assert "0" == remaining(caller.http.post("/oauth2/token", data=FORM))
    refused = caller.http.post("/oauth2/token", data=FORM)
    assert (429, "too_many_requests", "0") == (refused.status_code, refused.json()["error"], remaining(refused))
    assert 200 == caller.http.post("/oauth2/token", data={**FORM, "client_id": "other"}).status_code


def test_token_requests_are_free_otherwise(make_caller: Make) -> None:
    """Without the switch a token takes nothing from the rate."""
    caller = make_caller(rate_limit=1, switches=Switches(rate_counts="calls"))
    assert {200} == {caller.http.post("/oauth2/token", data=FORM).status_code for _ in range(5)}


def test_two_applications_have_a_limit_each(make_caller: Make) -> None:
    """The limit is the application's, whatever the number of its tokens."""
    caller = make_caller(rate_limit=1, switches=Switches(rate_counts="calls"))
    caller.set_clock("2026-11-21T10:00:05Z")
    caller.authorize()
    assert [200, 429] == [caller.http.get(ME).status_code for _ in range(2)]
    caller.authorize()
    assert 429 == caller.http.get(ME).status_code
    other = caller.http.post("/oauth2/token", data={**FORM, "client_id": "other"}).json()["access_token"]
    assert 200 == caller.http.get(ME, headers={"Authorization": f"Bearer {other}"}).status_code


def test_no_limit_sends_no_rate_headers(make_caller: Make) -> None:
    """With a limit of 0 no call is refused or counted."""
    caller = make_caller(rate_limit=0)
    answers = [caller.http.get(ME) for _ in range(300)]
    assert {200} == {answer.status_code for answer in answers}
    assert not any(header in answer.headers for answer in answers for header in RATE_HEADERS)


def test_every_answer_but_a_401_carries_the_rate_headers(make_caller: Make) -> None:
    """A refusal for another reason counts as a call and says so."""
    caller = make_caller(switches=Switches(rate_headers="always"))
    answers = (caller.http.get(ME), caller.send("POST", "/audiences/create", []))
    assert [200, 400] == [answer.status_code for answer in answers]
    assert all(header in answer.headers for answer in answers for header in RATE_HEADERS)
    unauthorized: httpx.Response = caller.http.get(ME, headers={"Authorization": "Bearer no"})
    assert not any(header in unauthorized.headers for header in RATE_HEADERS)
