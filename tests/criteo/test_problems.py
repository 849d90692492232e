from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

import httpx
import pytest

from reconciler.criteo.meanings import CODES, ENDINGS, GRANTS, STATUSES, TYPES
from reconciler.errors import CriteoError, NotAuthorised, OutcomeUnknown, Refused, VersionEnded
from reconciler.model.remote import SegmentDraft
from tests.criteo.pretend import Scripted, always, new_client, people, problem


class Case(NamedTuple):
    """A code as Criteo gives it for a whole call, and what the user is told: the error, its words, its hint's words."""

    code: str
    status: int
    family: str
    kind: type[CriteoError]
    summary: str
    hint: str


CASES = [
    Case("authorization-token-expired", 401, "authorization", NotAuthorised, "token has ended", "doctor"),
    Case("authorization-token-invalid", 401, "authorization", NotAuthorised, "does not accept our access", "doctor"),
    Case("authorization-token-missing", 401, "authorization", NotAuthorised, "did not reach Criteo", "proxy"),
    Case("authorization-issuer-invalid", 401, "authorization", NotAuthorised, "not from the Criteo", "CRITEO_API_URL"),
    Case("authorization-unknown", 401, "authorization", NotAuthorised, "cannot tell who calls", "doctor"),
    Case("something-new", 401, "authentication", NotAuthorised, "does not accept our access token", "doctor"),
    Case("insufficient-advertiser-permissions", 403, "authorization", NotAuthorised, "may not do this", "to manage"),
    Case("insufficient-advertiser-permission", 403, "access-control", NotAuthorised, "may not do this", "consent"),
    Case("something-new", 403, "authorization", NotAuthorised, "does not allow this", "Audience_Manage"),
    Case("audience-invalid", 403, "validation", Refused, "no such contact list", "plan"),
    Case("audience-invalid", 404, "validation", Refused, "no such contact list", "plan"),
    Case("segment-not-found", 404, "validation", Refused, "no such segment", "plan"),
    Case("segment-not-found", 400, "validation", Refused, "no such segment", "plan"),
    Case("audience-not-found", 400, "validation", Refused, "no such audience", "plan"),
    Case("ad-set-not-found", 404, "validation", Refused, "not at Criteo", "plan"),
    Case("name-must-be-unique", 400, "validation", Refused, "name is taken", "another `name`"),
    Case("name-must-not-be-empty", 400, "validation", Refused, "no empty name", "`name`"),
    Case("segment-in-use", 400, "validation", Refused, "something there uses it", "let go of it"),
    Case("required-field", 400, "validation", Refused, "misses a field", "newer version"),
    Case("invalid", 400, "validation", Refused, "does not take a value", "newer version"),
    Case("invalid-date-format", 400, "validation", Refused, "form of a date", "newer version"),
    Case("invalid-range", 400, "validation", Refused, "outside of what Criteo takes", "newer version"),
    Case("invalid-ranged", 400, "validation", Refused, "outside of what Criteo takes", "newer version"),
    Case("invalid-timespan", 400, "validation", Refused, "span of time", "newer version"),
    Case("exceeded-ids-cap", 400, "validation", Refused, "more than Criteo takes at once", "--debug"),
    Case("exceeded-identifiers-cap", 400, "validation", Refused, "more than Criteo takes at once", "--debug"),
    Case("internal-error", 400, "unknown", OutcomeUnknown, "may or may not have done it", "Run again"),
    Case("internal-error", 200, "availability", OutcomeUnknown, "may or may not have done it", "Run again"),
    Case("something-new", 200, "unknown", OutcomeUnknown, "may or may not have done it", "Run again"),
    Case("something-new", 200, "authorization", NotAuthorised, "does not allow this", "Audience_Manage"),
    Case("something-new", 200, "quota", Refused, "rate limit is used up", "calls_per_minute"),
    Case("something-new", 200, "validation", Refused, "refused it", "newer version"),
    Case("something-new", 200, "a-type-nobody-knows", Refused, "refused it", "newer version"),
    Case("", 400, "", Refused, "refused it", "newer version"),
    Case("invalid", 404, "validation", Refused, "nothing at this address", "CRITEO_API_URL"),
    Case("invalid", 405, "validation", Refused, "does not know this call", "CRITEO_API_URL"),
    Case("endpoint-deprecated", 410, "deprecation", VersionEnded, "no longer serves this version", "api_version"),
    Case("", 410, "", VersionEnded, "no longer serves this version", "api_version"),
    Case("invalid", 413, "validation", Refused, "too large", "--debug"),
    Case("invalid", 415, "validation", Refused, "kind of content", "proxy"),
    Case("too-many-requests", 429, "quota", Refused, "rate limit is used up", "calls_per_minute"),
    Case("deprecated-field", 400, "deprecation", Refused, "refused it", "newer version"),
]


def failed(case: Case) -> CriteoError:
    """What amending a list comes to."""
    body = {"data": None, "errors": [problem(case.code, type=case.family, title="Words of Criteo's")]}
    slept = [0.0]
    client = Scripted(always(case.status, body)).connect(sleep=slept.append, clock=lambda: sum(slept))
    with pytest.raises(CriteoError) as caught:
        client.amend_list("501", "add", people(1))
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code or 'no code'} {case.status} {case.family}")
def test_what_a_code_comes_to(case: Case) -> None:
    """Each code has an error of its kind, words for what happened, a hint of what to do, and Criteo's own words."""
    error = failed(case)
    assert type(error) is case.kind
    assert case.summary in error.summary
    assert case.hint in error.hint
    assert "Words of Criteo's" in error.detail
    assert case.code in error.detail
    assert (f"HTTP {case.status}" in error.detail) == (case.status != 200)


def test_every_code_of_the_table_is_tried() -> None:
    """No code and no status is in the table without a case here."""
    assert CODES.keys() - {case.code for case in CASES} == set()
    assert {ending for ending in ENDINGS if not any(case.code.endswith(ending) for case in CASES)} == set()
    assert STATUSES.keys() - {case.status for case in CASES} == set()
    assert TYPES.keys() - {case.family for case in CASES} <= {"access_control"}


@pytest.mark.parametrize("table", [CODES, ENDINGS, TYPES, STATUSES, GRANTS])
def test_every_meaning_is_a_sentence_and_a_way_out(table: dict[Any, Any]) -> None:
    """A summary is one sentence without values, and no hint is missing."""
    for meaning in table.values():
        assert re.fullmatch(r"[A-Z][^.{}]*\.", meaning.summary)
        assert meaning.hint.endswith(".")


@pytest.mark.parametrize(
    ("status", "word", "hint"),
    [
        (401, "invalid_client", "CRITEO_CLIENT_SECRET"),
        (400, "invalid_client", "CRITEO_CLIENT_SECRET"),
        (400, "invalid_request", "proxy"),
        (400, "invalid_grant", "client credentials"),
        (400, "invalid_grant", "CRITEO_CLIENT_SECRET"),
        (400, "unauthorized_client", "client credentials"),
        (400, "unsupported_grant_type", "client credentials"),
        (400, "invalid_scope", "client credentials"),
        (400, "something_new", "CRITEO_CLIENT_SECRET"),
        (401, None, "CRITEO_CLIENT_SECRET"),
        (403, ["no", "word"], "CRITEO_CLIENT_SECRET"),
    ],
)
def test_what_a_refused_token_comes_to(status: int, word: object, hint: str) -> None:
    """Each error of OAuth is NotAuthorised with its own hint, whichever status comes with it."""
    server = httpx.MockTransport(always(status, {"error": word, "error_description": "someone@example.com"}))
    with pytest.raises(NotAuthorised) as caught:
        new_client(server).segments()
    assert hint in caught.value.hint
    assert f"HTTP {status}" in caught.value.detail
    assert not isinstance(word, str) or word in caught.value.detail
    assert "someone" not in str(caught.value)


@pytest.mark.parametrize("status", [302, 404, 405, 418])
def test_a_host_that_is_not_criteo(status: int) -> None:
    """A host that knows no such thing as a token is not Criteo: the address is what to look at."""
    with pytest.raises(CriteoError, match="no access token") as caught:
        new_client(httpx.MockTransport(lambda _: httpx.Response(status, text="<html>"))).segments()
    assert not isinstance(caught.value, NotAuthorised)
    assert "CRITEO_API_URL" in caught.value.hint


def test_too_many_requests_for_tokens() -> None:
    """A token that is refused for the rate alone is no question of the address."""
    slept: list[float] = []
    client = new_client(
        httpx.MockTransport(always(429, {"errors": []})), sleep=slept.append, clock=lambda: math.fsum(slept)
    )
    with pytest.raises(CriteoError, match="no access token") as caught:
        client.segments()
    assert "calls_per_minute" in caught.value.hint
    assert "CRITEO_API_URL" not in str(caught.value)


def test_the_right_that_is_missing_is_named() -> None:
    """A 403 names the right that the call needs, each of its kind."""
    client = Scripted(always(403, {"errors": [problem("insufficient-advertiser-permissions")]})).connect()
    hints = []
    for call in (client.segments, lambda: client.ad_sets(["7"]), lambda: client.link("7", "900")):
        with pytest.raises(NotAuthorised) as caught:
            call()
        hints.append(caught.value.hint)
    (created,) = client.create_segments([SegmentDraft(name="VIP", description=None)])
    assert isinstance(created, NotAuthorised)
    rights = [re.findall(r"MarketingSolutions_\w+", hint) for hint in (*hints, created.hint)]
    names = ("Audience_Read", "Campaign_Read", "Campaign_Manage", "Audience_Manage")
    assert rights == [[f"MarketingSolutions_{name}"] for name in names]


def test_the_worst_of_several_problems_counts() -> None:
    """Where one problem leaves open whether it was done, it is unknown; a missing right comes before a wrong value."""
    told = [problem("invalid"), problem("no-right", type="authorization")]
    for more, kind in (([], NotAuthorised), ([problem("internal-error")], OutcomeUnknown)):
        server = Scripted(always(200, {"data": None, "errors": [*told, *more]}))
        with pytest.raises(kind):
            server.connect().amend_list("501", "add", people(1))


def test_reading_is_never_unknown() -> None:
    """Where Criteo failed on a call that reads, nothing can have happened."""
    server = Scripted(always(200, {"data": None, "errors": [problem("internal-error")]}))
    with pytest.raises(CriteoError) as caught:
        server.connect().segments()
    assert type(caught.value) is CriteoError
    assert "internal-error" in caught.value.detail
