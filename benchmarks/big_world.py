"""What a big world costs the emulator: memory, time and disk for a hundred lists of a million members.

    python -m benchmarks.big_world [--lists 100] [--members 1000000] [--in-memory]

Fills the lists over HTTP, lets a processing run pass, asks for the statistics of each, takes a tenth of one list off
again, kills the process, and starts it anew. Prints a Markdown table; every count is checked. With `--in-memory` the
world has no folder, and nothing is killed.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from benchmarks.throughput import emulator, used_by

BATCH = 50_000
API = "/2026-07/marketing-solutions/audience-segments"


class Watch:
    """Notes what each act cost the emulator."""

    def __init__(self) -> None:
        print("| | seconds | emulator's processor, s | its greatest memory so far, MiB |\n|---|---:|---:|---:|")

    def note(self, act: str, begin: float, pid: int, before: float) -> None:
        """Print a row."""
        used = used_by(pid)
        print(f"| {act} | {time.perf_counter() - begin:.1f} | {used.cpu - before:.1f} | {used.peak:,.0f} |", flush=True)


def authorize(http: httpx.Client) -> None:
    """Get a token."""
    form = {"client_id": "app", "client_secret": "none", "grant_type": "client_credentials"}
    http.headers["Authorization"] = "Bearer " + http.post("/oauth2/token", data=form).json()["access_token"]


def create(http: httpx.Client, lists: int) -> list[str]:
    """Create empty lists."""
    items = [{"attributes": {"advertiserId": "42", "name": f"list {n}", "contactList": {}}} for n in range(lists)]
    answer = http.post(f"{API}/create", json={"data": items})
    return [each["id"] for each in answer.json()["data"]]


def batches(members: int) -> Iterator[list[str]]:
    """Made-up digests, different every time."""
    for begin in range(0, members, BATCH):
        text = os.urandom(min(BATCH, members - begin) * 32).hex()
        yield [text[place : place + 64] for place in range(0, len(text), 64)]


def amend(http: httpx.Client, list_id: str, operation: str, identifiers: list[str]) -> None:
    """Change one list."""
    attributes = {"operation": operation, "identifierType": "email", "identifiers": identifiers}
    body = {"data": {"type": "ContactlistAmendment", "attributes": attributes}}
    http.patch(f"{API}/{list_id}/contact-list", json=body).raise_for_status()


def statistics(http: httpx.Client, list_id: str) -> int:
    """What Criteo says a list holds."""
    answer = http.get(f"{API}/{list_id}/contact-list/statistics").json()
    return int(answer["data"]["attributes"]["numberOfIdentifiers"])


def fill(pid: int, http: httpx.Client, watch: Watch, lists: int, members: int) -> dict[str, int]:
    """Fill every list and ask for what is on it; return the counts."""
    begin, before = time.perf_counter(), used_by(pid).cpu
    ids, removed = create(http, lists), []
    for list_id in ids:
        for identifiers in batches(members):
            amend(http, list_id, "add", identifiers)
            removed = identifiers
    watch.note(f"{lists:,} lists of {members:,} filled", begin, pid, before)
    begin, before = time.perf_counter(), used_by(pid).cpu
    http.post("/emulator/clock", json={"advance": 43_200})
    authorize(http)
    assert {members} == {statistics(http, list_id) for list_id in ids}
    watch.note("statistics of each after a processing run", begin, pid, before)
    begin, before = time.perf_counter(), used_by(pid).cpu
    assert {members} == {statistics(http, list_id) for list_id in ids}
    watch.note("once more", begin, pid, before)
    amend(http, ids[-1], "remove", removed)
    return dict.fromkeys(ids, members) | {ids[-1]: members - len(removed)}


def check(pid: int, http: httpx.Client, watch: Watch, counts: dict[str, int]) -> None:
    """Hold all counts, as they are now, against what they should be."""
    begin, before = time.perf_counter(), used_by(pid).cpu
    assert counts == {each["id"]: each["count"] for each in http.get("/emulator/segments").json()}
    watch.note("all counts", begin, pid, before)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure a big world.")
    parser.add_argument("--lists", type=int, default=100)
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--in-memory", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = None if given.in_memory else Path(temporary)
        watch = Watch()
        with emulator(folder) as (process, http):
            authorize(http)
            counts = fill(process.pid, http, watch, given.lists, given.members)
            if folder is None:
                check(process.pid, http, watch, counts)
                return
            process.kill()
        size = sum(path.stat().st_size for path in folder.iterdir())
        begin = time.perf_counter()
        with emulator(folder) as (process, http):
            http.get("/emulator/clock")
            watch.note(f"killed, and started anew on {size:,} bytes", begin, process.pid, 0)
            check(process.pid, http, watch, counts)


if __name__ == "__main__":
    main()
