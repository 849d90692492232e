from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
import httpx
import pytest

from reconciler.cli.emulator import command as emulator_command
from reconciler.emulator import LACKS, Switches, switches_of
from tests.cli.commandline import ROOT, environment, process, run
from tests.contract.processes import checked

LIST = {"type": "AudienceSegment", "attributes": {"advertiserId": "42", "name": "VIPs", "contactList": {}}}


@contextmanager
def emulator(
    *options: str, told: Callable[[str], str] = str, env: dict[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A real process, and the address that it says it listens on."""
    command = [sys.executable, "-m", "reconciler", "emulator", "--port", "0", *options]
    started = subprocess.Popen(command, cwd=ROOT, env=checked(env or environment()), stderr=subprocess.PIPE, text=True)
    try:
        assert started.stderr is not None
        line = told(started.stderr.readline())
        yield started, line.strip().rpartition("CRITEO_API_URL=")[2]
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate()


def json_message(line: str) -> str:
    message: str = json.loads(line)["message"]
    return message


def token(url: str, client_id: str = "app") -> httpx.Response:
    form = {"client_id": client_id, "client_secret": "pass", "grant_type": "client_credentials"}
    return httpx.post(f"{url}/oauth2/token", data=form, verify=False)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_serves_until_it_is_told_to_stop(number: signal.Signals, code: int) -> None:
    """A signal ends it promptly, with the code that tells which, also while a connection is open."""
    with emulator() as (started, url), httpx.Client(base_url=url, verify=False) as http:
        assert http.get("/emulator/segments").json() == []
        before = time.monotonic()
        started.send_signal(number)
        assert started.wait(timeout=10) == code
        assert time.monotonic() - before < 5
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{url}/emulator/segments", verify=False)


def test_its_address_can_be_read_by_programs() -> None:
    """With `--log-format json` the line that says where it listens is a JSON object."""
    with emulator("--log-format", "json", told=json_message) as (_, url):
        assert httpx.get(f"{url}/emulator/segments", verify=False).json() == []


def test_a_folder_that_cannot_be_made_is_named() -> None:
    """It is no matter of the port."""
    ran = run("emulator", "--port", "0", "--data", "/dev/null/world")
    assert ran.code == 1
    assert "The emulator can't keep its world in /dev/null/world." in ran.stderr
    assert "Choose another --data." in ran.stderr


def test_its_world_is_kept_between_runs(tmp_path: Path) -> None:
    """What was made with `--data` is there in the next run."""
    for made in (False, True):
        with emulator("--data", str(tmp_path / "world")) as (started, url):
            names = [each["name"] for each in httpx.get(f"{url}/emulator/segments", verify=False).json()]
            assert names == (["VIPs"] if made else [])
            if not made:
                headers = {"Authorization": f"Bearer {token(url).json()['access_token']}"}
                path = "/2026-07/marketing-solutions/audience-segments/create"
                assert httpx.post(url + path, json={"data": [LIST]}, headers=headers, verify=False).status_code == 200
            started.terminate()
            assert started.wait(timeout=10) == 143


def test_credentials_can_be_asked_for() -> None:
    """With `--client-id` and `--client-secret` no others are accepted."""
    with emulator("--client-id", "app", "--client-secret", "pass", "--switch", "wrong_credentials=401") as (_, url):
        assert [token(url).status_code, token(url, "another").status_code] == [200, 401]


def test_a_port_that_is_taken_is_told() -> None:
    """Exit 1, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = process("emulator", "--port", str(port))
    assert (done.code, done.stdout) == (1, "")
    assert f"The emulator can't listen on port {port}." in done.stderr
    assert "Choose another --port." in done.stderr


def test_a_file_that_is_no_world_is_left_alone(tmp_path: Path) -> None:
    """A world is not written over what is not one."""
    (tmp_path / "world.log").write_text("Dear reader", encoding="utf-8")
    done = process("emulator", "--port", "0", "--data", str(tmp_path))
    assert (done.code, done.stdout) == (1, "")
    assert "The world of the emulator can't be used." in done.stderr
    assert (tmp_path / "world.log").read_text(encoding="utf-8") == "Dear reader"


def test_a_world_has_one_emulator(tmp_path: Path) -> None:
    """A second one on the same folder is refused while the first is there."""
    with emulator("--data", str(tmp_path)):
        done = process("emulator", "--port", "0", "--data", str(tmp_path))
    assert (done.code, "is in use by another emulator" in done.stderr) == (1, True)


def test_switches_come_from_options_or_the_environment() -> None:
    """`--switch` is repeatable, and RECONCILER_EMULATOR_SWITCHES takes several with commas."""
    with emulator("--switch", "failed_items=warnings", "--switch", "match_rate=0.5") as (_, url):
        turned = httpx.get(f"{url}/emulator/switches", verify=False).json()
        assert (turned["failed_items"], turned["match_rate"]) == ("warnings", 0.5)
    with emulator(env=environment(RECONCILER_EMULATOR_SWITCHES="failed_items=warnings,match_rate=0.5")) as (_, url):
        assert httpx.get(f"{url}/emulator/switches", verify=False).json() == turned


def test_a_switch_that_is_not_there_is_told() -> None:
    """Exit 64, with the nearest name and where to find the others."""
    ran = run("emulator", "--port", "0", "--switch", "failed_item=errors")
    assert (ran.code, ran.stdout) == (64, "")
    assert "There is no switch 'failed_item'; did you mean 'failed_items'?" in ran.stderr
    assert "emulator --list-switches" in ran.stderr


def test_an_app_can_lack_something() -> None:
    """`--without` is repeatable and takes what the emulator knows."""
    option = next(each for each in emulator_command.params if each.name == "without")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == LACKS
    with emulator("--without", "consent", "--without", "campaign-read", "--switch", "empty_data=list") as (_, url):
        headers = {"Authorization": f"Bearer {token(url).json()['access_token']}"}
        assert httpx.get(f"{url}/2026-07/advertisers/me", headers=headers, verify=False).json()["data"] == []
        denied = httpx.get(f"{url}/2026-07/marketing-solutions/ad-sets/700123", headers=headers, verify=False)
        assert denied.status_code == 403


def test_the_switches_are_listed() -> None:
    """`--list-switches` shows each switch with its default, its other positions and what it decides."""
    listed = run("emulator", "--list-switches").stdout
    for switch in switches_of(Switches).values():
        positions = ", ".join(map(str, (switch.default, *switch.others)))
        assert f"{switch.name} = {positions}\n    {switch.about}\n" in listed


def test_its_clock_runs_faster() -> None:
    """`--clock-speed` is how many seconds pass there in one of ours."""
    with emulator("--clock-speed", "36000") as (_, url), httpx.Client(base_url=url, verify=False) as http:
        assert http.get("/emulator/clock").json()["speed"] == 36000
        first = datetime.fromisoformat(http.get("/emulator/clock").json()["now"])
        began = time.monotonic()
        http.get("/emulator/segments")
        here = time.monotonic() - began
        there = datetime.fromisoformat(http.get("/emulator/clock").json()["now"]) - first
        assert there.total_seconds() >= here * 36000
