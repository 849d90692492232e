"""Bulk calls, item by item: what fails does not stop the rest (Criteo's guide to partial success)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from reconciler.emulator import blame
from reconciler.emulator.calls import Call
from reconciler.emulator.responses import Answer, Problem, RefusedError, bulk

Item = Mapping[str, Any]
Result = dict[str, Any]


def carry_out(call: Call, act: Callable[[Item], Result]) -> Answer:
    """Carry out every item of a bulk call with `act`, which raises `RefusedError` for one that fails."""

    def told(problem: Problem, place: int, item: Item) -> Result:
        return blame.told(problem, place, item, call.path, call.switches)

    answer = bulk(_items(call), act, told, call.failed_items)
    body = answer.body
    if not isinstance(body, dict) or "data" not in body:
        return answer
    return replace(answer, body={**body, "data": _ordered(body["data"], call.switches.bulk_order)})


def changed(call: Call, resource: Result) -> Result:
    """Return a created or changed resource as the answer shows it: whole, or by its id alone."""
    if call.switches.bulk_answers == "full":
        return resource
    return {"id": resource["id"], "type": resource["type"]}


def _items(call: Call) -> Sequence[Item]:
    """Return the items to carry out; raises `RefusedError` when the call is refused for what they are together."""
    items: Sequence[Item] = call.body["data"]
    cap, repeated = call.switches.bulk_cap, call.switches.repeated_ids
    if cap and len(items) > cap:
        raise _too_many(len(items), cap)
    by_id = {item["id"]: item for item in items if "id" in item}
    if not by_id or len(by_id) == len(items) or repeated == "in_turn":
        return items
    if repeated == "refuse":
        raise RefusedError(Problem(code="invalid", title="Repeated ids", detail="An id stands in the call twice"))
    return list(by_id.values())


def _too_many(count: int, cap: int) -> RefusedError:
    detail = f"{count} items were sent; at most {cap} are taken"
    return RefusedError(Problem(code="exceeded-ids-cap", title="Too many items", detail=detail))


def _ordered(data: list[Result], order: str) -> list[Result]:
    if order == "sorted":
        return sorted(data, key=lambda resource: (len(resource["id"]), resource["id"]))  # as numbers, if they are some
    if order == "shuffled":
        shuffled = Random(len(data)).sample(data, len(data))
        return data[::-1] if shuffled == data else shuffled
    return data
