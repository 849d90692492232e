"""What may be repeated when Criteo does not answer, and what that leaves unknown. The waits are stamina's."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable
from typing import TypeVar

import httpx
import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from reconciler.criteo.endpoints import Effect
from reconciler.criteo.rate import retry_after
from reconciler.errors import CriteoError, OutcomeUnknown

T = TypeVar("T")

_log = logging.getLogger(__name__)

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


_CAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "The name of its host is not known here (DNS)."),
    (ConnectionRefusedError, "The connection was refused: nothing listens there."),
    (ssl.SSLCertVerificationError, "Its certificate is not trusted here."),
    (ssl.SSLError, "It does not speak TLS as this machine does."),
    (httpx.ProxyError, "The proxy of this machine does not let it through."),
    (httpx.ConnectTimeout, "There was no connection within 10 seconds."),
)


class NotSentError(CriteoError):
    """There was no connection: nothing reached Criteo, so the call had no effect."""


class UnansweredError(CriteoError):
    """The answer was lost, a 5xx or unreadable: Criteo may have carried the call out.

    `wait` is how many seconds it asked to wait, if it did.
    """

    def __init__(self, summary: str, detail: str = "", hint: str = "", *, wait: float | None = None) -> None:
        super().__init__(summary, detail, hint)
        self.wait = wait


FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0

persistent = stamina.RetryingCaller(
    attempts=6, timeout=None, wait_initial=FIRST_WAIT, wait_max=LONGEST_WAIT, wait_jitter=0.5
)
"""Half a second, then doubling, sixteen seconds in all: Criteo advises exponential back-off (its guide to rate limits).
Every repetition takes its turn in the rate budget like any other call.
"""


def exchange(send: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer to one request: where httpx's errors end and ours begin.

    Raises NotSentError or UnansweredError. What httpx says is left out, and so is its exception: it holds the request.
    """
    try:
        response = send()
    except _NEVER_SENT as error:
        raise NotSentError(
            "Criteo cannot be reached.", _described(error), "Check the network, then run again."
        ) from None
    except httpx.RequestError as error:
        raise UnansweredError("Criteo did not answer.", _described(error), "Run again.") from None
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or response.status_code == httpx.codes.REQUEST_TIMEOUT:
        wait = retry_after(response.headers)
        raise UnansweredError("Criteo did not answer.", f"HTTP {response.status_code}.", "Run again.", wait=wait)
    return response


def persist(attempt: Callable[[], T], effect: Effect) -> T:
    """What `attempt` answers, repeated as far as the effect of the call allows.

    Once an answer to a write was lost, nothing but success settles it: whatever else comes is OutcomeUnknown.
    """
    unanswered: list[Exception] = []

    def may_be_repeated(error: Exception) -> bool | float:
        if isinstance(error, UnansweredError):
            unanswered.append(error)
            return effect is not Effect.CREATE and _wait(error)
        return isinstance(error, NotSentError)

    try:
        return persistent(may_be_repeated, attempt)
    except CriteoError as error:
        if effect is Effect.READ or not unanswered:
            raise
        raise OutcomeUnknown(
            "Criteo may or may not have done it.", _told(error), "Run again: it is looked up."
        ) from None


def log_repetitions_quietly() -> None:
    """Let stamina tell of repetitions at DEBUG, through our own logger, instead of as warnings."""
    set_on_retry_hooks([_log_repetition])


def _log_repetition(details: RetryDetails) -> None:
    _log.debug("repetition %d in %.1f s: %s", details.retry_num, details.wait_for, type(details.caused_by).__name__)


def _wait(error: UnansweredError) -> bool | float:
    """Seconds to the repetition where Criteo asked for some, else True, which leaves them to the ladder."""
    return True if error.wait is None else min(max(error.wait, FIRST_WAIT), LONGEST_WAIT)


def _described(error: httpx.RequestError) -> str:
    """The kind of failure, and where the system tells of a better word: that. Its own text may hold the address."""
    cause: BaseException | None = error
    while cause is not None:
        for kind, words in _CAUSES:
            if isinstance(cause, kind):
                return words
        cause = cause.__cause__ or cause.__context__
    return f"{type(error).__name__}."


def _told(error: CriteoError) -> str:
    return " ".join(part for part in (error.summary, error.detail) if part)
