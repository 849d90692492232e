"""The product on a shop's real log: the command line in, the pretend Criteo's lists out, and an evaluation beside it.

What differs is told as numbers, never as identifiers.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from tests.contract.processes import checked
from tests.real.moments import MOMENTS

SECONDS_TO_START = 30.0
SECONDS_TO_APPLY = 300.0

Lists = Mapping[str, set[str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.get("/emulator/segments").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the emulator does not answer; its exit code is {process.poll()}")


@pytest.fixture(scope="module")
def criteo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a pretend Criteo, which runs as a process of its own."""
    folder, port = tmp_path_factory.mktemp("criteo"), free_port()
    command = [sys.executable, "-m", "reconciler", "emulator", "--port", str(port), "--rate-limit", "0"]
    with (
        (folder / "log.txt").open("wb") as log,
        subprocess.Popen(
            [*command, "--data", str(folder / "world")], env=checked(os.environ), stdout=log, stderr=log
        ) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, verify=False) as client,
    ):
        try:
            wait_until_it_answers(client, process)
            yield client
        finally:
            process.terminate()


def apply(workspace: Path, criteo: httpx.Client, as_of: str) -> None:
    """Carry the workspace out as of a moment, the way a schedule does."""
    command = [sys.executable, "-m", "reconciler", "-w", str(workspace), "apply", "--as-of", as_of, "--auto-approve"]
    first = ["--init-state"] if as_of == MOMENTS[0] else []
    environment = {
        **os.environ,
        "CRITEO_CLIENT_ID": "client",
        "CRITEO_CLIENT_SECRET": "secret",
        "CRITEO_API_URL": str(criteo.base_url).rstrip("/"),
    }
    done = subprocess.run(
        [*command, *first], env=environment, capture_output=True, text=True, check=False, timeout=SECONDS_TO_APPLY
    )
    if done.returncode != 0:
        pytest.fail(f"apply as of {as_of} ended with {done.returncode}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")


def held(criteo: httpx.Client) -> Lists:
    """The identifiers of every list that Criteo has, by the list's name."""
    lists = {}
    for segment in criteo.get("/emulator/segments").raise_for_status().json():
        answer = criteo.get(f"/emulator/segments/{segment['id']}/identifiers", params={"type": "email"})
        lists[segment["name"]] = set(answer.raise_for_status().json())
    return lists


@pytest.fixture(scope="module")
def seen(workspace: Path, criteo: httpx.Client) -> Mapping[str, Lists]:
    """What Criteo holds after the apply of each moment, one after the other."""
    lists = {}
    for as_of in MOMENTS:
        apply(workspace, criteo, as_of)
        lists[as_of] = held(criteo)
    return lists


def differences(expected: Lists, actual: Lists) -> list[str]:
    """What is wrong with each list that is not exactly as expected, in numbers."""
    found = [f"{name}: there is no such list" for name in sorted(expected.keys() - actual.keys())]
    found += [f"{name}: nobody asked for this list" for name in sorted(actual.keys() - expected.keys())]
    for name in sorted(expected.keys() & actual.keys()):
        missing, unwanted = len(expected[name] - actual[name]), len(actual[name] - expected[name])
        if missing or unwanted:
            found.append(f"{name}: of {len(expected[name])} are {missing} missing, and {unwanted} are there wrongly")
    return found


@pytest.mark.parametrize("as_of", MOMENTS)
def test_every_list_holds_exactly_who_belongs(
    as_of: str, expected: Mapping[str, Lists], seen: Mapping[str, Lists]
) -> None:
    """After apply each published segment and slice holds the identifiers that the evaluation finds, and no other."""
    found = differences(expected[as_of], seen[as_of])
    assert not found, "\n".join(found)


def test_a_difference_is_told_without_identifiers() -> None:
    """A list that is missing, one that is too many and one that holds the wrong people are each told in numbers."""
    expected, actual = {"a": {"1"}, "b": {"2", "3"}, "c": {"4"}}, {"b": {"3", "5", "6"}, "c": {"4"}, "d": {"7"}}
    assert differences(expected, actual) == [
        "a: there is no such list",
        "d: nobody asked for this list",
        "b: of 2 are 1 missing, and 2 are there wrongly",
    ]
