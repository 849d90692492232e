from __future__ import annotations

import datetime as dt
import logging
import ssl
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.criteo.client import CriteoClient
from reconciler.criteo.connect import connect
from reconciler.criteo.endpoints import READING, only_reads
from reconciler.criteo.reader import Reader
from reconciler.criteo.transport import ReadOnly, WriteRefusedError, _authorities
from reconciler.emulator import serve
from reconciler.errors import CriteoError, Locked, StateError
from reconciler.model.remote import AudienceDraft, SegmentDraft, Targeting
from reconciler.model.settings import Credentials, Secret
from tests.criteo.pretend import API, UNLIMITED, Pretend, Scripted, always, people

WRITES: dict[str, Callable[[CriteoClient], Any]] = {
    "create segments": lambda client: client.create_segments([SegmentDraft(name="VIP", description=None)]),
    "update segments": lambda client: client.update_segments([SegmentDraft(id="501", name="VIP", description=None)]),
    "delete segments": lambda client: client.delete_segments(["501"]),
    "amend a list": lambda client: client.amend_list("501", "add", people(1)),
    "clear a list": lambda client: client.clear_list("501"),
    "create audiences": lambda client: client.create_audiences(
        [AudienceDraft(name="A", description=None, targeting=Targeting(include=frozenset({"501"})))]
    ),
    "update audiences": lambda client: client.update_audiences(
        [AudienceDraft(id="900", name="A", description=None, targeting=None)]
    ),
    "delete audiences": lambda client: client.delete_audiences(["900"]),
    "link an ad set": lambda client: client.link("700123", "900"),
    "unlink an ad set": lambda client: client.link("700123", None),
}

READS: dict[str, Callable[[CriteoClient], Any]] = {
    "segments": lambda client: client.segments(),
    "any segment": lambda client: client.any_segment(),
    "audiences": lambda client: client.audiences(),
    "ad sets": lambda client: client.ad_sets(["700123"]),
    "one ad set": lambda client: client.ad_set("700123"),
    "campaigns": lambda client: client.campaigns(["1"]),
    "advertisers": lambda client: client.advertisers(),
    "the app": lambda client: client.application(),
    "sizes of segments": lambda client: client.segment_sizes(["501"]),
    "sizes of audiences": lambda client: client.audience_sizes(["900"]),
    "the size of a segment to be": lambda client: client.estimate_segment("inMarket", {"country": "FR"}),
    "brands": lambda client: client.in_market_brands("FR"),
    "interests": lambda client: client.in_market_interests("FR"),
}

READS_OF_WHAT_IS_THERE = {"statistics", "estimate_audience"}
"""Those of a segment that has to be made first."""

WRITING_ENDPOINTS = [
    ("POST", f"{API}/audience-segments/create"),
    ("PATCH", f"{API}/audience-segments"),
    ("POST", f"{API}/audience-segments/delete"),
    ("PATCH", f"{API}/audience-segments/501/contact-list"),
    ("DELETE", f"{API}/audience-segments/501/contact-list"),
    ("POST", f"{API}/audiences/create"),
    ("PATCH", f"{API}/audiences"),
    ("POST", f"{API}/audiences/delete"),
    ("PUT", f"{API}/ad-sets/700123/audience"),
    ("GET", f"{API}/ad-sets/700123/audience"),
    ("PATCH", f"{API}/ad-sets/700123"),
    ("PUT", f"{API}/audiences/search"),
    ("POST", f"{API}/audiences/search/"),
    ("POST", f"{API}/audiences%2Fsearch"),
    ("POST", f"{API}/x/../audiences/create"),
    ("POST", "/2026-07/retail-media/audiences/search"),
    ("GET", "/oauth2/token"),
    ("GET", "/"),
]


def test_every_write_of_the_client_is_listed_here() -> None:
    """The two tables of calls name every public method that sends something."""
    writing = {name for name in vars(CriteoClient) if not name.startswith("_")}
    assert writing == {
        *("create_segments", "update_segments", "delete_segments", "amend_list", "clear_list"),
        *("create_audiences", "update_audiences", "delete_audiences", "link"),
        *("skew", "rate", "sign_in", "close", "for_writing", "of_advertiser"),
    }
    assert len([name for name in vars(Reader) if not name.startswith("_")]) == len(READS) + len(READS_OF_WHAT_IS_THERE)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_read_only_client_refuses_to_write(pretend: Pretend, write: Callable[[CriteoClient], Any]) -> None:
    """While planning, whatever would change Criteo is refused before anything is sent, and is no CriteoError."""
    with pytest.raises(WriteRefusedError, match="While planning") as caught:
        write(pretend.connect(read_only=True))
    assert not isinstance(caught.value, CriteoError)
    assert [entry["operation"] for entry in pretend.requests()] in ([], ["OAuth2Token"])


@pytest.mark.switches(computable_sizes="all", failed_items="errors")
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_read_only_client_reads(pretend: Pretend, read: Callable[[CriteoClient], Any]) -> None:
    """While planning, reading works."""
    read(pretend.connect(read_only=True))
    assert {entry["status"] for entry in pretend.requests()} == {200}


@pytest.mark.parametrize(("method", "path"), WRITING_ENDPOINTS)
def test_what_is_not_on_the_list_is_refused(method: str, path: str) -> None:
    """The list decides, whatever the method: what it does not name never leaves."""
    sent: list[httpx.Request] = []

    def server(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    transport = ReadOnly(httpx.MockTransport(server))
    with pytest.raises(WriteRefusedError):
        transport.handle_request(httpx.Request(method, f"http://criteo.example.com{path}"))
    assert sent == []


@pytest.mark.switches(computable_sizes="all")
def test_a_read_only_client_reads_of_what_is_there(pretend: Pretend) -> None:
    """The statistics of a list, and the size of an audience of it, are read while planning."""
    (made,) = pretend.connect().create_segments([SegmentDraft(name="VIP", description=None)])
    assert isinstance(made, str)
    client = pretend.connect(read_only=True)
    assert client.statistics(made).identifiers == 0
    assert client.estimate_audience(Targeting(include=frozenset({made}))) == 0


def test_the_list_of_those_that_read() -> None:
    """The list has what the client reads by, and the token; the query does not matter, the path does."""
    ends = sorted(endpoint.template.rpartition("/")[2] for endpoint in READING)
    assert ends == sorted(
        [
            *("token", "me", "me", "search", "search", "search", "search", "{ad_set}", "statistics"),
            *("compute-sizes", "compute-sizes", "estimate-size", "estimate-size"),
            *("in-market-brands", "in-market-interests"),
        ]
    )
    assert only_reads("POST", f"{API}/audiences/search")


@pytest.mark.parametrize("part", ["", "..", "501/contact-list/..", "a b", "%2e"])
def test_an_id_cannot_lead_elsewhere(pretend: Pretend, part: str) -> None:
    """An id that would change the path is refused before anything is sent."""
    with pytest.raises(ValueError, match="not fit for a path"):
        pretend.connect().clear_list(part)
    assert pretend.requests() == []


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_the_lease_is_checked_before_every_write(pretend: Pretend, write: Callable[[CriteoClient], Any]) -> None:
    """A lost lease stops every write before it is sent, by its own error."""

    def lost() -> None:
        raise Locked("The lease is lost.")

    with pytest.raises(Locked):
        write(pretend.connect(lease_check=lost))
    assert [entry["operation"] for entry in pretend.requests()] in ([], ["OAuth2Token"])


def test_the_lease_is_not_checked_to_read(pretend: Pretend) -> None:
    """Reading needs no lease."""
    checked: list[str] = []
    client = pretend.connect(lease_check=lambda: checked.append("x"))
    client.segments()
    assert checked == []
    client.create_segments([SegmentDraft(name="VIP", description=None)])
    assert checked == ["x"]


@pytest.mark.switches(bulk_answers="full")
def test_the_lease_is_checked_after_the_wait(pretend: Pretend) -> None:
    """The check comes after the wait for the rate budget and before each repetition, not before the wait."""
    times: list[float] = []
    pretend.fault("429", operation="CreateAudienceSegments", count=1)
    client = pretend.connect(lease_check=lambda: times.append(pretend.now))
    client.create_segments([SegmentDraft(name="VIP", description=None)])
    assert len(times) == 2
    assert times[1] - times[0] == pytest.approx(sum(pretend.slept))
    assert pretend.slept


def test_a_lease_lost_between_repetitions(pretend: Pretend) -> None:
    """A repetition is not sent when the lease was lost meanwhile."""
    checks = iter([True, False])

    def check() -> None:
        if not next(checks):
            raise StateError("The lease is lost.")

    pretend.fault("500_after", operation="UpdateContactListByAudienceSegment", count=None)
    with pytest.raises(StateError):
        pretend.connect(lease_check=check).amend_list("501", "add", people(1))
    assert pretend.statuses("UpdateContactListByAudienceSegment") == [500]


def test_skew_is_read_from_the_last_answer(pretend: Pretend) -> None:
    """The machine's clock is compared with Criteo's at every answer."""
    client = pretend.connect()
    assert client.skew() is None
    client.segments()
    skew = client.skew()
    assert skew is not None
    assert abs(skew) < dt.timedelta(seconds=5)
    pretend.pass_time(600)
    client.segments()
    skew = client.skew()
    assert skew is not None
    assert abs(skew + dt.timedelta(seconds=600)) < dt.timedelta(seconds=5)


def test_an_answer_without_date_tells_no_skew() -> None:
    """Where there is no date, there is no skew."""
    client = Scripted(always(200, {"data": []})).connect()
    client.segments()
    assert client.skew() is None


def test_the_log_holds_method_path_status_and_duration(pretend: Pretend, caplog: pytest.LogCaptureFixture) -> None:
    """One line at DEBUG for each request, and none from the libraries below."""
    caplog.set_level(logging.DEBUG)
    pretend.connect().audiences()
    lines = [record.getMessage() for record in caplog.records]
    assert [line.rpartition(" 200 ")[0] for line in lines] == ["POST /oauth2/token", f"POST {API}/audiences/search"]
    assert {record.levelno for record in caplog.records} == {logging.DEBUG}


@pytest.mark.parametrize(
    "url",
    [
        "criteo.example.com",
        "ftp://criteo.example.com",
        "http://",
        "https://user:word@criteo.example.com",
        "https://a/b",
        "http://[",
        "",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    """An address that cannot be Criteo's is refused at once, and is not quoted: it might hold a password."""
    credentials = Credentials(client_id="app", client_secret=Secret("secret"), api_url=url)
    with pytest.raises(CriteoError, match="CRITEO_API_URL") as caught:
        connect(credentials, UNLIMITED, "42", read_only=True)
    assert "word" not in str(caught.value)


def test_who_encrypts_is_checked() -> None:
    """The usual authorities vouch for whoever is reached by https; where nothing is encrypted, nobody is trusted."""
    for url in ("https://api.criteo.com", "https://localhost:8443", "http://criteo.example.com"):
        assert _authorities(httpx.URL(url)) is True
    nobody = _authorities(httpx.URL("http://127.0.0.1:8799"))
    assert isinstance(nobody, ssl.SSLContext)
    assert (nobody.verify_mode, nobody.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert nobody.cert_store_stats()["x509"] == 0


def test_over_a_socket(make_pretend: Callable[..., Pretend]) -> None:
    """The client works over a real connection, which it keeps open."""
    with serve(make_pretend().app) as server:
        credentials = Credentials(client_id="app", client_secret=Secret("secret"), api_url=server.url + "/")
        with connect(credentials, UNLIMITED, "42", read_only=False) as client:
            (created,) = client.create_segments([SegmentDraft(name="VIP", description=None)])
            assert [segment.id for segment in client.segments()] == [created]


def test_nobody_listens() -> None:
    """A server that is not there is an error that had no effect, also for a create."""
    credentials = Credentials(client_id="app", client_secret=Secret("secret"), api_url="http://127.0.0.1:9")
    with connect(credentials, UNLIMITED, "42", read_only=False) as client:
        (result,) = client.create_segments([SegmentDraft(name="VIP", description=None)])
    assert type(result) is CriteoError
    assert "cannot be reached" in str(result)
