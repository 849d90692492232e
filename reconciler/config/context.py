"""What the builders of one workspace share: the names that exist, the columns named so far, and the problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.config.nodes import Node
from reconciler.config.outline import Outline
from reconciler.config.problems import Problems
from reconciler.config.scalars import shown
from reconciler.model.mentions import MentionedValue, Mentions
from reconciler.model.settings import Place
from reconciler.model.time import Window


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """`windows` and `segments` know every key of the workspace, so that one mistake is told once: also definitions with
    problems are there (a window that can't be read is None). `outline` is what the settings say of the source.
    `conditions` are the places of all conditions by their paths; `kinds`, `values` and `queries` are what they mention.
    """

    problems: Problems
    root: Path
    outline: Outline
    windows: Mapping[str, Window | None]
    segments: Mapping[str, Node]
    columns: dict[tuple[str, str], Place] = field(default_factory=dict)
    conditions: dict[str, Place] = field(default_factory=dict)
    kinds: list[tuple[str, Place]] = field(default_factory=list)
    values: list[MentionedValue] = field(default_factory=list)
    queries: list[tuple[str, Place]] = field(default_factory=list)

    def name_column(self, table: str, column: str, node: Node, *, at_key: bool = False) -> None:
        """Remember where a column is named first. `table` is `customers`, `events` for a column that some source of
        events has, or `events[1]` for one that this source must have itself.
        """
        self.columns.setdefault((table, column), node.key_place if at_key else node.place)

    def mentions(self) -> Mentions:
        """What the definitions take for granted of the data."""
        return Mentions(kinds=tuple(self.kinds), values=tuple(self.values), queries=tuple(self.queries))

    def slices(self, key: str) -> tuple[str, ...]:
        """The names of a segment's slices as written; none where the segment does not exist."""
        node = self.segments[key].get("slices") if key in self.segments else None
        return tuple(item.raw for item in node.items()) if node is not None and isinstance(node.value, list) else ()

    def is_criteos(self, key: str) -> bool:
        """Whether a segment is Criteo's own, so that nobody else knows who is in it."""
        node = self.segments.get(key)
        return node is not None and ("criteo" in node or "criteo_id" in node)

    def refer(self, node: Node, *, at_key: bool = False, text: str | None = None) -> tuple[str, str | None] | None:
        """The segment, and its slice if one is named, that a reference means; None with a problem if there is none.
        `text` is the reference where it is not all that is written.
        """
        text = text or (str(node.key) if at_key else node.raw)
        key, _, part = text.partition(".")
        if key not in self.segments:
            self._unknown(node, f"there is no segment `{shown(key)}`", key, self.segments, at_key=at_key)
            return None
        slices = self.slices(key)
        if part and not slices:
            self.problems.add(node, f"segment `{key}` has no slices", at_key=at_key)
            return None
        if part and part not in slices:
            self._unknown(node, f"segment `{key}` has no slice `{shown(part)}`", part, slices, at_key=at_key)
            return None
        return key, part or None

    def _unknown(
        self, node: Node, message: str, name: str, names: Mapping[str, Node] | tuple[str, ...], *, at_key: bool
    ) -> None:
        self.problems.add(node, message + self.problems.nearest(name, names), at_key=at_key)
