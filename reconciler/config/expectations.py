"""`expect` and `expect_sent` of a test → who is expected of which segment, slice or audience."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from reconciler.config.context import Context
from reconciler.config.kinds import NOBODY_KNOWS
from reconciler.config.nodes import Node
from reconciler.config.scalars import shown
from reconciler.model.conditions import Query
from reconciler.model.reads import closure, leaves_of
from reconciler.model.tests import Expectation
from reconciler.model.workspace import AudienceConfig, SegmentConfig

Segments = Mapping[str, SegmentConfig]
Audiences = Mapping[str, AudienceConfig]


def read_expectations(
    test: Node, keys: Collection[str], segments: Segments, audiences: Audiences, context: Context
) -> Iterator[Expectation]:
    """The sound expectations of a test; `keys` are those of the customers that are given."""
    reader = _Reader(keys, segments, audiences, context)
    for word in ("expect", "expect_sent"):
        node = test.get(word)
        for key, child in node.entries() if node is not None else ():
            if not context.problems.broken(child) and (found := reader.read(key, child, sent=word != "expect")):
                yield found


class _Reader:
    def __init__(self, keys: Collection[str], segments: Segments, audiences: Audiences, context: Context) -> None:
        self._keys = keys
        self._segments = segments
        self._audiences = audiences
        self._context = context

    def read(self, key: str, node: Node, *, sent: bool) -> Expectation | None:
        audience = self._audience(key) if sent else None
        meant = (audience, None) if audience is not None else self._segment(key, node, sent=sent)
        if meant is None:
            return None
        if audience is not None and (strange := self._criteos(audience)):
            message = f"includes `{strange}`, which {NOBODY_KNOWS}; expect something of the other lists themselves"
            self._context.problems.add(node, message, at_key=True)
        members, least, most = self._expected(node)
        return Expectation(
            place=node.key_place,
            key=meant[0],
            slice=meant[1],
            audience=audience is not None,
            sent=sent,
            members=members,
            at_least=least,
            at_most=most,
        )

    def _criteos(self, audience: str) -> str | None:
        """A segment of Criteo's own that an audience includes."""
        return next((each for each in self._audiences[audience].include if self._context.is_criteos(each)), None)

    def _audience(self, key: str) -> str | None:
        """The audience that is meant: by its key alone where no segment has the same one."""
        bare = key.removeprefix("audience.")
        is_meant = bare in self._audiences and (bare != key or key not in self._segments)
        return bare if is_meant else None

    def _segment(self, key: str, node: Node, *, sent: bool) -> tuple[str, str | None] | None:
        context, problems = self._context, self._context.problems
        if sent and key.startswith("audience.") and "audience" not in self._segments:
            bare = key.removeprefix("audience.")
            hint = problems.nearest(bare, self._audiences)
            problems.add(node, f"there is no audience `{shown(bare)}`{hint}", at_key=True)
            return None
        if sent and key in self._segments and key in self._audiences:
            problems.add(node, f"is a segment and an audience: write `segment.{key}` or `audience.{key}`", at_key=True)
            return None
        found = context.refer(node, at_key=True, text=key.removeprefix("segment.") if sent else key)
        if found is None or (segment := self._segments.get(found[0])) is None:
            return None
        if segment.is_criteos:
            problems.add(node, f"{NOBODY_KNOWS}, so nothing can be expected of it", at_key=True)
            return None
        if sent and not segment.publish:
            problems.add(node, f"`{segment.key}` has `publish: false`, so nobody is sent; use `expect`", at_key=True)
        self._refuse_foreign_query(segment, node)
        return found

    def _refuse_foreign_query(self, segment: SegmentConfig, node: Node) -> None:
        """Tests run on the embedded engine, which does not speak the others' SQL and has not their tables."""
        engine = self._context.outline.engine
        conditions = {key: each.condition for key, each in self._segments.items()}
        leaves = (leaf for key in closure(segment.key, conditions) for leaf in leaves_of(conditions[key]))
        if engine != "duckdb" and any(isinstance(leaf, Query) for leaf in leaves):
            message = f"`{segment.key}` asks a query of {engine.capitalize()}, which no test can run"
            self._context.problems.add(node, message, at_key=True)

    def _expected(self, node: Node) -> tuple[tuple[str, ...] | None, int | None, int | None]:
        if isinstance(node.value, list):
            for item in node.value:
                if item.raw not in self._keys:
                    hint = self._context.problems.nearest(item.raw, self._keys)
                    message = f"there is no customer `{shown(item.raw)}` in this test{hint}"
                    self._context.problems.add(item, message)
            return tuple(item.raw for item in node.value), None, None
        if isinstance(node.value, dict):
            least, most = (int(child.raw) if (child := node.get(name)) else None for name in ("at_least", "at_most"))
            if least is not None and most is not None and least > most:
                self._context.problems.add(node, f"no number is at least {least} and at most {most}")
            return None, least, most
        return None, int(node.raw), int(node.raw)
