"""An apply of many lists at the rate limit, against an emulator in a process of its own whose clock runs faster."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

import reconciler.run
from reconciler.criteo.connect import connect
from reconciler.emulator import Switches
from reconciler.emulator.access import Window
from tests.cli.commandline import CREDENTIALS, run
from tests.criteo.shared_app import LIMIT, TOO_MANY, Seen

ROOT = Path(__file__).parents[1]
LISTS = 1500
FIRST = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = FIRST + timedelta(days=2)
AMEND = "UpdateContactListByAudienceSegment"
THEIRS = "/2026-07/advertisers/me"
OTHERS = 50
COUNTED_ELSEWHERE = (httpx.codes.OK, TOO_MANY, httpx.codes.UNAUTHORIZED)

SETTINGS = """\
version: 1
workspace: rate
advertiser: "42"
source:
  customers:
    table: customers.csv
    key: customer_id
    identifiers: { email: email, phoneNumber: { columns: [phone], hashed: sha256 } }
  events: { table: events.csv, customer: customer_id, name: event, time: occurred_at }
"""


def fill(folder: Path, lists: int) -> None:
    """Write the workspace and fill its lists, without a limit."""
    workspace = folder / "workspace"
    write_workspace(workspace, lists)
    with emulator(folder / "world", "--rate-limit", "0") as url:
        apply(workspace, url, FIRST)
    (workspace / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")


def apply_at_the_limit(folder: Path, switches: Switches, *, speed: float) -> Seen:
    """Exchange a member of each list at Criteo's limit, beside another program."""
    workspace, world = folder / "workspace", folder / "world"
    options = [
        word for name in ("rate_window", "rate_headers") for word in ("--switch", f"{name}={getattr(switches, name)}")
    ]
    with emulator(world, "--rate-limit", str(LIMIT), "--clock-speed", str(speed), *options) as url:
        reconciler.run.connect = partial(  # type: ignore[assignment]
            connect, clock=lambda: time.monotonic() * speed, sleep=lambda seconds: time.sleep(seconds / speed)
        )
        done = threading.Event()
        other = threading.Thread(target=other_program, args=(url, speed, done))
        other.start()
        try:
            apply(workspace, url, SECOND)
        finally:
            reconciler.run.connect = connect
            done.set()
            other.join()
        return seen(httpx.get(f"{url}/emulator/requests", timeout=60).json(), switches.rate_window, speed, url)


def write_workspace(folder: Path, lists: int) -> None:
    """Each list has a kind of event of its own: one person leaves it between the two applies, one comes, one stays."""
    folder.mkdir()
    (folder / "reconciler.yaml").write_text(SETTINGS + "criteo: { calls_per_minute: 0 }\n", encoding="utf-8")
    segments = [f"  l{number}: {{ who: {{ event: k{number}, within: 1d }} }}\n" for number in range(lists)]
    (folder / "segments.yaml").write_text("version: 1\nsegments:\n" + "".join(segments), encoding="utf-8")
    people = [(f"{who}{number}", number) for number in range(lists) for who in ("leaves", "comes", "stays")]
    write(folder / "customers.csv", "customer_id,email,phone", (person(key) for key, _ in people))
    hour = timedelta(hours=1)
    instants = {"leaves": [FIRST - hour], "comes": [SECOND - hour], "stays": [FIRST - hour, SECOND - hour]}
    happened = ((key, f"k{number}", at) for key, number in people for at in instants[key.rstrip("0123456789")])
    write(folder / "events.csv", "customer_id,event,occurred_at", ((*each, at.isoformat()) for *each, at in happened))


def person(key: str) -> tuple[str, str, str]:
    """An address nobody has, and a digest of no number."""
    return key, f"{key}@example.com", sha256(key.encode()).hexdigest()


def write(path: Path, header: str, rows: Iterable[Iterable[object]]) -> None:
    """A table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])


@contextmanager
def emulator(world: Path, *options: str) -> Iterator[str]:
    """A process of its own, and its address."""
    command = [sys.executable, "-m", "reconciler", "emulator", "--port", "0", "--data", str(world), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            yield process.stderr.readline().strip().rpartition("CRITEO_API_URL=")[2]
        finally:
            process.terminate()
            process.wait()


def apply(workspace: Path, url: str, as_of: datetime) -> None:
    """The command line in this process, as a user gives it."""
    os.environ.update({**CREDENTIALS, "CRITEO_API_URL": url})
    done = run("apply", "-w", workspace, "--auto-approve", "--as-of", as_of.isoformat())
    assert done.code == 0, done.said[-2000:]


def other_program(url: str, speed: float, done: threading.Event) -> None:
    """Call evenly until the apply is done; what is refused for the rate is tried again a second later."""
    form = {"client_id": CREDENTIALS["CRITEO_CLIENT_ID"], "client_secret": "any", "grant_type": "client_credentials"}
    with httpx.Client(base_url=url, timeout=60) as http:
        token, due = http.post("/oauth2/token", data=form).json()["access_token"], time.monotonic()
        while not done.wait(max(0.0, due - time.monotonic())):
            status = http.get(THEIRS, headers={"Authorization": f"Bearer {token}"}).status_code
            if status == httpx.codes.UNAUTHORIZED:
                token = http.post("/oauth2/token", data=form).json()["access_token"]
            else:
                due += (1.0 if status == TOO_MANY else 60 / OTHERS) / speed


def seen(requests: list[dict[str, Any]], window: Window, speed: float, url: str) -> Seen:
    """What the emulator noted, by its own clock; calls of ours count from the first that moves members."""
    now = datetime.fromisoformat(httpx.get(f"{url}/emulator/clock").json()["now"]).timestamp()
    real = time.time()

    def there(request: dict[str, Any]) -> float:
        return now + (datetime.fromisoformat(request["arrived_at"]).timestamp() - real) * speed

    amended = [each for each in requests if each["operation"] == AMEND]
    others = [each for each in requests if each["path"] == THEIRS]
    return Seen(
        window=window,
        ours=[there(each) for each in amended if each["status"] == httpx.codes.OK],
        others=[there(each) for each in others if each["status"] == httpx.codes.OK],
        refused=sum(each["status"] == TOO_MANY for each in amended),
        refused_others=sum(each["status"] == TOO_MANY for each in others),
        failed=sum(each["status"] not in COUNTED_ELSEWHERE for each in amended),
        slept=(),
    )
