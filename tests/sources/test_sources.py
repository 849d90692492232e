"""Sources that do not fit the workspace or can't be read. Each has a folder, named after what is wrong with it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.commandline import AS_OF, Criteo, environment, process, run

BAD = Path(__file__).parent / "bad"
CASES = sorted(folder.name for folder in BAD.iterdir() if folder.is_dir())
MARKED = "zanzibar"
"""Every row holds this word."""


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_told_with_its_place(case: str, criteo: Criteo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code, and the file, line, column and key that lead to it, with the nearest right name and a way out.

    What is refused is compared whole; of a plan that could be made, the lines that matter.
    """
    monkeypatch.chdir(BAD / case)
    code, *lines = (BAD / case / "expected.txt").read_text(encoding="utf-8").splitlines()
    done = run("plan", "--as-of", AS_OF)
    assert str(done.code) == code, done.said
    said = done.said.rstrip().splitlines()
    assert (said if code == "78" else [line for line in said if line in lines]) == lines, done.said


@pytest.mark.parametrize("case", [case for case in CASES if case != "csv-header-only"])
def test_no_row_is_quoted_and_nothing_is_done(case: str, criteo: Criteo, tmp_path: Path) -> None:
    """Whatever is wrong with the data, no value of it reaches a message, there is no traceback, and nothing is sent."""
    root = tmp_path / "bad" / case
    shutil.copytree(BAD, root.parent, symlinks=True)
    before = sorted(root.rglob("*"))
    done = run("-w", root, "--log-format", "json", "apply", "--auto-approve", "--as-of", AS_OF)
    assert done.code == 78, done.said
    assert not [word for word in (MARKED, "traceback", "bug in reconciler") if word in done.said.lower()]
    assert [each for each in sorted(root.rglob("*")) if ".reconciler" not in each.parts] == before
    assert {each["operation"] for each in criteo.requests()} <= {
        "ListAdvertisers",
        "SearchAudienceSegments",
        "SearchAudiences",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(criteo: Criteo, tmp_path: Path) -> None:
    """A file without the right to read it is a source that can't be read."""
    root = tmp_path / "bad"
    shutil.copytree(BAD / "key-repeated", root)
    (root / "customers.csv").chmod(0)
    done = run("plan", "--as-of", AS_OF, "-w", root)
    assert done.code == 78
    assert "customers.csv" in done.stderr


def test_broken_sources_stay_in_their_folders() -> None:
    """Each case says what it expects, and its data hold the word that is looked for in the messages."""
    for case in CASES:
        assert (BAD / case / "expected.txt").is_file()
    assert sum(MARKED.encode() in _bytes(BAD / case) for case in CASES) > len(CASES) // 2


def _bytes(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())


def test_a_process_tells_the_same(criteo: Criteo) -> None:
    """A process of its own ends with the same code and the same words on stderr, and prints nothing on stdout."""
    case = BAD / "columns-unknown-in-both"
    done = process("plan", "--as-of", AS_OF, env=environment(criteo.url), cwd=case)
    code, *lines = (case / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert (str(done.code), done.stdout) == (code, "")
    assert set(lines) <= set(done.stderr.splitlines())
