"""A segment's `who` → a condition, with everything checked that the schema can't say."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from reconciler.config.comparisons import read_test
from reconciler.config.context import Context
from reconciler.config.measures import read_kinds, read_measure, read_ratio, read_where
from reconciler.config.nodes import Node
from reconciler.config.paths import read_one_file
from reconciler.config.queries import read_query
from reconciler.config.scalars import MAX_DIGITS
from reconciler.config.values import read_within
from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Condition,
    Event,
    Everyone,
    Group,
    Keys,
    Query,
    Sample,
    SegmentRef,
)
from reconciler.model.time import EVER


@dataclass(frozen=True, slots=True)
class SliceUse:
    """A `within: slice`: where it stands, and whether its condition is `who` itself or directly in its `all`."""

    node: Node
    in_place: bool
    picks: bool


@dataclass(slots=True)
class WhoReader:
    """Reads one `who`; `uses` are the places that say `within: slice`, `references` the segments referred to."""

    context: Context
    uses: list[SliceUse] = field(default_factory=list)
    references: list[tuple[str, Node]] = field(default_factory=list)

    def read(self, who: Node) -> Condition | None:
        """The condition, or None where there is nothing left of it beside its problems."""
        return self._condition(who, top=True, in_place=True)

    def _condition(self, node: Node, *, top: bool = False, in_place: bool = False) -> Condition | None:
        place = node.place
        self.context.conditions[place.path] = place
        if any(name in node for name in ("all", "any", "none")):
            return self._group(node, top=top)
        if self.context.problems.broken(node):
            return None
        if "event" in node:
            return self._event(node, in_place=in_place)
        if (column := node.get("attribute")) is not None:
            self.context.name_column("customers", column.raw, column)
            return Attribute(read_test("customers", column.raw, node, self.context))
        if (segment := node.get("segment")) is not None:
            return self._reference(segment)
        if (ratio := node.get("ratio")) is not None:
            return read_ratio(ratio, self.context)
        return _special(node, self.context)

    def _group(self, node: Node, *, top: bool) -> Group:
        parts = {name: self._members(node.get(name), in_place=top and name == "all") for name in ("all", "any", "none")}
        return Group(**parts)

    def _members(self, node: Node | None, *, in_place: bool) -> tuple[Condition, ...]:
        items = node.value if node is not None and isinstance(node.value, list) else []
        read = [self._condition(item, in_place=in_place) for item in items if isinstance(item.value, dict)]
        return tuple(condition for condition in read if condition is not None)

    def _reference(self, node: Node) -> SegmentRef | None:
        found = self.context.refer(node)
        if found is None:
            return None
        if self.context.is_criteos(found[0]):
            message = f"`{found[0]}` is Criteo's own: who is in it nobody else knows, so no `who` can refer to it"
            self.context.problems.add(node, message)
            return None
        self.references.append((found[0], node))
        return SegmentRef(*found)

    def _event(self, node: Node, *, in_place: bool) -> Event:
        kinds = read_kinds(node.find(["event"]), self.context)
        within = node.get("within")
        window = read_within(within, self.context) if within is not None else EVER
        if within is not None and window is SLICE:
            self.uses.append(SliceUse(within, in_place, "latest" in node or "first" in node))
        return Event(kinds, read_where(node, self.context), window or EVER, read_measure(node, self.context))


def _special(node: Node, context: Context) -> Condition | None:
    """The leaves that read neither a column nor events."""
    if (query := node.get("query")) is not None:
        sql = read_query(query, context)
        context.queries.extend([(sql, query.place)] if sql is not None else ())
        return None if sql is None else Query(sql)
    if (keys := node.get("keys")) is not None:
        file = read_one_file(keys, context.problems)
        return None if file is None else Keys(file, keys.place)
    if (sample := node.get("sample")) is not None:
        return _sample(sample, context)
    return Everyone()


def _sample(node: Node, context: Context) -> Sample:
    share = node.find(["percent"])
    percent = Decimal(share.raw.removesuffix("%"))
    if percent > 100:
        context.problems.add(share, "is more than 100%")
    if len(share.raw.removesuffix("%").partition(".")[2]) > MAX_DIGITS[1]:
        context.problems.add(share, f"has more than {MAX_DIGITS[1]} digits after the point")
    return Sample(percent, node.find(["seed"]).raw)
