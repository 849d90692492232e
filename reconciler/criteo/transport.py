"""The rungs between client and network, one worry each.

From the top: ReadOnly refuses writes, RateLimited keeps to the rate, Leased holds the lease, Observed watches, Pooled
sends.
"""

from __future__ import annotations

import datetime as dt
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import httpx

from reconciler.criteo.budget import Budget
from reconciler.criteo.endpoints import only_reads
from reconciler.criteo.rate import server_time
from reconciler.errors import CriteoError, ReconcilerError
from reconciler.model.figures import Rate

_log = logging.getLogger("reconciler.criteo")

LOOPBACK = ("localhost", "127.0.0.1", "::1")

FALLBACK_WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0)
"""Seconds after each 429 in a row that does not tell its reset, doubling as Criteo advises; then we give up. The second
and later ones wait so long at least, whatever they tell.
"""


class WriteRefusedError(ReconcilerError):
    """A bug of ours: something tried to change Criteo where only reading is allowed. Nothing was sent."""


class Rung(httpx.BaseTransport):
    """A transport on top of another."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def close(self) -> None:
        """Close what is below."""
        self._inner.close()


class ReadOnly(Rung):
    """Refuses every request that is not on the list of those that read, whatever its method."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises WriteRefusedError before anything is sent."""
        if not only_reads(request.method, path_of(request)):
            what = f"{request.method} {path_of(request)}"
            raise WriteRefusedError(
                f"While planning, {what} is refused.", "", "This is a bug of reconciler: report it."
            )
        return self._inner.handle_request(request)


class RateLimited(Rung):
    """Lets a request begin when its turn comes, and repeats one that Criteo answers with 429.

    A 429 was not carried out (Criteo's guide to rate limits), so repeating it is safe whatever the request does.
    """

    def __init__(self, inner: httpx.BaseTransport, budget: Budget) -> None:
        super().__init__(inner)
        self._budget = budget

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The first answer that is no 429, or the last 429 of several in a row."""
        for refusals, otherwise in enumerate(FALLBACK_WAITS):
            response = self._send(request)
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return response
            with suppress(httpx.TransportError):
                response.read()
            self._budget.refused(_of_app(request, response), otherwise, again=refusals > 0)
        return self._send(request)

    def _send(self, request: httpx.Request) -> httpx.Response:
        began = self._budget.begin()
        try:
            response = self._inner.handle_request(request)
        except BaseException:
            self._budget.lost()
            raise
        self._budget.answered(began, _of_app(request, response))
        return response


class Leased(Rung):
    """Makes sure that we still may write, just before every request that does."""

    def __init__(self, inner: httpx.BaseTransport, check: Callable[[], None]) -> None:
        super().__init__(inner)
        self._check = check

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises what the check raises, before anything is sent."""
        if not only_reads(request.method, path_of(request)):
            self._check()
        return self._inner.handle_request(request)


class Observed(Rung):
    """Logs method, path, status, duration and how many calls are left, nothing else.

    It keeps how far the machine's clock is off Criteo's, and what Criteo told last of its rate limit.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        super().__init__(inner)
        self.skew: dt.timedelta | None = None
        self.rate: Rate | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer as it is."""
        began = time.monotonic()
        outcome, left = "no answer", ""
        try:
            response = self._inner.handle_request(request)
            rate = _rate(response.headers)
            outcome, left = str(response.status_code), f", {rate.left} calls left" if rate else ""
        finally:
            took = 1000 * (time.monotonic() - began)
            _log.debug("%s %s %s %.0f ms%s", request.method, path_of(request), outcome, took, left)
        self.rate = _rate(_of_app(request, response)) or self.rate
        date = server_time(response.headers)
        self.skew = self.skew if date is None else dt.datetime.now(dt.UTC) - date
        return response


class Pooled(httpx.BaseTransport):
    """The network: pooled connections, through the proxy that the machine is set up for, if any."""

    def __init__(self, url: httpx.URL) -> None:
        # No proxy reaches the loopback interface of this machine.
        self._http = _opened(trust_env=url.host not in LOOPBACK, verify=_authorities(url))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx's errors."""
        return self._http.send(request, stream=True)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def _opened(*, trust_env: bool, verify: ssl.SSLContext | bool) -> httpx.Client:
    """Raises CriteoError for a proxy that httpx can't use. Its words are left out: they may hold a password."""
    try:
        return httpx.Client(trust_env=trust_env, verify=verify)
    except (ImportError, ValueError, httpx.InvalidURL):
        detail = "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names something else than an HTTP proxy."
        hint = "Write it as http://proxy.example.com:3128, or name Criteo's host in NO_PROXY to do without."
        raise CriteoError("The proxy of this machine can't be used.", detail, hint) from None


def _authorities(url: httpx.URL) -> ssl.SSLContext | bool:
    """Who is trusted: nobody where nothing is encrypted, since reading the usual list takes longer than a call."""
    is_plain = url.scheme == "http" and url.host in LOOPBACK
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if is_plain else True


def path_of(request: httpx.Request) -> str:
    """The path as it is sent, without what stands behind a question mark."""
    return request.url.raw_path.partition(b"?")[0].decode("ascii")


def _of_app(request: httpx.Request, response: httpx.Response) -> Mapping[str, str]:
    """The headers, without a rate that is not the app's: sizes may have a limit of their own (Criteo's rate limits)."""
    if not path_of(request).endswith(("/compute-sizes", "/estimate-size")):
        return response.headers
    return {name: value for name, value in response.headers.items() if not name.startswith("x-ratelimit-")}


def _rate(headers: Mapping[str, str]) -> Rate | None:
    """What an answer tells of the rate limit, if it tells anything."""
    limit, left = (headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remaining"))
    if not left.isdecimal():
        return None
    return Rate(limit=int(limit[:9]) if limit.isdecimal() else None, left=int(left[:9]))
