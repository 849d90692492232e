"""What is the same for every call: what the log says, who asks, how long it waits, which connection it takes."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx
import pytest

from reconciler import __version__
from reconciler.criteo.auth import Token
from reconciler.criteo.connect import connect
from reconciler.emulator import Switches
from reconciler.errors import OutcomeUnknown, Refused
from reconciler.model.figures import Rate
from reconciler.model.remote import SegmentDraft
from reconciler.model.settings import Credentials, Secret
from tests.criteo.pretend import API, SECRET, UNLIMITED, Pretend, Scripted, in_hex, new_client, people, problem


def test_the_log_tells_what_is_left_of_the_rate(
    make_pretend: Callable[..., Pretend], caplog: pytest.LogCaptureFixture
) -> None:
    """Where Criteo tells it, so does the log, and the client keeps the last of it."""
    caplog.set_level(logging.DEBUG)
    pretend = make_pretend(rate_limit=250, switches=Switches(rate_headers="always", rate_counts="calls"))
    pretend.begin_a_minute()
    client = pretend.connect()
    assert client.rate() is None
    client.audiences()
    client.application()
    lines = [record.getMessage() for record in caplog.records]
    assert [line.partition(" ms")[2] for line in lines] == ["", ", 249 calls left", ", 248 calls left"]
    assert client.rate() == Rate(limit=250, left=248)


def test_the_log_names_what_failed_for_criteos_support(caplog: pytest.LogCaptureFixture) -> None:
    """Of what failed the log has code, title and trace id, of a lost answer too; the detail, which may quote, never."""
    caplog.set_level(logging.DEBUG)
    told = problem("invalid", title="Not so", traceId="0af7-651", detail="someone@example.com")
    old = problem("internal-error", type="unknown", traceIdentifier="77", traceId="no id of someone@example.com")
    answers = iter([httpx.Response(400, json={"errors": [told]}), httpx.Response(500, json={"errors": [old]})])
    client = Scripted(lambda _: next(answers)).connect()
    with pytest.raises(Refused):
        client.statistics("501")
    (unknown,) = client.create_segments([SegmentDraft(name="VIP", description=None)])
    assert isinstance(unknown, OutcomeUnknown)
    lines = [record.getMessage() for record in caplog.records if "HTTP" in record.getMessage()]
    asked, said = zip(*(line.split(": HTTP ") for line in lines), strict=True)
    assert asked == (f"GET {API}/audience-segments/501/contact-list/statistics", f"POST {API}/audience-segments/create")
    assert said == (
        "400, validation: invalid: Not so (Criteo's trace id 0af7-651)",
        "500, unknown: internal-error: internal error (Criteo's trace id 77)",
    )


def test_the_log_holds_no_body_and_no_secret(pretend: Pretend, caplog: pytest.LogCaptureFixture) -> None:
    """Neither what is sent nor the token nor the secret is in the log, whatever happens."""
    caplog.set_level(logging.DEBUG)
    client = pretend.connect()
    (made,) = client.create_segments([SegmentDraft(name="Names are not logged", description=None)])
    assert isinstance(made, str)
    pretend.fault("500", operation="UpdateContactListByAudienceSegment")
    client.amend_list(made, "add", people(1))
    with suppress(Refused):
        client.amend_list("999", "add", people(1))
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "audience-invalid" in said
    assert [word for word in (*in_hex(people(1)), SECRET, "Names are", "Bearer") if word in said] == []


def test_every_request_says_who_asks_and_how_long_it_waits() -> None:
    """The version of reconciler is in every request, the token's too; none waits for ever."""
    seen: list[httpx.Request] = []

    def server(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"access_token": "token", "data": []})

    new_client(httpx.MockTransport(server)).segments()
    assert [request.headers["User-Agent"] for request in seen] == [f"reconciler/{__version__}"] * 2
    assert [request.extensions["timeout"] for request in seen] == [
        {"connect": 10.0, "read": 60.0, "write": 60.0, "pool": 60.0}
    ] * 2


def test_a_server_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time-out the answer counts as lost: it may have been carried out."""
    monkeypatch.setattr("reconciler.criteo.connect._TIMEOUTS", httpx.Timeout(0.05))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        credentials = Credentials(client_id="app", client_secret=Secret("secret"), api_url=url)
        with connect(credentials, UNLIMITED, "42", read_only=False) as client:
            client._connection.tokens._token = Token(Secret("token"), 900)  # type: ignore[attr-defined]
            client._connection.tokens._until = float("inf")  # type: ignore[attr-defined]
            (result,) = client.create_segments([SegmentDraft(name="VIP", description=None)])
    assert isinstance(result, OutcomeUnknown)
    assert "ReadTimeout" in result.detail


class CountingHandler(BaseHTTPRequestHandler):
    """Answers everything alike, and counts connections."""

    protocol_version = "HTTP/1.1"
    connections: ClassVar[list[object]] = []

    def setup(self) -> None:
        self.connections.append(self.client_address)
        super().setup()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b'{"access_token": "token", "data": []}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_connections_are_used_again() -> None:
    """The token and every call of two clients go through one connection."""
    CountingHandler.connections.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), CountingHandler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        credentials = Credentials(client_id="app", client_secret=Secret("secret"), api_url=url)
        with connect(credentials, UNLIMITED, "42", read_only=True) as client:
            for _ in range(3):
                client.segments()
            client.for_writing().delete_segments(["501"])
        server.shutdown()
        thread.join()
    assert len(CountingHandler.connections) == 1
