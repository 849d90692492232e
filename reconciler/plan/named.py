"""Segments that the workspace only names: they exist, and are somebody else's."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.actual import Actual
from reconciler.desired import Desired
from reconciler.errors import Problem, WorkspaceInvalid
from reconciler.model.address import Address, criteo_id_of
from reconciler.model.settings import Place


def check_named(desired: Desired, actual: Actual) -> None:
    """Raises WorkspaceInvalid for every `criteo_id` or seed that the advertiser has no segment of, or that is ours."""
    problems = tuple(dict.fromkeys(_problems(desired, actual)))
    if problems:
        raise WorkspaceInvalid(problems)


def _problems(desired: Desired, actual: Actual) -> Iterator[Problem]:
    named = list(desired.named.items())
    # What a lookalike grew from may be gone by now: only to make one it has to be there.
    named += [
        (each.kind.seed, each.places.get("seedSegmentId", each.place))
        for each in desired.kinds
        if each.kind.seed and each.address not in actual.kinds
    ]
    ours = {each.id: address for address, each in (*actual.segments.items(), *actual.kinds.items())}
    for address, place in named:
        message = _wrong(address, desired, actual, ours)
        if message:
            yield _problem(place, message)


def _wrong(address: Address, desired: Desired, actual: Actual, ours: dict[str, Address]) -> str:
    segment_id = criteo_id_of(address)
    if segment_id is None:
        return ""
    if segment_id in ours:
        return f'"{segment_id}" is the id of {ours[segment_id]}, which this workspace keeps itself: name that instead'
    if segment_id not in actual.ids:
        return (
            f'advertiser {desired.settings.advertiser} has no segment with the id "{segment_id}" at Criteo; take the '
            f"id from Criteo's console, of this advertiser"
        )
    return ""


def _problem(place: Place, message: str) -> Problem:
    return Problem(place.file, place.line, place.column, place.path, message)
