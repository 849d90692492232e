"""Formulas of lists: whom an audience targets, by trees of `and`, `or` and `not` over names."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

Formula = str | dict[str, Any]


def any_but(include: Sequence[str], exclude: Sequence[str]) -> Formula:
    """Any of some lists and none of others."""
    return {"and": [{"or": [*include]}, *({"not": each} for each in exclude)]}


def names_in(formula: Formula) -> set[str]:
    """The lists that a formula names."""
    if isinstance(formula, str):
        return {formula}
    return {name for below in _below(formula) for name in names_in(below)}


def same(one: Formula, other: Formula) -> bool:
    """Whether two formulas hold of the same people, whoever is on which list: tried out for every case."""
    names = sorted(names_in(one) | names_in(other))
    cases = (
        {name for name, on in zip(names, ons, strict=True) if on} for ons in product((True, False), repeat=len(names))
    )
    return all(_holds(one, case) == _holds(other, case) for case in cases)


def renamed(formula: Formula, names: Mapping[str, str]) -> Formula:
    """The same formula over other names."""
    if isinstance(formula, str):
        return names[formula]
    if "not" in formula:
        return {"not": renamed(formula["not"], names)}
    return {operator: [renamed(each, names) for each in below] for operator, below in formula.items()}


def of_criteo(node: Mapping[str, Any], names: Mapping[str, str]) -> Formula:
    """Criteo's tree of segment ids as a formula of names."""
    given = {operator: below for operator, below in node.items() if below is not None}
    if "audienceSegmentId" in given:
        return names[given["audienceSegmentId"]]
    if "not" in given:
        return {"not": of_criteo(given["not"], names)}
    return {operator: [of_criteo(each, names) for each in below] for operator, below in given.items()}


def at_random(names: Sequence[str], chance: random.Random) -> Formula:
    """A formula over some of at least four lists, in which none is both asked for and excluded."""
    a, b, c, d = chance.sample(names, 4)
    shapes: list[Formula] = [
        {"and": [a, b]},
        {"or": [a, {"and": [b, c]}]},
        {"or": [{"and": [a, {"not": b}]}, c]},
        {"and": [a, {"or": [b, c]}, {"not": d}]},
        {"or": [{"and": [a, {"not": b}]}, {"and": [c, {"not": d}]}]},
        {"and": [a, {"not": {"and": [b, {"not": c}]}}]},
    ]
    return chance.choice(shapes)


def _below(formula: dict[str, Any]) -> Iterator[Formula]:
    for operator, below in formula.items():
        yield from [below] if operator == "not" else below


def _holds(formula: Formula, on: set[str]) -> bool:
    if isinstance(formula, str):
        return formula in on
    if "not" in formula:
        return not _holds(formula["not"], on)
    if "or" in formula:
        return any(_holds(each, on) for each in formula["or"])
    return all(_holds(each, on) for each in formula["and"])
