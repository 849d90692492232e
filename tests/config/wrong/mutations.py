"""Slips of the keyboard, one at a time, made in the sample by rule: in every key, value and level of indentation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from reconciler.config.nodes import Node
from reconciler.config.parse import parse
from reconciler.config.problems import Problems
from reconciler.config.schema import document
from tests.config.wrong.case import TEXTS, Wrong, spoiled

_NAMES = {"windows", "segments", "audiences", "where", "fresh_within", "except", "removed", "tests", "expect", "offers"}
"""Keys whose own keys are names that the workspace gives."""


def mutations() -> Iterator[Wrong]:
    """All of them, always the same."""
    yield from typos()
    yield from wrong_types()
    yield from missing_values()
    yield from duplicates()
    yield from indentations()


def typos() -> Iterator[Wrong]:
    """Every key of the language that the sample uses, once with a letter too many and once with one too few."""
    for node in _keys().values():
        key = str(node.key)
        for wrong in (key[:1] + key, key[:-2] + key[-1:] if len(key) > 3 else key + "s"):
            words = f"unknown key `{wrong}`; did you mean `{key}`?"
            yield _edited(f"typo {wrong}", node, node.key_line, node.key_column, key, wrong, words)
        yield _edited(f"capital {key}", node, node.key_line, node.key_column, key, key.capitalize(), f"`{key}`?")


def wrong_types() -> Iterator[Wrong]:
    """Every key with a plain value, once with a mapping and once with a list of lists for it."""
    for key, node in _plain().items():
        for wrong in ("{ nonsense: 1 }", "[[1]]"):
            yield _edited(f"type {key} {wrong}", node, node.line, node.column, node.raw, wrong)


def missing_values() -> Iterator[Wrong]:
    """Every key with a plain value, without it."""
    for key, node in _plain().items():
        yield _edited(f"empty {key}", node, node.line, node.column, node.raw, "null")


def duplicates() -> Iterator[Wrong]:
    """Every key that stands alone in its line, twice."""
    for key, node in _plain().items():
        lines = TEXTS[node.file].splitlines(keepends=True)
        number = node.key_line
        if lines[number - 1].lstrip().startswith(f"{key}:") and node.line == number:
            text = "".join([*lines[:number], *lines[number - 1 :]])
            yield spoiled(f"twice {key}", node.file, text, number + 1, f"first in line {number}")


def indentations() -> Iterator[Wrong]:
    """A line of every kind moved a blank to the right, and one moved to the left."""
    for file, text in TEXTS.items():
        lines = text.splitlines(keepends=True)
        for depth in (2, 4, 6, 8):
            number = _line_of_depth(lines, depth)
            for way, line in (("right", f" {lines[number]}"), ("left", lines[number][1:])) if number else ():
                moved = "".join([*lines[:number], line, *lines[number + 1 :]])
                yield spoiled(f"{way} {file} {depth}", file, moved, number + 1)


def _line_of_depth(lines: list[str], depth: int) -> int:
    """The second key of a mapping that is so deep; 0 where there is none."""
    for number in range(1, len(lines)):
        if all(_depth(each) == depth and ":" in each for each in lines[number - 1 : number + 1]):
            return number
    return 0


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" ")) if line.strip() and not line.lstrip().startswith(("#", "-")) else -1


def _edited(name: str, node: Node, line: int, column: int, old: str, new: str, words: str = "") -> Wrong:
    lines = TEXTS[node.file].splitlines(keepends=True)
    text = lines[line - 1]
    quoted = f'"{old}"' if text[column - 1] == '"' else old
    assert text[column - 1 :].startswith(quoted), (name, text)
    lines[line - 1] = text[: column - 1] + new + text[column - 1 + len(quoted) :]
    return spoiled(name, node.file, "".join(lines), line, words)


@cache
def _keys() -> dict[str, Node]:
    """Where the sample uses a key of the language first."""
    known = {key for name in ("reconciler", "definitions") for key in _properties(document(f"{name}.schema.json"))}
    found: dict[str, Node] = {}
    for node in _nodes():
        named = node.parent is not None and node.parent.key in _NAMES
        if isinstance(node.key, str) and node.key in known and not named:
            found.setdefault(node.key, node)
    return found


@cache
def _plain() -> dict[str, Node]:
    return {key: node for key, node in _keys().items() if not isinstance(node.value, list | dict)}


def _nodes() -> Iterator[Node]:
    for file, text in TEXTS.items():
        root = parse(text, file, Problems())
        assert root is not None
        yield from _below(root)


def _below(node: Node) -> Iterator[Node]:
    children = node.value.values() if isinstance(node.value, dict) else node.value
    for child in children if isinstance(node.value, list | dict) else ():
        yield child
        yield from _below(child)


def _properties(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node.get("properties", {})
        node = list(node.values())
    for each in node if isinstance(node, list) else ():
        yield from _properties(each)
