from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlglot

from tests.cli.commandline import AS_OF, ROOT, Criteo, environment, process, run, stop, write_csv
from tests.cli.terminal import Terminal
from tests.conftest import Writer

BUYERS = """\
segments: { buyers: { name: Buyers, allow_empty: true, who: { event: purchase, within: 7d } } }
audiences: { all: { include: [buyers], ad_sets: ["700123"] } }
"""
LATER = "2026-12-21T18:00:00Z"


@pytest.fixture
def workspace(write_workspace: Writer, criteo: Criteo) -> Path:
    """Three buyers and one broken address; nothing is applied yet."""
    root = write_workspace(BUYERS)
    people = [{"customer_id": n, "email": f"person{n}@example.com"} for n in range(3)]
    write_csv(root / "customers.csv", [*people, {"customer_id": 3, "email": "person3.example.com"}])
    events = [{"customer_id": n, "event": "purchase", "occurred_at": "2026-11-20T12:00:00Z"} for n in range(4)]
    write_csv(root / "events.csv", events)
    return root


def plan(root: Path, *more: str, at: str = AS_OF) -> tuple[int, dict[str, Any]]:
    """Exit code and document of a plan as JSON."""
    done = run("-w", root, "plan", "--as-of", at, "--format", "json", *more)
    assert done.stderr == ""
    return done.code, json.loads(done.stdout)


def apply(root: Path) -> None:
    done = run("-w", root, "apply", "--as-of", AS_OF, "--auto-approve")
    assert done.code == 0, done.said


def edit(root: Path, old: str, new: str) -> None:
    path = root / "definitions.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_plan_changes_nothing(workspace: Path, criteo: Criteo) -> None:
    """It searches and reads; Criteo and the workspace's folder stay as they are."""
    before = sorted(workspace.rglob("*"))
    code, document = plan(workspace)
    assert (code, document["summary"]["add"], document["summary"]["members_added"]) == (0, 2, 3)
    assert criteo.names() == []
    assert all(each["path"].endswith(("/search", "/advertisers/me")) for each in criteo.requests())
    assert sorted(workspace.rglob("*")) == before


def test_the_json_plan_follows_its_schema(workspace: Path) -> None:
    """Before an apply, straight after it, and when a guard blocks something."""
    schema = json.loads((ROOT / "schemas" / "plan.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    _, fresh = plan(workspace)
    apply(workspace)
    _, empty = plan(workspace)
    edit(workspace, "allow_empty: true", "allow_empty: false")
    code, blocked = plan(workspace, at=LATER)
    for document in (fresh, empty, blocked):
        validator.validate(document)
    assert (empty["summary"]["empty"], code, [each["guard"] for each in blocked["blocks"]]) == (True, 3, ["emptiness"])


def test_every_format_tells_the_same_counts(workspace: Path) -> None:
    """The two lines of the summary are the same in text and Markdown; no format names an address of a person."""
    outputs = [
        run("-w", workspace, "plan", "--as-of", AS_OF, "--format", each) for each in ("text", "markdown", "json")
    ]
    for done in outputs[:2]:
        assert "Plan: 2 to add, 0 to change, 0 to destroy, 0 blocked." in done.stdout
        assert "Members: +3 -0 in 1 segment." in done.stdout
    assert [done.code for done in outputs] == [0, 0, 0]
    assert not [done for done in outputs if "example.com" in done.said or "person" in done.said]


def test_the_sql_can_be_read_and_names_nobody(workspace: Path) -> None:
    """`--show-sql` prints statements that SQLGlot reads as DuckDB's, without any value of the data."""
    done = run("-w", workspace, "plan", "--as-of", AS_OF, "--show-sql")
    statements = sqlglot.parse(done.stdout, dialect="duckdb")
    assert (done.code, done.stderr) == (0, "")
    assert len([each for each in statements if each is not None]) > 10
    assert any(isinstance(each, sqlglot.exp.Create) for each in statements)
    assert "example.com" not in done.stdout


def test_the_exit_code_tells_changes_where_asked_to(workspace: Path) -> None:
    """0 without the option; with it 2 for structure; movement of members alone counts with --include-members."""
    detailed, members = "--detailed-exitcode", "--include-members"
    assert [plan(workspace, *more)[0] for more in ([], [detailed], [detailed, members])] == [0, 2, 2]
    apply(workspace)
    assert [plan(workspace, *more)[0] for more in ([], [detailed], [detailed, members])] == [0, 0, 0]
    assert [plan(workspace, *more, at=LATER)[0] for more in ([], [detailed], [detailed, members])] == [0, 0, 2]
    edit(workspace, "name: Buyers", "name: Recent buyers")
    assert [plan(workspace, *more)[0] for more in ([], [detailed])] == [0, 2]


def test_what_somebody_did_at_criteo_counts_as_a_change(workspace: Path, criteo: Criteo) -> None:
    """A description edited in the console is drift: told, and 2 with --detailed-exitcode."""
    edit(workspace, "name: Buyers,", "name: Buyers, description: They bought,")
    apply(workspace)
    ids = [each["id"] for each in criteo.http.get("/emulator/segments").json()]
    mark = "[reconciler acme-retention segment.buyers]"
    form = {"client_id": "app", "client_secret": "x", "grant_type": "client_credentials"}
    token = criteo.http.post("/oauth2/token", data=form).json()["access_token"]
    item = {"id": ids[0], "type": "AudienceSegment", "attributes": {"description": {"value": f"Mine {mark}"}}}
    answer = criteo.http.patch(
        "/2026-07/marketing-solutions/audience-segments",
        json={"data": [item]},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.text
    code, document = plan(workspace, "--detailed-exitcode")
    drifts = [each["drift"] for each in document["resources"] if each["address"] == "segment.buyers"]
    assert (code, [each["path"] for each in drifts[0]]) == (2, ["description"])


def test_colour_only_on_a_terminal_that_wants_it(workspace: Path, criteo: Criteo) -> None:
    """A pipe gets none, a terminal gets it, NO_COLOR and a dumb terminal get none; the words are the same."""
    words = ("-w", str(workspace), "plan", "--as-of", AS_OF)
    piped = process(*words, env=environment(criteo.url)).stdout
    seen = {}
    for name, more in (("colour", {}), ("no_color", {"NO_COLOR": "1"}), ("dumb", {"TERM": "dumb"})):
        with Terminal(*words, env=environment(criteo.url, **more), results_only=True) as terminal:
            code, seen[name] = terminal.end()
            assert code == 0
    assert "\x1b[" in seen["colour"]
    assert piped == seen["no_color"] == seen["dumb"]
    assert "\x1b[" not in piped


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_plan_can_be_interrupted(number: signal.Signals, code: int, workspace: Path, criteo: Criteo) -> None:
    """It ends at once, while Criteo keeps it waiting, with the code that tells which signal and without a traceback."""
    criteo.fault("slow", seconds=20, operation="SearchAudienceSegments", count=1)
    command = [sys.executable, "-m", "reconciler", "-w", str(workspace), "plan", "--as-of", AS_OF]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(criteo.url), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + 30
        while not criteo.requests() and time.monotonic() < until:
            time.sleep(0.02)
        stop(process, number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err
