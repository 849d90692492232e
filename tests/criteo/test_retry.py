from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import stamina

from reconciler.criteo.client import CriteoClient
from reconciler.criteo.retry import UnansweredError, _wait, exchange, persistent
from reconciler.errors import CriteoError, OutcomeUnknown, Refused
from reconciler.model.remote import Amended, AudienceDraft, SegmentDraft, Targeting
from tests.criteo.pretend import Pretend, Scripted, in_hex, kinds, people, problem

LOST = [
    "500",
    "502",
    "503",
    "504",
    "close_before",
    "truncated",
    "wrong_json",
    "wrong_shape",
    "500_after",
    "close_after",
]
VIP = [SegmentDraft(name="VIP", description=None)]
ATTEMPTS = 6

WRITES: dict[str, tuple[str, Callable[[CriteoClient], Any]]] = {
    "amend": ("UpdateContactListByAudienceSegment", lambda client: client.amend_list("500", "add", people(1))),
    "clear": ("DeleteContactListByAudienceSegment", lambda client: client.clear_list("500")),
    "link": ("UpdateAdSetAudience", lambda client: client.link("700123", "900")),
}


@pytest.fixture
def furnished(pretend: Pretend) -> Pretend:
    """An emulator with list 500, list 501 and audience 900 on list 500."""
    client = pretend.connect()
    client.create_segments([*VIP, SegmentDraft(name="spare", description=None)])
    aim = Targeting(include=frozenset({"500"}))
    client.create_audiences([AudienceDraft(name="A", description=None, targeting=aim)])
    return pretend


@pytest.mark.switches(bulk_answers="full")
@pytest.mark.parametrize("kind", LOST)
def test_a_read_is_repeated(furnished: Pretend, kind: str) -> None:
    """A search whose answer is lost, whichever way, is asked again."""
    furnished.fault(kind, operation="SearchAudienceSegments", count=ATTEMPTS - 1)
    assert {segment.id for segment in furnished.connect().segments()} == {"500", "501"}
    assert len(furnished.requests("SearchAudienceSegments")) == ATTEMPTS


@pytest.mark.switches(bulk_answers="full")
@pytest.mark.parametrize("kind", LOST)
def test_a_read_that_stays_lost_is_an_error(furnished: Pretend, kind: str) -> None:
    """After six attempts a search ends in a CriteoError that leaves nothing unknown."""
    furnished.fault(kind, operation="SearchAudienceSegments", count=None)
    with pytest.raises(CriteoError) as caught:
        furnished.connect().segments()
    assert not isinstance(caught.value, OutcomeUnknown)
    assert len(furnished.requests("SearchAudienceSegments")) == ATTEMPTS


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize(("operation", "write"), WRITES.values(), ids=WRITES)
def test_an_idempotent_write_is_repeated(
    furnished: Pretend, kind: str, operation: str, write: Callable[[CriteoClient], Any]
) -> None:
    """A write that may be said twice is said again when its answer is lost."""
    furnished.fault(kind, operation=operation)
    write(furnished.connect())
    assert len(furnished.requests(operation)) == 2


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize(("operation", "write"), WRITES.values(), ids=WRITES)
def test_an_idempotent_write_that_stays_lost_is_unknown(
    furnished: Pretend, kind: str, operation: str, write: Callable[[CriteoClient], Any]
) -> None:
    """A write whose answer stays lost may have happened."""
    furnished.fault(kind, operation=operation, count=None)
    with pytest.raises(OutcomeUnknown):
        write(furnished.connect())
    assert len(furnished.requests(operation)) == ATTEMPTS


@pytest.mark.parametrize("kind", LOST)
def test_a_create_is_never_repeated(pretend: Pretend, kind: str) -> None:
    """A create whose answer is lost is unknown at once, for every item, and is sent once."""
    pretend.fault(kind, operation="CreateAudienceSegments", count=None)
    drafts = [*VIP, SegmentDraft(name="other", description=None)]
    assert kinds(pretend.connect().create_segments(drafts)) == ["OutcomeUnknown"] * 2
    assert len(pretend.requests("CreateAudienceSegments")) == 1
    assert len(pretend.segments()) == (2 if kind not in ("500", "502", "503", "504", "close_before") else 0)


@pytest.mark.parametrize("kind", ["500_after", "close_after"])
def test_a_delete_that_had_worked_is_done(furnished: Pretend, kind: str) -> None:
    """A repeated delete that finds nothing any more is done."""
    furnished.fault(kind, operation="DeleteAudienceSegments")
    assert furnished.connect().delete_segments(["501"]) == (None,)
    assert [segment["id"] for segment in furnished.segments()] == ["500"]


@pytest.mark.parametrize("kind", ["500_after", "close_before"])
def test_an_update_is_repeated(furnished: Pretend, kind: str) -> None:
    """Bulk updates hold absolute values: they are repeated, and at the end unknown for every item."""
    client = furnished.connect()
    furnished.fault(kind, operation="UpdateAudienceSegments")
    renamed = [SegmentDraft(id="500", name="VIP 2027", description=None)]
    assert client.update_segments(renamed) == (None,)
    furnished.fault(kind, operation="UpdateAudienceSegments", count=None)
    assert kinds(client.update_segments(renamed)) == ["OutcomeUnknown"]


def test_a_refusal_after_a_lost_answer_is_unknown() -> None:
    """Once an answer to a write was lost, a later refusal does not tell that nothing happened."""
    answers = iter([httpx.Response(500), httpx.Response(404, json={"errors": [problem("audience-invalid")]})])
    with pytest.raises(OutcomeUnknown, match="audience-invalid"):
        Scripted(lambda _: next(answers)).connect().amend_list("500", "add", people(1))


def test_a_refusal_is_not_repeated() -> None:
    """A call that was refused is sent once."""
    server = Scripted(lambda _: httpx.Response(400, json={"errors": [problem("invalid")]}))
    with pytest.raises(Refused):
        server.connect().amend_list("500", "add", people(1))
    assert len(server.requests) == 1


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_what_was_never_sent_is_repeated_and_never_unknown(error: type[httpx.TransportError]) -> None:
    """Without a connection nothing was sent: a create is tried again, and its failure had no effect."""
    failures = iter([error("no connection")] * 2)

    def answer(_: httpx.Request) -> httpx.Response:
        for failure in failures:
            raise failure
        return httpx.Response(200, json={"data": [{"id": "500", "attributes": {"name": "VIP"}}]})

    assert Scripted(answer).connect().create_segments(VIP) == ("500",)
    failures = iter([error("no connection")] * ATTEMPTS)
    (result,) = Scripted(answer).connect().create_segments(VIP)
    assert isinstance(result, CriteoError)
    assert not isinstance(result, OutcomeUnknown)


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.RemoteProtocolError])
def test_timeouts_and_broken_connections_are_unknown(error: type[httpx.TransportError]) -> None:
    """Whatever breaks after the request began to be sent may have happened."""

    def answer(_: httpx.Request) -> httpx.Response:
        raise error("broken")

    server = Scripted(answer)
    assert kinds(server.connect().create_segments(VIP)) == ["OutcomeUnknown"]
    assert len(server.requests) == 1
    with pytest.raises(OutcomeUnknown, match=error.__name__):
        server.connect().link("700123", "900")


@pytest.mark.parametrize(
    "body",
    [
        {"data": None, "errors": [], "warnings": []},
        {"data": {}},
        {"data": {"attributes": {"nbValidIdentifiers": "many", "nbInvalidIdentifiers": 0}}},
        {"data": [1]},
        ["data"],
    ],
)
def test_an_amendment_without_counts_is_unknown(body: object) -> None:
    """An answer to an amendment that does not say what was taken in may mean anything."""
    with pytest.raises(OutcomeUnknown):
        Scripted(lambda _: httpx.Response(200, json=body)).connect().amend_list("500", "add", people(1))


def test_an_amendment_refused_in_the_envelope() -> None:
    """A 200 without data and with an error is a refusal."""
    body = {"data": None, "errors": [problem("audience-invalid")], "warnings": []}
    with pytest.raises(Refused) as caught:
        Scripted(lambda _: httpx.Response(200, json=body)).connect().amend_list("500", "add", people(1))
    assert caught.value.code == "audience-invalid"


@pytest.mark.switches(valid_counts="well_formed")
def test_an_effect_that_lands_late(furnished: Pretend) -> None:
    """An amendment that is answered now and lands later is accepted."""
    furnished.fault("effect_later", operation="UpdateContactListByAudienceSegment", seconds=30)
    assert furnished.connect().amend_list("500", "add", people(1)) == Amended(valid=1, invalid=0)
    assert furnished.members("500") == []
    furnished.pass_time(31)
    assert furnished.members("500") == in_hex(people(1))


def test_the_waits_double() -> None:
    """In earnest the waits between attempts begin at half a second and double, up to half a minute."""
    assert persistent._context_kws == {
        "attempts": ATTEMPTS,
        "timeout": None,
        "wait_initial": 0.5,
        "wait_max": 30.0,
        "wait_jitter": 0.5,
        "wait_exp_base": 2,
    }


def test_repetitions_are_logged_quietly(pretend: Pretend, caplog: pytest.LogCaptureFixture) -> None:
    """A repetition is told at DEBUG and nowhere else."""
    caplog.set_level(logging.DEBUG)
    pretend.fault("500", operation="SearchAudiences")
    with stamina.set_testing(True, attempts=2):
        pretend.connect().audiences()
    told = [record for record in caplog.records if "repetition" in record.getMessage()]
    assert [record.levelno for record in told] == [logging.DEBUG]
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.DEBUG] == []


@pytest.mark.parametrize(("told", "wait"), [("7", 7.0), ("0", 0.5), ("9999", 30.0), ("soon", True)])
def test_a_5xx_that_says_when(told: str, wait: float | bool) -> None:
    """`Retry-After` on a 503 sets the wait of the repetition, within bounds; Criteo documents no such header."""
    with pytest.raises(UnansweredError) as caught:
        exchange(lambda: httpx.Response(503, headers={"retry-after": told}))
    assert (_wait(caught.value), type(_wait(caught.value))) == (wait, type(wait))


@pytest.mark.parametrize(("status", "tries"), [(408, 6), (500, 6), (502, 6), (503, 6), (504, 6), (400, 1), (404, 1)])
def test_which_statuses_leave_it_open(status: int, tries: int) -> None:
    """A 408 or 5xx may have had an effect and is repeated where that is safe; another 4xx had none and is not."""
    server = Scripted(lambda _: httpx.Response(status, json={"errors": [problem("invalid")]}))
    client = server.connect()
    expected = OutcomeUnknown if tries > 1 else Refused
    with pytest.raises(expected):
        client.link("700123", "900")
    assert len(server.requests) == tries
    assert kinds(client.create_segments(VIP)) == [expected.__name__]
    assert len(server.requests) == tries + 1
