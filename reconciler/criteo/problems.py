"""What Criteo says when it refuses → our errors.

A problem object has `code`, `title`, `type` and more (Criteo's audience API 2026-07). Only code and title reach a
message; `detail` may quote what was sent, so it serves to find the item and the attributes that are meant and goes no
further.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.criteo.endpoints import Right
from reconciler.criteo.meanings import CODES, ENDINGS, GONE, GRANTS, NOT_TAKEN, STATUSES, TYPES, UNTOLD, Fate, Meaning
from reconciler.errors import CriteoError, NotAuthorised, OutcomeUnknown, Refused, VersionEnded
from reconciler.model.kinds import ATTRIBUTES

_CODE = re.compile(r"[A-Za-z0-9_-]{1,80}")
_LAST_PART = re.compile(r"(?:\bdata/)?(?<=/)[0-9]{1,20}\Z", re.ASCII)
_TRACE = re.compile(r"[0-9A-Za-z-]{1,64}")
_PERSONAL = re.compile(r"@|[0-9A-Fa-f]{32}|[0-9]{7}")
_LONGEST_TITLE = 160
_WORD = re.compile(r"[A-Za-z]+")
_ATTRIBUTES = frozenset({"seedSegmentId", "algebra", *(each.name for kind in ATTRIBUTES.values() for each in kind)})
"""What a workspace can be wrong about, by Criteo's names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CriteoProblem:
    """One problem object. `clues` are the texts that may name the item it is about, hidden in `repr`."""

    type: str = ""
    code: str = ""
    title: str = ""
    trace: str = ""
    clues: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_notice(self) -> bool:
        """Whether it only announces something, and nothing failed."""
        return self.meaning.fate is Fate.NOTICE

    @property
    def meaning(self) -> Meaning:
        """What it says by itself, without the HTTP status."""
        return _of_code(self.code) or TYPES.get(self.type, NOT_TAKEN)

    @property
    def words(self) -> str:
        """Code and title, as far as they can be shown, and which attributes are meant."""
        said = f"{self.code}: {self.title}" if self.code and self.title else self.code or self.title
        meant = ", ".join(self.attributes)
        return f"{said} ({meant})" if said and meant else said or meant

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that it names, of those that we know: whatever else stands there may be somebody's."""
        return tuple(dict.fromkeys(word for clue in self.clues for word in _WORD.findall(clue) if word in _ATTRIBUTES))


def read_problems(value: Any) -> tuple[CriteoProblem, ...]:
    """The problems of an `errors` or `warnings` array; what has another shape is passed over."""
    return tuple(_read(item) for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def error_of(problems: Sequence[CriteoProblem], status: int = 200, right: Right = Right.NONE) -> CriteoError:
    """The error that a call with this HTTP status, or one item of a bulk call that went through, comes to.

    `right` is what the app needs for the call. OutcomeUnknown where Criteo does not know itself what it did; any other
    error had no effect.
    """
    told = [problem for problem in problems if not problem.is_notice] or list(problems)
    meaning = max((_meaning(problem, status) for problem in told or [CriteoProblem()]), key=lambda each: each.fate)
    words = [f"HTTP {status}"] if status >= 300 else []
    detail = "; ".join([*words, *dict.fromkeys(problem.words for problem in told if problem.words)])
    detail = f"{detail}." if detail else ""
    if meaning.fate is Fate.UNKNOWN:
        return OutcomeUnknown(meaning.summary, detail, meaning.hint)
    if meaning is STATUSES[GONE]:
        return VersionEnded(meaning.summary, detail, meaning.hint)
    if meaning.fate is Fate.DENIED:
        hint = _hint_for(right, meaning) if meaning.of_rights else meaning.hint
        return NotAuthorised(meaning.summary, detail, hint)
    codes = {problem.code for problem in told}
    code = codes.pop() if len(codes) == 1 else ""
    return Refused(meaning.summary, detail, meaning.hint, code=code, too_much=meaning.too_much)


def _hint_for(right: Right, meaning: Meaning) -> str:
    needed = f"It needs {right.words}. " if right is not Right.NONE else ""
    # No call tells whether the app may manage campaigns but one that changes an ad set: doctor makes none.
    return needed + (UNTOLD if right is Right.CAMPAIGN_MANAGE else meaning.hint)


def logged(problem: CriteoProblem) -> str:
    """A problem as the log tells it, for Criteo's support: with the id by which they find the call."""
    trace = f" (Criteo's trace id {problem.trace})" if problem.trace else ""
    return f"{problem.type or 'no type'}: {problem.words or 'no code'}{trace}"


def error_of_grant(status: int, word: object, address: str) -> CriteoError:
    """The error that a refused request for an access token comes to: OAuth has a shape of its own.

    `address` is the host that was asked.
    """
    known = word if isinstance(word, str) and re.fullmatch(r"[a-z_]{1,40}", word) else ""
    detail = f"{address} gives no access token (HTTP {status}{', ' if known else ''}{known})."
    if known in GRANTS or status in (400, 401, 403):
        meaning = GRANTS.get(known, GRANTS["invalid_client"])
        return NotAuthorised(meaning.summary, detail, meaning.hint)
    hint = "Check CRITEO_API_URL: it may not be Criteo's."
    return CriteoError("Criteo gives no access token.", detail, STATUSES[429].hint if status == 429 else hint)


def _meaning(problem: CriteoProblem, status: int) -> Meaning:
    """By a code that says what it is about, else by the status, else by the type."""
    by_code, by_status = _of_code(problem.code), STATUSES.get(status)
    if by_status is not None and (by_code is None or by_code.vague):
        return by_status
    # Something has failed, or nobody would ask: an announcement does not explain it.
    return NOT_TAKEN if problem.is_notice else problem.meaning


def _of_code(code: str) -> Meaning | None:
    by_ending = (meaning for ending, meaning in ENDINGS.items() if code.endswith(ending))
    return CODES.get(code) or next(by_ending, None)


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
        trace=_trace(item.get("traceId")) or _trace(item.get("traceIdentifier")),
        clues=tuple(filter(None, map(_text, values))),
    )


def _last_part(instance: Any) -> str:
    """The id, or the place in the call, at the end of a path.

    Its other parts are words and a version that could be taken for names and ids.
    """
    found = _LAST_PART.search(_text(instance))
    return found[0] if found else ""


def _trace(value: Any) -> str:
    """The id by which Criteo's support finds a call, if it looks like one."""
    return value if isinstance(value, str) and _TRACE.fullmatch(value) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _showable(title: str) -> str:
    """A title on one line, or nothing when it might quote somebody's identifier."""
    line = " ".join(title.split())
    return "" if _PERSONAL.search(line) or not line.isprintable() else line[:_LONGEST_TITLE].rstrip(".")
