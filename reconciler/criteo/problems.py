"""What Criteo says when it refuses → our errors.

A problem object has `code`, `title`, `type` and more (Criteo's audience API 2026-07). Only code and title reach a
message; `detail` may quote what was sent, so it serves to find the item that is meant and goes no further.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.errors import CriteoError, NotAuthorised, OutcomeUnknown, Refused

_CODE = re.compile(r"[A-Za-z0-9_-]{1,80}")
_PERSONAL = re.compile(r"@|[0-9A-Fa-f]{32}|[0-9]{7}")
_LONGEST_TITLE = 160

RIGHTS = (
    "Check `advertiser` in reconciler.yaml, that this advertiser has given its consent to the app, and that the app "
    "has the right to manage audiences and, to link ad sets, campaigns."
)

_HINTS = {
    404: "It may have been deleted at Criteo; plan again.",
    410: "Set criteo.api_version in reconciler.yaml to a version that Criteo supports.",
    413: "The call was too large for Criteo.",
    415: "Criteo does not take this kind of content; check CRITEO_API_URL.",
    429: "Other programs may be using up the same app's rate limit; wait a minute, or lower criteo.calls_per_minute.",
}

_RIGHTS_TYPES = ("access-control", "access_control", "authentication", "authorization")
_UNSURE_TYPES = ("availability", "unknown")


@dataclass(frozen=True, kw_only=True, slots=True)
class CriteoProblem:
    """One problem object. `clues` are the texts that may name the item it is about, hidden in `repr`."""

    type: str = ""
    code: str = ""
    title: str = ""
    clues: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_notice(self) -> bool:
        """Whether it only announces something, and nothing failed."""
        return self.type == "deprecation" or self.code in ("deprecated-field", "endpoint-deprecated")

    @property
    def words(self) -> str:
        """Code and title, as far as they can be shown."""
        return f"{self.code}: {self.title}" if self.code and self.title else self.code or self.title


def read_problems(value: Any) -> tuple[CriteoProblem, ...]:
    """The problems of an `errors` or `warnings` array; what has another shape is passed over."""
    return tuple(_read(item) for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def error_of_status(status: int, problems: Sequence[CriteoProblem]) -> CriteoError:
    """The error that a whole call with a status of 300 to 499 comes to; the call had no effect."""
    problem = problems[0] if problems else CriteoProblem()
    detail = f"HTTP {status}" + "".join(f"; {each.words}" for each in problems if each.words) + "."
    if status == 401:
        return NotAuthorised("Criteo does not accept our access token.", detail, "Check the app's credentials.")
    if status == 403 and not _names_a_thing(problem):
        return NotAuthorised("Criteo does not allow this.", detail, RIGHTS)
    return Refused("Criteo refused the call.", detail, _HINTS.get(status, ""), code=problem.code)


def error_of_item(problems: Sequence[CriteoProblem]) -> CriteoError:
    """The error that one item of a bulk call comes to, by the problems that are about it."""
    types, codes = {problem.type for problem in problems}, {problem.code for problem in problems}
    detail = "; ".join(problem.words for problem in problems if problem.words)
    if codes & {"internal-error"} or types & set(_UNSURE_TYPES):
        return OutcomeUnknown("Criteo may or may not have done it.", detail, "Run again: it is looked up.")
    if types & set(_RIGHTS_TYPES):
        return NotAuthorised("Criteo does not allow this.", detail, RIGHTS)
    return Refused("Criteo refused it.", detail, code=codes.pop() if len(codes) == 1 else "")


def _names_a_thing(problem: CriteoProblem) -> bool:
    """Criteo documents `audience-invalid`, which is about a list that is not there, for 403 as well as for 404."""
    return problem.code == "audience-invalid" or problem.code.endswith("-not-found")


def _read(item: dict[str, Any]) -> CriteoProblem:
    source = item.get("source")
    values = [
        *(source.values() if isinstance(source, dict) else ()),
        item.get("detail"),
        _last_part(item.get("instance")),
    ]
    code = _text(item.get("code"))
    return CriteoProblem(
        type=_text(item.get("type")),
        code=code if _CODE.fullmatch(code) else "",
        title=_showable(_text(item.get("title"))),
        clues=tuple(filter(None, map(_text, values))),
    )


def _last_part(instance: Any) -> str:
    """The id at the end of a path; its other parts are words and a version that could be taken for names and ids."""
    last = _text(instance).rpartition("/")[2]
    return last if last.isdecimal() else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _showable(title: str) -> str:
    """A title on one line, or nothing when it might quote somebody's identifier."""
    line = " ".join(title.split())
    return "" if _PERSONAL.search(line) or not line.isprintable() else line[:_LONGEST_TITLE].rstrip(".")
