"""What a handler is given, and the checks that several handlers share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.emulator.responses import Answer, Problem, RefusedError, success
from reconciler.emulator.store import Commit
from reconciler.emulator.switches import FailedItems, Switches
from reconciler.emulator.world import World

_DIGITS = re.compile(r"[0-9]{1,20}")  # not so many that they take long to read
MAX_LIMIT = 100
DEFAULT_LIMIT = 50


@dataclass(slots=True)
class Touched:
    """The ids that a call named, for the log of requests."""

    segments: set[str] = field(default_factory=set)
    audiences: set[str] = field(default_factory=set)
    ad_sets: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One checked call: what was asked, and what may be used to carry it out.

    `path` is the path as sent, `arguments` its variable parts; `body` is checked JSON, or an
    `Amendment` for the operation that takes one. The world is the handler's alone
    until it returns; it changes through `commit` only.
    """

    path: str
    version: str
    arguments: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    world: World
    now: float
    commit: Commit
    switches: Switches
    failed_items: FailedItems
    touched: Touched


def paged(call: Call, found: Sequence[Any]) -> tuple[Sequence[Any], dict[str, int]]:
    """Return the page that the query asks for, and the `meta` beside it.

    `limit` is 0 to 100 and 50 if missing, `offset` counts from 0 (Criteo's audience API 2026-07).
    """
    limit = _number(call, "limit", DEFAULT_LIMIT, MAX_LIMIT)
    offset = _number(call, "offset", 0, 2**31 - 1)
    meta = {"totalItems": len(found), "limit": limit, "offset": offset}
    return found[offset : offset + limit], meta


def page(call: Call, found: Sequence[Any], write: Any) -> Answer:
    """Answer a search with one page, each item written by `write`."""
    shown, meta = paged(call, found)
    return success([write(item) for item in shown], meta=meta)


def allows(wanted: Sequence[str] | None, value: str) -> bool:
    """Tell whether a filter lets `value` through; a filter that was not given lets everything."""
    return wanted is None or value in wanted


def check_advertiser(call: Call, advertiser: str) -> None:
    """Raise `RefusedError` with 403 for an advertiser that gave no consent."""
    if advertiser not in call.world.advertisers:
        raise no_permission(call)


def no_permission(call: Call) -> RefusedError:
    """Return the refusal of something that belongs to an advertiser that gave no consent."""
    problem = Problem(
        code=call.switches.no_permission,
        title="Insufficient permissions",
        detail="The application has no consent of this advertiser",
        type="authorization",
    )
    return RefusedError(problem, 403)


def check_texts(call: Call, name: str, description: str | None, what: str) -> None:
    """Raise `RefusedError` for a name or a description that is longer than the switches allow."""
    given = {
        "name": (name, call.switches.longest_name),
        "description": (description, call.switches.longest_description),
    }
    for field_name, (text, longest) in given.items():
        if longest and len(text or "") > longest:
            detail = f"The {field_name} of the {what} '{name}' has more than {longest} characters"
            raise RefusedError(Problem(code="invalid", title=f"{what} {field_name} is too long", detail=detail))


def check_name(name: str, others: Sequence[str], what: str) -> None:
    """Raise `RefusedError` for a name that is empty or taken by another of the advertiser's."""
    if not name.strip():
        raise RefusedError(
            Problem(
                code="name-must-not-be-empty",
                title=f"{what} name must not be empty",
                detail=f"The name of the {what} is empty",
            )
        )
    if name in others:
        raise RefusedError(
            Problem(
                code="name-must-be-unique",
                title=f"{what} name must be unique",
                detail=f"Another {what} exists with the name: {name}",
            )
        )


def in_use(what: str, detail: str) -> RefusedError:
    """Return the refusal to delete what something else needs."""
    return RefusedError(Problem(code=f"{what.lower()}-in-use", title=f"{what} is in use", detail=detail))


def not_found(what: str, number: str, status: int = 400) -> RefusedError:
    """Return the refusal of an id that nothing accessible has; `what` is e.g. `Segment`."""
    problem = Problem(
        code=f"{what.lower().replace(' ', '-')}-not-found",
        title=f"{what} is not found",
        detail=f"{what} {number} is not found",
    )
    return RefusedError(problem, status)


def new_description(call: Call, old: str | None, attributes: Mapping[str, Any]) -> str | None:
    """Return the description after an update, where a new one comes as `{"value": text}`."""
    if "description" not in attributes:
        return old if call.switches.left_out == "unchanged" else None
    wrapped = attributes["description"] or {}
    value: str | None = wrapped.get("value")
    return value


def _number(call: Call, name: str, default: int, largest: int) -> int:
    text = call.query.get(name, str(default))
    if not (_DIGITS.fullmatch(text) and int(text) <= largest):
        raise RefusedError(
            Problem(
                code="invalid",
                title="Query parameter out of range",
                detail=f"'{name}' must be between 0 and {largest}",
                source={"parameter": name},
            )
        )
    return int(text)
