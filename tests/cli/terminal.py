"""A process of the command line on a terminal of its own."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.cli.commandline import ROOT


class Terminal:
    """What somebody at a terminal sees and types; with `results_only` stderr does not go there."""

    def __init__(self, *arguments: str | Path, env: Mapping[str, str], results_only: bool = False) -> None:
        self._master, slave = pty.openpty()
        command = [sys.executable, "-m", "reconciler", *map(str, arguments)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={"TERM": "xterm", **env},
            stdin=slave,
            stdout=slave,
            stderr=subprocess.DEVNULL if results_only else slave,
        )
        os.close(slave)
        self.seen = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)

    def read_until(self, text: str, seconds: float = 30) -> str:
        """Read until a text appears; answers all that was seen."""
        until = time.monotonic() + seconds
        while text not in self.seen and self._read(until):
            pass
        assert text in self.seen, self.seen
        return self.seen

    def type(self, text: str) -> None:
        """Type on the keyboard."""
        os.write(self._master, text.encode())

    def end(self, seconds: float = 30) -> tuple[int, str]:
        """Wait for the end: the exit code and all that was seen."""
        until = time.monotonic() + seconds
        while self._read(until):
            pass
        return self.process.wait(timeout=max(0.1, until - time.monotonic())), self.seen

    def _read(self, until: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(0.0, until - time.monotonic()))
        try:
            data = os.read(self._master, 65536) if ready else b""
        except OSError:  # how Linux says that the other side is closed
            return False
        self.seen += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)
