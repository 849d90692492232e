"""What the engine puts on disk when memory is short: unreadable, in a private folder, and gone afterwards."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import duckdb
import pytest
from sqlglot import parse_one

from reconciler.membership.duckdb_engine import DuckDB
from tests.leaks.conftest import NO_PROCESS

ROWS = 400_000
QUERY = f"create table people as select 'canary.' || i || '@example.com' as email, i from range({ROWS}) t(i)"  # noqa: S608
MEMORY = 12 * 2**20


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of little memory, with a folder for temporary files."""
    ask = os.sysconf
    pages = MEMORY * 10 // 6 // ask("SC_PAGE_SIZE")  # the engine takes six tenths
    monkeypatch.setattr(os, "sysconf", lambda name: pages if name == "SC_PHYS_PAGES" else ask(name))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def spilled(folder: Path) -> bytes:
    """Everything in the files below a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_run_short_of_memory_spills_nothing_readable(temporary: Path) -> None:
    """It goes on, its folder is for its owner alone, no address can be read in its files, and they go with it."""
    with DuckDB([], []) as engine:
        engine.run(parse_one(QUERY, dialect="duckdb"))
        data = spilled(temporary)
        counted = engine.rows(parse_one("select count(email) from people", dialect="duckdb"))
        modes = {stat.S_IMODE(path.stat().st_mode) for path in temporary.iterdir()}

    assert len(data) > 10**5  # thousands of addresses; how much is out at a time is for the engine to say
    assert (b"@example" in data.lower(), b"canary." in data.lower()) == (False, False)
    assert counted == [(ROWS,)]
    assert modes == {0o700}
    assert [*temporary.iterdir()] == []


def test_a_spill_that_is_not_encrypted_would_be_found(temporary: Path) -> None:
    """The same rows in an engine that is set otherwise: there they stand to be read."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(temporary),
        "memory_limit": f"{MEMORY}B",
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        connection.execute(QUERY)
        assert b"@example.com" in spilled(temporary)


def test_what_dead_runs_spilled_is_wiped_and_what_others_left_is_not(temporary: Path) -> None:
    """A folder of a process that is no more goes; one of a living process, and everybody else's, stays."""
    dead, living = (f"reconciler-spill-{pid}-x" for pid in (NO_PROCESS, os.getppid()))
    for name in (dead, living, "reconciler-spill-notes", "others"):
        (temporary / name).mkdir()
        (temporary / name / "file").write_text("something")

    DuckDB([], []).close()

    assert sorted(path.name for path in temporary.iterdir()) == sorted([living, "others", "reconciler-spill-notes"])
