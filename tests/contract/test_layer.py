"""The checks themselves: they find what is wrong, name it without its value, and fail the test it happens in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.emulator import Emulator, EmulatorTransport, create_app
from tests.contract.document import CONTACT_LIST, TOKEN, document, errors_of, operations
from tests.contract.layer import OURS, checking, on_purpose
from tests.contract.ledger import LEDGER
from tests.contract.processes import checked

API = "/2026-07/marketing-solutions"
LIST = f"{API}/audience-segments/501/contact-list"
SECRET = "person-whom-nobody-names"
HEADERS = {"User-Agent": f"{OURS}0", "Authorization": "Bearer x", "Accept": "application/json"}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """Our client as far as an emulator can tell, which holds no good token."""
    app = create_app()
    with httpx.Client(transport=EmulatorTransport(app), base_url="http://emulator", headers=HEADERS) as client:
        yield client
    app.close()


def amendment(**attributes: object) -> dict[str, Any]:
    given = {"operation": "add", "identifierType": "email", "identifiers": ["a"], **attributes}
    return {"data": {"type": "ContactlistAmendment", "attributes": given}}


def create(**attributes: object) -> dict[str, Any]:
    return {"data": [{"type": "AudienceSegment", "attributes": {"advertiserId": "42", "name": "VIP", **attributes}}]}


REQUESTS: dict[str, tuple[str, str, object, str]] = {
    "a path of nobody's": ("GET", f"{API}/audience-segment", None, "no operation, request: GET: no operation"),
    "the emulator's own path": ("GET", "/emulator/segments", None, "no operation, request: GET: no operation"),
    "another method": ("PUT", f"{API}/audience-segments", create(), "no operation, request: PUT: no operation"),
    "an id that is no number": ("DELETE", f"{API}/audience-segments/x/contact-list", None, "no operation, request"),
    "a missing attribute": ("POST", f"{API}/audiences/create", create(), "$.data[0].attributes: lacks algebra"),
    "an unknown attribute": ("POST", f"{API}/audience-segments/create", create(colour=SECRET), "unknown colour"),
    "a value of another type": ("POST", f"{API}/audience-segments/create", create(name=1), "attributes.name: type"),
    "an update that is not wrapped": (
        "PATCH",
        f"{API}/audience-segments",
        {"data": [{"id": "501", "attributes": {"description": SECRET}}]},
        "UpdateAudienceSegments, request: $.data[0].attributes.description: type",
    ),
    "an operation of nobody's": ("PATCH", LIST, amendment(operation=SECRET), "attributes.operation: enum"),
    "an identifier that is no text": ("PATCH", LIST, amendment(identifiers=[1, SECRET]), "identifiers[0]: type"),
    "a blank identifier": ("PATCH", LIST, amendment(identifiers=[SECRET, " "]), "identifiers: a blank one"),
    "no identifiers": ("PATCH", LIST, amendment(identifiers=[]), "identifiers: 0 items"),
    "too many identifiers": ("PATCH", LIST, amendment(identifiers=["a"] * 50_001), "identifiers: 50001 items"),
    "a page too large": ("POST", f"{API}/audiences/search?limit=101", {"data": {}}, "?limit$: maximum"),
    "a page that is no number": ("POST", f"{API}/audiences/search?limit=all", {"data": {}}, "?limit$: type"),
    "an unknown parameter": ("POST", f"{API}/audiences/search?name=x", {"data": {}}, "?name: unknown"),
    "a parameter twice": ("POST", f"{API}/audiences/search?limit=1&limit=2", {"data": {}}, "?limit: given twice"),
    "a missing parameter": ("GET", f"{API}/audience-segments/in-market-brands", None, "?country: is missing"),
    "no body": ("POST", f"{API}/audiences/search", None, "SearchAudiences, request: the body is missing"),
    "a body too many": ("DELETE", LIST, {}, "DeleteContactListByAudienceSegment, request: a body where there is none"),
}


@pytest.mark.parametrize("case", REQUESTS)
def test_a_wrong_request_is_found(http: httpx.Client, case: str) -> None:
    """Whatever is wrong with a request of our client's, the operation and the place are named, and no value is."""
    method, path, body, expected = REQUESTS[case]

    with on_purpose() as found:
        http.request(method, path, **({} if body is None else {"json": body}))  # type: ignore[arg-type]

    assert any(expected in each for each in found), found
    assert SECRET not in "".join(found)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"Authorization": ""}, "the header Authorization is missing"),
        ({"Accept": "*/*"}, "the header Accept is not application/json"),
        ({"Content-Type": "text/plain"}, "the header Content-Type is not application/json"),
    ],
)
def test_a_wrong_header_is_found(http: httpx.Client, changed: dict[str, str], expected: str) -> None:
    """The headers that Criteo looks at are looked at."""
    with on_purpose() as found:
        http.post(f"{API}/audiences/search", json={"data": {}}, headers=changed)

    assert [each for each in found if expected in each]


def test_what_is_not_our_clients_may_be_wrong(http: httpx.Client) -> None:
    """A test may send nonsense by hand; what the emulator answers is checked all the same."""
    with on_purpose() as found:
        answer = http.post(f"{API}/audiences/search", json=[], headers={"User-Agent": "somebody"})

    assert (answer.status_code, found) == (401, [])


def test_a_client_that_meets_no_emulator_is_checked_too() -> None:
    """Requests answered by a test in the emulator's place go through the same checks."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    with on_purpose() as found, httpx.Client(transport=transport, headers=HEADERS) as http:
        http.post(f"http://criteo.example.com{API}/audiences/create", json=create())

    assert found == ["CreateAudiences, request: $.data[0].attributes: lacks algebra"]


SEGMENT = {"id": "501", "type": "AudienceSegment", "attributes": {"name": "VIP", "type": "ContactList"}}
STATISTICS = {"attributes": {"numberOfIdentifiers": 1, "numberOfMatches": 1, "matchRate": 100.0}}
PROBLEM = {"type": "validation", "code": "invalid", "instance": "/x", "detail": "d"}
SEARCH = ("POST", f"{API}/audience-segments/search")

ANSWERS: dict[str, tuple[tuple[str, str], int, object, str]] = {
    "an id that is a number": (SEARCH, 200, {"data": [{**SEGMENT, "id": 501}]}, "$.data[0].id: type"),
    "an unknown attribute": (SEARCH, 200, {"data": [{**SEGMENT, "colour": SECRET}]}, "$.data[0]: unknown colour"),
    "an unknown type": (SEARCH, 200, {"data": [{"attributes": {"type": SECRET}}]}, "attributes.type: enum"),
    "a number too large": (
        ("GET", f"{LIST}/statistics"),
        200,
        {"data": {"attributes": {**STATISTICS["attributes"], "numberOfMatches": 2**31}}},
        "numberOfMatches: format",
    ),
    "an instant without zone": (
        SEARCH,
        200,
        {"data": [{"attributes": {"createdAt": "2026-11-20T10:00:00"}}]},
        "createdAt: format",
    ),
    "a status of its own": (SEARCH, 204, None, "status 204 is not one of this operation's"),
    "no JSON": (SEARCH, 200, "text", "the whole is not JSON"),
    "a failure without problems": (SEARCH, 400, {"errors": []}, "$.errors: minItems"),
    "a list's arrays missing": (("DELETE", LIST), 200, {"data": {"id": "1", "type": "x"}}, "lacks errors, warnings"),
    "another family's problem": (("DELETE", LIST), 404, {"errors": [{**PROBLEM, "traceIdentifier": "x"}]}, "unknown"),
    "the portfolio's other words": (
        ("GET", "/2026-07/advertisers/me"),
        403,
        {"errors": [{**PROBLEM, "type": "access-control"}]},
        "ListAdvertisers, answer: $.errors[0].type: enum",
    ),
    "the token's other shape": (("POST", "/oauth2/token"), 400, {"errors": [PROBLEM]}, "lacks error"),
    "a token of another age": (
        ("POST", "/oauth2/token"),
        200,
        {"access_token": "x", "token_type": "Bearer", "expires_in": 901},
        "$.expires_in: const",
    ),
}


def answering(status: int, body: object) -> httpx.WSGITransport:
    """An emulator that gives one answer."""
    content = b"" if body is None else b"text" if body == "text" else json.dumps(body).encode()

    def app(_: Emulator, environ: Any, start: Any) -> Iterable[bytes]:
        start(f"{status} X", [("Content-Type", "application/json"), ("Date", "now")])
        return [content]

    checked = checking(app)
    return httpx.WSGITransport(lambda environ, start: checked(None, environ, start))


@pytest.mark.parametrize("case", ANSWERS)
def test_a_wrong_answer_is_found(case: str) -> None:
    """Whatever is wrong with an answer, the operation and the place are named, and no value is."""
    (method, path), status, body, expected = ANSWERS[case]

    with on_purpose() as found, httpx.Client(transport=answering(status, body), base_url="http://emulator") as http:
        http.request(method, path)

    assert any(expected in each for each in found), found
    assert SECRET not in "".join(found)


TESTS = """
import httpx
from reconciler.emulator import EmulatorTransport, create_app

def send(agent):
    with httpx.Client(transport=EmulatorTransport(create_app()), base_url="http://emulator") as http:
        http.get("/2026-07/advertisers/you", headers={"User-Agent": agent})

def test_wrong():
    send("reconciler/0")

def test_fine():
    send("somebody/0")
"""


def test_a_violation_fails_the_test_it_happens_in(tmp_path: Path) -> None:
    """Of two tests the one that sends a wrong request fails, says why, and the counts stand at the end."""
    (tmp_path / "test_it.py").write_text(TESTS)
    hooks = "from tests.contract.plugin import Contract\ndef pytest_configure(config):\n"
    (tmp_path / "conftest.py").write_text(f"{hooks}    config.pluginmanager.register(Contract())\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", "."]
    env = {"PYTHONPATH": str(ROOT), "PATH": ""}

    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60)

    assert "FAILED test_it.py::test_wrong" in ran.stdout
    assert "no operation, request: GET: no operation of Criteo's has this path" in ran.stdout
    assert "1 requests of our client and 2 answers" in ran.stdout
    assert "1 failed, 1 passed" in ran.stdout


def test_an_emulator_in_another_process_is_checked_too() -> None:
    """What it is asked and answers comes back to the test that started it."""
    command = [sys.executable, "-m", "reconciler", "emulator", "--port", "0"]
    started = subprocess.Popen(command, cwd=ROOT, env=checked(os.environ), stderr=subprocess.PIPE, text=True)
    try:
        assert started.stderr is not None
        url = started.stderr.readline().strip().rpartition("CRITEO_API_URL=")[2]
        with on_purpose() as found:
            httpx.get(f"{url}/2026-07/advertisers/you", headers=HEADERS, verify=False)
            counted = LEDGER.counts["no operation", "request"]
        again = LEDGER.drain()
    finally:
        started.kill()
        started.communicate()

    assert found == ["no operation, request: GET: no operation of Criteo's has this path"]
    assert (counted, again) == (LEDGER.counts["no operation", "request"], [])


def test_every_operation_has_its_checks() -> None:
    """All 25, and each tells what it refuses with."""
    names = [each.name for each in operations()]

    assert len(set(names)) == len(names) == len(document()["endpoints"]) == 25
    assert {TOKEN, *CONTACT_LIST} <= set(names)
    assert all([*errors_of(name)({})] for name in names)
