"""Between our client and the emulator: every request that comes from the client is checked, and every answer.

It is put around the emulator itself, so it is there whether a test reaches it through a transport, over a socket or
from another process. A test that answers the client in the emulator's place has the client's requests checked too.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import httpx

from reconciler.emulator import Emulator
from tests.contract.checks import Answered, Sent, wrong_answer, wrong_request
from tests.contract.document import nearly
from tests.contract.ledger import LEDGER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

OURS = "reconciler/"
"""How the User-Agent of our client begins."""

BROKEN_ON_PURPOSE = frozenset({"truncated", "wrong_json", "wrong_shape"})
"""What a fault makes of an answer that is meant to be nonsense."""

NOWHERE = "no operation"

on_purpose = LEDGER.aside
"""A block in which our client is made to send what it never would: nothing that is found in it fails the test."""

App = Callable[..., Iterable[bytes]]


def install() -> None:
    """Check from now on, in this process."""
    if not hasattr(Emulator.__call__, "__wrapped__"):
        Emulator.__call__ = checking(Emulator.__call__)  # type: ignore[method-assign]
        httpx.MockTransport.handle_request = _checking_mock(httpx.MockTransport.handle_request)  # type: ignore[method-assign]


def checking(inner: App) -> App:
    """Put the checks around the emulator's call."""

    def call(emulator: Emulator, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/emulator") and not _is_ours(environ.get("HTTP_USER_AGENT", "")):
            return inner(emulator, environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD" or not environ.get("CONTENT_LENGTH", "0").isdecimal():
            return inner(emulator, environ, start_response)  # no answer with a body, or no request
        sent = _sent(environ)
        if _is_ours(sent.headers.get("user-agent", "")) and _is_whole(sent):
            _check_request(sent)
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            started[:] = status, headers
            return start_response(status, headers, *more)

        parts = inner(emulator, environ, start)
        if _is_broken(environ) or _is_beyond(emulator):
            return parts
        return _check_answer(sent, started, parts, bare=_may_be_bare(emulator, started[0]))

    call.__wrapped__ = inner  # type: ignore[attr-defined]
    return call


def _checking_mock(inner: Callable[..., httpx.Response]) -> Callable[..., httpx.Response]:
    def handle_request(transport: httpx.MockTransport, request: httpx.Request) -> httpx.Response:
        if _is_ours(request.headers.get("User-Agent", "")):
            headers = {name.lower(): value for name, value in request.headers.items()}
            url = request.url
            _check_request(
                Sent(
                    method=request.method,
                    path=url.path,
                    query=url.query.decode(),
                    headers=headers,
                    body=request.read(),
                )
            )
        return inner(transport, request)

    return handle_request


def _check_request(sent: Sent) -> None:
    operation = sent.operation
    LEDGER.checked("request", operation.name if operation else NOWHERE, wrong_request(sent))


def _check_answer(sent: Sent, started: list[Any], parts: Iterable[bytes], *, bare: bool) -> list[bytes]:
    body = b"".join(parts)
    status, headers = started
    if bare:
        return [body]
    answered = Answered(
        status=int(status.split()[0]), headers={name.lower(): value for name, value in headers}, body=body
    )
    operation = nearly(sent.method, sent.path)
    LEDGER.checked("answer", operation.name if operation else NOWHERE, wrong_answer(operation, answered))
    return [body]


def _is_ours(agent: str) -> bool:
    return agent.startswith(OURS)


def _is_whole(sent: Sent) -> bool:
    """Whether its sender lived to the end of its body."""
    return len(sent.body) == int(sent.headers.get("content-length", 0))


def _is_broken(environ: WSGIEnvironment) -> bool:
    """Whether the emulator itself says that this answer is nonsense on purpose."""
    return environ.get("emulator.reply") in BROKEN_ON_PURPOSE


def _is_beyond(emulator: object) -> bool:
    """Whether the emulator has segments of a type that Criteo's schemas lack, by its switch."""
    return isinstance(emulator, Emulator) and emulator._api.switches.filter_based == "on"


def _may_be_bare(emulator: object, status: str) -> bool:
    """Whether the emulator turns calls away without Criteo's envelope, by its switches."""
    if not isinstance(emulator, Emulator):
        return False
    switches = emulator._api.switches
    unlike = {"429": switches.too_many_calls != "problem", "401": switches.unauthorized == "empty"}
    return unlike.get(status[:3], False) or (status[0] == "4" and switches.credentials_error == "envelope")


def _sent(environ: WSGIEnvironment) -> Sent:
    """Read a request, and put its body back for the emulator."""
    body = b""
    if environ.get("CONTENT_LENGTH"):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
    return Sent(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        query=environ.get("QUERY_STRING", ""),
        headers=dict(_headers(environ)),
        body=body,
    )


def _headers(environ: WSGIEnvironment) -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").lower(), value
        elif name in ("CONTENT_TYPE", "CONTENT_LENGTH") and value:
            yield name.replace("_", "-").lower(), value
