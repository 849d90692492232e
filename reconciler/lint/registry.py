"""All rules there are: our own, and those of plugins that are installed beside us."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from reconciler.lint.rule import ID, NAME, Rule
from reconciler.lint.rules import RULES

GROUP = "reconciler.lint_rules"
"""The group of entry points that bring rules: each names a `Rule`, or several of them in a list or tuple."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plugged:
    """A rule, and the plugin that it comes from; None for our own."""

    rule: Rule
    plugin: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """A plugin that can't be used, and why: in words that quote nothing of what it said."""

    plugin: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Registry:
    """The rules by id, and the plugins that brought none."""

    rules: tuple[Plugged, ...]
    broken: tuple[Broken, ...] = ()

    def find(self, word: str) -> Rule | None:
        """The rule of this id or name."""
        return next((each.rule for each in self.rules if each.rule.is_meant_by(word)), None)

    def knows(self, word: str) -> bool:
        """Whether a word chooses some rule."""
        return any(each.rule.is_among(word) for each in self.rules)

    def nearest(self, word: str) -> str:
        """`; did you mean …?` with the nearest id or name, or nothing."""
        names = [name for each in self.rules for name in (each.rule.id, each.rule.name)]
        close = difflib.get_close_matches(word, names, n=1)
        return f"; did you mean `{close[0]}`?" if close else ""


def load_rules() -> Registry:
    """Our rules and those of plugins. A plugin that can't be loaded is told, and keeps no other rule from looking."""
    rules = [Plugged(rule=rule) for rule in RULES]
    broken: list[Broken] = []
    for point in sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)):
        loaded = _loaded(point, rules)
        if isinstance(loaded, Broken):
            broken.append(loaded)
        else:
            rules += loaded
    return Registry(rules=tuple(sorted(rules, key=lambda each: each.rule.id)), broken=tuple(broken))


def _loaded(point: EntryPoint, known: Iterable[Plugged]) -> list[Plugged] | Broken:
    plugin = f"{point.name} = {point.value}" + (f" ({point.dist.name})" if point.dist else "")
    try:
        brought = point.load()
    except Exception as error:  # noqa: BLE001 - whatever somebody else's module does when it is imported
        return Broken(plugin=plugin, why=f"importing it failed with {type(error).__name__}")
    rules = list(brought) if isinstance(brought, list | tuple) else [brought]
    why = _wrong(rules, known)
    return Broken(plugin=plugin, why=why) if why else [Plugged(rule=rule, plugin=plugin) for rule in rules]


def _wrong(rules: list[Any], known: Iterable[Plugged]) -> str:
    """Why what a plugin brings can't be used, or nothing."""
    taken = {name for each in known for name in (each.rule.id, each.rule.name)}
    for rule in rules:
        if not isinstance(rule, Rule):
            return f"it names a value of type {type(rule).__name__}, where a Rule or a list of them belongs"
        if not ID.fullmatch(rule.id) or not NAME.fullmatch(rule.name):
            return "an id is two to eight capital letters and three or four digits; a name is words joined by `-`"
        if {rule.id, rule.name} & taken:
            return f"there is another rule {rule.id} or {rule.name}"
        taken |= {rule.id, rule.name}
    return "" if rules else "it brings no rule"
