"""The state: what it protects, and what happens without it or beside another writer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reconciler.state.local import LocalStore
from tests.flows.shop import ROOT, Shop, names

BUYERS = "segments:\n  buyers: { name: Buyers, who: { event: purchase, within: 7d } }\n"
HOLD = """\
import sys
from pathlib import Path
from reconciler.state.local import LocalStore
with LocalStore(Path(sys.argv[1])).lock("apply"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def buyers(shop: Shop) -> Shop:
    """Ten buyers, applied."""
    shop.definitions = BUYERS
    shop.people(names("buyer", 10), "purchase", "2h")
    shop.apply()
    return shop


def test_a_deleted_state_folder_stops_everything(buyers: Shop) -> None:
    """Our mark at Criteo and no snapshot here: exit 4, nothing is sent and no new state is begun."""
    shutil.rmtree(buyers.state)
    asked, listed = buyers.asked(), buyers.lists()
    for command in (["plan"], ["apply", "--auto-approve"], ["apply", "--auto-approve", "--init-state"], ["sync"]):
        done = buyers.run(*command)
        assert (done.code, done.out) == (4, "")
        assert [each.name for each in buyers.state.rglob("*")] == []
    assert [] == buyers.writes(asked)
    assert listed == buyers.lists()


def test_a_real_process_stops_without_its_state_too(buyers: Shop) -> None:
    """The same from a shell: exit 4, the message on stderr, and no folder that was not there."""
    shutil.rmtree(buyers.state)
    done = buyers.spawn("plan")
    assert (done.code, done.out) == (4, "")
    assert "state" in done.err
    assert not buyers.state.exists()


def test_the_state_of_another_advertiser_is_refused(buyers: Shop) -> None:
    """Its lists are not gone, they are elsewhere: exit 4 before anything is asked of Criteo."""
    buyers.settings["advertiser"] = "43"
    asked = buyers.asked()
    done = buyers.run("plan")
    assert (done.code, done.out) == (4, "")
    assert "another advertiser" in done.err
    assert asked == buyers.asked()


def test_a_build_server_without_state_is_told_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where CI is set and no state is there, nothing begins by itself: exit 4, and nothing is asked of Criteo."""
    shop.definitions = BUYERS
    shop.people(names("buyer", 10), "purchase", "2h")
    monkeypatch.setenv("CI", "true")
    for command in (["plan"], ["apply", "--auto-approve"], ["sync"]):
        done = shop.run(*command)
        assert (done.code, done.out) == (4, "")
        assert "build server" in done.err
    assert [] == shop.requests()
    assert not (shop.state / "snapshot.json").exists()


def test_a_build_server_may_be_told_that_this_is_the_first_time(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --init-state the first apply goes through, and the ones after it need no such word."""
    shop.definitions = BUYERS
    shop.people(names("buyer", 10), "purchase", "2h")
    monkeypatch.setenv("CI", "true")
    done = shop.run("apply", "--auto-approve", "--init-state")
    assert done.code == 0
    assert shop.members("Buyers") == set(names("buyer", 10))
    shop.apply()
    assert shop.plan()["summary"]["empty"]


def test_a_damaged_snapshot_is_refused_and_left_alone(buyers: Shop) -> None:
    """Cut short, of something else or of a later version: exit 4, and the file stays as it is."""
    path = buyers.state / "snapshot.json"
    text, content = path.read_text(), json.loads(path.read_text())
    newer = json.dumps({**content, "format_version": content["format_version"] + 1})
    asked = buyers.asked()
    for damaged in (text[: len(text) // 2], json.dumps({"something": "else"}), newer):
        path.write_text(damaged)
        for command in (["plan"], ["apply", "--auto-approve"], ["sync"]):
            assert buyers.run(*command).code == 4
        assert path.read_text() == damaged
    assert [] == buyers.writes(asked)


def test_the_state_of_another_workspace_is_refused(buyers: Shop) -> None:
    """A workspace that was renamed, or a folder that was mixed up, does not take over what is not its own."""
    buyers.settings["workspace"] = "other-shop"
    assert buyers.run("plan").code == 4


def test_nothing_in_the_state_or_the_output_holds_an_address(buyers: Shop) -> None:
    """Neither the files of the state nor what plan, apply and sync print has an address in it, in any case."""
    buyers.people(names("coming", 5), "purchase", "1h")
    printed = [buyers.run("plan"), buyers.run("plan", "--format", "json"), buyers.run("plan", "--format", "markdown")]
    printed += [buyers.apply(), buyers.sync(), buyers.run("state", "show", at=None)]
    texts = [text.encode() for done in printed for text in (done.out, done.err)]
    files = [content for content, _ in buyers.state_files().values()]
    assert [text for text in (*texts, *files) if b"example.com" in text.lower()] == []


@contextmanager
def another_writer(shop: Shop) -> Iterator[subprocess.Popen[str]]:
    """A live process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(shop.state)]
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.communicate()


def test_a_second_writer_ends_in_5(buyers: Shop) -> None:
    """While a live process holds the lock the error names it, nothing is sent, and a plan is free to look."""
    asked = buyers.asked()
    with another_writer(buyers) as process:
        for command in (["apply", "--auto-approve"], ["sync"]):
            done = buyers.run(*command)
            assert done.code == 5
            assert f"process {process.pid}" in done.err
        assert [] == buyers.writes(asked)
        assert buyers.plan()["summary"]["empty"]
    assert buyers.sync().code == 0


def test_a_lock_can_be_waited_for(buyers: Shop) -> None:
    """With --lock-timeout the second writer goes on as soon as the first one is done."""
    with another_writer(buyers) as process:
        waiting = buyers.start("sync", "--lock-timeout", "60s")
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.communicate(timeout=1.5)
        process.communicate()
        waiting.communicate(timeout=60)
    assert waiting.returncode == 0


def test_a_lock_is_broken_by_its_id_alone(buyers: Shop) -> None:
    """`state unlock` wants the ID that the error printed; then the next writer goes on."""
    with LocalStore(buyers.state).lock("apply"):
        refused = buyers.run("sync")
        lock = json.loads((buyers.state / "lock.json").read_text())["id"]
        assert refused.code == 5
        assert lock in refused.err
        assert buyers.run("state", "unlock", "0" * 32, at=None).code != 0
        assert buyers.run("state", "unlock", lock, at=None).code == 0
        assert buyers.sync().code == 0
