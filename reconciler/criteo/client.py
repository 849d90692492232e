"""The client: one method for each thing that we do at Criteo, beside those that read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self, TypeVar

from reconciler.criteo import ad_sets, endpoints, wire
from reconciler.criteo.bulk_calls import BulkCall, carry_out
from reconciler.criteo.calls import Caller, accepted
from reconciler.criteo.endpoints import Endpoint
from reconciler.criteo.envelope import Body, read_done
from reconciler.criteo.halves import in_halves
from reconciler.criteo.reader import Reader
from reconciler.errors import CriteoError, Refused
from reconciler.model.figures import Rate
from reconciler.model.identifiers import Direction, Identifiers
from reconciler.model.remote import Amended, AudienceDraft, SegmentDraft

Draft = TypeVar("Draft", SegmentDraft, AudienceDraft)

LeaseCheck = Callable[[], None]
"""Called before every request that writes; it raises when the lease is lost."""


class Connection(Protocol):
    """What the clients of one application share: token, rate budget, connections."""

    @property
    def skew(self) -> dt.timedelta | None: ...

    @property
    def rate(self) -> Rate | None: ...

    def sign_in(self) -> float: ...

    def client(self, *, read_only: bool, lease_check: LeaseCheck | None) -> CriteoClient:
        """Another client on it."""
        ...


class CriteoClient(Reader):
    """Criteo, for one advertiser: what it tells, and what can be done there. Safe to share among threads.

    Every method may raise NotAuthorised, Refused or another CriteoError, none of which had an effect, and those that
    write also OutcomeUnknown, which may have had one. The bulk methods give these as results, one for each item.
    """

    def __init__(self, caller: Caller, connection: Connection, *, advertiser: str) -> None:
        super().__init__(caller, advertiser=advertiser)
        self._connection = connection

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

    def of_advertiser(self, advertiser: str) -> CriteoClient:
        """The same client for another advertiser of the app."""
        return CriteoClient(self._caller, self._connection, advertiser=advertiser)

    def sign_in(self) -> float:
        """Get an access token, as every call does by itself; the answer is how many seconds it lives.

        Raises NotAuthorised, or CriteoError when none is to be had.
        """
        return self._connection.sign_in()

    def skew(self) -> dt.timedelta | None:
        """The machine's clock minus Criteo's at the last answer, to about a second; None before the first."""
        return self._connection.skew

    def rate(self) -> Rate | None:
        """What Criteo told last of our rate limit; None where it has told nothing."""
        return self._connection.rate

    def create_segments(self, drafts: Sequence[SegmentDraft]) -> tuple[str | CriteoError, ...]:
        """Create empty contact lists; the results are their ids."""
        return self._create(endpoints.CREATE_SEGMENTS, drafts, self._new_segments, self._segment_ids)

    def create_audiences(self, drafts: Sequence[AudienceDraft]) -> tuple[str | CriteoError, ...]:
        """Create audiences; the results are their ids."""
        return self._create(endpoints.CREATE_AUDIENCES, drafts, self._new_audiences, self._audience_ids)

    def update_segments(self, drafts: Sequence[SegmentDraft]) -> tuple[CriteoError | None, ...]:
        """Change names and descriptions."""
        return self._update(endpoints.UPDATE_SEGMENTS, drafts, wire.changed_segments_body)

    def update_audiences(self, drafts: Sequence[AudienceDraft]) -> tuple[CriteoError | None, ...]:
        """Change names, descriptions and targeting."""
        return self._update(endpoints.UPDATE_AUDIENCES, drafts, wire.changed_audiences_body)

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

        def send(some: Identifiers) -> Amended:
            body = wire.amendment_body(direction, some)
            return self._caller.call(endpoints.AMEND_LIST, body, accepted(wire.read_amended), segment=segment_id)

        return in_halves(send, identifiers)

    def clear_list(self, segment_id: str) -> None:
        """Empty a contact list; the segment stays."""
        self._caller.call(endpoints.CLEAR_LIST, None, accepted(read_done), segment=segment_id)

    def link(self, ad_set_id: str, audience_id: str | None) -> None:
        """Let an ad set target an audience instead of what it targets now, or none."""
        body = ad_sets.link_body(ad_set_id, audience_id)
        self._caller.call(endpoints.LINK_AD_SET, body, accepted(read_done), ad_set=ad_set_id)

    def _create(
        self,
        endpoint: Endpoint,
        drafts: Sequence[Draft],
        body: Callable[[Sequence[Draft]], Body],
        look_up: Callable[[Sequence[str]], Mapping[str, str]],
    ) -> tuple[str | CriteoError, ...]:
        call = BulkCall(
            endpoint=endpoint,
            body=body,
            key=_name,
            read=wire.read_ids_by_name,
            unnamed=wire.read_unnamed_ids,
            look_up=look_up,
        )
        return carry_out(self._caller, call, drafts)

    def _segment_ids(self, ids: Sequence[str]) -> dict[str, str]:
        return {segment.name: segment.id for segment in self.segments(ids)}

    def _audience_ids(self, ids: Sequence[str]) -> dict[str, str]:
        return {audience.name: audience.id for audience in self.audiences(ids)}

    def _update(
        self, endpoint: Endpoint, drafts: Sequence[Draft], body: Callable[[Sequence[Draft]], Body]
    ) -> tuple[CriteoError | None, ...]:
        call = BulkCall(endpoint=endpoint, body=body, key=_id, read=wire.read_ids)
        return carry_out(self._caller, call, drafts)

    def _delete(self, endpoint: Endpoint, kind: str, ids: Sequence[str]) -> tuple[CriteoError | None, ...]:
        call: BulkCall[str, None] = BulkCall(
            endpoint=endpoint, body=lambda some: wire.ids_body(kind, some), key=str, read=wire.read_ids
        )
        results = [None if _says_gone(result) else result for result in carry_out(self._caller, call, ids)]
        if not any(isinstance(result, Refused) for result in results):
            return tuple(results)
        left = self._listed_ids(kind)
        return tuple(
            None if isinstance(result, Refused) and each not in left else result
            for each, result in zip(ids, results, strict=True)
        )

    def _listed_ids(self, kind: str) -> Collection[str]:
        """What is still there: by which code Criteo says that something is gone is not sure."""
        return {each.id for each in (self.segments() if kind == wire.SEGMENT else self.audiences())}

    def _new_segments(self, drafts: Sequence[SegmentDraft]) -> Body:
        return wire.new_segments_body(self._advertiser, drafts)

    def _new_audiences(self, drafts: Sequence[AudienceDraft]) -> Body:
        return wire.new_audiences_body(self._advertiser, drafts)


def _name(draft: SegmentDraft | AudienceDraft) -> str:
    return draft.name or ""


def _id(draft: SegmentDraft | AudienceDraft) -> str:
    return draft.id or ""


def _says_gone(result: object) -> bool:
    return isinstance(result, Refused) and result.code.endswith("-not-found")
