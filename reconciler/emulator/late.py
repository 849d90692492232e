"""A change that comes later than its answer: the world may have moved on, and then it comes to nothing."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.emulator.algebra import segments_of
from reconciler.emulator.world import Audience, Event, Segment, World


def still_possible(world: World, event: Event) -> bool:
    """Tell whether Criteo would still carry out a change that it took in earlier.

    What was deleted meanwhile does not come back, names stay unique, and what is in use stays.
    """
    values = event.values
    if event.name == "segment":
        return _can_be(values["id"], values, world.segments, world.gone_segments)
    if event.name == "audience":
        there = set(segments_of(values["algebra"])) <= world.segments.keys()
        return there and _can_be(values["id"], values, world.audiences, world.gone_audiences)
    if event.name == "segment deleted":
        return not any(values["id"] in segments_of(audience.algebra) for audience in world.audiences.values())
    if event.name == "audience deleted":
        return values["id"] not in world.links.values()
    if event.name == "link":
        return values["audience"] is None or values["audience"] in world.audiences
    return True


def _can_be(
    number: str, values: Mapping[str, object], held: Mapping[str, Segment] | Mapping[str, Audience], gone: set[str]
) -> bool:
    return number not in gone and not any(
        other.id != number and (other.advertiser, other.name) == (values["advertiser"], values["name"])
        for other in held.values()
    )
