"""The operations of Criteo's audience API that we use, and the list of those that only read.

From Criteo's audience API 2026-07; the token endpoint is from its guide to authentication.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Effect(Enum):
    """What a call does at Criteo, and so what may be done about an answer that never came.

    ===========  ================================================================
    READ         nothing changes: it may be repeated, and it is allowed in a plan
    IDEMPOTENT   saying it twice is the same as saying it once: it may be repeated
    CREATE       saying it twice makes two: it is never repeated blindly
    ===========  ================================================================
    """

    READ = "read"
    IDEMPOTENT = "idempotent"
    CREATE = "create"


class Right(Enum):
    """What an app must be allowed to do for a call, in Criteo's own word; managing includes reading."""

    NONE = ""
    AUDIENCE_READ = "MarketingSolutions_Audience_Read"
    AUDIENCE_MANAGE = "MarketingSolutions_Audience_Manage"
    CAMPAIGN_READ = "MarketingSolutions_Campaign_Read"
    CAMPAIGN_MANAGE = "MarketingSolutions_Campaign_Manage"

    @property
    def words(self) -> str:
        """The right as a message names it."""
        _, domain, level = self.value.split("_")
        return f"the right to {level.lower()} {domain.lower()}s ({self.value})"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation: its method, the template of its path, and what it needs."""

    method: str
    template: str
    effect: Effect
    right: Right = Right.NONE

    def path(self, **parts: str) -> str:
        """The path with its parts filled in. Raises ValueError for a part that would lead elsewhere."""
        strays = [name for name, value in parts.items() if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value)]
        if strays:
            raise ValueError(f"not fit for a path: {', '.join(strays)}")
        return self.template.format(**parts)

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is one of this operation."""
        pattern = re.sub(r"\\{\w+\\}", "[A-Za-z0-9._-]+", re.escape(self.template))
        return method == self.method and re.fullmatch(pattern, path) is not None


_SERVICE = "/{version}/marketing-solutions"
_SEGMENTS = f"{_SERVICE}/audience-segments"
_LIST = f"{_SEGMENTS}/{{segment}}/contact-list"
_AUDIENCES = f"{_SERVICE}/audiences"

ADVERTISERS = Endpoint("GET", "/{version}/advertisers/me", Effect.READ)
APPLICATION = Endpoint("GET", f"{_SERVICE}/me", Effect.READ)
TOKEN = Endpoint("POST", "/oauth2/token", Effect.READ)
SEARCH_SEGMENTS = Endpoint("POST", f"{_SEGMENTS}/search", Effect.READ, Right.AUDIENCE_READ)
CREATE_SEGMENTS = Endpoint("POST", f"{_SEGMENTS}/create", Effect.CREATE, Right.AUDIENCE_MANAGE)
UPDATE_SEGMENTS = Endpoint("PATCH", _SEGMENTS, Effect.IDEMPOTENT, Right.AUDIENCE_MANAGE)
DELETE_SEGMENTS = Endpoint("POST", f"{_SEGMENTS}/delete", Effect.IDEMPOTENT, Right.AUDIENCE_MANAGE)
SEGMENT_SIZES = Endpoint("POST", f"{_SEGMENTS}/compute-sizes", Effect.READ, Right.AUDIENCE_MANAGE)
ESTIMATE_SEGMENT = Endpoint("POST", f"{_SEGMENTS}/estimate-size", Effect.READ, Right.AUDIENCE_MANAGE)
IN_MARKET_BRANDS = Endpoint("GET", f"{_SEGMENTS}/in-market-brands", Effect.READ, Right.AUDIENCE_READ)
IN_MARKET_INTERESTS = Endpoint("GET", f"{_SEGMENTS}/in-market-interests", Effect.READ, Right.AUDIENCE_READ)
AMEND_LIST = Endpoint("PATCH", _LIST, Effect.IDEMPOTENT, Right.AUDIENCE_MANAGE)
CLEAR_LIST = Endpoint("DELETE", _LIST, Effect.IDEMPOTENT, Right.AUDIENCE_MANAGE)
LIST_STATISTICS = Endpoint("GET", f"{_LIST}/statistics", Effect.READ, Right.AUDIENCE_READ)
SEARCH_AUDIENCES = Endpoint("POST", f"{_AUDIENCES}/search", Effect.READ, Right.AUDIENCE_READ)
CREATE_AUDIENCES = Endpoint("POST", f"{_AUDIENCES}/create", Effect.CREATE, Right.AUDIENCE_MANAGE)
UPDATE_AUDIENCES = Endpoint("PATCH", _AUDIENCES, Effect.IDEMPOTENT, Right.AUDIENCE_MANAGE)
DELETE_AUDIENCES = Endpoint("POST", f"{_AUDIENCES}/delete", Effect.IDEMPOTENT, Right.AUDIENCE_MANAGE)
AUDIENCE_SIZES = Endpoint("POST", f"{_AUDIENCES}/compute-sizes", Effect.READ, Right.AUDIENCE_MANAGE)
ESTIMATE_AUDIENCE = Endpoint("POST", f"{_AUDIENCES}/estimate-size", Effect.READ, Right.AUDIENCE_MANAGE)
SEARCH_AD_SETS = Endpoint("POST", f"{_SERVICE}/ad-sets/search", Effect.READ, Right.CAMPAIGN_READ)
AD_SET = Endpoint("GET", f"{_SERVICE}/ad-sets/{{ad_set}}", Effect.READ, Right.CAMPAIGN_READ)
LINK_AD_SET = Endpoint("PUT", f"{_SERVICE}/ad-sets/{{ad_set}}/audience", Effect.IDEMPOTENT, Right.CAMPAIGN_MANAGE)
SEARCH_CAMPAIGNS = Endpoint("POST", f"{_SERVICE}/campaigns/search", Effect.READ, Right.CAMPAIGN_READ)

READING = (
    TOKEN,
    ADVERTISERS,
    APPLICATION,
    SEARCH_SEGMENTS,
    SEGMENT_SIZES,
    ESTIMATE_SEGMENT,
    IN_MARKET_BRANDS,
    IN_MARKET_INTERESTS,
    LIST_STATISTICS,
    SEARCH_AUDIENCES,
    AUDIENCE_SIZES,
    ESTIMATE_AUDIENCE,
    SEARCH_AD_SETS,
    AD_SET,
    SEARCH_CAMPAIGNS,
)
"""The only operations that a plan may call. Several are POSTs, so it is the list that decides and never the method.

Computing and estimating sizes change nothing, though Criteo asks for the right to manage audiences (its audience API
2026-07).
"""


def only_reads(method: str, path: str) -> bool:
    """Whether a request is on the list of those that read."""
    return any(endpoint.matches(method, path) for endpoint in READING)
