"""What a client reads: one method for each thing that Criteo tells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from reconciler.criteo import ad_sets, endpoints, figures, wire
from reconciler.criteo.bulk_calls import BulkCall, carry_out, chunks
from reconciler.criteo.calls import Caller, accepted
from reconciler.criteo.endpoints import Endpoint
from reconciler.criteo.envelope import Body, Envelope, read_id, read_items
from reconciler.criteo.figures import Estimable
from reconciler.criteo.listing import PAGE, Page, R, read_all
from reconciler.errors import CriteoError
from reconciler.model.figures import Application, Brand, Interest, Statistics
from reconciler.model.remote import RemoteAdSet, RemoteAudience, RemoteCampaign, RemoteSegment, Targeting

T = TypeVar("T")


class Reader:
    """Criteo as it can be read, for one advertiser. Safe to share among threads.

    Every method may raise NotAuthorised, Refused or another CriteoError. The bulk methods give these as results, one
    for each item.
    """

    def __init__(self, caller: Caller, *, advertiser: str) -> None:
        self._caller = caller
        self._advertiser = advertiser

    def application(self) -> Application:
        """The app whose credentials we use."""
        return self._caller.call(endpoints.APPLICATION, None, accepted(figures.read_application))

    def advertisers(self) -> frozenset[str]:
        """The ids of the advertisers that have let our app in."""
        return frozenset(self._listed(endpoints.ADVERTISERS, read_id))

    def segments(self, ids: Sequence[str] | None = None) -> tuple[RemoteSegment, ...]:
        """All segments of the advertiser, of every type, or those of these ids."""
        body = wire.search_body(wire.SEGMENT, self._advertiser, ids)
        return self._search(endpoints.SEARCH_SEGMENTS, body, wire.read_segment)

    def any_segment(self) -> str | None:
        """The id of one of the advertiser's segments, whichever it is; None where there is none."""

        def read(envelope: Envelope) -> str | None:
            return next(map(read_id, read_items(envelope)), None)

        body = wire.search_body(wire.SEGMENT, self._advertiser)
        return self._caller.call(endpoints.SEARCH_SEGMENTS, body, accepted(read), params={"limit": 1, "offset": 0})

    def audiences(self, ids: Sequence[str] | None = None) -> tuple[RemoteAudience, ...]:
        """All audiences of the advertiser, or those of these ids."""
        body = wire.search_body(wire.AUDIENCE, self._advertiser, ids)
        return self._search(endpoints.SEARCH_AUDIENCES, body, wire.read_audience)

    def segment_sizes(self, ids: Sequence[str]) -> tuple[int | CriteoError | None, ...]:
        """How many people Criteo reaches by each segment; None where it tells none.

        Needs the right to manage audiences (Criteo's audience API 2026-07).
        """
        return self._sizes(endpoints.SEGMENT_SIZES, wire.SEGMENT, ids)

    def audience_sizes(self, ids: Sequence[str]) -> tuple[int | CriteoError | None, ...]:
        """How many people Criteo reaches by each audience, on the same terms."""
        return self._sizes(endpoints.AUDIENCE_SIZES, wire.AUDIENCE, ids)

    def estimate_segment(self, kind: Estimable, asked: Mapping[str, Any]) -> int | None:
        """How many people a segment would reach that asks for this, in Criteo's own names; on the same terms."""
        body = figures.segment_estimate_body(self._advertiser, kind, asked)
        return self._caller.call(endpoints.ESTIMATE_SEGMENT, body, accepted(figures.read_estimate))

    def estimate_audience(self, targeting: Targeting) -> int | None:
        """How many people an audience of segments that exist would reach; on the same terms."""
        body = figures.audience_estimate_body(self._advertiser, targeting)
        return self._caller.call(endpoints.ESTIMATE_AUDIENCE, body, accepted(figures.read_estimate))

    def statistics(self, segment_id: str) -> Statistics:
        """Criteo's counts of one contact list."""
        read = accepted(figures.read_statistics)
        return self._caller.call(endpoints.LIST_STATISTICS, None, read, segment=segment_id)

    def in_market_brands(self, country: str) -> tuple[Brand, ...]:
        """The brands that an in-market segment of a country (ISO 3166-1 alpha-2) may name."""
        return self._listed(endpoints.IN_MARKET_BRANDS, figures.read_brand, self._of_country(country))

    def in_market_interests(self, country: str) -> tuple[Interest, ...]:
        """The interests that an in-market segment of a country may name."""
        return self._listed(endpoints.IN_MARKET_INTERESTS, figures.read_interest, self._of_country(country))

    def ad_sets(self, ids: Collection[str]) -> tuple[RemoteAdSet, ...]:
        """Those of the ad sets that exist and belong to the advertiser, by id."""
        return tuple(ad_set for some in chunks(sorted(set(ids))) for ad_set in self._some_ad_sets(some))

    def ad_set(self, ad_set_id: str) -> RemoteAdSet:
        """One ad set with everything that Criteo tells of it but its audience. Raises Refused when it is not there."""

        def read(envelope: Envelope) -> RemoteAdSet:
            return ad_sets.read_ad_set(envelope.data)

        return self._caller.call(endpoints.AD_SET, None, accepted(read), ad_set=ad_set_id)

    def campaigns(self, ids: Collection[str]) -> tuple[RemoteCampaign, ...]:
        """Those of the campaigns that exist and belong to the advertiser, by id."""
        return tuple(campaign for some in chunks(sorted(set(ids))) for campaign in self._some_campaigns(some))

    def _search(self, endpoint: Endpoint, body: Body, read: Callable[[object], R]) -> tuple[R, ...]:
        def read_page(envelope: Envelope) -> Page[R]:
            return Page(tuple(map(read, read_items(envelope))), envelope.total)

        def page(offset: int) -> Page[R]:
            return self._caller.call(endpoint, body, accepted(read_page), params={"limit": PAGE, "offset": offset})

        return read_all(page)

    def _listed(
        self, endpoint: Endpoint, read: Callable[[Any], T], params: Mapping[str, str] | None = None
    ) -> tuple[T, ...]:
        """Everything of a listing that comes in one piece."""

        def read_all_of_it(envelope: Envelope) -> tuple[T, ...]:
            return tuple(map(read, read_items(envelope)))

        return self._caller.call(endpoint, None, accepted(read_all_of_it), params=params)

    def _of_country(self, country: str) -> dict[str, str]:
        return {"advertiser-id": self._advertiser, "country": country}

    def _sizes(self, endpoint: Endpoint, kind: str, ids: Sequence[str]) -> tuple[int | CriteoError | None, ...]:
        call: BulkCall[str, int | None] = BulkCall(
            endpoint=endpoint, body=lambda some: wire.ids_body(kind, some), key=str, read=figures.read_sizes
        )
        return carry_out(self._caller, call, ids)

    def _some_ad_sets(self, ids: Sequence[str]) -> list[RemoteAdSet]:
        def read(envelope: Envelope) -> list[RemoteAdSet]:
            return [ad_sets.read_ad_set(item) for item in read_items(envelope)]

        body = ad_sets.search_body(self._advertiser, ids, self._caller.version)
        found = self._caller.call(endpoints.SEARCH_AD_SETS, body, accepted(read))
        return [ad_set for ad_set in found if ad_set.id in ids]

    def _some_campaigns(self, ids: Sequence[str]) -> list[RemoteCampaign]:
        def read(envelope: Envelope) -> list[RemoteCampaign]:
            return [ad_sets.read_campaign(item) for item in read_items(envelope)]

        body = ad_sets.campaigns_body(self._advertiser, ids)
        found = self._caller.call(endpoints.SEARCH_CAMPAIGNS, body, accepted(read))
        return [campaign for campaign in found if campaign.id in ids]
