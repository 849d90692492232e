"""Audience segments: search, create, update, delete and sizes (Criteo's audience API 2026-07)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from reconciler.emulator import algebra, bulk_calls, kind_rules, provided, searches, sizes
from reconciler.emulator.calls import (
    Call,
    allows,
    check_advertiser,
    check_name,
    check_texts,
    in_use,
    new_description,
    not_found,
)
from reconciler.emulator.clock import iso
from reconciler.emulator.known import known
from reconciler.emulator.responses import Answer, invalid
from reconciler.emulator.world import Event, Segment, World, put_audience, put_segment

TYPES = {
    "inMarket": "InMarket",
    "prospecting": "Prospecting",
    "contactList": "ContactList",
    "location": "Location",
    "retargeting": "Retargeting",
    "lookalike": "Lookalike",
}
"""The attribute that makes each type of segment; behavioural ones are made by Criteo alone."""

_NULLABLE = {"InMarket": ("gender",), "Prospecting": ("daysSinceLastVisitMin", "daysSinceLastVisitMax")}
"""The attributes of a definition that an update can take back to null (Criteo's audience API 2026-07)."""

ATTRIBUTES = (*TYPES, "behavioral")
DECIMALS_OF_A_PLACE = 5


def search(call: Call) -> Answer:
    """Find segments by id, advertiser and type; ids that are not there are passed over."""
    known = provided.segments(call)
    wanted = searches.filters(call, {"audienceSegmentIds": known})
    found = [
        segment
        for segment in known.values()
        if allows(wanted.get("audienceSegmentIds"), segment.id)
        and allows(wanted.get("advertiserIds"), segment.advertiser)
        and allows(wanted.get("audienceSegmentTypes"), segment.type)
    ]
    return searches.answer(call, found, lambda segment: resource(call, segment), wanted)


def create(call: Call) -> Answer:
    """Create segments; each item is exactly one type of segment."""
    for item in call.body["data"]:
        check_advertiser(call, item["attributes"]["advertiserId"])
    return bulk_calls.carry_out(call, lambda item: _create(call, item))


def update(call: Call) -> Answer:
    """Change names, descriptions and definitions; the type stays what it is."""
    return bulk_calls.carry_out(call, lambda item: _update(call, item))


def delete(call: Call) -> Answer:
    """Delete segments that no audience uses and no lookalike grows from, or as the switches say."""
    used = {each for audience in call.world.audiences.values() for each in algebra.segments_of(audience.algebra)}
    return bulk_calls.carry_out(call, lambda item: _delete(call, item, used))


def compute_sizes(call: Call) -> Answer:
    """Tell how many people each segment holds, as of the last processing run."""
    return bulk_calls.carry_out(call, lambda item: _compute_size(call, item))


def resource(call: Call, segment: Segment) -> dict[str, Any]:
    """Write a segment as Criteo does: every type's attribute is there, all but one null."""
    attributes = {
        "name": segment.name,
        "description": segment.description,
        "type": segment.type,
        "createdAt": iso(segment.created_at),
        "updatedAt": iso(segment.updated_at),
        "advertiserId": segment.advertiser,
        **dict.fromkeys(ATTRIBUTES),
    }
    if call.switches.filter_based == "on":
        attributes["filterBased"] = None
    attributes[segment.type[0].lower() + segment.type[1:]] = dict(segment.definition)
    return {"id": segment.id, "type": "AudienceSegment", "attributes": attributes}


def find(call: Call, segment_id: str) -> Segment:
    """Return a segment; raises `RefusedError` when there is none."""
    call.touched.segments.add(segment_id)
    segment = provided.segments(call).get(segment_id)
    if segment is None:
        raise not_found("Segment", segment_id)
    return segment


def _find_own(call: Call, segment_id: str) -> Segment:
    """Return a segment that a client made; raises `RefusedError` for one of Criteo's own."""
    segment = find(call, segment_id)
    if segment_id not in call.world.segments:
        raise invalid("Segment is read-only", f"Segment {segment_id} is provided by Criteo")
    return segment


def _create(call: Call, item: Mapping[str, Any]) -> dict[str, Any]:
    attributes = item["attributes"]
    advertiser = attributes["advertiserId"]
    check_texts(call, attributes["name"], attributes.get("description"), "Segment")
    check_name(attributes["name"], _names(call.world, advertiser), "Segment")
    given = [name for name in TYPES if name in attributes]
    if not given or (len(given) > 1 and call.switches.several_types == "refuse"):
        raise invalid("Segment type is invalid", f"Give exactly one of {', '.join(TYPES)}")
    segment = Segment(
        id=call.world.take_segment_id(),
        advertiser=advertiser,
        name=attributes["name"],
        description=attributes.get("description"),
        type=TYPES[given[0]],
        definition=_definition(call, advertiser, given[0], known(given[0], attributes[given[0]])),
        created_at=call.now,
        updated_at=call.now,
    )
    call.touched.segments.add(segment.id)
    call.commit(put_segment(segment))
    return bulk_calls.changed(call, resource(call, segment))


def _definition(call: Call, advertiser: str, attribute: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the attributes that a new segment is read back with."""
    if attribute == "contactList":
        return {"isReadOnly": False}
    kind_rules.check_definition(call, attribute, given)
    if attribute == "lookalike":
        kind_rules.check_seed(call, _find_seed(call, advertiser, given["seedSegmentId"]))
    if attribute == "location":
        return {"registryType": "PointOfInterest", **_rounded(given)}
    return given


def _find_seed(call: Call, advertiser: str, seed: str) -> Segment:
    """Return the segment that a lookalike grows from; raises `RefusedError` for none, and for another advertiser's."""
    segment = find(call, seed)
    if segment.advertiser != advertiser:
        raise not_found("Segment", seed)
    return segment


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
    segment = _find_own(call, item["id"])
    name = attributes.get("name", segment.name)
    description = new_description(call, segment.description, attributes)
    check_texts(call, name, description, "Segment")
    check_name(name, _names(call.world, segment.advertiser, segment.id), "Segment")
    given = [name for name in TYPES if name in attributes and name != "contactList"]
    if any(TYPES[attribute] != segment.type for attribute in given):
        raise invalid("Segment type is invalid", f"Segment {segment.id} is of another type")
    changes = _rounded(_unwrapped(known(given[0], attributes[given[0]], changed=True))) if given else {}
    definition = {**segment.definition, **_cleared(call, segment.type, given), **changes}
    kind_rules.check_definition(call, given[0] if given else "", definition)
    changed = replace(
        segment,
        name=name,
        description=description,
        definition=definition,
        updated_at=call.now,
    )
    call.commit(put_segment(changed))
    return bulk_calls.changed(call, resource(call, changed))


def _cleared(call: Call, kind: str, given: list[str]) -> dict[str, None]:
    """Return the nullable attributes of a definition as an update that leaves them out makes them."""
    if call.switches.left_out == "unchanged" or not given:
        return {}
    return dict.fromkeys(_NULLABLE.get(kind, ()))


def _unwrapped(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Take the values of nullable fields, gender and days, out of their `{"value": …}`."""
    return {
        name: (value or {}).get("value") if value is None or isinstance(value, dict) else value
        for name, value in definition.items()
    }


def _delete(call: Call, item: Mapping[str, Any], used: Set[str]) -> dict[str, Any]:
    done = {"id": item["id"], "type": "AudienceSegment"}
    if call.switches.delete_unknown == "ok" and item["id"] not in provided.segments(call):
        return done
    segment = _find_own(call, item["id"])
    if segment.id in used or _seeds(call.world, segment.id):
        _let_go(call, segment)
    call.commit(Event(name="segment deleted", at=call.now, values={"id": segment.id}))
    return done


def _seeds(world: World, segment_id: str) -> bool:
    """Tell whether a lookalike grows from a segment."""
    return any(
        other.type == "Lookalike" and other.definition.get("seedSegmentId") == segment_id
        for other in world.segments.values()
    )


def _let_go(call: Call, segment: Segment) -> None:
    """Make a segment in use fit to be deleted, as the switches say; raises `RefusedError` where it cannot be."""
    refusal = in_use("Segment", f"Segment {segment.id} is used by an audience or a lookalike")
    if call.switches.delete_in_use == "reject":
        raise refusal
    if call.switches.delete_in_use == "leave":
        return
    users = [
        audience for audience in call.world.audiences.values() if segment.id in algebra.segments_of(audience.algebra)
    ]
    trees = [algebra.without(audience.algebra, segment.id) for audience in users]
    if None in trees:
        raise refusal
    for audience, tree in zip(users, trees, strict=True):
        call.commit(put_audience(replace(audience, algebra=tree or {}, updated_at=call.now)))


def _compute_size(call: Call, item: Mapping[str, Any]) -> dict[str, Any]:
    segment = find(call, item["id"])
    attributes = {"size": sizes.of_segment(call, segment)}
    return {"id": segment.id, "type": "AudienceSegmentSize", "attributes": attributes}


def _names(world: World, advertiser: str, but: str = "") -> list[str]:
    """Return the names of an advertiser's segments, other than the one called `but`."""
    return [
        segment.name for segment in world.segments.values() if segment.advertiser == advertiser and segment.id != but
    ]
