"""What is wrong with one request or one answer, going by Criteo's own schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.contract.document import TOKEN, Operation, errors_of, find

AMENDMENT = "UpdateContactListByAudienceSegment"
MAX_IDENTIFIERS = 50_000
WHOLE = "the whole"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A request as it is on the wire; the names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def operation(self) -> Operation | None:
        return find(self.method, self.path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """An answer as it is on the wire; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def wrong_request(sent: Sent) -> Iterator[str]:
    """Yield what is wrong with a request of our client's."""
    operation = sent.operation
    if operation is None:
        yield f"{sent.method}: no operation of Criteo's has this path"
        return
    yield from _wrong_headers(sent, operation)
    yield from _wrong_query(sent.query, operation)
    yield from _wrong_form(sent.body, operation) if operation.name == TOKEN else _wrong_body(sent, operation)


def wrong_answer(operation: Operation | None, answered: Answered) -> Iterator[str]:
    """Yield what is wrong with an answer of the emulator's."""
    failed = answered.status >= 400
    check = errors_of(operation.name if operation else None) if failed else None
    if not failed:
        if operation is None or answered.status not in operation.answers:
            yield f"status {answered.status} is not one of this operation's"
            return
        check = operation.answers[answered.status]
    if "date" not in answered.headers:
        yield "the header Date is missing"
    if check is None:
        yield from ["a body where there is none"] if answered.body else []
        return
    if _media_type(answered.headers) != "application/json":
        yield "the header Content-Type is not that of JSON"
    body = _parsed(answered.body)
    yield from [f"{WHOLE} is not JSON"] if body is WHOLE else check(body)


def _wrong_headers(sent: Sent, operation: Operation) -> Iterator[str]:
    has_body = bool(sent.body)
    if has_body != (operation.body is not None) and (has_body or operation.body_required):
        yield "a body where there is none" if has_body else "the body is missing"
    if has_body and _media_type(sent.headers) != operation.media_type:
        yield f"the header Content-Type is not {operation.media_type}"
    is_authorized = sent.headers.get("authorization", "").startswith("Bearer ")
    if is_authorized == (operation.name == TOKEN):
        yield "the header Authorization is there" if is_authorized else "the header Authorization is missing"
    if sent.headers.get("accept") != "application/json":
        yield "the header Accept is not application/json"


def _wrong_query(query: str, operation: Operation) -> Iterator[str]:
    given = parse_qsl(query, keep_blank_values=True)
    names = [name for name, _ in given]
    yield from (f"?{name}: unknown" for name in sorted(set(names) - set(operation.query)))
    yield from (f"?{name}: is missing" for name in sorted(operation.required_query - set(names)))
    yield from (f"?{name}: given twice" for name in sorted({name for name in names if names.count(name) > 1}))
    for name, text in given:
        if name in operation.query:
            value: object = int(text) if text.isascii() and text.isdigit() and name != "advertiser-id" else text
            yield from (f"?{name}{wrong}" for wrong in operation.query[name](value))


def _wrong_form(body: bytes, operation: Operation) -> Iterator[str]:
    form = dict(parse_qsl(body.decode("utf-8", errors="replace")))
    assert operation.body is not None
    yield from operation.body(form)


def _wrong_body(sent: Sent, operation: Operation) -> Iterator[str]:
    if not sent.body or operation.body is None:
        return
    body = _parsed(sent.body)
    if body is WHOLE:
        yield f"{WHOLE} is not JSON"
        return
    if operation.name == AMENDMENT:
        yield from _wrong_identifiers(body)
    yield from operation.body(body)


def _wrong_identifiers(body: Any) -> Iterator[str]:
    """Look at the identifiers, of which there may be 50,000, and leave none of them to the schema."""
    try:
        attributes = body["data"]["attributes"]
        identifiers = attributes["identifiers"]
    except (TypeError, KeyError):
        return  # The schema says so too.
    place = "$.data.attributes.identifiers"
    if not isinstance(identifiers, list) or set(map(type, identifiers)) - {str}:
        return
    attributes["identifiers"] = []
    if not 0 < len(identifiers) <= MAX_IDENTIFIERS:
        yield f"{place}: {len(identifiers)} items"
    if not all(map(str.strip, identifiers)):
        yield f"{place}: a blank one"


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _parsed(body: bytes) -> Any:
    """The JSON, or WHOLE where there is none; `None` is JSON too."""
    try:
        return json.loads(body)
    except ValueError:
        return WHOLE
