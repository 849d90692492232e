"""The token endpoint, which speaks OAuth and not the envelope (Criteo's authentication guide)."""

from __future__ import annotations

from urllib.parse import parse_qs

from reconciler.emulator.access import TOKEN_SECONDS, Credentials, Tokens
from reconciler.emulator.incoming import Incoming
from reconciler.emulator.responses import Answer, Problem, RefusedError, failure, oauth_failure
from reconciler.emulator.switches import Switches

_GRANTS = ("client_credentials", "authorization_code", "refresh_token")
"""What Criteo grants tokens for; nobody gives codes here, so the latter two are known and never good."""

FORM = "application/x-www-form-urlencoded"


def application(raw: bytes) -> str:
    """Return the application that a token request names; calls without one are counted together."""
    return _form(raw).get("client_id", "")


def grant(incoming: Incoming, credentials: Credentials, tokens: Tokens, now: float, switches: Switches) -> Answer:
    """Answer a token request of the client-credentials flow."""
    if incoming.refused:
        return oauth_failure("invalid_request", incoming.refused.problem.detail, incoming.refused.status)
    if incoming.media_type != FORM:
        return oauth_failure("invalid_request", f"The Content-Type must be {FORM}")
    form = _form(incoming.raw)
    if "grant_type" not in form:
        return oauth_failure("invalid_request", "The grant type is missing")
    if form["grant_type"] not in _GRANTS:
        return oauth_failure("unsupported_grant_type", f"The grant type must be one of {', '.join(_GRANTS)}")
    if "client_id" not in form or "client_secret" not in form:
        return oauth_failure("invalid_request", "The client id or the client secret is missing")
    if not credentials.accept(form["client_id"], form["client_secret"]):
        return _not_accepted(incoming, switches)
    if form["grant_type"] != _GRANTS[0]:
        return oauth_failure("invalid_grant", "No advertiser has given this code or refresh token")
    body = {
        "access_token": tokens.issue(form["client_id"], now, TOKEN_SECONDS + switches.token_drift),
        "token_type": "Bearer",
        "refresh_token": None,
        "expires_in": TOKEN_SECONDS,
    }
    return Answer(body=body)


def _not_accepted(incoming: Incoming, switches: Switches) -> Answer:
    """Refuse an id or a secret that is wrong."""
    detail = "The client id or the client secret is wrong"
    if switches.credentials_error != "envelope":
        return oauth_failure(switches.credentials_error, detail, switches.wrong_credentials)
    problem = Problem(code="authorization-unknown", title="Unauthorized", detail=detail, type="authentication")
    return failure(RefusedError(problem, switches.wrong_credentials), incoming.path)


def _form(raw: bytes) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(raw.decode(errors="replace")).items()}
