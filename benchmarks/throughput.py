"""How many identifiers a second an apply moves when nothing limits its rate, and which process works how much.

    python -m benchmarks.throughput [--customers 2000000] [--lists 5] [--kept] [--json FILE]

Two applies of a made-up workspace: a first fill, then a day on which every fifth customer has gone over to the next
list. The emulator is a process of its own without a limit of calls; with `--kept` its world lies on disk. Prints a
Markdown table: identifiers are those that the calls named, `moving` is the time from the first of these calls to the
answer of the last, `run` the whole process from its start to its end. The processor's seconds and the greatest
resident memory are each process's own, those of the moving read every 20 milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import httpx

MIB = 1 << 20

CUSTOMERS = """
    select format('c{{}}', i) as customer_id, format('User{{}}@Shop{{}}.Example.COM', i, i % 997) as email,
           'tier' || (hash(i) + case when hash(i + 7) % 5 = 0 then {day} else 0 end) % {lists} as tier
    from range({customers}) r(i)"""
SETTINGS = """version: 1
workspace: throughput
advertiser: "42"
criteo: { calls_per_minute: 0 }
source:
  customers: { table: data/customers.parquet, key: customer_id, identifiers: { email: email } }
guards: { max_gone: 100%, max_changed: 100% }
segments:
"""


TICK = 0.02


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """What a process has used of the processor, in seconds, and its greatest resident memory, in MiB."""

    cpu: float
    peak: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """One apply. Times are in seconds; the moving is a part of the run."""

    act: str
    identifiers: int
    calls: int
    moving: float
    client_moving: float
    emulator_moving: float
    run: float
    client: Used
    emulator: Used


class Watch(threading.Thread):
    """Reads what two processes use of the processor, again and again until the first of them has ended."""

    def __init__(self, client: int, emulator: int) -> None:
        super().__init__(daemon=True)
        self._pids = (client, emulator)
        self._read: list[tuple[float, float, float]] = []

    def run(self) -> None:
        """Read and wait."""
        with suppress(OSError, AssertionError):
            while True:
                client, emulator = (used_by(pid).cpu for pid in self._pids)
                self._read.append((time.time(), client, emulator))
                time.sleep(TICK)

    def between(self, begin: float, end: float) -> tuple[float, float]:
        """What both used from one instant to another."""
        first = min(self._read, key=lambda each: abs(each[0] - begin))
        last = min(self._read, key=lambda each: abs(each[0] - end))
        return last[1] - first[1], last[2] - first[2]


def write_workspace(folder: Path, lists: int) -> None:
    """A segment for each tier."""
    segments = "".join(f"  tier{n}: {{ who: {{ attribute: tier, is: tier{n} }} }}\n" for n in range(lists))
    (folder / "reconciler.yaml").write_text(SETTINGS + segments, encoding="utf-8")


def write_customers(folder: Path, customers: int, lists: int, day: int) -> None:
    """The feed of a day: a fifth of the customers goes to the next tier every day."""
    rows = CUSTOMERS.format(customers=customers, lists=lists, day=day)
    (folder / "data").mkdir(exist_ok=True)
    with duckdb.connect() as engine:
        engine.execute(f"copy ({rows}) to '{folder}/data/customers.parquet' (format parquet)")


@contextmanager
def emulator(data: Path | None) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The emulator as a process, and a client of its own endpoints."""
    command = [sys.executable, "-m", "reconciler", "emulator", "--port", "0", "--rate-limit", "0"]
    command += ["--data", str(data)] if data else []
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        found = re.search(r"http://\S+?:\d+", process.stderr.readline())
        assert found, "the emulator did not say where it listens"
        try:
            with httpx.Client(base_url=found[0], timeout=300) as http:
                yield process, http
        finally:
            process.terminate()


def apply(folder: Path, url: str, emulator: int) -> tuple[float, Used, Watch]:
    """Run `reconciler apply`, and say how long it took and what it used."""
    environment = os.environ | {"CRITEO_API_URL": url, "CRITEO_CLIENT_ID": "app", "CRITEO_CLIENT_SECRET": "none"}
    environment.pop("CI", None)
    begin = time.perf_counter()
    command = [sys.executable, "-m", "reconciler", "-w", str(folder), "apply", "--auto-approve"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    watch = Watch(process.pid, emulator)
    watch.start()
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said
    used = Used(cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss / 1024)
    return time.perf_counter() - begin, used, watch


def used_by(pid: int) -> Used:
    """What a running process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    assert peak
    return Used(cpu=(int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), peak=int(peak[1]) / 1024)


def measured(act: str, folder: Path, process: subprocess.Popen[str], http: httpx.Client) -> Figures:
    """Apply once, and ask the emulator what it got."""
    before = used_by(process.pid)
    already = len(http.get("/emulator/requests").json())
    run, client, watch = apply(folder, str(http.base_url), process.pid)
    after = used_by(process.pid)
    calls = [each for each in http.get(f"/emulator/requests?after={already}").json() if each["identifiers"]]
    assert {200} == {each["status"] for each in calls}
    begin, end = _span(calls)
    client_moving, emulator_moving = watch.between(begin, end)
    return Figures(
        act=act,
        identifiers=sum(each["identifiers"] for each in calls),
        calls=len(calls),
        moving=end - begin,
        client_moving=client_moving,
        emulator_moving=emulator_moving,
        run=run,
        client=client,
        emulator=Used(cpu=after.cpu - before.cpu, peak=after.peak),
    )


def _span(calls: list[dict[str, Any]]) -> tuple[float, float]:
    instants = [datetime.fromisoformat(each[name]) for each in calls for name in ("arrived_at", "answered_at")]
    return min(instants).timestamp(), max(instants).timestamp()


def check(http: httpx.Client, customers: int) -> None:
    """Every customer is on one list."""
    counts = [each["count"] for each in http.get("/emulator/segments").json()]
    assert customers == sum(counts), counts


def table(figures: list[Figures]) -> str:
    """The figures as Markdown."""
    acts = [each.act for each in figures]
    rows: dict[str, list[str]] = {
        "identifiers": [f"{each.identifiers:,}" for each in figures],
        "calls": [f"{each.calls:,}" for each in figures],
        "moving: seconds": [f"{each.moving:.1f}" for each in figures],
        "moving: **identifiers a second**": [f"**{each.identifiers / each.moving:,.0f}**" for each in figures],
        "moving: client's processor, s": [_part(each.client_moving, each.emulator_moving) for each in figures],
        "moving: emulator's processor, s": [_part(each.emulator_moving, each.client_moving) for each in figures],
        "run: seconds": [f"{each.run:.1f}" for each in figures],
        "run: identifiers a second": [f"{each.identifiers / each.run:,.0f}" for each in figures],
        "run: client's processor, s": [_part(each.client.cpu, each.emulator.cpu) for each in figures],
        "run: emulator's processor, s": [_part(each.emulator.cpu, each.client.cpu) for each in figures],
        "client's greatest memory, MiB": [f"{each.client.peak:,.0f}" for each in figures],
        "emulator's greatest memory, MiB": [f"{each.emulator.peak:,.0f}" for each in figures],
    }
    lines = [f"| | {' | '.join(acts)} |", "|---|" + "---:|" * len(acts)]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())])


def _part(own: float, others: float) -> str:
    return f"{own:.2f} ({own / (own + others):.0%})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what an apply moves without a limit.")
    parser.add_argument("--customers", type=int, default=2_000_000)
    parser.add_argument("--lists", type=int, default=5)
    parser.add_argument("--kept", action="store_true", help="the emulator keeps its world on disk")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    given = parser.parse_args()
    figures = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_workspace(folder, given.lists)
        with emulator(folder / "world" if given.kept else None) as (process, http):
            for day, act in enumerate(("first fill", "a fifth moves on")):
                write_customers(folder, given.customers, given.lists, day)
                figures.append(measured(act, folder, process, http))
            check(http, given.customers)
    print(table(figures))
    if given.json:
        given.json.write_text(json.dumps([asdict(each) for each in figures], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
