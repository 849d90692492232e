"""One call to Criteo, from the request to a value of ours or an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import httpx

from reconciler.criteo.endpoints import Effect, Endpoint
from reconciler.criteo.envelope import Body, Envelope, MalformedError, open_envelope
from reconciler.criteo.problems import error_of
from reconciler.criteo.retry import UnansweredError, exchange, persist
from reconciler.errors import CriteoError, OutcomeUnknown

T = TypeVar("T")


class Caller:
    """Sends the calls of one API version through an httpx client, and repeats what may be repeated."""

    def __init__(self, http: httpx.Client, *, version: str) -> None:
        self._http = http
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
        response = exchange(lambda: self._http.send(request))
        try:
            return read(open_envelope(response, endpoint.right))
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
