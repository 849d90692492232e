"""What a name on the command line means: a segment, one of its slices, or an audience."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from reconciler.config.names import slice_names
from reconciler.desired import resolve
from reconciler.errors import Usage
from reconciler.explain.masking import shown
from reconciler.model.address import Address, audience_address, excluding_audience
from reconciler.model.workspace import AudienceConfig, Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A segment, with `part` one of its slices, or an audience; `also` is what else the name could mean, to be told.
    `excluded` are the lists that are meant where it is the one that stands for what the audience excludes.
    """

    segment: str | None = None
    part: str | None = None
    audience: AudienceConfig | None = None
    excluded: tuple[Address, ...] = ()
    also: str | None = None


def named(workspace: Workspace, text: str) -> Named:
    """`KEY`, `KEY.SLICE`, `segment.KEY[.SLICE]`, `audience.KEY` or `segment.KEY(exclusions)`; a plain key is that of a
    segment before that of an audience. Raises Usage for a name that is none.
    """
    audiences = {each.key: each for each in workspace.audiences}
    noun, dot, rest = text.partition(".")
    if noun == "audience" and dot and rest in audiences:
        return Named(audience=audiences[rest])
    bare = rest if noun == "segment" and dot else text
    key, dot, part = bare.partition(".")
    segments = {each.key: each for each in workspace.segments}
    if key in segments and (not dot or part in slice_names(segments[key])):
        return Named(segment=key, part=part or None, also=f"audience.{text}" if text in audiences else None)
    if text in audiences:
        return Named(audience=audiences[text])
    excluding = excluding_audience(Address(f"segment.{bare}"))
    if excluding is not None:
        return _exclusions(workspace, excluding)
    if bare in {each.key for each in workspace.criteo_segments}:
        raise Usage(f"`{bare}` is one of Criteo's own segments, and nobody but Criteo knows who is in it.")
    raise Usage(f"There is no segment or audience `{shown(text)}`.{_nearest(workspace, text)}")


def _exclusions(workspace: Workspace, excluding: Address) -> Named:
    """The list that stands for all that an audience excludes, where there is one."""
    audience = next((each for each in workspace.audiences if audience_address(each.key) == excluding), None)
    if audience is None:
        raise Usage(f"There is no audience `{shown(excluding.removeprefix('audience.'))}`.")
    for each in resolve(workspace).exclusions:
        if excluding_audience(each.lists[0].address) == excluding:
            return Named(audience=audience, excluded=each.definition.union)
    raise Usage(
        f"No list stands for what {excluding} excludes.",
        "There is one where the workspace says `criteo: { exclusions: one_list }` and the audience excludes several.",
        f"Explain the audience itself: `reconciler explain {excluding}`.",
    )


def _nearest(workspace: Workspace, text: str) -> str:
    slices = [f"{each.key}.{part}" for each in workspace.segments for part in slice_names(each) if part]
    keys = [*(each.key for each in workspace.segments), *(each.key for each in workspace.audiences)]
    plain = [*keys, *slices, *(f"audience.{each.key}" for each in workspace.audiences)]
    close = difflib.get_close_matches(text, plain, n=1)
    return f" Did you mean `{close[0]}`?" if close else ""
