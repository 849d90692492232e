"""What `validate` found out about a workspace."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.errors import Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What a valid workspace asks for. `criteo_segments` are Criteo's own, those that are only named among them."""

    segments: int
    lists: int
    audiences: int
    criteo_segments: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Validation:
    """All problems, sorted by place. `workspace` and `counts` are None where the YAML can't be understood; a problem
    without a place in the YAML has an empty `file`. `with_data` says that the source was looked at too, `untold` how
    many problems are not listed, because there are too many.
    """

    workspace: str | None = None
    counts: Counts | None = None
    with_data: bool = False
    problems: tuple[Problem, ...] = ()
    untold: int = 0

    @property
    def is_valid(self) -> bool:
        """Whether there is nothing but warnings."""
        return all(problem.severity == "warning" for problem in self.problems)
