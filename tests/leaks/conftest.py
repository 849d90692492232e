"""A made-up shop on a pretend Criteo, worked on by real processes; whatever comes of it is kept to be searched."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from reconciler.demo.shop import build, pass_time
from reconciler.demo.tables import read_customers
from reconciler.demo.workspace import copy_sample
from reconciler.emulator import create_app, serve
from tests.leaks.scanner import Scanner
from tests.switches.positions import usual

ROOT = Path(__file__).parents[2]
START = dt.datetime(2026, 11, 21, 14, tzinfo=dt.UTC)
HOURS = 6
CUSTOMERS = 1_500
SECRET = "hidden.secret@example.com"
NO_PROCESS = 2**22 + 1
"""A process id that Linux never gives."""


@dataclass(kw_only=True)
class Story:
    """What a shop's applies have written and printed. `printed` is by command; `folders` are copies and originals."""

    scanner: Scanner
    codes: dict[str, int] = field(default_factory=dict)
    printed: dict[str, bytes] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where the commands are given: the workspace, and the surroundings of its processes."""

    workspace: Path
    story: Story
    env: Mapping[str, str]
    http: httpx.Client

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Begin a command as a process."""
        command = [sys.executable, "-m", "reconciler", "-w", str(self.workspace), *words]
        return subprocess.Popen(command, env=dict(self.env), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def end(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Keep what a process has printed."""
        out, err = process.communicate(timeout=120)
        self.story.codes[name] = process.returncode
        self.story.printed |= {f"stdout of {name}": out, f"stderr of {name}": err}

    def run(self, *words: str) -> None:
        """Run a command to its end."""
        self.end(" ".join(words), self.start(*words))

    def keep(self, name: str, folder: Path) -> None:
        """Copy a folder as it is now; files that go meanwhile are gone."""
        target = self.story.folders["kept"] / name
        for path in (path for path in folder.rglob("*") if path.is_file()):
            copy = target / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(path, copy)
            except FileNotFoundError:
                copy.unlink(missing_ok=True)

    def watch(self) -> None:
        """Keep what Criteo was asked and has."""
        for what in ("segments", "audiences", "requests"):
            self.story.printed[f"emulator's {what}"] = self.http.get(f"/emulator/{what}").content


def addresses(workspace: Path) -> list[str]:
    """Every address of the shop as it stands in the table, and what comes before its `@`."""
    whole = [each.email for each in read_customers(workspace) if each.email]
    return [*whole, *(each.partition("@")[0] for each in whole)]


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Plans in every format, an apply, six hours, an apply that is killed, one that half fails, one that goes well."""
    folder = tmp_path_factory.mktemp("story")
    workspace, temporary, world = folder / "workspace", folder / "tmp", folder / "criteo"
    stale = temporary / f"reconciler-spill-{NO_PROCESS}-left"
    stale.mkdir(parents=True)
    (stale / "spilled").write_text("left by a dead run")
    copy_sample(workspace)
    build(workspace, START, customers=CUSTOMERS)
    before = addresses(workspace)
    later = folder / "later"
    shutil.copytree(workspace / "data", later / "data")
    pass_time(later, START, HOURS)
    story = Story(scanner=Scanner([*before, *addresses(later), SECRET]))
    story.folders = {"state": workspace / ".reconciler", "tmp": temporary, "criteo": world, "kept": folder / "kept"}
    app = create_app(world, rate_limit=0, switches=usual(algebra="any"))
    with serve(app) as server, httpx.Client(base_url=server.url, verify=False) as http:
        env = {
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(temporary),
            "CRITEO_API_URL": server.url,
            "CRITEO_CLIENT_ID": "leaks",
            "CRITEO_CLIENT_SECRET": SECRET,
        }
        desk = Desk(workspace=workspace, story=story, env=env, http=http)
        _explain(desk, next(each for each in before if "@" in each))
        _play(desk, later)
    return story


def _explain(desk: Desk, address: str) -> None:
    """Somebody by the address, somebody whom nobody knows, and the whole segment."""
    words = ("explain", "cart-abandoners", "--as-of", START.isoformat())
    asked = {
        "a person": ("--email", address),
        "a person in JSON": ("--email", address, "--format", "json"),
        "nobody": ("--email", f"nobody.{address.strip()}"),
        "a slip of the keyboard": (address,),
        "a segment": (),
        "a segment's SQL": ("--sql",),
    }
    processes = {name: desk.start(*words, *more) for name, more in asked.items()}
    for name, process in processes.items():
        desk.end(f"explaining {name}", process)


def _play(desk: Desk, later: Path) -> None:
    now, then = START.isoformat(), (START + dt.timedelta(hours=HOURS)).isoformat()
    plans = [desk.start("plan", "--as-of", now, "--format", style) for style in ("text", "json", "markdown")]
    for style, process in zip(("text", "json", "markdown"), plans, strict=True):
        desk.end(f"plan in {style}", process)
    for style in ("text", "json"):
        desk.run("audit", "--format", style)
    desk.run("apply", "--auto-approve", "--as-of", now, "--log-format", "json")
    shutil.copytree(later / "data", desk.workspace / "data", dirs_exist_ok=True)
    _kill_one(desk, then)
    desk.http.post("/emulator/faults", json=[{"kind": kind} | MEMBERS for kind in ("truncated", "wrong_json", "403")])
    desk.run("apply", "--auto-approve", "--as-of", then, "--debug")
    desk.http.delete("/emulator/faults")
    desk.run("status")
    desk.run("sync", "--as-of", then, "--debug", "--log-format", "json")
    desk.run("doctor")
    desk.run("status", "--format", "json")
    listing, sql = desk.start("state", "show"), desk.start("plan", "--as-of", then, "--show-sql")
    desk.end("state show", listing)
    desk.end("plan as SQL", sql)
    desk.watch()


MEMBERS = {"operation": "UpdateContactListByAudienceSegment"}


def _kill_one(desk: Desk, then: str) -> None:
    """Look at the folders while members are on their way, then kill the process."""
    desk.http.post("/emulator/faults", json=[{"kind": "slow", "seconds": 0.5, "count": 2} | MEMBERS])
    seen = len(desk.http.get("/emulator/requests").json())
    process = desk.start("apply", "--auto-approve", "--as-of", then)
    while process.poll() is None and not _moving(desk, seen):
        time.sleep(0.005)
    desk.keep("state under way", desk.story.folders["state"])
    desk.keep("tmp under way", desk.story.folders["tmp"])
    process.send_signal(signal.SIGKILL)
    desk.end("killed apply", process)
    desk.keep("state of the dead", desk.story.folders["state"])
    desk.keep("tmp of the dead", desk.story.folders["tmp"])


def _moving(desk: Desk, after: int) -> bool:
    requests = desk.http.get("/emulator/requests", params={"after": after}).json()
    return any(each["operation"] == MEMBERS["operation"] for each in requests)
