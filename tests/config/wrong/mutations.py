"""Slips of the keyboard, one at a time, made in the sample by rule: in every key, value and level of indentation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from reconciler.config.nodes import Node
from reconciler.config.parse import parse
from reconciler.config.problems import Problems
from reconciler.config.schema import document
from tests.config.wrong.case import TEXTS, Wrong, spoiled

_NAMES = {"windows", "segments", "audiences", "where", "fresh_within", "except", "removed", "tests", "offers"}
"""Keys whose own keys are names that the workspace gives."""
_DATA = {"given", "expect", "expect_sent"}
"""Keys below which everything is such a name."""


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
            yield _with_key(f"typo {wrong}", node, wrong, words)
        yield _with_key(f"capital {key}", node, key.capitalize(), f"`{key}`?")


def wrong_types() -> Iterator[Wrong]:
    """Every key with a plain value, once with a mapping and once with a list of lists for it."""
    for key, node in _plain().items():
        for wrong in ("{ nonsense: 1 }", "[[1]]"):
            yield _with_value(f"type {key} {wrong}", node, wrong)


def missing_values() -> Iterator[Wrong]:
    """Every key with a plain value, without it."""
    for key, node in _plain().items():
        yield _with_value(f"empty {key}", node, "null")


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


def _with_key(name: str, node: Node, wrong: str, words: str) -> Wrong:
    text = _spliced(node.file, (node.key_line, node.key_column), str(node.key), wrong)
    return spoiled(name, node.file, text, node.key_line, words)


def _with_value(name: str, node: Node, wrong: str) -> Wrong:
    text = _spliced(node.file, (node.line, node.column), _written(node), wrong)
    return spoiled(name, node.file, text, node.line)


def _spliced(file: str, place: tuple[int, int], old: str, new: str) -> str:
    lines = TEXTS[file].splitlines(keepends=True)
    line, start = lines[place[0] - 1], place[1] - 1
    lines[place[0] - 1] = line[:start] + new + line[start + len(old) :]
    return "".join(lines)


def _written(node: Node) -> str:
    return f'"{node.raw}"' if node.quoted else node.raw


@cache
def _keys() -> dict[str, Node]:
    """Where the sample uses a key of the language first."""
    known = {key for name in ("reconciler", "definitions") for key in _properties(document(f"{name}.schema.json"))}
    found: dict[str, Node] = {}
    for node in _nodes():
        if isinstance(node.key, str) and node.key in known and not _is_name(node):
            found.setdefault(node.key, node)
    return found


def _is_name(node: Node) -> bool:
    """Whether the key is a name that the workspace gives: of a definition, or of something of its data."""
    above, keys = node.parent, []
    while above is not None:
        keys.append(above.key)
        above = above.parent
    return keys[0] in _NAMES or bool(_DATA.intersection(keys))


@cache
def _plain() -> dict[str, Node]:
    """Those with a value that stands in the file as it is read."""
    found = {key: node for key, node in _keys().items() if not isinstance(node.value, list | dict)}
    lines = {file: text.splitlines() for file, text in TEXTS.items()}
    return {
        key: node
        for key, node in found.items()
        if lines[node.file][node.line - 1][node.column - 1 :].startswith(_written(node))
    }


def _nodes() -> Iterator[Node]:
    for file, text in TEXTS.items():
        root = parse(text, file, Problems())
        assert root is not None
        yield from _below(root)


def _below(node: Node) -> Iterator[Node]:
    children = [child for _, child in node.entries()] or (node.value if isinstance(node.value, list) else [])
    for child in children:
        yield child
        yield from _below(child)


def _properties(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node.get("properties", {})
        node = list(node.values())
    for each in node if isinstance(node, list) else ():
        yield from _properties(each)
