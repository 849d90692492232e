"""The command line as a whole: help, start-up, exit codes that come before a command does anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.cli import COMMANDS
from tests.cli.commandline import AS_OF, ROOT, SECRET, Criteo, environment, run
from tests.conftest import Writer

SUBCOMMANDS = [["state", name] for name in ("list", "show", "unlock")]
SLOW_TO_IMPORT = (
    *("httpx", "duckdb", "sqlglot", "jsonschema", "rich", "yaml", "stamina", "deepdiff", "werkzeug"),
    *("phonenumbers", "psycopg", "pyspark", "reconciler.run", "reconciler.views", "reconciler.config.load"),
)
VIPS = "segments: { vips: { who: { attribute: tier, is: vip } } }\n"


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS), *SUBCOMMANDS], ids=" ".join)
def test_every_command_explains_itself(words: list[str]) -> None:
    """`--help` and `-h` end with 0, tell the options and give an example of that command."""
    long, short = run(*words, "--help"), run(*words, "-h")
    assert (long.code, long.stderr) == (0, "")
    assert long == short
    assert f"Usage: reconciler {' '.join(words)}".rstrip() in long.stdout
    example = long.stdout[long.stdout.index("Example: reconciler ") :]
    assert not words or f" {' '.join(words)}" in example


def test_the_help_of_the_whole_names_every_command() -> None:
    """Each with what it is for."""
    listed = " ".join(run("--help").stdout.split())
    assert [name for name, purpose in COMMANDS.items() if f"{name} {purpose}" not in listed] == []


@pytest.mark.parametrize("words", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_start_up_imports_no_more_than_it_needs(words: list[str]) -> None:
    """Help of any command comes without the libraries that plan and apply need."""
    code = f"""
import sys
from reconciler.cli import cli
cli.main({words!r}, standalone_mode=False)
print("\\n" + " ".join(sorted(set(sys.modules) & set({SLOW_TO_IMPORT!r}))))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Usage: reconciler"),
        (["plam"], "There is no command 'plam'. Did you mean 'plan'?"),
        (["plan", "--no-such-option"], "No such option"),
        (["plan", "--format", "yaml"], "'yaml' is not one of"),
        (["plan", "--as-of", "yesterday"], "'yesterday' is no time; write it as 2026-11-21T18:00:00Z."),
        (["plan", "--include-members"], "--include-members goes with --detailed-exitcode."),
        (["apply", "--lock-timeout", "60"], "'60' is no duration; write it as 60s, 5m or 1h."),
        (["-w", "no/such/folder", "plan"], "no/such/folder"),
        (["emulator", "--port", "70000"], "70000"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_in_the_command_line_ends_in_64(words: list[str], told: str) -> None:
    """It is told on stderr, and is not click's own 2, which would read as "there are changes"."""
    done = run(*words)
    assert (done.code, done.stdout) == (64, "")
    assert told in done.stderr


@pytest.mark.parametrize("command", [["plan"], ["apply", "--auto-approve"], ["sync"], ["validate"], ["state", "list"]])
def test_an_invalid_workspace_ends_in_78(command: list[str], write_workspace: Writer, criteo: Criteo) -> None:
    """Every command that reads a workspace tells its problems with their places, before anything is sent."""
    root = write_workspace("segments: { vips: { hwo: { everyone: true } } }\n")
    done = run("-w", root, *command)
    assert (done.code, done.stdout) == (78, "")
    assert "definitions.yaml:2:21: segments.vips.hwo: " in done.stderr
    assert "did you mean `who`?" in done.stderr
    assert criteo.requests() == []


@pytest.mark.parametrize("missing", ["CRITEO_CLIENT_ID", "CRITEO_CLIENT_SECRET"])
@pytest.mark.parametrize("command", [["plan"], ["apply", "--auto-approve"], ["sync"]])
def test_missing_credentials_end_in_7(
    command: list[str], missing: str, write_workspace: Writer, criteo: Criteo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable that is missing is named, no secret is shown, and nothing is sent."""
    monkeypatch.delenv(missing)
    done = run("-w", write_workspace(VIPS), *command)
    assert (done.code, done.stdout) == (7, "")
    assert f"Not set: {missing}." in done.stderr
    assert SECRET not in done.said
    assert criteo.requests() == []


def test_credentials_that_criteo_does_not_know_end_in_7(write_workspace: Writer, criteo: Criteo) -> None:
    """So do credentials that Criteo refuses, and the secret is not shown."""
    criteo.fault("401", count=10)
    done = run("-w", write_workspace(VIPS), "plan", "--as-of", AS_OF)
    assert (done.code, done.stdout) == (7, "")
    assert SECRET not in done.said


@pytest.mark.parametrize("command", [["plan"], ["apply", "--auto-approve"], ["sync"]])
def test_a_build_server_without_state_ends_in_4(
    command: list[str], write_workspace: Writer, criteo: Criteo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A runner forgets its disk: nothing is made, and the message says how a first apply is told apart."""
    monkeypatch.setenv("CI", "true")
    root = write_workspace(VIPS)
    done = run("-w", root, *command)
    assert (done.code, done.stdout) == (4, "")
    assert "apply --init-state" in done.stderr
    assert criteo.requests() == []
    assert not (root / ".reconciler" / "snapshot.json").exists()


def test_messages_are_json_where_asked_for(write_workspace: Writer, criteo: Criteo) -> None:
    """An error with `--log-format json`, before or after the command, is one JSON object on one line."""
    root = write_workspace("segments: { vips: { hwo: { everyone: true } } }\n")
    for words in (["--log-format", "json", "plan"], ["plan", "--log-format", "json"]):
        done = run("-w", root, *words)
        record = json.loads(done.stderr)
        assert (record["level"], record["exit_code"], done.code) == ("error", 78, 78)
        assert [problem["line"] for problem in record["problems"]] == [2, 2]


def test_the_usual_workspace_is_found_where_we_are(write_workspace: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `-w`: `audiences` if it holds reconciler.yaml, else the current folder."""
    root = write_workspace(VIPS)
    monkeypatch.chdir(root)
    assert run("validate").code == 0
    inner = root / "audiences"
    inner.mkdir()
    assert run("validate").code == 0
    (inner / "reconciler.yaml").write_text("version: 2\n", encoding="utf-8")
    done = run("validate")
    assert done.code == 78
    assert str(Path("audiences", "reconciler.yaml")) in done.stderr
