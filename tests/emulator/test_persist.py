"""A world on disk."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import httpx
import pytest

from reconciler.emulator import WorldFolderError, create_app
from reconciler.emulator.persist import FILE_NAME, LOCK_NAME
from tests.contract.processes import checked
from tests.emulator.caller import Caller, digest
from tests.emulator.conftest import Make

SERVE = """
import sys
from pathlib import Path
from reconciler.emulator import create_app, serve
with serve(create_app(Path(sys.argv[1]), rate_limit=0)) as server:
    print(server.url, flush=True)
    server.wait()
"""


def _world(caller: Caller) -> list[Any]:
    """Everything that Criteo and the emulator tell about a world."""
    caller.authorize()
    told = [caller.http.get(f"/emulator/{what}").json() for what in ("segments", "audiences")]
    told += [caller.search(f"/{what}").json()["data"] for what in ("audience-segments", "audiences")]
    told += [caller.send("POST", f"/{what}/search").json()["data"] for what in ("ad-sets", "campaigns")]
    told += [caller.members("500", kind) for kind in ("email", "phoneNumber", "gum")]
    return [*told, caller.send("GET", "/audience-segments/500/contact-list/statistics").json()]


def _fill(caller: Caller) -> None:
    """Use every kind of change."""
    caller.set_clock("2027-05-05T11:00:00Z")
    caller.authorize()
    for name in ("one", "two", "gone"):
        caller.new_list(name)
    caller.bulk("POST", "/audience-segments/delete", {"id": "502"})
    caller.bulk("PATCH", "/audience-segments", {"id": "501", "attributes": {"name": "2 ⅔", "description": {}}})
    legacy = [digest(number)[:32] for number in range(3)]
    caller.amend("500", "add", [digest(number) for number in range(100)] + legacy)
    caller.amend("500", "add", ["gum-1", "longer-gum-2"], identifierType="gum")
    caller.set_clock("2027-05-05T13:00:00Z")
    caller.authorize()
    caller.amend("500", "remove", [digest(number) for number in range(40)])
    caller.amend("501", "add", [digest(1)])
    caller.send("DELETE", "/audience-segments/501/contact-list")
    for name in ("A", "B", "C"):
        caller.new_audience(name, {"and": [{"audienceSegmentId": "500"}, {"not": {"audienceSegmentId": "501"}}]})
    caller.bulk("POST", "/audiences/delete", {"id": "902"})
    caller.link("700123", "900")
    caller.link("700124", "901")
    caller.link("700124", None)


def test_a_world_outlives_its_emulator(tmp_path: Path, make_caller: Make) -> None:
    """All of it comes back, the clock, the counters of ids and the lag of statistics among it."""
    first = make_caller(tmp_path)
    _fill(first)
    before = _world(first)
    first.close()
    second = make_caller(tmp_path)
    assert before == _world(second)
    assert ("503", "903") == (second.new_list("next"), second.new_audience("next", {"audienceSegmentId": "500"}))
    assert second.http.get("/emulator/clock").json()["now"].startswith("2027-05-05T13:00:")


def test_a_fast_clock_runs_on_through_a_restart(tmp_path: Path, make_caller: Make) -> None:
    """The speed is kept with the world, so that its time never runs back; a speed of its own changes it from then."""
    machine = [1_795_284_000.0]
    first = make_caller(tmp_path, time=lambda: machine[0])
    first.send("POST", "/emulator/clock", {"now": "2027-03-01T12:00:00Z", "speed": 60})
    first.close()
    machine[0] += 1
    second = make_caller(tmp_path, time=lambda: machine[0])
    kept = {"now": "2027-03-01T12:01:00.000000Z", "speed": 60}
    assert kept == second.http.get("/emulator/clock").json()
    second.close()
    third = make_caller(tmp_path, time=lambda: machine[0], speed=1)
    assert {**kept, "speed": 1} == third.http.get("/emulator/clock").json()


def test_a_compacted_log_makes_the_same_world(tmp_path: Path, make_caller: Make) -> None:
    """What was added and removed again takes no room after closing."""
    first = make_caller(tmp_path)
    _fill(first)
    for _ in range(20):
        for operation in ("add", "remove"):
            first.amend("500", operation, [digest(number) for number in range(1000, 2000)])
    before, size = _world(first), (tmp_path / FILE_NAME).stat().st_size
    first.close()
    assert (tmp_path / FILE_NAME).stat().st_size < size / 10
    assert {FILE_NAME, LOCK_NAME} == {path.name for path in tmp_path.iterdir()}
    second = make_caller(tmp_path)
    assert before == _world(second)
    assert ("503", "903") == (second.new_list("next"), second.new_audience("next", {"audienceSegmentId": "500"}))


@contextmanager
def _child(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Caller]]:
    """An emulator in a process of its own; it is ended whatever becomes of the test, and of itself."""
    command = [sys.executable, "-c", SERVE, str(folder)]
    with (
        subprocess.Popen(command, env=checked(os.environ), stdout=subprocess.PIPE, text=True) as process,
        ExitStack() as stack,
    ):
        stack.callback(process.kill)
        watch = Timer(60, process.kill)
        stack.callback(watch.cancel)
        watch.start()
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, "it ended before it listened"
        http = stack.enter_context(httpx.Client(base_url=url, timeout=30, verify=False))
        yield process, Caller(http=http)


def test_a_killed_process_loses_nothing_that_it_answered(tmp_path: Path, make_caller: Make) -> None:
    """`kill -9` right after an answer."""
    with _child(tmp_path) as (process, remote):
        remote.authorize()
        remote.new_list()
        remote.amend("500", "add", [digest(number) for number in range(5000)])
        process.kill()
    assert sorted(digest(number) for number in range(5000)) == make_caller(tmp_path).members("500")


@pytest.mark.parametrize("lost", [1, 500, 3300])
def test_a_record_cut_short_is_dropped_and_the_log_goes_on(tmp_path: Path, make_caller: Make, lost: int) -> None:
    """Whether it ends in its members or in its head; what came before it is kept."""
    first = make_caller(tmp_path)
    first.amend(first.new_list(), "add", [digest(1)])
    first.amend("500", "add", [digest(number) for number in range(100)])
    first.close()
    log = tmp_path / FILE_NAME
    log.write_bytes(log.read_bytes()[:-lost])
    second = make_caller(tmp_path)
    assert [digest(1)] == second.members("500")
    second.amend("500", "add", [digest(2)])
    second.close()
    assert sorted([digest(1), digest(2)]) == make_caller(tmp_path).members("500")


@pytest.mark.parametrize("content", ["", "something else\n", '{"emulator world": 1}\n', '{"emulator world": 3}\n'])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    """So is a world of an earlier or a later version."""
    log = tmp_path / FILE_NAME
    log.write_text(content, encoding="utf-8")
    with pytest.raises(WorldFolderError, match="is not a world of this emulator"):
        create_app(tmp_path)
    assert content == log.read_text(encoding="utf-8")


def test_a_folder_belongs_to_one_emulator(tmp_path: Path, make_caller: Make) -> None:
    """A second one is refused until the first is closed."""
    first = make_caller(tmp_path)
    with pytest.raises(WorldFolderError, match="is in use by another emulator"):
        create_app(tmp_path)
    first.new_list()
    first.close()
    second = make_caller(tmp_path)
    assert ["500"] == second.ids(second.search("/audience-segments"))


def test_no_plain_address_or_number_reaches_the_disk(tmp_path: Path, make_caller: Make) -> None:
    """They are hashed on arrival; malformed ones are dropped."""
    caller = make_caller(tmp_path)
    caller.amend(caller.new_list(), "add", ["person1@example.com", "person2"])
    caller.amend("500", "add", ["+33612345678"], identifierType="phoneNumber")
    caller.close()
    content = (tmp_path / FILE_NAME).read_bytes()
    assert b"members added" in content
    for secret in (b"person", b"example.com", b"33612345678"):
        assert secret not in content


@pytest.mark.parametrize("big", [False, True])
def test_a_late_effect_is_not_forgotten(tmp_path: Path, make_caller: Make, big: bool) -> None:
    """It waits through the end of the process for its time, in a log that was shortened too."""
    caller = make_caller(tmp_path)
    caller.new_list()
    caller.fault("effect_later", seconds=3600, count=2)
    caller.amend("500", "add", [digest(1)])
    caller.new_list("late")
    for operation in ("add", "remove") * 20 * big:
        caller.amend("500", operation, [digest(number) for number in range(1000, 2000)])
    caller.close()
    assert (tmp_path / FILE_NAME).stat().st_size < 10_000
    again = make_caller(tmp_path)
    assert "502" == again.new_list("next")
    assert [] == again.members("500")
    again.advance(3601)
    assert [digest(1)] == again.members("500")
    assert ["500", "502", "501"] == [each["id"] for each in again.http.get("/emulator/segments").json()]


@contextmanager
def _files_no_larger_than(size: int) -> Iterator[None]:
    """As on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_change_that_cannot_be_written_did_not_happen(tmp_path: Path, make_caller: Make) -> None:
    """It is answered with a 500, leaves nothing behind, and the log goes on when there is room again."""
    first = make_caller(tmp_path)
    first.amend(first.new_list(), "add", [digest(1)])
    with _files_no_larger_than((tmp_path / FILE_NAME).stat().st_size + 1000):
        assert 500 == first.amend("500", "add", [digest(number) for number in range(5000)]).status_code
    assert [digest(1)] == first.members("500")
    assert 200 == first.amend("500", "add", [digest(2)]).status_code
    first.close()
    assert sorted([digest(1), digest(2)]) == make_caller(tmp_path).members("500")


def test_a_log_that_cannot_be_shortened_stays_as_it_is(tmp_path: Path, make_caller: Make) -> None:
    """And what a shortening left behind that was killed does no harm."""
    first = make_caller(tmp_path)
    _fill(first)
    for operation in ("add", "remove") * 20:
        first.amend("500", operation, [digest(number) for number in range(1000, 2000)])
    before, size = _world(first), (tmp_path / FILE_NAME).stat().st_size
    with _files_no_larger_than(1000):
        first.close()
    assert size == (tmp_path / FILE_NAME).stat().st_size
    (tmp_path / FILE_NAME).with_suffix(".new").write_bytes(b"half a log")
    second = make_caller(tmp_path)
    assert before == _world(second)
    second.close()
    assert (tmp_path / FILE_NAME).stat().st_size < size / 10
    assert before == _world(make_caller(tmp_path))


def test_a_second_close_leaves_the_folder_to_its_next_emulator(tmp_path: Path, make_caller: Make) -> None:
    """Though there is much that could be shortened."""
    first = make_caller(tmp_path)
    first.new_list()
    first.close()
    second = make_caller(tmp_path)
    for operation in ("add", "remove") * 20:
        second.amend("500", operation, [digest(number) for number in range(1000)])
    size = (tmp_path / FILE_NAME).stat().st_size
    first.close()
    assert size == (tmp_path / FILE_NAME).stat().st_size


def test_an_advertiser_can_join_an_old_world(tmp_path: Path, make_caller: Make) -> None:
    """The first one keeps its ad sets."""
    make_caller(tmp_path).close()
    caller = make_caller(tmp_path, advertisers=("43", "42"))
    assert ["42", "43"] == caller.ids(caller.send("GET", "/2026-07/advertisers/me"))
    wanted = {"filters": {"advertiserIds": ["42"]}}
    assert "700123" == caller.ids(caller.send("POST", "/ad-sets/search", wanted))[0]
