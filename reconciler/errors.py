"""The errors of reconciler, each with the exit code a script can rely on.

    ReconcilerError            1   something failed
    ├── WorkspaceInvalid      78   the YAML says something that can't be carried out
    ├── SourceInvalid         78   tables or columns do not fit the workspace
    ├── EngineFailed           1   the engine could not finish
    │   └── EngineUnavailable  1   it is gone, was stopped or has no room left (memory, disk)
    ├── NotFound               1   nobody holds what was looked for
    ├── Blocked                3   a guard, stale data or somebody else's resource stops it
    ├── StateError             4   state is missing, foreign, newer, truncated, or the race was lost
    ├── Locked                 5   another writer is at work
    ├── PartlyApplied          6   some steps are done, running again is safe
    ├── Usage                 64   the command line does not make sense
    └── CriteoError            1   Criteo said no, or nothing
        ├── NotAuthorised      7   credentials, rights or consent
        │   └── VersionEnded   7   Criteo no longer serves this version of its API
        ├── Refused            1   Criteo refused the call; nothing happened
        └── OutcomeUnknown     1   the answer was lost; it may have happened

Every message has three parts: `summary` (fixed words, no values of the user's), `detail` (where and what) and
`hint` (what to do next). None of them may hold a person's data or a secret.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal


class ReconcilerError(Exception):
    """The root of the tree; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 1

    def __init__(self, summary: str, detail: str = "", hint: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join(part for part in (self.summary, self.detail, self.hint) if part)


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing that is wrong in the workspace, with its place.

    `line` and `column` count from 1; `path` is the key inside the document, such as
    `segments.cart-abandoners.who.all[0].event`. `suggestion` is the nearest right name, where the message has one.
    A warning stops nothing.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    suggestion: str | None = field(default=None, compare=False)
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}: " + ("warning: " if self.severity == "warning" else "")
        return where + (f"{self.path}: " if self.path else "") + self.message


class WorkspaceInvalid(ReconcilerError):
    """The workspace has problems; all of them are listed, sorted by place, but for `untold` ones beyond a thousand."""

    exit_code = 78

    def __init__(self, problems: tuple[Problem, ...], *, untold: int = 0) -> None:
        errors = sum(problem.severity == "error" for problem in problems)
        warned = f", and {_count(len(problems) - errors, 'warning')}" if errors < len(problems) else ""
        more = f" and {untold} more" if untold else ""
        super().__init__(
            "The workspace is invalid.",
            "\n".join(str(problem) for problem in sorted(problems)),
            f"{_count(errors, 'problem')}{more} to mend{warned}; nothing was changed.",
        )
        self.untold = untold
        self.problems = problems


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


class SourceInvalid(ReconcilerError):
    """A declared table, file or column does not fit the workspace; `problems` are those with a place in the YAML."""

    exit_code = 78

    def __init__(self, summary: str, detail: str = "", hint: str = "", *, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(summary, detail or "\n".join(str(problem) for problem in problems), hint)
        self.problems = problems


class EngineFailed(ReconcilerError):
    """The engine could not finish; its own message is withheld, since it may quote a row.

    `line` is the line of a text file, counted from 1, where that is what it could not read.
    """

    def __init__(self, summary: str, detail: str = "", hint: str = "", *, line: int | None = None) -> None:
        super().__init__(summary, detail, hint)
        self.line = line


class EngineUnavailable(EngineFailed):
    """The engine is gone, was stopped or has no room left: what it was asked is not at fault."""


class NotFound(ReconcilerError):
    """Nobody holds the key or the identifier that was looked for; the message does not repeat it."""


class Blocked(ReconcilerError):
    """A guard, stale data or a resource of somebody else stops the run."""

    exit_code = 3


class StateError(ReconcilerError):
    """State is missing, foreign, newer, truncated, or another writer was first."""

    exit_code = 4


class Locked(ReconcilerError):
    """Another writer holds the lock."""

    exit_code = 5


class PartlyApplied(ReconcilerError):
    """Some steps are done and recorded; running again goes on from there."""

    exit_code = 6


class Usage(ReconcilerError):
    """The command line does not make sense as given."""

    exit_code = 64


class CriteoError(ReconcilerError):
    """A call to Criteo did not succeed."""


class NotAuthorised(CriteoError):
    """Criteo did not let us in: by the credentials, a right, an advertiser's consent or the version of its API."""

    exit_code = 7


class VersionEnded(NotAuthorised):
    """Criteo no longer serves this version of its API, to anybody."""


class Refused(CriteoError):
    """Criteo refused the call; it had no effect. `code` is Criteo's own.

    `too_much` says that it asked for more than Criteo takes at once, so that it may pass in parts.
    """

    def __init__(
        self, summary: str, detail: str = "", hint: str = "", *, code: str = "", too_much: bool = False
    ) -> None:
        super().__init__(summary, detail, hint)
        self.code = code
        self.too_much = too_much


class OutcomeUnknown(CriteoError):
    """The answer was lost or made no sense; the call may or may not have had its effect."""
