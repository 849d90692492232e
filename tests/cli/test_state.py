from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.config.load import load
from reconciler.model.settings import Settings
from reconciler.state.open import open_store
from tests.cli.commandline import AS_OF, Criteo, run, write_csv
from tests.conftest import Writer

DEFINITIONS = """\
segments: { everybody: { who: { everyone: true } } }
audiences: { all: { include: [everybody] } }
"""


@pytest.fixture
def workspace(write_workspace: Writer, criteo: Criteo) -> Path:
    """A workspace that was applied once."""
    root = write_workspace(DEFINITIONS)
    write_csv(root / "customers.csv", [{"customer_id": n, "email": f"person{n}@example.com"} for n in range(1200)])
    write_csv(root / "events.csv", [{"customer_id": 1, "event": "purchase", "occurred_at": AS_OF}])
    assert run("-w", root, "apply", "--auto-approve", "--as-of", AS_OF).code == 0
    return root


def test_list_names_every_resource(workspace: Path) -> None:
    """One line each: address, id at Criteo, and for lists how many they hold."""
    done = run("-w", workspace, "state", "list")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert (done.code, done.stderr) == (0, "")
    assert [(words[0], words[2:]) for words in lines] == [("segment.everybody", ["1,200"]), ("audience.all", [])]
    assert all(words[1].isdecimal() for words in lines)


def test_show_prints_the_snapshot(workspace: Path) -> None:
    """As JSON, with the applied definition and without an address of anybody."""
    done = run("-w", workspace, "state", "show")
    shown = json.loads(done.stdout)
    assert done.code == 0
    assert shown == json.loads((workspace / ".reconciler" / "snapshot.json").read_text(encoding="utf-8"))
    assert "example.com" not in done.stdout


@pytest.mark.parametrize("command", ["list", "show"])
def test_without_state_it_says_so(command: str, write_workspace: Writer) -> None:
    """There is nothing to show before the first apply, and nothing is made by looking."""
    root = write_workspace(DEFINITIONS)
    done = run("-w", root, "state", command)
    assert (done.code, done.stdout) == (4, "")
    assert "There is no state." in done.stderr
    assert not (root / ".reconciler").exists()


@contextmanager
def locked(root: Path) -> Iterator[str]:
    """Somebody alive holds the lock of a workspace; gives its id."""
    settings: Settings = load(root).settings
    with open_store(settings).lock("apply", 0):
        yield json.loads((settings.state / "lock.json").read_text(encoding="utf-8"))["id"]


@pytest.mark.parametrize("command", [["apply", "--auto-approve"], ["sync"]])
def test_a_lock_that_is_held_ends_in_5(command: list[str], workspace: Path) -> None:
    """The message names its owner and the command that breaks it; looking is still allowed."""
    with locked(workspace) as lock_id:
        done = run("-w", workspace, *command, "--as-of", AS_OF)
        assert run("-w", workspace, "plan", "--as-of", AS_OF).code == 0
        assert run("-w", workspace, "state", "list").code == 0
    assert (done.code, done.stdout) == (5, "")
    assert f"(process {os.getpid()})" in done.stderr
    assert f"reconciler state unlock {lock_id}" in done.stderr


def test_a_lock_is_waited_for(workspace: Path) -> None:
    """With `--lock-timeout` an apply goes on when the other writer is done."""
    with locked(workspace):
        timer = threading.Timer(0.5, (workspace / ".reconciler" / "lock.json").unlink)
        timer.start()
        done = run("-w", workspace, "apply", "--auto-approve", "--as-of", AS_OF, "--lock-timeout", "20s")
    timer.join()
    assert done.code == 0, done.said


def test_unlock_breaks_the_lock_of_that_id_alone(workspace: Path) -> None:
    """Another id is refused and changes nothing; the right one says whose lock it was."""
    with locked(workspace) as lock_id:
        wrong = run("-w", workspace, "state", "unlock", "0" * 32)
        assert (wrong.code, lock_id in wrong.stderr) == (4, True)
        assert (workspace / ".reconciler" / "lock.json").exists()
        right = run("-w", workspace, "state", "unlock", lock_id)
        assert (right.code, "Broken: `apply` on " in right.stdout) == (0, True)
        assert not (workspace / ".reconciler" / "lock.json").exists()
    assert run("-w", workspace, "state", "unlock", lock_id).code == 4


@pytest.mark.parametrize("command", [["plan"], ["apply", "--auto-approve"], ["sync"], ["state", "list"]])
def test_a_deleted_state_is_not_begun_again(command: list[str], workspace: Path) -> None:
    """Criteo bears our marks and we have no ledger: exit 4, and nothing is made anew."""
    (workspace / ".reconciler").rename(workspace / "elsewhere")
    done = run("-w", workspace, *command, *(["--as-of", AS_OF] if command[0] != "state" else []))
    assert (done.code, done.stdout) == (4, "")
    assert not (workspace / ".reconciler" / "snapshot.json").exists()


@pytest.mark.parametrize("text", ["", "{}", '{"format_version": 99}', "customer_id,email\n"])
def test_a_state_that_is_not_ours_to_read_ends_in_4(text: str, workspace: Path) -> None:
    """Truncated, foreign or newer: refused, and left as it is."""
    path = workspace / ".reconciler" / "snapshot.json"
    path.write_text(text, encoding="utf-8")
    for command in (["plan"], ["state", "show"]):
        assert run("-w", workspace, *command).code == 4
    assert path.read_text(encoding="utf-8") == text


def test_a_clock_before_the_last_apply_ends_in_3(workspace: Path) -> None:
    """Members would go back in time."""
    before = dt.datetime.fromisoformat(AS_OF) - dt.timedelta(hours=1)
    done = run("-w", workspace, "plan", "--as-of", before.isoformat())
    assert (done.code, done.stdout) == (3, "")
