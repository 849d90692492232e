"""Criteo's JSON ↔ our types (Criteo's audience API 2026-07).

What we do not know is tolerated: attributes, enum values, types of segment. What we need and do not find is a
MalformedError.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from reconciler.criteo import algebra
from reconciler.criteo.problems import CriteoProblem, read_problems
from reconciler.model.identifiers import Direction, Identifiers
from reconciler.model.remote import Amended, AudienceDraft, RemoteAdSet, RemoteAudience, RemoteSegment, SegmentDraft

SEGMENT = "AudienceSegment"
AUDIENCE = "Audience"


class MalformedError(Exception):
    """An answer that is no JSON, or not of the documented shape. It says what is missing and quotes nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class Body:
    """A request's JSON; `repr` tells its size alone."""

    content: bytes

    def __repr__(self) -> str:
        return f"<{len(self.content)} bytes>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """What every answer comes in, hidden in `repr`. `data` is None where there is none."""

    status: int
    data: Any = field(default=None, repr=False)
    total: int | None = None
    problems: tuple[CriteoProblem, ...] = ()

    @property
    def is_success(self) -> bool:
        """Whether the call as a whole was accepted; some of its items may have failed all the same."""
        return self.status < 300


def open_envelope(response: httpx.Response) -> Envelope:
    """Read an answer. Raises MalformedError for a success that is no envelope; a refusal needs none."""
    if response.status_code == httpx.codes.NO_CONTENT:
        return Envelope(status=response.status_code)
    content = _parsed(response)
    if not isinstance(content, dict):
        if response.is_success:
            raise MalformedError("The body is no JSON object.")
        content = {}
    meta = content.get("meta")
    total = meta.get("totalItems") if isinstance(meta, dict) else None
    return Envelope(
        status=response.status_code,
        data=content.get("data"),
        total=total if isinstance(total, int) else None,
        problems=(*read_problems(content.get("errors")), *read_problems(content.get("warnings"))),
    )


def search_body(kind: str, advertiser: str) -> Body:
    """Everything of one advertiser."""
    return _body({"data": {"type": kind, "attributes": {"advertiserIds": [advertiser]}}})


def ad_set_search_body(advertiser: str, ids: Collection[str]) -> Body:
    """Certain ad sets of one advertiser; this search alone has no `data` around its filters."""
    return _body({"filters": {"advertiserIds": [advertiser], "adSetIds": sorted(ids)}})


def new_segments_body(advertiser: str, drafts: Sequence[SegmentDraft]) -> Body:
    """Contact lists to create."""
    return _body({"data": [_new(SEGMENT, advertiser, draft, contactList={}) for draft in drafts]})


def new_audiences_body(advertiser: str, drafts: Sequence[AudienceDraft]) -> Body:
    """Audiences to create. Raises ValueError for one without targeting."""
    return _body({"data": [_new(AUDIENCE, advertiser, draft, **_algebra(draft)) for draft in drafts]})


def changed_segments_body(drafts: Sequence[SegmentDraft]) -> Body:
    """What to change of segments; what is left out stays."""
    return _body({"data": [_changed(SEGMENT, draft) for draft in drafts]})


def changed_audiences_body(drafts: Sequence[AudienceDraft]) -> Body:
    """What to change of audiences; what is left out stays, and an algebra replaces the whole tree."""
    return _body({"data": [_changed(AUDIENCE, draft, **_algebra(draft)) for draft in drafts]})


def ids_body(kind: str, ids: Sequence[str]) -> Body:
    """Things to delete."""
    return _body({"data": [{"id": each, "type": kind} for each in ids]})


def amendment_body(direction: Direction, identifiers: Identifiers) -> Body:
    """One contact-list call, which takes identifiers of one type."""
    attributes = {"operation": direction, "identifierType": identifiers.type, "identifiers": identifiers.values}
    return _body({"data": {"type": "ContactlistAmendment", "attributes": attributes}})


def link_body(ad_set_id: str, audience_id: str | None) -> Body:
    """Link an ad set to an audience, or to none."""
    return _body({"data": {"id": ad_set_id, "type": "AdSetAudience", "attributes": {"audienceId": audience_id}}})


def read_segment(item: Any) -> RemoteSegment:
    """A segment of any type."""
    attributes = _attributes(item)
    return RemoteSegment(
        id=read_id(item),
        name=_text(attributes.get("name")) or "",
        description=_text(attributes.get("description")),
        type=_text(attributes.get("type")) or "Unknown",
    )


def read_audience(item: Any) -> RemoteAudience:
    """An audience, whatever its algebra."""
    attributes = _attributes(item)
    return RemoteAudience(
        id=read_id(item),
        name=_text(attributes.get("name")) or "",
        description=_text(attributes.get("description")),
        targeting=algebra.decode(attributes.get("algebra")),
        ad_sets=frozenset(map(str, _list(attributes.get("adSetIds") or []))),
    )


def read_ad_set(item: Any) -> RemoteAdSet:
    """An ad set."""
    return RemoteAdSet(id=read_id(item), name=_text(_attributes(item).get("name")) or "")


def read_items(envelope: Envelope) -> list[Any]:
    """The resources of a list answer; null is none."""
    return _list(envelope.data if envelope.data is not None else [])


def read_done(envelope: Envelope) -> None:
    """The answer to a call that changes one thing; that it comes with data is all that is asked of it."""
    if envelope.status != httpx.codes.NO_CONTENT and not isinstance(envelope.data, dict):
        raise MalformedError("The data are missing.")


def read_ids(envelope: Envelope, keys: Sequence[str]) -> dict[str, None]:
    """The ids of the items that a bulk call has done: all of them where the answer is a 204, as deletions may be."""
    if envelope.status == httpx.codes.NO_CONTENT:
        return dict.fromkeys(keys)
    return {read_id(item): None for item in read_items(envelope)}


def read_ids_by_name(envelope: Envelope, _: Sequence[str]) -> dict[str, str]:
    """The ids of what a bulk call has created, by name."""
    return {_text(_attributes(item).get("name")) or "": read_id(item) for item in read_items(envelope)}


def read_amended(envelope: Envelope) -> Amended:
    """Criteo's counts of one contact-list call. The sample of invalid identifiers in the answer is never read."""
    attributes = _attributes(envelope.data)
    valid, invalid = attributes.get("nbValidIdentifiers"), attributes.get("nbInvalidIdentifiers")
    if not isinstance(valid, int) or not isinstance(invalid, int):
        raise MalformedError("The counts of identifiers are missing.")
    return Amended(valid=valid, invalid=invalid)


def _parsed(response: httpx.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        if response.is_success:
            # The parser's exception holds the body.
            raise MalformedError("The body is no JSON.") from None
        return None


def _body(content: Mapping[str, Any]) -> Body:
    return Body(json.dumps(content, separators=(",", ":")).encode())


def _new(kind: str, advertiser: str, draft: SegmentDraft | AudienceDraft, **more: Any) -> dict[str, Any]:
    """An item of a create call, where everything is plain."""
    attributes = {"advertiserId": advertiser, "name": draft.name, "description": draft.description, **more}
    return {"type": kind, "attributes": _given(attributes)}


def _changed(kind: str, draft: SegmentDraft | AudienceDraft, **more: Any) -> dict[str, Any]:
    """An item of an update call, where a nullable attribute is wrapped."""
    description = None if draft.description is None else {"value": draft.description}
    attributes = {"name": draft.name, "description": description, **more}
    return {"id": draft.id, "type": kind, "attributes": _given(attributes)}


def _algebra(draft: AudienceDraft) -> dict[str, Any]:
    return {"algebra": algebra.encode(draft.targeting) if draft.targeting is not None else None}


def _given(attributes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if value is not None}


def _attributes(item: Any) -> dict[str, Any]:
    attributes = item.get("attributes") if isinstance(item, dict) else None
    if not isinstance(attributes, dict):
        raise MalformedError("A resource has no attributes.")
    return attributes


def read_id(item: Any) -> str:
    """The id of a resource of any kind."""
    given = item.get("id") if isinstance(item, dict) else None
    if not isinstance(given, str | int) or isinstance(given, bool) or given == "":
        raise MalformedError("A resource has no id.")
    return str(given)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise MalformedError("A list is missing.")
    return value
