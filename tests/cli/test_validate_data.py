"""`validate --data`: what the YAML alone can't tell, held against data that is there."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from tests.cli.commandline import Ran, run, write_csv
from tests.conftest import Writer

CUSTOMERS: list[dict[str, object]] = [
    {
        "customer_id": f"c{number}",
        "email": f"person{number}@example.com",
        "tier": ("gold", "basic")[number % 2],
        "visits": number,
        "first_name": f"Name{chr(97 + number % 26)}{chr(97 + number // 26)}",
        "phone": f"+3361234{number:04}",
        "ref": f"{number:032x}",
        "odd": "seven" if number == 7 else number,
        "word": "yes" if number % 3 else "no",
        "nothing": "",
        "joined": "2026-11-01",
    }
    for number in range(60)
]
EVENTS: list[dict[str, object]] = [
    {
        "customer_id": f"c{number % 60}",
        "event": ("cart_added", "purchase", "product_viewed")[number % 3],
        "occurred_at": "2026-11-20T12:00:00Z",
        "amount": number,
        "category": ("refill", "tent")[number % 2],
    }
    for number in range(90)
]


@pytest.fixture
def root(write_workspace: Writer) -> Path:
    """A workspace with data and no definitions."""
    made = write_workspace()
    write_csv(made / "customers.csv", CUSTOMERS)
    write_csv(made / "events.csv", EVENTS)
    return made


def checked(root: Path, *who: str, **files: str) -> Ran:
    """Validate segments of these conditions, one a line from the third on, with the data."""
    lines = "".join(f"  s{number}: {{ who: {condition} }}\n" for number, condition in enumerate(who))
    (root / "definitions.yaml").write_text(f"version: 1\nsegments:\n{lines}", encoding="utf-8")
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    return run("validate", "-w", root, "--data")


def told(done: Ran) -> list[str]:
    """What is said of `definitions.yaml`: line, and the message behind the path."""
    lines = [line.partition("definitions.yaml:")[2] for line in done.stderr.splitlines()]
    return [f"{line.split(':')[0]} {line.partition(': ')[2]}" for line in lines if line]


def test_what_fits_its_data_is_said_to(root: Path) -> None:
    """Where all that is mentioned occurs, one sentence says that the data was looked at."""
    done = checked(root, "{ event: purchase, where: { category: tent } }", "{ attribute: tier, is: [gold, basic] }")
    sentence = "Workspace acme-retention is valid and fits its data: 2 published segments, 2 lists, 0 audiences.\n"
    assert (done.code, done.stdout, done.stderr) == (0, sentence, "")


def test_a_kind_that_never_occurs_gets_the_one_that_was_meant(root: Path) -> None:
    """A slip in the name of an event is an error, wherever the name stands, each at its own place."""
    done = checked(
        root,
        "{ event: cart_add, within: 7d }",
        "{ event: cart_added, latest: true, not_followed_by: [purchase, purchas] }",
        "{ event: purchase, first: true, followed_by: { event: product_view } }",
        "{ ratio: { of: { event: Cart-Added }, to: { event: purchase }, at_least: 1 } }",
    )
    assert done.code == 78
    assert told(done) == [
        "3 segments.s0.who.event: `cart_add` never occurs; did you mean `cart_added`?",
        "4 segments.s1.who.not_followed_by[1]: `purchas` never occurs; did you mean `purchase`?",
        "5 segments.s2.who.followed_by.event: `product_view` never occurs; did you mean `product_viewed`?",
        "6 segments.s3.who.ratio.of.event: `Cart-Added` never occurs; did you mean `cart_added`?",
    ]


def test_a_kind_that_may_still_come_is_a_warning(root: Path) -> None:
    """What resembles nothing that occurs may not have happened yet: the workspace stays valid."""
    done = checked(root, "{ event: newsletter_opened }")
    assert done.code == 0
    (warning,) = told(done)
    assert warning.startswith("3 warning: segments.s0.who.event: `newsletter_opened` never occurs; the data has ")
    assert warning.endswith("`cart_added`, `product_viewed`, `purchase`")
    assert done.stdout.endswith("0 audiences. With 1 warning.\n")


def test_a_kind_that_is_held_to_its_age_must_occur(write_workspace: Writer) -> None:
    """A slip in `fresh_within` would freeze every list that reads the source; it is found before."""
    root = write_workspace()
    settings = (root / "reconciler.yaml").read_text(encoding="utf-8")
    fresh = settings.replace("time: occurred_at }", "time: occurred_at, fresh_within: { purchse: 6h, '*': 1d } }")
    (root / "reconciler.yaml").write_text(fresh, encoding="utf-8")
    write_csv(root / "customers.csv", CUSTOMERS)
    write_csv(root / "events.csv", EVENTS)
    done = checked(root, "{ everyone: true }")
    assert done.code == 78
    assert "source.events.fresh_within.purchse: `purchse` never occurs; did you mean `purchase`?" in done.stderr


def test_a_value_that_never_occurs_gets_the_one_that_was_meant(root: Path) -> None:
    """Values of attributes and of properties are looked for, also those that are to be left out."""
    done = checked(
        root,
        "{ attribute: tier, is: [gold, GOLD] }",
        "{ attribute: tier, not: basik }",
        "{ event: purchase, where: { category: refil } }",
        "{ attribute: tier, is: platinum }",
        "{ attribute: tier, starts_with: go }",
        "{ attribute: tier, contains: xx }",
        "{ attribute: visits, is: 999 }",
    )
    assert done.code == 78
    assert told(done) == [
        "3 segments.s0.who.is[1]: `GOLD` never occurs in `tier`; did you mean `gold`?",
        "4 segments.s1.who.not: `basik` never occurs in `tier`; did you mean `basic`?",
        "5 segments.s2.who.where.category: `refil` never occurs in `category`; did you mean `refill`?",
        "6 warning: segments.s3.who.is: `platinum` never occurs in `tier`",
        "8 warning: segments.s5.who.contains: no value of `tier` contains `xx`",
        "9 warning: segments.s6.who.is: `999` never occurs in `visits`",
    ]


def test_nothing_is_suggested_that_could_be_a_person(root: Path) -> None:
    """Names, addresses, numbers and digests of people are never told, however near they are, nor what was sought."""
    done = checked(
        root,
        "{ attribute: email, is: person1@example.co }",
        "{ attribute: first_name, is: Namead }",
        "{ attribute: phone, is: '+33612340007x' }",
        f"{{ attribute: ref, is: '{7:031x}' }}",
        "{ attribute: customer_id, is: c777 }",
    )
    assert done.code == 0
    assert [line.rpartition(": ")[2] for line in told(done)] == [
        "this value never occurs in `email`",
        "`Namead` never occurs in `first_name`",
        "this value never occurs in `phone`",
        "this value never occurs in `ref`",
        "`c777` never occurs in `customer_id`",
    ]


def test_of_many_kinds_none_is_suggested(root: Path) -> None:
    """A column of kinds with more than fifty values names no events that could be meant; what occurs is found still."""
    kinds = [f"kind_{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(60)]
    write_csv(root / "events.csv", [{**EVENTS[0], "event": kind} for kind in kinds * 3])
    assert checked(root, "{ everyone: true }").stderr == ""
    done = checked(root, "{ event: [kind_ch, kind_zz] }")
    assert done.code == 0
    assert told(done) == ["3 warning: segments.s0.who.event[1]: `kind_zz` never occurs"]


def test_kinds_that_are_people_are_not_told(root: Path) -> None:
    """Where the column of kinds is the wrong one and holds addresses, none of them reaches a message."""
    write_csv(root / "events.csv", [{**each, "event": f"person{n}@example.org"} for n, each in enumerate(EVENTS)])
    done = checked(root, "{ event: person1@example.co }", "{ event: purchase }")
    assert done.code == 0
    assert [line.rpartition(": ")[2] for line in told(done)] == ["this value never occurs", "`purchase` never occurs"]


def test_values_that_can_not_be_read_are_found(root: Path) -> None:
    """A number, a time or a yes where no value is one is an error; where some are not, a warning counts them."""
    done = checked(
        root,
        "{ attribute: tier, at_least: 5 }",
        "{ attribute: tier, within: 7d }",
        "{ attribute: joined, is: true }",
        "{ event: purchase, total: { of: category, at_least: 5 } }",
        "{ attribute: odd, more_than: 5 }",
        "{ attribute: nothing, is: x }",
        "{ attribute: word, is: true }",
        "{ attribute: joined, older_than: 1d }",
        "{ attribute: tier, at_most: 4 }",
    )
    assert done.code == 78
    assert told(done) == [
        "3 segments.s0.who.at_least: no value of `tier` can be read as a number",
        "4 segments.s1.who.within: no value of `tier` can be read as a time",
        "5 segments.s2.who.is: no value of `joined` can be read as yes or no",
        "6 segments.s3.who.total.of: no value of `category` can be read as a number",
        "7 warning: segments.s4.who.more_than: 1 of 60 values of `odd` can't be read as a number and satisfy nothing",
        "8 warning: segments.s5.who.is: `nothing` is empty in every row",
    ]


def test_columns_that_are_not_there_are_told_in_every_format(root: Path) -> None:
    """A missing column has its place and the nearest right name for people, programs and GitHub."""
    text = checked(root, "{ attribute: teir, is: gold }")
    assert text.code == 78
    assert told(text) == ["3 segments.s0.who.attribute: customers has no column `teir`; did you mean `tier`?"]
    document = json.loads(run("validate", "-w", root, "--data", "--format", "json").stdout)
    (problem,) = document["problems"]
    assert (document["valid"], document["with_data"], problem["line"], problem["suggestion"]) == (
        False,
        True,
        3,
        "tier",
    )
    github = run("validate", "-w", root, "--data", "--format", "github")
    assert github.code == 78
    assert f"::error file={root}/definitions.yaml,line=3,col=27,title=reconciler::" in github.stdout


def test_warnings_are_warnings_in_every_format(root: Path) -> None:
    """What does not make the workspace invalid is marked as such for programs and for GitHub."""
    checked(root, "{ event: newsletter_opened }")
    document = json.loads(run("validate", "-w", root, "--data", "--format", "json").stdout)
    assert (document["valid"], [each["severity"] for each in document["problems"]]) == (True, ["warning"])
    github = run("validate", "-w", root, "--data", "--format", "github")
    assert github.code == 0
    assert github.stdout.startswith("::warning file=")


def test_a_source_without_a_place_is_told_to_programs_too(root: Path) -> None:
    """An engine that can't be reached is no line of the YAML; the document says so all the same."""
    settings = (root / "reconciler.yaml").read_text(encoding="utf-8")
    elsewhere = (
        settings.replace("source:\n", "source:\n  engine: postgres\n")
        .replace(".csv", "")
        .replace("table: ", "table: shop.")
    )
    (root / "reconciler.yaml").write_text(elsewhere, encoding="utf-8")
    done = run("validate", "-w", root, "--data", "--format", "json")
    (problem,) = json.loads(done.stdout)["problems"]
    assert (done.code, problem["file"], problem["line"]) == (78, None, None)
    assert problem["message"]


@pytest.mark.parametrize("missing", ["customers.csv", "events.csv"])
def test_a_table_that_is_not_there_is_told_where_it_is_declared(root: Path, missing: str) -> None:
    """A file that the settings name and nobody has exported is a problem of that line."""
    (root / missing).unlink()
    done = checked(root, "{ everyone: true }")
    assert done.code == 78
    assert f".table: nothing matches `{missing}`" in done.stderr


def test_tables_without_rows_are_told_once(root: Path) -> None:
    """Of an empty export it is said that it is empty, not that each name never occurs."""
    (root / "events.csv").write_text("customer_id,event,occurred_at,category\n", encoding="utf-8")
    done = checked(root, "{ event: purchase, where: { category: tent } }", "{ event: cart_added }")
    assert done.code == 0
    assert len(done.stderr.splitlines()) == 1
    assert "warning: source.events.table: has no rows" in done.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"customer_id": "c1"}, "`customer_id` repeats in 59 of 60 rows"),
        ({"customer_id": ""}, "60 of 60 rows have no `customer_id`"),
        (
            {"email": "5d41402abc4b2a76b9719d911017c592"},
            "`email` is declared as plain, and 60 of 60 values are digests",
        ),
    ],
)
def test_what_a_plan_would_refuse_is_refused(root: Path, change: Mapping[str, object], message: str) -> None:
    """Keys that repeat or are missing, and digests where addresses were declared, are found without a plan."""
    write_csv(root / "customers.csv", [{**each, **change} for each in CUSTOMERS])
    done = checked(root, "{ everyone: true }")
    assert done.code == 78
    assert message in done.stderr


def test_a_query_that_can_not_be_run_is_found(root: Path) -> None:
    """A column that a query reads and no table has is told where the query is named."""
    good = "SELECT customer_id FROM customers WHERE tier = 'gold'\n"
    done = checked(
        root,
        "{ query: good.sql }",
        "{ query: bad.sql }",
        **{"good.sql": good, "bad.sql": good.replace("tier", "teir")},
    )
    assert done.code == 78
    assert [line.split(":")[0] for line in told(done)] == ["4 segments.s1.who.query"]
    assert "this query can't be run" in done.stderr


def test_lists_and_typed_columns_are_looked_into(root: Path) -> None:
    """Of a column of lists every element counts; booleans, numbers and times of Parquet are read as they are."""
    settings = (root / "reconciler.yaml").read_text(encoding="utf-8")
    (root / "reconciler.yaml").write_text(settings.replace("customers.csv", "customers.parquet"), encoding="utf-8")
    columns = (
        "customer_id, email, ['camping', 'hiking'] as interests, true as vip, 5::decimal(9, 2) as spent, "
        "timestamp '2026-11-01' as joined"
    )
    duckdb.read_csv(str(root / "customers.csv")).project(columns).write_parquet(str(root / "customers.parquet"))
    done = checked(
        root,
        "{ attribute: interests, is: [camping, hikking] }",
        "{ attribute: vip, is: true }",
        "{ attribute: vip, is: false }",
        "{ attribute: spent, at_least: 5 }",
        "{ attribute: joined, older_than: 1d }",
        "{ attribute: vip, at_least: 1 }",
        "{ attribute: joined, at_least: 1 }",
    )
    assert told(done) == [
        "3 segments.s0.who.is[1]: `hikking` never occurs in `interests`; did you mean `hiking`?",
        "5 warning: segments.s2.who.is: `false` never occurs in `vip`",
        "8 segments.s5.who.at_least: no value of `vip` can be read as a number",
        "9 segments.s6.who.at_least: no value of `joined` can be read as a number",
    ]


def test_kinds_and_values_of_several_sources_count(root: Path) -> None:
    """What any source of events has occurs; a source of one kind has that kind."""
    settings = (root / "reconciler.yaml").read_text(encoding="utf-8")
    one = "{ table: events.csv, customer: customer_id, name: event, time: occurred_at }"
    other = "{ table: orders.csv, customer: who, name: { is: order_paid }, time: at }"
    (root / "reconciler.yaml").write_text(settings.replace(one, f"[{one}, {other}]"), encoding="utf-8")
    write_csv(root / "orders.csv", [{"who": "c1", "at": "2026-11-20", "shop": "berlin"}])
    done = checked(
        root,
        "{ event: [order_paid, purchase], where: { shop: berlin } }",
        "{ event: order_payed, where: { category: tent } }",
    )
    assert told(done) == ["4 segments.s1.who.event: `order_payed` never occurs; did you mean `order_paid`?"]


def test_neither_network_nor_credentials_nor_state_are_needed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On files nothing is connected to, nothing is written, and no secret is asked for."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection")

    for name in ("CRITEO_CLIENT_ID", "CRITEO_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    before = sorted(path.name for path in root.iterdir())
    assert checked(root, "{ event: purchase }").code == 0
    assert sorted(path.name for path in root.iterdir()) == before
