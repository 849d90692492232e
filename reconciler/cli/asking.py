"""Questions to whoever sits at the terminal, or to what is piped in; when the input ends, so do we."""

from __future__ import annotations

import os
import re
import stat
import sys

import click

from reconciler.errors import Usage


class Asker:
    """Asks on stderr and reads the answers from stdin. `silent` takes every default instead."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self.has_asked = False

    def ask(self, question: str, default: str, pattern: re.Pattern[str] | None, hint: str) -> str:
        """An answer that fits the pattern; an empty one is the default. Raises Usage when the input ends."""
        if self._silent:
            return default
        self.has_asked = True
        while True:
            click.echo(f"{question}{f' [{default}]' if default else ''}: ", nl=False, err=True)
            line = sys.stdin.readline() if _is_answered() else ""
            if not line:
                click.echo(err=True)
                raise Usage(
                    "The input ended before every question was answered.",
                    "Nothing was written.",
                    "Answer by options (see `reconciler init --help`), or pass --yes to take the defaults.",
                )
            answer = line.strip() or default
            if pattern is None or pattern.fullmatch(answer):
                return answer
            click.echo(f"That can't be used: {hint}.", err=True)


def _is_answered() -> bool:
    """Whether somebody may write to stdin: a terminal, a pipe or a file."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):
        return False
    return sys.stdin.isatty() or stat.S_ISFIFO(mode) or stat.S_ISREG(mode)
