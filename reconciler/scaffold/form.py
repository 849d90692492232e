"""Puts files of YAML into the one form, and never changes what they say."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.config import files
from reconciler.config.nodes import Node
from reconciler.config.parse import parse
from reconciler.config.problems import Problems
from reconciler.errors import ReconcilerError
from reconciler.scaffold.canonical import write_tree
from reconciler.scaffold.tree import read_comments, read_tree


@dataclass(frozen=True, kw_only=True, slots=True)
class Formatted:
    """A file as it is and as it should be."""

    path: Path
    before: str
    after: str


def formatted(paths: Iterable[Path]) -> tuple[Formatted, ...]:
    """Every file that is not in the one form, folders looked through. Raises WorkspaceInvalid where one is no YAML."""
    problems = Problems()
    found = [_formatted(path, problems) for path in _files(paths, problems)]
    if problems:
        raise problems.error()
    return tuple(each for each in found if each is not None and each.before != each.after)


def _files(paths: Iterable[Path], problems: Problems) -> Iterable[Path]:
    """The files named, and those of the folders named, each once."""
    found: dict[Path, None] = {}
    for path in paths:
        for folder in _folders(path) if path.is_dir() else ():
            found |= dict.fromkeys(files.find(folder, problems))
        found |= {} if path.is_dir() else {path: None}
    return found


def _folders(folder: Path) -> list[Path]:
    """A workspace, or a part of one; else the workspaces below, and where there are none, the folder itself."""
    if any((each / files.SETTINGS).is_file() for each in (folder, *folder.resolve().parents)):
        return [folder]
    below = (path for path in sorted(folder.rglob(files.SETTINGS)))
    return [path.parent for path in below if not _is_hidden(path.relative_to(folder))] or [folder]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _formatted(path: Path, problems: Problems) -> Formatted | None:
    text = files.read(path, problems)
    if text is None:
        return None
    after = form_of(text, files.display(path), problems)
    return None if after is None else Formatted(path=path, before=text, after=after)


def form_of(text: str, file: str, problems: Problems) -> str | None:
    """The one form of a text, or None where it is no YAML. Raises ReconcilerError rather than change a meaning."""
    text = text.replace("\r\n", "\n")
    own = Problems()
    node = parse(text, file, own)
    if own or node is None:
        parse(text, file, problems)
        return None
    after = write_tree(read_tree(text))
    again = parse(after, file, own)
    if (
        own
        or again is None
        or _meaning(node) != _meaning(again)
        or sorted(read_comments(text)) != sorted(read_comments(after))
    ):
        raise ReconcilerError(
            "A file can't be formatted without changing it.",
            f"{file}: it is written in a way that this command does not know.",
            "It was left as it is. Write its longer texts in quotes, and try again.",
        )
    return after


def _meaning(node: Node) -> Any:
    """All that the language reads of a value, in the order in which it stands."""
    if isinstance(node.value, dict):
        return {key: _meaning(each) for key, each in node.value.items()}, list(node.value)
    if isinstance(node.value, list):
        return [_meaning(each) for each in node.value]
    return type(node.value), node.value, node.raw


def save(file: Formatted) -> None:
    """Replace a file whole or not at all; a link stays one, and its target keeps its rights. Raises ReconcilerError."""
    target = file.path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(file.after)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(target.stat().st_mode & 0o7777)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        detail = f"{files.display(file.path)}: {error.strerror or type(error).__name__}"
        raise ReconcilerError("A file can't be written.", detail, "It was left as it is.") from None
