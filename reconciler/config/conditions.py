"""A segment's `who` → a condition, with everything checked that the schema can't say."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.config.comparisons import read_comparisons
from reconciler.config.context import Context
from reconciler.config.nodes import Node
from reconciler.config.values import read_within
from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Condition,
    Event,
    Everyone,
    Group,
    Measure,
    Occurs,
    Pick,
    SegmentRef,
    Test,
    Times,
    Total,
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
        if any(name in node for name in ("all", "any", "none")):
            return self._group(node, top=top)
        if self.context.problems.broken(node):
            return None
        if "event" in node:
            return self._event(node, in_place=in_place)
        if (column := node.get("attribute")) is not None:
            self.context.name_column("customers", column.raw, column)
            return Attribute(Test(column.raw, read_comparisons(node, self.context.problems)))
        if (segment := node.get("segment")) is not None:
            return self._reference(segment)
        return Everyone()

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
        self.references.append((found[0], node))
        return SegmentRef(*found)

    def _event(self, node: Node, *, in_place: bool) -> Event:
        kinds = node.find(["event"])
        if not self.context.has_events:
            message = "there are no events: `source` of reconciler.yaml has no `events`"
            self.context.problems.add(kinds, message, at_key=True)
        where = [self._test(child) for _, child in sorted((node.get("where") or _NOTHING).entries())]
        within = node.get("within")
        window = read_within(within, self.context) if within is not None else EVER
        if within is not None and window is SLICE:
            self.uses.append(SliceUse(within, in_place, "latest" in node))
        return Event(_kinds(kinds), tuple(where), window or EVER, self._measure(node))

    def _test(self, node: Node) -> Test:
        column = str(node.key)
        self.context.name_column("events", column, node, at_key=True)
        return Test(column, read_comparisons(node, self.context.problems))

    def _measure(self, node: Node) -> Measure:
        problems = self.context.problems
        if (times := node.get("times")) is not None:
            return Times(read_comparisons(times, problems))
        if (total := node.get("total")) is not None:
            column = total.find(["of"])
            self.context.name_column("events", column.raw, column)
            return Total(column.raw, read_comparisons(total, problems))
        if "latest" in node:
            after = node.get("not_followed_by")
            return Pick(_kinds(after) if after is not None else ())
        return Occurs()


_NOTHING = Node("", 1, 1, value={})


def _kinds(node: Node) -> tuple[str, ...]:
    return tuple(sorted({item.raw for item in node.items()}))
