"""What a client sends, as it is on the wire."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from reconciler.emulator import Emulator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@dataclass(frozen=True, kw_only=True, slots=True)
class Wire:
    """One request but for its host; `path` begins behind the version."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Recording:
    """An emulator that remembers what it was asked, but for tokens and its own operations."""

    app: Emulator
    tokens: list[Wire] = field(default_factory=list)
    requests: list[Wire] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        path = environ["PATH_INFO"]
        if path.startswith("/oauth2"):
            self.tokens.append(_wire(environ, path, sorted(parse_qsl(body.decode()))))
        elif not path.startswith("/emulator"):
            self.requests.append(_wire(environ, path, json.loads(body) if body else None))
        return self.app(environ, start_response)

    def stop_waiting(self) -> None:
        """As the emulator does."""
        self.app.stop_waiting()

    def close(self) -> None:
        """As the emulator does."""
        self.app.close()


def _wire(environ: WSGIEnvironment, path: str, body: Any) -> Wire:
    return Wire(
        method=environ["REQUEST_METHOD"],
        path=re.sub(r"^/\d{4}-\d{2}", "", path),
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""))),
        headers={
            "Content-Type": environ.get("CONTENT_TYPE", ""),
            "Accept": environ.get("HTTP_ACCEPT", ""),
            "User-Agent": environ.get("HTTP_USER_AGENT", "").partition("/")[0],
            "Authorization": environ.get("HTTP_AUTHORIZATION", "").partition(" ")[0],
        },
        body=body,
    )
