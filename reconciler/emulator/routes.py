"""The table of Criteo's operations: method and path on one side, handler on the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule

from reconciler.emulator import audiences, campaigns, contact_lists, estimates, segments
from reconciler.emulator.calls import Call
from reconciler.emulator.responses import Answer, Family, Problem, RefusedError

Handler = Callable[[Call], Answer]

VERSIONS = ("2026-01", "2026-07", "2027-01")
CURRENT_VERSION = "2026-07"

_CHANGED = ("SearchAdSets", "GetAdSet")
"""The operations whose contract is another in 2026-07 than before (Criteo's release notes)."""

_ENDED = re.compile(r"202[2-5]-(01|04|07|10)")

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
TOKEN_OPERATION = "OAuth2Token"  # noqa: S105 - a name


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One operation of Criteo's.

    `body` says whether a JSON body is needed, may be there, or is not looked at.
    """

    operation: str
    method: str
    path: str
    handler: Handler
    body: str = "needed"


_SERVICE = "/<version>/marketing-solutions"
_SEGMENTS = f"{_SERVICE}/audience-segments"
_LIST = f"{_SEGMENTS}/<segment>/contact-list"
_AUDIENCES = f"{_SERVICE}/audiences"


def _post(operation: str, path: str, handler: Handler, body: str = "needed") -> Route:
    return Route(operation=operation, method="POST", path=path, handler=handler, body=body)


def _patch(operation: str, path: str, handler: Handler) -> Route:
    return Route(operation=operation, method="PATCH", path=path, handler=handler)


def _get(operation: str, path: str, handler: Handler) -> Route:
    return Route(operation=operation, method="GET", path=path, handler=handler, body="none")


ROUTES = (
    _get("ListAdvertisers", "/<version>/advertisers/me", campaigns.advertisers),
    _get("GetCurrentApplication", f"{_SERVICE}/me", campaigns.application),
    _post("SearchAudienceSegments", f"{_SEGMENTS}/search", segments.search),
    _post("CreateAudienceSegments", f"{_SEGMENTS}/create", segments.create),
    _patch("UpdateAudienceSegments", _SEGMENTS, segments.update),
    _post("DeleteAudienceSegments", f"{_SEGMENTS}/delete", segments.delete),
    _post("ComputeAudienceSegmentsSizes", f"{_SEGMENTS}/compute-sizes", segments.compute_sizes),
    _post("EstimateAudienceSegmentsSizes", f"{_SEGMENTS}/estimate-size", estimates.segment_size),
    _get("GetAudienceSegmentsInMarketBrands", f"{_SEGMENTS}/in-market-brands", estimates.in_market_brands),
    _get("GetAudienceSegmentsInMarketInterests", f"{_SEGMENTS}/in-market-interests", estimates.in_market_interests),
    Route(
        operation="UpdateContactListByAudienceSegment",
        method="PATCH",
        path=_LIST,
        handler=contact_lists.amend,
    ),
    Route(
        operation="DeleteContactListByAudienceSegment",
        method="DELETE",
        path=_LIST,
        handler=contact_lists.empty,
        body="none",
    ),
    _get("GetAudienceSegmentContactListStatistics", f"{_LIST}/statistics", contact_lists.statistics),
    _post("SearchAudiences", f"{_AUDIENCES}/search", audiences.search),
    _post("CreateAudiences", f"{_AUDIENCES}/create", audiences.create),
    _patch("UpdateAudiences", _AUDIENCES, audiences.update),
    _post("DeleteAudiences", f"{_AUDIENCES}/delete", audiences.delete),
    _post("ComputeAudiencesSizes", f"{_AUDIENCES}/compute-sizes", audiences.compute_sizes),
    _post("EstimateAudiencesSizes", f"{_AUDIENCES}/estimate-size", estimates.audience_size),
    _post("SearchAdSets", f"{_SERVICE}/ad-sets/search", campaigns.search_ad_sets, "optional"),
    _get("GetAdSet", f"{_SERVICE}/ad-sets/<ad_set>", campaigns.get_ad_set),
    Route(
        operation="UpdateAdSetAudience",
        method="PUT",
        path=f"{_SERVICE}/ad-sets/<ad_set>/audience",
        handler=campaigns.set_audience,
    ),
    _post("SearchCampaigns", f"{_SERVICE}/campaigns/search", campaigns.search_campaigns, "optional"),
    _get("GetCampaign", f"{_SERVICE}/campaigns/<campaign>", campaigns.get_campaign),
)

FAMILIES: Mapping[str, Family] = {
    "ListAdvertisers": "portfolio",
    "UpdateContactListByAudienceSegment": "contact_list",
    "DeleteContactListByAudienceSegment": "contact_list",
}
"""The operations whose problems have a shape of their own."""

_MAP = Map(
    [Rule(route.path, methods=[route.method], endpoint=route) for route in ROUTES],
    strict_slashes=False,
    merge_slashes=False,
)


def find(method: str, path: str) -> tuple[Route, Mapping[str, str]]:
    """Return the operation at a method and path, and the variable parts of the path.

    Raises `RefusedError` with 404 or 405 when there is none.
    """
    if path == TOKEN_PATH:
        raise _not_allowed(["POST"])
    try:
        route, arguments = _MAP.bind("").match(path, method)
    except MethodNotAllowed as refused:
        raise _not_allowed(refused.valid_methods or ()) from None
    except (NotFound, RequestRedirect):
        raise _no_such("Not found", 404) from None
    if method != route.method:  # HEAD, which the map lets pass where GET does
        raise _not_allowed([route.method])
    return route, arguments


def family(method: str, path: str) -> Family:
    """Return which shape the problems of the operation at a method and path have."""
    if (method, path) == ("POST", TOKEN_PATH):
        return "oauth"
    with suppress(RefusedError):
        return FAMILIES.get(find(method, path)[0].operation, "common")
    return "common"


def check_version(version: str, route: Route, others: str, ended: Collection[str] = ()) -> str:
    """Return the version that answers; `ended` are those of ours that are over for good.

    A version that has ended may be served as the current one where the contract has not changed since (Criteo's
    versioning policy). Raises `RefusedError` with 410 where it is not, and with 404 for a version that never was.
    """
    if version in VERSIONS and version not in ended:
        return version
    current = next((each for each in (CURRENT_VERSION, *reversed(VERSIONS)) if each not in ended), CURRENT_VERSION)
    if version not in VERSIONS and not _ENDED.fullmatch(version):
        raise _no_such("Not found", 404)
    if version not in ended and others == "fall_forward" and route.operation not in _CHANGED:
        return current
    problem = Problem(
        code="endpoint-deprecated",
        title="Version is not supported",
        detail=f"Version {version} has ended; use {current}",
        type="deprecation",
    )
    raise RefusedError(problem, 410)


def _not_allowed(methods: Iterable[str]) -> RefusedError:
    allowed = ", ".join(sorted({*methods} - {"HEAD"}))  # RFC 9110, 15.5.6: a 405 tells what is allowed
    return _no_such("Method not allowed", 405, {"Allow": allowed})


def _no_such(title: str, status: int, headers: Mapping[str, str] | None = None) -> RefusedError:
    detail = "There is no such operation"
    return RefusedError(Problem(code="invalid", title=title, detail=detail), status, headers)
