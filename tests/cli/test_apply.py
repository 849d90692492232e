from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
import stamina

from tests.cli.commandline import AS_OF, ROOT, Criteo, environment, process, run, stop, write_csv
from tests.cli.terminal import Terminal
from tests.conftest import Writer

LISTS, PEOPLE = 6, 20
DEFINITIONS = "segments:\n" + "".join(
    f"  list-{number}: {{ who: {{ attribute: tier, is: t{number} }} }}\n" for number in range(LISTS)
)
AMEND = "UpdateContactListByAudienceSegment"


def email(number: int) -> str:
    return f"person{number}@example.com"


def held(number: int) -> list[str]:
    """What a list should hold, as Criteo is given it."""
    return sorted(sha256(email(n).encode()).hexdigest() for n in range(PEOPLE * LISTS) if n % LISTS == number)


@pytest.fixture
def workspace(write_workspace: Writer, criteo: Criteo) -> Path:
    """Six lists of twenty people each; nothing is applied yet."""
    root = write_workspace(DEFINITIONS)
    rows = [{"customer_id": n, "email": email(n), "tier": f"t{n % LISTS}"} for n in range(PEOPLE * LISTS)]
    write_csv(root / "customers.csv", rows)
    write_csv(root / "events.csv", [{"customer_id": 1, "event": "purchase", "occurred_at": AS_OF}])
    return root


def everything_is_there(criteo: Criteo) -> bool:
    return all(criteo.members(f"list-{number}") == held(number) for number in range(LISTS))


def test_apply_does_what_plan_shows(workspace: Path, criteo: Criteo) -> None:
    """The lists are made and filled; a second apply has nothing to do and sends nothing that writes."""
    first = run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve")
    assert (first.code, "Apply: 12 done, 0 not done, 0 unknown." in first.stdout) == (0, True)
    assert everything_is_there(criteo)
    seen = len(criteo.requests())
    second = run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve")
    assert (second.code, "No changes." in second.stdout) == (0, True)
    assert all(each["path"].endswith(("/search", "/advertisers/me")) for each in criteo.requests()[seen:])


def test_without_a_terminal_it_refuses(workspace: Path, criteo: Criteo) -> None:
    """Nobody can be asked: 64, and nothing is sent or made."""
    done = process("-w", workspace, "apply", "--as-of", AS_OF, env=environment(criteo.url))
    assert (done.code, done.stdout) == (64, "")
    assert "--auto-approve" in done.stderr
    assert criteo.requests() == []
    assert not (workspace / ".reconciler").exists()


@pytest.mark.parametrize("answer", ["no\n", "y\n", "YES\n", "yes please\n", "\n", "\x04"])
def test_anything_but_yes_does_nothing(answer: str, workspace: Path, criteo: Criteo) -> None:
    """The plan is shown and asked about; what is not the word `yes` leaves everything as it is."""
    with Terminal("-w", workspace, "apply", "--as-of", AS_OF, env=environment(criteo.url)) as terminal:
        terminal.read_until("Only 'yes' is accepted: ")
        terminal.type(answer)
        code, seen = terminal.end()
    assert (code, "Plan: 6 to add" in seen, "Nothing was done." in seen) == (1, True, True)
    assert criteo.names() == []
    assert not (workspace / ".reconciler" / "snapshot.json").exists()


def test_yes_carries_it_out(workspace: Path, criteo: Criteo) -> None:
    """On a terminal the word `yes` is enough, and the lock is given back."""
    with Terminal("-w", workspace, "apply", "--as-of", AS_OF, env=environment(criteo.url)) as terminal:
        terminal.read_until("Only 'yes' is accepted: ")
        terminal.type("yes\n")
        code, seen = terminal.end()
    assert (code, "Apply: 12 done" in seen) == (0, True), seen
    assert everything_is_there(criteo)
    assert not (workspace / ".reconciler" / "lock.json").exists()


def test_an_interrupt_at_the_question_does_nothing(workspace: Path, criteo: Criteo) -> None:
    """Ctrl-C instead of an answer ends with 130; the lock is given back."""
    with Terminal("-w", workspace, "apply", "--as-of", AS_OF, env=environment(criteo.url)) as terminal:
        terminal.read_until("Only 'yes' is accepted: ")
        stop(terminal.process, signal.SIGINT)
        code, seen = terminal.end()
    assert (code, "Interrupted." in seen, "Traceback" in seen) == (130, True, False)
    assert criteo.names() == []
    assert not (workspace / ".reconciler" / "lock.json").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_stops_at_a_safe_point(
    number: signal.Signals, code: int, workspace: Path, criteo: Criteo
) -> None:
    """What is under way is waited for and recorded; the next apply does the rest, and then all is as it should be."""
    criteo.fault("slow", seconds=3, operation=AMEND, count=LISTS)
    command = [sys.executable, "-m", "reconciler", "-w", str(workspace), "apply", "--auto-approve", "--as-of", AS_OF]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment(criteo.url), **pipes) as process:  # type: ignore[call-overload]
        wait_for_call(criteo, AMEND)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, "Stopping at the next safe point" in err) == (code, True), err
    assert "not done" in out
    calls = [each for each in criteo.requests() if each["operation"] == AMEND]
    assert 0 < len(calls) < LISTS
    assert all(each["status"] == 200 for each in calls)
    criteo.http.delete("/emulator/faults")
    again = run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve")
    assert again.code == 0, again.said
    assert everything_is_there(criteo)
    assert "No changes." in run("-w", workspace, "plan", "--as-of", AS_OF).stdout


def wait_for_call(criteo: Criteo, operation: str) -> None:
    until = time.monotonic() + 30
    while not any(each["operation"] == operation for each in criteo.requests()):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_progress_can_be_read_by_programs(workspace: Path, criteo: Criteo) -> None:
    """With `--log-format json` every line on stderr is one JSON object, one for each step; stdout stays as it is."""
    done = run("-w", workspace, "--log-format", "json", "apply", "--as-of", AS_OF, "--auto-approve")
    records = [json.loads(line) for line in done.stderr.splitlines()]
    assert (done.code, len(records)) == (0, 2 * LISTS)
    assert {record["status"] for record in records} == {"done"}
    assert sum(record["sent"] for record in records) == LISTS * PEOPLE
    assert "example.com" not in done.said


def test_every_message_can_be_read_by_programs(workspace: Path, criteo: Criteo) -> None:
    """What is said beside the steps is a JSON object too: a signal, and a second one that ends at once with 130."""
    criteo.fault("slow", seconds=1, operation=AMEND, count=LISTS)
    command = [sys.executable, "-m", "reconciler", "-w", str(workspace), "apply", "--auto-approve", "--as-of", AS_OF]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(
        [*command, "--log-format", "json"], cwd=ROOT, env=environment(criteo.url), **pipes
    ) as process:  # type: ignore[call-overload]
        wait_for_call(criteo, AMEND)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    records = [json.loads(line) for line in err.splitlines()]
    assert "Stopping at the next safe point; once more ends at once." in [each.get("message") for each in records]
    assert (process.returncode, records[-1]["message"]) == (130, "Interrupted.")
    criteo.http.delete("/emulator/faults")
    assert run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve").code == 0
    assert everything_is_there(criteo)


def test_what_is_partly_done_ends_in_6(workspace: Path, criteo: Criteo) -> None:
    """A call that Criteo fails to answer leaves the other lists done, is told, and running again completes it."""
    criteo.fault("503", operation=AMEND, path="/500/", count=2)
    with stamina.set_testing(True, attempts=2):
        done = run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve")
    assert (done.code, "Apply: 11 done, 0 not done, 1 unknown." in done.stdout) == (6, True), done.said
    assert run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve").code == 0
    assert everything_is_there(criteo)


def test_a_right_that_is_missing_ends_in_7_and_the_rest_is_done(workspace: Path, criteo: Criteo) -> None:
    """One list may not be written to: it is named, the others are filled, and the exit code says why."""
    criteo.fault("403", operation=AMEND, count=1)
    done = run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve")
    assert (done.code, "Apply: 11 done, 1 not done, 0 unknown." in done.stdout) == (7, True), done.said
    assert run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve").code == 0
    assert everything_is_there(criteo)


def test_the_first_apply_on_a_build_server_says_so(
    workspace: Path, criteo: Criteo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With CI set a new state is begun only by --init-state; from then on it is found."""
    monkeypatch.setenv("CI", "true")
    words = ("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve")
    assert [run(*words).code, run(*words, "--init-state").code, run(*words).code] == [4, 0, 0]
    assert everything_is_there(criteo)


def test_a_blocked_step_ends_in_3_and_the_rest_is_done(workspace: Path, criteo: Criteo) -> None:
    """A guard stops its list alone, and tells the way out."""
    assert run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve").code == 0
    path = workspace / "definitions.yaml"
    path.write_text(path.read_text().replace("is: t0 ", "is: nobody ").replace("is: t1 ", "is: [t1, t2] "))
    done = run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve")
    assert (done.code, "allow_empty: true" in done.stdout) == (3, True), done.said
    assert criteo.members("list-0") == held(0)
    assert criteo.members("list-1") == sorted(held(1) + held(2))
