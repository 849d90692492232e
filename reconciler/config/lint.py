"""`lint` of reconciler.yaml and of single segments and audiences: what the rules go by, and what they leave alone.

Whether there is a rule of a name is not known here: rules may come from plugins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from reconciler.config.context import Context
from reconciler.config.identifiers import check_region
from reconciler.config.measures import read_kinds
from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.config.values import read_duration, read_percentage
from reconciler.model.lint import Chosen, Ignore, LintSettings, Severity, Weight
from reconciler.model.settings import Place

_NOTHING = Node("", 1, 1, value={})


def read_lint(node: Node | None, context: Context) -> LintSettings:
    """The workspace's `lint`."""
    default = LintSettings()
    if node is None or not isinstance(node.value, dict):
        return default
    problems = context.problems
    sound = {key: child for key, child in node.entries() if not problems.broken(child)}
    count = {key: int(sound[key].raw) for key in ("min_members", "max_lists") if key in sound}
    span = {key: read_duration(sound[key], problems) for key in ("widest_window", "criteo_delay") if key in sound}
    if "country" in sound:
        check_region(sound["country"], problems)
    return LintSettings(
        select=tuple(Chosen(rule=item.raw, place=item.place) for item in _items(sound.get("select"))),
        ignore=read_ignored(node, problems),
        severity=tuple(_severities(sound.get("severity"))),
        purchase=read_kinds(sound["purchase"], context) if "purchase" in sound else (),
        vips=_segments(sound.get("vips"), context),
        discount_seekers=_segments(sound.get("discount_seekers"), context),
        giant_share=read_percentage(sound["giant_share"], problems) if "giant_share" in sound else default.giant_share,
        widest_window=span.get("widest_window") or default.widest_window,
        min_members=count.get("min_members", default.min_members),
        max_lists=count.get("max_lists", default.max_lists),
        criteo_delay=default.criteo_delay if (delay := span.get("criteo_delay")) is None else delay,
        country=sound["country"].raw if "country" in sound else None,
        names=_patterns(sound.get("names"), problems),
    )


def read_ignored(node: Node, problems: Problems) -> tuple[Ignore, ...]:
    """The entries of `ignore` below a `lint`, each with its reason, in the order in which they stand."""
    entries = (node.get("ignore") or _NOTHING).entries()
    sound = ((rule, child) for rule, child in entries if not problems.broken(child))
    return tuple(Ignore(rule=rule, reason=child.raw, place=child.key_place) for rule, child in sound)


def read_own_lint(node: Node, problems: Problems) -> tuple[Ignore, ...]:
    """What a segment or an audience says under `lint`."""
    return read_ignored(node.get("lint") or _NOTHING, problems)


def places_of(node: Node) -> Mapping[str, Place]:
    """Where each key of a segment or an audience stands: findings point there."""
    file, path = node.file, node.path
    return MappingProxyType(
        {
            key: Place(file=file, line=child.key_line, column=child.key_column, path=f"{path}.{key}")
            for key, child in node.entries()
        }
    )


def read_schedule(node: Node | None, problems: Problems) -> int:
    """How often sync runs, in minutes; every hour where nothing is said."""
    minutes = read_duration(node, problems) if node is not None and not problems.broken(node) else None
    if node is not None and minutes == 0:
        problems.add(node, "must be longer than nothing")
    return minutes or 60


def _items(node: Node | None) -> Iterable[Node]:
    return node.items() if node is not None else ()


def _severities(node: Node | None) -> Iterator[Weight]:
    for rule, child in (node or _NOTHING).entries():
        yield Weight(rule=rule, severity=Severity(child.raw), place=child.key_place)


def _segments(node: Node | None, context: Context) -> tuple[str, ...] | None:
    """Keys of segments; None where none are named."""
    if node is None:
        return None
    found = {reference[0] for item in node.items() if (reference := context.refer(item)) is not None}
    return tuple(sorted(found))


def _patterns(node: Node | None, problems: Problems) -> Mapping[str, re.Pattern[str]]:
    found = {}
    for key, child in (node or _NOTHING).entries():
        try:
            found[key] = re.compile(child.raw)
        except re.error as error:
            problems.add(child, f"is no regular expression: {error.msg}")
    return MappingProxyType(found)
