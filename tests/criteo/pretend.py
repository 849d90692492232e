"""A pretend Criteo for the tests of the client: the emulator, reached through a transport, with a clock to move."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import httpx

from reconciler.criteo.client import CriteoClient
from reconciler.criteo.connect import connect
from reconciler.emulator import EmulatorTransport, create_app
from reconciler.model.identifiers import Identifiers
from reconciler.model.settings import Credentials, Criteo, Secret

SECRET = "a-secret-that-is-never-shown"
CREDENTIALS = Credentials(client_id="app", client_secret=Secret(SECRET), api_url="http://criteo.example.com")
UNLIMITED = Criteo(calls_per_minute=0)
API = "/2026-07/marketing-solutions"


def people(*numbers: int) -> Identifiers:
    """The digests of pretend people's addresses."""
    return Identifiers(tuple(sha256(f"person{number}@example.com".encode()).digest() for number in numbers))


def in_hex(identifiers: Identifiers) -> list[str]:
    """Identifiers as they are sent, sorted."""
    return sorted(digest.hex() for digest in identifiers.digests)


def new_client(transport: httpx.BaseTransport, settings: Criteo = UNLIMITED, **options: Any) -> CriteoClient:
    """A client that may write, unless the options say otherwise."""
    given = {"read_only": False, **options}
    return connect(CREDENTIALS, settings, "42", transport=transport, **given)


@dataclass
class Pretend:
    """An emulator with the levers that a test needs; the options are those of `create_app`."""

    options: dict[str, Any] = field(default_factory=dict)
    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = create_app(**{"rate_limit": 0, **self.options})
        self.transport = EmulatorTransport(self.app)
        self._levers = httpx.Client(transport=self.transport, base_url="http://criteo.example.com")

    def connect(self, settings: Criteo = UNLIMITED, **options: Any) -> CriteoClient:
        """A client whose time passes only while it sleeps, and then here too."""
        return new_client(self.transport, settings, sleep=self.sleep, clock=lambda: self.now, **options)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.pass_time(seconds)

    def pass_time(self, seconds: float) -> None:
        """Move the client's clock and the emulator's."""
        self.now += seconds
        self._post("/emulator/clock", {"advance": seconds})

    def begin_a_minute(self) -> None:
        """Move the clocks to a second after a full minute, so that no window of the rate limit ends by itself."""
        self.pass_time(61 - time.time() % 60)

    def fault(self, kind: str, **fields: Any) -> None:
        """Let the emulator misbehave."""
        self._post("/emulator/faults", [{"kind": kind, **fields}])

    def requests(self, operation: str | None = None) -> list[dict[str, Any]]:
        """What was asked, or what of it was one operation."""
        entries: list[dict[str, Any]] = self._levers.get("/emulator/requests").json()
        return [entry for entry in entries if operation in (None, entry["operation"])]

    def statuses(self, operation: str) -> list[int | None]:
        """The statuses of one operation's requests, in order."""
        return [entry["status"] for entry in self.requests(operation)]

    def segments(self) -> list[dict[str, Any]]:
        """What segments there are, with their counts."""
        found: list[dict[str, Any]] = self._levers.get("/emulator/segments").json()
        return found

    def audiences(self) -> list[dict[str, Any]]:
        """What audiences there are."""
        found: list[dict[str, Any]] = self._levers.get("/emulator/audiences").json()
        return found

    def members(self, segment: str) -> list[str]:
        """Who is on a list."""
        found: list[str] = self._levers.get(f"/emulator/segments/{segment}/identifiers?type=email").json()
        return found

    def _post(self, path: str, body: object) -> None:
        answer = self._levers.post(path, json=body)
        assert answer.status_code == 200, answer.text


Handler = Callable[[httpx.Request], httpx.Response]


@dataclass
class Scripted:
    """A server for answers that the emulator never gives; it gives a token and then what `answer` says."""

    answer: Handler
    requests: list[httpx.Request] = field(default_factory=list)
    tokens: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth2/token":
            self.tokens += 1
            return httpx.Response(200, json={"access_token": f"token-{self.tokens}", "expires_in": 900})
        self.requests.append(request)
        return self.answer(request)

    def connect(self, **options: Any) -> CriteoClient:
        """A client of it."""
        return new_client(httpx.MockTransport(self), **options)


def always(status: int, body: object = None, **headers: str) -> Handler:
    """Answer every request alike."""
    return lambda _: httpx.Response(status, json=body, headers=headers)


def problem(code: str, **fields: object) -> dict[str, object]:
    """A problem object."""
    return {"type": "validation", "code": code, "title": code.replace("-", " "), **fields}


def sent(request: httpx.Request) -> Any:
    """The JSON of a request."""
    return json.loads(request.content)


def kinds(results: Collection[object]) -> list[str]:
    """The types of the results of a bulk call."""
    return [type(result).__name__ for result in results]
