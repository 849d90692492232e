"""Take a request apart before the world is locked: route, body, identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request

from reconciler.emulator.bodies import read_body
from reconciler.emulator.raw_body import read_bytes
from reconciler.emulator.responses import Family, Problem, RefusedError
from reconciler.emulator.routes import TOKEN_OPERATION, TOKEN_PATH, Route, family, find
from reconciler.emulator.switches import Switches


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """A request as far as it can be understood without the world.

    `refused` is what is wrong with its path or body. `raw` is kept for the token endpoint alone.
    """

    method: str
    path: str
    query: Mapping[str, str]
    media_type: str
    authorization: str = field(repr=False)
    raw: bytes = field(default=b"", repr=False)
    route: Route | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default=None, repr=False)
    refused: RefusedError | None = None

    @property
    def is_token_request(self) -> bool:
        """Whether this goes to the token endpoint."""
        return self.path == TOKEN_PATH and self.method == "POST"

    @property
    def operation(self) -> str | None:
        """Criteo's operation id, or `None` when there is no such operation."""
        if self.is_token_request:
            return TOKEN_OPERATION
        return self.route.operation if self.route else None

    @property
    def family(self) -> Family:
        """Which shape problems have."""
        return family(self.method, self.path)


def receive(request: Request, switches: Switches) -> Incoming:
    """Read a request to the end of its body, so that its connection can carry the next one."""
    head: dict[str, Any] = {
        "method": request.method,
        "path": request.path,
        "query": request.args.to_dict(),
        "media_type": request.mimetype,
        "authorization": request.headers.get("Authorization", ""),
    }
    raw, too_large = _raw(request, switches.largest_body)
    if Incoming(**head).is_token_request:
        return Incoming(**head, raw=raw, refused=too_large)
    try:
        route, arguments = find(request.method, request.path)
    except RefusedError as refused:
        return Incoming(**head, refused=refused)
    if too_large:
        return Incoming(**head, route=route, arguments=arguments, refused=too_large)
    return Incoming(**head, route=route, arguments=arguments, **_body(route, head["media_type"], raw, switches))


def _raw(request: Request, largest: int) -> tuple[bytes, RefusedError | None]:
    try:
        return read_bytes(request, largest), None
    except RefusedError as refused:
        return b"", refused


def _body(route: Route, media_type: str, raw: bytes, switches: Switches) -> dict[str, Any]:
    """Return what the body came to: `body`, checked, or `refused`."""
    if route.body == "none" or (route.body == "optional" and not raw):
        return {}
    try:
        _check_media_type(media_type)
        return {"body": read_body(route.operation, raw, switches)}
    except RefusedError as refused:
        return {"refused": refused}


def _check_media_type(media_type: str) -> None:
    if media_type != "application/json":
        problem = Problem(
            code="invalid",
            title="Unsupported media type",
            detail="The Content-Type must be application/json",
        )
        raise RefusedError(problem, 415)
