"""The weather of a storm: faults at random, and a few that surely come."""

from __future__ import annotations

import random
from typing import Any

AT_LEAST = 5
"""Faults in every run."""

KINDS: dict[str, dict[str, Any]] = {
    "429": {},
    "500": {},
    "502": {},
    "503": {},
    "500_after": {},
    "503_after": {},
    "slow": {"seconds": 0.02},
    "close_before": {},
    "close_after": {},
    "effect_later": {"seconds": 300.0},
    "effect_later_unanswered": {"kind": "effect_later", "seconds": 300.0, "answer": "close"},
    "reordered": {},
    "partial in errors": {"kind": "partial", "failed_items": "errors"},
    "partial in warnings": {"kind": "partial", "failed_items": "warnings"},
    "partial as 400": {"kind": "partial", "failed_items": "bad_request"},
    "token_down": {},
    "truncated": {},
    "wrong_json": {},
    "wrong_shape": {},
    "token_dead": {},
}
"""What happens to a call, with its fields. An effect that comes late comes five minutes late; what Criteo takes in for
its next processing run, and so out of order, are members.
"""

SURE = ("429", "500", "502", "503", "500_after", "503_after", "close_before", "close_after", "truncated", "wrong_json")
"""What even a call that only reads has to repeat, so that a run which has nothing to do meets five of them too."""

Rule = dict[str, Any]


def weather(chance: random.Random, share: float) -> list[Rule]:
    """Faults for one run: of every call `share` go wrong at random, and beside them five calls early in the run.

    A call is hit by the first rule that wants it, so the sure ones stand first.
    """
    return [*_sure(chance), *_random(chance, share)]


def _sure(chance: random.Random) -> list[Rule]:
    places = chance.sample(range(1, 10), AT_LEAST)
    return [_rule(chance.choice(SURE), nth=nth, count=1) for nth in places]


def _random(chance: random.Random, share: float) -> list[Rule]:
    """One rule for each kind; together they hit `share` of the calls, as none of them is hit with `1 - share`."""
    each = 1 - (1 - share) ** (1 / len(KINDS))
    return [_rule(kind, probability=each, count=None, seed=chance.randrange(2**31)) for kind in KINDS]


def _rule(kind: str, **fields: Any) -> Rule:
    return {"kind": kind, **KINDS[kind], **fields}
