"""Paths, methods, versions and media types."""

from __future__ import annotations

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import Caller, codes
from tests.emulator.conftest import Make

ME = "advertisers/me"


@pytest.mark.parametrize("version", ["2026-01", "2026-07", "2027-01"])
def test_a_supported_version_answers(caller: Caller, version: str) -> None:
    """The current version, the one before and the release candidate are served."""
    assert 200 == caller.send("GET", f"/{version}/{ME}").status_code


def test_an_ended_version_falls_forward_where_its_contract_stands(make_caller: Make) -> None:
    """The current version answers in its place, but for the ad sets, whose contract has changed: that is a 410."""
    caller = make_caller(switches=Switches(other_versions="fall_forward"))
    assert 200 == caller.send("GET", f"/2025-10/{ME}").status_code
    answer = caller.send("POST", "/2025-10/marketing-solutions/ad-sets/search")
    assert (410, "deprecation") == (answer.status_code, answer.json()["errors"][0]["type"])


def test_an_ended_version_may_be_gone(make_caller: Make) -> None:
    """By the switch, all of it is a 410 that names the version to use."""
    caller = make_caller(switches=Switches(other_versions="gone"))
    answer = caller.send("GET", f"/2025-10/{ME}")
    assert (410, "endpoint-deprecated") == (answer.status_code, answer.json()["errors"][0]["code"])
    assert "use 2026-07" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("without", "named"), [(["2026-07"], "2027-01"), (["2026-07", "2027-01"], "2026-01"), (["2026-01"], "2026-07")]
)
def test_a_410_names_a_version_that_has_not_ended(make_caller: Make, without: list[str], named: str) -> None:
    """And not the one that was asked for."""
    answer = make_caller(without=without).send("GET", f"/{without[0]}/{ME}")
    assert 410 == answer.status_code
    assert answer.json()["errors"][0]["detail"].endswith(f"use {named}")


@pytest.mark.parametrize("version", ["2026-04", "2027-07", "v1", "preview"])
def test_a_version_that_never_was_is_404(caller: Caller, version: str) -> None:
    """There is nothing that it could fall forward from."""
    assert 404 == caller.send("GET", f"/{version}/{ME}").status_code


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/2026-07/nothing/here", 404),
        ("GET", "/audience-segments/500/contact-list/members", 404),
        ("GET", "/audience-segments/create", 405),
        ("GET", "/emulator/nothing", 404),
    ],
)
def test_what_is_not_there_is_404_or_405(caller: Caller, method: str, path: str, status: int) -> None:
    """There is no way to read the members of a list."""
    assert status == caller.send(method, path).status_code


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/oauth2/token", "POST"),
        ("HEAD", "/2026-07/advertisers/me", "GET"),
        ("PUT", "/2026-07/marketing-solutions/audience-segments", "PATCH"),
        ("GET", "/2026-07/marketing-solutions/audience-segments/500/contact-list", "DELETE, PATCH"),
    ],
)
def test_a_405_tells_which_methods_there_are(caller: Caller, method: str, path: str, allowed: str) -> None:
    """As RFC 9110 demands, in section 15.5.6."""
    answer = caller.http.request(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)


def test_a_body_of_another_media_type_is_415(caller: Caller) -> None:
    """Criteo takes JSON and says so."""
    answer = caller.http.post(
        "/2026-07/marketing-solutions/audiences/search", content=b"{}", headers={"Content-Type": "text/plain"}
    )
    assert 415 == answer.status_code


def test_a_problem_has_every_field_of_criteos(caller: Caller) -> None:
    """The old name of the trace id is there too, and `source` maps text to text."""
    problem = caller.send("POST", "/audiences/create", {"data": [{}]}).json()["errors"][0]
    assert {
        "traceId", "traceIdentifier", "type", "code", "instance", "title", "detail", "source", "stackTrace"
    } == set(problem)  # fmt: skip
    assert "data[0] lacks a required field" == problem["detail"]
    assert {"field": "data[0]"} == problem["source"]


def test_a_body_that_is_not_json_is_400(caller: Caller) -> None:
    """What was sent is not repeated."""
    answer = caller.http.post(
        "/2026-07/marketing-solutions/audiences/search",
        content=b'{"data": person1@example.com',
        headers={"Content-Type": "application/json"},
    )
    assert (400, ["invalid"]) == (answer.status_code, codes(answer))
    assert "person1" not in answer.text
