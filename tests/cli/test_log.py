from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Literal

import httpx
import pytest

from reconciler.emulator import Switches, create_app, serve
from tests.cli.commandline import AS_OF, SECRET, Criteo, point_to, run, write_csv
from tests.conftest import Writer

VIPS = "segments: { vips: { name: VIPs, who: { everyone: true } } }\n"


@pytest.fixture
def workspace(write_workspace: Writer) -> Path:
    """One segment of one person."""
    root = write_workspace(VIPS)
    write_csv(root / "customers.csv", [{"customer_id": "ann", "email": "ann@example.com"}])
    write_csv(root / "events.csv", [{"customer_id": "ann", "event": "purchase", "occurred_at": AS_OF}])
    return root


def test_calls_are_told_where_asked_for(workspace: Path, criteo: Criteo) -> None:
    """`--debug`, before or after the command, tells every call on stderr, and nothing of bodies and secrets."""
    for words in (["--debug", "plan"], ["plan", "--debug"]):
        asked = len(criteo.requests())
        ran = run("-w", workspace, *words, "--as-of", AS_OF)
        lines = [line.split() for line in ran.stderr.splitlines() if line.startswith("debug: ")]
        assert ran.code == 0
        assert lines[0][1:4] == ["POST", "/oauth2/token", "200"]
        calls = criteo.requests()[asked:]
        assert [line[1:4] for line in lines[1:]] == [
            [each["method"], each["path"], str(each["status"])] for each in calls
        ]
        assert SECRET not in ran.said
        assert "Bearer" not in ran.said
    assert "debug: " not in run("-w", workspace, "plan", "--as-of", AS_OF).stderr


def test_calls_are_told_as_json(workspace: Path, criteo: Criteo) -> None:
    """With `--log-format json` each line is an object; an apply tells no identifier."""
    ran = run("-w", workspace, "apply", "--auto-approve", "--as-of", AS_OF, "--debug", "--log-format", "json")
    assert ran.code == 0
    told = [json.loads(line) for line in ran.stderr.splitlines()]
    calls = [each["message"] for each in told if each["level"] == "debug"]
    assert len(calls) == len(criteo.requests()) + 1
    assert any("/contact-list 200 " in each for each in calls)
    assert [each for each in criteo.members("VIPs") if each in ran.said] == []


def test_nothing_listens_when_a_command_has_ended(workspace: Path, criteo: Criteo) -> None:
    """A run leaves the log as it was."""
    before = logging.getLogger("reconciler").level
    run("-w", workspace, "plan", "--as-of", AS_OF, "--debug")
    assert (logging.getLogger("reconciler").handlers, logging.getLogger("reconciler").level) == ([], before)


@pytest.mark.parametrize("headers", ["on", "off"])
def test_what_criteo_announces_is_told_once(
    write_workspace: Writer, monkeypatch: pytest.MonkeyPatch, headers: Literal["on", "off"]
) -> None:
    """A version near its end is one line on stderr, however many calls hear of it, and one object as JSON."""
    root = write_workspace(VIPS, settings='criteo: { api_version: "2026-01" }\n')
    write_csv(root / "customers.csv", [{"customer_id": "ann", "email": "ann@example.com"}])
    write_csv(root / "events.csv", [{"customer_id": "ann", "event": "purchase", "occurred_at": AS_OF}])
    app = create_app(rate_limit=0, switches=Switches(deprecation_headers=headers))
    with serve(app) as server, httpx.Client(base_url=server.url, verify=False) as http:
        point_to(Criteo(url=server.url, http=http), monkeypatch)
        text = run("-w", root, "apply", "--auto-approve", "--as-of", AS_OF)
        as_json = run("-w", root, "plan", "--as-of", AS_OF, "--log-format", "json")
    assert (text.code, as_json.code) == (0, 0)
    lines = [line for line in text.stderr.splitlines() if line.startswith("warning: ")]
    told = [json.loads(line) for line in as_json.stderr.splitlines()]
    assert len(lines) == (headers == "on")
    assert [each["level"] for each in told] == ["warning"] * (headers == "on")
    assert all("2027-02-02" in line and "api_version" in line for line in lines)
