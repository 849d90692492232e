"""Put the rungs together: credentials and settings → a client."""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from reconciler import __version__
from reconciler.criteo.auth import Bearer, Tokens, token_fetcher
from reconciler.criteo.budget import Budget
from reconciler.criteo.calls import Caller
from reconciler.criteo.client import CriteoClient, LeaseCheck
from reconciler.criteo.notices import Notices
from reconciler.criteo.retry import log_repetitions_quietly
from reconciler.criteo.transport import Leased, Observed, Pooled, RateLimited, ReadOnly
from reconciler.errors import CriteoError
from reconciler.model.figures import Rate
from reconciler.model.settings import Credentials, Criteo

TIMEOUT = 60.0
"""Seconds without a byte after which an answer counts as lost."""

_TIMEOUTS = httpx.Timeout(TIMEOUT, connect=10.0)
_USER_AGENT = f"reconciler/{__version__}"


def connect(
    credentials: Credentials,
    settings: Criteo,
    advertiser: str,
    *,
    read_only: bool,
    lease_check: LeaseCheck | None = None,
    transport: httpx.BaseTransport | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> CriteoClient:
    """A client for one advertiser; nothing is sent yet. `clock` is monotonic, in seconds.

    With `read_only` every endpoint that is not on the list of those that read is refused, whatever its method.
    `lease_check` is called before every request that writes. `transport` stands in for the network. A second client of
    the same process comes from `CriteoClient.for_writing`, so that both keep to one rate. Raises CriteoError for an
    address that cannot be Criteo's, and for a proxy that can't be used.
    """
    _log_nothing_personal()
    url = _checked(credentials.api_url)
    observed = Observed(transport or Pooled(url))
    budget = Budget(settings.calls_per_minute, clock=clock, sleep=sleep)
    http = httpx.Client(transport=RateLimited(observed, budget), base_url=url, timeout=_TIMEOUTS, headers=_headers())
    connection = _Connection(
        url=url,
        version=settings.api_version,
        advertiser=advertiser,
        observed=observed,
        budget=budget,
        tokens=Tokens(token_fetcher(http, credentials), clock=clock),
        notices=Notices(settings.api_version),
    )
    return connection.client(read_only=read_only, lease_check=lease_check)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Connection:
    """What the clients of one application share: Criteo counts calls and gives tokens by the application."""

    url: httpx.URL
    version: str
    advertiser: str
    observed: Observed
    budget: Budget
    tokens: Tokens
    notices: Notices

    @property
    def skew(self) -> dt.timedelta | None:
        return self.observed.skew

    @property
    def rate(self) -> Rate | None:
        return self.observed.rate

    def sign_in(self) -> float:
        """Get a token that is still good; the answer is how many seconds it lives."""
        return self.tokens.current().lifetime

    def client(self, *, read_only: bool, lease_check: LeaseCheck | None) -> CriteoClient:
        """A client of its own rungs over what is shared."""
        leased = Leased(self.observed, lease_check) if lease_check else self.observed
        limited = RateLimited(leased, self.budget)
        http = httpx.Client(
            transport=ReadOnly(limited) if read_only else limited,
            base_url=self.url,
            auth=Bearer(self.tokens),
            timeout=_TIMEOUTS,
            headers=_headers(),
        )
        caller = Caller(http, version=self.version, notices=self.notices)
        return CriteoClient(caller, self, advertiser=self.advertiser)


def _headers() -> dict[str, str]:
    return {"User-Agent": _USER_AGENT, "Accept": "application/json"}


def _checked(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL()
    is_host = re.fullmatch(rb"[A-Za-z0-9._:-]+", url.raw_host)
    if url.scheme not in ("http", "https") or not is_host or url.userinfo or url.raw_path.strip(b"/"):
        raise CriteoError("CRITEO_API_URL is not the address of an API.", "", "Write it as https://api.criteo.com.")
    return url


def _log_nothing_personal() -> None:
    """Our own log says method, path, status and duration; the libraries below say more than that."""
    for library in ("httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.WARNING)
    log_repetitions_quietly()
