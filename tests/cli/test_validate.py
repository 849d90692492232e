from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from benchmarks.workspaces import write_many
from tests.cli.commandline import run
from tests.conftest import Writer

ROOT = Path(__file__).parents[2]
BAD = ROOT / "tests" / "config" / "bad"
CASES = ["condition-circle", "settings-not-supported-yet", "yaml-tab", "slice-overlap", "file-key-in-two-files"]


def reconciler(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reconciler", *map(str, arguments)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_valid_workspace_is_counted_on_one_line() -> None:
    """The sample is found without an option, and what is valid stands on stdout."""
    done = reconciler("validate")
    expected = "Workspace sample-retention is valid: 17 published segments, 19 lists, 14 audiences.\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")


@pytest.mark.parametrize("case", CASES)
def test_problems_go_to_stderr_with_exit_78(case: str) -> None:
    """A broken workspace gives its problems, nothing on stdout, and never a traceback."""
    done = reconciler("validate", cwd=BAD / case)
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr == (BAD / case / "expected.txt").read_text(encoding="utf-8")


def test_the_workspace_may_be_named_before_or_after_the_command() -> None:
    """`-w` means the same on both sides, and the later one wins."""
    place = BAD / "yaml-tab"
    before, after = reconciler("-w", place, "validate"), reconciler("validate", "--workspace", place)
    assert (before.returncode, before.stderr) == (after.returncode, after.stderr)
    assert before.stderr.splitlines()[1] == "tests/config/bad/yaml-tab/segments.yaml:3:1: a tab; indent with spaces"
    assert reconciler("-w", place, "validate", "-w", "audiences").returncode == 0


def test_problems_can_be_read_by_programs() -> None:
    """With `--log-format json` the error is one JSON object, each problem with its place."""
    done = reconciler("validate", "--log-format", "json", cwd=BAD / "condition-circle")
    record = json.loads(done.stderr)
    assert (done.returncode, record["exit_code"], record["summary"]) == (78, 78, "The workspace is invalid.")
    assert record["problems"][0] == {
        "file": "segments.yaml",
        "line": 3,
        "column": 24,
        "path": "segments.a.who.segment",
        "message": "a segment can't be part of its own definition: a -> b -> c -> a",
        "suggestion": None,
        "severity": "error",
    }


def test_where_there_is_no_workspace_it_says_so(tmp_path: Path) -> None:
    """A folder without reconciler.yaml is no workspace."""
    done = reconciler("validate", cwd=tmp_path)
    assert done.returncode == 78
    assert (
        "reconciler.yaml:1:1: is missing; it makes a folder a workspace, and `reconciler init` writes one"
        in done.stderr
    )


SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "validation.schema.json").read_text(encoding="utf-8")))


def test_programs_get_every_problem_with_its_place_and_the_nearest_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--format json` is one document on stdout by its schema, and nothing stands on stderr."""
    monkeypatch.chdir(BAD / "condition-unknown-key")
    done = run("validate", "--format", "json")
    found = json.loads(done.stdout)
    SCHEMA.validate(found)
    assert (done.code, done.stderr, found["valid"], found["workspace"]) == (78, "", False, None)
    assert found["problems"][0] == {
        "severity": "error",
        "file": "segments.yaml",
        "line": 6,
        "column": 13,
        "path": "segments.buyers.who.all[0].evnt",
        "message": "unknown key `evnt`; did you mean `event`?",
        "suggestion": "event",
    }


def test_programs_learn_what_a_valid_workspace_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A valid workspace has its name and its counts in the document, and the exit code is 0."""
    monkeypatch.chdir(ROOT)
    done = run("validate", "--format", "json")
    found = json.loads(done.stdout)
    SCHEMA.validate(found)
    assert (done.code, found["valid"], found["problems"]) == (0, True, [])
    assert (found["workspace"], found["counts"]) == (
        "sample-retention",
        {"segments": 17, "lists": 19, "audiences": 14, "criteo_segments": 0},
    )


def test_github_gets_a_command_for_each_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--format github` names file, line and column as the runner reads them, relative to what it has checked out."""
    monkeypatch.chdir(BAD / "condition-unknown-key")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT))
    done = run("validate", "--format", "github")
    assert (done.code, done.stderr) == (78, "")
    first, _, last = done.stdout.splitlines()
    assert first == (
        "::error file=tests/config/bad/condition-unknown-key/segments.yaml,line=6,col=13,title=reconciler::"
        "segments.yaml:6:13: segments.buyers.who.all[0].evnt: unknown key `evnt`; did you mean `event`?"
    )
    assert last == "The workspace is invalid: 2 problems."


def test_what_would_end_a_command_of_github_is_escaped(
    write_workspace: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Percent signs, commas and colons of the user's can't forge another command, nor cut this one short."""
    root = write_workspace(**{"a,b::error %0A.yaml": 'version: 1\nsegments: { "100%, ::error::x": {} }\n'})
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.chdir(root)
    commands = [line for line in run("validate", "--format", "github").stdout.splitlines() if line.startswith("::")]
    assert commands
    for line in commands:
        assert line.startswith("::error file=a%2Cb%3A%3Aerror %250A.yaml,line=2,col=13,title=reconciler::")
        assert "100%25, ::error::x" in line


def test_a_file_outside_the_checkout_keeps_its_name(write_workspace: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that leads out of the checkout would be nobody's line; it is printed as messages name it."""
    root = write_workspace("segments: { a: {} }\n")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT))
    assert (
        f"::error file={root}/definitions.yaml,line=2,col=13,"
        in run("validate", "-w", root, "--format", "github").stdout
    )


def test_a_valid_workspace_annotates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """For GitHub a valid workspace is one plain sentence."""
    monkeypatch.chdir(ROOT)
    done = run("validate", "--format", "github")
    assert (done.code, done.stdout) == (
        0,
        "Workspace sample-retention is valid: 17 published segments, 19 lists, 14 audiences.\n",
    )


def test_a_thousand_files_are_one_workspace(tmp_path: Path) -> None:
    """Definitions may be spread over as many files as a team likes: three thousand segments in a thousand files."""
    write_many(tmp_path, 1000)
    done = reconciler("validate", "-w", tmp_path)
    assert done.stdout == "Workspace bench is valid: 3001 published segments, 4001 lists, 1000 audiences.\n"


def test_without_data_neither_engine_nor_network_is_even_imported() -> None:
    """`validate` can't read a table or reach Criteo: nothing that could is loaded."""
    strangers = ("duckdb", "sqlglot", "httpx", "deepdiff", "socket", "ssl", "psycopg", "pyspark")
    code = (
        "import sys\nfrom reconciler.cli import cli\ncli.main(['validate'], standalone_mode=False)\n"
        f"print(sorted(set(sys.modules) & set({strangers!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1] == "[]"
