"""The hooks for pre-commit: each entry run as pre-commit would, on files of several workspaces and of none."""

from __future__ import annotations

import io
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import yaml

from reconciler.cli import COMMANDS, hooks
from tests.cli.commandline import ROOT, Ran, environment
from tests.conftest import SETTINGS

HOOKS = {each["id"]: each for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
GOOD = "version: 1\nsegments:\n  buyers: { who: { event: purchase, within: 7d } }\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two workspaces, one of them wrong, and a YAML file of neither."""
    for name, text in (("shop", GOOD), ("club", GOOD.replace("event", "evnt"))):
        (tmp_path / name / "segments").mkdir(parents=True)
        (tmp_path / name / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")
        (tmp_path / name / "segments" / "buyers.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "other.yaml").write_text("a:    [no workspace\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def hook(name: str, *files: str) -> Ran:
    """One hook on some files, from the top of the repository."""
    _, _, module, *words = shlex.split(HOOKS[f"reconciler-{name}"]["entry"])
    assert module == hooks.__name__
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = hooks.main([*words, *files])
    return Ran(code=code, stdout=out.getvalue(), stderr=err.getvalue())


def test_the_entry_is_a_process_that_runs(repository: Path) -> None:
    """The words of a hook, as pre-commit starts them."""
    _, *words = shlex.split(HOOKS["reconciler-validate"]["entry"])
    command = [sys.executable, *words, "club/segments/buyers.yaml", "shop/segments/buyers.yaml"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "did you mean `event`?" in done.stderr, done.stdout.count("is valid")) == (78, True, 1)


def test_every_hook_is_a_command_of_ours() -> None:
    """Each hook runs the command of its name, by an entry that the installed package has."""
    assert set(HOOKS) == {f"reconciler-{name}" for name in ("fmt", "validate", "lint", "test")}
    for name, each in HOOKS.items():
        command = name.removeprefix("reconciler-")
        assert each["entry"] == f"python -m reconciler.cli.hooks {command}"
        assert (each["language"], command in COMMANDS) == ("python", True)


def test_validate_looks_at_the_whole_workspace_of_a_file(repository: Path) -> None:
    """From any file below, and only there: the wrong workspace is told when one of its files is committed."""
    good = hook("validate", "shop/segments/buyers.yaml", "shop/reconciler.yaml", "other.yaml")
    both = hook("validate", "shop/segments/buyers.yaml", "club/reconciler.yaml")
    assert (good.code, good.stdout.count("is valid"), good.stderr) == (0, 1, "")
    assert (both.code, both.stdout.count("is valid")) == (78, 1)
    assert "club/segments/buyers.yaml:3:20" in both.stderr


def test_fmt_writes_the_files_that_are_named(repository: Path) -> None:
    """The files of workspaces among those committed, and no others."""
    mine, other = repository / "shop" / "segments" / "buyers.yaml", repository / "other.yaml"
    mine.write_text(GOOD.replace("  buyers", "    buyers"), encoding="utf-8")
    before = other.read_text(encoding="utf-8")
    ran = hook("fmt", "shop/segments/buyers.yaml", "other.yaml")
    assert (ran.code, ran.stdout) == (0, "shop/segments/buyers.yaml\n")
    assert (mine.read_text(encoding="utf-8"), other.read_text(encoding="utf-8")) == (GOOD, before)


@pytest.mark.parametrize("name", ["lint", "test"])
def test_the_others_run_too(repository: Path, name: str) -> None:
    """A workspace without mistakes passes, one that is wrong is told with its place, and no workspace is no matter."""
    assert hook(name, "shop/reconciler.yaml").code == 0
    assert hook(name, "club/reconciler.yaml").code == 78
    assert hook(name, "other.yaml").code == 0
