"""How the failure of an item of a bulk call is told: with which code, and where it says which item it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.emulator.responses import Problem
from reconciler.emulator.switches import Switches

_CONFIRMED = "name-must-be-unique"
"""The one code of items that is known to be this API's; the others are its sister APIs'."""

_UNLISTED = "request-rule-violated"


def told(problem: Problem, place: int, item: Mapping[str, Any], path: str, switches: Switches) -> dict[str, Any]:
    """Write the problem of the item at a place of the call to `path`."""
    problem, pointer = _recoded(problem, switches), f"data/{place}"
    if switches.blame == "detail":
        return problem.to_dict(path)
    silent = replace(problem, detail=problem.title, source={})
    if switches.blame == "source":
        return replace(silent, source={"pointer": pointer}).to_dict(path)
    if switches.blame == "instance":
        return silent.to_dict(f"{path}/{item.get('id', pointer)}")
    return silent.to_dict(path)


def _recoded(problem: Problem, switches: Switches) -> Problem:
    if problem.type != "validation" or problem.code == _CONFIRMED or switches.item_codes == "not-found":
        return problem
    return replace(problem, code="invalid" if switches.item_codes == "invalid" else _UNLISTED)
