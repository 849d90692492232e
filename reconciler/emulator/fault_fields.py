"""Read faults as they are sent: a JSON list of objects, each field checked, with the place in every message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reconciler.emulator.faults import ANSWERED, ANSWERS, KINDS, LONGEST_WAIT, Mishap, Rule
from reconciler.emulator.routes import ROUTES, TOKEN_OPERATION
from reconciler.emulator.switches import FAILED_ITEMS, FailedItems

_METHODS = dict.fromkeys(("DELETE", "GET", "PATCH", "POST", "PUT"))
_OPERATIONS = dict.fromkeys(sorted({TOKEN_OPERATION, *(route.operation for route in ROUTES)}))


class BadFaultError(ValueError):
    """A fault that cannot be read; the message says which field and what it may be."""


def read_rules(body: Any) -> list[Rule]:
    """Read a JSON list of faults; raises `BadFaultError` for the first that is wrong."""
    if not isinstance(body, list):
        raise BadFaultError("faults: a JSON list of objects is needed")
    return [_read_rule(_Fields(given, f"faults[{place}]")) for place, given in enumerate(body)]


def _read_rule(fields: _Fields) -> Rule:
    mishap = _read_mishap(fields)
    count = fields.given.get("count", 1)
    rule = Rule(
        mishap=mishap,
        method=fields.choice("method", _METHODS),
        operation=fields.choice("operation", _OPERATIONS),
        path=fields.pattern("path"),
        nth=fields.whole("nth", 1, 1e9, least=1),
        count=None if count is None else fields.whole("count", 1, 1e9),
        probability=fields.number("probability", 1.0, 1.0),
        seed=fields.whole("seed", 0, 1e18),
    )
    fields.check_all_read()
    if rule.operation is not None and not KINDS[mishap.kind].can_hit(rule.operation):
        raise BadFaultError(f"{fields.place}.operation: {mishap.kind} does nothing to this operation")
    return rule


def _read_mishap(fields: _Fields) -> Mishap:
    name = fields.choice("kind", KINDS)
    if name is None:
        raise BadFaultError(f"{fields.place}.kind: is missing; one of {', '.join(KINDS)}")
    kind, answer = KINDS[name], fields.choice("answer", ANSWERS)
    if answer and name not in ANSWERED:
        raise BadFaultError(f"{fields.place}.answer: only with {', '.join(sorted(ANSWERED))}")
    if answer == "normal" and kind.effect == "none":
        raise BadFaultError(f"{fields.place}.answer: {name} does not answer normally")
    return Mishap(
        kind=name,
        effect=kind.effect,
        reply=ANSWERS[answer] if answer else kind.reply,
        seconds=fields.number("seconds", 0.0, LONGEST_WAIT),
        failed_items=fields.failed_items(),
        share=fields.number("share", 0.5, 1.0),
        code=fields.text("code") or "internal-error",
    )


class _Fields:
    """One fault as it was sent, read field by field with the place in every message."""

    def __init__(self, given: Any, place: str) -> None:
        if not isinstance(given, dict):
            raise BadFaultError(f"{place}: an object is needed")
        self.given: dict[str, Any] = given
        self.place = place
        self._read = {"count"}

    def text(self, name: str) -> str | None:
        self._read.add(name)
        value = self.given.get(name)
        if value is None or isinstance(value, str):
            return value
        raise BadFaultError(f"{self.place}.{name}: text is needed")

    def choice(self, name: str, choices: Mapping[str, Any]) -> str | None:
        self._read.add(name)
        value = self.given.get(name)
        value = str(value) if isinstance(value, int) else value
        if value is None or (isinstance(value, str) and value in choices):
            return value
        raise BadFaultError(f"{self.place}.{name}: one of {', '.join(choices)}")

    def number(self, name: str, default: float, largest: float) -> float:
        self._read.add(name)
        value = self.given.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadFaultError(f"{self.place}.{name}: a number is needed")
        if not 0 <= value <= largest:
            raise BadFaultError(f"{self.place}.{name}: between 0 and {largest:g}")
        return value

    def whole(self, name: str, default: int, largest: float, *, least: int = 0) -> int:
        value = self.number(name, default, largest)
        if value < least or value != int(value):
            raise BadFaultError(f"{self.place}.{name}: a whole number from {least} on")
        return int(value)

    def pattern(self, name: str) -> re.Pattern[str] | None:
        text = self.text(name)
        try:
            return None if text is None else re.compile(text)
        except re.error as error:
            raise BadFaultError(f"{self.place}.{name}: {error}") from None

    def failed_items(self) -> FailedItems | None:
        value = self.text("failed_items")
        found = next((shape for shape in FAILED_ITEMS if shape == value), None)
        if value is not None and found is None:
            raise BadFaultError(f"{self.place}.failed_items: one of {', '.join(FAILED_ITEMS)}")
        return found

    def check_all_read(self) -> None:
        unknown = sorted(set(self.given) - self._read)
        if unknown:
            raise BadFaultError(f"{self.place}.{unknown[0]}: there is no such field")
