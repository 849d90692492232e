"""The command line on a pretend Criteo of its own: in this process where only its answers matter, else as a process."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.cli import cli
from reconciler.cli.boundary import guarded
from reconciler.cli.options import Surroundings
from reconciler.emulator import Switches, create_app, serve
from tests.conftest import SWITCHES
from tests.switches.positions import usual

ROOT = Path(__file__).parents[2]
AS_OF = "2026-11-21T18:00:00Z"
CREDENTIALS = {"CRITEO_CLIENT_ID": "app", "CRITEO_CLIENT_SECRET": "a-secret-of-the-tests"}
SECRET = CREDENTIALS["CRITEO_CLIENT_SECRET"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """How a run of the command line ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        return self.stdout + self.stderr


def run(*arguments: str | Path) -> Ran:
    """The command line in this process: quick, with the same words and exit codes."""
    surroundings = Surroundings()
    words = [str(each) for each in arguments]
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = guarded(
            lambda: cli.main(words, prog_name="reconciler", standalone_mode=False, obj=surroundings), surroundings
        )
    return Ran(code=code, stdout=out.getvalue(), stderr=err.getvalue())


def environment(url: str = "http://127.0.0.1:9", **more: str) -> dict[str, str]:
    """What a process of the command line is given; nothing of ours leaks into it."""
    place = {name: os.environ[name] for name in ("PATH", "TMPDIR", "HOME", SWITCHES) if name in os.environ}
    return {**place, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **CREDENTIALS, "CRITEO_API_URL": url, **more}


def stop(running: subprocess.Popen[Any], number: signal.Signals) -> None:
    """Signal until it is heard: one that comes in the instant before a read begins is noticed after the read."""
    for _ in range(10):
        running.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            running.wait(timeout=5)
            return


def process(*arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> Ran:
    """The command line as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", *map(str, arguments)],
        cwd=cwd,
        env=dict(env if env is not None else environment()),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Ran(code=done.returncode, stdout=done.stdout, stderr=done.stderr)


@dataclass(frozen=True, kw_only=True, slots=True)
class Criteo:
    """A running emulator, and what it never tells to clients."""

    url: str
    http: httpx.Client = field(repr=False)

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """What arrived, but for tokens."""
        entries: list[dict[str, Any]] = self.http.get("/emulator/requests", params={"after": after}).json()
        return [each for each in entries if not each["path"].startswith("/oauth2")]

    def members(self, name: str) -> list[str]:
        """The identifiers of the list of this name."""
        ids = [each["id"] for each in self.http.get("/emulator/segments").json() if each["name"] == name]
        found: list[str] = self.http.get(f"/emulator/segments/{ids[0]}/identifiers", params={"type": "email"}).json()
        return found

    def names(self) -> list[str]:
        """The names of all lists."""
        return sorted(each["name"] for each in self.http.get("/emulator/segments").json())

    def fault(self, kind: str, **fields: object) -> None:
        """Script one fault."""
        self.http.post("/emulator/faults", json=[{"kind": kind, **fields}]).raise_for_status()

    def set_clock(self, now: str) -> None:
        """Move the clock."""
        self.http.post("/emulator/clock", json={"now": now}).raise_for_status()


@contextmanager
def pretend_criteo(switches: Switches | None = None) -> Iterator[Criteo]:
    """An emulator on a free port, with the switches that all tests are run with or these."""
    with (
        serve(create_app(rate_limit=0, switches=switches or usual())) as server,
        httpx.Client(base_url=server.url, verify=False) as http,
    ):
        yield Criteo(url=server.url, http=http)


def point_to(criteo: Criteo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process take an emulator for Criteo."""
    for name in ("CI", "NO_COLOR", "CRITEO_CLIENT_SECRET_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**CREDENTIALS, "CRITEO_API_URL": criteo.url}.items():
        monkeypatch.setenv(name, value)


def write_csv(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Rows as CSV; the columns are those of all rows, in the order in which they come."""
    given = list(rows)
    columns = list(dict.fromkeys(column for row in given for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(given)
