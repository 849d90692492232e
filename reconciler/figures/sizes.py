"""Criteo's own sizes of what exists, in as few calls as may be. Nothing depends on them, so no failure is raised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from reconciler.criteo.retry import NotSentError, UnansweredError
from reconciler.errors import CriteoError, NotAuthorised
from reconciler.model.address import Address
from reconciler.model.sizes import Sizes

A_CALL = 100
"""Items in one call, as in the client's other bulk calls."""

FEW = 3
"""So many are named in a note."""

Result = int | CriteoError | None


class Sizing(Protocol):
    """What of the client is needed here. One result for each id, in order; None where Criteo tells no size."""

    def segment_sizes(self, ids: Sequence[str]) -> tuple[Result, ...]: ...

    def audience_sizes(self, ids: Sequence[str]) -> tuple[Result, ...]: ...


def measured(client: Sizing, segments: Mapping[Address, str], audiences: Mapping[Address, str]) -> Sizes:
    """The sizes of what these ids name. A call that fails as a whole is the last."""
    results: dict[Address, Result] = {}
    for ask, ids in ((client.segment_sizes, segments), (client.audience_sizes, audiences)):
        problem = _asked(ask, ids, results)
        if problem is not None:
            return _sizes(results, (_why(problem),))
    return _sizes(results, ())


def _asked(
    ask: Callable[[Sequence[str]], tuple[Result, ...]], ids: Mapping[Address, str], results: dict[Address, Result]
) -> CriteoError | None:
    """Put the results of one kind beside those that there are. What failed a whole call is answered."""
    for start in range(0, len(ids), A_CALL):
        some = list(ids.items())[start : start + A_CALL]
        found = ask([criteo_id for _, criteo_id in some])
        results.update((address, result) for (address, _), result in zip(some, found, strict=True))
        if (problem := _common(found)) is not None:
            return problem
    return None


def _common(found: Sequence[Result]) -> CriteoError | None:
    """The error that all items share, if it is not about the items: a right that is missing, or no answer."""
    first = found[0] if found else None
    shared = all(each is first for each in found)
    return first if shared and isinstance(first, NotAuthorised | NotSentError | UnansweredError) else None


def _sizes(results: Mapping[Address, Result], notes: tuple[str, ...]) -> Sizes:
    untold = tuple(sorted(address for address, each in results.items() if not isinstance(each, int)))
    return Sizes(
        known=MappingProxyType({address: each for address, each in sorted(results.items()) if isinstance(each, int)}),
        untold=untold,
        notes=notes or ((_left_out(untold),) if untold else ()),
    )


def _why(problem: CriteoError) -> str:
    said = f"{problem.summary} {problem.detail}".strip()
    if isinstance(problem, NotAuthorised):
        said += " Sizes need the right to manage audiences."
    return f"Criteo's sizes are left out. {said} To ask for none: `criteo: {{ sizes: false }}`."


def _left_out(untold: Sequence[Address]) -> str:
    more = f" and {len(untold) - FEW:,} more" if len(untold) > FEW else ""
    return f"Criteo tells no size of {', '.join(untold[:FEW])}{more}."
