"""Authentication: one access token, fetched once, renewed before it ends and once more when Criteo denies it."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from threading import Lock

import httpx

from reconciler.criteo.endpoints import TOKEN, Effect
from reconciler.criteo.problems import error_of_grant
from reconciler.criteo.retry import NotSentError, UnansweredError, exchange, persist
from reconciler.errors import CriteoError
from reconciler.model.settings import Credentials, Secret

LIFETIME = 900.0
"""Seconds that a token lives when its answer does not say (Criteo's guide to authentication)."""

LONGEST_LIFETIME = 86_400.0
"""Seconds beyond which what an answer says of it makes no sense."""

HEAD_START = 150.0
"""Seconds before its end at which a token is no longer used: a call may wait a minute for its turn, and a minute for
its answer.
"""


_TOKEN = re.compile(r"[!-~]+")
"""What can stand behind `Bearer` in a header (RFC 6750, section 2.1)."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, hidden in `repr`, and how many seconds it lives."""

    secret: Secret
    lifetime: float

    @property
    def useful(self) -> float:
        """Seconds for which it is used; one that lives less than twice the head start is used for half its life."""
        return max(self.lifetime - HEAD_START, self.lifetime / 2)


class Tokens:
    """The token of one application, shared by all threads: one of them fetches it while the others wait."""

    def __init__(self, fetch: Callable[[], Token], *, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._token: Token | None = None
        self._until = 0.0

    def current(self) -> Token:
        """A token that is still good. Raises NotAuthorised, or CriteoError when none is to be had."""
        with self._lock:
            if self._token is None or self._clock() >= self._until:
                return self._renewed()
            return self._token

    def instead_of(self, denied: Token) -> Token:
        """Another token than one that Criteo has denied: a new one, unless another thread has just fetched it."""
        with self._lock:
            if self._token is None or self._token is denied:
                return self._renewed()
            return self._token

    def _renewed(self) -> Token:
        # The life of a token begins before its answer arrives.
        began = self._clock()
        self._token = self._fetch()
        self._until = began + self._token.useful
        return self._token


class Bearer(httpx.Auth):
    """Puts the token on every request, and repeats one that came back with 401 once, with another token.

    A 401 was not carried out, so repeating it is safe whatever the request does.
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The flow that httpx walks: it hands out requests and is handed their answers."""
        token = self._tokens.current()
        response = yield _with(request, token)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            yield _with(request, self._tokens.instead_of(token))


def token_fetcher(http: httpx.Client, credentials: Credentials) -> Callable[[], Token]:
    """How a token is asked for: Criteo's client-credentials grant, repeated while there is no answer.

    What it raises at the end is never an answer that was lost: the request that waits for the token was not sent.
    """

    def ask() -> Token:
        return _read(exchange(lambda: http.post(TOKEN.path(), data=_form(credentials))))

    def fetch() -> Token:
        try:
            return persist(ask, Effect.READ)
        except (NotSentError, UnansweredError) as error:
            detail = f"{error.summary} {error.detail} Its address is {str(http.base_url).rstrip('/')}."
            hint = "Check CRITEO_API_URL, the network and, where HTTPS_PROXY names one, the proxy; then run again."
            raise CriteoError("Criteo gives no access token.", detail, hint) from None

    return fetch


def _form(credentials: Credentials) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret.reveal(),
    }


def _with(request: httpx.Request, token: Token) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {token.secret.reveal()}"
    return request


def _read(response: httpx.Response) -> Token:
    answer = _object(response)
    if response.status_code != httpx.codes.OK:
        address = str(response.request.url.copy_with(raw_path=b"/")).rstrip("/")
        raise error_of_grant(response.status_code, answer.get("error"), address)
    secret, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(secret, str) or not _TOKEN.fullmatch(secret):
        raise UnansweredError("Criteo's answer makes no sense.", "There is no token in it.", "Run again.")
    return Token(Secret(secret), _lifetime(seconds))


def _lifetime(told: object) -> float:
    """Seconds; Criteo's usual ones for what makes no sense."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not 1 <= told <= LONGEST_LIFETIME:
        return LIFETIME
    return float(told)


def _object(response: httpx.Response) -> dict[str, object]:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else {}
