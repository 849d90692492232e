"""Which tests are meant: by their names, or by what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from reconciler.errors import Usage
from reconciler.model.tests import TestConfig


def selected(tests: Iterable[TestConfig], patterns: Iterable[str]) -> tuple[TestConfig, ...]:
    """The tests that some pattern names, all where there is none. Raises Usage for a pattern that names none."""
    known, wanted = tuple(tests), tuple(patterns)
    for pattern in wanted:
        if not any(_meant(test, pattern) for test in known):
            raise Usage(
                "No test matches a --select.",
                f"None is called `{pattern}`, and none is about such a segment or audience.",
                "Use `*` for what you leave out, as in --select 'cart*'.",
            )
    return tuple(test for test in known if not wanted or any(_meant(test, pattern) for pattern in wanted))


def _meant(test: TestConfig, pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in _names(test))


def _names(test: TestConfig) -> Iterator[str]:
    yield test.name
    for each in test.expectations:
        kind = "audience" if each.audience else "segment"
        yield from (each.key, each.label, f"{kind}.{each.label}")
