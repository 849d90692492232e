"""Tokens when many threads need one at once, and connections, over a real emulator."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer

import httpx
import pytest

from reconciler.criteo import connect as connecting
from reconciler.criteo.client import CriteoClient
from reconciler.criteo.connect import connect
from reconciler.emulator import Switches, create_app, serve
from reconciler.errors import CriteoError, OutcomeUnknown, Refused
from reconciler.model.remote import SegmentDraft
from reconciler.model.settings import Credentials, Criteo, Secret
from tests.criteo.pretend import UNLIMITED, Pretend, people
from tests.criteo.shared_app import Distant, open_client
from tests.criteo.virtual_time import VirtualTime

TOKEN = "OAuth2Token"
THREADS = 32


def at_once(client: CriteoClient, threads: int = THREADS) -> list[int]:
    """Search from as many threads, none of which begins before all are there; what each found."""
    barrier = threading.Barrier(threads)

    def search() -> int:
        barrier.wait(30)
        return len(client.audiences())

    with ThreadPoolExecutor(threads) as pool:
        return [future.result(60) for future in [pool.submit(search) for _ in range(threads)]]


def test_many_threads_fetch_one_token(pretend: Pretend) -> None:
    """Thirty-two threads that need the first token at once make one request for it."""
    assert at_once(pretend.connect()) == [0] * THREADS
    assert pretend.statuses(TOKEN) == [200]
    assert pretend.statuses("SearchAudiences") == [200] * THREADS


def test_many_threads_renew_once_at_the_moment_of_expiry(pretend: Pretend) -> None:
    """When a token has reached its end while thirty-two threads call, one of them renews it; no call is refused."""
    client = pretend.connect()
    for renewals in (1, 2, 3):
        assert at_once(client) == [0] * THREADS
        assert pretend.statuses(TOKEN) == [200] * renewals
        pretend.pass_time(900)
    assert set(pretend.statuses("SearchAudiences")) == {200}


def test_many_threads_renew_once_what_was_denied(pretend: Pretend) -> None:
    """When Criteo ends a token early and denies it to many calls, one renewal serves them all, and all are repeated."""
    client = pretend.connect()
    client.audiences()
    pretend.fault("token_dead", operation="SearchAudiences", count=1)
    assert at_once(client) == [0] * THREADS
    assert pretend.statuses(TOKEN) == [200, 200]
    statuses = pretend.statuses("SearchAudiences")[1:]
    assert statuses.count(200) == THREADS
    assert set(statuses) <= {200, 401}


def test_many_threads_wait_while_the_token_endpoint_is_down(pretend: Pretend) -> None:
    """While no token is to be had one thread asks again and the others wait; then all go on."""
    pretend.fault("503", operation=TOKEN, count=3)
    assert at_once(pretend.connect()) == [0] * THREADS
    assert pretend.statuses(TOKEN) == [503, 503, 503, 200]


def test_an_end_of_the_token_endpoint_is_told_to_all(pretend: Pretend) -> None:
    """Where it stays down, every write ends as one that was never sent, and the next run's first call asks anew."""
    pretend.fault("503", operation=TOKEN, count=None)
    client = pretend.connect()
    results = [client.create_segments([SegmentDraft(name=name, description=None)])[0] for name in ("a", "b")]
    assert [isinstance(each, CriteoError) and not isinstance(each, OutcomeUnknown) for each in results] == [True, True]
    assert pretend.segments() == []


def test_a_token_waits_for_the_rate_too(make_pretend: Callable[..., Pretend]) -> None:
    """Where token requests count and the minute is used up, the token is waited for like a call, and then the call is
    made.
    """
    pretend = make_pretend(rate_limit=4, switches=Switches(rate_counts="calls_and_tokens"))
    pretend.begin_a_minute()
    others = pretend.connect()
    for _ in range(3):
        others.audiences()
    client = pretend.connect()
    assert client.create_segments([SegmentDraft(name="VIP", description=None)]) == ("500",)
    assert pretend.statuses(TOKEN) == [200, 429, 200]
    assert pretend.statuses("CreateAudienceSegments") == [200]


def test_the_rate_of_tokens_that_never_comes(pretend: Pretend) -> None:
    """A token endpoint that answers 429 for minutes ends in an error without effect, after a bounded number of asks."""
    pretend.fault("429", operation=TOKEN, count=None)
    (result,) = pretend.connect().create_segments([SegmentDraft(name="VIP", description=None)])
    assert isinstance(result, CriteoError)
    assert not isinstance(result, OutcomeUnknown | Refused)
    assert len(pretend.requests(TOKEN)) == 10


@pytest.mark.parametrize(("window", "headers"), [("fixed", "always"), ("sliding", "on_429")])
def test_no_call_is_denied_because_it_waited_for_its_turn(window: str, headers: str) -> None:
    """A token is renewed so early that a call which waits for its turn in the rate still has a good one."""
    time = VirtualTime()
    switches = Switches().changed({"rate_window": window, "rate_headers": headers})
    app = create_app(rate_limit=40, switches=switches, time=time.machine)
    transport = Distant(app, time, lambda: 0.1)
    client = open_client(Criteo(calls_per_minute=0), transport, time)

    def work() -> None:
        for _ in range(220):
            client.audiences()

    time.run(*[work] * 4)
    app.close()
    assert time.clock() > 900
    assert {status for _, status in transport.answers} <= {200, 429}


@contextmanager
def counting(url: str) -> Iterator[tuple[str, list[int]]]:
    """A door before a server that counts the connections through it."""
    target = httpx.URL(url)
    opened: list[int] = []

    class Door(BaseRequestHandler):
        def handle(self) -> None:
            opened.append(1)
            relay(self.request, (target.host, target.port or 80))

    with ThreadingTCPServer(("127.0.0.1", 0), Door) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", opened
        server.shutdown()
        thread.join()


def relay(client: socket.socket, address: tuple[str, int]) -> None:
    """Pass everything on in both directions until either side ends."""
    with socket.create_connection(address) as server:
        back = threading.Thread(target=pump, args=(server, client))
        back.start()
        pump(client, server)
        back.join()


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass bytes on until they end, and say so."""
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


def credentials(url: str) -> Credentials:
    return Credentials(client_id="app", client_secret=Secret("secret"), api_url=url)


def test_connections_are_used_again() -> None:
    """A hundred calls of four threads, token and a second client among them, take no more connections than threads."""
    with serve(create_app(rate_limit=0)) as server, counting(server.url) as (url, opened):
        with connect(credentials(url), UNLIMITED, "42", read_only=False) as client:
            writer = client.for_writing()
            (made,) = writer.create_segments([SegmentDraft(name="VIP", description=None)])
            assert isinstance(made, str)
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda number: writer.amend_list(made, "add", people(number)), range(100)))
            client.audiences()
        assert len(opened) <= 4


def test_an_answer_that_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes a request and says nothing ends in a timeout: a create is unknown and is sent once."""
    monkeypatch.setattr(connecting, "_TIMEOUTS", httpx.Timeout(0.2))
    with serve(create_app(rate_limit=0)) as server, httpx.Client(base_url=server.url, verify=False) as levers:
        levers.post("/emulator/faults", json=[{"kind": "slow", "seconds": 3600, "operation": "CreateAudienceSegments"}])
        with connect(credentials(server.url), UNLIMITED, "42", read_only=False) as client:
            (result,) = client.create_segments([SegmentDraft(name="VIP", description=None)])
            assert isinstance(result, OutcomeUnknown)
            assert "ReadTimeout" in str(result)
        asked = levers.get("/emulator/requests").json()
        assert [each["operation"] for each in asked].count("CreateAudienceSegments") == 1


def test_the_timeouts() -> None:
    """In earnest ten seconds to connect, and a minute without a byte."""
    assert connecting._TIMEOUTS == httpx.Timeout(60.0, connect=10.0)
