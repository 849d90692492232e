"""Whole listings, page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from reconciler.errors import CriteoError

PAGE = 100
"""Items on one page: the most that Criteo's searches give (its audience API 2026-07)."""

READINGS = 4


class Identified(Protocol):
    """Something with an id of Criteo's."""

    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Identified)


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page, with the number of all items as far as Criteo tells it."""

    items: tuple[R, ...]
    total: int | None


def read_all(page: Callable[[int], Page[R]]) -> tuple[R, ...]:
    """All items, by a function from an offset to a page.

    Somebody who creates or deletes while we turn the pages shifts them, and an item may slip through: a listing counts
    only when every page told the same number and that many came, or when two readings in a row agree. Raises
    CriteoError otherwise.
    """
    before: set[str] | None = None
    for _ in range(READINGS):
        found, totals = _read_once(page)
        if totals in ({None}, {len(found)}) or before == set(found):
            return tuple(found.values())
        before = set(found)
    raise CriteoError("Criteo's listing keeps changing while it is read.", "", "Run again.")


def _read_once(page: Callable[[int], Page[R]]) -> tuple[dict[str, R], set[int | None]]:
    """All items by id, and every number of items that the pages told."""
    found: dict[str, R] = {}
    totals: set[int | None] = set()
    offset = 0
    while True:
        latest = page(offset)
        before = len(found)
        found.update((item.id, item) for item in latest.items)
        totals.add(latest.total)
        offset += len(latest.items)
        # Whoever passes over the offset gives the same page again, without an end.
        if len(found) == before or (latest.total is not None and offset >= latest.total):
            return found, totals
