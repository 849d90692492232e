from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from reconciler.config import parse as module
from reconciler.config.nodes import Node
from reconciler.config.parse import parse
from reconciler.config.problems import Problems

ROOT = Path(__file__).parents[2] / "audiences"


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for _, child in node.entries():
        yield from nodes(child)
    for child in node.value if isinstance(node.value, list) else ():
        yield from nodes(child)


def parsed(text: str) -> Node:
    problems = Problems()
    node = parse(text, "a.yaml", problems)
    assert node is not None
    assert not problems
    return node


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.yaml")), ids=lambda path: path.name)
def test_every_key_and_value_of_the_sample_knows_its_place(path: Path) -> None:
    """At the line and column of each node stands its key or its value, in the file itself."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    seen = 0
    for node in nodes(parsed(text)):
        if isinstance(node.key, str) and node.parent is not None:
            assert lines[node.key_line - 1][node.key_column - 1 :].strip('"').startswith(node.key)
        if not isinstance(node.value, list | dict):
            assert lines[node.line - 1][node.column - 1 :].strip('"').startswith(node.raw)
        seen += 1
    assert seen > 5


def test_columns_count_characters_and_not_bytes() -> None:
    """A letter outside of ASCII before a value moves it by one column, as editors count."""
    node = parsed("é: { ö: x }\n").find(["é", "ö"])
    assert (node.line, node.column, node.key_column) == (1, 9, 6)


def test_a_path_reads_like_the_file() -> None:
    """Keys are joined with dots, numbers stand in brackets, and odd keys in quotes."""
    node = parsed('segments:\n  a-b:\n    "x.y": [1, { "": z }]\n').find(["segments", "a-b", "x.y", 1, ""])
    assert node.path == 'segments.a-b["x.y"][1][""]'


def test_quoted_scalars_are_text() -> None:
    """Quotes and block scalars keep numbers and words as text."""
    node = parsed('a: "1"\nb: \'true\'\nc: |\n  12\nd: ""\n')
    assert node.plain() == {"a": "1", "b": "true", "c": "12\n", "d": ""}


def test_keys_are_text_as_written() -> None:
    """A key is never turned into a number or a word."""
    assert parsed("1: a\ntrue: b\n0x1: c\n").plain() == {"1": "a", "true": "b", "0x1": "c"}


def test_the_parser_without_libyaml_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML comes without its C part, nodes and places are the same."""
    text = (ROOT / "segments" / "cart.yaml").read_text(encoding="utf-8")
    fast = [(node.path, node.line, node.column, node.raw) for node in nodes(parsed(text))]
    monkeypatch.setattr(module, "_LOADER", yaml.SafeLoader)
    slow = [(node.path, node.line, node.column, node.raw) for node in nodes(parsed(text))]
    assert fast == slow
