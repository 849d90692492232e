"""A wrong workspace: how it is made from the sample, and what has to be said of it, where."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SAMPLE = Path(__file__).parents[3] / "audiences"
FILES = sorted(path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*.yaml"))
TEXTS = {name: (SAMPLE / name).read_text(encoding="utf-8") for name in FILES}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrong:
    """`make` spoils a copy of the sample; some problem must be told in `line` of `file`, with these words in it."""

    name: str
    make: Callable[[Path], object]
    file: str
    line: int
    words: str = ""


def spoiled(name: str, file: str, text: str, line: int, words: str = "") -> Wrong:
    """One file of the sample with another text."""

    def make(root: Path) -> None:
        (root / file).write_bytes(text.encode("utf-8"))

    return Wrong(name=name, make=make, file=file, line=line, words=words)


def replaced(name: str, file: str, old: str, new: str, words: str = "", *, below: int = 0) -> Wrong:
    """The first `old` of a file made `new`; told in its line, or so many lines below it."""
    text = TEXTS[file]
    start = text.index(old)
    line = text.count("\n", 0, start) + 1
    return spoiled(name, file, text[:start] + new + text[start + len(old) :], line + below, words)


def copy_sample(root: Path) -> Path:
    """The YAML of the sample, without its data and state."""
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLE / name, root / name)
    return root
