"""`reconciler init`, through the command line: what it asks, what it finds in files, and what it never does."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.cli.commandline import AS_OF, Criteo, Ran, environment, process, run, write_csv
from tests.cli.terminal import Terminal

PEOPLE = [
    {"customer_id": f"c{number}", "email": f"someone-{number}@example.com", "marketing_consent": "yes"}
    for number in range(9)
]
EVENTS = [
    {"customer_id": f"c{number}", "event": kind, "occurred_at": f"2026-11-2{day}T12:00:00Z"}
    for number, (kind, day) in enumerate([("cart_added", 1), ("purchase", 1), ("product_viewed", 0)] * 3)
]
Rows = Sequence[Mapping[str, object]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of a good name, entered."""
    place = tmp_path / "Acme Shop"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def init(*arguments: str | Path, customers: Rows | None = None, events: Rows | None = None) -> Ran:
    """A workspace from two files in the current folder, by the clock of the tests."""
    write_csv(Path("customers.csv"), PEOPLE if customers is None else customers)
    write_csv(Path("events.csv"), EVENTS if events is None else events)
    return run("init", "--yes", "--as-of", AS_OF, "--from", "customers.csv", "--from", "events.csv", *arguments)


def forget() -> None:
    """Take the workspace away, and leave the data."""
    for path in [*Path().glob("*.yaml"), *Path(".schemas").iterdir(), Path(".gitignore")]:
        path.unlink()


def source() -> dict[str, object]:
    """What the written workspace says of its source."""
    found: dict[str, object] = yaml.safe_load(Path("reconciler.yaml").read_text(encoding="utf-8"))["source"]
    return found


def segments() -> dict[str, dict[str, object]]:
    """The segments of the written workspace."""
    found: dict[str, dict[str, object]] = yaml.safe_load(Path("segments.yaml").read_text(encoding="utf-8"))["segments"]
    return found


def test_made_up_data_is_valid_formed_and_planned(folder: Path, criteo: Criteo) -> None:
    """Without files: a shop of ours, a workspace named after the folder, valid, formed, with a plan that sends."""
    made = run("init", "--yes")
    assert (made.code, made.stderr) == (0, "")
    assert "named by `event`" in made.stdout
    assert run("validate").stdout == "Workspace acme-shop is valid: 5 published segments, 6 lists, 3 audiences.\n"
    assert (run("fmt", "--check").said, run("lint", "--strict").code) == ("", 0)
    tested = run("test")
    assert (tested.code, "5 tests: all passed" in tested.stdout, "Warning" in tested.said) == (0, True, False)
    planned = run("plan", "--format", "json")
    counts = {each["address"]: each["after"] for each in json.loads(planned.stdout)["members"]}
    assert planned.code == 0
    assert min(counts.values()) > 3, counts
    text = (folder / "data" / "customers.csv").read_text(encoding="utf-8")
    assert text.count("example.com") == len(text.splitlines()) - 1


def test_two_files_become_tables_events_and_segments(folder: Path) -> None:
    """Key, addresses, consent, time and kinds are found by what stands in the columns, and nothing is left to ask."""
    made = init()
    assert made.code == 0
    assert "QUESTION" not in made.stdout
    assert source() == {
        "customers": {
            "table": "customers.csv",
            "key": "customer_id",
            "identifiers": {"email": "email"},
            "consent": {"column": "marketing_consent", "missing": "ignore"},
        },
        "events": {
            "table": "events.csv",
            "customer": "customer_id",
            "name": "event",
            "time": "occurred_at",
            "fresh_within": {"*": "24h"},
        },
    }
    assert set(segments()) == {"recent-purchasers", "cart-abandoners", "keen-browsers", "lapsed-customers"}
    assert (run("validate").code, run("fmt", "--check").said, run("test").code) == (0, "", 0)


def test_columns_are_found_whatever_they_are_called(folder: Path) -> None:
    """Other names, another order, a key beside another number, a column of refusals: content decides."""
    people = [
        {"phone": "0612345678", "nr": n, "mail_address": f"p{n}@example.org", "row": n + 500, "opt_out": n % 2}
        for n in range(8)
    ]
    events = [{"when": f"2026-11-21 1{n}:00:00", "buyer": n, "what": "Order Completed"} for n in range(8)]
    made = init(customers=people, events=events)
    customers, happened = source()["customers"], source()["events"]
    assert made.code == 0
    assert isinstance(customers, dict)
    assert (customers["key"], customers["identifiers"]) == ("nr", {"email": "mail_address"})
    assert isinstance(happened, dict)
    assert (happened["customer"], happened["name"], happened["time"]) == ("buyer", "what", "when")
    assert segments()["unsubscribed"]["who"] == {"attribute": "opt_out", "is": True}
    assert segments()["recent-purchasers"]["who"] == {"event": "Order Completed", "within": "7d"}
    assert "QUESTION" in Path("reconciler.yaml").read_text(encoding="utf-8")
    assert "`phone` looks like telephone numbers" in made.stdout
    assert "No column says who agreed" in made.stdout
    assert (run("validate").code, run("test").code) == (0, 0)


def test_files_of_every_kind_and_globs_are_read(folder: Path) -> None:
    """Parquet, gzipped JSON and a glob of CSV; an order file without a column of kinds is all purchases."""
    Path("shop").mkdir()
    people = "SELECT range AS id, 'p' || range || '@example.com' AS email FROM range(20)"
    duckdb.execute(f"COPY ({people}) TO 'people.parquet'")
    for day in (19, 20):
        write_csv(Path(f"shop/orders-{day}.csv"), [{"id": n, "paid_at": f"2026-11-{day}T10:00:00Z"} for n in range(9)])
    rows = "".join(json.dumps({"id": n, "event": "add_to_cart", "at": "2026-11-21T17:00:00Z"}) + "\n" for n in range(5))
    Path("web.json.gz").write_bytes(gzip.compress(rows.encode()))
    names = ("people.parquet", "shop/orders-*.csv", "web.json.gz")
    made = run("init", "--yes", "--as-of", AS_OF, *(word for name in names for word in ("--from", name)))
    assert made.code == 0, made.said
    events = source()["events"]
    assert isinstance(events, list)
    assert [each["table"] for each in events] == ["shop/orders-*.csv", "web.json.gz"]
    assert [each["name"] for each in events] == [{"is": "purchase"}, "event"]
    assert segments()["cart-abandoners"]["who"]["all"][0]["event"] == "add_to_cart"  # type: ignore[index]
    assert [run(command).code for command in ("validate", "test", "audit")] == [0, 0, 0]


def test_hashes_and_shared_addresses_are_said_so(folder: Path) -> None:
    """A column of SHA-256 is declared as such; an address in several rows makes them one person."""
    hashed = [{"id": n, "email_hash": f"{n:064x}"} for n in range(6)]
    assert init(customers=hashed, events=[{"id": 1, "event": "view", "at": "2026-11-21"}]).code == 0
    assert source()["customers"]["identifiers"] == {"email": {"columns": ["email_hash"], "hashed": "sha256"}}  # type: ignore[index]
    assert run("test").code == 0
    forget()
    assert init(customers=[*PEOPLE, {**PEOPLE[0], "customer_id": "again"}]).code == 0
    assert source()["customers"]["same_person"] == "email"  # type: ignore[index]


def test_names_that_yaml_would_misread_are_quoted(folder: Path) -> None:
    """Columns and kinds of odd names are written so that they are read again as they are."""
    people = [{"Customer: ID": n, "#mail": f"p{n}@example.com", "yes": n} for n in range(20)]
    events = [{"Customer: ID": n, "- type": "Added: to Cart", "@time": "2026-11-21"} for n in range(20)]
    assert init(customers=people, events=events).code == 0
    customers, happened = source()["customers"], source()["events"]
    assert (customers["key"], customers["identifiers"]) == ("Customer: ID", {"email": "#mail"})  # type: ignore[index]
    assert (happened["name"], happened["time"]) == ("- type", "@time")  # type: ignore[index]
    assert [run(command).code for command in ("validate", "test", "fmt")] == [0, 0, 0]


def test_a_number_that_only_looks_like_a_customer_is_not_one(folder: Path) -> None:
    """Order numbers from 1 on are all customer numbers too; the column that is called so wins. Guests are found."""
    people = [{"id": n, "email": f"p{n}@example.com"} for n in range(30)]
    orders = [
        {"order": n, "customer": n if n % 2 else "", "mail": f"p{n}@example.com", "paid": "2026-11-20"}
        for n in range(30)
    ]
    assert init(customers=people, events=orders).code == 0
    assert source()["events"]["customer"] == "customer"  # type: ignore[index]
    assert source()["events"]["identifiers"] == {"email": "mail"}  # type: ignore[index]


def test_orders_without_a_customer_number_are_found_by_address(folder: Path) -> None:
    """Where both files share only addresses, every row is that of whoever has its address."""
    people = [{"id": n, "email": f"p{n}@example.com"} for n in range(900, 930)]
    orders = [{"order": f"#{n}", "mail": f"P{n}@example.com", "paid": "2026-11-20"} for n in range(900, 910)]
    write_csv(Path("people.csv"), people)
    write_csv(Path("orders.csv"), orders)
    made = run("init", "--yes", "--as-of", AS_OF, "--from", "people.csv", "--from", "orders.csv")
    assert "so its rows are those of whoever has the address in `mail`" in made.stdout
    assert source()["events"]["identifiers"] == {"email": "mail"}  # type: ignore[index]
    assert [run(*words).code for words in (["validate", "--data"], ["test"])] == [0, 0]
    counted = run("explain", "recent-purchasers", "--as-of", AS_OF).stdout
    assert "10            belong by the conditions" in counted


def test_no_value_of_anybody_is_written_or_shown(folder: Path) -> None:
    """Of all cells only the kinds of events come out: not in the YAML, not on the screen."""
    people = [
        {**each, "name": f"Surname-{n} Given-{n}", "phone": f"+3361234560{n}", "city": f"Town-{n}"}
        for n, each in enumerate(PEOPLE)
    ]
    events = [{**each, "note": f"left {n} with the neighbour", "ip": f"192.0.2.{n}"} for n, each in enumerate(EVENTS)]
    made = init(customers=people, events=events)
    assert made.code == 0
    written = made.said + "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.yaml"))
    cells = {str(value) for row in (*people, *events) for value in row.values()} - {each["event"] for each in EVENTS}
    assert "yes" in cells
    assert [cell for cell in cells - {"yes"} if cell in written] == []


def test_events_without_a_purchase_are_asked_about(folder: Path) -> None:
    """Where no kind is called like a purchase, who has bought can't be left out."""
    made = init(events=[{**each, "event": "cart_added"} for each in EVENTS])
    assert "Which kind of event is a purchase?" in made.stdout
    assert "QUESTION: Which kind of event is a purchase?" in Path("reconciler.yaml").read_text(encoding="utf-8")


def test_a_stale_feed_is_asked_about(folder: Path) -> None:
    """Data whose newest event is old is no feed that could be held to an age."""
    made = init(events=[{**each, "occurred_at": "2026-09-01T00:00:00Z"} for each in EVENTS])
    assert "The newest event is 82 days old" in made.stdout
    assert "fresh_within" not in source()["events"]  # type: ignore[operator]


WRONG = {
    "nothing matches `nothing.csv`": ("nothing.csv", None),
    "has no rows": ("empty.csv", "customer_id,email\n"),
    "does not name its columns": ("bare.csv", "c1,someone@example.com\nc2,other@example.com\n"),
    "No file has identifiers": ("nobody.csv", "customer_id,town\n1,Lyon\n"),
    "have no key": ("keyless.csv", "town,email\nLyon,a@example.com\nLyon,b@example.com\n"),
    "of no known format": ("people.xlsx", "PK"),
    "can't be read": ("broken.csv", 'customer_id,email\n1,"a@example.com\n'),
    "leaves a column without a name": ("pandas.csv", ",customer_id,email\n0,1,a@example.com\n"),
    "A folder is no file": (".", None),
    "lies outside of the workspace": ("../elsewhere.csv", "customer_id,email\n1,a@example.com\n"),
}


@pytest.mark.parametrize("said", WRONG)
def test_wrong_files_are_told_apart(folder: Path, said: str) -> None:
    """Each wrong file gets its own message, no value of it is shown, and nothing is written."""
    name, text = WRONG[said]
    if text is not None:
        Path(name).write_text(text, encoding="utf-8")
    ran = run("init", "--yes", "--from", name)
    assert ran.code in (64, 78)
    assert said in ran.stderr
    assert "example.com" not in ran.said
    assert [path.name for path in folder.iterdir()] == ([] if text is None or ".." in name else [name])


TIMES = {
    "in the order of some country": "21/11/2026 12:00",
    "since 1970": "1763726400",
    "begins with a date": "2026-11-21 at noon",
    "no column holds times that can be read": "yesterday",
}


@pytest.mark.parametrize("said", TIMES)
def test_events_without_readable_times_are_refused(folder: Path, said: str) -> None:
    """What a time looks like is told where it is known, and how it should be written."""
    ran = init(events=[{"customer_id": f"c{n}", "event": "purchase", "time": TIMES[said]} for n in range(9)])
    assert (ran.code, ran.stdout) == (78, "")
    assert said in ran.stderr
    assert "2026-11-21T18:00:00Z" in ran.stderr


def test_events_of_other_people_are_refused(folder: Path) -> None:
    """Where no column holds the customers' keys, a name alone does not convince."""
    ran = init(events=[{**each, "customer_id": f"x{number}"} for number, each in enumerate(EVENTS)])
    assert ran.code == 78
    assert "events.csv: no column holds values of `customer_id` of customers.csv" in ran.stderr


def test_nothing_is_ever_overwritten(folder: Path) -> None:
    """A workspace, or one file of it, that is there already is left alone; a .gitignore is told what it lacks."""
    Path(".gitignore").write_text("mine\n", encoding="utf-8")
    first = run("init", "--yes")
    assert "add to it: /.reconciler/, /data/" in first.stdout
    assert Path(".gitignore").read_text(encoding="utf-8") == "mine\n"
    again = run("init", "--yes")
    assert (again.code, again.stderr.splitlines()[0]) == (64, "There is a workspace already.")
    Path("other").mkdir()
    Path("other/segments.yaml").write_text("mine\n", encoding="utf-8")
    third = run("init", "other", "--yes")
    assert (third.code, "other/segments.yaml" in third.stderr) == (64, True)
    assert [path.name for path in Path("other").iterdir()] == ["segments.yaml"]


def test_a_folder_that_cannot_be_written_keeps_nothing(folder: Path) -> None:
    """Where one file can't be written, those before it go again."""
    Path("data").write_text("a file where a folder should be", encoding="utf-8")
    ran = run("init", "--yes")
    assert ran.code == 1
    assert ran.stderr.startswith("The workspace can't be written.")
    assert [path.name for path in folder.iterdir()] == ["data"]


def test_everything_has_the_owner_that_is_named(folder: Path) -> None:
    """Segments and audiences are owned by the team that is asked for."""
    assert init("--owner", "CRM: retention").code == 0
    audiences = yaml.safe_load(Path("audiences.yaml").read_text(encoding="utf-8"))["audiences"]
    assert {each["owner"] for each in (*segments().values(), *audiences.values())} == {"CRM: retention"}
    assert run("validate").code == 0


@pytest.mark.parametrize(
    ("option", "value"), [("--owner", " "), ("--workspace-name", "Acme Shop"), ("--advertiser", "forty-two")]
)
def test_options_are_held_to_the_rules_of_the_language(folder: Path, option: str, value: str) -> None:
    """A name or an id that the YAML would refuse is refused at once."""
    ran = run("init", "--yes", option, value)
    assert (ran.code, f"{option}: {value!r} can't be used" in ran.stderr) == (64, True)
    assert list(folder.iterdir()) == []


def test_without_anybody_to_ask_it_ends(folder: Path) -> None:
    """No terminal and no answer: it says so and writes nothing. With all given it asks nothing."""
    ran = process("init", cwd=folder)
    assert (ran.code, list(folder.iterdir())) == (64, [])
    assert "The input ended before every question was answered." in ran.stderr
    assert process("init", "--workspace-name", "acme", "--advertiser", "7", cwd=folder).code == 0
    assert 'advertiser: "7"' in Path("reconciler.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("answers", ["", "acme\n", "acme\n7\n"])
def test_input_that_ends_early_writes_nothing(folder: Path, answers: str) -> None:
    """Answers may be piped in; when they end before the questions do, so does the command."""
    command = [sys.executable, "-m", "reconciler", "init"]
    done = subprocess.run(
        command, input=answers, env=environment(), cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, list(folder.iterdir())) == (64, [])
    assert "Nothing was written." in done.stderr


def test_a_terminal_is_asked(folder: Path) -> None:
    """Three questions with defaults; what can't be used is asked again."""
    write_csv(Path("customers.csv"), PEOPLE)
    with Terminal("init", folder, env=environment()) as terminal:
        terminal.read_until("Name of the workspace [acme-shop]: ")
        terminal.type("Acme!\n")
        terminal.read_until("That can't be used: a small letter")
        terminal.type("acme\n")
        terminal.read_until("[42]: ")
        terminal.type("\n")
        terminal.read_until("made-up data): ")
        terminal.type(f"'{folder / 'customers.csv'}'\n")
        code, seen = terminal.end()
    assert (code, "customers.csv: 9 customers" in seen, run("test").code) == (0, True, 0)
    text = Path("reconciler.yaml").read_text(encoding="utf-8")
    assert ("workspace: acme\n" in text, 'advertiser: "42"' in text) == (True, True)


def test_ctrl_d_on_a_terminal_ends_it(folder: Path) -> None:
    """The end of the input is told, and nothing is half-written."""
    with Terminal("init", folder, env=environment()) as terminal:
        terminal.read_until("[acme-shop]: ")
        terminal.type("\x04")
        code, seen = terminal.end()
    assert (code, "The input ended" in seen, list(folder.iterdir())) == (64, True, [])
