"""The looks of an answer that Criteo's documents leave open: empty arrays, no data, headers of old versions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from reconciler.emulator.responses import Answer, Family
from reconciler.emulator.switches import Switches

ENDING: Mapping[str, str] = {"2026-01": "Tue, 02 Feb 2027 00:00:00 GMT"}
"""The versions in the last months of their support, and when it ends (Criteo's versioning policy)."""


def shaped(answer: Answer, switches: Switches, family: Family) -> Answer:
    """Return an answer in the shape that the switches ask for.

    The contact-list operations always show both arrays, and data (Criteo's audience API 2026-07).
    """
    if family == "contact_list" or not isinstance(answer.body, dict):
        return answer
    body: dict[str, Any] = dict(answer.body)
    if body.get("data") == [] and switches.empty_data == "null":
        body["data"] = None
    if switches.empty_arrays != "empty":
        empty = {name: None for name in ("errors", "warnings") if body.get(name) == []}
        body.update(empty)
        if switches.empty_arrays == "left_out":
            body = {name: value for name, value in body.items() if name not in empty}
    return replace(answer, body=body)


def ending_headers(version: str, switches: Switches) -> dict[str, str]:
    """Return the headers that tell of the end of a version, if it is near."""
    if version not in ENDING or switches.deprecation_headers == "off":
        return {}
    return {"Deprecation": "true", "Sunset": ENDING[version]}


def turned_away(answer: Answer, switches: Switches, now: float, *, to_token: bool) -> Answer:
    """Return an answer as it looks where it is a 429, or a 401 to a call; any other as it is."""
    if answer.status == HTTPStatus.UNAUTHORIZED and switches.unauthorized == "empty" and not to_token:
        return replace(answer, body=None)
    if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        return answer
    headers = {**answer.headers, **_retry_after(answer, switches, now)}
    if switches.too_many_calls == "problem":
        return replace(answer, headers=headers)
    return replace(answer, headers=headers, body=None, page=switches.too_many_calls == "page")


def _retry_after(answer: Answer, switches: Switches, now: float) -> dict[str, str]:
    """Return the header that says in how many seconds there are calls again, if the switches want it."""
    reset = answer.headers.get("x-ratelimit-reset")
    if reset is None or switches.retry_after == "off":
        return {}
    return {"Retry-After": str(max(1, math.ceil(int(reset) - now)))}
