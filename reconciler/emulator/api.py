"""Criteo as it should behave: token, rate, version and body are checked, then a handler answers."""

from __future__ import annotations

from dataclasses import replace

from reconciler.emulator import oauth
from reconciler.emulator.access import BadTokenError, Credentials, RateLimit, Tokens
from reconciler.emulator.calls import Call, Touched
from reconciler.emulator.incoming import Incoming
from reconciler.emulator.responses import Answer, Problem, RefusedError, failure, oauth_failure
from reconciler.emulator.rights import Rights
from reconciler.emulator.routes import Route, check_version
from reconciler.emulator.shapes import ending_headers, shaped
from reconciler.emulator.store import Commit, Store
from reconciler.emulator.switches import FailedItems, Switches

_OF_SIZES = ("Compute", "Estimate")
"""How the names of the operations begin that tell sizes."""


class Api:
    """Criteo's operations on one store; `switches` may change while it runs."""

    def __init__(
        self, store: Store, credentials: Credentials, rate_limit: RateLimit, switches: Switches, rights: Rights
    ) -> None:
        self.store = store
        self.tokens = Tokens()
        self.rate_limit = rate_limit
        self._credentials = credentials
        self.switches = switches
        self._rights = rights
        self._sizes_limit = RateLimit(0)

    def perform(
        self,
        incoming: Incoming,
        touched: Touched,
        *,
        commit: Commit | None = None,
        failed_items: FailedItems | None = None,
    ) -> Answer:
        """Carry out one request and answer it.

        `commit` stands in for the store's own, `failed_items` for the switch of that name. The ids
        that the request names are put into `touched`.
        """
        with self.store.lock:
            now = self.store.settle()
            if incoming.is_token_request:
                return self._grant(incoming, now)
            shape = failed_items or self.switches.failed_items
            return self._answer(incoming, touched, now, commit or self.store.commit, shape)

    def _grant(self, incoming: Incoming, now: float) -> Answer:
        """Answer a token request; whether it counts as a call is a switch."""
        headers: dict[str, str] = {}
        try:
            if self.switches.rate_counts == "calls_and_tokens":
                self._count(oauth.application(incoming.raw), now, headers, self.rate_limit)
            answer = oauth.grant(incoming, self._credentials, self.tokens, now, self.switches)
        except RefusedError as refused:
            answer = oauth_failure("too_many_requests", refused.problem.detail, refused.status)
        return replace(answer, headers=headers)

    def _answer(
        self,
        incoming: Incoming,
        touched: Touched,
        now: float,
        commit: Commit,
        failed_items: FailedItems,
    ) -> Answer:
        headers: dict[str, str] = {}
        try:
            route = _route(incoming)
            self._count(self._application(incoming, now), now, headers, self._limit_of(route.operation))
            version = check_version(
                incoming.arguments["version"], route, self.switches.other_versions, self._rights.without
            )
            headers.update(ending_headers(version, self.switches))
            call = Call(
                path=incoming.path,
                version=version,
                arguments=incoming.arguments,
                query=incoming.query,
                body=_body(incoming),
                world=self.store.world,
                now=now,
                commit=commit,
                switches=self.switches,
                failed_items=failed_items,
                touched=touched,
            )
            answer = self._rights.stand_in(route.operation, self.switches.no_permission) or route.handler(call)
        except RefusedError as refused:
            answer = failure(refused, incoming.path, incoming.family)
        answer = shaped(answer, self.switches, incoming.family)
        return replace(answer, headers={**answer.headers, **headers})

    def _application(self, incoming: Incoming, now: float) -> str:
        """Return the application that calls; raises `RefusedError` with 401."""
        try:
            return self.tokens.application(incoming.authorization, now)
        except BadTokenError as bad:
            problem = Problem(
                code=bad.code if self.switches.unauthorized == "precise" else "authorization-unknown",
                title="Unauthorized",
                detail="The access token is missing, unknown or expired",
                type="authorization",
            )
            raise RefusedError(problem, 401) from None

    def _limit_of(self, operation: str) -> RateLimit:
        """Return the limit that an operation counts against: those of sizes may have one of their own."""
        if not self.switches.sizes_rate or not operation.startswith(_OF_SIZES):
            return self.rate_limit
        self._sizes_limit.limit = self.switches.sizes_rate
        return self._sizes_limit

    def _count(self, application: str, now: float, headers: dict[str, str], limit: RateLimit) -> None:
        """Count one call and put the rate's headers into `headers`.

        Raises `RefusedError` with 429 when the limit is used up.
        """
        reading = limit.take(application, now, self.switches.rate_window)
        if reading is None:
            return
        if not reading.allowed or self.switches.rate_headers == "always":
            headers.update(reading.headers())
        if not reading.allowed:
            problem = Problem(
                code="too-many-requests",
                title="Too many requests",
                detail=f"More than {reading.limit} calls in a minute",
                type="quota",
            )
            raise RefusedError(problem, 429)


def _route(incoming: Incoming) -> Route:
    """Return the operation; raises `RefusedError` where there is none."""
    if incoming.route is None:
        raise incoming.refused or RuntimeError("a request without a route was not refused")
    return incoming.route


def _body(incoming: Incoming) -> object:
    """Return the checked body; raises `RefusedError` where it was found wrong."""
    if incoming.refused:
        raise incoming.refused
    return incoming.body
