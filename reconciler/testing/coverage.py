"""Which segments, slices and audiences no test has anybody in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.config.names import slice_names
from reconciler.model.tests import Expectation, TestConfig
from reconciler.model.workspace import Workspace


def untested(workspace: Workspace, tests: Iterable[TestConfig]) -> tuple[str, ...]:
    """What nobody is ever expected in: `KEY`, `KEY.SLICE` or `audience.KEY`, in the order of the workspace."""
    expected = [each for test in tests for each in test.expectations if _expects_somebody(each)]
    segments = {(each.key, each.slice) for each in expected if not each.audience}
    audiences = {each.key for each in expected if each.audience}
    return (
        *_segments(workspace, segments),
        *(f"audience.{a.key}" for a in workspace.audiences if a.key not in audiences),
    )


def _expects_somebody(expectation: Expectation) -> bool:
    return bool(expectation.members) if expectation.members is not None else bool(expectation.at_least)


def _segments(workspace: Workspace, expected: set[tuple[str, str | None]]) -> Iterator[str]:
    for segment in workspace.segments:
        names = slice_names(segment)
        missing = [part for part in names if (segment.key, part) not in expected]
        if len(missing) == len(names):
            missing = [] if (segment.key, None) in expected else [None]
        yield from (f"{segment.key}.{part}" if part else segment.key for part in missing)
