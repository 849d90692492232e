"""A workspace on disk, a pretend Criteo behind a socket, and real processes of the command line."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from reconciler.emulator import EmulatorServer, create_app, serve
from tests.crash.disk import Disk, look
from tests.crash.shop import Shop
from tests.switches.positions import usual

ROOT = Path(__file__).parents[2]
WRITES = {
    "CreateAudienceSegments": "creating lists",
    "CreateAudiences": "creating audiences",
    "UpdateAudienceSegments": "changing lists",
    "UpdateAudiences": "changing audiences",
    "UpdateContactListByAudienceSegment": "moving members",
    "UpdateAdSetAudience": "linking ad sets",
}
"""Criteo's operations that change something here, and what a run is doing when it calls them."""

Request = dict[str, Any]


@dataclass(kw_only=True)
class Scene:
    """One story's world. The workspace is `folder`, its state `.reconciler` below it."""

    folder: Path
    server: EmulatorServer
    http: httpx.Client
    seen: int = 0
    """Requests before this number belong to earlier runs."""

    @property
    def state(self) -> Path:
        return self.folder / ".reconciler"

    def start(self, shop: Shop) -> subprocess.Popen[bytes]:
        """Write the shop and start an apply at its clock; what it prints goes to files."""
        shop.write(self.folder)
        self.seen = len(self.requests(0))
        command = [sys.executable, "-m", "reconciler", "-w", str(self.folder), "apply", "--auto-approve"]
        with (self.folder / "stdout").open("wb") as out, (self.folder / "stderr").open("wb") as err:
            return subprocess.Popen(
                [*command, "--as-of", shop.now.isoformat()], cwd=self.folder, env=self._env(), stdout=out, stderr=err
            )

    def apply(self, shop: Shop) -> int:
        """Apply to the end and answer the exit code."""
        self.http.delete("/emulator/faults")
        return self.start(shop).wait(timeout=120)

    def stderr(self) -> str:
        """What the last process said beside its results."""
        return (self.folder / "stderr").read_text(encoding="utf-8")

    def slow(self, seconds: float, operation: str | None = None) -> None:
        """Make Criteo's answers late: those of one operation, or of all that change something."""
        names = [operation] if operation else [*WRITES]
        faults = [{"kind": "slow", "operation": name, "seconds": seconds, "count": None} for name in names]
        self.http.post("/emulator/faults", json=faults).raise_for_status()

    def requests(self, after: int | None = None) -> list[Request]:
        """The requests of the last process, oldest first."""
        answer = self.http.get("/emulator/requests", params={"after": self.seen if after is None else after})
        requests: list[Request] = answer.json()
        return requests

    def writes(self) -> list[Request]:
        """The requests of the last process that change something."""
        return [each for each in self.requests() if each["operation"] in WRITES]

    def disk(self) -> Disk:
        """The state as it lies there."""
        return look(self.state)

    def lists(self) -> dict[str, frozenset[str]]:
        """What every list really holds at Criteo, by its name."""
        segments = self.http.get("/emulator/segments").json()
        return {
            each["name"]: frozenset(self.http.get(f"/emulator/segments/{each['id']}/identifiers").json())
            for each in segments
        }

    def settle(self) -> None:
        """Wait until every request that arrived has had its effect, as a dead client's last ones still do."""
        end = time.monotonic() + 20
        while any(each["answered_order"] is None for each in self.requests()):
            assert time.monotonic() < end, "a request is never answered"
            time.sleep(0.005)

    def _env(self) -> dict[str, str]:
        (self.folder / "tmp").mkdir(exist_ok=True)
        return {
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(self.folder / "tmp"),
            "CRITEO_API_URL": self.server.url,
            "CRITEO_CLIENT_ID": "crash",
            "CRITEO_CLIENT_SECRET": "crash",
        }


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Open the world that lies in `folder`, or a new one. It ends with the block."""
    (folder / "workspace").mkdir(parents=True, exist_ok=True)
    server = serve(create_app(folder / "criteo", rate_limit=0, switches=usual(algebra="any")))
    with server, httpx.Client(base_url=server.url, timeout=30, trust_env=False, verify=False) as http:
        yield Scene(folder=folder / "workspace", server=server, http=http)
