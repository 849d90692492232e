"""Every code and status that Criteo documents, and what we make of it: one table.

Codes are from Criteo's audience API 2026-07, its guides to authentication, to error types and to bulk operations, and
its code lists for sister APIs; those of the token endpoint from OAuth (RFC 6749, section 5.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum


class Fate(IntEnum):
    """What became of what was asked; where several problems are told of one thing, the highest counts.

    =======  ==============================================================
    NOTICE   nothing failed, something is announced
    REFUSED  nothing happened
    DENIED   nothing happened, and nothing will until somebody gives a right
    UNKNOWN  it may have happened
    =======  ==============================================================
    """

    NOTICE = 0
    REFUSED = 1
    DENIED = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """What happened, in fixed words, and what to do next.

    `vague` marks a code of which the HTTP status says more, `of_rights` that a right or a consent may be missing,
    `too_much` that it may pass in parts.
    """

    fate: Fate
    summary: str
    hint: str
    vague: bool = False
    of_rights: bool = False
    too_much: bool = False


_OURS = (
    "Where it is about something that the YAML says, change that. Else it is a mistake of reconciler, or Criteo "
    "has changed its API: look for a newer version of reconciler, or report it with the line that `--debug` logs."
)
_GONE = "Somebody may have deleted it there: run `reconciler plan` to see what is left."
_RENEWED = "Run again; if it comes back, `reconciler doctor` looks at credentials, address and clock."
_RIGHTS = "`reconciler doctor` tells whether a right or the advertiser's consent is missing."
UNTOLD = "Give it to the app in Criteo's developer portal, and have the advertiser consent to it."
"""What to do where a right is missing of which doctor can't tell."""

_SPLIT = "The call was too large for Criteo: report it, with the line that `--debug` logs."
_AGAIN = "Run again: it is looked up."

_INSUFFICIENT = Meaning(Fate.DENIED, "The app may not do this at the advertiser.", _RIGHTS, of_rights=True)

NOT_TAKEN = Meaning(
    Fate.REFUSED,
    "Criteo refused it.",
    "Criteo's words say why, as far as it tells. Where they name nothing of yours, look for a newer version of "
    "reconciler, or report it with the line that `--debug` logs.",
)
"""What anything else comes to."""

CODES: Mapping[str, Meaning] = {
    "authorization-token-expired": Meaning(Fate.DENIED, "Criteo says that our access token has ended.", _RENEWED),
    "authorization-token-invalid": Meaning(Fate.DENIED, "Criteo does not accept our access token.", _RENEWED),
    "authorization-token-missing": Meaning(
        Fate.DENIED,
        "Our access token did not reach Criteo.",
        "Something on the way drops the Authorization header: look at the proxy, and at CRITEO_API_URL.",
    ),
    "authorization-issuer-invalid": Meaning(
        Fate.DENIED,
        "Our access token is not from the Criteo that was called.",
        "Check CRITEO_API_URL: token and calls go to the same address.",
    ),
    "authorization-unknown": Meaning(Fate.DENIED, "Criteo cannot tell who calls.", _RENEWED),
    "insufficient-advertiser-permissions": Meaning(
        Fate.DENIED, "The app may not do this at the advertiser.", _RIGHTS, of_rights=True
    ),
    "insufficient-advertiser-permission": Meaning(
        Fate.DENIED, "The app may not do this at the advertiser.", _RIGHTS, of_rights=True
    ),
    "segment-not-found": Meaning(Fate.REFUSED, "There is no such segment at Criteo.", _GONE),
    "audience-not-found": Meaning(Fate.REFUSED, "There is no such audience at Criteo.", _GONE),
    "audience-invalid": Meaning(
        Fate.REFUSED, "There is no such contact list at Criteo, or it is not one that we may fill.", _GONE
    ),
    "name-must-be-unique": Meaning(
        Fate.REFUSED,
        "The name is taken at Criteo.",
        "Give it another `name`, or rename what bears it at Criteo; then run `reconciler plan`.",
    ),
    "name-must-not-be-empty": Meaning(
        Fate.REFUSED, "Criteo takes no empty name.", "Give it a `name` with a letter or a digit in it."
    ),
    "required-field": Meaning(Fate.REFUSED, "Criteo misses a field.", _OURS, vague=True),
    "invalid": Meaning(Fate.REFUSED, "Criteo does not take a value.", _OURS, vague=True),
    "invalid-date-format": Meaning(Fate.REFUSED, "Criteo does not take the form of a date.", _OURS, vague=True),
    "invalid-range": Meaning(Fate.REFUSED, "A value is outside of what Criteo takes.", _OURS, vague=True),
    "invalid-ranged": Meaning(Fate.REFUSED, "A value is outside of what Criteo takes.", _OURS, vague=True),
    "invalid-timespan": Meaning(Fate.REFUSED, "Criteo does not take a span of time.", _OURS, vague=True),
    "exceeded-ids-cap": Meaning(Fate.REFUSED, "The call names more than Criteo takes at once.", _SPLIT, too_much=True),
    "internal-error": Meaning(Fate.UNKNOWN, "Criteo failed, and may or may not have done it.", _AGAIN, vague=True),
    "deprecated-field": Meaning(
        Fate.NOTICE,
        "Criteo will withdraw a field that we use.",
        "Look for a newer version of reconciler before it does.",
        vague=True,
    ),
    "endpoint-deprecated": Meaning(
        Fate.NOTICE,
        "Criteo will withdraw a call that we use.",
        "Set `criteo: { api_version: … }` in reconciler.yaml to a newer version.",
        vague=True,
    ),
}
"""By `code`; what is not listed goes by its ending, its type, and the HTTP status."""

ENDINGS: Mapping[str, Meaning] = {
    "-not-found": Meaning(Fate.REFUSED, "Something that the call names is not at Criteo.", _GONE),
    "-in-use": Meaning(
        Fate.REFUSED,
        "Criteo keeps it because something there uses it.",
        "Look at Criteo for what uses it, let go of it there, and run again.",
    ),
    "-cap": Meaning(Fate.REFUSED, "The call names more than Criteo takes at once.", _SPLIT, too_much=True),
}
"""By the end of a code that is not listed."""

_DENIED = Meaning(Fate.DENIED, "Criteo does not allow this.", _RIGHTS, of_rights=True)
_UNSURE = Meaning(Fate.UNKNOWN, "Criteo may or may not have done it.", _AGAIN)
_QUOTA = Meaning(
    Fate.REFUSED,
    "Criteo's rate limit is used up.",
    "Other programs may be using the same app: wait a minute, or lower `calls_per_minute` in reconciler.yaml.",
)

TYPES: Mapping[str, Meaning] = {
    "access-control": _DENIED,
    "access_control": _DENIED,  # as the portfolio writes it
    "authentication": _DENIED,
    "authorization": _DENIED,
    "availability": _UNSURE,
    "unknown": _UNSURE,
    "quota": _QUOTA,
    "deprecation": CODES["endpoint-deprecated"],
}
"""By `type`, where the code says nothing."""

_NOT_CRITEO = (
    "Check CRITEO_API_URL and `api_version` in reconciler.yaml: at this address there is no such call. Unset "
    "CRITEO_API_URL to reach Criteo itself."
)

GONE = 410

STATUSES: Mapping[int, Meaning] = {
    401: Meaning(Fate.DENIED, "Criteo does not accept our access token.", _RENEWED),
    403: _DENIED,
    404: Meaning(Fate.REFUSED, "Criteo has nothing at this address.", f"{_GONE} {_NOT_CRITEO}"),
    405: Meaning(Fate.REFUSED, "Criteo does not know this call.", _NOT_CRITEO),
    GONE: Meaning(
        Fate.DENIED,
        "Criteo no longer serves this version of its API.",
        "Set `criteo: { api_version: … }` in reconciler.yaml to a version that Criteo supports; `reconciler doctor` "
        "tells which.",
    ),
    413: Meaning(Fate.REFUSED, "The call is too large for Criteo.", _SPLIT, too_much=True),
    415: Meaning(
        Fate.REFUSED,
        "Criteo does not take this kind of content.",
        "Something on the way changes our requests: look at the proxy, and at CRITEO_API_URL.",
    ),
    429: _QUOTA,
}
"""By HTTP status. One of 500 and above is an answer that was lost, and is not read."""

_CREDENTIALS = "Criteo does not accept the credentials."
_GRANTS_HINT = "The app must be set up for client credentials in Criteo's developer portal; check CRITEO_CLIENT_ID too."

_CHECK_BOTH = (
    "Check CRITEO_CLIENT_ID and CRITEO_CLIENT_SECRET: the secret may be of another app, or replaced by a newer one in "
    "Criteo's developer portal"
)

GRANTS: Mapping[str, Meaning] = {
    "invalid_client": Meaning(Fate.DENIED, _CREDENTIALS, f"{_CHECK_BOTH}."),
    "invalid_request": Meaning(
        Fate.DENIED,
        "Criteo does not understand the request for an access token.",
        "Check CRITEO_CLIENT_ID and CRITEO_CLIENT_SECRET for characters that do not belong there, and that no proxy "
        "changes what is sent.",
    ),
    # It is a word for a wrong secret too.
    "invalid_grant": Meaning(
        Fate.DENIED, _CREDENTIALS, f"{_CHECK_BOTH}, where the app must be set up for client credentials."
    ),
    "unauthorized_client": Meaning(Fate.DENIED, "The app may not ask for access tokens.", _GRANTS_HINT),
    "unsupported_grant_type": Meaning(Fate.DENIED, "The app may not ask for access tokens.", _GRANTS_HINT),
    "invalid_scope": Meaning(Fate.DENIED, "The app may not ask for access tokens.", _GRANTS_HINT),
}
"""By OAuth's `error`, which the token endpoint tells instead of Criteo's problems."""
