"""Finds the files of a workspace and reads them, strictly as UTF-8 and no more than is sensible."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from reconciler.config.problems import Problems
from reconciler.config.scalars import FORBIDDEN, ODD_SPACE

SETTINGS = "reconciler.yaml"
MAX_BYTES = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def find(root: Path, problems: Problems) -> list[Path]:
    """The workspace's YAML files, `reconciler.yaml` first, then by path.

    Hidden files and folders and other workspaces inside this one are no part of it. A symbolic link is read as long as
    it stays inside; one that leads out is a problem, because nothing outside of the workspace is read.
    """
    found: dict[Path, Path] = {}
    try:
        for entry in _walk(root):
            _take(entry, root / SETTINGS, found, problems)
    except OSError as error:
        problems.add_at(display(str(error.filename)), 1, 1, f"can't be read: {error.strerror}")
    return sorted(found.values(), key=lambda path: (path != root / SETTINGS, path.parts))


def _take(entry: os.DirEntry[str], settings: Path, found: dict[Path, Path], problems: Problems) -> None:
    path = Path(entry.path)
    target = Path(os.path.realpath(path))
    if not entry.name.endswith(".yaml"):
        problems.add_at(display(entry), 1, 1, f"is not read; rename it to `{Path(entry.name).stem}.yaml`")
    elif not target.is_relative_to(os.path.realpath(settings.parent)):
        problems.add_at(display(entry), 1, 1, "is a symbolic link that leaves the workspace")
    elif path == settings or target not in found:
        found[target] = path


def _walk(root: Path) -> Iterator[os.DirEntry[str]]:
    """Everything that looks like YAML. A linked folder (of data, say) is looked into only, so as to miss no YAML."""
    folders = [str(root)]
    while folders:
        for entry in _visible(folders.pop()):
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif entry.is_dir():
                yield from filter(_is_yaml, _visible(entry.path))
            elif _is_yaml(entry):
                yield entry


def _visible(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        shown = [entry for entry in entries if not entry.name.startswith(".") and not _is_other_workspace(entry)]
    return sorted(shown, key=lambda entry: entry.name)


def _is_other_workspace(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and Path(entry.path, SETTINGS).exists()


def _is_yaml(entry: os.DirEntry[str]) -> bool:
    return Path(entry.name).suffix.lower() in {".yaml", ".yml"}


def display(path: Path | str | os.DirEntry[str]) -> str:
    """A path as messages name it: relative to where we are if it is below, and printable."""
    text = os.fspath(path)
    relative = os.path.relpath(text)
    chosen = relative if not relative.startswith(os.pardir) else text
    chosen = chosen.encode("utf-8", "backslashreplace").decode()
    return FORBIDDEN.sub("?", chosen.replace("\n", "?"))


def read(path: Path, problems: Problems) -> str | None:
    """The text of a file, or None with a problem."""
    file = display(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            problems.add_at(file, 1, 1, "is not a file")
            return None
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        problems.add_at(file, 1, 1, f"can't be read: {error.strerror}")
        return None
    if len(data) > MAX_BYTES:
        problems.add_at(file, 1, 1, f"is larger than {MAX_BYTES // 1024} KiB; split it")
        return None
    return _decode(data, file, problems)


def _decode(data: bytes, file: str, problems: Problems) -> str | None:
    if data.startswith(_BOM):
        problems.add_at(file, 1, 1, "begins with a byte order mark; save it as UTF-8 without one")
        return None
    if data.startswith(_WIDE) or data[:4].count(0) in {2, 3}:
        problems.add_at(file, 1, 1, "is UTF-16 or UTF-32; save it as UTF-8")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _line_column(data[: error.start].decode("utf-8"))
        problems.add_at(file, line, column, "is not UTF-8; save it as UTF-8")
        return None
    bad, space = FORBIDDEN.search(text), ODD_SPACE.search(text)
    if bad:
        line, column = _line_column(text[: bad.start()])
        problems.add_at(file, line, column, f"a character that can't be seen (U+{ord(bad[0]):04X}); remove it")
    elif space:
        line, column = _line_column(text[: space.start(1)])
        problems.add_at(file, line, column, f"a space that is not the usual one (U+{ord(space[1]):04X}); type it again")
    return None if bad or space else text


def _line_column(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")
