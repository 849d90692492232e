from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

import reconciler.cli.boundary as module
from reconciler import __version__, errors
from reconciler.cli import COMMANDS, cli
from reconciler.cli.boundary import guarded
from reconciler.cli.options import Surroundings
from tests.cli.test_validate import ROOT, reconciler

PRIVATE = "ann@example.com"


def failing(error: BaseException) -> int:
    def fail() -> None:
        raise error

    return guarded(fail, Surroundings())


def test_help_lists_every_command_with_its_own_short_help() -> None:
    """What the list of commands says is what each command says of itself."""
    done = reconciler("--help")
    context = click.Context(cli)
    assert done.returncode == 0
    for name, words in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(limit=200).rstrip(".") == words.rstrip(".")
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    """`--help` of each command shows how it is called."""
    done = reconciler(name, "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout


def test_help_imports_nothing_heavy() -> None:
    """`--help` answers at once because it reads no YAML, no schema and no engine."""
    heavy = {"yaml", "jsonschema", "duckdb", "sqlglot", "httpx", "rich", "deepdiff", "stamina", "werkzeug"}
    code = (
        "import sys; from reconciler.cli import cli; "
        "cli.main(['--help'], standalone_mode=False); print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.split("'")[1] for name in done.stderr.split(", ")}
    assert "click" in loaded
    assert not heavy & loaded


def test_the_version_is_told() -> None:
    """`--version` says which one this is."""
    assert reconciler("--version").stdout == f"reconciler {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("validat",), "There is no command 'validat'. Did you mean 'validate'?"),
        (("validate", "--nonsense"), "--nonsense"),
        (("validate", "surplus"), "surplus"),
        (("-w", "nowhere", "validate"), "'nowhere' does not exist."),
        ((), "Usage: reconciler"),
    ],
)
def test_a_wrong_command_line_ends_in_64(arguments: tuple[str, ...], message: str) -> None:
    """Exit 2 would read as "there are changes"."""
    done = reconciler(*arguments)
    assert (done.returncode, done.stdout) == (64, "")
    assert message in done.stderr


def test_a_wrong_command_line_can_be_read_by_programs() -> None:
    """`--log-format json` holds for usage errors too."""
    done = reconciler("--log-format", "json", "validate", "--nonsense")
    assert json.loads(done.stderr)["exit_code"] == 64


def every_error() -> list[type[errors.ReconcilerError]]:
    found, waiting = [], [errors.ReconcilerError]
    while waiting:
        each = waiting.pop()
        found.append(each)
        waiting += each.__subclasses__()
    # The one that is made from problems is shown by the tests of validate.
    return [each for each in found if not issubclass(each, errors.WorkspaceInvalid)]


@pytest.mark.parametrize("kind", every_error())
def test_every_error_ends_in_its_exit_code(
    kind: type[errors.ReconcilerError], capsys: pytest.CaptureFixture[str]
) -> None:
    """Summary, detail and hint go to stderr, one below the other."""
    code = failing(kind("What.", "Where.", "What next."))
    assert code == kind.exit_code
    assert capsys.readouterr() == ("", "What.\nWhere.\nWhat next.\n")


def test_a_bug_tells_where_and_no_data(capsys: pytest.CaptureFixture[str]) -> None:
    """The message of an unexpected error may hold anything, so only its kind and place are told."""
    assert failing(KeyError(PRIVATE)) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("Something failed that should not have: this is a bug in reconciler.\nKeyError at\n")
    assert "reconciler/cli/boundary.py" in shown
    assert PRIVATE not in shown
    assert "Traceback" not in shown


def test_ctrl_c_ends_in_130(capsys: pytest.CaptureFixture[str]) -> None:
    """An interrupt, also at a prompt, is no error of ours."""
    assert failing(KeyboardInterrupt()) == failing(click.Abort()) == module.INTERRUPTED == 130
    assert capsys.readouterr().err == "Interrupted.\nInterrupted.\n"


def test_a_result_that_is_a_number_is_the_exit_code() -> None:
    """A command says its exit code by returning it."""
    assert guarded(lambda: 3, Surroundings()) == 3
    assert guarded(lambda: None, Surroundings()) == 0


def test_a_reader_that_has_gone_is_no_noise() -> None:
    """`reconciler … | head -0` prints no complaint."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "reconciler", "--help"]
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_sigterm_ends_in_143(tmp_path: Path) -> None:
    """A process that is told to stop says so by its exit code."""
    ready = tmp_path / "ready"
    code = f"""
import pathlib, time, reconciler.cli as cli
def wait(_):
    pathlib.Path({str(ready)!r}).touch()
    time.sleep(30)
cli._run = wait
cli.main()
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    for _ in range(200):
        if ready.exists():
            break
        time.sleep(0.05)
    process.terminate()
    assert process.wait(timeout=10) == 143
