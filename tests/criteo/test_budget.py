from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from itertools import pairwise

import pytest

from reconciler.criteo.budget import Budget
from reconciler.criteo.rate import ServerClock, read_rate, retry_after, server_time
from reconciler.emulator import Switches
from reconciler.errors import Refused
from reconciler.model.remote import SegmentDraft
from reconciler.model.settings import Criteo
from tests.criteo.pretend import Pretend, Scripted, always, problem
from tests.criteo.shared_app import Scene, play
from tests.criteo.virtual_time import EPOCH, VirtualTime


class Time:
    """A clock that passes only while somebody sleeps; Criteo's shows the same, `ahead` of it."""

    def __init__(self, ahead: float = EPOCH) -> None:
        self.now = 0.0
        self.ahead = ahead

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def budget(self, calls_per_minute: int) -> Budget:
        return Budget(calls_per_minute, clock=lambda: self.now, sleep=self.sleep)

    def headers(self, remaining: int, reset_in: float, limit: int = 250) -> dict[str, str]:
        """What an answer says now; a reset is told in full seconds, and so is the date."""
        there = self.now + self.ahead
        date = format_datetime(dt.datetime.fromtimestamp(int(there), dt.UTC), usegmt=True)
        rate = {"limit": str(limit), "remaining": str(remaining), "reset": str(round(there + reset_in))}
        return {"date": date, **{f"x-ratelimit-{name}": value for name, value in rate.items()}}


NOTHING: Mapping[str, str] = {}


def call(budget: Budget, headers: Mapping[str, str] = NOTHING) -> float:
    """One call with its answer; when it began."""
    began = budget.begin()
    budget.answered(began, headers)
    return began


def calls(budget: Budget, number: int) -> list[float]:
    return [call(budget) for _ in range(number)]


def test_never_more_calls_than_the_budget_in_any_minute() -> None:
    """Any 60 seconds hold at most the budget, and none of the budget is lost."""
    began = calls(Time().budget(3), 10)
    assert began == [0, 0, 0, 60, 60, 60, 120, 120, 120, 180]


def test_zero_is_no_limit_of_our_own() -> None:
    """Without a limit nothing waits."""
    assert calls(Time().budget(0), 1000) == [0] * 1000


def test_what_criteo_has_left_comes_first() -> None:
    """When others use the same app, what its answers leave holds us back until the reset, also without a limit of our
    own, and one call in a hundred is not ours to take.
    """
    time = Time()
    budget = time.budget(0)
    call(budget, time.headers(remaining=4, reset_in=30))
    began = calls(budget, 3)
    assert began == sorted(began)
    assert [at < 30 for at in began] == [True, True, False]


def test_half_of_the_limit_at_once_and_the_rest_in_its_share_of_the_time() -> None:
    """While more than half is left calls begin at once; then they spread to the reset, so that others find room."""
    time = Time()
    budget = time.budget(0)
    began = []
    for left in range(99, -1, -1):
        began.append(budget.begin())
        budget.answered(began[-1], time.headers(remaining=left, reset_in=60 - time.now, limit=100))
    assert [at for at in began if at == 0] == [0] * 50
    gaps = [after - before for before, after in pairwise(began[49:99])]
    assert max(gaps) < 2 * 60 / 50
    assert 58 < began[98] < 60 <= began[99]


def test_calls_in_flight_may_not_have_been_counted() -> None:
    """What an answer leaves is older than the calls that are under way: they are taken off until they are answered."""
    time = Time()
    budget = time.budget(0)
    first, second, third = (budget.begin() for _ in range(3))
    budget.answered(first, time.headers(remaining=4, reset_in=30))
    assert budget._earliest(0.0)[0] == 30
    budget.answered(second, time.headers(remaining=4, reset_in=30))
    assert budget._earliest(0.0)[0] < 30
    budget.lost()
    assert budget._earliest(0.0)[0] < 30
    assert third == 0


def test_an_answer_that_is_late_does_not_make_more_of_what_is_left() -> None:
    """Within a window what is left only falls, whatever a later answer says."""
    time = Time()
    budget = time.budget(0)
    call(budget, time.headers(remaining=2, reset_in=30))
    began = budget.begin()
    assert began == 30
    time.now = 0.0
    budget.answered(began, time.headers(remaining=200, reset_in=30))
    assert budget._earliest(0.0)[0] == 30


@pytest.mark.parametrize("remaining", [0, 250])
@pytest.mark.parametrize("reset_in", [-3600, 10**6])
def test_a_reset_that_cannot_be(remaining: int, reset_in: int) -> None:
    """One in the past says nothing; one beyond a minute counts as a minute, and the next window goes by its own."""
    time = Time()
    budget = time.budget(0)
    call(budget, time.headers(remaining, reset_in))
    began = call(budget)
    assert began == (61 if remaining == 0 and reset_in > 0 else 0)
    time.now = 120.0
    call(budget, time.headers(remaining=2, reset_in=40))
    assert 159 < call(budget) <= 161


def test_a_429_stops_everybody_until_its_reset() -> None:
    """No call begins between a 429 and its reset, nor for a while when that has passed or is not told."""
    time = Time()
    budget = time.budget(0)
    refuse(budget, time.headers(remaining=9, reset_in=42), otherwise=1)
    assert 42 <= call(budget) <= 43
    passed = refuse(budget, time.headers(remaining=0, reset_in=-5), otherwise=1)
    assert passed + 1 <= call(budget) <= passed + 2
    silent = refuse(budget, NOTHING, otherwise=8)
    assert call(budget) == silent + 8


def test_a_429_upon_another_backs_off() -> None:
    """When the same call is refused again, the wait is as long as Criteo advises, whatever the reset says."""
    time = Time()
    budget = time.budget(0)
    refuse(budget, time.headers(remaining=0, reset_in=1), otherwise=4, again=True)
    assert budget.begin() == 4


@pytest.mark.parametrize(("told", "wait"), [({"retry-after": "7"}, 7), ({"retry-after": "99999"}, 300)])
def test_retry_after_is_honoured(told: dict[str, str], wait: float) -> None:
    """Criteo documents no such header; where it comes it counts, up to five minutes."""
    time = Time()
    budget = time.budget(0)
    refuse(budget, told, otherwise=1)
    assert budget.begin() == wait


def test_after_a_429_one_call_goes_first() -> None:
    """At the reset the threads that wait do not all call at once: they go a little apart until an answer tells more."""
    time = Time()
    budget = time.budget(0)
    refuse(budget, time.headers(remaining=0, reset_in=30), otherwise=1)
    began = [budget.begin() for _ in range(4)]
    gaps = [after - before for before, after in pairwise(began)]
    assert began[0] >= 30
    assert min(gaps) >= 60 / 250
    budget.answered(began[0], time.headers(remaining=249, reset_in=59))
    assert budget.begin() == began[-1]


def test_a_pace_that_was_learned_grows_again() -> None:
    """A 429 that others caused slows us down to what they left, and minutes later we are near the limit again."""
    time = Time()
    budget = time.budget(0)
    for _ in range(100):
        call(budget)
        time.now += 0.4
    refuse(budget, time.headers(remaining=0, reset_in=20), otherwise=1)
    began = calls(budget, 1500)
    first, later = (sum(minute <= at < minute + 60 for at in began) for minute in (began[0], began[0] + 300))
    assert 60 <= first <= 130
    assert later > 150


def refuse(budget: Budget, headers: Mapping[str, str], *, otherwise: float, again: bool = False) -> float:
    """One call that is answered with a 429; when it began."""
    began = call(budget, headers)
    budget.refused(headers, otherwise, again=again)
    return began


def test_threads_share_the_budget() -> None:
    """Whoever asks, however many at once, any minute holds at most the budget."""
    time, given = VirtualTime(), list[float]()
    budget = Budget(10, clock=time.clock, sleep=time.sleep)

    def work() -> None:
        for _ in range(5):
            given.append(call(budget))

    time.run(*[work] * 7)
    assert sorted(given) == [0] * 10 + [60] * 10 + [120] * 10 + [180] * 5


def test_whoever_has_waited_longer_goes_first() -> None:
    """While calls go apart from each other no thread is overtaken by another for long, however many ask again."""
    time, waits = VirtualTime(), list[float]()
    budget = Budget(0, clock=time.clock, sleep=time.sleep)
    refuse(budget, {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0"}, otherwise=1)

    def work() -> None:
        for _ in range(40):
            asked = time.clock()
            waits.append(budget.begin() - asked)
            time.sleep(0.1)
            budget.answered(0.0, NOTHING)

    time.run(*[work] * 5)
    assert max(waits) <= 5 * 4 + 1  # five threads, fifteen calls a minute


WINDOWS = ("fixed", "sliding")
TOLD = ("always", "on_429")


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("ours", [200, 0], ids=["our own limit", "no limit of ours"])
def test_what_another_program_leaves_is_used(window: str, told: str, ours: int) -> None:
    """With another program of the app taking a fifth, we use 97 % of what it leaves; every 429 is followed by success,
    and both get all their calls.
    """
    switches = Switches().changed({"rate_window": window, "rate_headers": told})
    seen = play(Scene(calls=1000, switches=switches, ours=ours))
    assert seen.failed == 0
    assert len(seen.ours) == 1000 + 1
    assert seen.used() >= 0.97
    assert seen.refused <= 2 * seen.minutes
    assert len(seen.others) >= 50 * (int(seen.minutes) - 1)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_busy_program_slows_us_down(window: str) -> None:
    """One that wants four fifths has near half of the limit, and nothing is left over."""
    switches = Switches().changed({"rate_window": window, "rate_headers": "always"})
    seen = play(Scene(calls=400, switches=switches, others=200))
    assert seen.failed == 0
    assert seen.used() >= 0.97
    assert len(seen.others) > 0.7 * len(seen.ours)


def test_dates_narrow_what_the_time_is_at_criteo() -> None:
    """One date tells the time to a second, many to little more than an answer takes; a clock that is set is noticed."""
    time, clock = Time(ahead=EPOCH + 0.75), ServerClock()
    clock.hear(time.headers(0, 0), 0.0, 0.0)
    assert clock.ours(EPOCH + 10) == 10
    for _ in range(40):
        time.now += 0.3
        clock.hear(time.headers(0, 0), time.now - 0.02, time.now)
    assert clock.ours(EPOCH + 100) == pytest.approx(99.25, abs=0.1)
    time.ahead -= 3600
    clock.hear(time.headers(0, 0), time.now, time.now)
    assert clock.ours(EPOCH + 100) == pytest.approx(99.25 + 3600, abs=1)


@pytest.mark.parametrize("name", ["limit", "remaining", "reset"])
@pytest.mark.parametrize("value", [None, "", "soon", "-1", "1.5", "\u0661"])
def test_headers_that_make_no_sense(name: str, value: str | None) -> None:
    """Of three headers none counts when one is missing or is no number; and a limit of nothing is none."""
    whole = Time().headers(remaining=5, reset_in=30)
    key = f"x-ratelimit-{name}"
    broken = {k: v for k, v in whole.items() if k != key} | ({key: value} if value is not None else {})
    assert read_rate(whole) is not None
    assert read_rate(broken) is None
    assert read_rate({**whole, "x-ratelimit-limit": "0"}) is None
    assert read_rate({**whole, "x-ratelimit-reset": "9" * 400}) is not None


DATE = "Sat, 21 Nov 2026 18:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "12"}, 12),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Sat, 21 Nov 2026 18:00:30 GMT", "date": DATE}, 30),
        ({"retry-after": "Sat, 21 Nov 2026 17:00:30 GMT", "date": DATE}, 0),
        ({"retry-after": "Sat, 21 Nov 2026 20:00:30 GMT", "date": DATE}, 300),
    ],
)
def test_how_retry_after_is_read(headers: dict[str, str], seconds: float | None) -> None:
    """As seconds or as a date, by Criteo's own clock; nonsense is none."""
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 99 Nov 2026 18:00:00 GMT"])
def test_a_date_that_cannot_be_read(date: str) -> None:
    """An unreadable date is none."""
    assert server_time({"date": date}) is None


@pytest.mark.switches(bulk_answers="full", rate_counts="calls", rate_headers="always", rate_window="fixed")
def test_criteos_headers_keep_us_from_a_429(make_pretend: Callable[..., Pretend]) -> None:
    """A client by itself that reads what is left never runs into Criteo's limit, also without one of its own."""
    pretend = make_pretend(rate_limit=3, switches=Switches(rate_window="fixed", rate_headers="always"))
    pretend.begin_a_minute()
    client = pretend.connect()
    for number in range(8):
        assert client.create_segments([SegmentDraft(name=f"List {number}", description=None)]) == (str(500 + number),)
    assert pretend.statuses("CreateAudienceSegments") == [200] * 8
    assert 60 < sum(pretend.slept) < 122


@pytest.mark.switches(bulk_answers="full", rate_counts="calls", rate_window="fixed")
def test_a_429_is_waited_out(make_pretend: Callable[..., Pretend]) -> None:
    """When others use up the limit, a call waits for the reset and is then done: a 429 was not carried out."""
    pretend = make_pretend(rate_limit=3, switches=Switches(rate_window="fixed", rate_headers="always"))
    pretend.begin_a_minute()
    ours, others = pretend.connect(), pretend.connect()
    ours.audiences()
    while len(pretend.requests("SearchAudiences")) < 3:
        others.audiences()
    assert ours.create_segments([SegmentDraft(name="VIP", description=None)]) == ("500",)
    assert pretend.statuses("CreateAudienceSegments") == [429, 200]
    assert sum(pretend.slept) < 62


@pytest.mark.switches(bulk_answers="full", rate_counts="calls")
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


@pytest.mark.switches(rate_counts="calls", token_drift=0)
def test_our_own_limit_keeps_below_criteos(make_pretend: Callable[..., Pretend]) -> None:
    """With a limit of our own below Criteo's there is never a 429."""
    pretend = make_pretend(rate_limit=5)
    pretend.begin_a_minute()
    client = pretend.connect(Criteo(calls_per_minute=4))
    for _ in range(20):
        client.audiences()
    assert pretend.statuses("SearchAudiences") == [200] * 20


@pytest.mark.switches(bulk_answers="full", rate_counts="calls")
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
