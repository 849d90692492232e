from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.commandline import AS_OF, Criteo, run, write_csv
from tests.conftest import Writer

DEFINITIONS = """\
segments:
  buyers: { allow_empty: true, who: { event: purchase, within: 7d } }
"""
LATER = "2026-11-27T13:00:00Z"


def hashed(*numbers: int) -> list[str]:
    return sorted(sha256(f"person{number}@example.com".encode()).hexdigest() for number in numbers)


@pytest.fixture
def workspace(write_workspace: Writer, criteo: Criteo) -> Path:
    """Person 0 bought on the 20th, person 1 on the 21st; not applied yet."""
    root = write_workspace(DEFINITIONS)
    write_csv(root / "customers.csv", [{"customer_id": n, "email": f"person{n}@example.com"} for n in range(3)])
    days = ["2026-11-20T12:00:00Z", "2026-11-21T12:00:00Z"]
    events = [{"customer_id": n, "event": "purchase", "occurred_at": day} for n, day in enumerate(days)]
    write_csv(root / "events.csv", events)
    return root


def test_there_is_nothing_to_sync_before_the_first_apply(workspace: Path, criteo: Criteo) -> None:
    """Exit 4, and nothing is made."""
    done = run("-w", workspace, "sync", "--as-of", AS_OF)
    assert (done.code, done.stdout, criteo.names()) == (4, "", [])
    assert "Run apply first." in done.stderr


def test_members_move_with_the_clock(workspace: Path, criteo: Criteo) -> None:
    """Who leaves the window leaves the list; a second sync at the same clock writes nothing."""
    assert run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve").code == 0
    assert criteo.members("buyers") == hashed(0, 1)
    assert run("-w", workspace, "sync", "--as-of", LATER).code == 0
    assert criteo.members("buyers") == hashed(1)
    seen = len(criteo.requests())
    assert run("-w", workspace, "sync", "--as-of", LATER).code == 0
    assert all(each["path"].endswith(("/search", "/advertisers/me")) for each in criteo.requests()[seen:])


def test_what_is_merged_and_not_applied_waits(workspace: Path, criteo: Criteo) -> None:
    """Sync goes by the applied definitions, touches no structure, says what waits, and ends with 0."""
    assert run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve").code == 0
    path = workspace / "definitions.yaml"
    path.write_text(
        "version: 1\n"
        "segments: { buyers: { name: Bought, who: { everyone: true } }, all: { who: { everyone: true } } }\n"
    )
    done = run("-w", workspace, "sync", "--as-of", LATER)
    assert done.code == 0, done.said
    assert (criteo.names(), criteo.members("buyers")) == (["buyers"], hashed(1))
    for address in ("segment.all", "segment.buyers"):
        assert f"{address} differs from the workspace; that waits for an apply." in done.stdout
    assert "No changes." not in run("-w", workspace, "plan", "--as-of", LATER).stdout


def test_sync_asks_nobody(workspace: Path, criteo: Criteo) -> None:
    """It is the schedule's command: no terminal and no approval is needed."""
    assert run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve").code == 0
    done = run("-w", workspace, "sync", "--as-of", LATER)
    assert (done.code, "yes" in done.said) == (0, False)
