"""How many requests an apply will need: an estimate, from below where Criteo pages or splits differently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from reconciler.actual import Actual
from reconciler.model.identifiers import BATCH
from reconciler.plan.changes import MEMBERS, Operation, Step

BULK = 100
"""Items of one bulk call, and of one page of a search."""

_LINKS = frozenset({Operation.LINK, Operation.UNLINK})
_SILENT = frozenset({Operation.FORGET, Operation.RECORD})


def estimate_calls(steps: Iterable[Step], actual: Actual, types: int = 1) -> int:
    """A token, the advertisers, the searches that every run begins with, and what the steps send. `types` are those of
    identifiers: a call takes one of them.
    """
    own = tuple(steps)
    segments = len(actual.segments) + len(actual.kinds) + len(actual.foreign_segments)
    audiences = len(actual.audiences) + len(actual.foreign_audiences)
    searches = 2 + max(_pages(segments, BULK), 1) + max(_pages(audiences, BULK), 1) + 1
    bulks = Counter((step.phase, step.operation) for step in own if step.operation not in MEMBERS | _LINKS | _SILENT)
    members = sum(_batches(step.count, types) for step in own if step.operation in MEMBERS)
    links = sum(step.operation in _LINKS for step in own)
    return searches + sum(_pages(count, BULK) for count in bulks.values()) + members + links


def _batches(count: int, types: int) -> int:
    return _pages(count, BATCH) + max(min(count, types) - 1, 0)


def _pages(count: int, size: int) -> int:
    return -(-count // size)
