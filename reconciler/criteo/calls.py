"""One call to Criteo, from the request to a value of ours or an error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import httpx

from reconciler.criteo.endpoints import Effect, Endpoint
from reconciler.criteo.envelope import Body, Envelope, MalformedError, open_envelope, problems_of
from reconciler.criteo.notices import Notices
from reconciler.criteo.problems import CriteoProblem, error_of, logged
from reconciler.criteo.retry import UnansweredError, exchange, persist
from reconciler.criteo.transport import path_of
from reconciler.errors import CriteoError, OutcomeUnknown

T = TypeVar("T")

_log = logging.getLogger("reconciler.criteo")


class Caller:
    """Sends the calls of one API version through an httpx client, and repeats what may be repeated."""

    def __init__(self, http: httpx.Client, *, version: str, notices: Notices) -> None:
        self._http = http
        self._notices = notices
        self.version = version

    def call(
        self,
        endpoint: Endpoint,
        body: Body | None,
        read: Callable[[Envelope], T],
        *,
        params: Mapping[str, str | int] | None = None,
        **parts: str,
    ) -> T:
        """What `read` makes of the answer. A MalformedError of its is an answer that was lost.

        Raises NotAuthorised, Refused, OutcomeUnknown or another CriteoError; only OutcomeUnknown may have had an
        effect.
        """
        request = self._http.build_request(
            endpoint.method,
            endpoint.path(version=self.version, **parts),
            params=params,
            content=None if body is None else body.content,
            headers={"Content-Type": "application/json"},
        )
        try:
            return persist(lambda: self._attempt(endpoint, request, read), endpoint.effect)
        except OutcomeUnknown as error:
            raise told_nothing(error) if endpoint.effect is Effect.READ else error from None

    def _attempt(self, endpoint: Endpoint, request: httpx.Request, read: Callable[[Envelope], T]) -> T:
        response = exchange(lambda: _heard(self._http.send(request)))
        try:
            envelope = open_envelope(response, endpoint.right)
            _log_failures(response, envelope.problems)
            self._notices.hear(response.headers, envelope.problems if envelope.is_success else ())
            return read(envelope)
        except MalformedError as error:
            detail = f"HTTP {response.status_code}. {error}"
            raise UnansweredError("Criteo's answer makes no sense.", detail, "Run again.") from None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def accepted(read: Callable[[Envelope], T]) -> Callable[[Envelope], T]:
    """A reader for calls that succeed or fail as a whole."""

    def read_accepted(envelope: Envelope) -> T:
        failed = [problem for problem in envelope.problems if not problem.is_notice]
        if not envelope.is_success or (envelope.data is None and failed):
            raise error_of(envelope.problems, envelope.status, envelope.right)
        return read(envelope)

    return read_accepted


def told_nothing(error: OutcomeUnknown) -> CriteoError:
    """Of a call that reads, nothing can have happened that we do not know of: it was not told, that is all."""
    return CriteoError("Criteo does not tell it.", error.detail, "Run again.")


def _heard(response: httpx.Response) -> httpx.Response:
    """An answer that counts as none is not read any further, but for the log."""
    if response.is_server_error:
        _log_failures(response, problems_of(response))
    return response


def _log_failures(response: httpx.Response, problems: Iterable[CriteoProblem]) -> None:
    """What failed, in Criteo's own words without the details: those may quote what was sent."""
    request = response.request
    for problem in problems:
        if not problem.is_notice:
            _log.debug("%s %s: HTTP %d, %s", request.method, path_of(request), response.status_code, logged(problem))
