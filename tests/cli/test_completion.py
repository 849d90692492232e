"""`reconciler completion`, and the answers that a shell then gets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from reconciler.cli import COMMANDS, cli, completion
from reconciler.cli.options import Surroundings
from tests.cli.commandline import ROOT, environment, process, run
from tests.conftest import Writer

SEGMENTS = """
segments:
  carts:
    name: Left carts
    slices: [hot, warm]
    who: { event: cart_added, latest: true, within: slice }
  helper: { publish: false, who: { everyone: true } }
audiences:
  cart-recovery: { include: [carts] }
"""


def asked(line: str, shell: str = "bash") -> list[str]:
    """What a shell is told at the end of a line, by a process with the variables that the shell sets."""
    words = ["reconciler", *line.split()] + ([""] if line.endswith(" ") else [])
    place = {"COMP_WORDS": " ".join(words[:-1] if shell == "fish" else words)}
    place["COMP_CWORD"] = words[-1] if shell == "fish" else str(len(words) - 1)
    done = process(env=environment(**{completion.VARIABLE: f"{shell}_complete", **place}))
    assert (done.code, done.stderr) == (0, "")
    return done.stdout.splitlines()


def offered(completer: completion.Completer, root: Path, incomplete: str = "") -> list[str]:
    """What an argument with this completer offers in a workspace."""
    ctx = click.Context(cli, obj=Surroundings(workspace=root))
    return [item.value for item in completer(ctx, click.Argument(["it"]), incomplete)]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("pl", ["plain,plan"]),
        ("state ", ["plain,list", "plain,show", "plain,unlock"]),
        ("-w audiences plan --f", ["plain,--format"]),
        ("plan --format ", ["plain,text", "plain,json", "plain,markdown"]),
        ("plan -w ", ["dir,"]),
        ("no-such-command pl", ["plain,plan"]),
        ("lint --rule no-e", ["plain,no-exclusion"]),
        ("-w audiences lint --select audience.win", ["plain,audience.winback"]),
    ],
)
def test_commands_options_and_choices_are_completed(line: str, answer: list[str]) -> None:
    """Whatever the line holds so far, the answer is what could follow, and a slip in it is no error."""
    assert asked(line) == answer


def test_every_shell_is_told_what_a_command_is_for() -> None:
    """Zsh and fish show a line of help beside a command."""
    purpose = COMMANDS["validate"]
    assert asked("val", "zsh") == ["plain", "validate", purpose]
    assert asked("val", "fish") == [f"plain,validate\t{purpose}"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    """The script asks our program by our variable, in the way of that shell."""
    done = run("completion", shell)
    assert (done.code, done.stderr) == (0, "")
    assert f"{completion.VARIABLE}={shell}_complete" in done.stdout


def test_bash_completes_a_line(tmp_path: Path) -> None:
    """A real bash that has read its script offers what follows `reconciler st`."""
    program = tmp_path / "reconciler"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reconciler "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = """
eval "$(reconciler completion bash)"
COMP_WORDS=(reconciler st) COMP_CWORD=1
"$(complete -p reconciler | sed 's/.*-F \\([^ ]*\\) .*/\\1/')" reconciler st reconciler
printf '%s\\n' "${COMPREPLY[@]}"
"""
    env = environment()
    env["PATH"] = f"{tmp_path}:{env['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == ("status\nstate\n", "")


def test_another_shell_is_refused() -> None:
    """A shell that we can't serve is told, with those that we can."""
    done = run("completion", "tcsh")
    assert done.code == 64
    assert "'bash', 'zsh', 'fish'" in done.stderr


def test_names_of_the_workspace_are_offered(write_workspace: Writer) -> None:
    """Keys of segments and audiences, slices of what is published, and the addresses of all that is made at Criteo."""
    root = write_workspace(SEGMENTS)
    assert offered(completion.segments, root) == ["carts", "helper"]
    assert offered(completion.lists, root) == ["carts.hot", "carts.warm"]
    assert offered(completion.audiences, root) == ["cart-recovery"]
    assert offered(completion.addresses, root) == ["audience.cart-recovery", "segment.carts.hot", "segment.carts.warm"]
    assert offered(completion.addresses, root, "segment.carts.w") == ["segment.carts.warm"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("explain car", ["plain,carts", "plain,carts.hot", "plain,carts.warm", "plain,cart-recovery"]),
        ("explain --email ann@example.com help", ["plain,helper"]),
        ("test --select hel", ["plain,helper"]),
        ("overlap --select aud", ["plain,audience.cart-recovery"]),
        ("lint --select segment.carts.w", ["plain,segment.carts.warm"]),
        ("show segment.carts.h", ["plain,segment.carts.hot"]),
        ("show plan", ["file,plan"]),
    ],
)
def test_commands_offer_the_names_they_take(line: str, answer: list[str], write_workspace: Writer) -> None:
    """Whoever types an argument or an option gets names of the workspace that the line is about."""
    assert sorted(asked(f"-w {write_workspace(SEGMENTS)} {line}")) == sorted(answer)


def test_a_broken_workspace_offers_nothing_and_says_nothing(write_workspace: Writer, tmp_path: Path) -> None:
    """Nobody wants a message in the middle of a line that is being typed."""
    assert offered(completion.segments, write_workspace("segments: { open")) == []
    assert offered(completion.segments, tmp_path / "nowhere") == []
