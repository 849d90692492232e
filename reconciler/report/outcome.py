"""The end of an apply in words: what is done, what is not, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reconciler.model.address import Address
from reconciler.report.document import clean
from reconciler.report.style import Paint, painter

_SIGNS = {"done": "+", "unknown": "!", "failed": "-"}


@dataclass(frozen=True, slots=True)
class Ended:
    """One step's end. `state` is a word such as `done`, `failed`, `unknown`, `skipped` or `not done`."""

    address: Address
    operation: str
    state: str
    reason: str = ""


def render_outcome(ends: Iterable[Ended], *, colour: bool = False) -> str:
    """What is not done, each by name with its reason, and one line of counts; nothing done is an empty apply."""
    paint, listed = painter(colour=colour), list(ends)
    lines = [*_open(listed, paint), paint("bold", _counts(listed))]
    return "\n".join(lines) + "\n"


def _open(ends: list[Ended], paint: Paint) -> Iterator[str]:
    for state in dict.fromkeys(each.state for each in ends if each.state != "done"):
        yield paint(_SIGNS.get(state, "~"), f"{state.capitalize()}:")
        for each in ends:
            if each.state == state:
                yield f"  {each.operation} of {each.address}" + (f": {clean(each.reason)}" if each.reason else "")
        yield ""


def _counts(ends: list[Ended]) -> str:
    done = sum(each.state == "done" for each in ends)
    unknown = sum(each.state == "unknown" for each in ends)
    return f"Apply: {done:,} done, {len(ends) - done - unknown:,} not done, {unknown:,} unknown."
