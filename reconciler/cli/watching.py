"""Run again whenever a file of the workspace changes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import click

from reconciler.cli.boundary import tell
from reconciler.cli.options import Surroundings
from reconciler.errors import ReconcilerError

SECONDS = 0.25
"""Between two looks at the files."""

Seen = frozenset[tuple[str, int, int]]


def watched(surroundings: Surroundings, run: Callable[[], int]) -> NoReturn:
    """Run, wait for a change, and run again; what is wrong with the workspace is told and waits for a change too."""
    while True:
        seen = look(surroundings.root)
        try:
            run()
        except ReconcilerError as error:
            tell(error, surroundings)
        surroundings.tell("Waiting for changes; Ctrl-C ends.")
        while look(surroundings.root) == seen:
            time.sleep(SECONDS)
        click.echo()


def look(root: Path) -> Seen:
    """Every file of a workspace with its time and size; hidden files and folders are left out."""
    return frozenset(_files(str(root)))


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    for entry in os.scandir(folder):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path)
            continue
        try:
            found = entry.stat()
        except OSError:
            continue
        yield entry.path, found.st_mtime_ns, found.st_size
