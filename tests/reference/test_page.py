"""docs/reference.md: it is what the schemas and the compiler say, and leaves out nothing of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.reference.conditions import EXAMPLES
from tests.reference.page import PAGE, page
from tests.schema_walk.walk import schemas

DOCUMENT = PAGE.read_text(encoding="utf-8")


def mappings(node: Any, path: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every mapping with keys of ours, anywhere in a schema: where, and its keys."""
    if isinstance(node, dict) and isinstance(node.get("properties"), dict):
        yield path, set(node["properties"])
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key not in {"examples", "defaultSnippets"}:
            yield from mappings(child, f"{path}/{key}")


def told() -> list[set[str]]:
    """The keys that each section lists."""
    return [set(re.findall(r"^\| `(\w+)`", part, re.MULTILINE)) for part in DOCUMENT.split("\n## ")]


def test_the_reference_is_up_to_date() -> None:
    """The page is what `make reference` would write; if this fails, run it."""
    assert DOCUMENT == page()


@pytest.mark.parametrize("name", schemas())
def test_no_key_is_missing(name: str) -> None:
    """For every mapping of the schemas, wherever it stands in them, some section lists exactly its keys."""
    found = list(mappings(schemas()[name]))
    assert len(found) > 10
    assert [path for path, keys in found if keys not in told()] == []


def test_what_each_section_says_is_whole() -> None:
    """Every key has a value and a meaning."""
    rows = re.findall(r"^\| (?:`\w+`|\*a name of your own\*)[^|]*\| ([^|]*) \| (.*) \|$", DOCUMENT, re.MULTILINE)
    assert len(rows) > 150
    assert [row for row in rows if not row[0].strip() or not row[1].strip()] == []


def test_every_key_of_a_condition_is_compiled() -> None:
    """The examples that the compiler reads use each key that a condition, a comparison or a figure may have."""
    used = {word for each in EXAMPLES for word in re.findall(r"(\w+): ", each)}
    parts = schemas()["definitions.schema.json"]["$defs"]
    keys = {
        key
        for name in ("condition", "comparison", "followers", "figure")
        for _, found in mappings(parts[name])
        for key in found
    }
    assert len(keys) > 30
    assert sorted(keys - used) == []
