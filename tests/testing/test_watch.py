"""`reconciler test --watch`, as a process."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.commandline import ROOT, environment

SETTINGS = """\
version: 1
workspace: acme-retention
advertiser: "42"
source: { customers: { table: customers.csv, key: id, identifiers: { email: email } } }
"""
DEFINITIONS = """\
version: 1
segments: { gold: { who: { attribute: tier, is: gold } } }
tests:
  all that glitters:
    as_of: 2026-11-21T18:00:00Z
    given: { customers: [ { id: ann, tier: gold } ] }
    expect: { gold: [ann] }
"""
PATIENCE = 60


def pass_on(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    for line in process.stdout or ():
        lines.put(line)


@contextmanager
def watching(root: Path) -> Iterator[tuple[subprocess.Popen[str], queue.Queue[str]]]:
    """The running command, and the lines that it prints."""
    command = [sys.executable, "-u", "-m", "reconciler", "-w", str(root), "test", "--watch"]
    process = subprocess.Popen(
        command, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=pass_on, args=(process, lines), daemon=True)
    reader.start()
    try:
        yield process, lines
    finally:
        process.kill()
        process.wait(PATIENCE)
        reader.join(PATIENCE)
        if process.stdout is not None:
            process.stdout.close()


def said(lines: queue.Queue[str]) -> str:
    """What is printed until the command waits."""
    text = ""
    while "Waiting for changes" not in text:
        text += lines.get(timeout=PATIENCE)
    return text


def save(file: Path, text: str) -> None:
    """Whole or not at all, so that no half of it is looked at."""
    hidden = file.with_name(".new")
    hidden.write_text(text, encoding="utf-8")
    hidden.replace(file)


def test_a_change_runs_the_tests_again_until_ctrl_c(tmp_path: Path) -> None:
    """A failing test, an invalid workspace and a mended one are told as they come; Ctrl-C ends it with 130."""
    (tmp_path / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")
    file = tmp_path / "gold.yaml"
    save(file, DEFINITIONS)
    with watching(tmp_path) as (process, lines):
        assert "1 test: all passed" in said(lines)
        save(file, DEFINITIONS.replace("is: gold", "is: vip"))
        assert "1 test: 1 failed" in said(lines)
        save(file, DEFINITIONS.replace("is: gold", "iss: gold"))
        assert "The workspace is invalid." in said(lines)
        save(file, DEFINITIONS)
        assert "1 test: all passed" in said(lines)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
