"""Which items of a bulk call worked and which did not.

`data` holds the items that worked. The others may be told in `errors`, in `warnings` or in a 400: Criteo's documents
contradict each other, so all three are read. Nothing but its words ties a problem to an item.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TypeVar

from reconciler.criteo.endpoints import Right
from reconciler.criteo.problems import CriteoProblem, error_of
from reconciler.errors import CriteoError, OutcomeUnknown

T = TypeVar("T")

SIZE = 100
"""Items in one bulk call. Criteo's audience API declares no maximum; its own pages are of a hundred."""

_INDEX = re.compile(r"\bdata[/.\[](\d{1,4})\b")


def settle(
    keys: Sequence[str],
    done: Mapping[str, T],
    problems: Sequence[CriteoProblem],
    status: int,
    right: Right = Right.NONE,
    *,
    unnamed: bool = False,
) -> tuple[T | CriteoError, ...]:
    """One result for each item, in order; `keys` are the items' ids or names, `done` what the call answered for some.

    `right` is what the app needs for the call; `unnamed` says that the call has done some that the answer does not
    name. An item that is neither done nor in a problem is OutcomeUnknown.
    """
    left = dict(done)
    # A key that is asked for twice and answered once is done once.
    results: dict[int, T | CriteoError] = {at: left.pop(key) for at, key in enumerate(keys) if key in left}
    blamed, stray = _attribute(problems, keys, results)
    results.update({at: error_of(blamed[at], status, right) for at in blamed if at not in results})
    open_items = [at for at in range(len(keys)) if at not in results]
    fate = _common_fate(len(open_items), () if unnamed else stray, status, right)
    results.update(dict.fromkeys(open_items, fate))
    return tuple(results[at] for at in range(len(keys)))


def _attribute(
    problems: Iterable[CriteoProblem], keys: Sequence[str], done: Container[int]
) -> tuple[dict[int, list[CriteoProblem]], list[CriteoProblem]]:
    """Problems by the item that they name, and those that name none."""
    blamed: dict[int, list[CriteoProblem]] = {}
    stray: list[CriteoProblem] = []
    for problem in problems:
        at = _meant(problem, keys, done)
        if at is not None:
            blamed.setdefault(at, []).append(problem)
        elif not problem.is_notice:
            stray.append(problem)
    return blamed, stray


def _meant(problem: CriteoProblem, keys: Sequence[str], done: Container[int]) -> int | None:
    """The place of the item that a problem is about: by its index, or by the longest key that its words hold.

    They may name two: one that failed, and one that is done and stood in its way.
    """
    for clue in problem.clues:
        index = _INDEX.search(_without_names(clue, keys))
        if index and int(index[1]) < len(keys):
            return int(index[1])
    named = [at for at, key in enumerate(keys) if any(_holds(clue, key) for clue in problem.clues)]
    return max(named, key=lambda at: (at not in done, len(keys[at])), default=None)


def _without_names(clue: str, keys: Iterable[str]) -> str:
    """A clue without the names in it that read like an index."""
    for key in keys:
        clue = clue.replace(key, "") if _INDEX.search(key) else clue
    return clue


def _holds(clue: str, key: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(key)}(?!\w)", clue) is not None


def _common_fate(count: int, stray: Sequence[CriteoProblem], status: int, right: Right) -> CriteoError:
    """What becomes of `count` items that nothing names: refused if the answer cannot mean anything else."""
    if status >= 300 or (count and len(stray) >= count):
        return error_of(stray, status, right)
    hint = "Run again: it is looked up."
    return OutcomeUnknown("Criteo's answer leaves it open.", "It is neither in the result nor in a problem.", hint)
