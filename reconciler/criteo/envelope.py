"""What every request and every answer comes in, and what every resource has (Criteo's audience API 2026-07).

What we do not know is tolerated. What we need and do not find is a MalformedError.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from reconciler.criteo.endpoints import Right
from reconciler.criteo.problems import CriteoProblem, read_problems


class MalformedError(Exception):
    """An answer that is no JSON, or not of the documented shape. It says what is missing and quotes nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class Body:
    """A request's JSON; `repr` tells its size alone."""

    content: bytes

    def __repr__(self) -> str:
        return f"<{len(self.content)} bytes>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """What every answer comes in, hidden in `repr`. `data` is None where there is none; `right` is what it took."""

    status: int
    data: Any = field(default=None, repr=False)
    total: int | None = None
    problems: tuple[CriteoProblem, ...] = ()
    right: Right = Right.NONE

    @property
    def is_success(self) -> bool:
        """Whether the call as a whole was accepted; some of its items may have failed all the same."""
        return self.status < 300


def open_envelope(response: httpx.Response, right: Right = Right.NONE) -> Envelope:
    """Read an answer. Raises MalformedError for a success that is no envelope; a refusal needs none."""
    if response.status_code == httpx.codes.NO_CONTENT:
        return Envelope(status=response.status_code, right=right)
    content = _parsed(response)
    if not isinstance(content, dict):
        if response.is_success:
            raise MalformedError("The body is no JSON object.")
        content = {}
    meta = content.get("meta")
    total = meta.get("totalItems") if isinstance(meta, dict) else None
    return Envelope(
        status=response.status_code,
        data=content.get("data"),
        total=total if isinstance(total, int) else None,
        problems=_problems(content),
        right=right,
    )


def problems_of(response: httpx.Response) -> tuple[CriteoProblem, ...]:
    """What an answer tells of problems, whatever else is wrong with it."""
    try:
        content = response.json()
    except (ValueError, RecursionError):
        return ()
    return _problems(content) if isinstance(content, dict) else ()


def body(content: Mapping[str, Any]) -> Body:
    """A request's JSON, as short as may be."""
    return Body(json.dumps(content, separators=(",", ":")).encode())


def read_items(envelope: Envelope) -> list[Any]:
    """The resources of a list answer; null is none."""
    return list_of(envelope.data if envelope.data is not None else [])


def read_done(envelope: Envelope) -> None:
    """The answer to a call that changes one thing; that it comes with data is all that is asked of it."""
    if envelope.status != httpx.codes.NO_CONTENT and not isinstance(envelope.data, dict):
        raise MalformedError("The data are missing.")


def attributes_of(item: Any) -> dict[str, Any]:
    """What a resource of any kind says of itself, known to us or not."""
    attributes = item.get("attributes") if isinstance(item, dict) else None
    if not isinstance(attributes, dict):
        raise MalformedError("A resource has no attributes.")
    return attributes


def read_id(item: Any) -> str:
    """The id of a resource of any kind."""
    given = item.get("id") if isinstance(item, dict) else None
    if not isinstance(given, str | int) or isinstance(given, bool) or given == "":
        raise MalformedError("A resource has no id.")
    return str(given)


def others_of(attributes: Mapping[str, Any], *known: str) -> dict[str, Any]:
    """The attributes that are read nowhere else, as they are."""
    return {name: value for name, value in attributes.items() if name not in known}


def text_of(value: Any) -> str | None:
    """A text, or None for whatever is none."""
    return value if isinstance(value, str) else None


def list_of(value: Any) -> list[Any]:
    """A list. Raises MalformedError for what is none."""
    if not isinstance(value, list):
        raise MalformedError("A list is missing.")
    return value


def _parsed(response: httpx.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        if response.is_success:
            # The parser's exception holds the body.
            raise MalformedError("The body is no JSON.") from None
        return None


def _problems(content: Mapping[str, Any]) -> tuple[CriteoProblem, ...]:
    return (*read_problems(content.get("errors")), *read_problems(content.get("warnings")))
