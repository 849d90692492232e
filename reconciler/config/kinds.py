"""`criteo` and `criteo_id` of a segment → one of Criteo's own kinds, with what the schema can't say checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from itertools import combinations

from reconciler.config.context import Context
from reconciler.config.nodes import Node
from reconciler.config.scalars import shown
from reconciler.model.address import Address, criteo_address, segment_address
from reconciler.model.kinds import ATTRIBUTES, KINDS, MAX, MIN, Attribute, Kind, KindName, Point, Value, rounded
from reconciler.model.settings import Place
from reconciler.model.workspace import SegmentConfig

NOBODY_KNOWS = "is one of Criteo's own segments, and nobody but Criteo knows who is in it"


def read_kind(node: Node, context: Context) -> Kind | None:
    """What `criteo` says; None where there is none of it, or something is wrong with it."""
    criteo = node.get("criteo")
    if criteo is None or context.problems.broken(criteo):
        return None
    name, given = next((name, child) for name in KINDS if (child := criteo.get(name)) is not None)
    kind = Kind.of(name, dict(_attributes(name, given)), _seed(given, context))
    _check(kind, given, context)
    return kind


def places_of_kind(node: Node) -> dict[str, Place]:
    """Where the attributes of `criteo` stand, as `criteo.NAME`, and each item of a list, as `criteo.NAME=ITEM`."""
    found: dict[str, Place] = {}
    criteo = node.get("criteo")
    for _, given in criteo.entries() if criteo is not None else ():
        for name, child in given.entries():
            found[f"criteo.{name}"] = child.place
            found |= {f"criteo.{name}={item.raw}": item.place for item in child.items() if item.raw}
    return found


def _attributes(name: KindName, given: Node) -> Iterator[tuple[str, Value]]:
    for attribute in ATTRIBUTES[name]:
        child = given.get(attribute.name)
        if child is not None:
            yield attribute.name, _value(attribute, child)


def _value(attribute: Attribute, node: Node) -> Value:
    if attribute.form == "number":
        return int(node.raw)
    if attribute.form == "word":
        return node.raw
    if attribute.form == "set":
        return tuple(sorted({item.raw for item in node.items()}))
    return tuple(sorted({_point(item) for item in node.items()}))


def _point(node: Node) -> Point:
    latitude, longitude = (rounded(Decimal(node.find([name]).raw)) for name in ("latitude", "longitude"))
    return Point(node.find(["name"]).raw, latitude, longitude)


def _seed(given: Node, context: Context) -> Address | None:
    """The address of a lookalike's seed; None where it has none, or with a problem."""
    by_id, seed = given.get("seedSegmentId"), given.get("seed")
    if by_id is not None:
        return criteo_address(by_id.raw)
    found = context.refer(seed) if seed is not None else None
    if seed is None or found is None:
        return None
    key, part = found
    known = context.segments[key].get("criteo_id")
    if known is not None:
        return criteo_address(known.raw)
    if context.slices(key) and not part:
        names = " or ".join(f"`{key}.{each}`" for each in context.slices(key))
        context.problems.add(seed, f"segment `{key}` has slices, and a lookalike grows from one list: name {names}")
    return segment_address(key, part)


def _check(kind: Kind, given: Node, context: Context) -> None:
    values = kind.values
    least, most = values.get(MIN), values.get(MAX)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        context.problems.add(given.find([MAX]), f"no visit is at least {least} and at most {most} days ago")
    if values.get("usersType") == "Prospects":
        for name in (MIN, MAX):
            if (child := given.get(name)) is not None:
                message = "has no effect with `usersType: Prospects`, who never visited; remove it"
                context.problems.add(child, message, at_key=True)
    if (country := given.get("country")) is not None:
        _check_country(country, context)
    if (points := given.get("pointsOfInterest")) is not None:
        _refuse_twice(points, context)


def _check_country(node: Node, context: Context) -> None:
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - only where a country is named

    if node.raw not in SUPPORTED_REGIONS:
        hint = " (the United Kingdom is `GB`)" if node.raw == "UK" else ""
        context.problems.add(node, f"`{shown(node.raw)}` is no country{hint}")


def _refuse_twice(node: Node, context: Context) -> None:
    for one, other in combinations(node.items(), 2):
        if _point(one) == _point(other):
            context.problems.add(other, f"is the same place as {one.path}: Criteo keeps five decimals")


def check_kinds(segments: Mapping[str, SegmentConfig], context: Context) -> None:
    """What goes with what among Criteo's own segments."""
    _check_seeds(segments, context)
    _refuse_ids_twice(segments, context)


def _check_seeds(segments: Mapping[str, SegmentConfig], context: Context) -> None:
    """A lookalike grows from something that is published, may be targeted, and is not grown from it in turn."""
    growing = {key: each.kind.seed for key, each in segments.items() if each.kind and each.kind.seed}
    for key in growing:
        node = context.segments[key].find(["criteo", "lookalike", "seed"])
        if node.key == "seed" and not context.problems.broken(node):
            _check_seed(segments.get(node.raw.partition(".")[0]), node, context)
    _refuse_circles(growing, context)


def _check_seed(seed: SegmentConfig | None, node: Node, context: Context) -> None:
    if seed is None:
        return
    if not seed.publish:
        context.problems.add(node, f"`{seed.key}` has `publish: false`, so Criteo does not know it")
    if seed.suppression:
        message = "is a suppression list: it may hold people without consent, so nothing may grow from it"
        context.problems.add(node, message)


def _refuse_circles(growing: Mapping[str, Address], context: Context) -> None:
    graph = {str(segment_address(key)): {str(seed)} for key, seed in growing.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring = [each.removeprefix("segment.") for each in error.args[1][::-1]]
        node = context.segments[ring[0]].find(["criteo", "lookalike", "seed"])
        context.problems.add(node, f"a lookalike can't grow from itself: {' -> '.join(ring)}")


def _refuse_ids_twice(segments: Mapping[str, SegmentConfig], context: Context) -> None:
    """One segment at Criteo under two keys would be two names of one thing."""
    first: dict[str, str] = {}
    for key, each in segments.items():
        if each.criteo_id is not None and first.setdefault(each.criteo_id, key) != key:
            message = f"is the segment of `{first[each.criteo_id]}` too; keep one of the two"
            context.problems.add(context.segments[key].find(["criteo_id"]), message)
