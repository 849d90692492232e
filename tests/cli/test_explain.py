"""`reconciler explain` on a small shop in which every way in and out occurs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.cli.commandline import AS_OF, ROOT, process, run
from tests.cli.explained import explain, of, write


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A workspace of one's own, to be changed."""
    return write(tmp_path)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of all who only read it."""
    return write(tmp_path_factory.mktemp("workspace"))


ANN = """\
As of 2026-11-21 18:00:00 UTC.

IN   segment.carts.hot  "Carts (hot)"  definitions.yaml:4:3
     since 2026-11-21 15:00:00 UTC (3 h ago): the latest `cart_added` where `note` is there is less than 4 hours old, \
and no `purchase` came after it: holds from then on
     leaves at 2026-11-21 19:00:00 UTC (in 1 h): the latest `cart_added` where `note` is there is less than 4 hours \
old, and no `purchase` came after it: no longer holds
OUT  segment.carts.warm  "Carts (warm)"  definitions.yaml:4:3
     enters at 2026-11-21 19:00:00 UTC (in 1 h): the latest `cart_added` where `note` is there is at least 4 hours \
and less than 1 day old, and no `purchase` came after it: holds from then on
     does not hold: the latest `cart_added` where `note` is there is at least 4 hours and less than 1 day old, \
and no `purchase` came after it

Conditions of segment.carts.hot
  ✓ all of these hold and none of these holds  definitions.yaml:9:7
    ✓ all  the latest `cart_added` where `note` is there is less than 4 hours old, and no `purchase` came after it  \
definitions.yaml:10:11  <- decides
        the latest: cart_added 2026-11-21 15:00:00 UTC, 3 h ago, note aaaa 99999999 aa aaaaaa.aaaa@aaaaaaa.aaa
        came after it: none
    ✗ none is in segment `helped`  definitions.yaml:16:11
      ✗ any  the number of `ticket` events in the last 7 days is at least 2  definitions.yaml:22:11
      ✗ any  `contact` contains `@`  definitions.yaml:23:11
          is missing
    ✗ none `staff` is true  definitions.yaml:17:11
        is `no`
Consent: given
Identifiers (e-mail): 1 of 1 sent
Identifiers (telephone): 1 of 1 sent
"""


def test_a_person_is_explained_by_address_without_repeating_it(workspace: Path) -> None:
    """As a process with nothing in its environment: the answer first, then each condition with its place and events."""
    before = sorted(workspace.rglob("*"))
    words = ("explain", "carts", "--email", " secret.ann@EXAMPLE.com", "--as-of", AS_OF)
    done = process(*words, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}, cwd=workspace)

    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == ANN
    assert sorted(workspace.rglob("*")) == before


@pytest.mark.parametrize(
    "who",
    [
        ("--phone", "+33 6 12 34 56 78"),
        ("--key", "c-ann"),
        ("--identifier", "phoneNumber=0612345678"),
        ("--identifier", f"email={hashlib.sha256(b'secret.ann@example.com').hexdigest()}"),
    ],
)
def test_the_same_person_is_found_in_every_way(workspace: Path, who: tuple[str, str]) -> None:
    """By number, key, identifier with its type, and by the digest that is sent."""
    assert explain(workspace, "carts", *who) == explain(workspace, "carts", "--email", "secret.ann@example.com")


KEPT_OUT = {
    "c-bob": "has not given consent",
    "c-cat": "somebody else who holds the same identifier is kept out by `none`",
    "c-dan": "kept out by `none`: `staff` is true",
    "c-eve": "has no identifier that can be sent",
    "c-fay": "kept out by `none`: is in segment `helped`",
}


@pytest.mark.parametrize("key", KEPT_OUT)
def test_who_is_out_is_told_what_denies_them(workspace: Path, key: str) -> None:
    """Consent, the top-level `none`, another holder of the same address, and no identifier: each is said."""
    standing = of(explain(workspace, "carts.hot", "--key", key), "segment.carts.hot")

    assert standing["in"] is False
    assert KEPT_OUT[key] in standing["reasons"]


def test_identifiers_are_told_by_count_and_reason(workspace: Path) -> None:
    """What can't be sent is there by its reason, what is kept back by whose doing it is."""
    told = explain(workspace, "carts.hot", "--key", "c-eve")
    shared = explain(workspace, "carts.hot", "--key", "c-cat")

    assert [(each["type"], each["invalid"]) for each in of(told, "segment.carts.hot")["identifiers"]] == [
        ("email", {"no_at": 1}),
        ("phoneNumber", {"too_short": 1}),
    ]
    assert of(shared, "segment.carts.hot")["identifiers"][0]["kept_back"] == {KEPT_OUT["c-cat"]: 1}


def test_everybody_who_holds_an_address_is_explained(workspace: Path) -> None:
    """An address that two people hold is both of theirs."""
    people = explain(workspace, "carts.hot", "--email", "shared.box@example.com")["people"]

    assert [each["lists"][0]["reasons"][0] for each in people] == [
        KEPT_OUT["c-cat"],
        "kept out by `none`: is in segment `helped`",
    ]


def test_the_events_that_decided_are_shown_and_the_rest_counted(workspace: Path) -> None:
    """Five of seven events, the newest first, with the time; of the others there is a number."""
    told = of(explain(workspace, "carts.hot", "--key", "c-fay"), "segment.carts.hot")
    tickets = told["conditions"]["conditions"][1]["conditions"][0]

    assert tickets["holds"]
    assert tickets["decides"]
    assert tickets["events"][0]["more"] == 2
    assert [each["time"] for each in tickets["events"][0]["events"]][:2] == [
        "2026-11-20T12:00:00Z",
        "2026-11-20T11:00:00Z",
    ]
    bought = told["conditions"]["conditions"][0]["events"][1]
    assert bought["what"] == "came after it"
    assert [each["kind"] for each in bought["events"]] == ["purchase"]


def test_a_period_decides_as_the_windows_do(workspace: Path) -> None:
    """Who is in since the first day of the segment's period goes at the end of its last."""
    inside = of(explain(workspace, "segment.autumn", "--key", "c-ann"), "segment.autumn")
    after = of(explain(workspace, "autumn", "--key", "c-ann", as_of="2026-11-26T00:00:00Z"), "segment.autumn")

    assert inside["entered"] == {"at": "2026-11-01T00:00:00Z", "why": ["the segment's period begins"]}
    assert inside["leaves"] == {"at": "2026-11-26T00:00:00Z", "why": ["the segment's period is over"]}
    assert (after["in"], after["in_period"], after["reasons"]) == (
        False,
        False,
        ["the segment is outside of its period"],
    )


def test_of_a_segment_that_is_not_published_the_conditions_alone_count(workspace: Path) -> None:
    """Neither consent nor identifiers are looked at where nothing is sent."""
    standing = of(explain(workspace, "helped", "--key", "c-dan"), "segment.helped")

    assert (standing["in"], standing["published"], standing["consent"]) == (True, False, None)
    assert standing["identifiers"] == []
    assert standing["leaves"] is None


def test_in_an_audience_each_list_says_whether_it_brings_in_or_holds_out(workspace: Path, edited: Path) -> None:
    """One who is on an included list is in until that lets her go; one who is on an excluded one as well is out."""
    (ann,) = explain(workspace, "recovery", "--key", "c-ann")["people"]
    settings = edited / "definitions.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("who: { event: purchase, within: 7d }", "who: { event: cart_added, within: 200m }")
    )
    (held,) = explain(edited, "recovery", "--key", "c-ann")["people"]

    assert (ann["in"], ann["held_out"]) == (True, {})
    assert ann["entered"]["at"] == "2026-11-21T15:00:00Z"
    assert ann["leaves"]["at"] == "2026-11-22T15:00:00Z"
    assert (held["in"], held["included"], held["held_out"]) == (False, 2, {"segment.buyers": 2})
    assert held["enters"]["at"] == "2026-11-21T18:20:00Z"


FUNNEL = """\
As of 2026-11-21 18:00:00 UTC, in people.

segment.carts.hot  "Carts (hot)"  definitions.yaml:4:3
  Left something

     alone      left   without  condition
         6         6            everybody
         5         5        +0  all  the latest `cart_added` where `note` is there is less than 4 hours old, and no \
`purchase` came after it  definitions.yaml:10:11
         2         4        +0  none is in segment `helped`  definitions.yaml:16:11
         1                        any  the number of `ticket` events in the last 7 days is at least 2  \
definitions.yaml:22:11
         1                        any  `contact` contains `@`  definitions.yaml:23:11
         1         4        +0  none `staff` is true  definitions.yaml:17:11
                   4            belong by the conditions
                   3            of them are allowed, by consent and period
                   2            identifiers are sent
"""


def test_a_segment_alone_is_told_as_a_funnel(workspace: Path) -> None:
    """How many meet each condition, how many are left, how many more there would be without it."""
    ran = process(
        "explain", "carts.hot", "--as-of", AS_OF, cwd=workspace, env={"PATH": "/bin", "PYTHONPATH": str(ROOT)}
    )

    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout == FUNNEL


def test_without_a_condition_more_or_fewer_belong(edited: Path) -> None:
    """Each of a segment's own conditions is taken out by itself, inside of groups too."""
    definitions = edited / "definitions.yaml"
    text = definitions.read_text(encoding="utf-8")
    definitions.write_text(f"{text.partition('audiences:')[0]}{GROUPED}", encoding="utf-8")
    (told,) = explain(edited, "grouped")["lists"]

    rows = {each["path"].removeprefix("segments.grouped."): each for each in told["conditions"]}
    assert told["belong"] == 3
    assert {path: (each["alone"], each["left"], each["without"]) for path, each in rows.items()} == {
        "who.all[0]": (6, 6, 0),
        "who.any[0]": (1, None, -1),
        "who.any[1]": (2, 3, -2),
        "who.any[1].all[0]": (3, None, 2),
        "who.any[1].all[1]": (4, None, 1),
        "who.none[0]": (0, 3, 0),
    }


GROUPED = """\
  grouped:
    who:
      all: [ { everyone: true } ]
      any:
        - { attribute: tier, is: gold }
        - all:
            - { event: cart_added, within: 170m }
            - { attribute: phone, exists: false }
      none: [ { attribute: tier, is: platinum } ]
"""


def test_an_audience_alone_is_told_in_identifiers(workspace: Path) -> None:
    """What each list brings in and takes away, and what is left."""
    told = explain(workspace, "recovery")

    assert (told["told"], told["included"], told["left"]) == ("audience", 2, 2)
    assert [each["identifiers"] for each in told["include"]] == [2, 0]
    assert told["exclude"] == [{"address": "segment.buyers", "identifiers": 1, "held_out": 0, "by_it_only": 0}]


def test_the_sql_is_that_of_the_compiler(workspace: Path) -> None:
    """What is printed is what was run: it makes people and members, and names nobody."""
    ran = run("-w", workspace, "explain", "carts", "--sql", "--as-of", AS_OF)

    assert ran.code == 0
    assert "CREATE TABLE people AS" in ran.stdout
    assert "CREATE TABLE members AS" in ran.stdout


NOBODY = {
    ("--email", "secret.zoe@example.com"): "No customer holds this identifier.\nLooked at `email`, cleaned.\n",
    ("--email", "secret zoe"): "It is not valid (no at), so that nobody can hold it.",
    ("--phone", "0698765432"): "No customer holds this identifier.\nLooked at `phone`, cleaned.\n",
    ("--key", "secret.zoe"): "No customer has this key.\nLooked at `customer_id` of the customers.\n",
}


@pytest.mark.parametrize("who", NOBODY)
def test_nobody_is_a_clear_message_and_exit_1(workspace: Path, who: tuple[str, str]) -> None:
    """It says where was looked, and does not repeat what was typed."""
    ran = run("-w", workspace, "explain", "carts", *who, "--as-of", AS_OF)

    assert (ran.code, ran.stdout) == (1, "")
    assert NOBODY[who] in ran.stderr
    assert who[1] not in ran.said


WRONG = {
    ("cart",): "There is no segment or audience `cart`. Did you mean `carts`?",
    ("carts.cold",): "There is no segment or audience `carts.cold`. Did you mean `carts.hot`?",
    ("audience.recover",): "Did you mean `audience.recovery`?",
    ("secret.ann@example.com",): "There is no segment or audience `aaaaaa.aaa@aaaaaaa.aaa`.",
    (): "Name one segment or audience",
    ("carts", "secret.ann@example.com"): "Name one segment or audience",
    (
        "carts",
        "--key",
        "c-ann",
        "--email",
        "secret.ann@example.com",
    ): "Say one of --email, --phone, --key and --identifier.",
    ("carts", "--identifier", "secret.ann@example.com"): "--identifier is written TYPE=VALUE",
    ("carts", "--identifier", "madid=secret.ann"): "with the type email or phoneNumber",
    ("carts", "--sql", "--key", "c-ann"): "--sql goes with a segment or an audience alone.",
}


@pytest.mark.parametrize("words", WRONG)
def test_a_command_line_without_sense_is_64(workspace: Path, words: tuple[str, ...]) -> None:
    """It says what to write, with the nearest right name, and repeats no address."""
    ran = run("-w", workspace, "explain", *words, "--as-of", AS_OF)

    assert (ran.code, ran.stdout) == (64, "")
    assert WRONG[words] in ran.stderr
    assert "secret.ann" not in ran.said


def test_a_name_that_is_an_audience_too_says_so(workspace: Path) -> None:
    """The segment is explained, and how to ask for the audience is told on stderr."""
    ran = run("-w", workspace, "explain", "autumn", "--as-of", AS_OF)

    assert ran.code == 0
    assert ran.stdout.splitlines()[2].startswith("segment.autumn")
    assert ran.stderr == "This is the segment; for the audience of that name say audience.autumn.\n"


ODD = """\
version: 1
workspace: odd
advertiser: "42"
source:
  customers: { table: customers.json, key: id, identifiers: { email: mails } }
segments:
  soon: { who: { attribute: until, in_next: 10d } }
  chosen: { who: { any: [ { keys: keys.csv }, { query: chosen.sql }, { sample: { percent: 100, seed: x } } ] } }
"""
ODD_CUSTOMERS = """\
{"id": 1, "mails": ["secret.ann@example.com", "bad", "SECRET.ANN@example.com"], "until": "2026-11-25"}
{"id": 2, "mails": ["secret.ann@example.com", "secret.bob@example.com"], "until": null}
"""


def test_lists_of_addresses_times_to_come_keys_and_queries_are_explained(tmp_path: Path) -> None:
    """Without events; somebody is in by what another holder of an address does; a clock of a query's own is said."""
    (tmp_path / "reconciler.yaml").write_text(ODD, encoding="utf-8")
    (tmp_path / "customers.json").write_text(ODD_CUSTOMERS, encoding="utf-8")
    (tmp_path / "keys.csv").write_text("id\n1\n", encoding="utf-8")
    (tmp_path / "chosen.sql").write_text("select id from customers where :as_of > timestamp '2026-01-01'")

    ann, bob = explain(tmp_path, "soon", "--email", "secret.ann@example.com")["people"]
    chosen = explain(tmp_path, "chosen", "--key", "2")["people"][0]
    said = run("-w", tmp_path, "explain", "chosen", "--key", "2", "--as-of", AS_OF)

    assert ann["lists"][0]["leaves"]["at"] == "2026-11-25T00:00:00.000001Z"
    assert ann["lists"][0]["identifiers"] == [
        {"type": "email", "number": 1, "sent": 1, "kept_back": {}, "invalid": {"no_at": 1}}
    ]
    assert bob["lists"][0]["in"] is True
    assert bob["lists"][0]["reasons"] == [
        "does not meet the conditions, but somebody does who holds the same identifier"
    ]
    assert bob["lists"][0]["leaves"]["why"] == ["what changes is another holder of the same identifier"]
    assert [each["holds"] for each in chosen["lists"][0]["conditions"]["conditions"]] == [False, True, True]
    assert (chosen["predictable"], chosen["lists"][0]["entered"]) == (False, None)
    assert "since when and until when is not known" in said.stdout
    assert "since ever" not in said.stdout


def test_data_that_do_not_fit_are_78(edited: Path) -> None:
    """As in a plan: the column, with the place that names it."""
    customers = edited / "customers.csv"
    customers.write_text(customers.read_text(encoding="utf-8").replace("staff", "stuff"), encoding="utf-8")
    ran = run("-w", edited, "explain", "carts", "--key", "c-ann", "--as-of", AS_OF)

    assert (ran.code, ran.stdout) == (78, "")
    assert "customers has no column `staff`" in ran.stderr
