"""The last step: an answer becomes bytes, or the connection breaks."""

from __future__ import annotations

import json
import math
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING

from reconciler.emulator.access import Reading
from reconciler.emulator.faults import Mishap
from reconciler.emulator.incoming import Incoming
from reconciler.emulator.raw_body import BROKEN
from reconciler.emulator.responses import Answer, Problem, RefusedError, failure, oauth_failure

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DEFAULT_LIMIT = 250
"""Calls in a minute that a client-credentials application may make (Criteo's rate limits)."""

_NOT_JSON = b"<html><body>Service interrupted</body></html>"
_WRONG_SHAPE = b'{"data":"unexpected"}'
_TITLES = {
    401: ("authorization-token-expired", "authorization"),
    403: ("insufficient-advertiser-permissions", "authorization"),
    429: ("too-many-requests", "quota"),
}


class ConnectionClosedError(ConnectionError):
    """The emulator closed the connection on purpose."""


def send(
    environ: WSGIEnvironment, start_response: StartResponse, answer: Answer, now: float, reply: object
) -> Iterable[bytes]:
    """Start the response and return its body; `reply` is how a mishap wants it to look.

    Raises `ConnectionClosedError`, with the socket closed, where the client is to see no answer.
    """
    if reply == "close":
        _break(environ)
        raise ConnectionClosedError("closed before the answer")
    body = _encode(answer, reply)
    headers = [("Date", formatdate(now, usegmt=True)), *answer.headers.items()]
    if environ.get(BROKEN):
        headers.append(("Connection", "close"))
    if body:
        headers.append(("Content-Type", "text/html" if answer.page else "application/json; charset=utf-8"))
    if answer.status != HTTPStatus.NO_CONTENT:  # without a length, an empty body would last as long as the connection
        headers.append(("Content-Length", str(len(body))))
    start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        return []
    return _half(environ, body) if reply == "truncated" else [body]


def mishap_answer(mishap: Mishap, now: float, limit: int, incoming: Incoming) -> Answer:
    """Return the answer of a fault that shows a status; a 429 says when to come back."""
    status = mishap.reply if isinstance(mishap.reply, int) else 200
    answer = _token_failure(status) if incoming.is_token_request else _failure(status, incoming)
    if status != HTTPStatus.TOO_MANY_REQUESTS:
        return answer
    reset = math.ceil(now + mishap.seconds)
    reading = Reading(limit=limit or DEFAULT_LIMIT, remaining=0, reset=reset, allowed=False)
    return replace(answer, headers=reading.headers())


def _token_failure(status: int) -> Answer:
    """Answer as OAuth does, which the token endpoint uses instead of Criteo's envelope."""
    error = "invalid_client" if status < HTTPStatus.TOO_MANY_REQUESTS else "temporarily_unavailable"
    return oauth_failure(error, f"A scripted {status}", status)


def _failure(status: int, incoming: Incoming) -> Answer:
    code, kind = _TITLES.get(status, ("internal-error", "availability"))
    problem = Problem(code=code, title=HTTPStatus(status).phrase, detail=f"A scripted {status}", type=kind)
    return failure(RefusedError(problem, status), incoming.path, incoming.family)


def _encode(answer: Answer, reply: object) -> bytes:
    if answer.page or reply == "wrong_json":
        return _NOT_JSON
    if reply == "wrong_shape":
        return _WRONG_SHAPE
    if answer.body is None:
        return b""
    return json.dumps(answer.body, separators=(",", ":")).encode()


def _half(environ: WSGIEnvironment, body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    _break(environ)
    raise ConnectionClosedError("closed in the middle of the answer")


def _break(environ: WSGIEnvironment) -> None:
    """End the connection under the request, where there is one."""
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
