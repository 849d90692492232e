"""What the calling app may do: its rights, and the advertisers' consent (Criteo's audience API 2026-07).

Criteo gives an app no access, reading or managing in each domain, and managing includes reading. The portfolio needs
no right.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from reconciler.emulator.responses import Answer, Problem, RefusedError, success

Lack = Literal[
    "audience-read",
    "audience-manage",
    "campaign-read",
    "campaign-manage",
    "consent",
    "2026-01",
    "2026-07",
    "2027-01",
]
"""What an app can be without: a right, the consent of its advertisers, a version of the API that has ended."""

LACKS: tuple[Lack, ...] = get_args(Lack)

PORTFOLIO = "ListAdvertisers"

SCOPES = {
    "SearchAudienceSegments": "audience-read",
    "CreateAudienceSegments": "audience-manage",
    "UpdateAudienceSegments": "audience-manage",
    "DeleteAudienceSegments": "audience-manage",
    "ComputeAudienceSegmentsSizes": "audience-manage",
    "EstimateAudienceSegmentsSizes": "audience-manage",
    "GetAudienceSegmentsInMarketBrands": "audience-read",
    "GetAudienceSegmentsInMarketInterests": "audience-read",
    "UpdateContactListByAudienceSegment": "audience-manage",
    "DeleteContactListByAudienceSegment": "audience-manage",
    "GetAudienceSegmentContactListStatistics": "audience-read",
    "SearchAudiences": "audience-read",
    "CreateAudiences": "audience-manage",
    "UpdateAudiences": "audience-manage",
    "DeleteAudiences": "audience-manage",
    "ComputeAudiencesSizes": "audience-manage",
    "EstimateAudiencesSizes": "audience-manage",
    "UpdateAdSetAudience": "campaign-manage",
    "SearchAdSets": "campaign-read",
    "GetAdSet": "campaign-read",
    "SearchCampaigns": "campaign-read",
    "GetCampaign": "campaign-read",
}
"""The right that each operation needs; those that are not here need none."""

_NO_RIGHT = "insufficient-advertiser-permissions"
"""The code of a right that the app lacks; Criteo has it for a consent that it does not have too."""

_EMPTY_META = {"totalItems": 0, "limit": 50, "offset": 0}


@dataclass(frozen=True, slots=True)
class Rights:
    """What the app is without; nothing unless said otherwise."""

    without: Collection[Lack] = ()

    def stand_in(self, operation: str, no_permission: str) -> Answer | None:
        """Return what is answered in place of the operation where consent is missing; None where it may run.

        `no_permission` is the code of a consent that is missing. Searches pass over what is not accessible, everything
        else is refused. Raises `RefusedError` with 403 where the app has no right to the operation, or the advertiser
        gave no consent to it.
        """
        needed = SCOPES.get(operation)
        if needed is not None and self._lacks(needed):
            raise _insufficient(f"The application has no right to {needed.replace('-', ': ')}", _NO_RIGHT)
        if "consent" not in self.without or (needed is None and operation != PORTFOLIO):
            return None
        if operation == PORTFOLIO:
            return success([])
        if operation.startswith("SearchAudience"):
            return success([], meta=_EMPTY_META)
        if operation.startswith("Search"):
            return success([])
        raise _insufficient("The application has no consent of this advertiser", no_permission)

    def _lacks(self, needed: str) -> bool:
        reading = needed.replace("manage", "read")
        return needed in self.without or reading in self.without


def _insufficient(detail: str, code: str) -> RefusedError:
    problem = Problem(
        code=code,
        title="Insufficient permissions",
        detail=detail,
        type="authorization",
    )
    return RefusedError(problem, 403)
