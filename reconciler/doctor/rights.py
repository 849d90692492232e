"""Which rights the app has, by calls that need them and change nothing."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.criteo.client import CriteoClient
from reconciler.criteo.endpoints import Right
from reconciler.doctor.checks import failed, ok, skipped, tried
from reconciler.errors import NotAuthorised, ReconcilerError, Refused
from reconciler.model.checkup import Check

READ_AUDIENCES, MANAGE_AUDIENCES = "read audiences", "manage audiences"
READ_CAMPAIGNS, MANAGE_CAMPAIGNS = "read campaigns", "manage campaigns"

RIGHTS = (READ_AUDIENCES, MANAGE_AUDIENCES, READ_CAMPAIGNS, MANAGE_CAMPAIGNS)

_CALLED = {
    READ_AUDIENCES: Right.AUDIENCE_READ,
    MANAGE_AUDIENCES: Right.AUDIENCE_MANAGE,
    READ_CAMPAIGNS: Right.CAMPAIGN_READ,
}
_NOT_NEEDED = "not needed: no audience names an ad set"
_UNKNOWN = "can't be known without linking an ad set: the first apply that does will tell"
_NOBODYS_AD_SET = "1"


def rights(client: CriteoClient, ad_sets: tuple[str, ...], *, has_workspace: bool) -> Iterator[Check]:
    """One check for each right. Those over campaigns are needed where the workspace names ad sets, or is not there."""
    segment = tried(client.any_segment)
    yield _check(READ_AUDIENCES, segment)
    if isinstance(segment, ReconcilerError):
        yield skipped(MANAGE_AUDIENCES, "it can't be told while reading does not work")
    else:
        yield _check(MANAGE_AUDIENCES, _managing(client, segment))
    if has_workspace and not ad_sets:
        yield from (skipped(name, _NOT_NEEDED) for name in (READ_CAMPAIGNS, MANAGE_CAMPAIGNS))
        return
    reading = tried(lambda: client.ad_sets(ad_sets or [_NOBODYS_AD_SET]))
    yield _check(READ_CAMPAIGNS, reading)
    denied = isinstance(reading, NotAuthorised)
    yield skipped(MANAGE_CAMPAIGNS, "it goes with reading, which is missing" if denied else _UNKNOWN)


def _managing(client: CriteoClient, segment: str | None) -> object:
    """Sizes change nothing, and Criteo gives them to those who may manage (its audience API 2026-07)."""
    if segment is not None:
        return client.segment_sizes([segment])[0]
    return tried(lambda: client.estimate_segment("inMarket", {"country": "FR"}))


def _check(name: str, answer: object) -> Check:
    """A call that was let in and then refused was let in all the same."""
    if isinstance(answer, NotAuthorised):
        told = NotAuthorised(
            f"The app lacks {_CALLED[name].words}.",
            answer.detail,
            "Give it to the app in Criteo's developer portal, where its rights are chosen.",
        )
        return failed(name, told)
    if isinstance(answer, ReconcilerError) and not isinstance(answer, Refused):
        return failed(name, answer)
    return ok(name, "the app may")
