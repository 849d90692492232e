"""`reconciler test` through the command line: who is expected, who is there, and what is told of it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.testing.conftest import DEFINITIONS, PEOPLE, SETTINGS, Tester, events


def given(*rows: str, orders: tuple[str, ...] = (), people: str = PEOPLE) -> str:
    return f"    given:\n{people}{events(*rows, orders=orders)}"


CARTS = given("ann cart_added 3h", "bob cart_added 5h", "cem cart_added 24h", "fox cart_added 1h", orders=("dee 1h",))
SENT = given(*(f"{who} cart_added 3h" for who in ("ann", "bob", "cem", "fox")))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (CARTS, "expect: { carts.hot: [ann], carts.warm: [bob], carts: 2, lookers: 0 }"),
        (given("ann cart_added 4h", "bob cart_added 23h"), "expect: { carts.hot: [], carts.warm: [bob, ann] }"),
        (given("ann cart_added 3h", orders=("ann 3h",)), "expect: { carts: 0 }"),
        (given("ann cart_added 3h", orders=("ann 4h",)), "expect: { carts: { at_least: 1, at_most: 1 } }"),
        (given("cem cart_added 3h", "dee product_viewed 71h"), "expect: { interested: [cem, dee] }"),
        (given(), "expect: { winter: [ann], unsubscribed: [eva] }"),
        (given(), "expect_sent: { winter: [], unsubscribed: [eva, fox] }"),
        (SENT, "expect_sent: { segment.carts: [ann, dee], audience.carts: [ann, dee] }"),
        (SENT, "expect: { carts: [ann, bob, cem] }"),
        (
            given("ann cart_added 3h", "dee product_viewed 3h"),
            "expect_sent: { audience.carts: 0, lookers: [dee, ann] }",
        ),
        (given("eva product_viewed 1h"), "expect_sent: { lookers: [eva, fox], later: [] }"),
    ],
    ids=[
        "who, slices and numbers",
        "bounds of windows",
        "the same instant counts as later",
        "an earlier order does not count",
        "an unpublished segment is the union of what it refers to",
        "who asks neither for consent nor for the period",
        "sent is empty before the period, and suppression needs no consent",
        "sent needs consent and a valid address, and all who hold it are reached",
        "who needs neither",
        "an audience leaves out who is on an excluded list",
        "a telephone number of two people reaches both; an audience waits for its period",
    ],
)
def test_who_belongs_is_who_is_expected(tester: Tester, given: str, expected: str) -> None:
    """What the language means is what a test finds."""
    done = tester(f"{given}    {expected}\n")
    assert done.code == 0, done.said
    assert "1 test: all passed" in done.stdout


def test_a_failing_test_tells_who_was_expected_and_who_was_there(tester: Tester) -> None:
    """Missing and unexpected people are named, with the place of the expectation; the exit code is 1."""
    done = tester(f"{CARTS}    expect: {{ carts.hot: [bob], lookers: 1 }}\n", f"{CARTS}    expect: {{ lookers: 0 }}\n")
    assert done.code == 1
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert any("test 0" in line and line.startswith("✗") for line in lines)
    assert any("test 1" in line and line.startswith("✓") for line in lines)
    for line in ("expected: bob", "there:    ann", "missing:  bob", "unexpected: ann", "expected: 1 person"):
        assert line in lines
    assert any(line.startswith("2 tests: 1 failed, 1 passed") for line in lines)


def test_a_failing_test_tells_which_condition_decided(tester: Tester) -> None:
    """Of the missing the conditions that fail or deny, of the unexpected those that hold; with values and events."""
    text = given("ann cart_added 3h", "bob cart_added 5h", "fox cart_added 1h", orders=("dee 1h",))
    done = tester(f"{text}    expect: {{ carts.hot: [bob, fox] }}\n")
    lines = [line.strip() for line in done.stdout.splitlines()]
    told = {
        name: lines[lines.index(f"{name}:") : lines.index(f"{name}:") + 5]
        for name in ("bob is not there", "fox is not there", "ann is there")
    }
    cart = "the latest `cart_added` is less than 4 hours old, and no `purchase` came after it"
    assert told["bob is not there"][2].startswith(f"✗ {cart} (")
    assert told["bob is not there"][2].endswith("definitions.yaml:7)")
    assert told["bob is not there"][3] == "the latest: cart_added 2026-11-21 13:00:00 UTC, 5 h ago"
    assert told["fox is not there"][2].startswith("✓ kept out by: `tags` is `blocked`")
    assert told["fox is not there"][3] == "is `[new, blocked]`"
    assert told["ann is there"][2].startswith(f"✓ {cart} (")


def test_a_failing_audience_tells_which_list_holds_somebody_out(tester: Tester) -> None:
    """What is sent needs consent and an identifier, and an excluded list is named."""
    text = given("ann cart_added 3h", "bob cart_added 3h", "ann product_viewed 1h")
    done = tester(f"{text}    expect_sent: {{ audience.carts: [ann, bob] }}\n")
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert "held out by segment.lookers" in lines[lines.index("ann is not there:") :][:4]
    assert "has not given consent" in lines[lines.index("bob is not there:") :]


def test_an_audience_reaches_by_single_identifiers(tester: Tester) -> None:
    """Somebody with a second address is reached by it where the first one is on an excluded list; as Criteo's own."""
    people = PEOPLE.replace("consent: no }", "consent: yes, phone: 0199007777 }")
    sharing = people + "        - { customer_id: gus, phone: 0199007777, consent: yes }\n"
    text = given("bob cart_added 3h", "gus product_viewed 1h", people=sharing)
    done = tester(f"{text}    expect_sent: {{ lookers: [bob, gus], audience.carts: [bob] }}\n")
    assert done.code == 0, done.said


def test_the_place_of_a_failed_expectation_is_told(tester: Tester, tmp_path: Path) -> None:
    """File, line and column lead to the expectation."""
    done = tester(f"{CARTS}    expect:\n      carts.hot: []\n")
    told = next(line.strip() for line in done.stdout.splitlines() if "carts.hot" in line)
    place = told.removesuffix(": carts.hot, who meets it").removesuffix(" carts.hot, who meets it").rstrip(":")
    file, line, column = place.rsplit(":", 2)
    text = Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert text[int(column) - 1 :].startswith("carts.hot:")


def test_what_nobody_is_expected_in_is_named(tester: Tester) -> None:
    """Segments, slices and audiences without anybody in any test stand in a warning; with --select there is none."""
    passing = f"{CARTS}    expect: {{ carts.hot: [ann], lookers: 0 }}\n"
    done = tester(passing, f"{SENT}    expect_sent: {{ audience.carts: 2 }}\n")
    assert (
        "Warning: no test has anybody in carts.warm, interested, lookers, unsubscribed, winter, audience.later."
        in done.stdout
    )
    done = tester(passing, f"{CARTS}    expect: {{ carts.hot: [ann] }}\n", options=("--select", "test 1"))
    assert "Warning" not in done.stdout
    assert "1 test: all passed" in done.stdout


def test_tests_are_chosen_by_name_and_by_what_they_are_about(tester: Tester) -> None:
    """`--select` takes names, segments, audiences and patterns, and refuses what means no test."""
    tests = (
        f"{CARTS}    expect: {{ carts.hot: [ann] }}\n",
        f"{CARTS}    expect: {{ lookers: 0 }}\n",
        f"{SENT}    expect_sent: {{ audience.carts: 2 }}\n",
    )
    for chosen, number in (("lookers", 1), ("carts", 2), ("audience.carts", 1), ("test*", 3), ("segment.carts.*", 1)):
        told = json.loads(tester(*tests, options=("--select", chosen, "--format", "json")).stdout)
        assert len(told["tests"]) == number, chosen
    refused = tester(*tests, options=("--select", "winner"))
    assert refused.code == 64
    assert "winner" in refused.stderr


def test_without_tests_it_says_so(tester: Tester) -> None:
    """A workspace without tests is told so, and how to begin."""
    done = tester()
    assert done.code == 0
    assert "no tests" in done.stdout


def test_an_invalid_workspace_runs_no_test(tester: Tester) -> None:
    """What is wrong with a test is told as validate tells it, with exit code 78."""
    done = tester(f"{CARTS}    expect: {{ cart.hot: [ann] }}\n")
    assert done.code == 78
    assert "there is no segment `cart`; did you mean `carts`?" in done.stderr
    assert done.stdout == ""


def test_an_address_among_hashes_is_an_error_of_its_test_alone(tester: Tester) -> None:
    """A fixture that is not what the source declares fails its own test, and the others go on."""
    hashed = SETTINGS.replace("{ email: email,", "{ email: { columns: [email], hashed: sha256 },")
    people = "      customers: [ { customer_id: ann, email: ann@example.com, consent: yes, tags: x } ]\n"
    wrong = given("ann cart_added 3h", people=people)
    right = wrong.replace("ann@example.com", "5e" * 32)
    expected = "    expect_sent: { segment.carts: [ann] }\n"
    settings = hashed.replace("{ email: order_email }", "{ email: { columns: [order_email], hashed: sha256 } }")
    done = tester(wrong + expected, right + expected, settings=settings)
    assert done.code == 1, done.said
    assert "1 failed, 1 passed" in done.stdout
    assert "Identifiers are not what was declared." in done.stdout
    assert "ann@example.com" not in done.said


def test_the_same_in_json_and_in_junit(tester: Tester, tmp_path: Path) -> None:
    """Programs read names, places, failures and times; build servers read JUnit's XML, also from a file."""
    tests = (f"{CARTS}    expect: {{ carts.hot: [bob] }}\n", f"{CARTS}    expect: {{ lookers: 0 }}\n")
    told = json.loads(tester(*tests, options=("--format", "json")).stdout)
    assert (told["passed"], told["failed"]) == (1, 1)
    (failure,) = told["tests"][0]["failures"]
    assert (failure["missing"], failure["unexpected"], failure["about"]) == (["bob"], ["ann"], "segment.carts.hot")
    report = tmp_path / "report.xml"
    tester(*tests, options=("--junit", str(report)))
    for text in (report.read_text(encoding="utf-8"), tester(*tests, options=("--format", "junit")).stdout):
        root = ET.fromstring(text)  # noqa: S314 - our own
        assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "1", "0")
        assert [case.get("name") for case in root.iter("testcase")] == ["test 0", "test 1"]
        (found,) = root.iter("failure")
        assert "missing:  bob" in (found.text or "")


def test_rows_may_come_from_files(tester: Tester, tmp_path: Path) -> None:
    """A CSV file of the workspace gives the same as rows in the YAML, with `ago` and columns that nobody reads."""
    root = tmp_path / "workspace" / "fixtures"
    root.mkdir(parents=True)
    (root / "people.csv").write_text("customer_id,email,tags,shoe\nann,ann@example.com,,44\nbob,,blocked,\n")
    (root / "events.csv").write_text("customer_id,event,ago,at\nann,cart_added,3h,\nbob,cart_added,,2026-11-21T17:00\n")
    text = "    given: { customers: fixtures/people.csv, events: { events.csv: fixtures/events.csv } }\n"
    done = tester(f"{text}    expect: {{ carts.hot: [ann], interested: [ann] }}\n")
    assert done.code == 0, done.said


def test_records_of_one_person_are_one(tester: Tester) -> None:
    """Any key of hers means her, she counts once, and her events are those of all her records."""
    settings = SETTINGS.replace("    consent:", "    same_person: email\n    consent:")
    one_person = given("dee cart_added 3h", "ann product_viewed 1h")
    done = tester(
        f"{one_person}    expect: {{ carts.hot: [ann], carts: [dee], lookers: 1, interested: [ann, dee] }}\n",
        settings=settings,
    )
    assert done.code == 0, done.said


def test_guests_find_their_people(tester: Tester) -> None:
    """An event without customer counts for whoever has its address, also one that only Python can normalise."""
    row = "{ order_email: FÖX@example.com, event: product_viewed, ago: 1h }"
    rows = f"      events:\n        events.csv:\n          - {row}\n"
    done = tester(f"    given:\n{PEOPLE}{rows}    expect: {{ lookers: [fox] }}\n")
    assert done.code == 0, done.said


def test_other_engines_are_tested_on_the_built_in_one(tester: Tester) -> None:
    """A workspace on Postgres needs none to be tested, but for what asks a query of it."""
    settings = SETTINGS.replace("source:\n", "source:\n  engine: postgres\n")
    for name in ("customers", "events", "orders"):
        settings = settings.replace(f"table: {name}.csv", f"table: shop.{name}")
    text = CARTS.replace("events.csv", "shop.events").replace("orders.csv", "shop.orders")
    done = tester(f"{text}    expect: {{ carts.hot: [ann] }}\n", settings=settings)
    assert done.code == 0, done.said


def test_no_test_leaves_anything_to_another(tester: Tester) -> None:
    """The same people with and without events, in every order, are what they are alone."""
    bought = given("ann cart_added 3h", orders=("ann 1h",))
    tests = [
        f"{bought}    expect: {{ carts: 0 }}\n",
        f"{CARTS}    expect: {{ carts.hot: [ann] }}\n    expect_sent: {{ segment.carts.hot: [ann, dee] }}\n",
        f"{given()}    expect: {{ carts: 0, winter: [ann] }}\n    expect_sent: {{ segment.carts.hot: [] }}\n",
        "    given: { customers: [] }\n    expect: { carts: 0 }\n    expect_sent: { segment.carts.hot: 0 }\n",
    ]
    for order in (tests, tests[::-1], [*tests[2:], *tests[:2]]):
        assert tester(*order).code == 0


def test_nothing_is_written_and_no_data_is_needed(tester: Tester, tmp_path: Path) -> None:
    """No declared file is there, and none is made."""
    tester(f"{CARTS}    expect: {{ carts.hot: [ann] }}\n")
    assert {path.name for path in (tmp_path / "workspace").iterdir()} == {
        "reconciler.yaml",
        "definitions.yaml",
        "tests.yaml",
    }
    assert "purchase" in DEFINITIONS


def test_queries_and_files_of_keys_see_the_rows_of_the_test(tester: Tester, tmp_path: Path) -> None:
    """A query reads what is given and no data, a file of keys is the workspace's; no test sees the rows of another."""
    root = tmp_path / "workspace"
    root.mkdir()
    sql = "select buyer from events_2 where ordered > :as_of - interval 1 day\n"
    (root / "buyers.sql").write_text(sql, encoding="utf-8")
    (root / "staff.csv").write_text("customer_id\nann\nbob\n", encoding="utf-8")
    definitions = DEFINITIONS.replace(
        "segments:\n", "segments:\n  buyers: { who: { query: buyers.sql } }\n  staff: { who: { keys: staff.csv } }\n"
    )
    expected = "    expect: {{ buyers: [{0}], staff: [ann, bob] }}\n"
    done = tester(
        given(orders=("ann 1h", "bob 25h")) + expected.format("ann"),
        given(orders=("bob 1h",)) + expected.format("bob"),
        given() + expected.format(""),
        definitions=definitions,
    )
    assert done.code == 0, done.said
    failing = tester(given(orders=("ann 1h",)) + expected.format("bob"), definitions=definitions)
    assert "bob is not there:" in failing.stdout


def test_a_query_that_fails_fails_its_own_tests_alone(tester: Tester, tmp_path: Path) -> None:
    """What a query can't do with text is told where it was asked, and the other tests go on."""
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "rich.sql").write_text("select customer_id from customers where sum(tier) > 5\n", encoding="utf-8")
    definitions = DEFINITIONS.replace("segments:\n", "segments:\n  rich: { who: { query: rich.sql } }\n")
    done = tester(given() + "    expect: { rich: 0 }\n", CARTS + "    expect: { carts: 2 }\n", definitions=definitions)
    assert done.code == 1
    assert "2 tests: 1 failed, 1 passed" in done.stdout
    assert "which it has to cast" in done.stdout
