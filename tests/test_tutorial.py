"""The tutorial, run as it is written: every command in its order, every edit, and what is printed."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from reconciler.cli import cli
from reconciler.cli.boundary import guarded
from reconciler.cli.options import Surroundings
from tests.contract.processes import checked
from tests.test_docs import ROOT, Block, blocks

TUTORIAL = ROOT / "docs" / "tutorial.md"
FILES = ROOT / "docs" / "tutorial"
CONSOLE, BESIDE = "console", "console another terminal"
PORT = "8799"
ENVIRONMENT = ("CRITEO_API_URL", "CRITEO_CLIENT_ID", "CRITEO_CLIENT_SECRET", "CRITEO_CLIENT_SECRET_FILE")


class Shell:
    """The terminal of the tutorial: `reconciler` runs in this process, anything else as a process of its own."""

    def __init__(self, port: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._port = port
        self._monkeypatch = monkeypatch

    def run(self, command: str) -> str:
        """What a command prints, on both streams; `export` holds for those that follow."""
        words = shlex.split(command.replace(PORT, self._port))
        if words[0] == "export":
            for name, value in (word.split("=", 1) for word in words[1:]):
                self._monkeypatch.setenv(name, value)
            return ""
        return (_ours(words[1:]) if words[0] == "reconciler" else _other(words)).replace(self._port, PORT)


def _ours(words: list[str]) -> str:
    surroundings = Surroundings()
    with io.StringIO() as out, redirect_stdout(out), redirect_stderr(out):
        guarded(lambda: cli.main(words, prog_name="reconciler", standalone_mode=False, obj=surroundings), surroundings)
        return out.getvalue()


def _other(words: list[str]) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout


def steps(block: Block) -> Iterator[tuple[str, str]]:
    """Each command of a block with what it is said to print."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


def is_as_shown(printed: str, shown: str) -> bool:
    """Whether a text is what is shown, where `…` stands for anything: by itself, for whole lines."""
    pattern = "".join(
        {"…\n": r"(?:.*\n)*?", "…": r".*?"}.get(part) or re.escape(part)
        for part in re.split("(^…\n|…)", shown, flags=re.MULTILINE)
    )
    return re.fullmatch(pattern, printed) is not None


def edit(path: Path, diff: str) -> None:
    """Change a file as a diff without line numbers says; what it shows must be there once."""
    lines = diff.splitlines()
    before = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    after = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def port() -> Iterator[str]:
    """Where the emulator of the other terminal listens: on a free port, since the tutorial's may be taken."""
    command = [sys.executable, "-m", "reconciler", "emulator", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = subprocess.Popen(command, cwd=ROOT, env=checked(environment), stderr=subprocess.PIPE, text=True)
    try:
        assert started.stderr is not None
        said = started.stderr.readline()
        found = said.strip().rpartition(":")[2]
        (block,) = (each for each in blocks(TUTORIAL) if each.info == BESIDE)
        assert [("reconciler emulator", said.replace(found, PORT))] == list(steps(block))
        yield found
    finally:
        started.kill()
        started.communicate()


def test_the_tutorial_is_as_it_says(tmp_path: Path, port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the two files to the last plan: each command prints what is shown, and each edit fits."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("CI", *ENVIRONMENT):
        monkeypatch.delenv(name, raising=False)
    for file in FILES.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    shell = Shell(port, monkeypatch)
    for block in blocks(TUTORIAL):
        if block.info.startswith("diff "):
            edit(folder / block.info.removeprefix("diff "), block.text)
        for command, shown in steps(block) if block.info == CONSOLE else ():
            printed = shell.run(command)
            assert is_as_shown(printed, shown), f"line {block.line}: $ {command}\n{printed}"


def test_every_block_is_run() -> None:
    """No block of the tutorial is of a kind that nothing looks at."""
    assert {re.sub("^diff .*", "diff", block.info) for block in blocks(TUTORIAL)} == {CONSOLE, BESIDE, "diff"}


def test_what_is_left_out_is_left_out_only_there() -> None:
    """The comparison can fail: only `…` stands for something else."""
    assert is_as_shown("a\nb\nc\n", "a\n…\nc\n")
    assert is_as_shown("took 12 ms\n", "took … ms\n")
    assert not is_as_shown("a\nb\nc\n", "a\nc\n")
    assert not is_as_shown("a\nb\n", "a\n…\nc\n")
