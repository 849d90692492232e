"""Scripted misbehaviour: which call goes wrong, and how.

A fault has an effect (does the call change the world: now, later, at the next processing run, never?)
and an answer (what the client gets to see). Each kind is a pair of these, and some kinds happen only
to calls that they can do something to:

    kind                effect   answer                                                    happens to
    429 500 503 …       none     that status                                               every call
    500_after 503_after now      that status                                               every call
    slow                now      the right one (or `answer`), after `seconds`              every call
    close_before        none     connection closed without an answer                       every call
    close_after         now      connection closed without an answer                       every call
    truncated           now      half of the right one, then the connection is closed      every call
    wrong_json          now      200 with a body that is not JSON                          every call
    wrong_shape         now      200 with JSON that is not the envelope                    every call
    effect_later        later    the right one (or `answer`), the change `seconds` later   changes
    reordered           at_run   the right one (or `answer`), changes of one run shuffled  contact lists
    partial             some     the right one for what was carried out                    bulk calls
    failed_items        now      the right one, failed items where `failed_items` says     bulk calls
    token_dead          none     401; the token that was used is expired from then on      all but tokens
    token_down          none     503 (or `answer`)                                         token requests

`partial` lets each item of a bulk call fail with the chance `share` (0.5 if not given), with the
problem `code` (`internal-error` if not given): such an item is not carried out. `failed_items` says
in which shape the failed ones are told: `errors`, `warnings` or `bad_request`. The token endpoint is
the operation `OAuth2Token`; kinds that happen to every call happen to it too.

A rule says which calls: `method`, `operation`, `path` (a regular expression), from the `nth` on,
`count` times (1 if not given, null for ever), each time with `probability`, drawn from `seed`, so
that the same calls in the same order meet the same faults:

    {"kind": "close_after", "method": "PATCH", "nth": 3}
    {"kind": "503", "probability": 0.1, "seed": 7, "count": null}
    {"kind": "effect_later", "seconds": 300, "answer": "close", "probability": 0.1, "count": null}
    {"kind": "partial", "share": 0.3, "failed_items": "warnings", "count": null}
    {"kind": "token_down", "answer": "close", "count": 2}

`POST /emulator/faults` puts a list of rules behind those in force; of several that hit one call the
first counts. `GET /emulator/faults` lists the rules in force, each with how many calls it has `seen`
and how often it `hits`; `GET /emulator/faults/injected` gives the hits by kind since the start, also
of rules that were taken back. The log of requests names the fault of each call.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from threading import Lock
from typing import Any, Literal

from reconciler.emulator.switches import FailedItems

Effect = Literal["now", "later", "at_run", "some", "none"]
Reply = Literal["normal", "close", "truncated", "wrong_json", "wrong_shape"] | int

TOKENS = frozenset({"OAuth2Token"})
LISTS = frozenset({"UpdateContactListByAudienceSegment", "DeleteContactListByAudienceSegment"})
_BULK_CHANGES = frozenset(
    f"{verb}{what}" for verb in ("Create", "Update", "Delete") for what in ("AudienceSegments", "Audiences")
)
BULK = _BULK_CHANGES | {"ComputeAudienceSegmentsSizes", "ComputeAudiencesSizes"}
CHANGES = _BULK_CHANGES | LISTS | {"UpdateAdSetAudience"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of fault; it happens to the operations `only`, or to all `but` some."""

    effect: Effect
    reply: Reply = "normal"
    only: frozenset[str] | None = None
    but: frozenset[str] = frozenset()

    def can_hit(self, operation: str | None) -> bool:
        """Tell whether the kind can do something to a call."""
        return operation not in self.but and (self.only is None or operation in self.only)


KINDS: Mapping[str, Kind] = {
    **{str(status): Kind(effect="none", reply=status) for status in (401, 403, 429, 500, 502, 503, 504)},
    "500_after": Kind(effect="now", reply=500),
    "503_after": Kind(effect="now", reply=503),
    "slow": Kind(effect="now"),
    "close_before": Kind(effect="none", reply="close"),
    "close_after": Kind(effect="now", reply="close"),
    "truncated": Kind(effect="now", reply="truncated"),
    "wrong_json": Kind(effect="now", reply="wrong_json"),
    "wrong_shape": Kind(effect="now", reply="wrong_shape"),
    "effect_later": Kind(effect="later", only=CHANGES),
    "reordered": Kind(effect="at_run", only=LISTS),
    "partial": Kind(effect="some", only=BULK),
    "failed_items": Kind(effect="now", only=BULK),
    "token_dead": Kind(effect="none", reply=401, but=TOKENS),
    "token_down": Kind(effect="none", reply=503, only=TOKENS),
}
ANSWERS: Mapping[str, Reply] = {
    "normal": "normal",
    "close": "close",
    "truncated": "truncated",
    "wrong_json": "wrong_json",
    "wrong_shape": "wrong_shape",
    "429": 429,
    "500": 500,
    "503": 503,
}
"""What a fault that says `answer` may let the client see instead of the right answer."""

ANSWERED = frozenset({"slow", "effect_later", "reordered", "token_down"})
"""The kinds that may say `answer`."""

LONGEST_WAIT = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Mishap:
    """What happens to one call; `seconds` is a delay of the answer or of the effect.

    `share` and `code` are of items that fail; `seed` draws which.
    """

    kind: str
    effect: Effect
    reply: Reply
    seconds: float = 0.0
    failed_items: FailedItems | None = None
    share: float = 0.5
    code: str = "internal-error"
    seed: int = 0


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
            and KINDS[self.mishap.kind].can_hit(operation)
        )


class Script:
    """The rules in force, each with how often it has seen a matching call and hit one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._scenes: list[_Scene] = []
        self._injected: Counter[str] = Counter()

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
            mishap = hits[0].hit()
            self._injected[mishap.kind] += 1
            return mishap

    def to_list(self) -> list[dict[str, Any]]:
        """Write the rules in force with their counts."""
        with self._lock:
            return [{"kind": scene.rule.mishap.kind, "seen": scene.seen, "hits": scene.hits} for scene in self._scenes]

    def injected(self) -> dict[str, int]:
        """Count the hits by kind since the start."""
        with self._lock:
            return dict(sorted(self._injected.items()))


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

    def hit(self) -> Mishap:
        """Count a hit, and return what happens."""
        self.hits += 1
        return replace(self.rule.mishap, seed=self._random.getrandbits(32))
