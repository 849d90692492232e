"""What a name on the command line means: a segment, one of its slices, or an audience."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from reconciler.config.names import slice_names
from reconciler.errors import Usage
from reconciler.explain.masking import shown
from reconciler.model.workspace import AudienceConfig, Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A segment, with `part` one of its slices, or an audience; `also` is what else the name could mean, to be told."""

    segment: str | None = None
    part: str | None = None
    audience: AudienceConfig | None = None
    also: str | None = None


def named(workspace: Workspace, text: str) -> Named:
    """`KEY`, `KEY.SLICE`, `segment.KEY[.SLICE]` or `audience.KEY`; a plain key is a segment's before it is an
    audience's. Raises Usage for a name that is none.
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
    if bare in {each.key for each in workspace.criteo_segments}:
        raise Usage(f"`{bare}` is one of Criteo's own segments, and nobody but Criteo knows who is in it.")
    raise Usage(f"There is no segment or audience `{shown(text)}`.{_nearest(workspace, text)}")


def _nearest(workspace: Workspace, text: str) -> str:
    slices = [f"{each.key}.{part}" for each in workspace.segments for part in slice_names(each) if part]
    keys = [*(each.key for each in workspace.segments), *(each.key for each in workspace.audiences)]
    plain = [*keys, *slices, *(f"audience.{each.key}" for each in workspace.audiences)]
    close = difflib.get_close_matches(text, plain, n=1)
    return f" Did you mean `{close[0]}`?" if close else ""
