"""`reconciler fmt`, through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commandline import run

BAD = Path(__file__).parents[1] / "config" / "bad"
WRITTEN = "version:   1\nwindows:\n    hot:  0h..4h # soon\n"
FORM = "version: 1\nwindows:\n  hot: 0h..4h    # soon\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that is entered: one file out of form, and one in it."""
    (tmp_path / "reconciler.yaml").write_text("version: 1\n", encoding="utf-8")
    (tmp_path / "windows.yaml").write_text(WRITTEN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_whole_workspace_is_formed_once(folder: Path) -> None:
    """Without a path every file is put into the form, those that change are named, and a second run finds nothing."""
    first, second = run("fmt"), run("fmt")
    assert (first.code, first.said, second.code, second.said) == (0, "windows.yaml\n", 0, "")
    assert (folder / "windows.yaml").read_text(encoding="utf-8") == FORM


def test_check_names_the_files_and_writes_nothing(folder: Path) -> None:
    """`--check` ends with 1 and the list of files, and with 0 where all have the form."""
    ran = run("fmt", "--check")
    assert (ran.code, ran.stdout) == (1, "windows.yaml\n")
    assert "run `reconciler fmt`" in ran.stderr
    assert (folder / "windows.yaml").read_text(encoding="utf-8") == WRITTEN
    assert run("fmt", "--check", "reconciler.yaml").said == ""


def test_diff_shows_what_would_change(folder: Path) -> None:
    """`--diff` prints the lines before and after, and writes nothing; with `--check` it ends with 1."""
    ran = run("fmt", "--diff")
    assert ran.code == 0
    assert ["-    hot:  0h..4h # soon", "+  hot: 0h..4h    # soon"] == ran.stdout.splitlines()[-2:]
    assert run("fmt", "--diff", "--check").code == 1
    assert (folder / "windows.yaml").read_text(encoding="utf-8") == WRITTEN


def test_files_and_folders_can_be_named(folder: Path) -> None:
    """Only what is named is looked at; what is not there is an error of usage."""
    (folder / "more").mkdir()
    (folder / "more" / "a.yaml").write_text("version:  1\n", encoding="utf-8")
    assert run("fmt", "more").stdout == "more/a.yaml\n"
    assert run("fmt", "windows.yaml").stdout == "windows.yaml\n"
    assert run("fmt", "nothing.yaml").code == 64


def test_a_folder_above_stands_for_the_workspaces_below(folder: Path) -> None:
    """From the top of a repository all workspaces are formed, and YAML of others is left alone."""
    for name in (
        "shop/reconciler.yaml",
        "shop/more/a.yaml",
        "club/reconciler.yaml",
        "other/a.yaml",
        ".git/reconciler.yaml",
    ):
        path = folder / "repository" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("version:  1\n", encoding="utf-8")
    (folder / "reconciler.yaml").unlink()
    names = ["club/reconciler.yaml", "shop/reconciler.yaml", "shop/more/a.yaml"]
    assert run("fmt", "repository").stdout.splitlines() == [f"repository/{name}" for name in names]


def test_what_is_no_yaml_is_told_as_validate_tells_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same message and exit code as of `validate`, and no other file is touched."""
    broken = (BAD / "yaml-tab" / "segments.yaml").read_text(encoding="utf-8")
    (folder / "segments.yaml").write_text(broken, encoding="utf-8")
    formed, validated = run("fmt"), run("validate")
    assert (formed.code, formed.stdout) == (78, "")
    assert "segments.yaml:3:1: a tab; indent with spaces" in formed.stderr
    assert "segments.yaml:3:1: a tab; indent with spaces" in validated.stderr
    assert (folder / "windows.yaml").read_text(encoding="utf-8") == WRITTEN


def test_windows_line_ends_become_plain_ones(folder: Path) -> None:
    """CRLF goes, and a diff says so although no line differs."""
    (folder / "windows.yaml").write_bytes(FORM.replace("\n", "\r\n").encode())
    assert run("fmt", "--diff").stdout == "windows.yaml: nothing but line ends\n"
    assert run("fmt").code == 0
    assert (folder / "windows.yaml").read_bytes() == FORM.encode()


def test_a_file_keeps_its_rights_and_a_link_stays_one(folder: Path) -> None:
    """The file is replaced whole, with the rights it had, where a link leads."""
    target = folder / ".windows.yaml"
    (folder / "windows.yaml").rename(target)
    target.chmod(0o640)
    (folder / "windows.yaml").symlink_to(target)
    assert run("fmt").code == 0
    assert (folder / "windows.yaml").is_symlink()
    assert (target.read_text(encoding="utf-8"), target.stat().st_mode & 0o777) == (FORM, 0o640)
    assert sorted(path.name for path in folder.iterdir()) == [".windows.yaml", "reconciler.yaml", "windows.yaml"]
