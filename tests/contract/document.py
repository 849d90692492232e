"""Criteo's operations as `criteo.schema.json` gives them, each with compiled checks of what goes to and fro."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

Json = dict[str, Any]

FILE = Path(__file__).with_name("criteo.schema.json")
TOKEN = "OAuth2Token"
CONTACT_LIST = ("UpdateContactListByAudienceSegment", "DeleteContactListByAudienceSegment")
"""The operations whose problems have a shape of their own."""

FORMATS = FormatChecker(formats=())
INT32, INT64 = 2**31, 2**63


@FORMATS.checks("int32")
def is_int32(value: object) -> bool:
    """Whether a number, or a number written as text, fits into 32 bits."""
    return _fits(value, INT32)


@FORMATS.checks("int64")
def is_int64(value: object) -> bool:
    """Whether a number fits into 64 bits."""
    return _fits(value, INT64)


@FORMATS.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    """Whether a text is an instant with its zone."""
    return not isinstance(value, str) or dt.datetime.fromisoformat(value).tzinfo is not None


def _fits(value: object, end: int) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d{1,19}", value) is not None and _fits(int(value), end)
    return not isinstance(value, int) or -end <= value < end


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A compiled schema."""

    validator: Draft202012Validator

    def __call__(self, instance: object) -> Iterator[str]:
        """Yield what is wrong, place by place: names and kinds of mistakes, no values."""
        return map(wording, self.validator.iter_errors(instance))


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One operation of Criteo's: how it is called, and what is asked and answered.

    `answers` has no check for a status that comes without a body. `closed` says that nothing but what the schemas name
    may be there, which is more than Criteo says: unknown attributes are how it grows.
    """

    name: str
    method: str
    path: re.Pattern[str]
    nearly: re.Pattern[str]
    query: Mapping[str, Check]
    required_query: frozenset[str]
    media_type: str
    body_required: bool
    body: Check | None
    answers: Mapping[int, Check | None]


def wording(error: ValidationError) -> str:
    """Say where a schema is broken and by what, without the value that breaks it."""
    if error.validator == "additionalProperties":
        known = error.schema["properties"] if isinstance(error.schema, Mapping) else ()
        strays = sorted(_names(error.instance) - _names(known))
        shown = ", ".join(each if each.isidentifier() else ascii(each) for each in strays)
        return f"{error.json_path}: unknown {shown}"
    if error.validator == "required":
        missing = ", ".join(sorted(_names(error.validator_value) - _names(error.instance)))
        return f"{error.json_path}: lacks {missing}"
    return f"{error.json_path}: {error.validator}"


def _names(found: Any) -> set[str]:
    return set(found)


@cache
def document() -> Json:
    """The file as it lies there."""
    parsed: Json = json.loads(FILE.read_text(encoding="utf-8"))
    return parsed


@cache
def operations() -> tuple[Operation, ...]:
    """All operations."""
    return tuple(map(_operation, document()["endpoints"]))


def find(method: str, path: str) -> Operation | None:
    """The operation at a method and path of any version."""
    return next((each for each in operations() if each.method == method and each.path.fullmatch(path)), None)


def nearly(method: str, path: str) -> Operation | None:
    """The operation that would be meant if the numbers in the path were numbers and the version a version."""
    return next((each for each in operations() if each.method == method and each.nearly.fullmatch(path)), None)


@cache
def errors_of(name: str | None) -> Check:
    """The check of a body that comes with a status of failure; `None` where there is no such operation."""
    if name == TOKEN:
        return _check(operation_of(TOKEN)["responses"]["400"])
    problem, warning = {
        **dict.fromkeys(CONTACT_LIST, ("AudienceError", "AudienceWarning")),
        "ListAdvertisers": ("PortfolioProblem", "PortfolioProblem"),
    }.get(name or "", ("CommonProblem", "CommonProblem"))
    return _check(_problems(problem, warning))


def operation_of(name: str) -> Json:
    """One operation as the file has it."""
    return next(each for each in document()["endpoints"] if each["id"] == name)


def _problems(problem: str, warning: str) -> Json:
    shape = document()["$defs"]["ErrorBody"]
    errors = {"type": "array", "minItems": 1, "items": {"$ref": f"#/$defs/{problem}"}}
    warnings = {**shape["properties"]["warnings"], "items": {"$ref": f"#/$defs/{warning}"}}
    return {**shape, "properties": {"data": {}, "errors": errors, "warnings": warnings}}


def _operation(given: Json) -> Operation:
    query = {each["name"]: each for each in given["queryParameters"]}
    request = given["request"]
    return Operation(
        name=given["id"],
        method=given["method"],
        path=_pattern(given, {"version": r"\d{4}-\d{2}", **dict.fromkeys(_numbers(given), r"\d{1,10}")}),
        nearly=_pattern(given, {}),
        query={name: _check(each["schema"]) for name, each in query.items()},
        required_query=frozenset(name for name, each in query.items() if each["required"]),
        media_type=given.get("requestContentType", "application/json"),
        body_required=given["requestRequired"],
        body=None if request is None else _check(request),
        answers={int(status): schema and _check(schema) for status, schema in given["responses"].items()},
    )


def _numbers(given: Json) -> set[str]:
    return {each["name"] for each in given["pathParameters"] if each["schema"].get("format") == "int32"}


def _pattern(given: Json, parts: dict[str, str]) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{([^}]+)\}", lambda part: parts.get(part[1], "[^/]+"), given["path"]))


def _check(schema: Json) -> Check:
    return Check(
        validator=Draft202012Validator({"$defs": _closed_definitions(), **_close(schema)}, format_checker=FORMATS)
    )


@cache
def _closed_definitions() -> Json:
    definitions = document()["$defs"]
    # A portfolio's refusals name the same causes as the others': its list of codes is of another API's making.
    problem = definitions["CriteoApiError"]
    coded = {**problem, "properties": {**problem["properties"], "code": {"type": ["string", "null"]}}}
    return {name: _close(each) for name, each in {**definitions, "PortfolioProblem": coded}.items()}


def _close(schema: Any) -> Any:
    """The schema, which then allows no property that it does not name."""
    if isinstance(schema, list):
        return [_close(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: value if key in ("enum", "required") else _close(value) for key, value in schema.items()}
    if "properties" in schema:
        # Beside a schema's keywords stand its properties by name, which may be called like a keyword.
        closed["properties"] = {name: _close(each) for name, each in schema["properties"].items()}
        closed["additionalProperties"] = False
    return closed
