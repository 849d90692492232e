"""The text of queries: what may be asked, and in which form it goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.config.outline import Engine
from reconciler.config.selects import of_condition, of_table
from tests.conftest import Writer

TABLES = ("customers", "events")


def where(test: str, table: str = "customers") -> str:
    return f"select id from {table} where {test}"  # noqa: S608 - is read, and never run


ALLOWED: list[tuple[Engine, str, str]] = [
    ("duckdb", "from customers select id", "SELECT id FROM customers"),
    ("duckdb", "SELECT id FROM Customers; ", "SELECT id FROM Customers"),
    ("duckdb", "select id from events where t > $as_of", "SELECT id FROM events WHERE t > :as_of"),
    ("postgres", "select id from a.b where at > :as_of", "SELECT id FROM a.b WHERE at > :as_of"),
    ("spark", "select id from a.b where at > :as_of", "SELECT id FROM a.b WHERE at > :as_of"),
    ("duckdb", "select id from customers union select id from events", ""),
    ("duckdb", "with big as (select id from events group by 1 having count(*) > 3) select id from big", ""),
    ("duckdb", "with a as (select id from customers), b as (select id from a) select id from b", ""),
    ("duckdb", "with recursive r as (select id from customers union all select id from r) select id from r", ""),
    (
        "duckdb",
        "select id from (select id, row_number() over (partition by id order by at) n from events) where n = 1",
        "",
    ),
    ("duckdb", "select id from customers, unnest(mails) as m(mail) where mail is not null", ""),
    ("duckdb", "select id from customers order by score desc limit 10", ""),
    ("postgres", "select id from shop.customers where tags @> '{x}'", ""),
    ("postgres", "select id, jsonb_array_length(tags) from shop.customers where lower(tier) like 'v%'", ""),
    ("spark", "select id from lake.shop.customers lateral view explode(tags) t as tag where tag = 'x'", ""),
]


@pytest.mark.parametrize(("engine", "text", "written"), ALLOWED, ids=[text for _, text, _ in ALLOWED])
def test_a_query_that_reads_is_written_in_one_form(engine: Engine, text: str, written: str) -> None:
    """What is allowed comes back as one text, which is its own canonical form."""
    checked = of_condition(text, engine, TABLES)
    assert checked.faults == ()
    assert written in ("", checked.sql)
    assert of_condition(checked.sql, engine, TABLES).sql == checked.sql


def test_comments_and_layout_do_not_change_a_query() -> None:
    """An edit of a comment is no change of the definition."""
    one = of_condition("select id /* the key */ from customers -- all\n", "duckdb", TABLES)
    other = of_condition("SELECT\n  id\nFROM customers\n", "duckdb", TABLES)
    assert one.sql == other.sql == "SELECT id FROM customers"


REFUSED: list[tuple[Engine, str]] = [
    *[
        ("duckdb", where(each))
        for each in (
            "at < now()",
            "at < today()",
            "at < current_timestamp",
            "at < current_date",
            "at < get_current_timestamp()",
            "at < 'now'::timestamp",
            "at < date ' Today '",
            "random() < 0.5",
            "gen_random_uuid() > id",
            "age(at) > interval 1 day",
            "getenv('HOME') = ''",
            "current_setting('threads') = '1'",
            "id in (select content from read_text('x'))",
            "id in (from 'x.csv')",
            'id in (from "x.csv")',
            "id in (from glob('*'))",
            "id in (from duckdb_secrets())",
            "id in (from information_schema.tables)",
            "id in (from main.customers)",
            "id in (from facts)",
            "id = ?",
            "mail = 'a@b'",
            "mail = $$a@b$$",
            'mail = "a@b"',
            "phone = '+33 6 12 34 56 78'",
            "id in (from (describe customers))",
            "id in (from (summarize customers))",
            "exists (with t as (show tables) from t)",
        )
    ],
    *[
        ("postgres", where(each, "shop.customers"))
        for each in (
            "at < clock_timestamp()",
            "at < localtimestamp",
            "random() < 0.5",
            "id = current_user",
            "pg_read_file('x') = ''",
            "mail = E'a\\x40b'",
            "mail = $x$a@b$x$",
            "mail = U&'a\\0040b'",
            "pg_sleep(9) is null",
            "nextval('s') > 0",
            "set_config('a', 'b', false) = ''",
            "id in (select * from dblink('x', 'y') as t(id text))",
            "exists (with x as (insert into y values (1) returning 1) select * from x)",
        )
    ],
    *[
        ("spark", where(each, "shop.customers"))
        for each in (
            "at < now()",
            "rand() < 0.5",
            "java_method('java.lang.System', 'exit', 1) = 1",
            "input_file_name() = ''",
            "unix_timestamp() > 5",
            "id in (select id from json.`/data`)",
            "id in (select id from `/data/x`)",
        )
    ],
    ("duckdb", "with customers as (select id from customers) select id from customers"),
    ("duckdb", "select id from customers; select 1"),
    ("duckdb", "install httpfs"),
    ("duckdb", "create table x as select 1"),
    ("duckdb", "copy customers to 'x.csv'"),
    ("duckdb", "values (1)"),
    ("duckdb", ""),
    ("duckdb", "select id from customers limit 3"),
    ("duckdb", "select distinct on (tier) id from customers"),
    ("duckdb", "select id from customers tablesample 10%"),
    ("duckdb", "select /* never ends"),
    ("duckdb", "select " + "(" * 5000 + "1" + ")" * 5000),
]


@pytest.mark.parametrize(("engine", "text"), REFUSED, ids=[text[:60] for _, text in REFUSED])
def test_what_writes_reaches_out_or_answers_otherwise_next_time_is_refused(engine: Engine, text: str) -> None:
    """Nothing that isn't one reading, repeatable SELECT of the allowed tables gets through."""
    checked = of_condition(text, engine, TABLES)
    assert checked.faults
    assert checked.sql == ""


def test_a_name_of_with_is_known_only_where_it_stands() -> None:
    """A table of ours that happens to be called like an inner name can't be read through it."""
    inner = "exists (with people as (select 1) select * from people)"
    assert of_condition(where(inner), "duckdb", TABLES).sql
    outer = where(f"{inner} and id in (from people)")
    assert [fault[2] for fault in of_condition(outer, "duckdb", TABLES).faults] == [
        "there is no table `people`; a query may read `customers`, `events`"
    ]


def test_a_fault_has_its_line_and_column() -> None:
    """Each is told where it stands, from the first to the last."""
    text = "select id\nfrom customers\njoin orders using (id)\nwhere at < now()\n"
    assert [fault[:2] for fault in of_condition(text, "duckdb", TABLES).faults] == [(3, 6), (4, 12)]


def test_the_table_of_a_source_is_made_of_files() -> None:
    """On DuckDB a source's query reads files of the workspace, whatever quotes name them, and no declared table."""
    checked = of_table("select * from 'data/*.parquet' join \"more.csv.gz\" using (id)", "duckdb")
    assert checked.sql == 'SELECT * FROM "data/*.parquet" JOIN "more.csv.gz" USING (id)'
    for name in ("customers", "'../x.csv'", "'/x.csv'", "'https://example.com/x.csv'", "'x.sqlite'", "a.'x.csv'"):
        assert of_table(f"from {name}", "duckdb").faults, name
    assert of_table("select * from 'x.csv' where at < :as_of", "duckdb").faults


@pytest.mark.parametrize(("sources", "known"), [(0, "customers"), (1, "events"), (2, "events_2"), (2, "events_1")])
def test_every_declared_table_can_be_read(sources: int, known: str, write_workspace: Writer) -> None:
    """One source of events is `events`; several are `events_1`, `events_2`; without any there is none."""
    each = "{ table: e.csv, customer: customer_id, name: event, time: at }"
    events = f"  events: [{', '.join([each] * sources)}]\n" if sources else ""
    settings = (
        'version: 1\nworkspace: acme\nadvertiser: "42"\nsource:\n'
        f"  customers: {{ table: c.csv, key: customer_id, identifiers: {{ email: email }} }}\n{events}"
    )
    for name in ("customers", "events", "events_1", "events_2", "events_3"):
        root = write_workspace(
            "segments: { a: { who: { query: who.sql } } }\n",
            **{"reconciler.yaml": settings, "who.sql": f"from {name} select customer_id\n"},
        )
        done = subprocess.run(
            [sys.executable, "-m", "reconciler", "-w", root, "validate"], capture_output=True, text=True, check=False
        )
        allowed = {0: {"customers"}, 1: {"customers", "events"}, 2: {"customers", "events_1", "events_2"}}[sources]
        assert known in allowed
        assert done.returncode == (0 if name in allowed else 78), done.stderr


def test_a_workspace_without_queries_is_validated_without_sqlglot(write_workspace: Writer) -> None:
    """Reading SQL takes longer to import than the rest of validation takes to run."""
    code = (
        "import sys; from pathlib import Path; from reconciler.config.load import load;"
        "load(Path(sys.argv[1])); sys.exit('sqlglot' in sys.modules)"
    )
    without = write_workspace("segments: { a: { who: { event: view } } }\n")
    assert subprocess.run([sys.executable, "-c", code, without], check=False).returncode == 0
    having = write_workspace("segments: { a: { who: { query: a.sql } } }\n", **{"a.sql": "select id from customers"})
    assert subprocess.run([sys.executable, "-c", code, having], check=False).returncode == 1


def test_sqlglots_own_complaints_stay_out_of_the_terminal(write_workspace: Writer, tmp_path: Path) -> None:
    """What it can't parse it tells to a log; the person reads our message alone, and no line of the query."""
    root = write_workspace(
        "segments: { a: { who: { query: a.sql } } }\n", **{"a.sql": "alter table customers frobnicate 'secret-value'"}
    )
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", "-w", root, "validate"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr.count("\n") == 3
    assert "a.sql: must be one SELECT" in done.stderr
    assert "secret-value" not in done.stderr
