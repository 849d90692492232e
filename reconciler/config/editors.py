"""What an editor gets of us: the schemas in its own words, and the line by which a file names its schema.

A language server reads a path in that line from where the file lies. So a workspace keeps its schemas in a folder of
its own: that works without a network, in every clone, wherever it lies, and with the version that wrote them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from reconciler.config import files, schema
from reconciler.config.problems import Problems
from reconciler.model.time import MINUTES

FOLDER = ".schemas"
"""Where a workspace keeps its schemas. Hidden, so that it is no part of the workspace; beside the YAML, so that it is
committed with it. The state folder is neither.
"""

OF_A_WORKSPACE = ("reconciler", "definitions")
"""The schemas of what is written by hand."""

_MODE_LINE = "# yaml-language-server: $schema="
_ENDING = ".schema.json"
_DATA = frozenset({"const", "default", "defaultSnippets", "enum", "examples"})


_AGE = f"[0-9]+[{''.join(MINUTES)}]"
_SPAN = rf"{_AGE}([.][.]({_AGE})?)?"
_WINDOW = "is no window: write `4h..24h`, `120d..`, or `7d` for `0h..7d`"

FORMATS = {
    "age": (f"^{_AGE}$", "is no duration: write a number and `m` (minutes), `h`, `d` or `w`, such as 4h"),
    "span": (f"^{_SPAN}$", _WINDOW),
    "window": (f"^({_SPAN}|[a-z][a-z0-9-]*)$", f"{_WINDOW}, or a window's name"),
}
"""What an editor can check of a text that we read ourselves: by the schema's `format`, a pattern and its message."""


def names() -> tuple[str, ...]:
    """All schemas that there are; those of a workspace first."""
    found = {file.name.removesuffix(_ENDING) for file in schema.folder().iterdir() if file.name.endswith(_ENDING)}
    return (*OF_A_WORKSPACE, *sorted(found - {*OF_A_WORKSPACE}))


def document(name: str) -> dict[str, Any]:
    """The schema of this name, as editors need it: descriptions as Markdown too, with the default, since other text is
    shown as it is, backticks and all; and patterns for the formats that we read ourselves.
    """
    explained: dict[str, Any] = _explained(schema.document(f"{name}{_ENDING}"))
    return explained


def _explained(part: Any) -> Any:
    if isinstance(part, list):
        return [_explained(each) for each in part]
    if not isinstance(part, dict):
        return part
    result = {key: value if key in _DATA else _explained(value) for key, value in part.items()}
    if isinstance(part.get("description"), str):
        default = f" Default: `{_plain(part['default'])}`." if "default" in part else ""
        result["markdownDescription"] = part["description"] + default
    if str(part.get("format")) in FORMATS:
        result["pattern"], result["patternErrorMessage"] = FORMATS[part["format"]]
    return result


def write(folder: Path, wanted: Iterable[str] = OF_A_WORKSPACE) -> tuple[Path, ...]:
    """Put schemas into a folder, which is made where it is missing. A link there is replaced, and what it leads to is
    left alone. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {folder / f"{name}{_ENDING}": text(name) for name in wanted}
    for path, content in paths.items():
        path.unlink(missing_ok=True)
        path.write_text(content, encoding="utf-8")
    return tuple(paths)


def text(name: str) -> str:
    """The schema of this name as the text of a file."""
    return json.dumps(document(name), indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def mode_line(file: Path, folder: Path) -> str:
    """The first line of a YAML file of a workspace whose schemas are in this folder."""
    name = "reconciler" if file.name == files.SETTINGS else "definitions"
    return f"{_MODE_LINE}{Path(os.path.relpath(folder, file.parent), name + _ENDING).as_posix()}"


def without_mode_line(root: Path) -> Iterator[Path]:
    """The files of a workspace that name no schema; none where there is no workspace."""
    problems = Problems()
    for path in files.find(root, problems) if (root / files.SETTINGS).is_file() else ():
        content = files.read(path, problems)
        if content is not None and _MODE_LINE not in content:
            yield path
