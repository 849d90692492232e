"""The reference of the language, written from the schemas and the compiler: `make reference`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reconciler.config.comparisons import MAX_SIGNIFICANT
from reconciler.config.files import MAX_BYTES
from reconciler.config.parse import MAX_DEPTH
from reconciler.config.scalars import MAX_DIGITS, typed
from tests.reference.conditions import read
from tests.reference.sections import Row, Section, sections
from tests.schema_walk.walk import DOCUMENTS, Schema, schemas

PIPE = r"\|"
"""A sign that would else end a cell of a table."""

PAGE = Path(__file__).parents[2] / "docs" / "reference.md"

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}


def page() -> str:
    """The whole page."""
    found = sections()
    titles = {section.way: section.title for section in found}
    told = "\n".join(_section(section, titles) for section in found)
    return f"{_HEAD}\n{told}\n{_read()}\n{_limits()}\n{_not_yet()}"


_HEAD = """\
# Reference of the language

Every key that a workspace may have, with its values, its default and examples. This page is written by
`make reference` from the [schemas](../schemas/definitions.schema.json) and the compiler, and a test keeps it so.
[The language](language.md) explains it in sentences, and the [recipes](recipes/README.md) show whole definitions.

- [`reconciler.yaml`](#reconcileryaml): the settings
- [`definitions`](#definitions): every other file, and reconciler.yaml too
- [A condition](#a-condition) · [a comparison](#a-comparison) · [conditions as the compiler reads
  them](#conditions-as-the-compiler-reads-them)
- [Limits](#limits)
- [Not supported yet](#not-supported-yet)
"""


def _section(section: Section, titles: dict[str, str]) -> str:
    rows = "\n".join(_row(row, titles) for row in section.rows)
    return f"## {section.title}\n\n{section.description}\n\n| key | value | meaning |\n|---|---|---|\n{rows}\n"


def _row(row: Row, titles: dict[str, str]) -> str:
    name = "*a name of your own*" if row.name == "*" else f"`{row.name}`"
    must = " **(must be there)**" if row.required else ""
    below = f"<br>See [{titles[row.section]}](#{_anchor(titles[row.section])})" if row.section else ""
    meaning = f"{row.meant.get('description', '')}{_choices(row.meant)}{_examples(row.meant)}{below}"
    cells = (name + must, _value(row.meant), meaning)
    return f"| {' | '.join(cell.replace('|', PIPE) for cell in cells)} |"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _value(node: Schema) -> str:
    default = f"; default {_code(node['default'])}" if "default" in node else ""
    return f"{_kind(node)}{default}"


def _kind(node: Schema) -> str:
    if "const" in node:
        return _code(node["const"])
    if "enum" in node:
        return ", ".join(map(_code, node["enum"]))
    types = [node["type"]] if isinstance(node.get("type"), str) else node.get("type", ["object", "array"])
    return " or ".join(_TYPES[each] for each in types)


def _choices(node: Schema) -> str:
    told = zip(node.get("enum", ()), node.get("enumDescriptions", ()), strict=False)
    return "".join(f"<br>{_code(choice)}: {meaning}" for choice, meaning in told)


def _examples(node: Schema) -> str:
    examples = [_code(each) for each in node.get("examples", ())]
    return f"<br>Example{'s' * (len(examples) > 1)}: {', '.join(examples)}" if examples else ""


def _code(value: Any) -> str:
    return f"`{_flow(value)}`"


def _flow(value: Any) -> str:
    """A value in one line, as somebody would write it."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_flow(key)}: {_flow(each)}' for key, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, str) and typed(value) == value and re.fullmatch(r"[\w.%/][^,:#{}\[\]\"']*", value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _read() -> str:
    lines = [f"| `{example}` | {told} |" for example, told in read().items()]
    return "\n".join(
        [
            "## Conditions as the compiler reads them\n",
            "Each condition was compiled; beside it is what it asks.\n",
            "| condition | asks |",
            "|---|---|",
            *lines,
            "",
        ]
    )


def _limits() -> str:
    before, after = MAX_DIGITS
    slices = schemas()["definitions.schema.json"]["$defs"]["segment"]["properties"]["slices"]
    return f"""\
## Limits

| what | limit |
|---|---|
| a file of YAML | {MAX_BYTES // 1024} KiB |
| lists and mappings in each other | {MAX_DEPTH} deep |
| a number | {before} digits before the point, {after} after it |
| a number beside `average` or `ratio` | {MAX_SIGNIFICANT} digits |
| slices of a segment | {slices["maxItems"]} |
"""


def _not_yet() -> str:
    rows = []
    for title, file in DOCUMENTS.items():
        for name, node in [(title, schemas()[file]), *_nodes(schemas()[file])]:
            if "x-not-yet" in node:
                rows.append(f"| `{name}` | {' '.join(f'`{key}`' for key in node['x-not-yet'])} |")
    told = [
        "## Not supported yet\n",
        "These are known and not built. Each is an error that says so.\n",
        "| where | keys |",
    ]
    return "\n".join([*told, "|---|---|", *dict.fromkeys(rows), ""])


def _nodes(node: Any) -> Iterator[tuple[str, Schema]]:
    for key, child in node.items() if isinstance(node, dict) else ():
        if isinstance(child, dict):
            yield key, child
            yield from _nodes(child)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
