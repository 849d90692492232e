"""HTTP answers as Criteo writes them: the envelope, problems and partial success."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from uuid import uuid4

from reconciler.emulator.switches import FailedItems

Family = Literal["common", "contact_list", "portfolio", "oauth"]
"""Which of Criteo's shapes the problems of an operation have."""

Json = Mapping[str, Any] | Sequence[Any]
"""A body as it is written: the envelope, or a list of the emulator's own endpoints."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One problem of Criteo's envelope; `source` says which field, never its value."""

    code: str
    title: str
    detail: str
    type: str = "validation"
    source: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self, instance: str, family: Family = "common") -> dict[str, Any]:
        """Write the problem for the path `instance`.

        The contact-list operations have a shape of their own: no `traceIdentifier`, and a stack
        trace that is a list. The portfolio has neither (Criteo's audience API 2026-07).
        """
        trace = str(uuid4())
        common = {
            "traceId": trace,
            "type": self.type,
            "code": self.code,
            "instance": instance,
            "title": self.title,
            "detail": self.detail,
            "source": dict(self.source),
        }
        if family == "contact_list":
            return {**common, "stackTrace": []}
        if family == "portfolio":
            return {**common, "type": self.type.replace("-", "_")}
        return {**common, "traceIdentifier": trace, "stackTrace": None}


class RefusedError(Exception):
    """A call, or an item of a bulk call, that is not carried out."""

    def __init__(self, problem: Problem, status: int = 400, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.status = status
        self.headers = headers or {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A status, a JSON body (or none, for a 204) and headers on their way to the client.

    A `page` is no JSON, but what something in front of Criteo might show.
    """

    status: int = 200
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    page: bool = False


def success(data: Any, **more: Any) -> Answer:
    """Answer with `data` in the envelope."""
    return Answer(body={"data": data, "warnings": [], "errors": [], **more})


def failure(refused: RefusedError, instance: str, family: Family = "common") -> Answer:
    """Answer with the problem of a call that was refused as a whole."""
    if family == "oauth":
        error = "temporarily_unavailable" if refused.status > HTTPStatus.INTERNAL_SERVER_ERROR else "server_error"
        return oauth_failure(error, refused.problem.detail, refused.status)
    problem = refused.problem.to_dict(instance, family)
    return Answer(status=refused.status, body={"errors": [problem], "warnings": []}, headers=refused.headers)


def oauth_failure(error: str, description: str, status: int = 400) -> Answer:
    """Answer in the shape of OAuth, which the token endpoint uses instead of the envelope."""
    body = {
        "error": error,
        "error_description": description,
        "error_uri": "https://tools.ietf.org/html/rfc6749#section-5.2",
    }
    return Answer(status=status, body=body)


def bulk(
    items: Iterable[Mapping[str, Any]],
    carry_out: Callable[[Mapping[str, Any]], dict[str, Any]],
    told: Callable[[Problem, int, Mapping[str, Any]], dict[str, Any]],
    failed_items: FailedItems,
) -> Answer:
    """Carry out a bulk call item by item; what fails does not stop the rest.

    `told` writes the problem of the item at a place.
    """
    data: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    for place, item in enumerate(items):
        try:
            data.append(carry_out(item))
        except RefusedError as refused:
            problems.append(told(refused.problem, place, item))
    return _partial_success(data, problems, failed_items)


def _partial_success(data: list[dict[str, Any]], problems: list[dict[str, Any]], failed_items: FailedItems) -> Answer:
    if failed_items == "bad_request" and problems and not data:
        return Answer(status=400, body={"errors": problems, "warnings": []})
    into_warnings = failed_items == "warnings"
    body = {
        "data": data,
        "warnings": problems if into_warnings else [],
        "errors": [] if into_warnings else problems,
    }
    return Answer(body=body)


def invalid(title: str, detail: str, **source: str) -> RefusedError:
    """Return the refusal of a value that Criteo would not take."""
    return RefusedError(Problem(code="invalid", title=title, detail=detail, source=source))
