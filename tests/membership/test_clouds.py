"""BigQuery and Snowflake, which nobody here can run: what a session asks is written for them, read again by SQLGlot's
parser of each, and compared with files that were read by eye.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

from reconciler.membership.dialect import DIALECTS, write
from reconciler.membership.dialects import iso
from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.sql import OURS, Sql, call, text
from tests.membership.cloud_statements import WORKSPACES, statements
from tests.membership.cloud_words import FUNCTIONS, WORDS
from tests.membership.write_clouds import CLOUDS, FILES, golden, written

OF_DUCKDB = (
    r"\barg_(max|min)\(|\bepoch_us\(|\bfilter *\(|\blist_\w+\(|\bread_\w+\(|\bregexp_(full_match|matches)\(|\bstrlen\(|"
    r"\bunhex\(|\bhugeint\b|\bblob\b|\bbool_or\(|::|//|\bjson_extract_string\(|\bstruct_pack\(|\bunnest\(\$|\[\]"
)
FOREIGN = {
    "bigquery": rf"{OF_DUCKDB}|\btry_cast\(|\bvarchar\b|\bbigint\b|\bdecimal\b|\bnumeric\b|\btimestamptz\b"
    r"|\bcreate view\b|\bhash\(|\bcontains\(|->",
    "snowflake": rf"{OF_DUCKDB}|\btry_cast\(|\bbit_or\(|\bsha256\(|\bstarts_with\(|\bdiv\(|\blogical_or\(|\bdouble\b"
    r"|\bfloat\b|\bas timestamp\)|\(\?",
}
"""What only other engines understand, or what means something else here."""

EVERYTHING = [(cloud, workspace) for cloud in CLOUDS for workspace in (*WORKSPACES, "words")]


def trees(workspace: str) -> tuple[Sql, ...]:
    """The statements of a workspace, or the words by themselves."""
    return tuple(WORDS.values()) if workspace == "words" else statements(workspace)


def without_texts(sql: str) -> str:
    """SQL with its literals and quoted names taken out."""
    return re.sub(r"'(?:\\.|''|[^'\\])*'|`[^`]*`|\"[^\"]*\"", "'…'", sql)


def names_of_functions(workspace: str) -> Iterator[str]:
    """The functions that are named rather than built from a node of SQLGlot's."""
    return (str(node.this) for tree in trees(workspace) for node in tree.find_all(exp.Anonymous))


@pytest.mark.parametrize(("cloud", "workspace"), EVERYTHING)
def test_what_is_written_can_be_read(cloud: str, workspace: str) -> None:
    """Every statement is one statement in the grammar of its dialect."""
    for tree in trees(workspace):
        read = sqlglot.parse(write(tree, cloud), read=cloud, error_level=ErrorLevel.RAISE)

        assert len(read) == 1
        assert not isinstance(read[0], exp.Command)


@pytest.mark.parametrize(("cloud", "workspace"), EVERYTHING)
def test_nothing_is_said_in_the_words_of_another_engine(cloud: str, workspace: str) -> None:
    """No spelling of DuckDB's is left, and nothing that the dialect would take for something else."""
    for tree in trees(workspace):
        found = re.search(FOREIGN[cloud], without_texts(write(tree, cloud)), re.IGNORECASE)

        assert found is None, write(tree, cloud, pretty=True)


@pytest.mark.parametrize(("cloud", "workspace"), EVERYTHING)
def test_every_function_has_an_entry(cloud: str, workspace: str) -> None:
    """What a session names has been thought about for the dialect; nothing passes by chance."""
    unknown = {function for function in names_of_functions(workspace) if not DIALECTS[cloud].knows(function)}

    assert unknown == set()


@pytest.mark.parametrize("workspace", WORKSPACES)
def test_every_table_is_ours_or_has_a_schema(workspace: str) -> None:
    """Ours are marked, because engines write their names otherwise than those of the user's tables."""
    named = [each for tree in statements(workspace) for each in tree.find_all(exp.Table) if not each.db]

    assert {each.name for each in named if not each.meta.get(OURS)} == set()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_entry_is_shown(cloud: str) -> None:
    """A function with an entry is among the words, so that a golden file shows what becomes of it."""
    assert set(DIALECTS[cloud].functions) == set(FUNCTIONS)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_it_is_written_as_it_was_read_by_eye(cloud: str, file: str) -> None:
    """Byte by byte; `python -m tests.membership.write_clouds` writes the files anew, for a reader to judge."""
    assert golden(cloud, file).read_bytes() == written(cloud, file).encode()


MOMENTS = {
    "2026-11-21": "2026-11-21T00:00:00+00:00",
    "2026-11-21T18:00": "2026-11-21T18:00:00+00:00",
    "2026-11-21 18:00Z": "2026-11-21T18:00:00+00:00",
    "2026-11-21 18:00+0130": "2026-11-21T18:00:00+01:30",
    "2026-11-21T18:00-01:30": "2026-11-21T18:00:00-01:30",
    "2026-11-21 18:05:06": "2026-11-21T18:05:06+00:00",
    "2026-11-21T18:05:06.5-0100": "2026-11-21T18:05:06.5-01:00",
    "2026-11-21T18:05:06.123456+01:00": "2026-11-21T18:05:06.123456+01:00",
    "2026-11-21T18": None,
    "2026-11-21T24:00": None,
    "2026-11-21T18:60": None,
    "2026-11-21 18:00 +01:00": None,
    "2026-11-21T18:00:00.1234567": None,
    "20261121": None,
    "1795284000": None,
    "now": None,
}
AS_DUCKDB = iso.Readers(
    matches=lambda value, pattern: call("regexp_full_match", value, text(pattern)),
    found=lambda value, pattern: exp.Nullif(this=call("regexp_extract", value, text(pattern)), expression=text("")),
    replaced=lambda value, pattern, by: call("regexp_replace", value, text(pattern), text(by)),
)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_is_spelt_out(engine: DuckDB, moment: str) -> None:
    """What ISO 8601 lets one leave out is added before a cast that wants it; asked of an engine that is here."""
    value = text(moment)
    query = exp.select(iso.guarded(value, iso.MOMENT, iso.spelt_out(value.copy(), AS_DUCKDB), AS_DUCKDB))

    assert engine.rows(query) == [(MOMENTS[moment],)]


@pytest.mark.parametrize("workspace", WORKSPACES)
def test_the_statements_are_the_same_every_time(workspace: str) -> None:
    """No folder, process or chance shows in them."""
    once = [tree.sql(dialect="duckdb") for tree in statements(workspace)]
    statements.cache_clear()

    assert [tree.sql(dialect="duckdb") for tree in statements(workspace)] == once
