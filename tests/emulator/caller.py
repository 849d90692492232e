"""A plain HTTP caller of the emulator, so that the tests say what they send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx

from reconciler.emulator import Emulator

API = "/2026-07/marketing-solutions"
LISTS = f"{API}/audience-segments"


def digest(number: int) -> str:
    """The SHA-256 of the n-th pretend person's address."""
    return sha256(f"person{number}@example.com".encode()).hexdigest()


def list_of(name: str, advertiser: str = "42") -> dict[str, Any]:
    """A contact-list segment, as an item of a create call."""
    attributes = {"advertiserId": advertiser, "name": name, "contactList": {}}
    return {"type": "AudienceSegment", "attributes": attributes}


def audience_of(name: str, algebra: object) -> dict[str, Any]:
    """An audience, as an item of a create call."""
    attributes = {"advertiserId": "42", "name": name, "algebra": algebra}
    return {"type": "Audience", "attributes": attributes}


def _typed(item: object, path: str) -> object:
    """A resource with its type, which some switch asks for."""
    kind = "Audience" if path.startswith("/audiences") else "AudienceSegment"
    return {"type": kind, **item} if isinstance(item, dict) else item


def codes(answer: httpx.Response, array: str = "errors") -> list[str]:
    """The codes of an answer's problems."""
    return [problem["code"] for problem in answer.json()[array]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """A client of one emulator that holds a token; paths are below `API` unless they start elsewhere."""

    http: httpx.Client
    app: Emulator | None = None

    def send(self, method: str, path: str, body: object = None, **query: int) -> httpx.Response:
        """Send JSON, or no body, and return whatever comes."""
        url = path if path.startswith(("/2", "/1", "/emulator", "/oauth2")) else f"{API}{path}"
        json = {} if body is None else {"json": body}
        return self.http.request(method, url, params=query, **json)  # type: ignore[arg-type]

    def bulk(self, method: str, path: str, *items: object) -> httpx.Response:
        """Send a bulk call of segments or audiences."""
        return self.send(method, path, {"data": [_typed(item, path) for item in items]})

    def search(self, path: str, attributes: dict[str, Any] | None = None, **query: int) -> httpx.Response:
        """Send a search of segments or audiences."""
        return self.send("POST", f"{path}/search", {"data": _typed({"attributes": attributes or {}}, path)}, **query)

    def ids(self, answer: httpx.Response) -> list[str]:
        """The ids of a list answer that succeeded."""
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["data"]]

    def new_list(self, name: str = "VIP") -> str:
        """Create a contact list and return its id."""
        return self.ids(self.bulk("POST", "/audience-segments/create", list_of(name)))[0]

    def new_audience(self, name: str, algebra: object) -> str:
        """Create an audience and return its id."""
        return self.ids(self.bulk("POST", "/audiences/create", audience_of(name, algebra)))[0]

    def amend(
        self, segment: str, operation: str, identifiers: Sequence[object], **attributes: object
    ) -> httpx.Response:
        """Add identifiers to a list or remove some."""
        given = {"operation": operation, "identifiers": list(identifiers), **attributes}
        body = {"data": {"type": "ContactlistAmendment", "attributes": given}}
        return self.send("PATCH", f"/audience-segments/{segment}/contact-list", body)

    def link(self, ad_set: str, audience: str | None) -> httpx.Response:
        """Point an ad set at an audience, or at none."""
        data = {"id": ad_set, "type": "AdSetAudience", "attributes": {"audienceId": audience}}
        return self.send("PUT", f"/ad-sets/{ad_set}/audience", {"data": data})

    def members(self, segment: str, identifier_type: str = "email") -> list[str]:
        """What a list really holds."""
        answer = self.http.get(f"/emulator/segments/{segment}/identifiers", params={"type": identifier_type})
        found: list[str] = answer.json()
        return found

    def fault(self, kind: str, **fields: object) -> None:
        """Script one fault."""
        answer = self.send("POST", "/emulator/faults", [{"kind": kind, **fields}])
        assert answer.status_code == 200, answer.text

    def advance(self, seconds: float) -> None:
        """Move the emulator's clock."""
        assert self.send("POST", "/emulator/clock", {"advance": seconds}).status_code == 200

    def set_clock(self, now: str) -> None:
        """Set the emulator's clock."""
        assert self.send("POST", "/emulator/clock", {"now": now}).status_code == 200

    def requests(self) -> list[dict[str, Any]]:
        """The emulator's log."""
        entries: list[dict[str, Any]] = self.http.get("/emulator/requests").json()
        return entries

    def close(self) -> None:
        """Close an emulator that is reached without a socket."""
        assert self.app is not None
        self.app.close()

    def authorize(self) -> None:
        """Get a token and use it from now on."""
        form = {"client_id": "app", "client_secret": "secret", "grant_type": "client_credentials"}
        token = self.http.post("/oauth2/token", data=form).json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"


def some_lists(caller: Caller, *names: str) -> Any:
    """The lists of these names as their creation shows them."""
    return caller.bulk("POST", "/audience-segments/create", *map(list_of, names)).json()["data"]


def statistics(caller: Caller, segment: str) -> dict[str, Any]:
    """What Criteo counts of a list."""
    found = caller.send("GET", f"/audience-segments/{segment}/contact-list/statistics").json()["data"]["attributes"]
    return dict(found)
