from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from reconciler.criteo.budget import Budget, seconds_to_reset, server_time
from reconciler.errors import Refused
from reconciler.model.remote import SegmentDraft
from reconciler.model.settings import Criteo
from tests.criteo.pretend import Pretend, Scripted, always, problem

DATE = "Sat, 21 Nov 2026 18:00:00 GMT"
EPOCH = 1795284000


class Time:
    """A clock that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def budget(self, calls_per_minute: int) -> Budget:
        return Budget(calls_per_minute, clock=lambda: self.now, sleep=self.sleep)


def headers(remaining: int, reset_in: int) -> dict[str, str]:
    return {"date": DATE, "x-ratelimit-remaining": str(remaining), "x-ratelimit-reset": str(EPOCH + reset_in)}


def turns(time: Time, budget: Budget, count: int) -> list[float]:
    found = []
    for _ in range(count):
        budget.wait_for_turn()
        found.append(time.now)
    return found


def test_never_more_calls_than_the_budget_in_any_minute() -> None:
    """Any 60 seconds hold at most the budget, and none of the budget is lost."""
    time = Time()
    began = turns(time, time.budget(3), 10)
    assert began == [0, 0, 0, 60, 60, 60, 120, 120, 120, 180]


def test_zero_is_no_limit_of_our_own() -> None:
    """Without a limit nothing waits."""
    time = Time()
    assert turns(time, time.budget(0), 1000) == [0] * 1000


def test_what_criteo_has_left_comes_first() -> None:
    """When others use the same app, its headers hold us back until the reset, also without a limit of our own."""
    time = Time()
    budget = time.budget(0)
    budget.learn(headers(remaining=2, reset_in=30))
    assert turns(time, budget, 4) == [0, 0, 30, 30]


def test_a_429_stops_everybody_until_its_reset() -> None:
    """No call begins between a 429 and its reset, and at least a second passes."""
    time = Time()
    budget = time.budget(0)
    budget.exhausted(headers(remaining=9, reset_in=42), otherwise=1)
    assert turns(time, budget, 1) == [42]
    budget.exhausted(headers(remaining=0, reset_in=-5), otherwise=1)
    assert turns(time, budget, 1) == [43]
    budget.exhausted({}, otherwise=8)
    assert turns(time, budget, 1) == [51]


def test_threads_share_the_budget() -> None:
    """Turns are given out one by one, whoever asks."""
    given: list[float] = []
    budget = Budget(10, clock=lambda: 0.0, sleep=given.append)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: budget.wait_for_turn(), range(35)))
    assert sorted(given) == [60.0] * 10 + [120.0] * 10 + [180.0] * 5


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, None),
        ({"x-ratelimit-reset": "soon", "date": DATE}, None),
        ({"x-ratelimit-reset": str(EPOCH + 10), "date": DATE}, 10),
        ({"x-ratelimit-reset": str(EPOCH - 10), "date": DATE}, 0),
        ({"x-ratelimit-reset": str(EPOCH + 10**6), "date": DATE}, 300),
        ({"x-ratelimit-reset": "9" * 400, "date": DATE}, 300),
    ],
)
def test_the_reset_is_read_by_criteos_clock(given: dict[str, str], seconds: float | None) -> None:
    """The reset counts from the answer's own date; nonsense is no reset and a far one is capped."""
    assert seconds_to_reset(given) == seconds


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 99 Nov 2026 18:00:00 GMT"])
def test_a_date_that_cannot_be_read(date: str) -> None:
    """An unreadable date is none."""
    assert server_time({"date": date}) is None


def test_criteos_headers_keep_us_from_a_429(make_pretend: Callable[..., Pretend]) -> None:
    """A client by itself that reads what is left never runs into Criteo's limit, also without one of its own."""
    pretend = make_pretend(rate_limit=3)
    pretend.begin_a_minute()
    client = pretend.connect()
    for number in range(8):
        assert client.create_segments([SegmentDraft(name=f"List {number}", description=None)]) == (str(500 + number),)
    assert pretend.statuses("CreateAudienceSegments") == [200] * 8
    assert len(pretend.slept) == 2


def test_a_429_is_waited_out(make_pretend: Callable[..., Pretend]) -> None:
    """When others use up the limit, a call waits for the reset and is then done: a 429 was not carried out."""
    pretend = make_pretend(rate_limit=3)
    pretend.begin_a_minute()
    ours, others = pretend.connect(), pretend.connect()
    ours.audiences()
    while len(pretend.requests("SearchAudiences")) < 3:
        others.audiences()
    assert ours.create_segments([SegmentDraft(name="VIP", description=None)]) == ("500",)
    assert pretend.statuses("CreateAudienceSegments") == [429, 200]
    assert len(pretend.slept) == 1


def test_a_429_without_headers_is_waited_out(pretend: Pretend) -> None:
    """A 429 in passing costs a wait and nothing else."""
    pretend.fault("429", operation="CreateAudienceSegments", count=2)
    client = pretend.connect()
    assert client.create_segments([SegmentDraft(name="VIP", description=None)]) == ("500",)
    assert pretend.statuses("CreateAudienceSegments") == [429, 429, 200]
    assert len(pretend.slept) == 2


def test_a_429_that_never_ends() -> None:
    """After several minutes of waiting a 429 is an error that had no effect, and says what to lower."""
    slept: list[float] = []
    server = Scripted(always(429, {"errors": [problem("too-many-requests", type="quota")]}))
    client = server.connect(sleep=slept.append, clock=lambda: sum(slept))
    (result,) = client.create_segments([SegmentDraft(name="VIP", description=None)])
    assert isinstance(result, Refused)
    assert "calls_per_minute" in result.hint
    assert [round(wait) for wait in slept] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert len(server.requests) == 10


def test_our_own_limit_keeps_below_criteos(make_pretend: Callable[..., Pretend]) -> None:
    """With a limit of our own below Criteo's there is never a 429."""
    pretend = make_pretend(rate_limit=5)
    pretend.begin_a_minute()
    client = pretend.connect(Criteo(calls_per_minute=4))
    for _ in range(20):
        client.audiences()
    assert pretend.statuses("SearchAudiences") == [200] * 20


def test_a_client_for_writing_shares_the_budget(pretend: Pretend) -> None:
    """The client that plans and the one that applies keep to one rate, and use one token."""
    reader = pretend.connect(Criteo(calls_per_minute=4), read_only=True)
    reader.audiences()
    reader.audiences()
    writer = reader.for_writing()
    writer.create_segments([SegmentDraft(name="VIP", description=None)])
    assert pretend.slept == []
    writer.audiences()
    assert pretend.slept == [60.0]
    assert pretend.statuses("OAuth2Token") == [200]
