"""Audience segments: search, create, update, delete and sizes (Criteo's audience API 2026-07)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any
from zlib import crc32

from reconciler.emulator.algebra import segments_of
from reconciler.emulator.calls import (
    Call,
    allows,
    check_advertiser,
    check_name,
    filters,
    new_description,
    not_found,
    page,
)
from reconciler.emulator.clock import iso
from reconciler.emulator.responses import Answer, Problem, RefusedError, bulk, invalid
from reconciler.emulator.world import Event, Segment, World, put_segment

TYPES = {
    "inMarket": "InMarket",
    "prospecting": "Prospecting",
    "contactList": "ContactList",
    "location": "Location",
    "retargeting": "Retargeting",
    "lookalike": "Lookalike",
}
"""The attribute that makes each type of segment; behavioural ones are made by Criteo alone."""

DEFINITIONS = (*TYPES, "behavioral")
DECIMALS_OF_A_PLACE = 5
LOOKALIKE_SIZE = 1_000_000


def search(call: Call) -> Answer:
    """Find segments by id, advertiser and type; ids that are not there are passed over."""
    wanted = filters(call)
    found = [
        segment
        for segment in call.world.segments.values()
        if allows(wanted.get("audienceSegmentIds"), segment.id)
        and allows(wanted.get("advertiserIds"), segment.advertiser)
        and allows(wanted.get("audienceSegmentTypes"), segment.type)
    ]
    return page(call, found, resource)


def create(call: Call) -> Answer:
    """Create segments; each item is exactly one type of segment."""
    for item in call.body["data"]:
        check_advertiser(call, item["attributes"]["advertiserId"])
    return bulk(call.body["data"], lambda item: _create(call, item), call.path, call.failed_items)


def update(call: Call) -> Answer:
    """Change names, descriptions and definitions; the type stays what it is."""
    return bulk(call.body["data"], lambda item: _update(call, item), call.path, call.failed_items)


def delete(call: Call) -> Answer:
    """Delete segments that no audience uses and no lookalike grows from."""
    used = {segment for audience in call.world.audiences.values() for segment in segments_of(audience.algebra)}
    return bulk(call.body["data"], lambda item: _delete(call, item, used), call.path, call.failed_items)


def compute_sizes(call: Call) -> Answer:
    """Tell how many people each segment holds, as of the last processing run."""
    return bulk(call.body["data"], lambda item: _compute_size(call, item), call.path, call.failed_items)


def resource(segment: Segment) -> dict[str, Any]:
    """Write a segment as Criteo does: every type's attribute is there, all but one null."""
    definitions: dict[str, Any] = dict.fromkeys(DEFINITIONS)
    attribute = next(name for name, made in TYPES.items() if made == segment.type)
    definitions[attribute] = dict(segment.definition)
    attributes = {
        "name": segment.name,
        "description": segment.description,
        "type": segment.type,
        "createdAt": iso(segment.created_at),
        "updatedAt": iso(segment.updated_at),
        "advertiserId": segment.advertiser,
        **definitions,
    }
    return {"id": segment.id, "type": "AudienceSegment", "attributes": attributes}


def size_of(call: Call, segment_id: str) -> int:
    """Return a segment's size: the matches of a list, and a made-up constant for other types."""
    segment = call.world.segments.get(segment_id)
    if segment is None:
        return 0
    if segment.type == "ContactList":
        count = call.world.contact_lists[segment_id].count_at_run(call.now)
        return int(count * call.switches.match_rate)
    if segment.type == "Lookalike":
        return int(segment.definition.get("targetSize") or LOOKALIKE_SIZE)
    return 10_000 + crc32(f"{segment.type} {segment.id}".encode()) % 990_000


def find(call: Call, segment_id: str) -> Segment:
    """Return a segment; raises `RefusedError` when there is none."""
    call.touched.segments.add(segment_id)
    segment = call.world.segments.get(segment_id)
    if segment is None:
        raise not_found("Segment", segment_id)
    return segment


def _create(call: Call, item: Mapping[str, Any]) -> dict[str, Any]:
    attributes = item["attributes"]
    advertiser = attributes["advertiserId"]
    check_name(attributes["name"], _names(call.world, advertiser), "Segment")
    given = [name for name in TYPES if name in attributes]
    if len(given) != 1:
        raise invalid("Segment type is invalid", f"Give exactly one of {', '.join(TYPES)}")
    segment = Segment(
        id=call.world.take_segment_id(),
        advertiser=advertiser,
        name=attributes["name"],
        description=attributes.get("description"),
        type=TYPES[given[0]],
        definition=_definition(call, given[0], attributes[given[0]]),
        created_at=call.now,
        updated_at=call.now,
    )
    call.touched.segments.add(segment.id)
    call.commit(put_segment(segment))
    return resource(segment)


def _definition(call: Call, attribute: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the attributes that a new segment is read back with."""
    if attribute == "contactList":
        return {"isReadOnly": False}
    if attribute == "lookalike" and given["seedSegmentId"] not in call.world.segments:
        raise not_found("Segment", given["seedSegmentId"])
    if attribute == "location":
        return {"registryType": "PointOfInterest", **_rounded(given)}
    return given


def _rounded(location: Mapping[str, Any]) -> dict[str, Any]:
    """Round coordinates, as Criteo keeps five decimals of them."""
    if "pointsOfInterest" not in location:
        return dict(location)
    points = [
        {
            name: round(value, DECIMALS_OF_A_PLACE) if isinstance(value, float) else value
            for name, value in point.items()
        }
        for point in location["pointsOfInterest"]
    ]
    return {**location, "pointsOfInterest": points}


def _update(call: Call, item: Mapping[str, Any]) -> dict[str, Any]:
    attributes = item["attributes"]
    segment = find(call, item["id"])
    name = attributes.get("name", segment.name)
    check_name(name, _names(call.world, segment.advertiser, segment.id), "Segment")
    given = [name for name in TYPES if name in attributes and name != "contactList"]
    if any(TYPES[attribute] != segment.type for attribute in given):
        raise invalid("Segment type is invalid", f"Segment {segment.id} is of another type")
    changes = _rounded(_unwrapped(attributes[given[0]])) if given else {}
    changed = replace(
        segment,
        name=name,
        description=new_description(segment.description, attributes),
        definition={**segment.definition, **changes},
        updated_at=call.now,
    )
    call.commit(put_segment(changed))
    return resource(changed)


def _unwrapped(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Take the values of nullable fields, gender and days, out of their `{"value": …}`."""
    return {
        name: (value or {}).get("value") if value is None or isinstance(value, dict) else value
        for name, value in definition.items()
    }


def _delete(call: Call, item: Mapping[str, Any], used: Set[str]) -> dict[str, Any]:
    segment = find(call, item["id"])
    grown = [
        other
        for other in call.world.segments.values()
        if other.type == "Lookalike" and other.definition.get("seedSegmentId") == segment.id
    ]
    if grown or segment.id in used:
        raise RefusedError(
            Problem(
                code="segment-in-use",
                title="Segment is in use",
                detail=f"Segment {segment.id} is used by an audience or a lookalike",
            )
        )
    call.commit(Event(name="segment deleted", at=call.now, values={"id": segment.id}))
    return {"id": segment.id, "type": "AudienceSegment"}


def _compute_size(call: Call, item: Mapping[str, Any]) -> dict[str, Any]:
    segment = find(call, item["id"])
    attributes = {"size": size_of(call, segment.id)}
    return {"id": segment.id, "type": "AudienceSegmentSize", "attributes": attributes}


def _names(world: World, advertiser: str, but: str = "") -> list[str]:
    """Return the names of an advertiser's segments, other than the one called `but`."""
    return [
        segment.name for segment in world.segments.values() if segment.advertiser == advertiser and segment.id != but
    ]
