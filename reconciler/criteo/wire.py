"""Segments, their lists, and audiences: Criteo's JSON ↔ our types (Criteo's audience API 2026-07).

What we do not know is tolerated and carried: attributes, enum values, types of segment. What we need and do not find is
a MalformedError.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from reconciler.criteo import algebra
from reconciler.criteo.envelope import (
    Body,
    Envelope,
    MalformedError,
    attributes_of,
    body,
    list_of,
    others_of,
    read_id,
    read_items,
    text_of,
)
from reconciler.criteo.kinds import changed_kind, new_kind, read_kind
from reconciler.model.identifiers import Direction, Identifiers
from reconciler.model.remote import Amended, AudienceDraft, RemoteAudience, RemoteSegment, SegmentDraft

SEGMENT = "AudienceSegment"
AUDIENCE = "Audience"

_ID_FILTERS = {SEGMENT: "audienceSegmentIds", AUDIENCE: "audienceIds"}


def search_body(kind: str, advertiser: str, ids: Sequence[str] | None = None) -> Body:
    """Everything of one advertiser, or what of it has these ids."""
    wanted = {} if ids is None else {_ID_FILTERS[kind]: list(ids)}
    return body({"data": {"type": kind, "attributes": {"advertiserIds": [advertiser], **wanted}}})


def new_segments_body(advertiser: str, drafts: Sequence[SegmentDraft]) -> Body:
    """Contact lists and segments of Criteo's own kinds to create."""
    return body({"data": [_new(SEGMENT, advertiser, draft, **_new_kind(draft)) for draft in drafts]})


def new_audiences_body(advertiser: str, drafts: Sequence[AudienceDraft]) -> Body:
    """Audiences to create. Raises ValueError for one without targeting."""
    return body({"data": [_new(AUDIENCE, advertiser, draft, **_algebra(draft)) for draft in drafts]})


def changed_segments_body(drafts: Sequence[SegmentDraft]) -> Body:
    """What to change of segments; what is left out stays."""
    return body({"data": [_changed(SEGMENT, draft, **_changed_kind(draft)) for draft in drafts]})


def changed_audiences_body(drafts: Sequence[AudienceDraft]) -> Body:
    """What to change of audiences; what is left out stays, and an algebra replaces the whole tree."""
    return body({"data": [_changed(AUDIENCE, draft, **_algebra(draft)) for draft in drafts]})


def ids_body(kind: str, ids: Sequence[str]) -> Body:
    """Things to delete."""
    return body({"data": [{"id": each, "type": kind} for each in ids]})


def amendment_body(direction: Direction, identifiers: Identifiers) -> Body:
    """One contact-list call, which takes identifiers of one type. Hex needs no escaping: it is put in as a whole."""
    attributes = {"operation": direction, "identifierType": identifiers.type, "identifiers": [""]}
    around = body({"data": {"type": "ContactlistAmendment", "attributes": attributes}}).content
    listed = '","'.join([digest.hex() for digest in identifiers.digests])
    return Body(around.replace(b'[""]', f'["{listed}"]'.encode()))


def read_segment(item: Any) -> RemoteSegment:
    """A segment of any type."""
    attributes = attributes_of(item)
    return RemoteSegment(
        id=read_id(item),
        name=text_of(attributes.get("name")) or "",
        description=text_of(attributes.get("description")),
        type=text_of(attributes.get("type")) or "Unknown",
        kind=read_kind(attributes),
        others=others_of(attributes, "name", "description", "type"),
    )


def read_audience(item: Any) -> RemoteAudience:
    """An audience, whatever its algebra."""
    attributes = attributes_of(item)
    targeting = algebra.decode(attributes.get("algebra"))
    return RemoteAudience(
        id=read_id(item),
        name=text_of(attributes.get("name")) or "",
        description=text_of(attributes.get("description")),
        targeting=targeting,
        ad_sets=frozenset(map(str, list_of(attributes.get("adSetIds") or []))),
        mentioned=frozenset() if targeting else algebra.mentioned(attributes.get("algebra")),
        others=others_of(attributes, "name", "description", "algebra", "adSetIds"),
    )


def read_ids(envelope: Envelope, keys: Sequence[str]) -> dict[str, None]:
    """The ids of the items that a bulk call has done: all of them where the answer is a 204, as deletions may be."""
    if envelope.status == httpx.codes.NO_CONTENT:
        return dict.fromkeys(keys)
    return {read_id(item): None for item in read_items(envelope)}


def read_ids_by_name(envelope: Envelope, _: Sequence[str]) -> dict[str, str]:
    """The ids of what a bulk call has created, by name, as far as the answer has names."""
    return {name: read_id(item) for item in read_items(envelope) if (name := _name(item)) is not None}


def read_unnamed_ids(envelope: Envelope) -> list[str]:
    """The ids of what a bulk call has created and the answer tells nothing else of.

    Criteo's words on creation speak of ids alone, its schema has whole resources (its audience API 2026-07).
    """
    return [read_id(item) for item in read_items(envelope) if _name(item) is None]


def read_amended(envelope: Envelope) -> Amended:
    """Criteo's counts of one contact-list call. The sample of invalid identifiers in the answer is never read."""
    attributes = attributes_of(envelope.data)
    valid, invalid = attributes.get("nbValidIdentifiers"), attributes.get("nbInvalidIdentifiers")
    if not isinstance(valid, int) or not isinstance(invalid, int):
        raise MalformedError("The counts of identifiers are missing.")
    return Amended(valid=valid, invalid=invalid)


def _name(item: Any) -> str | None:
    attributes = item.get("attributes") if isinstance(item, dict) else None
    return text_of(attributes.get("name")) if isinstance(attributes, dict) else None


def _new(kind: str, advertiser: str, draft: SegmentDraft | AudienceDraft, **more: Any) -> dict[str, Any]:
    """An item of a create call, where everything is plain."""
    attributes = {"advertiserId": advertiser, "name": draft.name, "description": draft.description, **more}
    return {"type": kind, "attributes": _given(attributes)}


def _changed(kind: str, draft: SegmentDraft | AudienceDraft, **more: Any) -> dict[str, Any]:
    """An item of an update call, where a nullable attribute is wrapped."""
    description = None if draft.description is None else {"value": draft.description}
    attributes = {"name": draft.name, "description": description, **more}
    return {"id": draft.id, "type": kind, "attributes": _given(attributes)}


def _new_kind(draft: SegmentDraft) -> dict[str, Any]:
    return {"contactList": {}} if draft.kind is None else new_kind(draft.kind)


def _changed_kind(draft: SegmentDraft) -> dict[str, Any]:
    return {} if draft.kind is None else changed_kind(draft.kind)


def _algebra(draft: AudienceDraft) -> dict[str, Any]:
    return {"algebra": algebra.encode(draft.targeting) if draft.targeting is not None else None}


def _given(attributes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if value is not None}
