"""Who may call, and how often: access tokens and the rate limit."""

from __future__ import annotations

import json
import math
import secrets
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from threading import Lock
from typing import Literal

TOKEN_SECONDS = 900
"""Lifetime of a token (Criteo's authentication guide)."""

WINDOW_SECONDS = 60

Window = Literal["fixed", "sliding"]
"""Which minute calls are counted in: the clock's own, or the sixty seconds before each call."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How one application stands with its rate limit after a call."""

    limit: int
    remaining: int
    reset: int
    allowed: bool

    def headers(self) -> dict[str, str]:
        """Return the three headers of Criteo's rate limits; the reset is in epoch seconds."""
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(self.reset),
        }


class RateLimit:
    """At most `limit` calls in a minute of the clock for one application; 0 is no limit.

    Criteo does not say which minute: with a `fixed` window it is the clock's own, which begins anew for everybody at
    once, with a `sliding` one the sixty seconds before each call. A call that is refused is not counted.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = Lock()
        self._counted: dict[str, deque[float]] = {}

    def take(self, application: str, now: float, window: Window) -> Reading | None:
        """Count one call at `now`; `None` when there is no limit."""
        if not self.limit:
            return None
        with self._lock:
            counted = self._counted.setdefault(application, deque())
            # A clock that was set back must not keep what is still to come.
            while counted and not _begin(now, window) <= counted[0] <= now:
                counted.popleft()
            allowed = len(counted) < self.limit
            if allowed:
                counted.append(now)
            oldest, remaining = counted[0], self.limit - len(counted)
        return Reading(limit=self.limit, remaining=remaining, reset=_reset(oldest, now, window), allowed=allowed)


class BadTokenError(Exception):
    """A bearer token that does not open the door; `code` is the code of Criteo's problem."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What a client must show; `None` accepts anything."""

    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)

    def accept(self, client_id: str, client_secret: str) -> bool:
        """Tell whether these credentials are right."""
        return _same(self.client_id, client_id) and _same(self.client_secret, client_secret)


class Tokens:
    """The tokens given out by this process, and the application each belongs to."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._issued: dict[str, tuple[str, float]] = {}

    def issue(self, application: str, now: float, lives: float = TOKEN_SECONDS) -> str:
        """Give out a new token that lives so many seconds; earlier ones stay good."""
        claims = {"exp": int(now + TOKEN_SECONDS), "jti": secrets.token_hex(16)}
        parts = (_encode({"alg": "HS256", "typ": "JWT"}), _encode(claims), secrets.token_urlsafe(32))
        token = ".".join(parts)
        with self._lock:
            self._issued[token] = (application, now + lives)
        return token

    def application(self, authorization: str, now: float) -> str:
        """Return the application behind an `Authorization` header.

        Raises `BadTokenError` with the code that Criteo gives a missing, unknown or expired token.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise BadTokenError("authorization-token-missing")
        application, ends = self._issued.get(token, (None, 0.0))
        if application is None:
            raise BadTokenError("authorization-token-invalid")
        if now >= ends:
            raise BadTokenError("authorization-token-expired")
        return application

    def expire(self, authorization: str) -> None:
        """End the life of the token in an `Authorization` header."""
        token = authorization.partition(" ")[2]
        with self._lock:
            if token in self._issued:
                self._issued[token] = (self._issued[token][0], 0.0)


def _same(wanted: str | None, given: str) -> bool:
    return wanted is None or compare_digest(wanted.encode(), given.encode())


def _encode(part: Mapping[str, object]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _begin(now: float, window: Window) -> float:
    """The first instant whose calls count at `now`."""
    if window == "fixed":
        return now - now % WINDOW_SECONDS
    return math.nextafter(now - WINDOW_SECONDS, math.inf)


def _reset(oldest: float, now: float, window: Window) -> int:
    """The first full second at which the oldest call counts no more."""
    return math.ceil((_begin(now, window) if window == "fixed" else oldest) + WINDOW_SECONDS)
