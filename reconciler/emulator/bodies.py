"""Read request bodies: is this something that Criteo could deserialise?

Problems name the field and what is wrong with it, never the value that was sent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from reconciler.emulator.identifiers import Sifted, sift
from reconciler.emulator.responses import Problem, RefusedError
from reconciler.emulator.switches import Switches

SCHEMA_FILE = "requests.schema.json"
AMENDMENT = "UpdateContactListByAudienceSegment"
DEFAULT_IDENTIFIER_TYPE = "email"

_UPDATES = ("UpdateAudienceSegments", "UpdateAudiences")
_NULLABLE = {"description", "gender", "daysSinceLastVisitMin", "daysSinceLastVisitMax"}
"""The fields that an update wraps in `{"value": …}`; retargeting's days are plain."""

_REASONS = {
    "type": "has the wrong type",
    "enum": "has a value that is not on the list",
    "required": "lacks a required field",
    "uniqueItems": "holds a value twice",
    "minimum": "is out of range",
    "maximum": "is out of range",
    "anyOf": "has the wrong type",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Amendment:
    """A checked contact-list amendment; `count` is how many identifiers were sent."""

    operation: str
    identifier_type: str
    count: int
    sifted: Sifted


def read_json(raw: bytes) -> Any:
    """Parse a JSON body; raises `RefusedError` when it is none, or holds a number that JSON or a float can't."""
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        # The parser's own message is left out: it may quote what was sent.
        problem = Problem(code="invalid", title="Malformed body", detail="The body is not JSON")
        raise RefusedError(problem) from None


def read_body(operation: str, raw: bytes, switches: Switches) -> Any:
    """Parse and check the body of `operation`; raises `RefusedError` with the first thing wrong with it."""
    body = read_json(raw)
    if switches.type_in_requests == "needed":
        _check_types(body)
    if operation == AMENDMENT:
        return read_amendment(body, switches)
    if operation in _UPDATES and switches.plain_in_update == "accept":
        _wrap_plain(body)
    check(operation, body)
    return body


def check(operation: str, body: Any) -> None:
    """Raise `RefusedError` with the first thing wrong with the body of `operation`."""
    try:
        error = next(_validator(operation).iter_errors(body), None)
    except RecursionError:
        raise _refusal("", "is nested too deeply") from None
    if error is not None:
        raise _refusal(_path(error.absolute_path), _REASONS.get(str(error.validator), "is invalid"))


def read_amendment(body: Any, switches: Switches) -> Amendment:
    """Take a contact-list amendment apart.

    The identifiers are checked here rather than by the schema, because there may be 50,000 of them.
    Raises `RefusedError` when something is wrong with any part; one identifier too many is for the
    caller to refuse.
    """
    check(AMENDMENT, body)
    attributes = body["data"]["attributes"]
    identifiers = attributes.get("identifiers")
    if not isinstance(identifiers, list) or not set(map(type, identifiers)) <= {str}:
        raise _refusal("data.attributes.identifiers", "has the wrong type")
    if "identifierType" not in attributes and switches.missing_identifier_type == "refuse":
        raise _refusal("data.attributes", _REASONS["required"])
    identifier_type = attributes.get("identifierType", DEFAULT_IDENTIFIER_TYPE)
    if identifier_type == "gum" and "gumCallerId" not in attributes and switches.gum_caller == "needed":
        raise _refusal("data.attributes", _REASONS["required"])
    small_enough = identifiers if len(identifiers) <= switches.most_identifiers else []
    return Amendment(
        operation=attributes["operation"],
        identifier_type=identifier_type,
        count=len(identifiers),
        sifted=sift(identifier_type, small_enough, switches),
    )


def _refuse_constant(name: str) -> float:
    """Python takes `NaN` and `Infinity` for numbers, JSON does not."""
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _check_types(body: Any) -> None:
    """Raise `RefusedError` for a resource that does not tell its type."""
    data = body.get("data") if isinstance(body, dict) else None
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict) and not item.get("type"):
            raise _refusal("data.type", _REASONS["required"])


def _wrap_plain(body: Any) -> None:
    """Wrap the nullable fields of an update that were sent plain."""
    items = body.get("data") if isinstance(body, dict) else None
    for item in items if isinstance(items, list) else ():
        attributes = item.get("attributes") if isinstance(item, dict) else None
        if isinstance(attributes, dict):
            for holder in (attributes, attributes.get("inMarket"), attributes.get("prospecting")):
                _wrap(holder)


def _wrap(holder: Any) -> None:
    if isinstance(holder, dict):
        plain = {name: {"value": holder[name]} for name in _NULLABLE & holder.keys() if _is_plain(holder[name])}
        holder.update(plain)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int)


@cache
def _schema() -> dict[str, Any]:
    text = files(__package__).joinpath(SCHEMA_FILE).read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def _validator(operation: str) -> Draft202012Validator:
    return Draft202012Validator({**_schema(), "$ref": f"#/$defs/{operation}"})


def _path(parts: Iterable[str | int]) -> str:
    """Write the place of a field; its parts are the schema's names and list positions."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def _refusal(place: str, reason: str) -> RefusedError:
    return RefusedError(
        Problem(
            code="invalid",
            title="Malformed body",
            detail=f"{place or 'the body'} {reason}",
            source={"field": place},
        )
    )
