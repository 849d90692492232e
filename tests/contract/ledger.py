"""What was checked, and what was found wrong: in this process, and in processes that it starts."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Literal

Side = Literal["request", "answer"]
Counts = Counter[tuple[str, str]]

FOLDER = "RECONCILER_TESTS_LEDGER"
"""The environment variable that tells a process where to write what it checks."""


@dataclass
class Ledger:
    """Counts by operation and side, and the violations that nobody has asked for yet."""

    counts: Counts = field(default_factory=Counter)
    _violations: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _folder: Path | None = None
    _read: Counter[Path] = field(default_factory=Counter)

    def checked(self, side: Side, name: str, wrong: Iterator[str]) -> None:
        """Count one check and keep what it found."""
        found = [f"{name}, {side}: {each}" for each in wrong]
        with self._lock:
            self.counts[name, side] += 1
            self._violations += found
        if FOLDER in os.environ:
            _tell(Path(os.environ[FOLDER]), name, side, found)

    def drain(self) -> list[str]:
        """What was found wrong since the last time."""
        with self._lock:
            self._hear()
            found, self._violations = self._violations, []
        return list(dict.fromkeys(found))

    @contextmanager
    def aside(self) -> Iterator[list[str]]:
        """Collect what is found wrong in the block, which then fails no test, and count nothing of it."""
        with self._lock:
            self._hear()
            before, self._violations = self._violations, []
            counts = self.counts.copy()
        found: list[str] = []
        try:
            yield found
        finally:
            with self._lock:
                self._hear()
                found += dict.fromkeys(self._violations)
                self._violations, self.counts = before, counts

    @property
    def has_folder(self) -> bool:
        """Whether any process was told to write."""
        return self._folder is not None

    def folder(self) -> Path:
        """Where processes started from here write what they check."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="reconciler-ledger-"))
        return self._folder

    def _hear(self) -> None:
        """Take over what other processes have written since the last time."""
        for path in sorted(self._folder.iterdir()) if self._folder else ():
            text = path.read_bytes()[self._read[path] :]
            whole = text[: text.rfind(b"\n") + 1]
            self._read[path] += len(whole)
            for line in whole.splitlines():
                name, side, found = json.loads(line)
                self.counts[name, side] += 1
                self._violations += found


def _tell(folder: Path, name: str, side: Side, found: list[str]) -> None:
    line = json.dumps([name, side, found]) + "\n"
    with (folder / str(os.getpid())).open("ab", buffering=0) as file:
        file.write(line.encode())


LEDGER = Ledger()
