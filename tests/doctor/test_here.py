from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reconciler.config.load import load
from reconciler.state.open import open_store
from tests.cli.commandline import AS_OF, run
from tests.conftest import Writer
from tests.doctor.examining import DEFINITIONS, Opener, examined, standing


def test_a_state_that_is_somebody_elses(open_criteo: Opener, workspace: Path) -> None:
    """Another workspace's or another advertiser's state: exit 4 and what to do; it is left untouched."""
    open_criteo(advertisers=("42", "43"))
    open_store(load(workspace).settings).initialise("acme-retention", "43")
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert "another advertiser" in found["state"][1]
    snapshot = workspace / ".reconciler" / "snapshot.json"
    snapshot.write_text("{", encoding="utf-8")
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert snapshot.read_text(encoding="utf-8") == "{"
    assert standing(found, "source", "token") == {"ok"}


def test_a_ledger_that_is_not_whole(open_criteo: Opener, workspace: Path) -> None:
    """A file of it that is missing is told before a run meets it: exit 4."""
    open_criteo(rate_limit=0)
    assert run("-w", workspace, "apply", "--auto-approve", "--as-of", AS_OF).code == 0
    (ledger,) = (workspace / ".reconciler" / "ledger").iterdir()
    ledger.unlink()
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert found["state"][1].startswith("The ledger is not whole.")
    assert found["state"][1].endswith("put back the state from a backup.")


def test_a_state_that_is_lost(open_criteo: Opener, workspace: Path) -> None:
    """No state here and our mark at Criteo: exit 4 as a plan would, in one line, a few of the resources named."""
    open_criteo(rate_limit=0)
    many = "".join(f"  more-{number}: {{ who: {{ event: purchase, within: {number}d }} }}\n" for number in range(1, 5))
    (workspace / "more.yaml").write_text(f"version: 1\nsegments:\n{many}", encoding="utf-8")
    assert run("-w", workspace, "apply", "--auto-approve", "--as-of", AS_OF).code == 0
    shutil.rmtree(workspace / ".reconciler")
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert "the ledger is missing" in found["state"][1]
    assert "and 3 more. Bring back the state folder" in found["state"][1]
    assert run("-w", workspace, "plan", "--as-of", AS_OF).code == 4
    assert not (workspace / ".reconciler").exists()


def test_a_state_that_cannot_be_written(open_criteo: Opener, write_workspace: Writer, workspace: Path) -> None:
    """A folder in which nothing can be made is told before an apply meets it: exit 4."""
    open_criteo()
    write_workspace(DEFINITIONS, settings="state: /proc/reconciler\n")
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert "could not be written" in found["state"][1]


def test_a_build_server_without_state(open_criteo: Opener, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner forgets its disk: exit 4, and how a first apply is told apart."""
    open_criteo()
    monkeypatch.setenv("CI", "true")
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert "--init-state" in found["state"][1]


def test_the_lock(open_criteo: Opener, workspace: Path) -> None:
    """A live writer and a dead one are told with what to do, and neither is a failure."""
    open_criteo()
    store = open_store(load(workspace).settings)
    with store.lock("apply") as lease:
        code, found = examined("-w", workspace)
        assert (code, found["lock"][0]) == (0, "warning")
        assert "`apply` on " in found["lock"][1]
        assert f"state unlock {lease.lock.id}" in found["lock"][1]
        path = workspace / ".reconciler" / "lock.json"
        content = json.loads(path.read_text(encoding="utf-8"))
    store.initialise("acme-retention", "42")
    path.write_text(json.dumps({**content, "pid": 2**22 + 1}), encoding="utf-8")
    code, found = examined("-w", workspace)
    assert (code, found["lock"][0]) == (0, "warning")
    assert "its process is no more: the next run takes it over" in found["lock"][1]
    path.write_text("not ours", encoding="utf-8")
    code, found = examined("-w", workspace)
    assert (code, found["lock"][0]) == (4, "failed")


def test_the_source(open_criteo: Opener, workspace: Path) -> None:
    """What never occurs is to be known of; a column or a table that is not there is exit 78."""
    open_criteo()
    events = workspace / "events.csv"
    events.write_text(events.read_text(encoding="utf-8").replace("purchase", "purchased"), encoding="utf-8")
    code, found = examined("-w", workspace)
    assert (code, found["source"][0]) == (0, "warning")
    assert "purchased" in found["source"][1]
    (workspace / "customers.csv").write_text("customer_id,mail\nann,ann@example.com\n", encoding="utf-8")
    code, found = examined("-w", workspace)
    assert (code, found["source"][0]) == (78, "failed")
    assert "ann@" not in str(found)
    events.unlink()
    assert examined("-w", workspace)[0] == 78
