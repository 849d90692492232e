"""A pretend Criteo for each of the two variants of a case."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pytest

from reconciler.emulator import Emulator, create_app, serve
from tests.cli.commandline import CREDENTIALS, Criteo
from tests.switches.positions import needed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NewCriteo = Callable[[], Criteo]


class Fussy:
    """An emulator that calls four of five identifiers invalid, however well they are formed: only Criteo knows why."""

    def __init__(self, app: Emulator) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "PATCH":
            return self._app(environ, start_response)
        raw = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = BytesIO(raw)
        sent = json.loads(raw)["data"]["attributes"]["identifiers"]
        body = json.loads(b"".join(self._app(environ, lambda *_: lambda _: None)))
        attributes = body["data"]["attributes"]
        attributes["nbInvalidIdentifiers"] = len(sent) * 4 // 5
        answer = json.dumps(body).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))]
        start_response("200 OK", headers)
        return [answer]

    def stop_waiting(self) -> None:
        self._app.stop_waiting()

    def close(self) -> None:
        self._app.close()


@pytest.fixture
def new_criteo(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[NewCriteo]:
    """Start an empty emulator and point the environment to it."""
    monkeypatch.delenv("CI", raising=False)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:

        def new() -> Criteo:
            app = create_app(rate_limit=0, switches=needed(request))
            is_fussy = "max_invalid" in request.node.name
            server = stack.enter_context(serve(Fussy(app) if is_fussy else app))  # type: ignore[arg-type]
            monkeypatch.setenv("CRITEO_API_URL", server.url)
            return Criteo(url=server.url, http=stack.enter_context(httpx.Client(base_url=server.url, verify=False)))

        yield new
