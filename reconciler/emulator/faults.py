"""Scripted misbehaviour: which call goes wrong, and how.

A fault has an effect (does the call change the world: now, later, at the next processing run, never?)
and an answer (what the client gets to see). Each kind is a pair of these:

    kind                effect   answer
    429 500 503 …       none     that status
    500_after 503_after now      that status
    slow                now      the right one, and all of it `seconds` late
    close_before        none     connection closed without an answer
    close_after         now      connection closed without an answer
    effect_later        later    the right one (or `answer`), the change `seconds` afterwards
    reordered           at_run   the right one; changes of one processing run happen in any order
    truncated           now      half of the right one, then the connection is closed
    wrong_json          now      200 with a body that is not JSON
    wrong_shape         now      200 with JSON that is not the envelope
    token_dead          none     401; the token that was used is expired from then on
    failed_items        now      the right one, failed items where `failed_items` says
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from threading import Lock
from typing import Any, Literal

from reconciler.emulator.switches import FAILED_ITEMS, FailedItems

Effect = Literal["now", "later", "at_run", "none"]
Reply = Literal["normal", "close", "truncated", "wrong_json", "wrong_shape"] | int

KINDS: Mapping[str, tuple[Effect, Reply]] = {
    **{str(status): ("none", status) for status in (401, 403, 429, 500, 502, 503, 504)},
    "500_after": ("now", 500),
    "503_after": ("now", 503),
    "slow": ("now", "normal"),
    "close_before": ("none", "close"),
    "close_after": ("now", "close"),
    "effect_later": ("later", "normal"),
    "reordered": ("at_run", "normal"),
    "truncated": ("now", "truncated"),
    "wrong_json": ("now", "wrong_json"),
    "wrong_shape": ("now", "wrong_shape"),
    "token_dead": ("none", 401),
    "failed_items": ("now", "normal"),
}
ANSWERS: Mapping[str, Reply] = {"normal": "normal", "close": "close", "500": 500, "503": 503}
LONGEST_WAIT = 3600.0


class BadFaultError(ValueError):
    """A fault that cannot be read; the message says which field and what it may be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mishap:
    """What happens to one call; `seconds` is a delay of the answer or of the effect."""

    kind: str
    effect: Effect
    reply: Reply
    seconds: float = 0.0
    failed_items: FailedItems | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Which calls a mishap happens to.

    A call matches by method, by operation (Criteo's operation id) and by a regular expression found
    in its path; what is not given matches all. The mishap hits from the `nth` matching call on,
    with `probability`, `count` times (`None`: for ever).
    """

    mishap: Mishap
    method: str | None = None
    operation: str | None = None
    path: re.Pattern[str] | None = None
    nth: int = 1
    count: int | None = 1
    probability: float = 1.0
    seed: int = 0

    def matches(self, method: str, path: str, operation: str | None) -> bool:
        """Tell whether a call is one that this rule counts."""
        return (
            self.method in (None, method)
            and self.operation in (None, operation)
            and (self.path is None or self.path.search(path) is not None)
        )


class Script:
    """The rules in force, each with how often it has seen a matching call and hit one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._scenes: list[_Scene] = []

    def add(self, rules: list[Rule]) -> None:
        """Put rules behind those in force; of several that hit, the first one counts."""
        with self._lock:
            self._scenes.extend(map(_Scene, rules))

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._scenes.clear()

    def pick(self, method: str, path: str, operation: str | None) -> Mishap | None:
        """Count a call, and return what is to happen to it, if anything."""
        with self._lock:
            hits = [scene for scene in self._scenes if scene.sees(method, path, operation)]
            if not hits:
                return None
            hits[0].hits += 1
            return hits[0].rule.mishap

    def to_list(self) -> list[dict[str, Any]]:
        """Write the rules in force with their counts."""
        with self._lock:
            return [{"kind": scene.rule.mishap.kind, "seen": scene.seen, "hits": scene.hits} for scene in self._scenes]


class _Scene:
    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.seen = 0
        self.hits = 0
        self._random = Random(rule.seed)

    def sees(self, method: str, path: str, operation: str | None) -> bool:
        """Count a call if it matches, and tell whether the mishap would hit it."""
        if not self.rule.matches(method, path, operation):
            return False
        self.seen += 1
        if self.seen < self.rule.nth or (self.rule.count is not None and self.hits >= self.rule.count):
            return False
        return self._random.random() < self.rule.probability


def read_rules(body: Any) -> list[Rule]:
    """Read a JSON list of faults; raises `BadFaultError` for the first that is wrong."""
    if not isinstance(body, list):
        raise BadFaultError("faults: a JSON list of objects is needed")
    return [_read_rule(_Fields(given, f"faults[{place}]")) for place, given in enumerate(body)]


def _read_rule(fields: _Fields) -> Rule:
    kind = fields.choice("kind", KINDS, None)
    if kind is None:
        raise BadFaultError(f"{fields.place}.kind: is missing; one of {', '.join(KINDS)}")
    effect, reply = KINDS[kind]
    answer = fields.choice("answer", ANSWERS, None)
    mishap = Mishap(
        kind=kind,
        effect=effect,
        reply=ANSWERS[answer] if answer else reply,
        seconds=fields.number("seconds", 0.0, LONGEST_WAIT),
        failed_items=fields.failed_items(),
    )
    count = fields.given.get("count", 1)
    rule = Rule(
        mishap=mishap,
        method=fields.text("method"),
        operation=fields.text("operation"),
        path=fields.pattern("path"),
        nth=int(fields.number("nth", 1, 1e9)),
        count=None if count is None else int(fields.number("count", 1, 1e9)),
        probability=fields.number("probability", 1.0, 1.0),
        seed=int(fields.number("seed", 0, 1e18)),
    )
    fields.check_all_read()
    return rule


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

    def choice(self, name: str, choices: Mapping[str, Any], default: str | None) -> str | None:
        self._read.add(name)
        value = self.given.get(name, default)
        value = str(value) if isinstance(value, int) else value
        if value is default or value in choices:
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
