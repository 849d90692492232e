"""Who is in several lists or audiences at once, asked through the command line and checked by plain loops."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.commandline import AS_OF, ROOT, process, run
from tests.overlap.shop import DEFINITIONS, Person, draw, pairs, reached, write

Document = dict[str, Any]


def overlap(root: Path, *arguments: str) -> Document:
    """What is printed as JSON, after a look at its schema."""
    done = run("overlap", "--format", "json", "--as-of", AS_OF, *arguments, "-w", root)
    assert (done.code, done.stderr) == (0, "")
    document: Document = json.loads(done.stdout)
    schema = json.loads((ROOT / "schemas" / "overlap.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    return document


def told(part: Document, what: str) -> dict[str, Any]:
    """One figure of every entry, by the key."""
    return {each["address"].partition(".")[2]: each[what] for each in part["entries"]}


def shared(part: Document) -> dict[frozenset[str], int]:
    return {frozenset(each[at].partition(".")[2] for at in ("first", "second")): each["both"] for each in part["pairs"]}


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_those_of_plain_loops(tmp_path: Path, seed: int) -> None:
    """People of every list and audience, of every two of them, those who bought since, and how many are in how many."""
    people = draw(seed)
    by_list, by_audience, bought = reached(people)
    found = overlap(write(tmp_path, people))
    segments, audiences = found["segments"], found["audiences"]
    assert told(segments, "people") == {name: len(keys) for name, keys in by_list.items()}
    assert told(audiences, "people") == {name: len(keys) for name, keys in by_audience.items()}
    assert (shared(segments), shared(audiences)) == (pairs(by_list), pairs(by_audience))
    since = told(segments, "bought_since") | told(audiences, "bought_since")
    assert since == {name: None if name in {"vips", "stop"} else len(keys) for name, keys in bought.items()}
    numbers = [sum(key in keys for keys in by_audience.values()) for key in (each.key for each in people)]
    by_number = [{"audiences": n, "people": numbers.count(n)} for n in (1, 2, 3) if n in numbers]
    assert audiences["by_number"] == by_number
    assert audiences["more_than"]["people"] == sum(n > 1 for n in numbers)
    assert segments["people"] == len(set().union(*by_list.values()))


def person(key: str, *did: tuple[str, float], tier: str = "") -> Person:
    return Person(key=key, addresses=(f"{key}@example.com",), tier=tier, did=list(did))


PEOPLE = (
    person("ann", ("cart_added", 1), ("viewed", 2), ("viewed", 3)),
    person("bob", ("cart_added", 1), ("purchase", 0.5)),
    person("cat", ("cart_added", 5), ("viewed", 2), ("viewed", 3)),
    person("dan", ("cart_added", 5), tier="vip"),
)
TEXT = """\
corner-shop as of 2026-11-21T18:00:00Z

Segments: 4 people in 5 lists

  The largest overlaps         both  of first  of second
  carts.warm and vips             1     50.0%     100.0%
  carts.hot  and lookers          1     50.0%      50.0%
  carts.warm and lookers          1     50.0%      50.0%

  Of a row, how many are in a column too
                   people  bought since    1    2    3    4    5
  1 carts.hot           2       1 (50%)    -    .  50%    .    .
  2 carts.warm          2             0    .    -  50%    .  50%
  3 lookers             2             0  50%  50%    -    .    .
  4 stop                0                  .    .    .    -    .
  5 vips                1                  . 100%    .    .    -

Audiences: 4 people in 3 audiences

  The largest overlaps       both  of first  of second
  all-carts and hot           2     66.7%     100.0%
  all-carts and keen          2     66.7%      66.7%
  hot       and keen          1     50.0%      33.3%

  Of a row, how many are in a column too
                  people  bought since    1    2    3
  1 all-carts          3       1 (33%)    -  66%  66%
  2 hot                2       1 (50%) 100%    -  50%
  3 keen               3             0  66%  33%    -

In more than 1 audience: 3 people (75.0%)
  in 1: 1
  in 2: 2
  in 3: 1
  most often together:
          1  all-carts, hot
          1  all-carts, keen
          1  all-carts, hot, keen
"""


def test_text_shows_the_largest_overlaps_and_the_matrix(tmp_path: Path) -> None:
    """As a process with nothing in its environment it prints its counts, and leaves nothing behind."""
    write(tmp_path, PEOPLE)
    before = sorted(tmp_path.rglob("*"))
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = process("overlap", "--as-of", AS_OF, "-w", tmp_path, env=env)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == TEXT
    assert sorted(tmp_path.rglob("*")) == before


def test_a_matrix_that_does_not_fit_shows_the_largest_overlaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A narrow terminal gets fewer columns, no longer lines, and hears where the rest is; JSON has all pairs."""
    monkeypatch.setenv("COLUMNS", "56")
    done = run("overlap", "--segments", "--as-of", AS_OF, "-w", write(tmp_path, PEOPLE))
    assert max(map(len, done.stdout.splitlines())) <= 80
    header = next(line for line in done.stdout.splitlines() if "people" in line and "bought" in line)
    assert header.split()[3:] == ["1", "2", "5"]
    assert "2 columns more do not fit: choose with --select, or take --format json" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [((), {"segments", "audiences"}), (("--segments",), {"segments"}), (("--audiences",), {"audiences"})],
)
def test_one_kind_can_be_asked_for(tmp_path: Path, arguments: tuple[str, ...], parts: set[str]) -> None:
    """Segments, audiences, or both where nothing is said."""
    assert overlap(write(tmp_path, PEOPLE), *arguments).keys() & {"segments", "audiences"} == parts


@pytest.mark.parametrize(
    ("arguments", "lists", "audiences"),
    [
        (("--select", "carts*"), ["carts.hot", "carts.warm"], []),
        (("--select", "carts"), ["carts.hot", "carts.warm"], []),
        (("--select", "audience.*", "--exclude", "hot"), [], ["all-carts", "keen"]),
        (("--select", "*hot", "--select", "vips"), ["carts.hot", "vips"], ["hot"]),
        (("--exclude", "segment.*", "--exclude", "*-carts"), [], ["hot", "keen"]),
    ],
)
def test_globs_choose(tmp_path: Path, arguments: tuple[str, ...], lists: list[str], audiences: list[str]) -> None:
    """By key, by key and slice, or by address; what is not chosen still counts as an exclusion."""
    found = overlap(write(tmp_path, PEOPLE), *arguments)
    assert list(told(found["segments"], "people")) == lists
    assert list(told(found["audiences"], "people")) == audiences
    everything = overlap(tmp_path)
    for part in ("segments", "audiences"):
        assert told(found[part], "people").items() <= told(everything[part], "people").items()


def test_a_glob_that_matches_nothing_is_bad_usage(tmp_path: Path) -> None:
    """Exit 64, with the glob."""
    done = run("overlap", "--select", "card*", "-w", write(tmp_path, PEOPLE))
    assert (done.code, done.stdout) == (64, "")
    assert "`card*` matches none of the 8 of this workspace." in done.stderr


@pytest.mark.parametrize(("limit", "people"), [(0, 4), (1, 3), (2, 1), (3, 0)])
def test_more_than_so_many_audiences(tmp_path: Path, limit: int, people: int) -> None:
    """The number itself is not more than itself."""
    found = overlap(write(tmp_path, PEOPLE), "--more-than", str(limit))["audiences"]["more_than"]
    assert (found["audiences"], found["people"]) == (limit, people)
    assert sum(each["people"] for each in found["together"]) == people


def test_an_audience_outside_its_period_reaches_nobody(tmp_path: Path) -> None:
    """It is named apart, and counts again when its day comes."""
    definitions = DEFINITIONS.replace(
        "hot: { include: [carts.hot] }", "hot: { include: [carts.hot], active: { from: 2026-11-22 } }"
    )
    found = overlap(write(tmp_path, PEOPLE, definitions))["audiences"]
    assert (found["idle"], list(told(found, "people"))) == (["audience.hot"], ["all-carts", "keen"])
    assert overlap(tmp_path, "--as-of", "2026-11-22T18:00:00Z")["audiences"]["idle"] == []


def test_what_counts_as_buying_can_be_said(tmp_path: Path) -> None:
    """Another kind is another question, and one that never occurs is told."""
    found = overlap(write(tmp_path, PEOPLE), "--purchase", "viewed", "--purchase", "purchase")
    assert told(found["audiences"], "bought_since") == {"all-carts": 2, "hot": 1, "keen": 0}
    unknown = overlap(tmp_path, "--purchase", "purchase", "--purchase", "order")
    assert (unknown["purchases"], unknown["unknown_purchases"]) == (["purchase", "order"], ["order"])
    assert told(unknown["segments"], "bought_since")["carts.hot"] == 1
    done = run("overlap", "--purchase", "order", "--as-of", AS_OF, "-w", tmp_path)
    assert "No event is called `order`" in done.stdout


@pytest.mark.parametrize(
    ("settings", "definitions", "purchases"),
    [
        ("", "", ["purchase"]),
        ("lint: { purchase: [viewed] }\n", "", ["viewed"]),
        ("", "  orders: { who: { event: [OrderPlaced, viewed] } }\n", ["OrderPlaced"]),
    ],
)
def test_what_counts_as_buying_is_what_lint_goes_by(
    tmp_path: Path, settings: str, definitions: str, purchases: list[str]
) -> None:
    """As the workspace says, else by usual names of what definitions read."""
    write(tmp_path, PEOPLE, DEFINITIONS.replace("audiences:\n", f"{definitions}audiences:\n"))
    with (tmp_path / "reconciler.yaml").open("a", encoding="utf-8") as file:
        file.write(settings)
    assert overlap(tmp_path)["purchases"] == purchases


SINCE = """\
version: 1
segments:
  picked: { who: { event: a, first: true, within: 0d.. } }
  both: { who: { all: [ { event: a, within: 9d }, { event: b, within: 9d } ] } }
  one: { who: { any: [ { event: a, within: 9d }, { event: b, within: 9d }, { attribute: tier, is: vip } ] } }
  few: { who: { all: [ { everyone: true }, { event: a, times: { at_most: 3 } } ] } }
  inner: { publish: false, slices: [young], who: { event: a, latest: true, within: slice } }
  outer: { who: { all: [ { segment: inner.young } ] } }
  buyers: { who: { event: purchase, within: 9d } }
windows: { young: 0d..9d }
"""


@pytest.mark.parametrize(
    ("did", "since"),
    [
        ([("a", 9), ("purchase", 8), ("a", 7)], {"picked": 1, "one": 0, "outer": 0, "buyers": 0}),
        ([("a", 9), ("purchase", 8)], {"picked": 1, "one": 1, "outer": 1}),
        ([("a", 9), ("purchase", 8), ("b", 7)], {"picked": 1, "both": 0, "one": 1, "outer": 1}),
        ([("a", 9), ("b", 7), ("purchase", 7)], {"picked": 1, "both": 1, "one": 1, "outer": 1}),
        ([("purchase", 9), ("a", 8), ("b", 7)], {"picked": 0, "both": 0, "one": 0, "outer": 0}),
        ([("purchase", 9), ("purchase", 8)], {"buyers": 0}),
    ],
)
def test_what_bought_since_means(tmp_path: Path, did: list[tuple[str, float]], since: dict[str, int]) -> None:
    """After the picked event; after each of `all`, after one of `any`; through segments; never what no event dates."""
    found = overlap(write(tmp_path, [person("ann", *did)], SINCE), "--segments")["segments"]
    assert {name: told(found, "bought_since")[name] for name in since} == since
    assert told(found, "bought_since")["few"] is None


def test_a_workspace_without_lists_has_no_overlap(tmp_path: Path) -> None:
    """Nothing to compare is said, and is no error."""
    write(tmp_path, PEOPLE, "version: 1\nsegments: { helper: { publish: false, who: { everyone: true } } }\n")
    done = run("overlap", "--as-of", AS_OF, "-w", tmp_path)
    assert (done.code, done.stderr) == (0, "")
    assert "Segments: 0 people in 0 lists" in done.stdout


CRITEOS = """version: 1
segments:
  carts: { who: { event: cart_added } }
  visitors: { criteo: { retargeting: { visitorsType: All, daysSinceLastVisitMin: 0, daysSinceLastVisitMax: 9 } } }
  sport: { criteo_id: "8812" }
audiences:
  known: { include: [carts] }
  alone: { include: [visitors, sport] }
  partly: { include: [carts], exclude: [visitors, sport] }
"""


def test_what_criteo_alone_knows_is_named(tmp_path: Path) -> None:
    """Its own segments and the audiences that they decide are not looked at; what is looked at without them says so."""
    write(tmp_path, PEOPLE, CRITEOS)
    found = overlap(tmp_path)
    assert found["segments"]["beyond"] == ["segment.visitors"]
    assert found["audiences"]["beyond"] == ["audience.alone"]
    others = ['criteo_segment["8812"]', "segment.visitors"]
    assert found["audiences"]["partly"] == [{"address": "audience.partly", "without": others}]
    text = run("overlap", "--as-of", AS_OF, "-w", tmp_path).stdout
    assert "Criteo's own, so not looked at: nobody else knows who is in visitors\n" in text
    assert "Decided by Criteo's own segments alone, so not looked at: alone\n" in text
    assert f"  partly, without {', '.join(others)}\n" in text
    assert overlap(tmp_path, "--select", "visitors")["segments"]["beyond"] == ["segment.visitors"]


def test_no_address_is_shown(tmp_path: Path) -> None:
    """Only counts and words of the workspace."""
    write(tmp_path, PEOPLE)
    said = [run("overlap", "--format", style, "--as-of", AS_OF, "-w", tmp_path).said for style in ("text", "json")]
    assert [text for text in said if "@" in text or "ann" in text] == []
