"""The client: one method for each thing that we read or do at Criteo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self, TypeVar

from reconciler.criteo import bulk, endpoints, wire
from reconciler.criteo.calls import Caller, accepted
from reconciler.criteo.endpoints import Endpoint
from reconciler.criteo.listing import PAGE, Page, R, read_all
from reconciler.criteo.wire import Body, Envelope
from reconciler.errors import CriteoError, Refused
from reconciler.model.identifiers import Direction, Identifiers
from reconciler.model.remote import Amended, AudienceDraft, RemoteAdSet, RemoteAudience, RemoteSegment, SegmentDraft

T = TypeVar("T")
Item = TypeVar("Item")

LeaseCheck = Callable[[], None]
"""Called before every request that writes; it raises when the lease is lost."""


class Connection(Protocol):
    """What the clients of one application share: token, rate budget, connections."""

    @property
    def skew(self) -> dt.timedelta | None: ...

    def client(self, *, read_only: bool, lease_check: LeaseCheck | None) -> CriteoClient:
        """Another client on it."""
        ...


class CriteoClient:
    """Criteo, for one advertiser. Safe to share among threads.

    Every method may raise NotAuthorised, Refused or another CriteoError, none of which had an effect, and those that
    write also OutcomeUnknown, which may have had one. The bulk methods give these as results, one for each item.
    """

    def __init__(self, caller: Caller, connection: Connection, *, advertiser: str) -> None:
        self._caller = caller
        self._connection = connection
        self._advertiser = advertiser

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._caller.close()

    def for_writing(self, lease_check: LeaseCheck | None = None) -> CriteoClient:
        """A client that may write, on the same token, rate budget and connections."""
        return self._connection.client(read_only=False, lease_check=lease_check)

    def skew(self) -> dt.timedelta | None:
        """The machine's clock minus Criteo's at the last answer, to about a second; None before the first."""
        return self._connection.skew

    def advertisers(self) -> frozenset[str]:
        """The ids of the advertisers that have let our app in."""

        def read(envelope: Envelope) -> frozenset[str]:
            return frozenset(map(wire.read_id, wire.read_items(envelope)))

        return self._caller.call(endpoints.ADVERTISERS, None, accepted(read))

    def segments(self) -> tuple[RemoteSegment, ...]:
        """All segments of the advertiser, of every type."""
        return self._search(endpoints.SEARCH_SEGMENTS, wire.SEGMENT, wire.read_segment)

    def audiences(self) -> tuple[RemoteAudience, ...]:
        """All audiences of the advertiser."""
        return self._search(endpoints.SEARCH_AUDIENCES, wire.AUDIENCE, wire.read_audience)

    def ad_sets(self, ids: Collection[str]) -> tuple[RemoteAdSet, ...]:
        """Those of the ad sets that exist and belong to the advertiser, by id."""
        return tuple(ad_set for some in _chunks(sorted(set(ids))) for ad_set in self._some_ad_sets(some))

    def create_segments(self, drafts: Sequence[SegmentDraft]) -> tuple[str | CriteoError, ...]:
        """Create empty contact lists; the results are their ids."""
        return self._bulk(endpoints.CREATE_SEGMENTS, drafts, self._new_segments, _name, wire.read_ids_by_name)

    def create_audiences(self, drafts: Sequence[AudienceDraft]) -> tuple[str | CriteoError, ...]:
        """Create audiences; the results are their ids."""
        return self._bulk(endpoints.CREATE_AUDIENCES, drafts, self._new_audiences, _name, wire.read_ids_by_name)

    def update_segments(self, drafts: Sequence[SegmentDraft]) -> tuple[CriteoError | None, ...]:
        """Change names and descriptions."""
        return self._bulk(endpoints.UPDATE_SEGMENTS, drafts, wire.changed_segments_body, _id, wire.read_ids)

    def update_audiences(self, drafts: Sequence[AudienceDraft]) -> tuple[CriteoError | None, ...]:
        """Change names, descriptions and targeting."""
        return self._bulk(endpoints.UPDATE_AUDIENCES, drafts, wire.changed_audiences_body, _id, wire.read_ids)

    def delete_segments(self, ids: Sequence[str]) -> tuple[CriteoError | None, ...]:
        """Delete segments; one that is no longer there counts as deleted."""
        return self._delete(endpoints.DELETE_SEGMENTS, wire.SEGMENT, ids)

    def delete_audiences(self, ids: Sequence[str]) -> tuple[CriteoError | None, ...]:
        """Delete audiences; one that is no longer there counts as deleted."""
        return self._delete(endpoints.DELETE_AUDIENCES, wire.AUDIENCE, ids)

    def amend_list(self, segment_id: str, direction: Direction, identifiers: Identifiers) -> Amended:
        """Add identifiers to a contact list or remove them, at most `BATCH` of them.

        Criteo only takes the call in: it processes it later, and the counts say what is well-formed, not who is known.
        """
        body = wire.amendment_body(direction, identifiers)
        return self._caller.call(endpoints.AMEND_LIST, body, accepted(wire.read_amended), segment=segment_id)

    def clear_list(self, segment_id: str) -> None:
        """Empty a contact list; the segment stays."""
        self._caller.call(endpoints.CLEAR_LIST, None, accepted(wire.read_done), segment=segment_id)

    def link(self, ad_set_id: str, audience_id: str | None) -> None:
        """Let an ad set target an audience instead of what it targets now, or none."""
        body = wire.link_body(ad_set_id, audience_id)
        self._caller.call(endpoints.LINK_AD_SET, body, accepted(wire.read_done), ad_set=ad_set_id)

    def _search(self, endpoint: Endpoint, kind: str, read: Callable[[object], R]) -> tuple[R, ...]:
        body = wire.search_body(kind, self._advertiser)

        def read_page(envelope: Envelope) -> Page[R]:
            return Page(tuple(map(read, wire.read_items(envelope))), envelope.total)

        def page(offset: int) -> Page[R]:
            return self._caller.call(endpoint, body, accepted(read_page), params={"limit": PAGE, "offset": offset})

        return read_all(page)

    def _some_ad_sets(self, ids: Sequence[str]) -> list[RemoteAdSet]:
        def read(envelope: Envelope) -> list[RemoteAdSet]:
            return [wire.read_ad_set(item) for item in wire.read_items(envelope)]

        body = wire.ad_set_search_body(self._advertiser, ids)
        found = self._caller.call(endpoints.SEARCH_AD_SETS, body, accepted(read))
        return [ad_set for ad_set in found if ad_set.id in ids]

    def _delete(self, endpoint: Endpoint, kind: str, ids: Sequence[str]) -> tuple[CriteoError | None, ...]:
        results = self._bulk(endpoint, ids, lambda some: wire.ids_body(kind, some), str, wire.read_ids)
        return tuple(None if _says_gone(result) else result for result in results)

    def _bulk(
        self,
        endpoint: Endpoint,
        items: Sequence[Item],
        body: Callable[[Sequence[Item]], Body],
        key: Callable[[Item], str],
        read: Callable[[Envelope, Sequence[str]], Mapping[str, T]],
    ) -> tuple[T | CriteoError, ...]:
        """One result for each item, in order, in as few calls as may be."""
        results: list[T | CriteoError] = []
        for some in _chunks(items):
            results += self._bulk_call(endpoint, body(some), [key(item) for item in some], read)
        return tuple(results)

    def _bulk_call(
        self,
        endpoint: Endpoint,
        body: Body,
        keys: Sequence[str],
        read: Callable[[Envelope, Sequence[str]], Mapping[str, T]],
    ) -> Sequence[T | CriteoError]:
        def read_results(envelope: Envelope) -> Sequence[T | CriteoError]:
            done = read(envelope, keys) if envelope.is_success else {}
            return bulk.settle(keys, done, envelope.problems, envelope.status)

        try:
            return self._caller.call(endpoint, body, read_results)
        except CriteoError as error:
            return [error] * len(keys)

    def _new_segments(self, drafts: Sequence[SegmentDraft]) -> Body:
        return wire.new_segments_body(self._advertiser, drafts)

    def _new_audiences(self, drafts: Sequence[AudienceDraft]) -> Body:
        return wire.new_audiences_body(self._advertiser, drafts)


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + bulk.SIZE] for start in range(0, len(items), bulk.SIZE))


def _name(draft: SegmentDraft | AudienceDraft) -> str:
    return draft.name or ""


def _id(draft: SegmentDraft | AudienceDraft) -> str:
    return draft.id or ""


def _says_gone(result: object) -> bool:
    return isinstance(result, Refused) and result.code.endswith("-not-found")
