"""Every key that the schemas know, by its path; `*` is a name of the user's own, `[]` the items of a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parents[2] / "schemas"
DOCUMENTS = {"reconciler.yaml": "reconciler.schema.json", "definitions": "definitions.schema.json"}
"""What a workspace is made of, and the schema of each."""

SHARED = frozenset(
    f"definitions.schema.json#/$defs/{name}"
    for name in ("windows", "segments", "audiences", "removed", "exclusive", "approvals", "offers", "tests")
)
"""`reconciler.yaml` may hold definitions too: they are walked once, as definitions."""

WITHOUT_KEYS = frozenset({"propertyNames", "dependentSchemas", "not", "anyOf"})
"""Narrow what is said elsewhere; should they ever add a key of their own, the walk refuses to go on."""
OTHER_APPLICATORS = frozenset(
    {"allOf", "oneOf", "patternProperties", "prefixItems", "contains", "unevaluatedProperties", "$dynamicRef"}
)

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """The schemas by the names of their files."""
    return {name: json.loads((SCHEMAS / name).read_text(encoding="utf-8")) for name in DOCUMENTS.values()}


def keys() -> tuple[str, ...]:
    """`reconciler.yaml: guards.max_gone`, `definitions: segments.*.who.event`, …"""
    documents = schemas()
    found: dict[str, None] = {}
    for title, file in DOCUMENTS.items():
        walk = _Walk(documents, file if title == "definitions" else "")
        found.update(dict.fromkeys(f"{title}: {path}" for path in walk.paths(documents[file], file, "", ())))
    return tuple(found)


class _Walk:
    def __init__(self, documents: dict[str, Schema], walks_shared: str) -> None:
        self._documents = documents
        self._skips = frozenset() if walks_shared else SHARED

    def paths(self, node: Schema, file: str, path: str, above: tuple[str, ...]) -> Iterator[str]:
        """The keys below a node. A definition inside itself (a condition in a group) is not walked again."""
        self._refuse_unknown(node, path)
        target = absolute(node.get("$ref", ""), file)
        if target and target not in above and target not in self._skips:
            name, _, pointer = target.partition("#/$defs/")
            yield from self.paths(self._documents[name]["$defs"][pointer], name, path, (*above, target))
        for name, below in children(node):
            step = f"{path}.{name}".lstrip(".") if name not in ("", "[]") else path + name
            if step != path and name != "[]":
                yield step
            yield from self.paths(below, file, step, above)

    @staticmethod
    def _refuse_unknown(node: Schema, path: str) -> None:
        unknown = OTHER_APPLICATORS & set(node)
        hidden = [name for name in WITHOUT_KEYS & set(node) if '"properties"' in json.dumps(node[name])]
        if unknown or hidden:
            raise NotImplementedError(f"{path}: the walk does not know {sorted(unknown) + hidden}")


def children(node: Schema) -> Iterator[tuple[str, Schema]]:
    """What a node says of parts of a value: by key, `*` for the user's own, `[]` for items, `""` for all of it."""
    yield from node.get("properties", {}).items()
    for keyword, name in (("additionalProperties", "*"), ("items", "[]"), ("then", ""), ("else", "")):
        if isinstance(node.get(keyword), dict):
            yield name, node[keyword]


def absolute(reference: str, file: str) -> str:
    """A reference of this file, with the name of the file it leads to."""
    return f"{file}{reference}" if reference.startswith("#") else reference
