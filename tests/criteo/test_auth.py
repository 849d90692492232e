from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import httpx
import pytest

from reconciler.criteo.auth import LIFETIME, Token, Tokens
from reconciler.criteo.envelope import open_envelope
from reconciler.criteo.wire import amendment_body
from reconciler.errors import CriteoError, NotAuthorised, OutcomeUnknown
from reconciler.model.remote import SegmentDraft
from reconciler.model.settings import Secret
from tests.criteo.pretend import SECRET, Pretend, Scripted, always, in_hex, kinds, new_client, people, problem

TOKEN = "OAuth2Token"


def test_one_token_serves_many_calls(pretend: Pretend) -> None:
    """The token is fetched with the first call and then used again."""
    client = pretend.connect()
    assert pretend.requests() == []
    client.segments()
    client.audiences()
    assert pretend.statuses(TOKEN) == [200]


@pytest.mark.switches(token_drift=0)
def test_a_token_is_renewed_before_it_ends(pretend: Pretend) -> None:
    """A token that is about to end is replaced without a single refused call."""
    client = pretend.connect()
    client.segments()
    pretend.pass_time(740)
    client.segments()
    assert pretend.statuses(TOKEN) == [200]
    pretend.pass_time(20)
    client.segments()
    assert pretend.statuses(TOKEN) == [200, 200]
    assert pretend.statuses("SearchAudienceSegments") == [200, 200, 200]


def test_a_token_that_died_early_is_renewed_once(pretend: Pretend) -> None:
    """After a 401 the same call is sent again with a new token, also one that creates: a 401 was not carried out."""
    client = pretend.connect()
    pretend.fault("token_dead", operation="CreateAudienceSegments")
    assert client.create_segments([SegmentDraft(name="VIP", description=None)]) == ("500",)
    assert pretend.statuses(TOKEN) == [200, 200]
    assert pretend.statuses("CreateAudienceSegments") == [401, 200]


def test_a_token_that_is_denied_again_is_an_error(pretend: Pretend) -> None:
    """Two 401 in a row end in NotAuthorised, with one renewal and no more."""
    client = pretend.connect()
    pretend.fault("401", operation="SearchAudienceSegments", count=None)
    with pytest.raises(NotAuthorised, match="access token"):
        client.segments()
    assert pretend.statuses(TOKEN) == [200, 200]
    assert pretend.statuses("SearchAudienceSegments") == [401, 401]


def test_wrong_credentials(make_pretend: Callable[..., Pretend]) -> None:
    """Credentials that Criteo refuses end in exit code 7 and name the variables to check."""
    client = make_pretend(client_id="app", client_secret="another").connect()
    with pytest.raises(NotAuthorised) as caught:
        client.segments()
    assert caught.value.exit_code == 7
    assert "gives no access token" in caught.value.detail
    assert "CRITEO_CLIENT_SECRET" in caught.value.hint
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", ["500", "503", "close_before", "wrong_json", "wrong_shape", "truncated"])
def test_a_token_endpoint_that_stumbles_is_asked_again(pretend: Pretend, kind: str) -> None:
    """A token answer that is lost or makes no sense is asked for again."""
    pretend.fault(kind, operation=TOKEN, count=2)
    assert pretend.connect().segments() == ()
    assert len(pretend.requests(TOKEN)) == 3


@pytest.mark.parametrize("kind", ["500", "close_before"])
def test_a_create_without_token_had_no_effect(pretend: Pretend, kind: str) -> None:
    """When no token is to be had, a create was never sent, and the error does not call it unknown."""
    pretend.fault(kind, operation=TOKEN, count=None)
    (result,) = pretend.connect().create_segments([SegmentDraft(name="VIP", description=None)])
    assert isinstance(result, CriteoError)
    assert not isinstance(result, OutcomeUnknown)
    assert pretend.requests("CreateAudienceSegments") == []


def test_threads_share_one_fetch(pretend: Pretend) -> None:
    """Many threads that need a token at once fetch it once."""
    client = pretend.connect()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: client.audiences(), range(40)))
    assert pretend.statuses(TOKEN) == [200]
    assert pretend.statuses("SearchAudiences") == [200] * 40


def test_threads_wait_for_the_one_that_fetches() -> None:
    """While one thread fetches, the others wait for its token instead of fetching their own."""
    begun, may_end = Event(), Event()
    fetched: list[Token] = []

    def fetch() -> Token:
        begun.set()
        assert may_end.wait(10)
        fetched.append(Token(Secret(f"token-{len(fetched)}"), 900))
        return fetched[-1]

    tokens = Tokens(fetch, clock=lambda: 0.0)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(tokens.current) for _ in range(8)]
        assert begun.wait(10)
        may_end.set()
        assert {future.result(10) for future in waiting} == {fetched[0]}
    assert len(fetched) == 1


def test_one_renewal_for_all_that_were_denied() -> None:
    """Several threads whose calls were denied with one token renew it once."""
    fetched: list[Token] = []

    def fetch() -> Token:
        fetched.append(Token(Secret("token"), 900))
        return fetched[-1]

    tokens = Tokens(fetch, clock=lambda: 0.0)
    denied = tokens.current()
    assert [tokens.instead_of(denied) for _ in range(3)] == [fetched[1]] * 3
    assert len(fetched) == 2


@pytest.mark.parametrize(("lifetime", "useful"), [(900, 750), (200, 100), (90, 45), (0.5, 0.25)])
def test_how_long_a_token_is_used(lifetime: float, useful: float) -> None:
    """A token is given up two and a half minutes before its end, a short one after half its life."""
    assert Token(Secret("token"), lifetime).useful == useful


@pytest.mark.parametrize("answer", [{}, *({"access_token": token} for token in (None, "", "a\nb", "a b")), [], "text"])
def test_an_answer_without_token(answer: Any) -> None:
    """A token answer without a usable token is an error, and no call is made with something else."""
    calls: list[str] = []

    def server(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        return httpx.Response(200, json=answer)

    with pytest.raises(CriteoError, match="gives no access token"):
        new_client(httpx.MockTransport(server)).segments()
    assert set(calls) == {"/oauth2/token"}


def test_an_answer_without_an_end() -> None:
    """A token answer that no parser gets to the end of is one without a token."""
    server = httpx.MockTransport(lambda _: httpx.Response(200, content=b"[" * 100_000))
    with pytest.raises(CriteoError, match="gives no access token"):
        new_client(server).segments()


@pytest.mark.parametrize("told", ["null", '"900"', "true", "0", "-5", "1e-300", "Infinity", "NaN", "1" + "0" * 400])
def test_a_lifetime_that_makes_no_sense(told: str) -> None:
    """Such a token lives as long as Criteo's do."""
    answer = f'{{"access_token": "token", "expires_in": {told}}}'
    client = new_client(httpx.MockTransport(lambda _: httpx.Response(200, content=answer.encode())))
    assert client.sign_in() == LIFETIME


@pytest.mark.parametrize("answer", ["refused", "nonsense", "countless", "lost"])
def test_no_secret_in_repr_log_or_traceback(caplog: pytest.LogCaptureFixture, answer: str) -> None:
    """Neither secret, token nor identifiers stand in the loudest log, an error, a repr or a traceback with locals."""
    caplog.set_level(logging.DEBUG)
    batch = people(1, 2, 3)
    body = {"errors": [problem("invalid", title=f"{in_hex(batch)[0]} is invalid", detail=in_hex(batch)[1])]}

    def reply(_: httpx.Request) -> httpx.Response:
        if answer == "lost":
            raise httpx.ReadTimeout(in_hex(batch)[0])
        if answer == "countless":
            return httpx.Response(200, json={"data": {"attributes": {"sampleInvalidIdentifiers": in_hex(batch)}}})
        text = json.dumps(body)
        return httpx.Response(400, text=text) if answer == "refused" else httpx.Response(200, text=text[:-2])

    server = Scripted(reply)
    client = server.connect()
    with pytest.raises(CriteoError) as caught:
        client.amend_list("501", "add", batch)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    written = [*shown.format(), caplog.text, *(str(vars(record)) for record in caplog.records)]
    written += [str(caught.value), repr(caught.value), repr(client), repr(vars(client)), repr(server.requests)]
    written += [repr(Token(Secret("token-1"), 900)), repr(batch)]
    # This test's own frame knows them, of course.
    ours = [part for part in written if "def test_no_secret" not in part and __file__ not in part]
    assert "PATCH /2026-07/marketing-solutions/audience-segments/501/contact-list " in caplog.text
    assert not [secret for secret in (SECRET, "token-1", *in_hex(batch)) if any(secret in part for part in ours)]


def test_an_answer_is_hidden_in_repr() -> None:
    """What Criteo answers may hold a sample of identifiers: neither envelope nor body shows any."""
    sample = in_hex(people(1))[0]
    envelope = open_envelope(httpx.Response(200, json={"data": {"attributes": {"sampleInvalidIdentifiers": [sample]}}}))
    assert sample not in repr(envelope)
    assert sample not in repr(amendment_body("add", people(1)))


def test_the_secret_goes_to_the_token_endpoint_alone() -> None:
    """Client id and secret are in the form of the token request, and in no other request."""
    server = Scripted(always(200, {"data": [], "meta": {"totalItems": 0}}))
    server.connect().segments()
    assert [request for request in server.requests if SECRET in str(request.headers) + request.content.decode()] == []
    assert [request.headers["Authorization"] for request in server.requests] == ["Bearer token-1"]
    assert server.requests[0].headers["User-Agent"].startswith("reconciler/")


def test_errors_of_a_bulk_call_are_told_for_each_item(make_pretend: Callable[..., Pretend]) -> None:
    """A bulk call without rights answers one NotAuthorised for each item, so that earlier results are kept."""
    client = make_pretend(client_id="app", client_secret="another").connect()
    drafts = [SegmentDraft(name=name, description=None) for name in ("a", "b")]
    assert kinds(client.create_segments(drafts)) == ["NotAuthorised", "NotAuthorised"]
