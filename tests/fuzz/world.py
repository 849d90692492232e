"""An emulator with something in it, and requests that know what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import httpx

from reconciler.emulator import Emulator, EmulatorTransport, Switches, create_app
from tests.emulator.caller import Caller, audience_of, digest, list_of
from tests.fuzz.openapi import VERSIONS

ENOUGH = 4
"""Lists and audiences that are there before every call, whatever the calls before it deleted."""

KNOWN = 0.85
"""The share of ids in requests that belong to something; the rest is whatever was generated."""

Ids = Callable[[], list[Any]]


class World:
    """An emulator in this process and what a request can be about, which changes with every call."""

    def __init__(self, seed: int, switches: Switches) -> None:
        self.app: Emulator = create_app(rate_limit=0, switches=switches)
        self._http = httpx.Client(transport=EmulatorTransport(self.app), base_url="http://emulator")
        self._caller = Caller(http=self._http, app=self.app)
        self._random = Random(seed)  # noqa: S311
        self._made = 0
        self._caller.authorize()
        answers = [self._caller.send("POST", f"/{what}/search").json()["data"] for what in ("ad-sets", "campaigns")]
        ad_sets, campaigns = ([each["id"] for each in found] for found in answers)
        self._kinds: Mapping[str, Ids] = {
            "advertiser": lambda: ["42"],
            "list": lambda: self._ids("segments", "ContactList"),
            "segment": lambda: self._ids("segments"),
            "audience": lambda: self._ids("audiences"),
            "ad_set": lambda: ad_sets,
            "campaign": lambda: campaigns,
            "country": lambda: ["FR", "DE", "US"],
            "version": lambda: [*VERSIONS],
            "application": lambda: ["app"],
            "offset": lambda: [0, 1, 50],
            "grant": lambda: ["client_credentials"],
            "identifier": lambda: [digest(number) for number in range(50)],
        }

    def headers(self) -> dict[str, str]:
        """A good token."""
        self._caller.authorize()
        return {"Authorization": self._http.headers["Authorization"]}

    def fill(self) -> None:
        """Put back what calls have deleted."""
        for _ in range(ENOUGH - len(self._ids("segments", "ContactList"))):
            self._made += 1
            self._caller.bulk("POST", "/audience-segments/create", list_of(f"list of the world {self._made}"))
        for _ in range(ENOUGH - len(self._ids("audiences"))):
            self._made += 1
            algebra = {"audienceSegmentId": self._ids("segments")[0]}
            self._caller.bulk("POST", "/audiences/create", audience_of(f"audience of the world {self._made}", algebra))

    def known(self, value: Any, kind: str) -> Any:
        """One of those that are there in place of what was generated, more often than not."""
        if not (isinstance(value, str | int) or kind == "version") or self._random.random() > KNOWN:
            return value
        return self._random.choice(self._kinds[kind]() or [value])

    def close(self) -> None:
        """Let go of the emulator."""
        self._http.close()
        self.app.close()

    def _ids(self, what: str, kind: str | None = None) -> list[str]:
        found = self._http.get(f"/emulator/{what}").json()
        return [each["id"] for each in found if kind in (None, each.get("type"))]
