"""Partial success: some items of a bulk call fail by lot, and are not carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from itertools import count
from random import Random
from typing import Any

from reconciler.emulator.faults import Mishap
from reconciler.emulator.incoming import Incoming
from reconciler.emulator.responses import Answer, Problem, RefusedError, bulk
from reconciler.emulator.store import Commit
from reconciler.emulator.switches import FailedItems
from reconciler.emulator.world import Event


def failing(commit: Commit, incoming: Incoming, mishap: Mishap) -> Commit:
    """Return a `commit` that refuses some of a call's changes: of the items at least one."""
    unlucky = _unlucky(len(incoming.body["data"]) if incoming.body else 0, mishap)
    numbers = count()

    def commit_some(event: Event) -> None:
        if next(numbers) in unlucky:
            values = event.values
            raise RefusedError(_problem(mishap, f"{values.get('name', '')} ({values['id']})".strip()))
        commit(event)

    return commit_some


def without_some(answer: Answer, incoming: Incoming, mishap: Mishap, shape: FailedItems) -> Answer:
    """Take items out of an answer that only reads, and tell them as failed."""
    body: Any = answer.body
    if answer.status != HTTPStatus.OK or not body["data"]:
        return answer
    unlucky = _unlucky(len(body["data"]), mishap)
    numbers = count()

    def pass_on(item: Mapping[str, Any]) -> dict[str, Any]:
        if next(numbers) in unlucky:
            raise RefusedError(_problem(mishap, item["id"]))
        return dict(item)

    fewer = bulk(body["data"], pass_on, lambda problem, *_: problem.to_dict(incoming.path), shape)
    left: Any = fewer.body
    problems = {name: [*(body.get(name) or ()), *left[name]] for name in ("errors", "warnings")}
    return replace(answer, status=fewer.status, body={**left, **problems})


def _unlucky(items: int, mishap: Mishap) -> frozenset[int]:
    lots = Random(mishap.seed)
    some = frozenset(place for place in range(items) if lots.random() < mishap.share)
    return some or frozenset(lots.sample(range(items), min(items, 1)))


def _problem(mishap: Mishap, item: str) -> Problem:
    title = mishap.code.replace("-", " ").capitalize()
    kind = "availability" if mishap.code == "internal-error" else "validation"
    return Problem(code=mishap.code, title=title, detail=f"{item} could not be processed", type=kind)
