"""`python -m reconciler.cli.hooks COMMAND [OPTIONS] FILES`: what pre-commit runs, on the workspaces of the files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from reconciler.cli import cli
from reconciler.cli.boundary import guarded
from reconciler.cli.options import Surroundings

_SETTINGS = "reconciler.yaml"
_OF_FILES = ("fmt",)
"""Commands that look at files; the others look at whole workspaces."""


def main(words: Sequence[str]) -> int:
    """Run a command on each workspace that one of the files belongs to; the highest exit code counts. Files of no
    workspace are nobody's business here.
    """
    command, *rest = words
    first = next((number for number, word in enumerate(rest) if Path(word).is_file()), len(rest))
    options, files = rest[:first], rest[first:]
    found: dict[Path, list[str]] = {}
    for file in files:
        if (root := workspace_of(Path(file))) is not None:
            found.setdefault(root, []).append(file)
    codes = [_run(root, [command, *options, *(own if command in _OF_FILES else [])]) for root, own in found.items()]
    return max(codes, default=0)


def workspace_of(file: Path) -> Path | None:
    """The nearest folder above a file that holds `reconciler.yaml`; None where there is none, and for hidden ones."""
    root = next((folder for folder in file.parents if (folder / _SETTINGS).is_file()), None)
    if root is None or any(part.startswith(".") for part in file.relative_to(root).parts):
        return None
    return root


def _run(root: Path, words: list[str]) -> int:
    surroundings = Surroundings()
    arguments = ["-w", str(root), *words]
    return guarded(
        lambda: cli.main(arguments, prog_name="reconciler", standalone_mode=False, obj=surroundings), surroundings
    )


def _main() -> NoReturn:
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    _main()
