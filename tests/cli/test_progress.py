"""A long computation: a terminal sees what it is at, and Ctrl-C ends it at once, even inside one query."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from tests.cli.commandline import AS_OF, Criteo, environment, process, stop, write_csv
from tests.cli.terminal import Terminal
from tests.conftest import Writer

DEFINITIONS = "segments: { buyers: { who: { event: purchase, within: 7d } } }\n"
ENDLESS = """
SELECT a.customer_id, a.email FROM "people.csv" a, "people.csv" b, "people.csv" c, "people.csv" d
WHERE a.email || b.email || c.email || d.email = 'x'
"""
"""A million million pairs of pairs: hours, if nobody ends it."""


@pytest.fixture
def workspace(write_workspace: Writer, criteo: Criteo) -> Path:
    """Three buyers."""
    root = write_workspace(DEFINITIONS)
    write_csv(root / "customers.csv", [{"customer_id": n, "email": f"person{n}@example.com"} for n in range(3)])
    events = [{"customer_id": n, "event": "purchase", "occurred_at": "2026-11-20T12:00:00Z"} for n in range(3)]
    write_csv(root / "events.csv", events)
    return root


def test_a_terminal_sees_what_is_being_done(workspace: Path, criteo: Criteo) -> None:
    """Criteo is asked first; the last line stays the plan's own."""
    criteo.fault("slow", seconds=1, operation="SearchAudienceSegments", count=1)
    with Terminal("-w", workspace, "plan", "--as-of", AS_OF, env=environment(criteo.url)) as terminal:
        terminal.read_until("Reading Criteo")
        code, seen = terminal.end()
    assert code == 0
    assert "Members: +3 -0 in 1 segment." in seen.splitlines()[-1]


def test_a_pipe_sees_the_plan_alone(workspace: Path, criteo: Criteo) -> None:
    """Nothing of it on stderr."""
    done = process("-w", workspace, "plan", "--as-of", AS_OF, env=environment(criteo.url))
    assert (done.code, done.stderr) == (0, "")
    assert "Reading" not in done.stdout


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("command", [("plan",), ("apply", "--auto-approve")])
def test_a_query_that_takes_for_ever_can_be_interrupted(
    number: signal.Signals, code: int, command: tuple[str, ...], workspace: Path, criteo: Criteo
) -> None:
    """At once, with the code that tells which signal, without a traceback; nothing was written or sent."""
    settings = workspace / "reconciler.yaml"
    settings.write_text(settings.read_text().replace("table: customers.csv", "table: { query: customers.sql }"))
    (workspace / "customers.sql").write_text(ENDLESS)
    write_csv(workspace / "people.csv", [{"customer_id": n, "email": f"person{n}@example.com"} for n in range(1000)])
    with Terminal("-w", workspace, *command, "--as-of", AS_OF, env=environment(criteo.url)) as terminal:
        terminal.read_until("Reading customers")
        time.sleep(0.7)  # it is well inside the query by then
        assert terminal.process.poll() is None
        stop(terminal.process, number)
        ended, seen = terminal.end()
    assert ended == code
    assert "Traceback" not in seen
    assert not (workspace / ".reconciler" / "snapshot.json").exists()
    assert not criteo.names()
