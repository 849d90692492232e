"""Hundreds of wrong workspaces, through the command line: each is told what is wrong with it, in the right line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from tests.cli.commandline import Ran, environment, run
from tests.config.wrong.case import Wrong, copy_sample
from tests.config.wrong.mutations import mutations
from tests.config.wrong.strange import exhausting, strange
from tests.config.wrong.traps import traps

BAD = Path(__file__).parent / "bad"
HAND_MADE = sorted(folder.name for folder in BAD.iterdir())
MUTATIONS, TRAPS, STRANGE, EXHAUSTING = list(mutations()), list(traps()), list(strange()), list(exhausting())
LIMIT = 60
"""Seconds after which a test has hung; all of them together take less."""
MEMORY = 1024**3
"""Bytes of address space in which the worst of them must do."""


@contextmanager
def patience() -> Iterator[None]:
    """End what hangs: a reader that waits at a pipe would wait for ever."""

    def give_up(_: int, __: FrameType | None) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def misses(wrong: Wrong, code: int, said: str) -> str:
    """What is missing from what was said of a wrong workspace; empty where it is told well."""
    told = [
        line for line in said.splitlines() if line.startswith(f"{wrong.file}:{wrong.line}:") and wrong.words in line
    ]
    is_fine = code == 78 and told and "Traceback" not in said and "this is a bug" not in said
    return "" if is_fine else f"{wrong.name}: no {wrong.file}:{wrong.line} with {wrong.words!r} in {code}: {said[:600]}"


def checked(wrong: Wrong, root: Path, monkeypatch: pytest.MonkeyPatch) -> Ran:
    wrong.make(copy_sample(root))
    monkeypatch.chdir(root)
    try:
        with patience():
            return run("validate")
    finally:
        spoiled = root / wrong.file
        if spoiled.exists() and not spoiled.stat().st_mode & 0o400:
            spoiled.chmod(0o700)


def test_there_are_hundreds_of_wrong_workspaces() -> None:
    """At least 150 workspaces are wrong in a way of their own, each under a name that says how."""
    made = [*MUTATIONS, *TRAPS, *STRANGE, *EXHAUSTING]
    assert [name for name, count in Counter(wrong.name for wrong in made).items() if count > 1] == []
    assert len(HAND_MADE) >= 120
    assert len(MUTATIONS) >= 300
    assert len(TRAPS) >= 100
    assert len(STRANGE) >= 30
    assert len(EXHAUSTING) >= 15


def test_the_sample_is_valid_before_it_is_spoiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What all the mutations are made from has no problem of its own that could be taken for theirs."""
    monkeypatch.chdir(copy_sample(tmp_path))
    assert run("validate").code == 0


@pytest.mark.parametrize("case", HAND_MADE)
def test_a_broken_workspace_is_told_as_its_file_says(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each broken workspace gives exactly the message beside it, with every place, key and nearest name."""
    monkeypatch.chdir(BAD / case)
    done = run("validate")
    assert (done.code, done.stdout) == (78, "")
    assert done.stderr == Path("expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", MUTATIONS, ids=lambda wrong: wrong.name)
def test_every_slip_of_the_keyboard_is_told_in_its_line(
    wrong: Wrong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong key, a wrong type, a missing value, a doubled line or a wrong indentation is found where it was made."""
    done = checked(wrong, tmp_path, monkeypatch)
    assert misses(wrong, done.code, done.stderr) == ""


@pytest.mark.parametrize("wrong", TRAPS, ids=lambda wrong: wrong.name)
def test_no_trap_of_yaml_is_walked_into(wrong: Wrong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What YAML would take for something else, what nobody sees and what makes no sense is told in its line."""
    done = checked(wrong, tmp_path, monkeypatch)
    assert misses(wrong, done.code, done.stderr) == ""


@pytest.mark.parametrize("wrong", STRANGE, ids=lambda wrong: wrong.name)
def test_strange_files_and_folders_are_named(wrong: Wrong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong encodings, pipes, sockets, links that lead out or around, and what may not be read are told by name."""
    done = checked(wrong, tmp_path, monkeypatch)
    assert misses(wrong, done.code, done.stderr) == ""


_WORST = """
import json, os, resource, sys
from tests.cli.commandline import run
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
for root in sys.argv[1:]:
    os.chdir(root)
    done = run("validate")
    print(json.dumps([done.code, done.stderr[:200_000]]))
"""


def test_what_would_exhaust_a_reader_is_refused_in_little_memory(tmp_path: Path) -> None:
    """Ten megabytes, a billion laughs, endless nesting and endless mistakes end with a message, in one gigabyte."""
    roots = [copy_sample(tmp_path / str(number)) for number in range(len(EXHAUSTING))]
    for wrong, root in zip(EXHAUSTING, roots, strict=True):
        wrong.make(root)
    done = subprocess.run(
        [sys.executable, "-c", _WORST.format(memory=MEMORY), *map(str, roots)],
        env=environment(PYTHONPATH=os.pathsep.join([str(Path(__file__).parents[2])])),
        capture_output=True,
        text=True,
        check=False,
        timeout=10 * LIMIT,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(EXHAUSTING), done.stderr[-2000:]
    missed = [misses(wrong, code, said) for wrong, (code, said) in zip(EXHAUSTING, told, strict=True)]
    assert [each for each in missed if each] == []
