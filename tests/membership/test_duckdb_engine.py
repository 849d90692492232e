from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from reconciler.errors import EngineFailed
from reconciler.membership.duckdb_engine import SPILL, DuckDB
from tests.membership import worlds

SECRET = "ann@example.com"


def sql(text: str, **parts: object) -> exp.Expr:
    """A statement as a tree, `{parts}` filled in."""
    return sqlglot.parse_one(text.format(**parts), dialect="duckdb")


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    """The one file that may be read."""
    path = tmp_path / "declared.csv"
    path.write_text("a\n1\n")
    return path


class TestOpenedShut:
    def test_a_declared_file_is_read(self, declared: Path) -> None:
        """What the workspace names is there."""
        with DuckDB([declared], []) as engine:
            assert engine.rows(sql("select a from read_csv('{file}', header = true)", file=declared)) == [(1,)]

    @pytest.mark.parametrize(
        "statement",
        [
            "select * from read_csv('{folder}/other.csv')",
            "select * from read_text('{folder}/other.csv')",
            "select * from '{folder}/*.csv'",
            "select * from glob('/etc/*')",
            "select * from read_text('/etc/passwd')",
            "select * from read_csv('http://127.0.0.1:9/x.csv')",
            "select getenv('HOME')",
            "attach '{folder}/new.db'",
            "copy (select 1) to '{folder}/stolen.csv'",
            "install httpfs",
            "load httpfs",
            "set enable_external_access = true",
            "set lock_configuration = false",
            "set temp_directory = '{folder}'",
            "set memory_limit = '1GB'",
        ],
    )
    def test_everything_else_is_refused(self, declared: Path, statement: str) -> None:
        """Other files, the network, the environment, extensions and settings are out of reach."""
        (declared.parent / "other.csv").write_text("b\n2\n")
        before = sorted(declared.parent.iterdir())
        with DuckDB([declared], []) as engine, pytest.raises(EngineFailed):
            engine.run(sql(statement, folder=declared.parent))
        assert sorted(declared.parent.iterdir()) == before

    def test_a_folder_that_is_given_may_be_written_to(self, declared: Path, tmp_path: Path) -> None:
        """Where moves are staged, and nowhere else."""
        staging = tmp_path / "staging"
        staging.mkdir()
        with DuckDB([declared], [staging]) as engine:
            engine.write_file(exp.select("1"), staging / "out.parquet", stays=False)
            assert engine.rows(sql("select * from read_parquet('{folder}/out.parquet')", folder=staging)) == [(1,)]
            with pytest.raises(EngineFailed):
                engine.write_file(exp.select("1"), tmp_path / "out.parquet", stays=False)


class TestMessages:
    @pytest.mark.parametrize(
        "statement",
        ["select cast('{secret}' as integer)", "select error('{secret}')", 'select "{secret}" from nowhere'],
    )
    def test_the_engines_own_words_are_withheld(self, statement: str) -> None:
        """Its message may quote a row, so neither ours nor what it came from does."""
        with DuckDB([], []) as engine, pytest.raises(EngineFailed) as caught:
            engine.rows(sql(statement, secret=SECRET))
        assert SECRET not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__

    def test_a_stream_that_breaks_is_no_exception_to_that(self) -> None:
        """Rows that come late fail in the same words."""
        late = "select cast(if(i = 90000, '{secret}', '1') as integer) from range(99999) r(i)"
        with DuckDB([], []) as engine, pytest.raises(EngineFailed) as caught:
            list(engine.stream(sql(late, secret=SECRET), 10))
        assert SECRET not in str(caught.value)


class TestSpill:
    def test_it_is_private_and_goes_with_the_engine(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody else may look, and nothing is left."""
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        with DuckDB([], []):
            (spill,) = tmp_path.glob(f"{SPILL}*")
            assert stat.S_IMODE(spill.stat().st_mode) == 0o700
        assert not list(tmp_path.iterdir())

    def test_it_goes_when_what_is_asked_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An error is no reason to leave anything."""
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        with pytest.raises(EngineFailed), DuckDB([], []) as engine:
            engine.run(sql("select * from nowhere"))
        assert not list(tmp_path.iterdir())

    def test_what_a_killed_run_left_is_wiped_by_the_next(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The spill of a process that is no more goes, that of a living one stays."""
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
        dead, alive = tmp_path / f"{SPILL}{int(ended.stdout)}-x", tmp_path / f"{SPILL}{os.getppid()}-x"
        for folder in (dead, alive):
            folder.mkdir()
            (folder / "spilled").write_bytes(b"x")
        with DuckDB([], []):
            assert not dead.exists()
            assert alive.exists()

    def test_a_query_larger_than_memory_spills_and_ends(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """It works on from the disk rather than dying, and no row is to be found there in clear."""
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        monkeypatch.setattr("os.sysconf", lambda _: 12_000)  # a machine of 144 MB
        wide = "create table sorted as select i, '{secret}' || i as e from range(3000000) r(i) order by hash(i)"
        with DuckDB([], []) as engine:
            engine.run(sql(wide, secret=SECRET))
            files = [path for path in tmp_path.rglob("*") if path.is_file()]
            assert engine.rows(sql("select count(*) from sorted")) == [(3_000_000,)]
            assert files
            assert not any(SECRET.encode() in path.read_bytes() for path in files)
        assert not list(tmp_path.iterdir())


def test_every_statement_is_kept_for_readers() -> None:
    """What was run can be shown."""
    with DuckDB([], []) as engine:
        engine.run(sql("create table t as select 1 as a"))
        engine.rows(sql("select a from t"))
        assert [tree.key for tree in engine.statements] == ["create", "select"]
        assert engine.has("t")
        assert not engine.has("u")


def test_a_parquet_file_is_written_whole(tmp_path: Path) -> None:
    """Every row comes back."""
    with DuckDB([], [tmp_path]) as engine:
        engine.write_file(
            exp.maybe_parse("select i from range(1000) r(i)", dialect="duckdb", into=exp.Select),
            tmp_path / "out.parquet",
            stays=False,
        )
    found = worlds.scribe().execute("select count(*), sum(i) from read_parquet($1)", [str(tmp_path / "out.parquet")])
    assert found.fetchall() == [(1000, 499_500)]
