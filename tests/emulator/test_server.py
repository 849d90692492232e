"""The emulator behind a real socket."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from reconciler.emulator import Switches, create_app, serve
from tests.emulator.caller import LISTS, Caller, digest
from tests.emulator.conftest import Make

ME = "/2026-07/advertisers/me"
REQUEST = b"GET /emulator/clock HTTP/1.1\r\nHost: emulator\r\n\r\n"


def _read_answer(connection: socket.socket) -> bytes:
    """Read one answer off a bare connection, head and body."""
    text = b""
    while b"\r\n\r\n" not in text:
        text += connection.recv(4096)
    head, _, body = text.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(4096)
    return head + b"\r\n\r\n" + body


def test_one_connection_carries_many_requests() -> None:
    """Each is answered before the next is sent, and none closes the connection."""
    with serve(create_app()) as server, socket.create_connection((server.host, server.port), timeout=5) as connection:
        for _ in range(3):
            connection.sendall(REQUEST)
            answer = _read_answer(connection)
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"connection: close" not in answer.lower()


def test_a_refused_body_does_not_spoil_the_connection(remote: Caller) -> None:
    """It is read to its end: the same connection then answers the next request."""
    segment = remote.new_list()
    for identifiers in ([digest(1)] * 50_001, [digest(1)]):
        remote.amend(segment, "add", identifiers)
    remote.http.headers["Authorization"] = ""
    remote.amend(segment, "add", [digest(2)] * 20_000)
    remote.authorize()
    assert [digest(1)] == remote.members(segment)
    assert [200, 200, 400, 200, 401, 200] == [entry["status"] for entry in remote.requests()]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_past_all_bounds_is_413_and_not_kept(make_remote: Make, chunked: bool) -> None:
    """It is read to its end, so the connection stays good; so it is with the emulator's own endpoints."""
    remote = make_remote(switches=Switches(largest_body=100_000))
    headers = {"Content-Type": "application/json"}
    for path in (f"{LISTS}/create", "/emulator/clock", "/oauth2/token"):
        pieces = (b" " * 1000 for _ in range(1000))
        content = pieces if chunked else b"".join(pieces)
        assert 413 == remote.http.post(path, content=content, headers=headers).status_code
    assert ["500"] == [remote.new_list()]
    assert 0 == len(remote.amend("500", "add", [digest(1)] * 2000).json().get("data", []))


def test_what_is_no_request_is_answered_by_the_clock_too(remote: Caller) -> None:
    """The `Date` of the answer to nonsense is the emulator's."""
    remote.set_clock("2031-05-05T11:00:00Z")
    address = (remote.http.base_url.host, remote.http.base_url.port)
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(b"GET /emulator/clock HTTP/1.1\r\n" + b"X: y\r\n" * 101 + b"\r\n")
        assert b"Date: Mon, 05 May 2031 11:00:0" in connection.recv(4096)


def test_a_body_in_chunks_is_read(remote: Caller) -> None:
    """A client that does not know the length beforehand is understood."""
    answer = remote.http.post(
        "/2026-07/marketing-solutions/audiences/search",
        content=iter([b'{"data"', b': {"attributes"', b": {}}}"]),
        headers={"Content-Type": "application/json"},
    )
    assert 200 == answer.status_code
    assert 200 == remote.http.get(ME).status_code


@pytest.mark.parametrize(("kind", "held"), [("close_before", []), ("close_after", [digest(1)])])
def test_a_closed_connection_is_closed_for_real(remote: Caller, kind: str, held: list[str]) -> None:
    """The client sees its end, and a new connection works."""
    segment = remote.new_list()
    remote.fault(kind)
    with pytest.raises(httpx.RemoteProtocolError):
        remote.amend(segment, "add", [digest(1)])
    assert held == remote.members(segment)


def test_a_truncated_answer_is_cut_on_the_wire(remote: Caller) -> None:
    """Fewer bytes come than were announced."""
    remote.fault("truncated")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        remote.http.get(ME)
    assert 200 == remote.http.get(ME).status_code


def test_a_slow_request_holds_up_no_other(remote: Caller) -> None:
    """Another connection is served meanwhile, and the log shows the one inside the other."""
    remote.fault("slow", path="advertisers/me", seconds=0.4)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(remote.http.get, ME)
        while not any(entry["fault"] for entry in remote.requests()):
            time.sleep(0.01)
        assert 200 == remote.search("/audiences").status_code
        assert not slow.done()
        assert 200 == slow.result().status_code
    first, second = remote.requests()[-2:]
    assert first["arrived_order"] < second["arrived_order"] < second["answered_order"] < first["answered_order"]


def test_many_threads_lose_nothing(make_remote: Make) -> None:
    """Sixteen clients fill one list at once."""
    remote = make_remote(rate_limit=0)
    segment = remote.new_list()

    def add(part: int) -> int:
        return remote.amend(segment, "add", [digest(part * 100 + number) for number in range(100)]).status_code

    with ThreadPoolExecutor(16) as pool:
        assert {200} == set(pool.map(add, range(64)))
    assert 6400 == len(remote.members(segment))


def test_closing_ends_waits_connections_and_threads() -> None:
    """Also a slow request, and a connection that nobody uses."""
    before = threading.active_count()
    server = serve(create_app())
    with (
        httpx.Client(base_url=server.url, verify=False) as client,
        socket.create_connection((server.host, server.port), timeout=5) as idle,
    ):
        idle.sendall(REQUEST)
        _read_answer(idle)
        client.post("/emulator/faults", json=[{"kind": "slow", "seconds": 60}])
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(client.get, ME)
            while not client.get("/emulator/requests").json():
                time.sleep(0.01)
            begin = time.monotonic()
            server.close()
            server.close()
            assert time.monotonic() - begin < 5
            slow.exception()
        assert b"" == idle.recv(1)
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url, verify=False)
    assert before == threading.active_count()


def test_a_port_that_is_taken_is_an_error_of_the_caller() -> None:
    """Nothing is printed and nobody exits."""
    app = create_app()
    with serve(create_app()) as server, pytest.raises(OSError, match="in use"):
        serve(app, port=server.port)
    app.close()


def test_nothing_is_printed(remote: Caller, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither requests nor mistakes nor closed connections."""
    remote.fault("close_before")
    with pytest.raises(httpx.RemoteProtocolError):
        remote.http.get(ME)
    remote.http.get("/no/such/person1@example.com")
    host, port = remote.http.base_url.host, remote.http.base_url.port
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(b"nonsense person1@example.com\r\n\r\n")
        connection.recv(4096)
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(b"POST /oauth2/token HTTP/1.1\r\nHost: e\r\nContent-Length: 99\r\n\r\nperson1@example.com")
    remote.http.get(ME)
    assert ("", "") == tuple(capfd.readouterr())
