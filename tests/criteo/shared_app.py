"""An app at its rate limit: our client in several threads, and another program of the same app beside it."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from reconciler.criteo.client import CriteoClient
from reconciler.criteo.connect import connect
from reconciler.emulator import Emulator, EmulatorTransport, Switches, create_app
from reconciler.emulator.access import Window
from reconciler.errors import CriteoError
from reconciler.model.remote import SegmentDraft
from reconciler.model.settings import Credentials, Criteo, Secret
from tests.criteo.pretend import people
from tests.criteo.virtual_time import Gate, VirtualTime

CREDENTIALS = Credentials(client_id="app", client_secret=Secret("secret"), api_url="http://criteo.example.com")
LIMIT = 250
TOO_MANY = 429


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """What is tried: `calls` of ours at no more than `ours` a minute, while another program makes `others` a minute,
    evenly or all at the start of each. A request and its answer take `latency` seconds each, by lot.
    """

    calls: int
    switches: Switches
    ours: int = 200
    others: int = 50
    at_once: bool = False
    threads: int = 4
    latency: tuple[float, float] = (0.02, 0.15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What came of it: the instants in seconds at which calls were counted, the refusals for the rate, the waits."""

    window: Window
    ours: Sequence[float]
    others: Sequence[float]
    refused: int
    refused_others: int
    failed: int
    slept: Sequence[float]

    @property
    def minutes(self) -> float:
        """How long our calls took."""
        return (max(self.ours) - min(self.ours)) / 60

    def used(self) -> float:
        """The share that we used of what the other left, in whole minutes.

        They are those in which the calls are counted: of Criteo's clock where its window is fixed. One that slides
        has no minute of its own, so there they run from our first call on. No such minute can hold more than the limit.
        """
        start = min(self.ours) if self.window == "sliding" else math.ceil(min(self.ours) / 60) * 60
        ours, others = (Counter((at - start) // 60 for at in each) for each in (self.ours, self.others))
        whole = range(int(max(ours)))
        return sum(ours[each] for each in whole) / sum(LIMIT - others[each] for each in whole)


@dataclass
class Distant(httpx.BaseTransport):
    """An emulator at a distance, and when it answered what."""

    app: Emulator
    time: VirtualTime
    seconds: Callable[[], float]
    answers: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._near = EmulatorTransport(self.app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let the request and its answer take their time."""
        self.time.sleep(self.seconds())
        response = self._near.handle_request(request)
        if not request.url.path.startswith("/oauth2"):
            self.answers.append((self.time.machine(), response.status_code))
        self.time.sleep(self.seconds())
        return response

    def counted(self) -> list[float]:
        """When calls were let in; one whose token is not good is not counted."""
        return [at for at, status in self.answers if status not in (TOO_MANY, httpx.codes.UNAUTHORIZED)]

    def refused(self) -> int:
        """How many were refused for the rate."""
        return sum(status == TOO_MANY for _, status in self.answers)


def play(scene: Scene) -> Seen:
    """Let our client amend a list in several threads until all calls are made, and the other program call meanwhile."""
    time = VirtualTime()
    app = create_app(rate_limit=LIMIT, switches=scene.switches, time=time.machine)
    lots = random.Random(0)  # noqa: S311 - latencies, the same in every run
    ours, theirs = (Distant(app, time, lambda: lots.uniform(*scene.latency)) for _ in range(2))
    client = open_client(Criteo(calls_per_minute=scene.ours), ours, time)
    left, running, failures = count(scene.calls - 1, -1), [scene.threads], list[CriteoError]()

    def amend() -> None:
        while next(left) >= 0:
            try:
                client.amend_list("500", "add", people(1))
            except CriteoError as error:
                failures.append(error)
        running[0] -= 1

    def call() -> None:
        other_program(scene, theirs, time, lambda: running[0] > 0)

    def create() -> None:
        client.create_segments([SegmentDraft(name="VIP", description=None)])

    time.run(create)
    time.run(*[amend] * scene.threads, call)
    app.close()
    return Seen(
        window=scene.switches.rate_window,
        ours=ours.counted(),
        others=theirs.counted(),
        refused=ours.refused(),
        refused_others=theirs.refused(),
        failed=len(failures),
        slept=time.slept,
    )


def open_client(settings: Criteo, transport: httpx.BaseTransport, time: VirtualTime) -> CriteoClient:
    """A client whose every wait is on virtual time, the one for another thread's token among them."""
    client = connect(
        CREDENTIALS, settings, "42", read_only=False, transport=transport, sleep=time.sleep, clock=time.clock
    )
    connection: Any = client._connection
    connection.tokens._lock = Gate(time)
    return client


def other_program(scene: Scene, transport: httpx.BaseTransport, time: VirtualTime, wanted: Callable[[], bool]) -> None:
    """Call until it is no longer wanted; what is refused for the rate is tried again a second later."""
    with httpx.Client(transport=transport, base_url=CREDENTIALS.api_url) as http:
        form = {"client_id": "app", "client_secret": "secret", "grant_type": "client_credentials"}
        token = http.post("/oauth2/token", data=form).json()["access_token"]
        for number in count():
            minute, place = divmod(number, scene.others)
            due = 60 * minute + (0 if scene.at_once else 60 * place / scene.others)
            if due > time.clock():
                time.sleep(due - time.clock())
            if not wanted():
                return
            token = insist(http, token, time)


def insist(http: httpx.Client, token: str, time: VirtualTime) -> str:
    """Call until it is neither for the rate nor for an old token that it is refused; the token that did."""
    form = {"client_id": "app", "client_secret": "secret", "grant_type": "client_credentials"}
    while True:
        answer = http.get("/2026-07/advertisers/me", headers={"Authorization": f"Bearer {token}"})
        if answer.status_code == TOO_MANY:
            time.sleep(1.0)
        elif answer.status_code == httpx.codes.UNAUTHORIZED:
            token = http.post("/oauth2/token", data=form).json()["access_token"]
        else:
            return token
