from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.config.load import load
from reconciler.emulator import Switches
from reconciler.state.open import open_store
from tests.cli.commandline import AS_OF, environment, process, run
from tests.cli.terminal import Terminal
from tests.conftest import Writer
from tests.doctor.examining import Opener, examined, standing


def test_all_is_well(open_criteo: Opener, workspace: Path) -> None:
    """Each thing is ok but the one right that nothing tells; nothing is written to Criteo, nor to the disk."""
    criteo = open_criteo(switches=Switches(rate_headers="always"))
    before = sorted(workspace.rglob("*"))
    code, found = examined("-w", workspace)
    assert code == 0
    assert {name for name, (status, _) in found.items() if status != "ok"} == {"manage campaigns"}
    assert "the first apply that does" in found["manage campaigns"][1]
    assert sorted(workspace.rglob("*")) == before
    assert {each["operation"] for each in criteo.requests()} <= {
        *("GetCurrentApplication", "ListAdvertisers", "SearchAudienceSegments", "SearchAudiences", "SearchAdSets"),
        *("EstimateAudienceSegmentsSizes", "ComputeAudienceSegmentsSizes"),
    }


def test_as_text(open_criteo: Opener, workspace: Path) -> None:
    """One line a check and a sentence, without colour where nobody looks, with colour on a terminal."""
    criteo = open_criteo(switches=Switches(rate_headers="always"))
    ran = run("-w", workspace, "doctor")
    lines = ran.stdout.splitlines()
    assert (ran.code, ran.stderr) == (0, "")
    assert lines[-1] == "All is well. 1 could not be looked at."
    assert [line.split()[0] for line in lines[:-2]].count("ok") == len(lines) - 3
    assert "\x1b[" not in ran.stdout
    assert criteo.url in ran.stdout


def test_after_an_apply(open_criteo: Opener, workspace: Path) -> None:
    """The state tells its lineage and what it holds, and sizes are asked of a segment that is there."""
    criteo = open_criteo()
    assert run("-w", workspace, "apply", "--auto-approve", "--as-of", AS_OF).code == 0
    code, found = examined("-w", workspace)
    snapshot = json.loads((workspace / ".reconciler" / "snapshot.json").read_text(encoding="utf-8"))
    assert code == 0
    assert f"lineage {snapshot['lineage']}, 1 list of 1, 1 audience" in found["state"][1]
    assert "ComputeAudienceSegmentsSizes" in {each["operation"] for each in criteo.requests()}


def test_without_a_workspace(open_criteo: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs no workspace is looked at, with the advertiser that there is; the rest says why not."""
    open_criteo(advertisers=("43", "44"))
    monkeypatch.chdir(tmp_path)
    code, found = examined()
    assert code == 0
    assert standing(found, "credentials", "token", "app", "version", "read audiences", "manage audiences") == {"ok"}
    assert found["advertiser"] == ("ok", "the app is let in by 43, 44")
    assert standing(found, "workspace", "state", "lock", "source") == {"skipped"}
    assert "reconciler init" in found["workspace"][1]


def test_an_invalid_workspace(open_criteo: Opener, write_workspace: Writer) -> None:
    """The first problem with its place, exit 78, and what needs no workspace is looked at all the same."""
    open_criteo()
    code, found = examined("-w", write_workspace("segments: { vips: { hwo: { everyone: true } } }\n"))
    assert code == 78
    assert found["workspace"][0] == "failed"
    assert "definitions.yaml:2:13: segments.vips" in found["workspace"][1]
    assert "reconciler validate" in found["workspace"][1]
    assert standing(found, "state", "lock", "source") == {"skipped"}
    assert standing(found, "token", "app", "advertiser") == {"ok"}


def test_the_worst_code_counts(open_criteo: Opener, workspace: Path) -> None:
    """Of several failures, 78 comes before 7 and 7 before 4; every one of them is told."""
    open_criteo(without=("audience-read",))
    open_store(load(workspace).settings).initialise("another", "42")
    code, found = examined("-w", workspace)
    assert code == 7
    assert standing(found, "state", "read audiences") == {"failed"}
    (workspace / "customers.csv").unlink()
    assert examined("-w", workspace)[0] == 78


def test_as_a_process(open_criteo: Opener, workspace: Path) -> None:
    """A real process says the same on stdout, in colour on a terminal alone, and its help has an example."""
    criteo = open_criteo()
    ran = process("-w", workspace, "doctor", env=environment(criteo.url))
    assert (ran.code, ran.stderr) == (0, "")
    assert "manage audiences  the app may" in ran.stdout
    assert "\x1b[" not in ran.stdout
    with Terminal("-w", workspace, "doctor", env=environment(criteo.url), results_only=True) as terminal:
        code, seen = terminal.end()
    assert (code, "\x1b[32mok     \x1b[0m" in seen) == (0, True)
    assert "Example: reconciler" in run("doctor", "--help").stdout
