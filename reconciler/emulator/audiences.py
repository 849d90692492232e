"""Audiences: search, create, update, delete and sizes (Criteo's audience API 2026-07)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.emulator import algebra, bulk_calls, provided, searches, sizes
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
from reconciler.emulator.responses import Answer, RefusedError, invalid
from reconciler.emulator.world import Audience, Event, World, put_audience


def search(call: Call) -> Answer:
    """Find audiences by id, advertiser, ad set and the segments in their algebra."""
    wanted = searches.filters(call, {"audienceIds": call.world.audiences})
    linked = _linked_ad_sets(call.world)
    found = [
        audience
        for audience in call.world.audiences.values()
        if allows(wanted.get("audienceIds"), audience.id)
        and allows(wanted.get("advertiserIds"), audience.advertiser)
        and _meets(wanted.get("adSetIds"), linked.get(audience.id, []))
        and _meets(wanted.get("audienceSegmentIds"), algebra.segments_of(audience.algebra))
    ]
    return searches.answer(call, found, lambda audience: resource(audience, linked.get(audience.id, [])), wanted)


def create(call: Call) -> Answer:
    """Create audiences from segments of the same advertiser."""
    for item in call.body["data"]:
        check_advertiser(call, item["attributes"]["advertiserId"])
    return bulk_calls.carry_out(call, lambda item: _create(call, item))


def update(call: Call) -> Answer:
    """Change names, descriptions and algebras; an algebra is replaced whole."""
    return bulk_calls.carry_out(call, lambda item: _update(call, item))


def delete(call: Call) -> Answer:
    """Delete audiences that no ad set targets, or as the switches say."""
    answer = bulk_calls.carry_out(call, lambda item: _delete(call, item))
    if call.switches.audiences_deleted == 200 or not isinstance(answer.body, Mapping):
        return answer
    failed = answer.body["errors"] or answer.body["warnings"]
    return answer if failed else Answer(status=204)


def compute_sizes(call: Call) -> Answer:
    """Tell how many people each audience holds, as of the last processing run."""
    return bulk_calls.carry_out(call, lambda item: _compute_size(call, item))


def resource(audience: Audience, ad_sets: list[str]) -> dict[str, Any]:
    """Write an audience, with the ad sets that target it, as Criteo does."""
    attributes = {
        "name": audience.name,
        "description": audience.description,
        "createdAt": iso(audience.created_at),
        "updatedAt": iso(audience.updated_at),
        "advertiserId": audience.advertiser,
        "adSetIds": ad_sets,
        "algebra": audience.algebra,
    }
    return {"id": audience.id, "type": "Audience", "attributes": attributes}


def _linked_ad_sets(world: World) -> dict[str, list[str]]:
    linked: dict[str, list[str]] = {}
    for ad_set, audience in sorted(world.links.items()):
        linked.setdefault(audience, []).append(ad_set)
    return linked


def _meets(wanted: list[str] | None, values: Any) -> bool:
    return wanted is None or not set(wanted).isdisjoint(values)


def _find(call: Call, audience_id: str) -> Audience:
    call.touched.audiences.add(audience_id)
    audience = call.world.audiences.get(audience_id)
    if audience is None:
        raise not_found("Audience", audience_id)
    return audience


def _create(call: Call, item: Mapping[str, Any]) -> dict[str, Any]:
    attributes = item["attributes"]
    advertiser = attributes["advertiserId"]
    check_texts(call, attributes["name"], attributes.get("description"), "Audience")
    check_name(attributes["name"], _names(call, advertiser), "Audience")
    check_algebra(call, attributes["algebra"], advertiser)
    audience = Audience(
        id=call.world.take_audience_id(),
        advertiser=advertiser,
        name=attributes["name"],
        description=attributes.get("description"),
        algebra=attributes["algebra"],
        created_at=call.now,
        updated_at=call.now,
    )
    call.touched.audiences.add(audience.id)
    call.commit(put_audience(audience))
    return bulk_calls.changed(call, resource(audience, []))


def _update(call: Call, item: Mapping[str, Any]) -> dict[str, Any]:
    attributes = item["attributes"]
    audience = _find(call, item["id"])
    name = attributes.get("name", audience.name)
    description = new_description(call, audience.description, attributes)
    check_texts(call, name, description, "Audience")
    check_name(name, _names(call, audience.advertiser, audience.id), "Audience")
    tree = attributes.get("algebra", audience.algebra)
    if "algebra" in attributes:
        check_algebra(call, tree, audience.advertiser)
    changed = replace(
        audience,
        name=name,
        description=description,
        algebra=tree,
        updated_at=call.now,
    )
    call.commit(put_audience(changed))
    return bulk_calls.changed(call, resource(changed, call.world.ad_sets_of(audience.id)))


def _delete(call: Call, item: Mapping[str, Any]) -> dict[str, Any]:
    done = {"id": item["id"], "type": "Audience"}
    if call.switches.delete_unknown == "ok" and item["id"] not in call.world.audiences:
        return done
    audience = _find(call, item["id"])
    # Criteo shows the link of an ad set by its audience alone: one to a deleted audience could not be told from none.
    if call.switches.delete_in_use == "reject" and call.world.ad_sets_of(audience.id):
        raise in_use("Audience", f"Audience {audience.id} is targeted by an ad set")
    call.commit(Event(name="audience deleted", at=call.now, values={"id": audience.id}))
    return done


def _compute_size(call: Call, item: Mapping[str, Any]) -> dict[str, Any]:
    audience = _find(call, item["id"])
    size = sizes.of_algebra(call, audience.algebra)
    return {"id": audience.id, "type": "AudienceSize", "attributes": {"size": size}}


def check_algebra(call: Call, tree: Mapping[str, Any] | None, advertiser: str) -> None:
    """Raise `RefusedError` for a tree that is malformed or names a segment of nobody here."""
    fault = algebra.fault_of(tree, call.switches.algebra_lists, call.switches.algebra_nodes)
    if fault is None and tree and call.switches.algebra != "any":
        levels = algebra.BUILDER_LEVELS if call.switches.algebra == "builder_rules" else None
        fault = algebra.builder_fault_of(tree, levels)
    if fault is not None:
        raise invalid("Algebra is invalid", fault, field="attributes.algebra")
    known = provided.segments(call)
    for segment_id in algebra.segments_of(tree or {}):
        call.touched.segments.add(segment_id)
        segment = known.get(segment_id)
        if segment is None or segment.advertiser != advertiser:
            raise _unknown_in_algebra(call, segment_id)


def _unknown_in_algebra(call: Call, segment_id: str) -> RefusedError:
    refusal = not_found("Segment", segment_id)
    return RefusedError(replace(refusal.problem, code=call.switches.unknown_in_algebra))


def _names(call: Call, advertiser: str, but: str = "") -> list[str]:
    """Return the names that are taken by an advertiser's audiences, other than the one called `but`."""
    if call.switches.audience_names == "free":
        return []
    return [
        audience.name
        for audience in call.world.audiences.values()
        if audience.advertiser == advertiser and audience.id != but
    ]
