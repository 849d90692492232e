"""Steps into an order: cycles cut and named, what waits for something held back left out by name, the rest sorted."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.model.address import Address
from reconciler.plan.changes import Block, Operation, Phase, Step
from reconciler.plan.step import step_id
from reconciler.plan.steps import Drafts

_PHASES = tuple(Phase)
_OPERATIONS = tuple(Operation)
Graph = Mapping[str, frozenset[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ordered:
    """Steps of which none comes before what it needs, with the cycles that had to be cut and the steps left out."""

    steps: tuple[Step, ...]
    cycles: tuple[tuple[Address, ...], ...] = ()
    blocks: tuple[Block, ...] = ()


def order(drafts: Drafts) -> Ordered:
    """Sort by phase, and within it by operation and address, as far as the needs allow."""
    rings = tuple(find_rings(_additions(drafts.steps)))
    uncut = {step.id: step for step in drafts.steps}
    cut = _unfilled(tuple(_cut(step, rings, uncut) for step in drafts.steps))
    left, blocks = _without_dependents(cut, drafts.held)
    ids = {step.id for step in left}
    steps = tuple(replace(step, needs=step.needs & ids) for step in left)
    named = tuple(tuple(sorted(uncut[each].address for each in ring)) for ring in rings if ring <= ids)
    return Ordered(steps=tuple(_sorted(steps)), cycles=tuple(sorted(named)), blocks=blocks)


def _additions(steps: Iterable[Step]) -> Graph:
    """Only additions wait for one another in rings: removals that restrict wait for nothing."""
    additions = {step.id: step.needs for step in steps if step.operation is Operation.ADD}
    return {each: needs & additions.keys() for each, needs in additions.items()}


def find_rings(graph: Graph) -> Iterator[frozenset[str]]:
    """Groups of nodes each of which waits, directly or not, for every other."""
    left = _core(graph)
    reverse = _reversed(left)
    unseen = set(left)
    while unseen:
        start = min(unseen)
        ring = _reach(start, left) & _reach(start, reverse)
        unseen -= ring | {start}
        if len(ring) > 1:
            yield frozenset(ring)


def _core(graph: Graph) -> Graph:
    """What is left of a graph without the nodes that wait for nothing: mostly nothing at all."""
    waiting = {node: len(needs) for node, needs in graph.items()}
    users = _reversed(graph)
    ready = [node for node, count in waiting.items() if not count]
    while ready:
        node = ready.pop()
        del waiting[node]
        for user in users[node]:
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    return {node: graph[node] & waiting.keys() for node in waiting}


def _reversed(graph: Graph) -> Graph:
    users: dict[str, set[str]] = {node: set() for node in graph}
    for node, needs in graph.items():
        for need in needs:
            users[need].add(node)
    return {node: frozenset(each) for node, each in users.items()}


def _reach(start: str, graph: Graph) -> set[str]:
    seen = {start}
    ahead = [start]
    while ahead:
        fresh = graph[ahead.pop()] - seen
        seen |= fresh
        ahead += fresh
    return seen


def _cut(step: Step, rings: tuple[frozenset[str], ...], steps: Mapping[str, Step]) -> Step:
    """In place of the additions of its ring an addition waits for the removals from their lists.

    These wait for nothing themselves: what is in a ring is included somewhere.
    """
    ring = next((ring for ring in rings if step.id in ring), frozenset())
    removals = {step_id("remove", steps[each].address) for each in ring}
    return replace(step, needs=(step.needs - ring) | removals)


def _unfilled(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Let a lookalike be made before its seed is filled where the filling would wait for the lookalike."""
    if not any(step.operation is Operation.CREATE_SEGMENT and step.kind for step in steps):
        return steps
    additions = {step.id for step in steps if step.operation is Operation.ADD}
    ids = {step.id for step in steps}
    for ring in find_rings({step.id: step.needs & ids for step in steps}):
        steps = tuple(_cut_off(step, ring & additions) if step.id in ring else step for step in steps)
    return steps


def _cut_off(step: Step, additions: frozenset[str]) -> Step:
    return replace(step, needs=step.needs - additions) if step.operation is Operation.CREATE_SEGMENT else step


def _without_dependents(steps: tuple[Step, ...], held: frozenset[str]) -> tuple[tuple[Step, ...], tuple[Block, ...]]:
    """Leave out what needs a step that is held back, directly or through others."""
    users: dict[str, list[Step]] = {}
    for step in steps:
        for need in step.needs:
            users.setdefault(need, []).append(step)
    left = {step.id: step for step in steps if step.id not in held}
    blocks = []
    ahead = sorted(held)
    while ahead:
        need = ahead.pop(0)
        for step in users.get(need, ()):
            if left.pop(step.id, None) is not None:
                ahead.append(step.id)
                blocks += [] if step.operation is Operation.RECORD else [_dependent(step, need)]
    return tuple(left.values()), tuple(sorted(blocks, key=lambda block: (block.address, block.message)))


def _dependent(step: Step, need: str) -> Block:
    return Block(step.address, "dependency", f"`{step.id}` waits for `{need}`, which is blocked")


def _sorted(steps: tuple[Step, ...]) -> Iterator[Step]:
    by_id = {step.id: step for step in steps}
    waiting = {step.id: len(step.needs) for step in steps}
    users = _reversed({step.id: step.needs for step in steps})
    ready = [_rank(step) for step in steps if not step.needs]
    heapq.heapify(ready)
    while ready:
        step = by_id[heapq.heappop(ready)[-1]]
        yield step
        for user in users[step.id]:
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(ready, _rank(by_id[user]))


def _rank(step: Step) -> tuple[int, int, str]:
    return _PHASES.index(step.phase), _OPERATIONS.index(step.operation), step.id
